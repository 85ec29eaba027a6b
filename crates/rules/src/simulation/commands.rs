//! What a user does to the running cluster: kubectl's commands, with the lines that kubectl prints.

use api::kubectl::{self, Applied};

use super::{Simulation, node_of};
use crate::input::{Action, ClusterSpec};

impl Simulation {
    /// `kubectl apply -f` (or `create -f`) of a text.
    pub fn apply(&mut self, text: &str, options: &kubectl::Options) -> Applied {
        kubectl::apply(&mut self.server, text, options)
    }

    /// `kubectl ARGS` without files: delete, scale, cordon, uncordon, label, taint, patch, set image, and rollout restart of
    /// an object in the namespace `default`.
    pub fn command(&mut self, args: &[&str]) -> kubectl::Output {
        let object = match args {
            ["rollout", "restart", object] => object.split_once('/'),
            ["rollout", "restart", kind, name] => Some((*kind, *name)),
            _ => None,
        };
        match object {
            Some((kind, name)) => self.rollout_restart(kind, "default", name),
            None => kubectl::command(&mut self.server, args),
        }
    }

    /// Does what the user did. New nodes get the cluster's shape.
    pub fn run(&mut self, action: &Action, cluster: &ClusterSpec, options: &kubectl::Options) -> Applied {
        let server = &mut self.server;
        let output = match action {
            Action::Apply(text) => return self.apply(text, options),
            Action::Delete(kind, namespace, name) => kubectl::delete(server, kind, namespace, name),
            Action::Scale(kind, namespace, name, replicas) => {
                kubectl::scale(server, kind, namespace, name, *replicas)
            }
            Action::Cordon(name) => kubectl::cordon(server, name, true),
            Action::Uncordon(name) => kubectl::cordon(server, name, false),
            Action::AddNodes(count) => self.add_more_nodes(*count, cluster),
            Action::RestartContainer(namespace, name) => self.restart_container(namespace, name),
            Action::Drain(node) => self.drain(node),
            Action::LoseNode(node) => self.lose_node(node),
            Action::ReturnNode(node) => self.return_node(node),
            Action::RemoveNode(node) => self.remove_node(node),
            Action::RolloutRestart(kind, namespace, name) => self.rollout_restart(kind, namespace, name),
            Action::RunCronJob(namespace, name, job) => self.run_cron_job(namespace, name, job),
        };
        let kubectl::Output { stdout, stderr, exit } = output;
        Applied { stdout, stderr, exit, ..Applied::default() }
    }

    /// Adds nodes after all that there ever were: a name is not given twice.
    fn add_more_nodes(&mut self, count: u32, cluster: &ClusterSpec) -> kubectl::Output {
        let room = MAX_NODES.saturating_sub(self.server.store().nodes.len() as u32);
        let first = self.nodes_named.max(self.server.store().nodes.len() as u32);
        self.nodes_named = first;
        self.add_nodes((first..first + count.min(room)).map(|index| node_of(cluster, index)));
        kubectl::Output::default()
    }
}

/// The most nodes that are simulated.
pub(crate) const MAX_NODES: u32 = 5_000;
