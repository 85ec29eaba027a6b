//! The scheduler: a cache of nodes and placed pods, and one scheduling cycle at a time.

use std::rc::Rc;

use api::types::{Node, Pod, Uid};

use crate::attempt::Attempt;
use crate::listers::Listers;

/// How ties are broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// 0: the first of equals in the order in which nodes were looked at. Otherwise a seeded choice (SCH-TIE-3).
    pub seed: u64,
}

/// How much of an attempt is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// Every verdict and every score.
    Full,
    /// The node chosen, the message, preemption and the counts.
    Outcome,
}

/// kube-scheduler with the default profile. It knows no API server: the caller tells it of nodes and pods, and binds.
#[derive(Debug, Default)]
pub struct Scheduler {
    options: Options,
    listers: Listers,
}

impl Scheduler {
    /// An empty cluster.
    pub fn new(options: Options) -> Self {
        Self { options, listers: Listers::default() }
    }

    /// A node joins.
    pub fn add_node(&mut self, node: Rc<Node>) {
        drop(node);
        todo!()
    }

    /// A node's labels, taints, allocatable amounts or images change.
    pub fn update_node(&mut self, node: Rc<Node>) {
        drop(node);
        todo!()
    }

    /// A node leaves. Pods bound to it no longer count, until they are removed or the node comes back.
    pub fn remove_node(&mut self, _name: &str) {
        todo!()
    }

    /// Services, budgets, volumes and namespaces changed.
    pub fn set_listers(&mut self, listers: Listers) {
        self.listers = listers;
    }

    /// A pod was bound to `pod.node`; Succeeded and Failed pods are not kept (SCH-PORTS-9).
    pub fn add_pod(&mut self, _pod: &Pod) {
        todo!()
    }

    /// A bound pod changed: labels, deletion, phase.
    pub fn update_pod(&mut self, _pod: &Pod) {
        todo!()
    }

    /// A pod is gone; nothing happens when it was not bound.
    pub fn remove_pod(&mut self, _uid: Uid) {
        todo!()
    }

    /// The pod is nominated to a node after preemption (SCH-PRE-8).
    pub fn nominate(&mut self, _pod: &Pod, _node: &str) {
        todo!()
    }

    /// The pod was bound or deleted, or lost its nomination.
    pub fn clear_nomination(&mut self, _uid: Uid) {
        todo!()
    }

    /// One scheduling cycle (SCH-CYCLE-2). It does not bind: the caller does, and then calls [`Scheduler::add_pod`].
    pub fn schedule(&mut self, _pod: &Pod, _trace: Trace) -> Attempt {
        let _ = (self.options, &self.listers);
        todo!()
    }

    /// The nodes in the order in which they are looked at (SCH-ORDER-2).
    pub fn node_order(&self) -> Vec<Rc<str>> {
        todo!()
    }
}
