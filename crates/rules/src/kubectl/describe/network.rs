//! `kubectl describe service` and `kubectl describe ingress`.

use api::labels::{Operator, Requirement, Selector};
use manifest::Tree;

use super::Page;
use crate::kubectl::get::cells::{balancer_addresses, host_port};
use crate::kubectl::get::columns::Row;
use crate::kubectl::objects::{Cluster, Wanted};
use crate::kubectl::tree::{at_or, format_labels, int, joined, shown};

/// A Service.
pub(super) fn service(cluster: &Cluster<'_>, service: &Tree, page: &mut Page) {
    page.head(service);
    let spec = |field| at_or(service, &["spec", field], "");
    let list = |field| joined(service.list_at(&["spec", field]), ",");
    let or_none = |text: String| crate::kubectl::tree::none_if_empty(text);
    page.field(0, "Selector", &format_labels(service.at(&["spec", "selector"])));
    page.field(0, "Type", &spec("type"));
    page.some(0, "IP Family Policy", &spec("ipFamilyPolicy"));
    page.field(0, "IP Families", &or_none(list("ipFamilies")));
    page.field(0, "IP", &spec("clusterIP"));
    page.field(0, "IPs", &or_none(list("clusterIPs")));
    page.some(0, "External IPs", &list("externalIPs"));
    page.some(0, "Desired LoadBalancer IP", &spec("loadBalancerIP"));
    page.some(0, "External Name", &spec("externalName"));
    let ingress = service.list_at(&["status", "loadBalancer", "ingress"]).iter().map(|at| {
        let mode = at.str_at(&["ipMode"]);
        let mode = if mode.is_empty() { String::new() } else { format!(" ({mode})") };
        format!("{}{mode}", at_or(at, &["ip"], at.str_at(&["hostname"])))
    });
    page.some(0, "LoadBalancer Ingress", &ingress.collect::<Vec<_>>().join(", "));
    let slices =
        slices_of(cluster, service.str_at(&["metadata", "namespace"]), service.str_at(&["metadata", "name"]));
    for port in service.list_at(&["spec", "ports"]) {
        let (name, protocol) = (port.str_at(&["name"]), port.str_at(&["protocol"]));
        let shown_name = if name.is_empty() { "<unset>" } else { name };
        page.field(0, "Port", &format!("{shown_name}\t{}/{protocol}", int(port, &["port"])));
        page.field(0, "TargetPort", &format!("{}/{protocol}", at_or(port, &["targetPort"], "0")));
        page.some(0, "AppProtocol", port.str_at(&["appProtocol"]));
        let node_port = int(port, &["nodePort"]);
        if node_port != 0 {
            page.field(0, "NodePort", &format!("{shown_name}\t{node_port}/{protocol}"));
        }
        page.field(0, "Endpoints", &endpoints(&slices, name));
    }
    page.field(0, "Session Affinity", &spec("sessionAffinity"));
    page.some(0, "External Traffic Policy", &spec("externalTrafficPolicy"));
    page.some(0, "Internal Traffic Policy", &spec("internalTrafficPolicy"));
    page.some(0, "HealthCheck NodePort", &spec("healthCheckNodePort"));
    page.some(0, "LoadBalancer Source Ranges", &list("loadBalancerSourceRanges"));
    page.some(0, "Traffic Distribution", &spec("trafficDistribution"));
}

/// The EndpointSlices of a Service.
fn slices_of(cluster: &Cluster<'_>, namespace: &str, service: &str) -> Vec<Tree> {
    let Some(resource) = cluster.resource("discovery.k8s.io", "endpointslices") else { return Vec::new() };
    let key = "kubernetes.io/service-name".to_owned();
    let requirement = Requirement { key, operator: Operator::In, values: vec![service.to_owned()] };
    let selector = Selector { requirements: vec![requirement] };
    cluster.list(&resource, Wanted { namespace: Some(namespace), name: None, labels: Some(&selector) })
}

