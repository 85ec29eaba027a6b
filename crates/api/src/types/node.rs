//! Node.

use std::fmt;
use std::rc::Rc;

use super::meta::Meta;
use super::pod::ResourceList;

/// What a taint does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum TaintEffect {
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}

/// A taint. Prints as kubectl prints it: `key=value:NoSchedule`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Taint {
    /// Key.
    pub key: String,
    /// Value, often empty.
    pub value: String,
    /// Effect.
    pub effect: TaintEffect,
}

impl fmt::Display for Taint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, value, effect } = self;
        if value.is_empty() { write!(f, "{key}:{effect:?}") } else { write!(f, "{key}={value}:{effect:?}") }
    }
}

/// Kind of a node address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum NodeAddressType {
    InternalIP,
    ExternalIP,
    Hostname,
}

/// An address of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeAddress {
    /// Kind.
    pub kind: NodeAddressType,
    /// IP or name.
    pub address: Rc<str>,
}

/// An image on a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerImage {
    /// All its names.
    pub names: Vec<String>,
    /// Bytes.
    pub size: i64,
}

/// A stored node.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Metadata; labels include the usual ones (SCH-NODE-2).
    pub meta: Meta,
    /// Capacity.
    pub capacity: ResourceList,
    /// What counts for scheduling (SCH-NODE-1).
    pub allocatable: ResourceList,
    /// Taints, those of conditions and cordon included (SCH-NODE-4, SCH-NODE-5).
    pub taints: Vec<Taint>,
    /// Cordoned.
    pub unschedulable: bool,
    /// The Ready condition.
    pub ready: bool,
    /// Addresses.
    pub addresses: Vec<NodeAddress>,
    /// Images.
    pub images: Vec<ContainerImage>,
}

impl Node {
    /// The addresses of one kind, in order: IPv4 and IPv6 of a dual-stack node.
    pub fn addresses_of(&self, kind: NodeAddressType) -> impl Iterator<Item = &Rc<str>> {
        self.addresses.iter().filter(move |address| address.kind == kind).map(|address| &address.address)
    }
}
