//! A Pod as the API server returns it: the stored spec with what scheduler and kubelet report.

use api::server::{Server, Store};
use api::types::{Container, Node, NodeAddressType, Pod, PodPhase, ScheduledCondition, Uid};
use manifest::Tree;
use manifest::sorted::SortedMap;

use crate::kubectl::time::stamp;
use crate::kubectl::tree::{labels, list, map, set, sorted_by, text};

/// What the kubelets know besides the pods' own status.
pub(super) struct Kubelets<'a> {
    nodes: SortedMap<&'a str, &'a Node>,
    /// Ports that processes found taken, by pod.
    taken: SortedMap<Uid, Vec<u16>>,
}

impl<'a> Kubelets<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        let nodes = store.nodes.values().map(|node| (&*node.meta.name, &**node)).collect();
        let mut taken: SortedMap<Uid, Vec<u16>> = SortedMap::new();
        if store.pods.values().any(|pod| pod.status.waiting_reason.is_some()) {
            for conflict in reach::bind_conflicts(store) {
                taken.entry(conflict.pod).or_default().push(conflict.port);
            }
        }
        Self { nodes, taken }
    }

    /// Whether a container is one that fails: one that opens a port which is taken, or any when no port is.
    fn fails(&self, pod: &Pod, container: &Container) -> bool {
        let Some(taken) = self.taken.get(&pod.meta.uid) else { return true };
        let opens = |port: &u16| {
            if container.ports.is_empty() {
                reach::listeners(container).iter().any(|at| at.port == *port)
            } else {
                container.ports.iter().any(|at| at.container_port == *port)
            }
        };
        taken.iter().any(opens)
    }

    /// Whether the kubelet of a pod's node has stopped to answer. What it said last of the containers still stands.
    fn is_lost(&self, pod: &Pod) -> bool {
        let node = pod.node.as_deref().and_then(|name| self.nodes.get(name));
        pod.status.phase == PodPhase::Running && node.is_some_and(|node| super::node::is_unreachable(node))
    }
}

/// The whole Pod.
pub(super) fn tree(server: &Server, kubelets: &Kubelets<'_>, pod: &Pod) -> Tree {
    let mut tree = server.tree(pod.meta.uid).map(|tree| Tree::clone(&tree)).unwrap_or_default();
    if !pod.meta.labels.is_empty() {
        set(&mut tree, &["metadata", "labels"], labels(&pod.meta.labels));
    }
    if let Some(node) = &pod.node {
        set(&mut tree, &["spec", "nodeName"], text(node));
    }
    write_status(kubelets, pod, &mut tree);
    tree
}

fn write_status(kubelets: &Kubelets<'_>, pod: &Pod, tree: &mut Tree) {
    let status = &pod.status;
    let phase = match status.phase {
        PodPhase::Pending => "Pending",
        PodPhase::Running => "Running",
        PodPhase::Succeeded => "Succeeded",
        PodPhase::Failed => "Failed",
    };
    let mut put = |field: &str, value: Tree| set(tree, &["status", field], value);
    put("phase", text(phase));
    if let Some(nominated) = &status.nominated_node {
        put("nominatedNodeName", text(nominated));
    }
    put("conditions", list(conditions(pod, kubelets.is_lost(pod))));
    if status.phase == PodPhase::Pending {
        return;
    }
    put("startTime", text(&stamp(status.started)));
    let node = pod.node.as_deref().and_then(|name| kubelets.nodes.get(name));
    let host = node.and_then(|node| node.addresses_of(NodeAddressType::InternalIP).next());
    let address = |field: &'static str, ip: &str| map(vec![(field, text(ip))]);
    if let Some(host) = host {
        put("hostIP", text(host));
        put("hostIPs", list([address("ip", host)]));
    }
    if let Some(ip) = status.pod_ips.first() {
        put("podIP", text(ip));
        put("podIPs", list(status.pod_ips.iter().map(|ip| address("ip", ip))));
    }
    let regular = sorted_by(regular_statuses(kubelets, pod), |status| status.str_at(&["name"]).to_owned());
    put("containerStatuses", list(regular));
    if !pod.spec.init_containers.is_empty() {
        let init = pod.spec.init_containers.iter().map(|container| init_status(pod, container));
        put("initContainerStatuses", list(init));
    }
}

