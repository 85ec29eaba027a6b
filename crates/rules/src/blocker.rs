//! From a scheduler's attempt to what a person would say: what keeps this pod from being placed.

use std::rc::Rc;

use api::labels::Selector;
use api::quantity::Quantity;
use api::types::{ContainerPort, Node, Pod, Taint, TaintEffect};
use manifest::sorted::{SortedMap, SortedSet};
use scheduler::{Attempt, Code, Rejection};

use crate::report::Blocker;
use crate::simulation::Simulation;
use crate::{places, requests};

/// At most this many pods are named as holders of a port.
const MAX_HOLDERS: usize = 20;

/// The main reason why an attempt found no node. `None` when it found one.
pub(crate) fn blocker(
    simulation: &Simulation,
    pods: &PodsByNode<'_>,
    pod: &Pod,
    attempt: &Attempt,
) -> Option<Blocker> {
    if attempt.chosen.is_some() {
        return None;
    }
    if attempt.nodes == 0 {
        return Some(Blocker::NoNodes);
    }
    let Some(main) = main_rejections(attempt) else { return Some(Blocker::Other(attempt.message.clone())) };
    let (plugin, reason) = (&*main.plugin, main.reason);
    let nodes: Vec<&Node> = main.nodes.iter().filter_map(|name| pods.node(name)).collect();
    Some(match plugin {
        "NodePorts" => host_port(pods, pod, &nodes).unwrap_or_else(|| Blocker::Other(reason.to_owned())),
        "NodeResourcesFit" => match reason.strip_prefix("Insufficient ") {
            Some(resource) => insufficient(simulation, pods, pod, resource, &nodes),
            None if reason == "Too many pods" => Blocker::TooManyPods,
            None => Blocker::Other(reason.to_owned()),
        },
        "TaintToleration" => taints(pod, &nodes),
        "NodeUnschedulable" => Blocker::Cordoned,
        "NodeAffinity" => Blocker::NodeSelector { wants: wants(pod), span: places::node_rule(&pod.tree) },
        "PodTopologySpread" | "InterPodAffinity" => {
            Blocker::Pods { reason: reason.to_owned(), span: places::pod_rule(&pod.tree, plugin) }
        }
        _ => Blocker::Other(reason.to_owned()),
    })
}

/// The nodes and the pods that stand on them.
pub(crate) struct PodsByNode<'a> {
    nodes: SortedMap<&'a str, (&'a Node, Vec<&'a Pod>)>,
}

impl<'a> PodsByNode<'a> {
    /// Reads the store once.
    pub(crate) fn of(simulation: &'a Simulation) -> Self {
        let store = simulation.server().store();
        let mut nodes: SortedMap<&str, (&Node, Vec<&Pod>)> =
            store.nodes.values().map(|node| (&*node.meta.name, (&**node, Vec::new()))).collect();
        for pod in store.pods.values().filter(|pod| !pod.status.phase.is_terminal()) {
            if let Some((_, pods)) = pod.node.as_deref().and_then(|node| nodes.get_mut(node)) {
                pods.push(pod);
            }
        }
        Self { nodes }
    }

    /// A node by name.
    pub(crate) fn node(&self, name: &str) -> Option<&'a Node> {
        self.nodes.get(name).map(|(node, _)| *node)
    }

    /// The pods on a node that count for scheduling.
    pub(crate) fn on(&self, name: &str) -> &[&'a Pod] {
        self.nodes.get(name).map_or(&[], |(_, pods)| pods)
    }
}

/// The reason that weighs most, and the nodes that it rules out.
struct Main<'a> {
    plugin: Rc<str>,
    reason: &'a str,
    nodes: Vec<Rc<str>>,
}

/// Reasons that free capacity would resolve weigh more than those of nodes that are out of question; then the number of nodes.
fn main_rejections(attempt: &Attempt) -> Option<Main<'_>> {
    if let Some(rejection) = &attempt.prefilter_rejection {
        let reason = rejection.reasons.first().map_or("", |reason| reason);
        return Some(Main { plugin: Rc::clone(&rejection.plugin), reason, nodes: Vec::new() });
    }
    let mut groups: SortedMap<(bool, &str, &str), Vec<Rc<str>>> = SortedMap::new();
    for (node, rejection) in attempt.rejected.iter() {
        for reason in &rejection.reasons {
            let key = (rejection.code == Code::Unschedulable, &*rejection.plugin, &**reason);
            groups.entry(key).or_default().push(Rc::clone(node));
        }
    }
    if let (true, Some((Rejection { plugin, reasons, .. }, _))) = (groups.is_empty(), &attempt.excluded) {
        let reason = reasons.first().map_or("", |reason| reason);
        return Some(Main { plugin: Rc::clone(plugin), reason, nodes: Vec::new() });
    }
    let weight = |(key, nodes): &(&(bool, &str, &str), &Vec<Rc<str>>)| (key.0, nodes.len());
    let (&(_, plugin, reason), nodes) = groups.iter().max_by_key(weight)?;
    Some(Main { plugin: plugin.into(), reason, nodes: nodes.clone() })
}

