//! Services (VAL-SVC); the order is that of Kubernetes.

use super::codes;
use super::errors::Errors;
use super::field::Field;
use super::go_json;
use super::ip;
use super::meta;
use super::names;
use super::ports;
use super::service_ip;
use manifest::sorted::SortedSet;

pub(super) fn is_headless(spec: &Field<'_>) -> bool {
    let ips = spec.child("clusterIPs").strings();
    ips == ["None"] || (ips.is_empty() && spec.child("clusterIP").str() == "None")
}

/// A Service, after the allocation of addresses and ports.
pub(crate) fn service(errors: &mut Errors, service: &Field<'_>) {
    let spec = service.child("spec");
    let kind = spec.child("type");
    let list = spec.child("ports");
    topology_annotations(errors, &service.at("metadata.annotations"));
    if list.is_empty() && !is_headless(&spec) && kind.str() != "ExternalName" {
        errors.required(&list, "");
    }
    match kind.str() {
        "LoadBalancer" | "NodePort" if is_headless(&spec) => {
            let first = service_ip::shown_first(&spec);
            let detail = format!("may not be set to 'None' for {} services", kind.str());
            errors.invalid(&first, codes::SERVICE_TYPE, "\"None\"", &detail);
        }
        "ExternalName" => external_name(errors, &spec),
        _ => {}
    }
    service_ports(errors, &list);
    meta::labels(errors, &spec.child("selector"));
    session_affinity(errors, &spec);
    service_ip::related_fields(errors, &spec);
    for address in spec.child("externalIPs").items() {
        if ip::strict_ip(errors, &address) {
            ip::endpoint_ip(errors, &address);
        }
    }
    errors.required_one_of(&kind, &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]);
    node_ports(errors, &list, kind.str());
    source_ranges(errors, service, &spec, kind.str());
    load_balancer(errors, &spec, kind.str());
    traffic_policies(errors, &spec, kind.str());
}

fn topology_annotations(errors: &mut Errors, annotations: &Field<'_>) {
    let (hints, mode) = (
        annotations.key("service.kubernetes.io/topology-aware-hints"),
        annotations.key("service.kubernetes.io/topology-mode"),
    );
    if hints.exists() && mode.exists() && hints.str() != mode.str() {
        let detail =
            "must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified";
        errors.invalid(&mode, codes::CONFLICT, &mode.quoted(), detail);
    }
}

/// VAL-SVC-8.
fn external_name(errors: &mut Errors, spec: &Field<'_>) {
    let detail = "may not be set for ExternalName services";
    let ips = spec.child("clusterIPs");
    let single = spec.child("clusterIP");
    if !ips.is_empty() || !single.str().is_empty() {
        let shown = if ips.is_empty() { single.with_path(ips.path()) } else { ips };
        errors.forbidden(&shown, detail);
        errors.coded(codes::SERVICE_TYPE);
    }
    for name in ["ipFamilies", "ipFamilyPolicy"] {
        let field = spec.child(name);
        if !field.is_empty() {
            errors.forbidden(&field, detail);
            errors.coded(codes::SERVICE_TYPE);
        }
    }
    let name = spec.child("externalName");
    let host = name.str().strip_suffix('.').unwrap_or(name.str());
    if host.is_empty() {
        errors.required(&name, "");
    } else {
        errors.invalid_each(&name, codes::NAME_FORMAT, host, names::dns_subdomain(host));
    }
}

/// VAL-SVC-2, VAL-SVC-3.
fn service_ports(errors: &mut Errors, list: &Field<'_>) {
    let mut seen = SortedSet::new();
    for port in list.items() {
        let name = port.child("name");
        if !name.str().is_empty() {
            errors.invalid_text(&name, codes::NAME_FORMAT, names::dns_label(name.str()));
            if !seen.insert(name.str()) {
                errors.duplicate(&name, &name.quoted(), "");
            }
        } else if list.len() > 1 {
            errors.required(&name, "");
        }
        ports::port_number(errors, &port.child("port"));
        errors.required_one_of(&port.child("protocol"), ports::PROTOCOLS);
        ports::port_number_or_name(errors, &port.child("targetPort"));
        let app = port.child("appProtocol");
        if app.exists() {
            errors.invalid_text(&app, codes::LABEL_KEY, names::qualified_name(app.str()));
        }
    }
}

/// VAL-SVC-9.
fn session_affinity(errors: &mut Errors, spec: &Field<'_>) {
    let (affinity, config) = (spec.child("sessionAffinity"), spec.child("sessionAffinityConfig"));
    errors.required_one_of(&affinity, &["ClientIP", "None"]);
    match affinity.str() {
        "ClientIP" => {
            let path = [config.clone(), config.child("clientIP"), config.at("clientIP.timeoutSeconds")];
            if let Some(missing) = path.iter().find(|field| !field.exists()) {
                errors.required(missing, "when session affinity type is ClientIP");
                return;
            }
            let timeout = &path[2];
            if !(1..=86_400).contains(&timeout.number()) {
                let detail = "must be greater than 0 and less than 86400";
                errors.invalid(timeout, codes::NUMBER_RANGE, &timeout.number().to_string(), detail);
            }
        }
        "None" => errors.forbid(&config, "must not be set when session affinity is None"),
        _ => {}
    }
}

