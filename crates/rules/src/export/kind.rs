//! A kind cluster with the nodes of the scene. The API server, the scheduler and the kubelets are real; the size of a node is that of
//! the machine.

use std::fmt::Write as _;
use std::rc::Rc;

use api::labels::Labels;
use api::types::Node;
use manifest::Tree;
use manifest::sorted::{SortedMap, SortedSet};
use reach::RouteKind;

use super::Scene;
use super::nodes::{labels, map, yaml};
use crate::assemble::settings;

/// Each node is a container with a kubelet: more of them are too many for most machines.
const MAX_NODES: usize = 30;

/// At most so many ports are mapped to the machine.
const MAX_PORTS: usize = 20;

const CONTROL_PLANE: &str = "node-role.kubernetes.io/control-plane";

/// What kind calls the nodes: `podreach-control-plane`, `podreach-worker`, `podreach-worker2` and so on.
pub(super) struct Names {
    /// By the names that they have in the scene.
    pub(super) of: SortedMap<Rc<str>, String>,
    /// The scene has no control plane; the cluster gets one, on which nothing is placed.
    pub(super) extra_control_plane: bool,
    /// How many nodes of the scene have no container.
    pub(super) left_out: usize,
}

impl Names {
    pub(super) fn of(scene: &Scene<'_>) -> Self {
        let (mut control_planes, mut workers, mut left_out) = (0, 0, 0);
        let mut names = SortedMap::new();
        for (index, node) in scene.all_nodes().enumerate() {
            if index >= MAX_NODES {
                left_out += 1;
                continue;
            }
            let (role, count) = if is_control_plane(node) {
                ("control-plane", &mut control_planes)
            } else {
                ("worker", &mut workers)
            };
            *count += 1;
            let number = if *count == 1 { String::new() } else { count.to_string() };
            names.insert(Rc::clone(&node.meta.name), format!("podreach-{role}{number}"));
        }
        Self { of: names, extra_control_plane: control_planes == 0, left_out }
    }

    /// A node's name in the cluster; where it has none, that of the scene.
    pub(super) fn get(&self, name: &str) -> String {
        self.of.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }
}

pub(super) fn is_control_plane(node: &Node) -> bool {
    node.meta.labels.contains_key(CONTROL_PLANE)
}

/// Labels that a kubelet may give to itself; of those under `kubernetes.io` only the zone and the region are of interest.
pub(super) fn is_own_label(key: &str) -> bool {
    let domain = key.split_once('/').map_or("", |(domain, _)| domain);
    let is_reserved = ["kubernetes.io", "k8s.io"]
        .iter()
        .any(|end| domain.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    !is_reserved || domain == "topology.kubernetes.io"
}

/// The configuration, in kind's v1alpha4.
pub(super) fn config(scene: &Scene<'_>, names: &Names) -> String {
    let mut text = String::from(
        "# A kind cluster with as many nodes as the scene: kind create cluster --config kind.yaml\n\
         # The nodes are containers, and each is as large as the machine: requests of CPU and memory meet another size.\n",
    );
    if names.extra_control_plane {
        text += "# The scene has no control plane; this one keeps pods away by its taint.\n";
    }
    if names.left_out > 0 {
        let _ = writeln!(
            text,
            "# {} more nodes of the scene are left out: use KWOK for so many.",
            names.left_out
        );
    }
    for node in scene.all_nodes() {
        if let Some(name) = names.of.get(&node.meta.name) {
            let _ = writeln!(text, "# {name} is {} of the scene.", node.meta.name);
        }
    }
    let ports = ports(scene);
    if !ports.is_empty() {
        text += "# extraPortMappings: ports of the nodes are ports of this machine, the first node's under the same number; ask\n\
                 # `docker port NODE` for the others. Node ports that the manifest does not name are drawn by each cluster anew.\n";
    }
    let mut mapped = SortedSet::new();
    let mut nodes = Vec::new();
    if names.extra_control_plane {
        nodes.push(map([("role", Tree::added("control-plane"))]));
    }
    for node in scene.all_nodes().filter(|node| names.of.contains_key(&node.meta.name)) {
        let role = if is_control_plane(node) { "control-plane" } else { "worker" };
        let mut tree = map([("role", Tree::added(role))]);
        let own = node.meta.labels.iter().filter(|(key, _)| is_own_label(key));
        let own: Labels = own.map(|(key, value)| (key.clone(), value.clone())).collect();
        let mappings: Vec<Tree> = ports.iter().filter_map(|port| mapping(port, &mut mapped)).collect();
        if let Some(entries) = tree.as_map_mut() {
            if !own.is_empty() {
                entries.insert("labels", labels(&own));
            }
            if !mappings.is_empty() {
                entries.insert("extraPortMappings", Tree::added(mappings));
            }
        }
        nodes.push(tree);
    }
    let tree = map([
        ("kind", Tree::added("Cluster")),
        ("apiVersion", Tree::added("kind.x-k8s.io/v1alpha4")),
        ("name", Tree::added("podreach")),
        ("nodes", Tree::added(nodes)),
    ]);
    text + &yaml(&tree)
}

/// A port of the nodes, with its protocol; a node port leads to the same pods on every node, so it is mapped once.
type Port = (u16, String, bool);

/// Ports at which pods are reached on their nodes, and node ports that the manifest names.
fn ports(scene: &Scene<'_>) -> Vec<Port> {
    let server = scene.last.simulation.server();
    let mut ports: SortedSet<Port> = SortedSet::new();
    for route in reach::routes(server.store(), &settings(scene.input)) {
        if matches!(route.kind, RouteKind::HostNetwork | RouteKind::HostPort) && route.port != 0 {
            ports.insert((route.port, route.protocol, false));
        }
    }
    for service in server.store().services() {
        let Some(tree) = server.tree(service.meta.uid) else { continue };
        let written = tree.list_at(&["spec", "ports"]).iter().zip(&service.ports);
        for (_, port) in
            written.filter(|(tree, _)| tree.get("nodePort").is_some_and(|port| port.span.is_some()))
        {
            ports.insert((port.node_port, port.protocol.to_string(), true));
        }
    }
    ports.iter().take(MAX_PORTS).cloned().collect()
}

/// The mapping of a port on one node. The number on the machine can be used once; kind finds another one where none is given.
fn mapping((port, protocol, once): &Port, mapped: &mut SortedSet<(u16, String)>) -> Option<Tree> {
    let is_first = mapped.insert((*port, protocol.clone()));
    if *once && !is_first {
        return None;
    }
    let mut tree =
        map([("containerPort", Tree::added(i64::from(*port))), ("protocol", Tree::added(protocol.as_str()))]);
    if let Some(entries) = tree.as_map_mut().filter(|_| is_first) {
        entries.insert("hostPort", Tree::added(i64::from(*port)));
    }
    Some(tree)
}
