//! The documents that a way may need beside the workload: a Service, an Ingress.

use std::fmt::Write as _;

use manifest::sorted::SortedSet;
use manifest::{Map, Tree, to_yaml};

use crate::target::Target;

/// `apiVersion` to `metadata` of an object in the workload's namespace.
fn head(target: &Target<'_>, api_version: &str, kind: &str, name: &str) -> String {
    let mut text = format!("apiVersion: {api_version}\nkind: {kind}\nmetadata:\n  name: {name}\n");
    let namespace = &target.pod.meta.namespace;
    if &**namespace != "default" {
        let _ = writeln!(text, "  namespace: {namespace}");
    }
    text + "spec:\n"
}

/// A Service for the ports of the workload; ClusterIP is the type that need not be written.
pub(super) fn service(
    target: &Target<'_>,
    name: &str,
    service_type: &str,
    labels: &[(String, String)],
    ports: &SortedSet<(u16, String)>,
) -> String {
    let mut text = head(target, "v1", "Service", name);
    if service_type != "ClusterIP" {
        let _ = writeln!(text, "  type: {service_type}");
    }
    let labels = labels.iter().map(|(key, value)| (key.clone(), Tree::added(value.as_str())));
    text += "  selector:\n";
    for line in to_yaml(&Tree::added(labels.collect::<Map>())) {
        let _ = writeln!(text, "    {}", line.text);
    }
    text += "  ports:\n";
    for (port, protocol) in ports {
        // A single port needs no name (VAL-SVC-2), and TCP is the default.
        let name = if protocol == "TCP" { "port".to_owned() } else { protocol.to_lowercase() };
        if ports.len() > 1 {
            let _ = writeln!(text, "  - name: {name}-{port}\n    port: {port}");
        } else {
            let _ = writeln!(text, "  - port: {port}");
        }
        if protocol != "TCP" {
            let _ = writeln!(text, "    protocol: {protocol}");
        }
    }
    text
}

/// An Ingress that sends all paths of a host to a port of a Service; without a class it is left to the default one.
pub(super) fn ingress(
    target: &Target<'_>,
    name: &str,
    class: Option<&str>,
    service: &str,
    port: u16,
) -> String {
    let mut text = head(target, "networking.k8s.io/v1", "Ingress", name);
    if let Some(class) = class {
        let _ = writeln!(text, "  ingressClassName: {class}");
    }
    let _ =
        writeln!(text, "  rules:\n  - host: {name}.example.com\n    http:\n      paths:\n      - path: /");
    let _ = writeln!(text, "        pathType: Prefix\n        backend:\n          service:");
    let _ = writeln!(text, "            name: {service}\n            port:\n              number: {port}");
    text
}
