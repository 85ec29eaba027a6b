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
            row.images = image_locality::score(spec, node, &cache.images, cache.order.len()) as i16;
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
    /// The rows of the class's spec, or of one that makes no difference to them. They start empty when there are none, or when
    /// any node object changed.
    pub(crate) fn of(&mut self, cache: &Cache, class: &Class) -> &mut Rows {
        let same = |rows: &Rows| Rc::ptr_eq(&rows.spec, &class.spec);
        let alike = |rows: &Rows| have_equal_rows(&rows.spec, &class.spec);
        let known = self.sets.iter().position(same).or_else(|| self.sets.iter().position(alike));
        let index = known.unwrap_or_else(|| {
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

/// Whether the specs differ in nothing that a row depends on: pods of a StatefulSet have their own hostnames and claims, and pods
/// without an owner each a spec of their own.
fn have_equal_rows(left: &PodSpec, right: &PodSpec) -> bool {
    // Named one by one, so that a new field must be thought about.
    let PodSpec {
        containers,
        init_containers,
        host_network,
        node_name,
        node_selector,
        affinity,
        tolerations,
        overhead,
        resources,
        // Read by plugins that look at more than the node, by the queue, or by nobody here.
        topology_spread: _,
        priority: _,
        preemption_policy: _,
        scheduler_name: _,
        scheduling_gates: _,
        // Of the volumes only images count.
        volumes: _,
        resource_claims: _,
        restart_policy: _,
        dns_policy: _,
        hostname: _,
        subdomain: _,
    } = left;
    *containers == right.containers
        && *init_containers == right.init_containers
        && *host_network == right.host_network
        && *node_name == right.node_name
        && *node_selector == right.node_selector
        && affinity.node == right.affinity.node
        && *tolerations == right.tolerations
        && *overhead == right.overhead
        && *resources == right.resources
        && image_locality::image_volumes(left).eq(image_locality::image_volumes(right))
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

    const NODES: usize = 40;
    const LABELS: [(&str, &str); 1] = [("app", "web")];

    fn selector() -> Selector {
        Selector::from_labels(&pod(0, &LABELS, PodSpec::default()).meta.labels)
    }

    /// Places as many replicas as fit, and some more. The first looks at every node, each later one at the node that took the
    /// one before, however many are placed; and those that do not fit look at no node.
    fn check(what: &str, placed: usize, spec: impl Fn(usize) -> Rc<PodSpec>) {
        let names: Vec<String> = (0..NODES).map(|index| format!("node-{index}")).collect();
        let nodes: Vec<(&str, &str)> =
            names.iter().enumerate().map(|(index, name)| (name.as_str(), ["a", "b"][index % 2])).collect();
        let mut scheduler = scheduler(&nodes);
        let meta = Meta { namespace: "default".into(), ..Meta::default() };
        let service = Service { meta, selector: Some(selector()), ..Service::default() };
        scheduler.set_listers(Listers { services: Rc::new(vec![Rc::new(service)]), ..Listers::default() });
        let template = pod(0, &LABELS, PodSpec::default());
        for replica in 0..placed + 10 {
            let mut next = Pod { spec: spec(replica), ..template.clone() };
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
        let cpu = |millis| PodSpec { containers: vec![container(millis)], ..PodSpec::default() };
        let shared = |spec: PodSpec| {
            let spec = Rc::new(spec);
            move |_| Rc::clone(&spec)
        };
        check("4 CPUs hold 20", 20 * NODES, shared(cpu(200)));
        check("110 pods", 110 * NODES, shared(cpu(1)));
        let mut apart = cpu(1);
        apart.affinity.pod_anti.required.push(PodAffinityTerm {
            selector: Some(selector()),
            topology_key: "kubernetes.io/hostname".to_owned(),
            ..PodAffinityTerm::default()
        });
        check("one a node", NODES, shared(apart));
        let named = |replica| PodSpec { hostname: format!("web-{replica}"), ..cpu(200) };
        check("each with a hostname of its own", 20 * NODES, |replica| Rc::new(named(replica)));
    }
}
