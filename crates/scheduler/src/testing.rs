//! What the unit tests of the plugins share.

use std::rc::Rc;

use api::labels::Labels;
use api::quantity::Quantity;
use api::types::{Container, Meta, Node, Pod, PodSpec, Resources, Uid};
use manifest::sorted::SortedMap;

use crate::attempt::Attempt;
use crate::cache::node::{NodeInfo, PodEntry};
use crate::class::Class;
use crate::resources::ResourceNames;
use crate::scheduler::Scheduler;

pub(crate) fn quantity(millis: i64) -> Quantity {
    Quantity::milli(millis)
}

/// A container that requests cpu only.
pub(crate) fn container(millis: i64) -> Container {
    requests(Some(millis), None)
}

/// A container that requests millicores and bytes.
pub(crate) fn requests(cpu: Option<i64>, memory: Option<i64>) -> Container {
    let mut requests = SortedMap::new();
    requests.extend(cpu.map(|cpu| ("cpu".to_owned(), Quantity::milli(cpu))));
    requests.extend(memory.map(|memory| ("memory".to_owned(), Quantity::whole(memory))));
    Container { resources: Resources { requests, ..Resources::default() }, ..Container::default() }
}

/// The class of a pod with one container.
pub(crate) fn class(container: Container) -> Class {
    let spec = Rc::new(PodSpec { containers: vec![container], ..PodSpec::default() });
    Class::of(&Pod { spec, ..Pod::default() }, &mut ResourceNames::default())
}

pub(crate) fn entry() -> PodEntry {
    PodEntry { uid: Uid(1), class: 0, priority: 0, deleting: false, started: 0, name: "".into() }
}

/// A node with the usual labels.
pub(crate) fn node(name: &str) -> Node {
    let labels =
        [("kubernetes.io/hostname", name), ("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "amd64")];
    let labels: Labels = labels.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    Node { meta: Meta { name: name.into(), labels: Rc::new(labels), ..Meta::default() }, ..Node::default() }
}

/// A node with these amounts of millicores, bytes and pods.
pub(crate) fn info(cpu: i64, memory: i64, pods: i64) -> NodeInfo {
    let mut node = node("node");
    node.allocatable.insert("cpu".into(), Quantity::milli(cpu));
    node.allocatable.insert("memory".into(), Quantity::whole(memory));
    node.allocatable.insert("pods".into(), Quantity::whole(pods));
    let mut info = NodeInfo::default();
    info.set_node(Rc::new(node), &mut ResourceNames::default());
    info
}

/// A pod in the namespace `default`.
pub(crate) fn pod(uid: u64, labels: &[(&str, &str)], spec: PodSpec) -> Pod {
    let labels =
        Rc::new(labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect());
    let name = format!("pod-{uid}").into();
    let meta = Meta { name, namespace: "default".into(), uid: Uid(uid), labels, ..Meta::default() };
    Pod { meta, spec: Rc::new(spec), ..Pod::default() }
}

/// A scheduler with nodes of 4 CPUs, 8 GiB and 110 pods, by name and zone; no zone label for the empty zone.
pub(crate) fn scheduler(nodes: &[(&str, &str)]) -> Scheduler {
    let mut scheduler = Scheduler::default();
    for (name, zone) in nodes {
        let mut node = node(name);
        if !zone.is_empty() {
            Rc::make_mut(&mut node.meta.labels).insert("topology.kubernetes.io/zone".into(), (*zone).into());
        }
        node.allocatable.insert("cpu".into(), Quantity::whole(4));
        node.allocatable.insert("memory".into(), Quantity::whole(8 << 30));
        node.allocatable.insert("pods".into(), Quantity::whole(110));
        scheduler.add_node(Rc::new(node));
    }
    scheduler
}

/// Binds a pod, past all rules.
pub(crate) fn bind(scheduler: &mut Scheduler, pod: &Pod, node: &str) {
    scheduler.add_pod(&Pod { node: Some(node.into()), ..pod.clone() });
}

/// Raw and normalised scores of a plugin in the order of the nodes; empty when it was skipped.
pub(crate) fn scores(attempt: &Attempt, plugin: &str) -> Vec<(i64, i64)> {
    let plugin = attempt.scores.iter().find(|scores| &*scores.plugin == plugin);
    plugin.iter().flat_map(|plugin| &plugin.scores).map(|score| (score.raw, score.normalized)).collect()
}
