//! The scene for a real control plane, so that anyone can check the answer: KWOK, where nodes and pods only pretend to run but
//! every decision is real, and kind, where pods run on nodes that are containers.
//!
//! [`export`] gives the nodes as documents for either tool, and a shell script that holds them together with the manifest, does what
//! the user did since, and compares the outcome with that of the simulation.

mod kind;
mod nodes;
mod script;
mod steps;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use api::types::Node;
use serde::{Deserialize, Serialize};

use crate::analyze::Run;
use crate::input::{Action, Input};
use crate::simulation::Keep;

/// Texts that make the scene real.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// `kind: Node` documents with the labels, taints, zones and sizes of the scene, for KWOK.
    pub kwok_nodes: String,
    /// A shell script for kwokctl that holds nodes and manifest.
    pub kwok_script: String,
    /// The configuration of a kind cluster with as many nodes.
    pub kind_config: String,
    /// A shell script for kind that holds configuration and manifest.
    pub kind_script: String,
}

/// The texts for an input.
pub fn export(input: &Input) -> Export {
    let scene = Scene::of(input);
    let kwok_nodes = nodes::documents(&scene.nodes);
    let names = kind::Names::of(&scene);
    let kind_config = kind::config(&scene, &names);
    Export {
        kwok_script: script::kwok(&scene, &kwok_nodes),
        kind_script: script::kind(&scene, &names, &kind_config),
        kwok_nodes,
        kind_config,
    }
}

/// What is exported.
struct Scene<'a> {
    input: &'a Input,
    /// The nodes at the beginning, in order of creation.
    nodes: Vec<Rc<Node>>,
    /// Those that each [`Action::AddNodes`] adds, in order.
    added: Vec<Vec<Rc<Node>>>,
    /// When the manifest has been applied.
    first: Run,
    /// When all is done.
    last: Run,
}

impl<'a> Scene<'a> {
    fn of(input: &'a Input) -> Self {
        let with =
            |actions: &[Action]| Run::of(&Input { actions: actions.to_vec(), ..input.clone() }, Keep::None);
        let first = with(&[]);
        let nodes = nodes_of(&first);
        let mut added = Vec::new();
        for (at, action) in input.actions.iter().enumerate() {
            if matches!(action, Action::AddNodes(_)) {
                let (before, mut after) =
                    (nodes_of(&with(&input.actions[..at])), nodes_of(&with(&input.actions[..=at])));
                after.retain(|node| before.iter().all(|old| old.meta.uid != node.meta.uid));
                added.push(after);
            }
        }
        let last = if input.actions.is_empty() { with(&[]) } else { with(&input.actions) };
        Self { input, nodes, added, first, last }
    }

    /// Every node that there ever was.
    fn all_nodes(&self) -> impl Iterator<Item = &Rc<Node>> {
        self.nodes.iter().chain(self.added.iter().flatten())
    }
}

fn nodes_of(run: &Run) -> Vec<Rc<Node>> {
    run.simulation.server().store().nodes.values().cloned().collect()
}
