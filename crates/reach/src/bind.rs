//! What the scheduler does not see: ports that processes under hostNetwork really open, and who finds them taken.
//!
//! Declared ports keep such pods apart (EXP-HN-7). Undeclared ones do not: the second process on a node cannot bind, exits,
//! and its pod goes into CrashLoopBackOff (EXP-HN-8). The node's own daemons hold ports as well (EXP-HN-9).

use api::server::Store;
use api::types::{Container, Node, Pod, Protocol, Uid};
use manifest::sorted::SortedMap;

use crate::images::{Listener, listeners};
use crate::view::pod_name;

/// Who holds a port already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Another process in a pod: namespace/name.
    Pod(String),
    /// A daemon of the node, by its name.
    Node(&'static str),
}

/// A process that finds its port taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindConflict {
    /// The pod that crashes.
    pub pod: Uid,
    /// Port.
    pub port: u16,
    /// Transport.
    pub protocol: Protocol,
    /// Who was there first.
    pub holder: Holder,
}

/// A daemon's port on a node, TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Daemon {
    /// Port.
    pub port: u16,
    /// Who listens.
    pub name: &'static str,
    /// Only the node itself gets to it.
    pub loopback: bool,
}

const fn daemon(port: u16, name: &'static str, loopback: bool) -> Daemon {
    Daemon { port, name, loopback }
}

/// Daemons of every node. A listener on all addresses collides with one on loopback, too.
const NODE_PORTS: [Daemon; 5] = [
    daemon(22, "sshd", false),
    daemon(10248, "kubelet", true),
    daemon(10249, "kube-proxy", true),
    daemon(10250, "kubelet", false),
    daemon(10256, "kube-proxy", false),
];
/// Daemons of a control-plane node, as kubeadm sets them up.
const CONTROL_PLANE_PORTS: [Daemon; 6] = [
    daemon(2379, "etcd", false),
    daemon(2380, "etcd", false),
    daemon(2381, "etcd", true),
    daemon(6443, "kube-apiserver", false),
    daemon(10257, "kube-controller-manager", true),
    daemon(10259, "kube-scheduler", true),
];

/// The daemon that holds a TCP port of a node (EXP-HN-9).
pub fn daemon_at(control_plane: bool, port: u16) -> Option<&'static Daemon> {
    let more = if control_plane { &CONTROL_PLANE_PORTS[..] } else { &[] };
    NODE_PORTS.iter().chain(more).find(|daemon| daemon.port == port)
}

/// The name of the daemon that holds a TCP port of a node.
pub fn node_daemon(node: &Node, port: u16) -> Option<&'static str> {
    let control_plane = node.meta.labels.contains_key("node-role.kubernetes.io/control-plane");
    daemon_at(control_plane, port).map(|daemon| daemon.name)
}

/// The ports that a container opens: declared ones are the best knowledge, else those of its image (EXP-HN-6). The flag says
/// that they come from the image.
pub(crate) fn opened(container: &Container) -> (Vec<Listener>, bool) {
    let image = listeners(container);
    if container.ports.is_empty() {
        return (image, true);
    }
    let declared = container.ports.iter().map(|port| {
        let known = image.iter().find(|at| at.port == port.container_port && at.protocol == port.protocol);
        known.cloned().unwrap_or_else(|| Listener::plain(port.container_port, port.protocol))
    });
    (declared.collect(), false)
}

/// The processes under hostNetwork that cannot bind, in the order in which their pods were started.
pub fn bind_conflicts(store: &Store) -> Vec<BindConflict> {
    let nodes: SortedMap<&str, &Node> =
        store.nodes.values().map(|node| (&*node.meta.name, &**node)).collect();
    let mut pods: Vec<(&Uid, &Pod)> = store
        .pods
        .iter()
        .filter(|(_, pod)| pod.spec.host_network && pod.node.is_some() && !pod.status.phase.is_terminal())
        .collect();
    pods.sort_by_key(|(uid, pod)| (pod.status.started, **uid));
    let mut held: SortedMap<(&str, u16, Protocol), (&Pod, bool)> = SortedMap::new();
    let mut conflicts = Vec::new();
    for (&uid, pod) in pods {
        let node = pod.node.as_deref().unwrap_or("");
        for listener in pod.spec.port_holders().flat_map(|container| opened(container).0) {
            let Listener { port, protocol, shared, .. } = listener;
            let daemon = nodes.get(node).filter(|_| protocol == Protocol::Tcp);
            let holder = match daemon.and_then(|node| node_daemon(node, port)) {
                Some(daemon) => Some(Holder::Node(daemon)),
                None => match held.get(&(node, port, protocol)) {
                    Some((_, true)) if shared => None,
                    Some((first, _)) => Some(Holder::Pod(pod_name(first))),
                    None => {
                        held.insert((node, port, protocol), (pod, shared));
                        None
                    }
                },
            };
            conflicts.extend(holder.map(|holder| BindConflict { pod: uid, port, protocol, holder }));
        }
    }
    conflicts
}
