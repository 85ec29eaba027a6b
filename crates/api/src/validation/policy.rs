//! NetworkPolicies, PodDisruptionBudgets, ResourceQuotas and LimitRanges.

use super::codes;
use super::errors::Errors;
use super::field::{Field, quote};
use super::go_json;
use super::ip;
use super::meta;
use super::ports;
use super::resources;
use super::workloads;
use manifest::sorted::SortedSet;

/// `spec` of a NetworkPolicy.
pub(crate) fn network_policy(errors: &mut Errors, spec: &Field<'_>) {
    meta::label_selector(errors, &spec.child("podSelector"));
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.child(direction).items() {
            for port in rule.child("ports").items() {
                policy_port(errors, &port);
            }
            for peer in rule.child(peers).items() {
                policy_peer(errors, &peer);
            }
        }
    }
    let types = spec.child("policyTypes");
    if types.len() > 2 {
        errors.invalid(&types, codes::TOO_MANY, &types.json(), "may not specify more than two policyTypes");
        return;
    }
    for kind in types.items() {
        errors.one_of(&kind, &["Ingress", "Egress"]);
    }
}

fn policy_port(errors: &mut Errors, item: &Field<'_>) {
    let [protocol, port, end] = ["protocol", "port", "endPort"].map(|name| item.child(name));
    errors.one_of_if_set(&protocol, &["TCP", "UDP", "SCTP"]);
    let end_is = |errors: &mut Errors, detail: &str| {
        if let Some(value) = end.int() {
            errors.invalid(&end, codes::CONFLICT, &value.to_string(), detail);
        }
    };
    if !port.exists() {
        end_is(errors, "may not be specified when `port` is not specified");
    } else if port.int().is_none() {
        end_is(errors, "may not be specified when `port` is non-numeric");
        errors.invalid_text(&port, codes::PORT_NAME, ports::port_name(port.str()));
    } else {
        ports::port_number(errors, &port);
        if end.exists() {
            // Kubernetes shows the port here.
            if end.number() < port.number() {
                let detail = "must be greater than or equal to `port`";
                errors.invalid(&end, codes::CONFLICT, &port.number().to_string(), detail);
            }
            ports::port_number(errors, &end);
        }
    }
}

fn policy_peer(errors: &mut Errors, peer: &Field<'_>) {
    let [pods, namespaces, block] =
        ["podSelector", "namespaceSelector", "ipBlock"].map(|name| peer.child(name));
    meta::label_selector(errors, &pods);
    meta::label_selector(errors, &namespaces);
    if block.exists() {
        ip_block(errors, &block);
    }
    let selectors = pods.exists() || namespaces.exists();
    if !selectors && !block.exists() {
        errors.required(peer, "must specify a peer");
    } else if selectors && block.exists() {
        errors.forbidden(peer, "may not specify both ipBlock and another peer");
    }
}

fn ip_block(errors: &mut Errors, block: &Field<'_>) {
    let cidr = block.child("cidr");
    if errors.require(&cidr) {
        return;
    }
    ip::strict_cidr(errors, &cidr, cidr.str());
    let Some(network) = ip::parse_cidr(cidr.str()) else { return };
    for except in block.child("except").items() {
        ip::strict_cidr(errors, &except, except.str());
        if ip::parse_cidr(except.str()).is_some_and(|inner| !network.strictly_contains(inner)) {
            let detail = "must be a strict subset of `cidr`";
            errors.invalid(&except, codes::IP_FORMAT, &except.quoted(), detail);
        }
    }
}

/// `spec` of a PodDisruptionBudget.
pub(crate) fn disruption_budget(errors: &mut Errors, spec: &Field<'_>) {
    let fields = [spec.child("minAvailable"), spec.child("maxUnavailable")];
    if fields.iter().all(Field::exists) {
        let value = go_json::render(spec, go_json::DISRUPTION_BUDGET);
        errors.invalid(spec, codes::CONFLICT, &value, "minAvailable and maxUnavailable cannot be both set");
    }
    for field in fields.iter().filter(|field| field.exists()) {
        workloads::count_or_percent(errors, field);
        workloads::at_most_all(errors, field);
    }
    meta::label_selector(errors, &spec.child("selector"));
    errors.one_of_if_set(&spec.child("unhealthyPodEvictionPolicy"), &["AlwaysAllow", "IfHealthyBudget"]);
}

