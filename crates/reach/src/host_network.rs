//! hostNetwork: the process listens on the node's own addresses (EXP-HN rules).

use api::types::{Kind, Node, Pod, Service, Uid};
use manifest::Tree;

use crate::bind::{Holder, opened};
use crate::endpoints::family_of;
use crate::images::Listener;
use crate::route::{Note, Route, RouteKind, RouteState};
use crate::url;
use crate::view::{View, addresses, all_addresses, hints, pod_name, process_state};

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
            let low = low_port(pod, &container.name, listener.port);
            for ip in addresses(node) {
                let mut notes = notes.clone();
                let service = view.external.get(&(ip, listener.port, listener.protocol));
                let name = |service: &&Service| format!("{}/{}", service.meta.namespace, service.meta.name);
                notes.splice(0..0, service.map(name).map(Note::ExternalIpShadows));
                notes.extend(low.then_some(Note::LowPort(listener.port)));
                out.push(route(pod, node, ip, &listener, notes));
            }
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
    // A port map needs no socket: it takes the packets before any process sees them.
    let node = pod.node.as_deref().unwrap_or("");
    let mapped = view.mapped.get(&(node, port, protocol));
    notes.extend(mapped.map(|other| Note::HostPortShadows(pod_name(other))));
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
        matches!(
            note,
            Note::PortTakenByPod(_)
                | Note::PortTakenByNode(_)
                | Note::LoopbackOnly
                | Note::NodePortShadows(_)
                | Note::HostPortShadows(_)
                | Note::ExternalIpShadows(_)
        )
    };
    if notes.iter().any(is_blocking) {
        state = RouteState::Blocked;
    } else {
        notes.splice(0..0, reason);
    }
    let hints = hints(pod, port, protocol).0;
    let scheme = url::scheme(&hints);
    let at = |ip: &str| url::url(url::shown(scheme, protocol), ip, port, "/");
    Route {
        kind: RouteKind::HostNetwork,
        source: format!("Pod {}", pod_name(pod)),
        state,
        url: at(ip),
        urls: all_addresses(node, family_of(ip)).into_iter().map(at).collect(),
        curl: url::command(scheme, ip, port, protocol, &hints.health),
        address: ip.to_owned(),
        port,
        target_port: port,
        protocol: protocol.to_string(),
        nodes: vec![node.meta.name.to_string()],
        pods: vec![pod_name(pod)],
        targets: vec![url::socket(ip, port)],
        rule: None,
        client_ip_kept: Some(true),
        notes,
    }
}

/// Whether a process of that container needs CAP_NET_BIND_SERVICE for the port and does not have it: it runs as an ordinary user
/// (EXP-HN-14).
fn low_port(pod: &Pod, container: &str, port: u16) -> bool {
    let Some(spec) = pod.tree.get("spec").filter(|_| port < 1024) else { return false };
    let lists = ["containers", "initContainers"].into_iter().flat_map(|key| spec.list_at(&[key]));
    let own = lists.into_iter().find(|tree| tree.str_at(&["name"]) == container);
    let contexts = [own.and_then(|own| own.get("securityContext")), spec.get("securityContext")];
    let field = |key: &str| contexts.iter().flatten().find_map(|context| context.get(key));
    let user = field("runAsUser").and_then(Tree::as_i64);
    let ordinary = user.map_or(field("runAsNonRoot").and_then(Tree::as_bool) == Some(true), |user| user != 0);
    let added = contexts[0].map(|context| context.list_at(&["capabilities", "add"])).unwrap_or_default();
    ordinary && !added.iter().any(|name| matches!(name.as_str(), Some("NET_BIND_SERVICE" | "ALL")))
}

/// Neither declared nor known ports (EXP-IMG-2).
fn unknown(pod: &Pod, node: &Node) -> Route {
    let address = addresses(node).first().copied().unwrap_or("");
    Route {
        source: format!("Pod {}", pod_name(pod)),
        address: address.to_owned(),
        nodes: vec![node.meta.name.to_string()],
        pods: vec![pod_name(pod)],
        client_ip_kept: Some(true),
        notes: vec![Note::NoKnownPort],
        ..Route::nowhere(RouteKind::HostNetwork)
    }
}
