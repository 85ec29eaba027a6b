//! A Node as the API server returns it.

use api::server::Server;
use api::types::{Node, ResourceList, Taint};
use manifest::Tree;

use crate::kubectl::time::stamp;
use crate::kubectl::tree::{labels, list, map, set, text};

/// The kubelets' version: that of the control plane which is simulated.
const VERSION: &str = "v1.36.2";

/// The whole Node. A manifest's own fields stay; what a kubelet reports is added.
pub(super) fn tree(server: &Server, node: &Node) -> Tree {
    let stored = server.tree(node.meta.uid);
    let mut tree = stored.map_or_else(Tree::map, |tree| Tree::clone(&tree));
    set(&mut tree, &["apiVersion"], text("v1"));
    set(&mut tree, &["kind"], text("Node"));
    set(&mut tree, &["metadata", "name"], text(&node.meta.name));
    set(&mut tree, &["metadata", "labels"], labels(&node.meta.labels));
    if let Some(fields) = tree.as_map_mut() {
        fields.or_insert_with("spec", Tree::map);
    }
    if !node.taints.is_empty() {
        set(&mut tree, &["spec", "taints"], list(node.taints.iter().map(taint)));
    }
    if node.unschedulable {
        set(&mut tree, &["spec", "unschedulable"], Tree::added(true));
    } else if let Some(spec) = tree.get_mut("spec").and_then(Tree::as_map_mut) {
        spec.remove("unschedulable");
    }
    let addresses = node
        .addresses
        .iter()
        .map(|at| map(vec![("address", text(&at.address)), ("type", text(&format!("{:?}", at.kind)))]));
    set(&mut tree, &["status", "addresses"], list(addresses));
    set(&mut tree, &["status", "allocatable"], amounts(&node.allocatable));
    set(&mut tree, &["status", "capacity"], amounts(&node.capacity));
    let mut conditions = tree.list_at(&["status", "conditions"]).to_vec();
    let of_manifest = conditions.iter().position(|condition| condition.str_at(&["type"]) == "Ready");
    match of_manifest {
        Some(at) if is_unreachable(node) => conditions[at] = ready(node),
        Some(_) => {}
        None => conditions.push(ready(node)),
    }
    set(&mut tree, &["status", "conditions"], list(conditions));
    let label = |key: &str| node.meta.labels.get(key).map_or("", String::as_str);
    let info = [
        ("architecture", label("kubernetes.io/arch")),
        ("kubeletVersion", VERSION),
        ("operatingSystem", label("kubernetes.io/os")),
    ];
    for (field, value) in info {
        if tree.str_at(&["status", "nodeInfo", field]).is_empty() {
            set(&mut tree, &["status", "nodeInfo", field], text(value));
        }
    }
    tree
}

/// Whether the kubelet has stopped to answer: the node controller then adds the taint.
pub(super) fn is_unreachable(node: &Node) -> bool {
    !node.ready && node.taints.iter().any(|taint| taint.key == "node.kubernetes.io/unreachable")
}

fn taint(taint: &Taint) -> Tree {
    let mut fields = vec![("effect", text(&format!("{:?}", taint.effect))), ("key", text(&taint.key))];
    if !taint.value.is_empty() {
        fields.push(("value", text(&taint.value)));
    }
    map(fields)
}

fn amounts(list: &ResourceList) -> Tree {
    map(list.iter().map(|(name, amount)| (name.as_str(), text(&amount.to_string()))).collect())
}

fn ready(node: &Node) -> Tree {
    let (status, reason, message) = if is_unreachable(node) {
        ("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.")
    } else if node.ready {
        ("True", "KubeletReady", "kubelet is posting ready status")
    } else {
        ("False", "KubeletNotReady", "container runtime network not ready")
    };
    let since = text(&stamp(node.meta.created));
    map(vec![
        ("lastHeartbeatTime", since.clone()),
        ("lastTransitionTime", since),
        ("message", text(message)),
        ("reason", text(reason)),
        ("status", text(status)),
        ("type", text("Ready")),
    ])
}
