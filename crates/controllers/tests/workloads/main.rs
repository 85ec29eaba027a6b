//! What the controllers make of manifests, with a kubelet that starts every pod at once on one node.

mod budgets;
mod claims;
mod daemon_sets;
mod deployments;
mod jobs;
mod stateful_sets;
mod volumes;

use api::kubectl::{self, Options};
use api::server::Server;
use api::types::{Kind, Node, Pod, PodPhase};
use controllers::Controllers;

/// An API server with a node, and its controllers.
struct World {
    server: Server,
    controllers: Controllers,
    /// Whether controllers are told which pods have changed, rather than that any may have.
    tells: bool,
}

impl World {
    fn new() -> Self {
        let mut server = Server::new();
        let mut node = Node::default();
        node.meta.name = "node-1".into();
        server.create_node(node);
        Self { server, controllers: Controllers::default(), tells: true }
    }

    /// `kubectl apply`, and what follows from it.
    fn apply(&mut self, text: &str) {
        assert_eq!(self.try_apply(text), [""; 0]);
    }

    /// The same with the errors that kubectl prints.
    fn try_apply(&mut self, text: &str) -> Vec<String> {
        let applied = kubectl::apply(&mut self.server, text, &Options::default());
        self.settle();
        applied.stderr
    }

    fn delete(&mut self, kind: &Kind, namespace: &str, name: &str) {
        let uid = self.server.find_kind(kind, namespace, name).expect("only what exists is deleted");
        self.server.delete(uid);
        self.settle();
    }

    fn settle(&mut self) {
        for _ in 0..100 {
            let mut changed = self.controllers.reconcile(&mut self.server);
            if !self.tells {
                self.server.store_mut();
            }
            let pods = self.server.store().pods.iter();
            let unready: Vec<_> = pods.filter(|(_, pod)| !pod.status.ready).map(|(&uid, _)| uid).collect();
            for uid in unready {
                let Some(pod) = self.server.pod_mut(uid) else { continue };
                pod.node = Some("node-1".into());
                pod.status.phase = PodPhase::Running;
                pod.status.ready = true;
                changed = true;
            }
            if !changed {
                return;
            }
        }
        panic!("the controllers never come to rest");
    }

    /// Name and owner of every pod, by name.
    fn pods(&self) -> Vec<String> {
        let line = |pod: &Pod| match &pod.meta.owner {
            Some(owner) => format!("{} of {:?} {}", pod.meta.name, owner.kind, owner.name),
            None => pod.meta.name.to_string(),
        };
        self.server.pods_in("default").map(line).collect()
    }
}
