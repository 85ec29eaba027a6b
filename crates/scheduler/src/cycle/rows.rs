//! Rows: verdict and scores of a node for a spec, kept until the node changes.
//!
//! Between two pods of the same spec one node has changed: the one that took the first. All that depends on nothing but the
//! spec and the node is therefore computed once for each change of a node, not once for each pod.

use std::rc::Rc;

use api::types::PodSpec;

use crate::cache::Cache;
use crate::cache::tree::Slot;
use crate::class::Class;
use crate::plugins::{
    image_locality, node_affinity, node_name, node_ports, node_resources_balanced_allocation,
    node_resources_fit, node_unschedulable, taint_toleration,
};
use crate::verdict::Verdict;

/// Specs whose rows are kept at a time.
const KEPT: usize = 16;

/// What depends on the spec and on the node alone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Row {
    /// Of the node when the row was computed; 0 before that.
    generation: u64,
    /// Of NodeUnschedulable to NodeResourcesFit.
    pub(crate) verdict: Option<Verdict>,
    pub(crate) taints: i32,
    pub(crate) affinity: i32,
    pub(crate) fit: i16,
    pub(crate) balanced: i16,
    pub(crate) images: i16,
}

impl Row {
    pub(crate) fn compute(cache: &Cache, class: &Class, slot: Slot) -> Self {
        let generation = cache.generations[slot as usize];
        let info = &cache.nodes[slot as usize];
        let mut row = Self { generation, ..Self::default() };
        let Some(node) = &info.node else { return row };
        let spec = &class.spec;
        row.verdict = node_unschedulable::filter(spec, node)
            .or_else(|| node_name::filter(spec, node))
            .or_else(|| taint_toleration::filter(spec, node))
            .or_else(|| node_affinity::filter(spec, node))
            .or_else(|| node_ports::filter(&class.ports, info))
            .or_else(|| node_resources_fit::filter(class, info));
        if row.verdict.is_none() {
            row.taints = taint_toleration::score(spec, node) as i32;
            row.affinity = node_affinity::score(spec, node) as i32;
            row.fit = node_resources_fit::score(class, info) as i16;
            row.balanced = node_resources_balanced_allocation::score(class, info) as i16;
            row.images = image_locality::score(spec, info, &cache.image_nodes, cache.order.len()) as i16;
        }
        row
    }
}

/// The rows of one spec.
#[derive(Debug)]
pub(crate) struct Rows {
    spec: Rc<PodSpec>,
    epoch: u32,
    by_slot: Vec<Row>,
}

impl Rows {
    /// The row of a node, computed anew when the node changed.
    pub(crate) fn get(&mut self, cache: &Cache, class: &Class, slot: Slot) -> &Row {
        let row = &mut self.by_slot[slot as usize];
        if row.generation != cache.generations[slot as usize] {
            *row = Row::compute(cache, class, slot);
        }
        row
    }
}

/// The rows of the specs that were scheduled last.
#[derive(Debug, Default)]
pub(crate) struct RowCache {
    sets: Vec<Rows>,
    next: usize,
}

impl RowCache {
    /// The rows of the class's spec. They start empty when the spec is new here or any node object changed.
    pub(crate) fn of(&mut self, cache: &Cache, class: &Class) -> &mut Rows {
        let index =
            self.sets.iter().position(|rows| Rc::ptr_eq(&rows.spec, &class.spec)).unwrap_or_else(|| {
                if self.sets.len() < KEPT {
                    self.sets.push(Rows {
                        spec: Rc::clone(&class.spec),
                        epoch: cache.epoch,
                        by_slot: Vec::new(),
                    });
                    return self.sets.len() - 1;
                }
                self.next = (self.next + 1) % KEPT;
                let rows = &mut self.sets[self.next];
                rows.spec = Rc::clone(&class.spec);
                rows.by_slot.clear();
                self.next
            });
        let rows = &mut self.sets[index];
        if rows.epoch != cache.epoch {
            rows.by_slot.clear();
            rows.epoch = cache.epoch;
        }
        rows.by_slot.resize(cache.nodes.len(), Row::default());
        rows
    }
}