/// The first three ready endpoints of a port, and how many more there are.
fn endpoints(slices: &[Tree], port_name: &str) -> String {
    if slices.is_empty() {
        return "<none>".to_owned();
    }
    let mut all = Vec::new();
    for slice in slices {
        let ready = slice.list_at(&["endpoints"]).iter();
        let ready = ready.filter(|at| at.at(&["conditions", "ready"]).and_then(Tree::as_bool) != Some(false));
        let addresses: Vec<String> =
            ready.filter_map(|at| at.list_at(&["addresses"]).first().map(shown)).collect();
        let ports = slice.list_at(&["ports"]);
        if ports.is_empty() {
            all.extend(addresses.iter().cloned());
        }
        for port in ports.iter().filter(|port| port.str_at(&["name"]) == port_name) {
            all.extend(addresses.iter().map(|address| host_port(address, int(port, &["port"]))));
        }
    }
    crate::kubectl::tree::some_of(&all, 3)
}

/// An Ingress.
pub(super) fn ingress(cluster: &Cluster<'_>, ingress: &Tree, page: &mut Page) {
    let namespace = ingress.str_at(&["metadata", "namespace"]);
    page.field(0, "Name", ingress.str_at(&["metadata", "name"]));
    page.labels("Labels", ingress.at(&["metadata", "labels"]));
    page.field(0, "Namespace", namespace);
    page.field(0, "Address", &balancer_addresses(&Row { cluster, tree: ingress, wide: true }));
    page.field(0, "Ingress Class", &at_or(ingress, &["spec", "ingressClassName"], "<none>"));
    let default = ingress.at(&["spec", "defaultBackend"]);
    let default =
        default.map_or_else(|| "<default>".to_owned(), |default| backend(cluster, namespace, default));
    page.field(0, "Default backend", &default);
    let tls = ingress.list_at(&["spec", "tls"]);
    if !tls.is_empty() {
        page.line(0, "TLS:");
    }
    for entry in tls {
        let (secret, hosts) = (entry.str_at(&["secretName"]), joined(entry.list_at(&["hosts"]), ","));
        let line = if secret.is_empty() {
            format!("SNI routes {hosts}")
        } else {
            format!("{secret} terminates {hosts}")
        };
        page.line(1, &line);
    }
    page.line(0, "Rules:");
    page.line(1, "Host\tPath\tBackends");
    page.line(1, "----\t----\t--------");
    let with_paths: Vec<&Tree> =
        ingress.list_at(&["spec", "rules"]).iter().filter(|rule| rule.get("http").is_some()).collect();
    for rule in &with_paths {
        page.line(1, &format!("{}\t", at_or(rule, &["host"], "*")));
        for path in rule.list_at(&["http", "paths"]) {
            let backend = path.get("backend").map(|at| backend(cluster, namespace, at)).unwrap_or_default();
            page.line(2, &format!("\t{} \t{backend}", path.str_at(&["path"])));
        }
    }
    if with_paths.is_empty() {
        page.line(1, &format!("*\t*\t{default}"));
    }
    page.annotations("Annotations", ingress.at(&["metadata", "annotations"]));
}

/// `web:80 (10.244.0.2:8080)`.
fn backend(cluster: &Cluster<'_>, namespace: &str, backend: &Tree) -> String {
    let Some(target) = backend.get("service") else {
        let resource = |field, none| at_or(backend, &["resource", field], none);
        return format!(
            "APIGroup: {}, Kind: {}, Name: {}",
            resource("apiGroup", "<none>"),
            resource("kind", ""),
            resource("name", "")
        );
    };
    let (name, number, port_name) =
        (target.str_at(&["name"]), int(target, &["port", "number"]), target.str_at(&["port", "name"]));
    let text = format!("{name}:{}", if number == 0 { port_name.to_owned() } else { number.to_string() });
    let service =
        cluster.resource("", "services").and_then(|resource| cluster.find(&resource, namespace, name));
    let Some(service) = service else {
        return format!("{text} (<error: services \"{name}\" not found>)");
    };
    let is_meant = |port: &&Tree| {
        let by_number = number != 0 && int(port, &["port"]) == number;
        by_number || !port_name.is_empty() && port.str_at(&["name"]) == port_name
    };
    let port =
        service.list_at(&["spec", "ports"]).iter().rfind(is_meant).map_or("", |port| port.str_at(&["name"]));
    format!("{text} ({})", endpoints(&slices_of(cluster, namespace, name), port))
}
