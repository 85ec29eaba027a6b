//! The edits that make a text expose a workload in one way and in no other, but for an Ingress: comments and style stay.
//!
//! What the pod does on its node is one half (hostNetwork, hostPort), the Services that select it are the other. Where one is
//! there it is changed, where none is one is added.

use api::int_or_string::IntOrString;
use api::types::{Backend, Kind, Protocol, Service, ServiceType};
use manifest::{TextEdit, Tree};

use super::documents;
use super::{Unavailable, WayKind};
use crate::edits::{append, insert_after, insert_first, is_flow, remove_keys, replace};
use crate::target::{Target, WITH_HOST_NET};

/// Whether the manifest does it so now.
pub(super) fn is_current(target: &Target<'_>, kind: WayKind) -> bool {
    let spec = &target.pod.spec;
    let has_type = |wanted| target.services().iter().any(|service| service.service_type == wanted);
    match kind {
        WayKind::HostNetwork => spec.host_network,
        WayKind::HostPort => {
            let mut ports = spec.containers.iter().flat_map(|container| &container.ports);
            !spec.host_network && ports.any(|port| port.host_port != 0)
        }
        WayKind::NodePort => has_type(ServiceType::NodePort),
        WayKind::LoadBalancer => has_type(ServiceType::LoadBalancer),
        WayKind::Ingress => has_ingress(target),
    }
}

/// Whether an Ingress leads to a Service of the workload.
fn has_ingress(target: &Target<'_>) -> bool {
    let services = target.services();
    let leads = |backend: &Backend| match backend {
        Backend::Service { name, .. } => services.iter().any(|service| *service.meta.name == **name),
        Backend::Resource { .. } => false,
    };
    let ingresses = target.server().store().ingresses();
    ingresses.filter(|ingress| ingress.meta.namespace == target.pod.meta.namespace).any(|ingress| {
        let paths = ingress.rules.iter().flat_map(|rule| &rule.paths);
        paths.map(|path| &path.backend).chain(&ingress.default_backend).any(leads)
    })
}

/// The edits, in any order.
pub(crate) fn rewrite(target: &Target<'_>, kind: WayKind) -> Result<Vec<TextEdit>, Unavailable> {
    let text = target.text;
    let host = match kind {
        WayKind::HostNetwork => use_host_network(target),
        WayKind::HostPort => use_host_ports(target)?,
        WayKind::NodePort | WayKind::LoadBalancer | WayKind::Ingress => leave_node(target),
    };
    let mut edits = host.filter(|_| !is_flow(text, &target.tree)).ok_or(Unavailable::NotEditable)?;
    let wanted = match kind {
        WayKind::NodePort => ServiceType::NodePort,
        WayKind::LoadBalancer => ServiceType::LoadBalancer,
        WayKind::HostNetwork | WayKind::HostPort | WayKind::Ingress => ServiceType::ClusterIP,
    };
    let services = target.services();
    let is_open = |service: &&Service| service.service_type != ServiceType::ClusterIP;
    let mut changed: Vec<&Service> = services.iter().copied().filter(is_open).collect();
    if changed.is_empty() && wanted != ServiceType::ClusterIP {
        changed.extend(services.first());
    }
    for service in changed {
        edits.extend(retype(target, service, wanted).ok_or(Unavailable::NotEditable)?);
    }
    let mut added = String::new();
    let mut add = |document: String| {
        if !added.is_empty() {
            added += "---\n";
        }
        added += &document;
    };
    let mut backend =
        services.first().map(|service| (service.meta.name.to_string(), http_port(target, service)));
    if services.is_empty() && !matches!(kind, WayKind::HostNetwork | WayKind::HostPort) {
        let ports = target.service_ports();
        let first = ports.iter().next().ok_or(Unavailable::NoPorts)?;
        let mut labels = target.labels();
        if labels.is_empty() {
            labels.push(("app".to_owned(), target.free_name(&Kind::Namespace, "pods")));
            edits.push(add_label(target, &labels[0]).ok_or(Unavailable::NotEditable)?);
        }
        let (service_type, suffix) = match wanted {
            ServiceType::NodePort => ("NodePort", "nodeport"),
            ServiceType::LoadBalancer => ("LoadBalancer", "loadbalancer"),
            ServiceType::ClusterIP | ServiceType::ExternalName => ("ClusterIP", "service"),
        };
        let name = target.free_name(&Kind::Service, suffix);
        add(documents::service(target, &name, service_type, &labels, &ports));
        let speaks =
            |(port, protocol): &(u16, String)| speaks_http(target, *port, protocol == "TCP").map(|()| *port);
        backend =
            Some((name, ports.iter().find_map(|port| speaks(port).ok()).map_or_else(|| speaks(first), Ok)));
    }
    if kind == WayKind::Ingress && !has_ingress(target) {
        let (service, port) = backend.ok_or(Unavailable::NoPorts)?;
        let name = target.free_name(&Kind::Ingress, "ingress");
        add(documents::ingress(target, &name, class(target).as_deref(), &service, port?));
    }
    if !added.is_empty() {
        edits.push(append(text, &added));
    }
    Ok(edits)
}

