//! hostNetwork: the process listens on the node's own addresses (EXP-HN rules).

use api::types::{Kind, Node, Pod, Uid};

use crate::bind::{Holder, opened};
use crate::images::Listener;
use crate::route::{Note, Route, RouteKind, RouteState};
use crate::url;
use crate::view::{View, addresses, hints, pod_name, process_state};

/// The routes of one pod: a route for each port that it opens, and each address family of its node.
pub(crate) fn routes(view: &View<'_>, uid: Uid, pod: &Pod, out: &mut Vec<Route>) {
    let Some(node) = view.node_of(pod).filter(|_| pod.spec.host_network && !pod.status.phase.is_terminal())
    else {
        return;
    };
    let before = out.len();
    for container in pod.spec.port_holders() {
        let (listeners, from_image) = opened(container);
        for listener in listeners {
            let notes = notes(view, uid, pod, &listener, from_image);
            out.extend(addresses(node).into_iter().map(|ip| route(pod, node, ip, &listener, notes.clone())));
        }
    }
    if out.len() == before {
        out.push(unknown(pod, node));
    }
}

/// Why nobody answers comes first, then what to know.
fn notes(view: &View<'_>, uid: Uid, pod: &Pod, listener: &Listener, from_image: bool) -> Vec<Note> {
    let Listener { port, protocol, .. } = *listener;
    let conflicts = view.conflicts.get(&uid).into_iter().flatten();
    let taken =
        conflicts.filter(|taken| taken.port == port && taken.protocol == protocol).map(|taken| match &taken
            .holder
        {
            Holder::Pod(name) => Note::PortTakenByPod(name.clone()),
            Holder::Node(daemon) => Note::PortTakenByNode((*daemon).to_owned()),
        });
    let mut notes: Vec<Note> = taken.take(1).collect();
    notes.extend(view.node_ports.contains(&(port, protocol)).then_some(Note::NodePortShadows(port)));
    notes.extend(listener.loopback.then_some(Note::LoopbackOnly));
    notes.extend(from_image.then_some(Note::PortFromImage));
    notes.extend((pod.spec.dns_policy == "ClusterFirst").then_some(Note::NodeDns));
    notes.extend(follows_pod(pod).then_some(Note::AddressFollowsPod));
    notes
}

/// A DaemonSet's pod and one with a fixed node keep their place (EXP-HN-16).
fn follows_pod(pod: &Pod) -> bool {
    let of_daemon_set = pod.meta.owner.as_ref().is_some_and(|owner| owner.kind == Kind::DaemonSet);
    !of_daemon_set && pod.spec.node_name.is_empty()
}

fn route(pod: &Pod, node: &Node, ip: &str, listener: &Listener, mut notes: Vec<Note>) -> Route {
    let Listener { port, protocol, .. } = *listener;
    let (mut state, reason) = process_state(pod);
    // Packets for an allocated node port never get to the process (EXP-HN-10).
    let is_blocking = |note: &Note| {
        use Note::{LoopbackOnly, NodePortShadows, PortTakenByNode, PortTakenByPod};
        matches!(note, PortTakenByPod(_) | PortTakenByNode(_) | LoopbackOnly | NodePortShadows(_))
    };
    if notes.iter().any(is_blocking) {
        state = RouteState::Blocked;
    } else {
        notes.splice(0..0, reason);
    }
    let hints = hints(pod, port, protocol).0;
    let scheme = url::scheme(&hints);
    Route {
        kind: RouteKind::HostNetwork,
        source: format!("Pod {}", pod_name(pod)),
        state,
        url: url::url(scheme, ip, port, "/"),
        curl: url::command(scheme, ip, port, protocol, &hints.health),
        address: ip.to_owned(),
        port,
        target_port: port,
        protocol: protocol.to_string(),
        nodes: vec![node.meta.name.to_string()],
        pods: vec![pod_name(pod)],
        client_ip_kept: Some(true),
        notes,
    }
}

/// Neither declared nor known ports (EXP-IMG-2).
fn unknown(pod: &Pod, node: &Node) -> Route {
    let address = addresses(node).first().copied().unwrap_or("");
    Route {
        kind: RouteKind::HostNetwork,
        source: format!("Pod {}", pod_name(pod)),
        state: RouteState::Blocked,
        url: String::new(),
        curl: String::new(),
        address: address.to_owned(),
        port: 0,
        target_port: 0,
        protocol: "TCP".to_owned(),
        nodes: vec![node.meta.name.to_string()],
        pods: vec![pod_name(pod)],
        client_ip_kept: Some(true),
        notes: vec![Note::NoKnownPort],
    }
}
