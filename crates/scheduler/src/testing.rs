//! What the unit tests of the plugins share.

use std::collections::BTreeMap;
use std::rc::Rc;

use api::labels::Labels;
use api::quantity::Quantity;
use api::types::{Container, Meta, Node, Pod, PodSpec, Resources, Uid};

use crate::cache::node::{NodeInfo, PodEntry};
use crate::class::Class;
use crate::resources::ResourceNames;

pub(crate) fn quantity(millis: i64) -> Quantity {
    Quantity::milli(millis)
}

/// A container that requests cpu only.
pub(crate) fn container(millis: i64) -> Container {
    requests(Some(millis), None)
}

/// A container that requests millicores and bytes.
pub(crate) fn requests(cpu: Option<i64>, memory: Option<i64>) -> Container {
    let mut requests = BTreeMap::new();
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
