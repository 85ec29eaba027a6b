//! hostPort without hostNetwork: the CNI plugin maps a port of the node to the pod (EXP-HP rules).

use api::types::{ContainerPort, IpFamily, Node, Pod, Protocol};

use crate::bind::node_daemon;
use crate::endpoints::family_of;
use crate::route::{Note, Route, RouteKind, RouteState};
use crate::url;
use crate::view::{View, address, addresses, all_addresses, hints, pod_name, process_state};

/// The routes of one pod: a route for each host port and address. Ordinary init containers have none (EXP-HP-7).
pub(crate) fn routes(view: &View<'_>, pod: &Pod, out: &mut Vec<Route>) {
    let Some(node) = view.node_of(pod).filter(|_| !pod.spec.host_network && !pod.status.phase.is_terminal())
    else {
        return;
    };
    for container in pod.spec.port_holders() {
        for port in container.ports.iter().filter(|port| port.host_port != 0) {
            for ip in listens_on(node, pod, port) {
                out.push(route(view, pod, node, &ip, port, container.sidecar));
            }
        }
    }
}

/// The addresses on which the port is mapped: those of the node whose family the pod has too (EXP-V6-3), or hostIP alone.
fn listens_on(node: &Node, pod: &Pod, port: &ContainerPort) -> Vec<String> {
    let has =
        |family| pod.status.pod_ips.is_empty() || pod.status.pod_ips.iter().any(|ip| family_of(ip) == family);
    let of = |family: IpFamily| address(node, family).filter(|_| has(family)).map(str::to_owned);
    match port.host_ip.as_str() {
        "" => [IpFamily::IPv4, IpFamily::IPv6].into_iter().filter_map(of).collect(),
        "0.0.0.0" => of(IpFamily::IPv4).into_iter().collect(),
        "::" => of(IpFamily::IPv6).into_iter().collect(),
        ip => vec![ip.to_owned()],
    }
}

fn route(view: &View<'_>, pod: &Pod, node: &Node, ip: &str, port: &ContainerPort, sidecar: bool) -> Route {
    let (mut state, reason) = process_state(pod);
    let mut notes: Vec<Note> = reason.into_iter().collect();
    let mut block = |note| {
        state = RouteState::Blocked;
        notes.push(note);
    };
    if !view.settings.host_ports {
        block(Note::NoPortmap);
    }
    if sidecar {
        block(Note::SidecarNotMapped);
    }
    let specific = !matches!(port.host_ip.as_str(), "" | "0.0.0.0" | "::");
    if specific && (ip.starts_with("127.") || ip == "::1") {
        block(Note::LoopbackOnly);
    } else if specific
        && !addresses(node).contains(&ip)
        && !node.addresses.iter().any(|at| &*at.address == ip)
    {
        block(Note::OnlyHostIp(ip.to_owned()));
    } else if specific {
        notes.push(Note::OnlyHostIp(ip.to_owned()));
    }
    notes.extend(
        view.node_ports
            .contains(&(port.host_port, port.protocol))
            .then_some(Note::NodePortShadows(port.host_port)),
    );
    notes.extend(view.settings.host_ports.then_some(Note::NeedsPortmap));
    notes.extend(view.policy_note(pod));
    let daemon = node_daemon(node, port.host_port).filter(|_| port.protocol == Protocol::Tcp);
    notes.extend(
        daemon.filter(|_| state != RouteState::Blocked).map(|name| Note::ShadowsNode(name.to_owned())),
    );
    let hints = hints(pod, port.container_port, port.protocol).0;
    let scheme = url::scheme(&hints);
    let at = |ip: &str| url::url(url::shown(scheme, port.protocol), ip, port.host_port, "/");
    let own = pod.status.pod_ips.iter().find(|own| family_of(own) == family_of(ip));
    let all = if specific { vec![ip] } else { all_addresses(node, family_of(ip)) };
    Route {
        kind: RouteKind::HostPort,
        source: format!("Pod {}", pod_name(pod)),
        state,
        url: at(ip),
        urls: all.into_iter().map(at).collect(),
        curl: url::command(scheme, ip, port.host_port, port.protocol, &hints.health),
        address: ip.to_owned(),
        port: port.host_port,
        target_port: port.container_port,
        protocol: port.protocol.to_string(),
        nodes: vec![node.meta.name.to_string()],
        pods: vec![pod_name(pod)],
        targets: own.map(|own| url::socket(own, port.container_port)).into_iter().collect(),
        rule: None,
        client_ip_kept: Some(true),
        notes,
    }
}
