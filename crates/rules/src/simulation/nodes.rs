//! Nodes: those of the cluster's description, those of the manifest, and what the scheduler is told of them.

use std::rc::Rc;

use api::labels::Labels;
use api::quantity::Quantity;
use api::types::{Node, NodeAddress, NodeAddressType, ResourceList, Taint, TaintEffect, Uid};
use manifest::sorted::SortedMap;
use scheduler::ClusterEvent;

use super::Simulation;
use crate::input::{ClusterSpec, NodeOverride, NodeShape};

const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";
const ZONE: &str = "topology.kubernetes.io/zone";

/// The nodes that a cluster description stands for.
pub fn cluster_nodes(cluster: &ClusterSpec) -> Vec<Node> {
    (0..cluster.nodes).map(|index| node_of(cluster, index)).collect()
}

/// The node of an index, from 0 (SCH-NODE-2): `node-1`, 10.0.0.11 and so on.
pub fn node_of(cluster: &ClusterSpec, index: u32) -> Node {
    let usual = NodeOverride::default();
    let special = cluster.overrides.get(&index).unwrap_or(&usual);
    let name = format!("node-{}", index + 1);
    let mut labels = usual_labels(&name);
    if !cluster.zones.is_empty() {
        let zone = &cluster.zones[index as usize % cluster.zones.len()];
        labels.insert(ZONE.to_owned(), zone.clone());
    }
    let mut taints: Vec<Taint> = special.taints.iter().filter_map(|text| parse_taint(text)).collect();
    if index < cluster.control_plane {
        labels.insert(CONTROL_PLANE.to_owned(), String::new());
        taints.push(taint(CONTROL_PLANE, TaintEffect::NoSchedule));
    }
    labels.extend(special.labels.iter().map(|(key, value)| (key.clone(), value.clone())));
    if special.not_ready {
        taints.push(taint("node.kubernetes.io/not-ready", TaintEffect::NoSchedule));
        taints.push(taint("node.kubernetes.io/not-ready", TaintEffect::NoExecute));
    }
    if special.unschedulable {
        taints.push(taint("node.kubernetes.io/unschedulable", TaintEffect::NoSchedule));
    }
    let resources = resources(special.shape.as_ref().unwrap_or(&cluster.shape));
    let address_of = |kind, text: &str| NodeAddress { kind, address: text.into() };
    let internal =
        if special.internal_ip.is_empty() { internal_ip(index) } else { special.internal_ip.clone() };
    let mut addresses = vec![address_of(NodeAddressType::InternalIP, &internal)];
    if !special.external_ip.is_empty() {
        addresses.push(address_of(NodeAddressType::ExternalIP, &special.external_ip));
    }
    addresses.push(address_of(NodeAddressType::Hostname, &name));
    let mut node = Node {
        capacity: resources.clone(),
        allocatable: resources,
        taints,
        unschedulable: special.unschedulable,
        ready: !special.not_ready,
        addresses,
        ..Node::default()
    };
    node.meta.name = name.as_str().into();
    node.meta.labels = Rc::new(labels);
    node
}

