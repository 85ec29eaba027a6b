//! The scheduling queue: which pod is tried next, and which event brings a failed pod back.

use std::rc::Rc;

use api::types::{Node, Pod, Uid};

/// Something that happened in the cluster and may make failed pods schedulable (SCH-RETRY-1).
#[derive(Clone, Debug)]
pub enum ClusterEvent<'a> {
    /// A node joined.
    NodeAdded(&'a Node),
    /// A node changed.
    NodeUpdated {
        /// Before.
        old: &'a Node,
        /// After.
        new: &'a Node,
    },
    /// A node left.
    NodeDeleted(&'a Node),
    /// A pod was bound.
    PodAdded(&'a Pod),
    /// A bound pod changed.
    PodUpdated {
        /// Before.
        old: &'a Pod,
        /// After.
        new: &'a Pod,
    },
    /// A bound pod was removed.
    PodDeleted(&'a Pod),
    /// A claim, volume or storage class was added or changed.
    StorageChanged,
    /// The labels of a namespace changed, or a namespace was added.
    NamespaceChanged,
}

/// A pod taken from the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Popped {
    /// Its identity.
    pub uid: Uid,
    /// Number of this attempt, from 1.
    pub attempt: u32,
}

/// The queue. Times are simulated milliseconds.
#[derive(Debug, Default)]
pub struct Queue {}

impl Queue {
    /// An empty queue.
    pub fn new() -> Self {
        Self::default()
    }

    /// A pod without a node appeared. Gated pods wait outside (SCH-GATE-1).
    pub fn add(&mut self, _pod: &Pod, _now: u64) {
        todo!()
    }

    /// A pod in the queue changed: gates were removed, labels changed, it is being deleted.
    pub fn update(&mut self, _pod: &Pod, _now: u64) {
        todo!()
    }

    /// The pod was deleted or bound.
    pub fn remove(&mut self, _uid: Uid) {
        todo!()
    }

    /// The next pod: highest priority, then longest in the queue (SCH-QUEUE-1).
    pub fn pop(&mut self, _now: u64) -> Option<Popped> {
        todo!()
    }

    /// The pod that was popped could not be scheduled: [`crate::Attempt::unschedulable_plugins`] says which events help.
    pub fn failed(&mut self, _pod: &Pod, _plugins: &[Rc<str>], _now: u64) {
        todo!()
    }

    /// Tells the queue what happened; pods that it may help become active or wait for their backoff.
    pub fn event(&mut self, _event: &ClusterEvent<'_>, _now: u64) {
        todo!()
    }

    /// When the next pod becomes active by itself: the end of a backoff, or of five minutes in the unschedulable set.
    pub fn next_wakeup(&self) -> Option<u64> {
        todo!()
    }

    /// The message for a gated pod, such as `waiting for scheduling gates: [a b]`.
    pub fn gate_message(&self, _uid: Uid) -> Option<String> {
        todo!()
    }
}
