//! Resource names, amounts, requests and limits (VAL-RES).

use crate::quantity::Quantity;
use manifest::sorted::SortedMap;

use super::codes;
use super::errors::{Errors, NONNEGATIVE};
use super::field::{Field, quote};
use super::names;

/// The amount in a field, if it can be read; decoding has refused the others.
pub(crate) fn amount(field: &Field<'_>) -> Option<Quantity> {
    let tree = field.tree()?;
    match &tree.value {
        manifest::Value::String(text) => Quantity::parse(text).ok(),
        manifest::Value::Number(number) => Quantity::parse(&number.to_string()).ok(),
        _ => None,
    }
}

/// Nothing of anything.
pub(crate) const ZERO: Quantity = Quantity::ZERO;

const STANDARD: &[&str] = &[
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "storage",
    "requests.storage",
    "services.nodeports",
    "services.loadbalancers",
];

const COUNTED: &[&str] = &[
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
];

/// Whether a name is one of huge pages.
pub(crate) fn is_huge_pages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

fn is_standard(name: &str) -> bool {
    STANDARD.contains(&name) || is_huge_pages(name) || name.starts_with("requests.hugepages-")
}

/// Whether quota knows the unprefixed name.
pub(crate) fn is_standard_quota(name: &str) -> bool {
    is_standard(name) && name != "storage"
}

fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

fn is_extended(name: &str) -> bool {
    !is_native(name)
        && !name.starts_with("requests.")
        && names::qualified_name(&format!("requests.{name}")).is_empty()
}

/// Whether limits may exceed requests.
pub(crate) fn may_overcommit(name: &str) -> bool {
    is_native(name) && !is_huge_pages(name)
}

/// A resource name in general; whether it is well-formed.
pub(crate) fn resource_name(errors: &mut Errors, field: &Field<'_>, name: &str) -> bool {
    let messages = names::qualified_name(name);
    if !messages.is_empty() {
        errors.invalid_each(field, codes::RESOURCE_NAME, name, messages);
        return false;
    }
    if !name.contains('/') && !is_standard(name) {
        let detail = "must be a standard resource type or fully qualified";
        errors.invalid(field, codes::RESOURCE_NAME, &quote(name), detail);
        return false;
    }
    true
}

/// A resource that a container can ask for (VAL-RES-3, VAL-RES-6).
pub(crate) fn container_resource_name(errors: &mut Errors, field: &Field<'_>, name: &str) {
    resource_name(errors, field, name);
    let slashes = name.matches('/').count();
    let standard = ["cpu", "memory", "ephemeral-storage"].contains(&name) || is_huge_pages(name);
    let detail = if slashes == 0 && !standard {
        "must be a standard resource for containers"
    } else if slashes > 0 && !is_native(name) && !is_extended(name) {
        "doesn't follow extended resource name standard"
    } else {
        return;
    };
    errors.invalid(field, codes::RESOURCE_NAME, &quote(name), detail);
}

fn pod_resource_name(errors: &mut Errors, field: &Field<'_>, name: &str) {
    if resource_name(errors, field, name) && !is_pod_level(name) {
        errors.unsupported(field, &quote(name), &["cpu", "hugepages-", "memory"]);
        errors.coded(codes::RESOURCE_NAME);
    }
}

fn is_pod_level(name: &str) -> bool {
    name == "cpu" || name == "memory" || is_huge_pages(name)
}

/// An amount of a resource (VAL-RES-4).
pub(crate) fn resource_amount(errors: &mut Errors, field: &Field<'_>, name: &str) {
    let Some(amount) = amount(field) else { return };
    if amount < ZERO {
        errors.invalid(field, codes::QUANTITY, &quote(&amount.to_string()), NONNEGATIVE);
    }
    if (COUNTED.contains(&name) || is_extended(name)) && amount.milli_value() % 1000 != 0 {
        errors.invalid(field, codes::QUANTITY, &quote(&amount.to_string()), "must be an integer");
    }
}