/// VAL-SVC-4, VAL-SVC-6.
fn node_ports(errors: &mut Errors, list: &Field<'_>, kind: &str) {
    let items = list.items();
    if kind == "ClusterIP" {
        for port in &items {
            let node_port = port.child("nodePort");
            if node_port.number() != 0 {
                errors.forbidden(&node_port, "may not be used when `type` is 'ClusterIP'");
                errors.coded(codes::SERVICE_TYPE);
            }
        }
    }
    let mut seen = SortedSet::new();
    for port in &items {
        let node_port = port.child("nodePort");
        if node_port.number() != 0 && !seen.insert((port.child("protocol").str(), node_port.number())) {
            errors.duplicate(&node_port, &node_port.number().to_string(), "");
        }
    }
    let mut seen = SortedSet::new();
    for port in &items {
        let (protocol, number) = (port.child("protocol"), port.child("port"));
        if !seen.insert((protocol.str(), number.number())) {
            let key: manifest::Map = [("protocol", &protocol), ("port", &number)]
                .into_iter()
                .filter_map(|(name, field)| Some((name.to_owned(), field.tree()?.clone())))
                .collect();
            let key = manifest::Tree::added(key);
            errors.duplicate(port, &go_json::render(&Field::root(&key), go_json::SERVICE_PORT), "");
        }
    }
}

const ONLY_LOAD_BALANCER: &str = "may only be used when `type` is 'LoadBalancer'";

fn only_load_balancer(errors: &mut Errors, field: &Field<'_>, kind: &str) {
    if kind != "LoadBalancer" {
        errors.forbidden(field, ONLY_LOAD_BALANCER);
        errors.coded(codes::SERVICE_TYPE);
    }
}

/// VAL-SVC-12: the path begins with a capital letter.
fn source_ranges(errors: &mut Errors, service: &Field<'_>, spec: &Field<'_>, kind: &str) {
    let ranges = spec.child("loadBalancerSourceRanges").shown_as(spec, "LoadBalancerSourceRanges");
    let note =
        service.at("metadata.annotations").key("service.beta.kubernetes.io/load-balancer-source-ranges");
    if !ranges.is_empty() {
        only_load_balancer(errors, &ranges, kind);
        for range in ranges.items() {
            ip::strict_cidr(errors, &range, range.str().trim());
        }
    } else if note.exists() {
        only_load_balancer(errors, &note, kind);
        for range in note.str().split(',').filter(|_| !note.str().trim().is_empty()) {
            ip::strict_cidr(errors, &note, range.trim());
        }
    }
}

fn load_balancer(errors: &mut Errors, spec: &Field<'_>, kind: &str) {
    let allocate = spec.child("allocateLoadBalancerNodePorts");
    if allocate.exists() {
        only_load_balancer(errors, &allocate, kind);
    } else if kind == "LoadBalancer" {
        errors.required(&allocate.with_path("allocateLoadBalancerNodePorts"), "");
    }
    load_balancer_class(errors, spec, kind);
}

/// `spec.loadBalancerClass`.
pub(crate) fn load_balancer_class(errors: &mut Errors, spec: &Field<'_>, kind: &str) {
    let class = spec.child("loadBalancerClass");
    if class.exists() && kind == "LoadBalancer" {
        errors.invalid_text(&class, codes::LABEL_KEY, names::qualified_name(class.str()));
    } else if class.exists() {
        only_load_balancer(errors, &class, kind);
    }
}

/// VAL-SVC-10, VAL-SVC-11.
fn traffic_policies(errors: &mut Errors, spec: &Field<'_>, kind: &str) {
    let external = spec.child("externalTrafficPolicy");
    let accessible = matches!(kind, "LoadBalancer" | "NodePort")
        || (kind == "ClusterIP" && !spec.child("externalIPs").is_empty());
    if accessible {
        errors.required_one_of(&external, &["Cluster", "Local"]);
    } else if !external.str().is_empty() {
        let detail = "may only be set for externally-accessible services";
        errors.invalid(&external, codes::SERVICE_TYPE, &external.json(), detail);
    }
    let health = spec.child("healthCheckNodePort");
    if kind == "LoadBalancer" && external.str() == "Local" {
        if health.number() == 0 {
            errors.required(&health, "");
        } else {
            ports::port_number(errors, &health);
        }
    } else if health.number() != 0 {
        let detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
        errors.invalid(&health, codes::SERVICE_TYPE, &health.number().to_string(), detail);
    }
    let internal = spec.child("internalTrafficPolicy");
    if internal.exists() {
        errors.one_of(&internal, &["Cluster", "Local"]);
    } else if matches!(kind, "NodePort" | "LoadBalancer" | "ClusterIP") {
        errors.required(&internal, "");
    }
    let distribution = spec.child("trafficDistribution");
    errors.one_of_if_set(&distribution, &["PreferClose", "PreferSameZone", "PreferSameNode"]);
}
