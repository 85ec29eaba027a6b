//! Service, Ingress and IngressClass.

use manifest::Tree;

use super::pod::protocol;
use super::read::{self, flag, int, list, text, texts};
use crate::int_or_string::IntOrString;
use crate::labels::Selector;
use crate::types::{
    Backend, BackendPort, ClusterIp, Ingress, IngressClass, IngressPath, IngressRule, IngressTls, IpFamily,
    Meta, PathType, Service, ServicePort, ServiceType, TrafficPolicy,
};

pub(super) fn service(meta: Meta, tree: &Tree) -> Service {
    let Some(spec) = tree.get("spec") else { return Service { meta, ..Service::default() } };
    let selector_labels = read::labels(spec.get("selector"));
    Service {
        meta,
        service_type: match spec.str_at(&["type"]) {
            "NodePort" => ServiceType::NodePort,
            "LoadBalancer" => ServiceType::LoadBalancer,
            "ExternalName" => ServiceType::ExternalName,
            _ => ServiceType::ClusterIP,
        },
        cluster_ip: match spec.str_at(&["clusterIP"]) {
            "" => ClusterIp::Absent,
            "None" => ClusterIp::Headless,
            address => ClusterIp::Address(address.into()),
        },
        ip_families: list(spec, "ipFamilies", |family| match family.as_str() {
            Some("IPv6") => IpFamily::IPv6,
            _ => IpFamily::IPv4,
        }),
        ports: list(spec, "ports", service_port),
        selector: (!selector_labels.is_empty()).then(|| Selector::from_labels(&selector_labels)),
        selector_labels,
        external_traffic_policy: traffic_policy(spec, "externalTrafficPolicy"),
        internal_traffic_policy: traffic_policy(spec, "internalTrafficPolicy"),
        external_ips: texts(spec, "externalIPs"),
        load_balancer_ip: text(spec, "loadBalancerIP"),
        load_balancer_class: text(spec, "loadBalancerClass"),
        load_balancer_source_ranges: texts(spec, "loadBalancerSourceRanges"),
        allocate_node_ports: spec
            .get("allocateLoadBalancerNodePorts")
            .and_then(Tree::as_bool)
            .unwrap_or(true),
        health_check_node_port: int(spec, "healthCheckNodePort", 0),
        session_affinity_client_ip: spec.str_at(&["sessionAffinity"]) == "ClientIP",
        publish_not_ready_addresses: flag(spec, "publishNotReadyAddresses"),
        external_name: text(spec, "externalName"),
    }
}

fn service_port(tree: &Tree) -> ServicePort {
    let port = int(tree, "port", 0);
    ServicePort {
        name: text(tree, "name"),
        protocol: protocol(tree),
        app_protocol: text(tree, "appProtocol"),
        port,
        target_port: read::int_or_string(tree, "targetPort").unwrap_or(IntOrString::Int(i32::from(port))),
        node_port: int(tree, "nodePort", 0),
    }
}

fn traffic_policy(spec: &Tree, key: &str) -> TrafficPolicy {
    if spec.str_at(&[key]) == "Local" { TrafficPolicy::Local } else { TrafficPolicy::Cluster }
}

/// The class also comes from the old annotation (EXP-ING-2).
pub(super) fn ingress(meta: Meta, tree: &Tree) -> Ingress {
    let annotation = meta.annotations.get("kubernetes.io/ingress.class").cloned().unwrap_or_default();
    let Some(spec) = tree.get("spec") else {
        return Ingress { meta, class: annotation, ..Ingress::default() };
    };
    let class = text(spec, "ingressClassName");
    Ingress {
        class: if class.is_empty() { annotation } else { class },
        rules: list(spec, "rules", |rule| IngressRule {
            host: text(rule, "host"),
            paths: rule.list_at(&["http", "paths"]).iter().filter_map(ingress_path).collect(),
        }),
        default_backend: spec.get("defaultBackend").and_then(backend),
        tls: list(spec, "tls", |tls| IngressTls {
            hosts: texts(tls, "hosts"),
            secret_name: text(tls, "secretName"),
        }),
        meta,
    }
}

fn ingress_path(tree: &Tree) -> Option<IngressPath> {
    let path_type = match tree.str_at(&["pathType"]) {
        "Exact" => PathType::Exact,
        "Prefix" => PathType::Prefix,
        _ => PathType::ImplementationSpecific,
    };
    Some(IngressPath { path: text(tree, "path"), path_type, backend: backend(tree.get("backend")?)? })
}

fn backend(tree: &Tree) -> Option<Backend> {
    if let Some(service) = tree.get("service") {
        let name = service.str_at(&["port", "name"]);
        let number = service.get("port").map_or(0, |port| int(port, "number", 0));
        let port =
            if name.is_empty() { BackendPort::Number(number) } else { BackendPort::Name(name.to_owned()) };
        return Some(Backend::Service { name: text(service, "name"), port });
    }
    let resource = tree.get("resource")?;
    Some(Backend::Resource { kind: text(resource, "kind"), name: text(resource, "name") })
}

pub(super) fn ingress_class(meta: Meta, tree: &Tree) -> IngressClass {
    let is_default =
        meta.annotations.get("ingressclass.kubernetes.io/is-default-class").is_some_and(|v| v == "true");
    IngressClass { meta, controller: tree.str_at(&["spec", "controller"]).to_owned(), is_default }
}
