//! A node with the sums over its pods, kept up to date as pods come and go.

use std::rc::Rc;

use api::types::{Node, Pod, PodPhase, Uid};
use manifest::sorted::SortedSet;

use crate::class::{Class, ClassId};
use crate::plugins::node_ports::HostPort;
use crate::resources::{Amounts, ResourceNames};

/// A placed pod.
#[derive(Clone, Debug)]
pub(crate) struct PodEntry {
    pub(crate) uid: Uid,
    pub(crate) class: ClassId,
    pub(crate) priority: i32,
    pub(crate) deleting: bool,
    pub(crate) started: u64,
    pub(crate) name: Rc<str>,
}

impl PodEntry {
    pub(crate) fn of(pod: &Pod, class: ClassId) -> Self {
        Self {
            uid: pod.meta.uid,
            class,
            priority: pod.spec.priority,
            deleting: pod.meta.deleting,
            started: started(pod),
            name: Rc::clone(&pod.meta.name),
        }
    }
}

/// When a pod started. One that has not yet counts as the youngest (SCH-PRE-4).
pub(super) fn started(pod: &Pod) -> u64 {
    let waits = pod.status.phase == PodPhase::Pending && pod.status.started == 0;
    if waits { u64::MAX } else { pod.status.started }
}

/// A node and its pods. A pod may be bound to a node that does not exist (any more): then `node` is `None`.
#[derive(Debug, Default)]
pub(crate) struct NodeInfo {
    pub(crate) name: Rc<str>,
    pub(crate) node: Option<Rc<Node>>,
    pub(crate) allocatable: Amounts,
    /// Allocatable `pods`.
    pub(crate) allowed_pods: i64,
    /// Sum of the pods' requests (SCH-FIT-10).
    pub(crate) requested: Amounts,
    /// Sum of cpu and memory as scores count them (SCH-S-FIT-1).
    pub(crate) nonzero: [i64; 2],
    pub(crate) pods: Vec<PodEntry>,
    /// No pod has a lower priority than this. It is exact after every [`NodeInfo::add`] and [`NodeInfo::remove`].
    pub(crate) lowest_priority: Option<i32>,
    /// Host ports in use. As in kube-scheduler a set: of two pods pinned to one port, the first to go frees it.
    pub(crate) ports: SortedSet<HostPort>,
}

impl NodeInfo {
    pub(crate) fn set_node(&mut self, node: Rc<Node>, names: &mut ResourceNames) {
        self.allocatable = names.amounts(&node.allocatable);
        self.allowed_pods = node.allocatable.get("pods").map_or(0, |quantity| quantity.value());
        self.name = Rc::clone(&node.meta.name);
        self.node = Some(node);
    }

    pub(crate) fn add(&mut self, entry: PodEntry, class: &Class) {
        self.requested.add(&class.requests.actual);
        for (sum, amount) in self.nonzero.iter_mut().zip(class.requests.nonzero_placed) {
            *sum = sum.saturating_add(amount);
        }
        self.ports.extend(class.ports.iter().cloned());
        self.lowest_priority =
            Some(self.lowest_priority.map_or(entry.priority, |lowest| lowest.min(entry.priority)));
        self.pods.push(entry);
    }

    pub(crate) fn remove(&mut self, uid: Uid, class_of: impl Fn(ClassId) -> Rc<Class>) -> Option<PodEntry> {
        let index = self.pods.iter().position(|entry| entry.uid == uid)?;
        let entry = self.pods.remove(index);
        let class = class_of(entry.class);
        self.requested.subtract(&class.requests.actual);
        for (sum, amount) in self.nonzero.iter_mut().zip(class.requests.nonzero_placed) {
            *sum = sum.saturating_sub(amount);
        }
        for port in &class.ports {
            self.ports.remove(port);
        }
        if self.lowest_priority == Some(entry.priority) {
            self.lowest_priority = self.pods.iter().map(|entry| entry.priority).min();
        }
        Some(entry)
    }

    /// Whether some pod has a lower priority.
    pub(crate) fn has_lower_priority(&self, priority: i32) -> bool {
        self.lowest_priority.is_some_and(|lowest| lowest < priority)
    }
}