fn usual_labels(name: &str) -> Labels {
    let pairs =
        [("kubernetes.io/hostname", name), ("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "amd64")];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// 10.0.0.11 for the first node, counted on through the third place.
fn internal_ip(index: u32) -> String {
    let number = index + 11;
    format!("10.0.{}.{}", number / 256 % 256, number % 256)
}

fn taint(key: &str, effect: TaintEffect) -> Taint {
    Taint { key: key.to_owned(), value: String::new(), effect }
}

/// Reads `key=value:NoSchedule` or `key:NoSchedule`; `None` when it is neither.
fn parse_taint(text: &str) -> Option<Taint> {
    let (rest, effect) = text.trim().rsplit_once(':')?;
    let effect = match effect {
        "NoSchedule" => TaintEffect::NoSchedule,
        "PreferNoSchedule" => TaintEffect::PreferNoSchedule,
        "NoExecute" => TaintEffect::NoExecute,
        _ => return None,
    };
    let (key, value) = rest.split_once('=').unwrap_or((rest, ""));
    (!key.is_empty()).then(|| Taint { key: key.to_owned(), value: value.to_owned(), effect })
}

/// The amounts of a shape; one that cannot be read is left at its default.
fn resources(shape: &NodeShape) -> ResourceList {
    let usual = NodeShape::default();
    let pairs = [
        ("cpu", &shape.cpu, &usual.cpu),
        ("memory", &shape.memory, &usual.memory),
        ("ephemeral-storage", &shape.ephemeral_storage, &usual.ephemeral_storage),
        ("pods", &shape.pods, &usual.pods),
    ];
    let read = |text: &str| Quantity::parse(text.trim()).ok();
    pairs
        .into_iter()
        .filter_map(|(name, text, usual)| Some((name.to_owned(), read(text).or_else(|| read(usual))?)))
        .collect()
}

impl Simulation {
    /// Gives nodes that came without a kubelet what one would report: size, address and the usual labels.
    pub(super) fn complete_nodes(&mut self) {
        let cluster = ClusterSpec::default();
        let uids: Vec<Uid> = self.server.store().nodes.keys().copied().collect();
        for (index, uid) in uids.into_iter().enumerate() {
            let Some(node) = self.server.store().nodes.get(&uid) else { continue };
            let has_ip = node.addresses_of(NodeAddressType::InternalIP).next().is_some();
            if has_ip
                && !node.allocatable.is_empty()
                && node.meta.labels.contains_key("kubernetes.io/hostname")
            {
                continue;
            }
            let usual = node_of(&cluster, index as u32);
            let mut node = Node::clone(node);
            let mut labels = usual_labels(&node.meta.name);
            labels.extend(node.meta.labels.iter().map(|(key, value)| (key.clone(), value.clone())));
            node.meta.labels = Rc::new(labels);
            if node.allocatable.is_empty() {
                node.allocatable =
                    if node.capacity.is_empty() { usual.allocatable } else { node.capacity.clone() };
                node.capacity = node.allocatable.clone();
            }
            if !has_ip {
                node.addresses.insert(0, usual.addresses[0].clone());
            }
            self.server.store_mut().nodes.insert(uid, Rc::new(node));
        }
    }

    /// Tells the scheduler of nodes that joined, changed or left.
    pub(super) fn notice_nodes(&mut self) {
        let now = self.server.now();
        let nodes: SortedMap<Uid, Rc<Node>> = self.server.store().nodes.clone();
        for (uid, old) in &self.known_nodes {
            if !nodes.contains_key(uid) {
                self.scheduler.remove_node(&old.meta.name);
                self.queue.event(&ClusterEvent::NodeDeleted(old), now);
            }
        }
        for (uid, node) in &nodes {
            match self.known_nodes.get(uid) {
                None => {
                    self.scheduler.add_node(Rc::clone(node));
                    self.queue.event(&ClusterEvent::NodeAdded(node), now);
                }
                Some(old) if !Rc::ptr_eq(old, node) => {
                    self.scheduler.update_node(Rc::clone(node));
                    self.queue.event(&ClusterEvent::NodeUpdated { old, new: node }, now);
                }
                Some(_) => {}
            }
        }
        self.known_nodes = nodes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_of_a_description() {
        let mut cluster = ClusterSpec { nodes: 3, control_plane: 1, ..ClusterSpec::default() };
        cluster.zones = vec!["a".into(), "b".into()];
        let special = NodeOverride {
            taints: vec!["gpu=yes:NoSchedule".into(), "nonsense".into()],
            ..NodeOverride::default()
        };
        cluster.overrides.insert(2, special);
        let nodes = cluster_nodes(&cluster);
        let names: Vec<&str> = nodes.iter().map(|node| &*node.meta.name).collect();
        assert_eq!(names, ["node-1", "node-2", "node-3"]);
        assert_eq!(&*nodes[0].addresses[0].address, "10.0.0.11");
        assert_eq!(nodes[0].taints[0].to_string(), "node-role.kubernetes.io/control-plane:NoSchedule");
        assert_eq!(nodes[2].taints[0].to_string(), "gpu=yes:NoSchedule");
        assert_eq!(nodes[2].taints.len(), 1);
        assert_eq!(nodes[1].meta.labels[ZONE], "b");
        assert_eq!(internal_ip(300), "10.0.1.55");
    }
}