/// On the network of the pod's own, without ports of the node.
fn leave_node(target: &Target<'_>) -> Option<Vec<TextEdit>> {
    let mut edits = target.without_host_ports()?;
    edits.extend(target.without_host_network()?);
    Some(edits)
}

/// On the node's network, and still able to resolve the cluster's names.
fn use_host_network(target: &Target<'_>) -> Option<Vec<TextEdit>> {
    let spec = &target.written_spec()?;
    let mut edits = target.without_host_ports()?;
    let mut lines = Vec::new();
    match spec.get("hostNetwork") {
        Some(written) => edits.push(replace(written, "true")?),
        None => lines.push("hostNetwork: true".to_owned()),
    }
    if spec.get("dnsPolicy").is_none_or(|policy| policy.span.is_none()) {
        lines.push(format!("dnsPolicy: {WITH_HOST_NET}"));
    }
    if !lines.is_empty() {
        edits.push(insert_first(target.text, spec, &lines)?);
    }
    Some(edits)
}

/// Each declared port on the node as well, under the same number; where none is declared, those of the image.
fn use_host_ports(target: &Target<'_>) -> Result<Option<Vec<TextEdit>>, Unavailable> {
    let ports = target.service_ports();
    let declared = target.pod.spec.containers.iter().any(|container| !container.ports.is_empty());
    if ports.is_empty() {
        return Err(Unavailable::NoPorts);
    }
    let text = target.text;
    let containers = target.template().list_at(&["spec", "containers"]);
    let edits = || {
        let mut edits = target.without_host_network()?;
        for port in containers.iter().flat_map(|container| container.list_at(&["ports"])) {
            if port.get("hostPort").is_none_or(|port| port.span.is_none()) {
                let number = port.get("containerPort")?.as_i64()?;
                edits.push(insert_after(text, port, "containerPort", &[format!("hostPort: {number}")])?);
            }
        }
        for (container, typed) in containers.iter().zip(&target.pod.spec.containers).filter(|_| !declared) {
            let known = reach::listeners(typed).into_iter().filter(|listener| !listener.loopback);
            let lines = known.flat_map(|listener| {
                let protocol = (listener.protocol != Protocol::Tcp)
                    .then(|| format!("  protocol: {}", listener.protocol));
                let port = listener.port;
                [format!("- containerPort: {port}"), format!("  hostPort: {port}")]
                    .into_iter()
                    .chain(protocol)
            });
            let lines: Vec<String> = std::iter::once("ports:".to_owned()).chain(lines).collect();
            if lines.len() > 1 {
                let key = if container.get("image").is_some_and(|image| image.span.is_some()) {
                    "image"
                } else {
                    "name"
                };
                edits.push(insert_after(text, container, key, &lines)?);
            }
        }
        Some(edits)
    };
    Ok(edits())
}

