//! Random nodes and pods, small enough that everything gets in the way of everything.

use std::rc::Rc;

use api::labels::{Labels, Selector};
use api::quantity::Quantity;
use api::types::{
    Affinity, Container, ContainerPort, InclusionPolicy, Meta, Node, PodAffinity, PodAffinityTerm, PodSpec,
    PreferredNodeTerm, Resources, Taint, TaintEffect, Toleration, TolerationOperator,
    TopologySpreadConstraint, UnsatisfiableAction, WeightedPodAffinityTerm,
};
use api::types::{NodeAffinity, NodeSelectorTerm};

/// A `SplitMix64` generator.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((value ^ (value >> 31)) % bound as u64) as usize
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    pub(crate) fn node(&mut self, name: &str) -> Node {
        let mut labels = labels(&[("kubernetes.io/hostname", name), ("disk", *self.pick(&["ssd", "hdd"]))]);
        if !self.once_in(5) {
            labels.insert("topology.kubernetes.io/zone".into(), (*self.pick(&["a", "b", "c"])).into());
        }
        let mut node = Node {
            meta: Meta { name: name.into(), labels: Rc::new(labels), ..Meta::default() },
            ..Node::default()
        };
        node.allocatable.insert("cpu".into(), Quantity::milli(1000 + 500 * self.below(4) as i64));
        node.allocatable.insert("memory".into(), Quantity::whole(1 << 30));
        node.allocatable.insert("pods".into(), Quantity::whole(4 + self.below(8) as i64));
        self.change_node(&mut node);
        node
    }

    /// New taints and a new mood about being scheduled to.
    pub(crate) fn change_node(&mut self, node: &mut Node) {
        node.unschedulable = self.once_in(10);
        node.taints.clear();
        for effect in [TaintEffect::NoSchedule, TaintEffect::PreferNoSchedule] {
            if self.once_in(6) {
                node.taints.push(Taint {
                    key: "team".into(),
                    value: (*self.pick(&["x", "y"])).into(),
                    effect,
                });
            }
        }
    }

    pub(crate) fn labels(&mut self) -> Labels {
        labels(&[("app", *self.pick(&["web", "db", "cache"]))])
    }

    pub(crate) fn spec(&mut self) -> PodSpec {
        let mut container = Container::default();
        if self.once_in(2) {
            let mut resources = Resources::default();
            resources.requests.insert("cpu".into(), Quantity::milli(100 * self.below(9) as i64));
            resources.requests.insert("memory".into(), Quantity::whole((self.below(4) as i64) << 27));
            container.resources = resources;
        }
        if self.once_in(4) {
            let port = 80 + self.below(2) as u16;
            container.ports =
                vec![ContainerPort { container_port: port, host_port: port, ..ContainerPort::default() }];
        }
        let mut spec = PodSpec { containers: vec![container], ..PodSpec::default() };
        spec.priority = *self.pick(&[0, 0, 0, 5, 10]);
        if self.once_in(4) {
            let operator = *self.pick(&[TolerationOperator::Equal, TolerationOperator::Exists]);
            spec.tolerations =
                vec![Toleration { key: "team".into(), operator, value: "x".into(), ..Toleration::default() }];
        }
        if self.once_in(5) {
            spec.node_selector = labels(&[("disk", "ssd")]);
        }
        spec.affinity = self.affinity();
        if self.once_in(4) {
            spec.topology_spread = vec![self.spread(), self.spread()];
            spec.topology_spread.truncate(1 + self.below(2));
        }
        spec
    }

    fn key(&mut self) -> String {
        (*self.pick(&["kubernetes.io/hostname", "topology.kubernetes.io/zone"])).into()
    }

    fn affinity(&mut self) -> Affinity {
        let mut affinity = Affinity::default();
        if self.once_in(6) {
            affinity.pod.required.push(self.term());
        }
        if self.once_in(5) {
            affinity.pod_anti.required.push(self.term());
        }
        for PodAffinity { preferred, .. } in [&mut affinity.pod, &mut affinity.pod_anti] {
            if self.once_in(5) {
                let weight = 1 + self.below(100) as i32;
                preferred.push(WeightedPodAffinityTerm { weight, term: self.term() });
            }
        }
        if self.once_in(6) {
            let term = NodeSelectorTerm {
                match_expressions: Selector::from_labels(&labels(&[("disk", "hdd")])).requirements,
                match_fields: vec![],
            };
            let preferred = vec![PreferredNodeTerm { weight: 1 + self.below(100) as i32, term }];
            affinity.node = Some(NodeAffinity { required: None, preferred });
        }
        affinity
    }

    fn term(&mut self) -> PodAffinityTerm {
        PodAffinityTerm {
            selector: Some(Selector::from_labels(&self.labels())),
            topology_key: self.key(),
            ..PodAffinityTerm::default()
        }
    }

    fn spread(&mut self) -> TopologySpreadConstraint {
        let policies = [InclusionPolicy::Honor, InclusionPolicy::Ignore];
        TopologySpreadConstraint {
            max_skew: 1 + self.below(2) as i32,
            topology_key: self.key(),
            when_unsatisfiable: *self
                .pick(&[UnsatisfiableAction::DoNotSchedule, UnsatisfiableAction::ScheduleAnyway]),
            selector: Some(Selector::from_labels(&self.labels())),
            min_domains: None,
            node_affinity_policy: *self.pick(&policies),
            node_taints_policy: *self.pick(&policies),
        }
    }
}

pub(crate) fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
