//! Topology keys: for each key in use, the domain of every node as a number.

use std::rc::Rc;

use super::node::NodeInfo;
use manifest::sorted::SortedMap;

/// A topology key in use.
pub(crate) type KeyId = usize;

/// Stands for "the node has no domain".
pub(crate) const NO_DOMAIN: u32 = u32::MAX;

/// The domain of each slot, or [`NO_DOMAIN`].
pub(crate) type Domains = Rc<Vec<u32>>;

/// The domains of one key.
#[derive(Debug)]
pub(crate) struct TopologyKey {
    name: Rc<str>,
    /// By slot.
    pub(crate) domain_of: Domains,
    /// Number of domains.
    pub(crate) domains: usize,
    /// The domain whose value is the empty string, if any: nodes without the key count there when the system's default
    /// constraints spread (SCH-S-SPREAD-5).
    pub(crate) empty: Option<u32>,
}

/// All keys in use. They are thrown away when nodes change.
#[derive(Debug, Default)]
pub(crate) struct Topology {
    keys: Vec<TopologyKey>,
}

impl Topology {
    /// The number of a key; domains are numbered when it is asked for first.
    pub(crate) fn id(&mut self, name: &str, nodes: &[NodeInfo]) -> KeyId {
        if let Some(id) = self.keys.iter().position(|key| &*key.name == name) {
            return id;
        }
        let mut numbers: SortedMap<&str, u32> = SortedMap::new();
        let domain_of = nodes
            .iter()
            .map(|info| {
                let value = info.node.as_ref().and_then(|node| node.meta.labels.get(name));
                value.map_or(NO_DOMAIN, |value| {
                    let next = numbers.len() as u32;
                    *numbers.entry(value.as_str()).or_insert(next)
                })
            })
            .collect();
        let (domains, empty) = (numbers.len(), numbers.get("").copied());
        self.keys.push(TopologyKey { name: name.into(), domain_of: Rc::new(domain_of), domains, empty });
        self.keys.len() - 1
    }

    pub(crate) fn key(&self, id: KeyId) -> &TopologyKey {
        &self.keys[id]
    }

    pub(crate) fn domain(&self, id: KeyId, slot: u32) -> Option<usize> {
        let domain = self.keys[id].domain_of[slot as usize];
        (domain != NO_DOMAIN).then_some(domain as usize)
    }

    pub(crate) fn clear(&mut self) {
        self.keys.clear();
    }
}