fn huge_page_amount(errors: &mut Errors, field: &Field<'_>, name: &str) {
    let (Some(amount), Some(size)) = (amount(field), name.strip_prefix("hugepages-")) else { return };
    let size = Quantity::parse(size).map_or(0, Quantity::value);
    if size <= 0 || amount.value() % size != 0 {
        let detail = format!("{amount} is not positive integer multiple of {name}");
        errors.invalid(field, codes::QUANTITY, &quote(&amount.to_string()), &detail);
    }
}

/// Whose requests and limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// A container's.
    Container,
    /// The pod's own.
    Pod,
}

/// Requests and limits (VAL-RES-1 to VAL-RES-6).
pub(crate) fn requirements(errors: &mut Errors, resources: &Field<'_>, level: Level, claims: &[&str]) {
    let (limits, requests) = (resources.child("limits"), resources.child("requests"));
    let name_check = |errors: &mut Errors, field: &Field<'_>, name: &str| match level {
        Level::Container => container_resource_name(errors, field, name),
        Level::Pod => pod_resource_name(errors, field, name),
    };
    let (mut compute, mut huge) = (false, false);
    for (name, limit) in limits.entries() {
        name_check(errors, &limit, name);
        resource_amount(errors, &limit, name);
        huge_page_amount(errors, &limit, name);
        huge |= is_huge_pages(name);
        compute |= name == "cpu" || name == "memory";
    }
    for (name, request) in requests.entries() {
        name_check(errors, &request, name);
        resource_amount(errors, &request, name);
        let limit = limits.key(name);
        if let (Some(wanted), Some(most)) = (amount(&request), amount(&limit)) {
            let relation = if wanted != most && !may_overcommit(name) {
                "equal to"
            } else if wanted > most {
                "less than or equal to"
            } else {
                ""
            };
            if !relation.is_empty() {
                let detail = format!("must be {relation} {name} limit of {most}");
                let shown = request.with_path(requests.path());
                errors.invalid(&shown, codes::REQUEST_OVER_LIMIT, &quote(&wanted.to_string()), &detail);
            }
        } else if !limit.exists() && !may_overcommit(name) {
            errors.required(
                &request.with_path(limits.path()),
                "Limit must be set for non overcommitable resources",
            );
        }
        huge_page_amount(errors, &request, name);
        huge |= is_huge_pages(name);
        compute |= name == "cpu" || name == "memory";
    }
    if huge && !compute {
        errors.forbidden(resources, "HugePages require cpu or memory");
    }
    claim_names(errors, &resources.child("claims"), claims);
}

/// The claims of a container are among those of the pod.
fn claim_names(errors: &mut Errors, list: &Field<'_>, pod_claims: &[&str]) {
    let mut seen: Vec<String> = Vec::new();
    for claim in list.items() {
        let (name, request) = (claim.child("name").str(), claim.child("request"));
        if name.is_empty() {
            errors.required(&claim, "");
            continue;
        }
        if seen.iter().any(|key| key == name) {
            errors.duplicate(&claim, &quote(name), "");
        } else {
            let mut key = name.to_owned();
            if !request.str().is_empty() {
                errors.invalid_text(&request, codes::NAME_FORMAT, names::dns_label(request.str()));
                key = format!("{name}/{}", request.str());
            }
            let overlap =
                request.str().is_empty() && seen.iter().any(|key| key.split('/').next() == Some(name));
            if overlap || seen.contains(&key) {
                errors.duplicate(&claim, &quote(&key), "");
            }
            seen.push(key);
        }
        if !pod_claims.contains(&name) {
            let mut names = pod_claims.to_vec();
            names.sort_unstable();
            let known = if names.is_empty() {
                " which is empty".to_owned()
            } else {
                format!(": {}", names.join(", "))
            };
            let detail = format!("must be one of the names in pod.spec.resourceClaims{known}");
            errors.not_found(&claim, codes::CONFLICT, &quote(name), &detail);
        }
    }
}

