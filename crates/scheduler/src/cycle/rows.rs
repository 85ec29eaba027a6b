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
        #[cfg(test)]
        tests::COMPUTED.set(tests::COMPUTED.get() + 1);
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use api::labels::Selector;
    use api::types::{Meta, Pod, PodAffinityTerm, PodSpec, Service};

    use crate::listers::Listers;
    use crate::scheduler::Trace;
    use crate::testing::{bind, container, pod, scheduler};

    thread_local! {
        /// Rows computed so far.
        pub(super) static COMPUTED: Cell<usize> = const { Cell::new(0) };
    }

    /// Places as many replicas as fit, and some more. The first looks at every node, each later one at the node that took the
    /// one before, however many are placed; and those that do not fit look at no node but the first of them.
    fn check(what: &str, millis: i64, anti: bool, placed: usize) {
        const NODES: usize = 40;
        let names: Vec<String> = (0..NODES).map(|index| format!("node-{index}")).collect();
        let nodes: Vec<(&str, &str)> =
            names.iter().enumerate().map(|(index, name)| (name.as_str(), ["a", "b"][index % 2])).collect();
        let mut scheduler = scheduler(&nodes);
        let mut spec = PodSpec { containers: vec![container(millis)], ..PodSpec::default() };
        let first = pod(0, &[("app", "web")], PodSpec::default());
        let selector = Some(Selector::from_labels(&first.meta.labels));
        if anti {
            let topology_key = "kubernetes.io/hostname".to_owned();
            let term =
                PodAffinityTerm { selector: selector.clone(), topology_key, ..PodAffinityTerm::default() };
            spec.affinity.pod_anti.required.push(term);
        }
        let meta = Meta { namespace: "default".into(), ..Meta::default() };
        let services = Rc::new(vec![Rc::new(Service { meta, selector, ..Service::default() })]);
        scheduler.set_listers(Listers { services, ..Listers::default() });
        let first = Pod { spec: Rc::new(spec), ..first };
        for replica in 0..placed + 10 {
            let mut next = first.clone();
            next.meta.uid.0 = replica as u64;
            let before = COMPUTED.get();
            let attempt = scheduler.schedule(&next, Trace::Outcome);
            let computed = COMPUTED.get() - before;
            let most = match replica {
                0 => NODES,
                _ if replica <= placed => 1,
                _ => 0,
            };
            assert!(computed <= most, "{what}: {computed} rows for replica {replica}");
            assert_eq!(attempt.chosen.is_some(), replica < placed, "{what}: replica {replica}");
            if let Some(node) = attempt.chosen {
                bind(&mut scheduler, &next, &node);
            }
        }
    }

    #[test]
    fn the_cost_of_a_pod_does_not_grow_with_the_pods_placed() {
        check("4 CPUs hold 20", 200, false, 800);
        check("110 pods", 1, false, 4400);
        check("one a node", 1, true, 40);
    }
}
