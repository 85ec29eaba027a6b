//! What the scheduler knows about nodes and placed pods, arranged so that a cycle need not look at pods at all.

pub(crate) mod counter;
pub(crate) mod node;
pub(crate) mod topology;
pub(crate) mod tree;

mod classes;
mod views;

use std::collections::BTreeMap;
use std::rc::Rc;

use api::types::{Node, Pod, Uid};
use manifest::sorted::SortedMap;

use crate::class::ClassId;
use crate::listers::Listers;
use crate::plugins::image_locality::{self, ImageStates};
use crate::resources::ResourceNames;
use classes::Classes;
use counter::{Counted, Counter, CounterId};
use node::{NodeInfo, PodEntry};
use topology::Topology;
use tree::{NodeTree, Slot};
use views::Eligibilities;

pub(crate) use views::{Eligibility, ViewRef};

/// A pod that is nominated to a node.
#[derive(Clone, Debug)]
pub(crate) struct Nomination {
    pub(crate) slot: Slot,
    pub(crate) entry: PodEntry,
}

/// Nodes, placed pods, and the counters over them.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    /// By slot.
    pub(crate) nodes: Vec<NodeInfo>,
    /// By slot: raised whenever the node or its pods change. The first is 1.
    pub(crate) generations: Vec<u64>,
    /// Existing nodes in the order in which they are looked at.
    pub(crate) order: Rc<Vec<Slot>>,
    /// Raised whenever a node object comes, goes or changes.
    pub(crate) epoch: u32,
    /// Raised whenever anything changes that a cycle depends on.
    pub(crate) changes: u64,
    pub(crate) images: ImageStates,
    pub(crate) names: ResourceNames,
    pub(crate) topology: Topology,
    pub(crate) listers: Listers,
    /// By identity of the nominated pod.
    pub(crate) nominations: SortedMap<Uid, Nomination>,
    /// Raised whenever a plan that was made for a class may be out of date.
    pub(crate) version: u32,
    slots: SortedMap<Rc<str>, Slot>,
    tree: NodeTree,
    pods: BTreeMap<Uid, Slot>,
    classes: Classes,
    counters: Vec<Counter>,
    by_counted: SortedMap<Counted, CounterId>,
    eligibilities: Eligibilities,
}

impl Cache {
    /// Adds a node or replaces its object.
    pub(crate) fn set_node(&mut self, node: Rc<Node>) {
        let slot = self.slot(&node.meta.name);
        let info = &mut self.nodes[slot as usize];
        match &info.node {
            Some(old) => self.tree.update(slot, &old.meta.labels, &node.meta.labels),
            None => self.tree.add(slot, &node.meta.labels),
        }
        info.set_node(node, &mut self.names);
        self.nodes_changed(slot);
    }

    pub(crate) fn remove_node(&mut self, name: &str) {
        let Some(&slot) = self.slots.get(name) else { return };
        if self.nodes[slot as usize].node.take().is_some() {
            self.tree.remove(slot);
            self.nodes_changed(slot);
        }
    }

    fn nodes_changed(&mut self, slot: Slot) {
        self.touch(slot);
        self.epoch = self.epoch.wrapping_add(1);
        self.forget_views();
    }

    /// Brings what is derived from all nodes up to date, before a cycle.
    pub(crate) fn refresh(&mut self, seen_epoch: &mut u32) {
        if *seen_epoch == self.epoch {
            return;
        }
        *seen_epoch = self.epoch;
        self.order = Rc::new(self.tree.order());
        self.images.clear();
        for node in self.nodes.iter().filter_map(|info| info.node.as_ref()) {
            image_locality::add_images(&mut self.images, node);
        }
    }

    /// The existing nodes in the order in which they are looked at, now.
    pub(crate) fn node_order(&self) -> Vec<Slot> {
        self.tree.order()
    }

    /// The node's slot, made when the name is new.
    fn slot(&mut self, name: &Rc<str>) -> Slot {
        if let Some(&slot) = self.slots.get(name) {
            return slot;
        }
        let slot = self.nodes.len() as Slot;
        self.slots.insert(Rc::clone(name), slot);
        self.nodes.push(NodeInfo { name: Rc::clone(name), ..NodeInfo::default() });
        self.generations.push(1);
        // Views are arranged by slot.
        self.forget_views();
        slot
    }