/// The conditions in the kubelet's order; a pod that has not been started has only what the scheduler wrote.
fn conditions(pod: &Pod, lost: bool) -> Vec<Tree> {
    let since =
        stamp(if pod.status.phase == PodPhase::Pending { pod.meta.created } else { pod.status.started });
    let condition = |kind: &str, is_true: bool, reason: &str, message: &str| {
        let mut fields = vec![("lastProbeTime", Tree::default()), ("lastTransitionTime", text(&since))];
        if !reason.is_empty() {
            fields.extend([("message", text(message)), ("reason", text(reason))]);
        }
        fields.extend([("status", text(if is_true { "True" } else { "False" })), ("type", text(kind))]);
        map(fields)
    };
    let mut all = Vec::new();
    if pod.status.phase != PodPhase::Pending {
        let running = pod.status.phase == PodPhase::Running;
        let names = pod.spec.containers.iter().map(|container| container.name.as_str()).collect::<Vec<_>>();
        let unready = format!("containers with unready status: [{}]", names.join(" "));
        let (reason, message) = match pod.status.phase {
            // The node controller says no reason.
            _ if pod.status.ready || lost => ("", ""),
            PodPhase::Succeeded => ("PodCompleted", ""),
            PodPhase::Failed => ("PodFailed", ""),
            _ => ("ContainersNotReady", unready.as_str()),
        };
        all.push(condition("PodReadyToStartContainers", running, "", ""));
        all.push(condition("Initialized", true, "", ""));
        all.push(condition("Ready", pod.status.ready, reason, message));
        let (reason, message) = if lost { ("", "") } else { (reason, message) };
        all.push(condition("ContainersReady", pod.status.ready || lost, reason, message));
    }
    match &pod.status.scheduled {
        ScheduledCondition::False { reason, message } => {
            all.push(condition("PodScheduled", false, reason, message));
        }
        ScheduledCondition::True => all.push(condition("PodScheduled", true, "", "")),
        ScheduledCondition::Unknown if pod.node.is_some() => {
            all.push(condition("PodScheduled", true, "", ""));
        }
        ScheduledCondition::Unknown => {}
    }
    all
}

/// The statuses of the regular containers. Of a pod that is not ready because a container waits, the others are.
fn regular_statuses(kubelets: &Kubelets<'_>, pod: &Pod) -> Vec<Tree> {
    let status = &pod.status;
    let waits = |container: &Container| status.waiting_reason.is_some() && kubelets.fails(pod, container);
    let first = pod.spec.containers.iter().position(waits).unwrap_or(0);
    let lost = kubelets.is_lost(pod);
    let statuses = pod.spec.containers.iter().enumerate().map(|(index, container)| {
        let waiting = status.waiting_reason.filter(|_| waits(container));
        let restarts = if index == first { status.restarts } else { 0 };
        let state = match (status.phase, waiting) {
            (PodPhase::Running, Some(reason)) => ("waiting", map(vec![("reason", text(reason))])),
            (PodPhase::Succeeded, _) => ("terminated", terminated(pod, 0, "Completed")),
            (PodPhase::Failed, _) => ("terminated", terminated(pod, 1, "Error")),
            _ => ("running", map(vec![("startedAt", text(&stamp(status.started)))])),
        };
        let ready = status.ready || lost || status.waiting_reason.is_some() && waiting.is_none();
        let ended = terminated(pod, 1, "Error");
        let ended = if restarts > 0 { map(vec![("terminated", ended)]) } else { Tree::map() };
        container_status(container, state, ready, restarts, ended)
    });
    statuses.collect()
}

/// Init containers have done their work when a pod runs; sidecars go on.
fn init_status(pod: &Pod, container: &Container) -> Tree {
    let runs = container.sidecar && pod.status.phase == PodPhase::Running;
    let state = if runs {
        ("running", map(vec![("startedAt", text(&stamp(pod.status.started)))]))
    } else {
        ("terminated", terminated(pod, 0, "Completed"))
    };
    container_status(container, state, true, 0, Tree::map())
}

fn container_status(
    container: &Container,
    (state, value): (&'static str, Tree),
    ready: bool,
    restarts: u32,
    last: Tree,
) -> Tree {
    map(vec![
        ("image", text(&container.image)),
        ("imageID", text("")),
        ("lastState", last),
        ("name", text(&container.name)),
        ("ready", Tree::added(ready)),
        ("restartCount", Tree::added(i64::from(restarts))),
        ("started", Tree::added(state == "running")),
        ("state", map(vec![(state, value)])),
    ])
}

fn terminated(pod: &Pod, exit: i64, reason: &str) -> Tree {
    let at = stamp(pod.status.started);
    map(vec![
        ("exitCode", Tree::added(exit)),
        ("finishedAt", text(&at)),
        ("reason", text(reason)),
        ("startedAt", text(&at)),
    ])
}
