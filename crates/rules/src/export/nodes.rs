//! Nodes as `kind: Node` documents. KWOK takes what the status says for what a kubelet reports.

use std::rc::Rc;

use api::labels::Labels;
use api::types::{Node, NodeAddress, ResourceList, Taint};
use manifest::{Map, Tree, to_yaml};

/// What stands above the documents.
const HEAD: &str = "\
# The nodes of the scene, for KWOK: labels, taints, zones and sizes are those of the simulation, and `kwok.x-k8s.io/node: fake`
# lets KWOK keep them alive. Nothing runs on them, but the scheduler does not know: its decisions are real.
# Create them before the manifest is applied: kubectl create -f nodes.yaml
";

/// The documents of nodes, in their order.
pub(super) fn documents(nodes: &[Rc<Node>]) -> String {
    let mut text = HEAD.to_owned();
    for node in nodes {
        text += "---\n";
        text += &yaml(&document(node));
    }
    text
}

/// The text of a document.
pub(super) fn yaml(tree: &Tree) -> String {
    to_yaml(tree).into_iter().map(|line| line.text + "\n").collect()
}

/// A mapping of its entries.
pub(super) fn map<const N: usize>(entries: [(&str, Tree); N]) -> Tree {
    Tree::added(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map>())
}

/// The same, of texts.
pub(super) fn labels(labels: &Labels) -> Tree {
    let entries = labels.iter().map(|(key, value)| (key.clone(), Tree::added(value.as_str())));
    Tree::added(entries.collect::<Map>())
}

fn document(node: &Node) -> Tree {
    let mut metadata = vec![
        ("name", Tree::added(&*node.meta.name)),
        ("annotations", map([("kwok.x-k8s.io/node", Tree::added("fake"))])),
    ];
    metadata.push(("labels", labels(&node.meta.labels)));
    let mut spec = Vec::new();
    if !node.taints.is_empty() {
        spec.push(("taints", list(&node.taints, taint)));
    }
    if node.unschedulable {
        spec.push(("unschedulable", Tree::added(true)));
    }
    let mut status = vec![
        ("addresses", list(&node.addresses, address)),
        ("allocatable", amounts(&node.allocatable)),
        ("capacity", amounts(&node.capacity)),
    ];
    if !node.ready {
        let condition = map([("type", Tree::added("Ready")), ("status", Tree::added("False"))]);
        status.push(("conditions", Tree::added(vec![condition])));
    }
    if !node.images.is_empty() {
        status.push((
            "images",
            list(&node.images, |image| {
                let names = list(&image.names, |name| Tree::added(name.as_str()));
                map([("names", names), ("sizeBytes", Tree::added(image.size))])
            }),
        ));
    }
    map([
        ("apiVersion", Tree::added("v1")),
        ("kind", Tree::added("Node")),
        ("metadata", of(metadata)),
        ("spec", of(spec)),
        ("status", of(status)),
    ])
}

fn of(entries: Vec<(&str, Tree)>) -> Tree {
    Tree::added(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map>())
}

fn list<T>(items: &[T], tree: impl Fn(&T) -> Tree) -> Tree {
    Tree::added(items.iter().map(tree).collect::<Vec<_>>())
}

fn taint(taint: &Taint) -> Tree {
    let mut entries = vec![
        ("key", Tree::added(taint.key.as_str())),
        ("effect", Tree::added(format!("{:?}", taint.effect))),
    ];
    if !taint.value.is_empty() {
        entries.push(("value", Tree::added(taint.value.as_str())));
    }
    of(entries)
}

fn address(address: &NodeAddress) -> Tree {
    map([("type", Tree::added(format!("{:?}", address.kind))), ("address", Tree::added(&*address.address))])
}

fn amounts(amounts: &ResourceList) -> Tree {
    let entries = amounts.iter().map(|(name, amount)| (name.clone(), Tree::added(amount.to_string())));
    Tree::added(entries.collect::<Map>())
}