/// Gives a Service another type, and takes out what that type forbids (VAL-SVC-6, VAL-SVC-10 to 12).
fn retype(target: &Target<'_>, service: &Service, wanted: ServiceType) -> Option<Vec<TextEdit>> {
    let text = target.text;
    let tree = target.server().tree(service.meta.uid)?;
    let spec = tree.get("spec").filter(|_| service.service_type != wanted);
    let Some(spec) = spec else { return Some(Vec::new()) };
    let name = match wanted {
        ServiceType::NodePort => "NodePort",
        ServiceType::LoadBalancer => "LoadBalancer",
        ServiceType::ClusterIP | ServiceType::ExternalName => "ClusterIP",
    };
    let mut edits = match spec.get("type").filter(|written| written.span.is_some()) {
        Some(written) => vec![replace(written, name)?],
        None => vec![insert_first(text, spec, &[format!("type: {name}")])?],
    };
    let of_balancers = [
        "allocateLoadBalancerNodePorts",
        "healthCheckNodePort",
        "loadBalancerClass",
        "loadBalancerIP",
        "loadBalancerSourceRanges",
        "externalTrafficPolicy",
    ];
    let forbidden = match wanted {
        ServiceType::LoadBalancer => &[],
        ServiceType::NodePort => &of_balancers[..of_balancers.len() - 1],
        ServiceType::ClusterIP | ServiceType::ExternalName => &of_balancers,
    };
    edits.extend(remove_keys(text, spec, forbidden)?);
    if wanted == ServiceType::ClusterIP {
        for port in spec.list_at(&["ports"]) {
            edits.extend(remove_keys(text, port, &["nodePort"])?);
        }
    }
    Some(edits)
}

/// A label for pods that have none, so that a Service can select them.
fn add_label(target: &Target<'_>, (key, value): &(String, String)) -> Option<TextEdit> {
    let template = target.template();
    let label = format!("{key}: {value}");
    let written = |tree: &Tree, name: &str| tree.get(name).is_some_and(|value| value.span.is_some());
    if !written(template, "metadata") {
        let lines = ["metadata:".to_owned(), "  labels:".to_owned(), format!("    {label}")];
        return insert_first(target.text, template, &lines);
    }
    let metadata = template.get("metadata")?;
    let lines = ["labels:".to_owned(), format!("  {label}")];
    if written(metadata, "labels") {
        return None;
    }
    if written(metadata, "name") {
        return insert_after(target.text, metadata, "name", &lines);
    }
    insert_first(target.text, metadata, &lines)
}

/// The port of a Service to which an Ingress may send: its first one that may speak HTTP.
fn http_port(target: &Target<'_>, service: &Service) -> Result<u16, Unavailable> {
    let containers = &target.pod.spec.containers;
    let mut found = Err(Unavailable::NoPorts);
    for port in &service.ports {
        let number = match &port.target_port {
            IntOrString::Int(number) => u16::try_from(*number).unwrap_or(0),
            IntOrString::String(name) => {
                let mut ports = containers.iter().flat_map(|container| &container.ports);
                ports.find(|port| port.name == *name).map_or(0, |port| port.container_port)
            }
        };
        match speaks_http(target, number, port.protocol == Protocol::Tcp) {
            Ok(()) => return Ok(port.port),
            Err(why) if found == Err(Unavailable::NoPorts) => found = Err(why),
            Err(_) => {}
        }
    }
    found
}

/// Whether a port of the pod may speak HTTP: unless its image is known to speak something else there.
fn speaks_http(target: &Target<'_>, port: u16, is_tcp: bool) -> Result<(), Unavailable> {
    if !is_tcp {
        return Err(Unavailable::NotHttp("UDP".to_owned()));
    }
    let known = target.pod.spec.containers.iter().flat_map(reach::listeners);
    let mut of_port = known.filter(|listener| listener.port == port && listener.protocol == Protocol::Tcp);
    match of_port.next().map_or("", |listener| listener.scheme) {
        "" | "http" | "https" | "grpc" => Ok(()),
        other => Err(Unavailable::NotHttp(other.to_owned())),
    }
}

/// The class to name: none where there is a default one or none at all, else the first.
fn class(target: &Target<'_>) -> Option<String> {
    let store = target.server().store();
    let has_default = store.ingress_classes().any(|class| class.is_default);
    store.ingress_classes().next().filter(|_| !has_default).map(|class| class.meta.name.to_string())
}