/// The host ports that a pod holds or wants, with their protocol and address.
pub(crate) fn host_ports(pod: &Pod) -> impl Iterator<Item = &ContainerPort> {
    pod.spec.port_holders().flat_map(|container| &container.ports).filter(|port| port.host_port > 0)
}

/// Whether two host ports cannot stand on one node (SCH-PORTS-4).
pub(crate) fn clash(a: &ContainerPort, b: &ContainerPort) -> bool {
    let any = |port: &ContainerPort| port.host_ip.is_empty() || port.host_ip == "0.0.0.0";
    a.host_port == b.host_port && a.protocol == b.protocol && (a.host_ip == b.host_ip || any(a) || any(b))
}

fn host_port(pods: &PodsByNode<'_>, pod: &Pod, nodes: &[&Node]) -> Option<Blocker> {
    let clash_on = |wanted: &ContainerPort, node: &Node| -> Vec<&Pod> {
        let holds = |other: &&&Pod| host_ports(other).any(|held| clash(wanted, held));
        pods.on(&node.meta.name).iter().filter(holds).copied().collect()
    };
    let count =
        |wanted: &&ContainerPort| nodes.iter().filter(|node| !clash_on(wanted, node).is_empty()).count();
    let wanted = host_ports(pod).max_by_key(|wanted| (count(wanted), u16::MAX - wanted.host_port))?;
    let holders: Vec<&Pod> = nodes.iter().flat_map(|node| clash_on(wanted, node)).take(MAX_HOLDERS).collect();
    let holder = holders.first()?;
    Some(Blocker::HostPort {
        port: wanted.host_port,
        protocol: wanted.protocol.to_string(),
        holders: holders.iter().map(|pod| format!("{}/{}", pod.meta.namespace, pod.meta.name)).collect(),
        span: places::host_port(&pod.tree, wanted.host_port),
        holder_span: places::host_port(&holder.tree, wanted.host_port),
    })
}

fn insufficient(
    simulation: &Simulation,
    pods: &PodsByNode<'_>,
    pod: &Pod,
    resource: &str,
    nodes: &[&Node],
) -> Blocker {
    let requested = requests::of_pod(&pod.spec).get(resource).copied().unwrap_or_default();
    let left = |node: &&Node| requests::free(node, pods.on(&node.meta.name).iter().copied(), resource);
    let free = nodes.iter().map(left).max().unwrap_or_default();
    let largest = simulation.server().store().nodes.values();
    let largest =
        largest.filter_map(|node| node.allocatable.get(resource)).max().copied().unwrap_or_default();
    Blocker::Resource {
        name: resource.to_owned(),
        requested: requested.to_string(),
        free: free.max(Quantity::default()).to_string(),
        never_fits: requested > largest,
        span: places::request(&pod.tree, resource),
    }
}

fn taints(pod: &Pod, nodes: &[&Node]) -> Blocker {
    let tolerated = |taint: &Taint| pod.spec.tolerations.iter().any(|one| one.matches(taint));
    let blocking = nodes.iter().flat_map(|node| &node.taints);
    let blocking =
        blocking.filter(|taint| taint.effect != TaintEffect::PreferNoSchedule && !tolerated(taint));
    let taints: SortedSet<String> = blocking.map(ToString::to_string).collect();
    Blocker::Taints {
        taints: taints.into_iter().collect(),
        span: places::spec_field(&pod.tree, "tolerations"),
    }
}

/// What a pod asks of its node's labels, as kubectl prints selectors.
fn wants(pod: &Pod) -> Vec<String> {
    let selected = pod.spec.node_selector.iter().map(|(key, value)| format!("{key}={value}"));
    let required = pod.spec.affinity.node.iter().filter_map(|affinity| affinity.required.as_ref()).flatten();
    let terms = required.map(|term| {
        let requirements = term.match_expressions.iter().chain(&term.match_fields).cloned().collect();
        Selector { requirements }.to_string()
    });
    selected.chain(terms).collect()
}