/// Pod-level resources against those of the containers (VAL-RES-5).
pub(crate) fn pod_resources(errors: &mut Errors, spec: &Field<'_>, claims: &[&str]) {
    let resources = spec.child("resources");
    if !resources.exists() {
        return;
    }
    if spec.at("os.name").str() == "windows" {
        errors.forbidden(&resources, "may not be set for a windows pod");
        return;
    }
    errors.forbid(&resources.child("claims"), "claims may not be set for Resources at pod-level");
    requirements(errors, &resources, Level::Pod, claims);
    let any: fn(&str) -> bool = |_| true;
    for (list, counts) in [("requests", any), ("limits", is_huge_pages)] {
        for (name, sum) in aggregate(spec, list).into_iter().filter(|(name, _)| counts(name)) {
            let field = resources.child(list).key(name);
            if let Some(own) = amount(&field).filter(|own| sum > *own) {
                let detail = format!("must be greater than or equal to aggregate container {list} of {sum}");
                errors.invalid(&field, codes::REQUEST_OVER_LIMIT, &quote(&own.to_string()), &detail);
            }
        }
    }
    for (index, container) in spec.child("containers").items().iter().enumerate() {
        for (name, limit) in container.at("resources.limits").entries() {
            let most = resources.child("limits").key(name);
            if let (Some(value), Some(most)) = (amount(&limit), amount(&most))
                && value > most
            {
                let shown =
                    limit.with_path(format!("{}.containers[{index}][{name}].limits", resources.path()));
                let detail = format!("must be less than or equal to pod limits of {most}");
                errors.invalid(&shown, codes::REQUEST_OVER_LIMIT, &quote(&value.to_string()), &detail);
            }
        }
    }
}

/// The requests or limits of all containers together: the sum of the containers and sidecars, or what an init container needs
/// on top of the sidecars before it, if that is more.
fn aggregate<'a>(spec: &Field<'a>, list: &str) -> SortedMap<&'a str, Quantity> {
    let mut total: SortedMap<&str, Quantity> = SortedMap::new();
    for container in spec.child("containers").items() {
        for (name, value) in container.child("resources").child(list).entries() {
            let sum = total.entry(name).or_insert(ZERO);
            *sum += amount(&value).unwrap_or(ZERO);
        }
    }
    let (mut sidecars, mut peak): (SortedMap<&str, Quantity>, SortedMap<&str, Quantity>) = Default::default();
    for container in spec.child("initContainers").items() {
        let sidecar = container.child("restartPolicy").str() == "Always";
        for (name, value) in container.child("resources").child(list).entries() {
            let value = amount(&value).unwrap_or(ZERO);
            let before = sidecars.get(name).copied().unwrap_or(ZERO);
            let high = peak.entry(name).or_insert(ZERO);
            *high = (*high).max(before + value);
            if sidecar {
                sidecars.insert(name, before + value);
                let sum = total.entry(name).or_insert(ZERO);
                *sum += value;
            }
        }
    }
    for (name, high) in peak {
        let sum = total.entry(name).or_insert(ZERO);
        *sum = (*sum).max(high);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_spec;

    #[test]
    fn pod_level_resources() {
        check_spec(
            "resources: {requests: {cpu: 1}}, initContainers: [{name: a, image: x, resources: {requests: {memory: 1Gi}}}]",
            &[],
        );
        check_spec(
            "resources: {limits: {hugepages-2Mi: 2Mi, cpu: 1}, claims: []}, initContainers: [{name: a, image: x, resources: {limits: {cpu: 1, hugepages-2Mi: 4Mi}}}]",
            &[
                "spec.resources.claims: Forbidden: claims may not be set for Resources at pod-level",
                "spec.resources.requests[hugepages-2Mi]: Invalid value: \"2Mi\": must be greater than or equal to aggregate container requests of 4Mi",
                "spec.resources.limits[hugepages-2Mi]: Invalid value: \"2Mi\": must be greater than or equal to aggregate container limits of 4Mi",
            ],
        );
    }
}