    /// The slot of a node that exists.
    pub(crate) fn existing(&self, name: &str) -> Option<Slot> {
        self.slots.get(name).copied().filter(|&slot| self.nodes[slot as usize].node.is_some())
    }

    fn touch(&mut self, slot: Slot) {
        self.generations[slot as usize] += 1;
        self.changes += 1;
    }

    /// Adds a bound pod that is not terminal, in place of what was known of it.
    pub(crate) fn set_pod(&mut self, pod: &Pod) {
        if self.only_started(pod) {
            return;
        }
        self.remove_pod(pod.meta.uid);
        let Some(node) = pod.node.as_ref().filter(|_| !pod.status.phase.is_terminal()) else { return };
        let slot = self.slot(node);
        let class = self.class_of(pod);
        self.classes.get_mut(class).users += 1;
        self.pods.insert(pod.meta.uid, slot);
        self.place(slot, PodEntry::of(pod, class));
    }

    /// Notes that a placed pod started, when nothing else about it changed. Every pod starts once, and no sum, counter or row
    /// depends on it.
    fn only_started(&mut self, pod: &Pod) -> bool {
        let Some(&slot) = self.pods.get(&pod.meta.uid) else { return false };
        let info = &mut self.nodes[slot as usize];
        let here = !pod.status.phase.is_terminal() && pod.node.as_ref() == Some(&info.name);
        // Most pods start soon after they were placed.
        let Some(entry) = info.pods.iter_mut().rev().find(|entry| here && entry.uid == pod.meta.uid) else {
            return false;
        };
        let same = self.classes.get(entry.class).class.is_of(pod) && entry.deleting == pod.meta.deleting;
        if same {
            entry.started = node::started(pod);
        }
        same
    }

    pub(crate) fn remove_pod(&mut self, uid: Uid) {
        let Some(slot) = self.pods.remove(&uid) else { return };
        if let Some(entry) = self.take(slot, uid) {
            self.classes.release(entry.class);
        }
    }

    pub(crate) fn nominate(&mut self, pod: &Pod, node: &str) {
        self.clear_nomination(pod.meta.uid);
        let slot = self.slot(&node.into());
        let class = self.class_of(pod);
        self.classes.get_mut(class).users += 1;
        self.changes += 1;
        self.nominations.insert(pod.meta.uid, Nomination { slot, entry: PodEntry::of(pod, class) });
    }

    pub(crate) fn clear_nomination(&mut self, uid: Uid) {
        if let Some(nomination) = self.nominations.remove(&uid) {
            self.changes += 1;
            self.classes.release(nomination.entry.class);
        }
    }

    /// Counts a pod on a node, for good or for a trial that ends with [`Cache::take`].
    pub(crate) fn place(&mut self, slot: Slot, entry: PodEntry) {
        let state = self.classes.get(entry.class);
        for &counter in state.counters_of(entry.deleting) {
            self.counters[counter].add(slot);
        }
        self.nodes[slot as usize].add(entry, &state.class);
        self.touch(slot);
    }

    /// The opposite of [`Cache::place`].
    pub(crate) fn take(&mut self, slot: Slot, uid: Uid) -> Option<PodEntry> {
        let classes = &self.classes;
        let entry = self.nodes[slot as usize].remove(uid, |class| Rc::clone(&classes.get(class).class))?;
        for &counter in self.classes.get(entry.class).counters_of(entry.deleting) {
            self.counters[counter].subtract(slot);
        }
        self.touch(slot);
        Some(entry)
    }

    /// Replaces the listers. Plans are made again, and counters too where namespaces are selected by labels.
    pub(crate) fn set_listers(&mut self, listers: Listers) {
        let relabelled = self.listers.namespaces != listers.namespaces;
        self.listers = listers;
        self.changes += 1;
        self.version = self.version.wrapping_add(1);
        if relabelled && self.counters.iter().any(|counter| counter.counted.selects_namespaces()) {
            self.recount();
        }
    }

    /// Identity of the class of a pod; it is compiled when it is new.
    pub(crate) fn class_of(&mut self, pod: &Pod) -> ClassId {
        if let Some(id) = self.classes.find(pod) {
            return id;
        }
        let id = self.classes.compile(pod, &mut self.names);
        self.enrol(id);
        id
    }
}