const POD_COMPUTE: &[&str] =
    &["pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];

/// Whether quota of a resource can be limited to a scope.
fn scope_fits(scope: &str, resource: &str) -> bool {
    match scope {
        "Terminating"
        | "NotTerminating"
        | "NotBestEffort"
        | "PriorityClass"
        | "CrossNamespacePodAffinity" => {
            POD_COMPUTE.contains(&resource) || resource.ends_with("ephemeral-storage")
        }
        "BestEffort" => resource == "pods",
        "VolumeAttributesClass" => matches!(resource, "persistentvolumeclaims" | "requests.storage"),
        _ => true,
    }
}

const SCOPES: &[&str] = &[
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];

const OPPOSITES: &[[&str; 2]] = &[["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]];

/// `spec` of a ResourceQuota.
pub(crate) fn resource_quota(errors: &mut Errors, spec: &Field<'_>) {
    let hard = spec.child("hard").entries();
    for (name, amount) in &hard {
        resources::resource_name(errors, amount, name);
        if !name.contains('/') && !resources::is_standard_quota(name) {
            let detail = "must be a standard resource for quota";
            errors.invalid(amount, codes::RESOURCE_NAME, &quote(name), detail);
        }
        resources::resource_amount(errors, amount, name);
    }
    let unfit = |scope: &str| {
        hard.iter().filter(|(name, _)| resources::is_standard_quota(name) && !scope_fits(scope, name)).count()
    };
    let scopes = spec.child("scopes");
    let conflict = |errors: &mut Errors, used: &[&str], shown: &Field<'_>| {
        for pair in OPPOSITES.iter().filter(|pair| pair.iter().all(|scope| used.contains(scope))) {
            debug_assert_eq!(pair.len(), 2);
            errors.invalid(shown, codes::CONFLICT, &scopes.json(), "conflicting scopes");
        }
    };
    let used = scopes.strings();
    for scope in &used {
        if !SCOPES.contains(scope) {
            errors.invalid(&scopes, codes::UNSUPPORTED, &scopes.json(), "unsupported scope");
        }
        for _ in 0..unfit(scope) {
            errors.invalid(&scopes, codes::CONFLICT, &scopes.json(), "unsupported scope applied to resource");
        }
    }
    conflict(errors, &used, &scopes);
    let selector = spec.child("scopeSelector");
    let expressions = selector.child("matchExpressions");
    let mut used = Vec::new();
    for requirement in expressions.items() {
        let [scope, operator, values] = ["scopeName", "operator", "values"]
            .map(|name| requirement.child(name).shown_as(&expressions, name));
        if !SCOPES.contains(&scope.str()) {
            errors.invalid(&scope, codes::UNSUPPORTED, &scope.quoted(), "unsupported scope");
        }
        for _ in 0..unfit(scope.str()) {
            let value = go_json::render(&selector, go_json::SCOPE_SELECTOR);
            errors.invalid(&expressions, codes::CONFLICT, &value, "unsupported scope applied to resource");
        }
        scope_operator(errors, scope.str(), &operator, &values);
        used.push(scope.str());
    }
    conflict(errors, &used, &expressions);
}

fn scope_operator(errors: &mut Errors, scope: &str, operator: &Field<'_>, values: &Field<'_>) {
    let takes_values = matches!(scope, "PriorityClass" | "VolumeAttributesClass");
    if SCOPES.contains(&scope) && !takes_values && operator.str() != "Exists" {
        let detail = "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
        errors.invalid(operator, codes::SELECTOR_OPERATOR, &operator.enumerated(), detail);
    }
    match operator.str() {
        "In" | "NotIn" if values.is_empty() => {
            errors.required(
                values,
                "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
            );
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
            errors.invalid(values, codes::SELECTOR_OPERATOR, &values.json(), detail);
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
        _ => errors.unknown_operator(operator),
    }
}

/// `spec` of a LimitRange.
pub(crate) fn limit_range(errors: &mut Errors, spec: &Field<'_>) {
    let mut types = SortedSet::new();
    for limit in spec.child("limits").items() {
        let kind = limit.child("type");
        let messages = super::names::qualified_name(kind.str());
        let plain = messages.is_empty() && !kind.str().contains('/');
        errors.invalid_text(&kind, codes::RESOURCE_NAME, messages);
        if plain && !["Pod", "Container", "PersistentVolumeClaim"].contains(&kind.str()) {
            let detail = "must be a standard limit type or fully qualified";
            errors.invalid(&kind, codes::RESOURCE_NAME, &kind.quoted(), detail);
        }
        if !types.insert(kind.str()) {
            errors.duplicate(&kind, &kind.quoted(), "");
        }
        limit_names(errors, &limit, kind.str());
        limit_amounts(errors, &limit, kind.str());
    }
}

fn limit_names(errors: &mut Errors, limit: &Field<'_>, kind: &str) {
    let check = |errors: &mut Errors, list: &str| {
        for (name, amount) in limit.child(list).entries() {
            if matches!(kind, "Pod" | "Container") {
                resources::container_resource_name(errors, &amount, name);
            } else {
                resources::resource_name(errors, &amount, name);
            }
        }
    };
    check(errors, "max");
    check(errors, "min");
    for list in ["default", "defaultRequest"] {
        let field = limit.child(list);
        if kind != "Pod" {
            check(errors, list);
        } else if !field.is_empty() {
            errors.forbidden(&field, "may not be specified when `type` is 'Pod'");
        }
    }
    let storage = ["min", "max"].iter().any(|list| limit.child(list).key("storage").exists());
    if kind == "PersistentVolumeClaim" && !storage {
        let detail = "either minimum or maximum storage value is required, but neither was provided";
        errors.required(&limit.child("limits"), detail);
    }
    check(errors, "maxLimitRequestRatio");
}

/// The bounds of one resource against one another.
fn limit_amounts(errors: &mut Errors, limit: &Field<'_>, kind: &str) {
    let lists =
        ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"].map(|name| limit.child(name));
    let names: SortedSet<&str> = lists.iter().flat_map(Field::entries).map(|(name, _)| name).collect();
    for name in names {
        let fields = lists.clone().map(|list| list.key(name));
        let [max, min, default, request, ratio] = fields.each_ref().map(resources::amount);
        let (default, request) = if kind == "Pod" { (None, None) } else { (default, request) };
        let [_, min_at, default_at, request_at, ratio_at] = &fields;
        let texts = [
            ("min value", min),
            ("max value", max),
            ("default value", default),
            ("default request value", request),
        ];
        let mut greater = |at: &Field<'_>, shown: usize, low: usize, high: usize, high_name: &str| {
            let ((low_name, Some(low)), (_, Some(high))) = (texts[low], texts[high]) else { return };
            if low > high {
                let value = texts[shown].1.map_or_else(String::new, |amount| amount.to_string());
                let detail = format!("{low_name} {low} is greater than {high_name} {high}");
                errors.invalid(at, codes::QUANTITY, &quote(&value), &detail);
            }
        };
        greater(min_at, 0, 0, 1, "max value");
        greater(request_at, 3, 0, 3, "default request value");
        greater(request_at, 3, 3, 1, "max value");
        greater(request_at, 3, 3, 2, "default limit value");
        greater(default_at, 0, 0, 2, "default value");
        greater(default_at, 1, 2, 1, "max value");
        if let Some(ratio) = ratio {
            ratio_bounds(errors, ratio_at, ratio, min, max);
        }
        if let (Some(default), Some(request)) = (default, request)
            && !resources::may_overcommit(name)
            && default != request
        {
            let detail =
                format!("default value {default} must equal to defaultRequest value {request} in {name}");
            errors.invalid(request_at, codes::QUANTITY, &quote(&request.to_string()), &detail);
        }
    }
}

use crate::quantity::Quantity;

fn ratio_bounds(
    errors: &mut Errors,
    at: &Field<'_>,
    ratio: Quantity,
    min: Option<Quantity>,
    max: Option<Quantity>,
) {
    let value = quote(&ratio.to_string());
    if ratio < Quantity::whole(1) {
        errors.invalid(at, codes::QUANTITY, &value, &format!("ratio {ratio} is less than 1"));
    }
    let (Some(min), Some(max)) = (min, max) else { return };
    // max/min printed with six decimals, in integers: both are thousandths, so the quotient is exact enough.
    let (low, high) = (i128::from(min.milli_value()), i128::from(max.milli_value()));
    if low > 0 && i128::from(ratio.milli_value()) * low > high * 1000 {
        let millionths = (high * 1_000_000 * 2 + low) / (low * 2);
        let shown = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
        errors.invalid(
            at,
            codes::QUANTITY,
            &value,
            &format!("ratio {ratio} is greater than max/min = {shown}"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn ranges_of_ports() {
        let table = [
            ("port: 80, endPort: 90", vec![]),
            ("port: 80, endPort: 70", vec!["Invalid value: 80: must be greater than or equal to `port`"]),
            (
                "port: web, endPort: 70",
                vec!["Invalid value: 70: may not be specified when `port` is non-numeric"],
            ),
            ("endPort: 70", vec!["Invalid value: 70: may not be specified when `port` is not specified"]),
        ];
        for (port, expected) in table {
            let yaml = format!(
                "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: p}}, spec: {{podSelector: {{}}, ingress: \
                 [{{ports: [{{{port}}}]}}]}}}}"
            );
            let expected: Vec<String> =
                expected.iter().map(|text| format!("spec.ingress[0].ports[0].endPort: {text}")).collect();
            check(&yaml, &expected.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}
