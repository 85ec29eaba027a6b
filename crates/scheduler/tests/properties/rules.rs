//! The rules once more, as plainly as they can be written: every question looks at all pods on all nodes.

use api::types::{
    InclusionPolicy, Node, Pod, PodAffinityTerm, PodSpec, TaintEffect, TolerationOperator,
    TopologySpreadConstraint, UnsatisfiableAction,
};

use crate::cluster::Cluster;

/// Why the pod cannot go to the node; `None` when it can.
pub(crate) fn broken(cluster: &Cluster, pod: &Pod, node: &Node) -> Option<&'static str> {
    let there: Vec<&Pod> = cluster.pods.iter().filter(|other| is_on(other, node)).collect();
    let rules = [
        ("cordon", !node.unschedulable),
        ("taints", tolerates(&pod.spec, node)),
        ("node selector", selects(&pod.spec, node)),
        ("ports", !there.iter().any(|other| ports(other).iter().any(|port| ports(pod).contains(port)))),
        ("resources", fits(pod, &there, node)),
        (
            "spread",
            pod.spec.topology_spread.iter().all(|constraint| spread_allows(cluster, pod, node, constraint)),
        ),
        ("affinity", affinity_allows(cluster, pod, node)),
    ];
    rules.into_iter().find(|(_, holds)| !holds).map(|(rule, _)| rule)
}

fn is_on(pod: &Pod, node: &Node) -> bool {
    pod.node.as_ref() == Some(&node.meta.name)
}

fn tolerates(spec: &PodSpec, node: &Node) -> bool {
    node.taints.iter().filter(|taint| taint.effect == TaintEffect::NoSchedule).all(|taint| {
        spec.tolerations.iter().any(|toleration| {
            toleration.key == taint.key
                && (toleration.operator == TolerationOperator::Exists || toleration.value == taint.value)
        })
    })
}

fn selects(spec: &PodSpec, node: &Node) -> bool {
    spec.node_selector.iter().all(|(key, value)| node.meta.labels.get(key) == Some(value))
}

fn ports(pod: &Pod) -> Vec<u16> {
    pod.spec.containers.iter().flat_map(|container| &container.ports).map(|port| port.host_port).collect()
}

fn fits(pod: &Pod, there: &[&Pod], node: &Node) -> bool {
    let request = |pod: &Pod, name: &str| -> i64 {
        let requests =
            pod.spec.containers.iter().filter_map(|container| container.resources.requests.get(name));
        requests.map(|quantity| quantity.milli_value()).sum()
    };
    let allocatable = |name: &str| node.allocatable.get(name).map_or(0, |quantity| quantity.milli_value());
    (there.len() as i64 + 1) * 1000 <= allocatable("pods")
        && ["cpu", "memory"].into_iter().all(|name| {
            let used: i64 = there.iter().map(|other| request(other, name)).sum();
            let own = request(pod, name);
            own == 0 || used + own <= allocatable(name)
        })
}

fn spread_allows(cluster: &Cluster, pod: &Pod, node: &Node, constraint: &TopologySpreadConstraint) -> bool {
    let hard = |constraint: &&TopologySpreadConstraint| {
        constraint.when_unsatisfiable == UnsatisfiableAction::DoNotSchedule
    };
    if !hard(&constraint) {
        return true;
    }
    let domain = |node: &Node| node.meta.labels.get(&constraint.topology_key).cloned();
    let eligible = |node: &&std::rc::Rc<Node>| {
        pod.spec
            .topology_spread
            .iter()
            .filter(hard)
            .all(|other| node.meta.labels.contains_key(&other.topology_key))
            && (constraint.node_affinity_policy == InclusionPolicy::Ignore || selects(&pod.spec, node))
            && (constraint.node_taints_policy == InclusionPolicy::Ignore || tolerates(&pod.spec, node))
    };
    let matches = |other: &Pod| {
        constraint.selector.as_ref().is_some_and(|selector| selector.matches(&other.meta.labels))
            && !other.meta.deleting
    };
    let count = |value: &Option<String>| {
        let nodes = cluster.nodes.iter().filter(eligible).filter(|node| domain(node) == *value);
        nodes
            .map(|node| cluster.pods.iter().filter(|other| is_on(other, node) && matches(other)).count())
            .sum::<usize>()
    };
    let own = domain(node);
    let least = cluster.nodes.iter().filter(eligible).map(|node| count(&domain(node))).min().unwrap_or(0);
    own.is_some() && count(&own) + usize::from(matches(pod)) <= least + constraint.max_skew as usize
}

fn affinity_allows(cluster: &Cluster, pod: &Pod, node: &Node) -> bool {
    let means = |term: &PodAffinityTerm, other: &Pod| {
        term.selector.as_ref().is_some_and(|selector| selector.matches(&other.meta.labels))
    };
    let together = |term: &PodAffinityTerm, other: &Pod| {
        let place = cluster.nodes.iter().find(|node| is_on(other, node));
        let domain = |node: &Node| node.meta.labels.get(&term.topology_key).cloned();
        place.is_some_and(|place| domain(place).is_some() && domain(place) == domain(node))
    };
    let others = &cluster.pods;
    let (attract, repel) = (&pod.spec.affinity.pod.required, &pod.spec.affinity.pod_anti.required);
    let all = |other: &Pod| attract.iter().all(|term| means(term, other));
    let has_key = |node: &Node, term: &PodAffinityTerm| node.meta.labels.contains_key(&term.topology_key);
    let somewhere = others.iter().filter(|other| all(other)).any(|other| {
        let place = cluster.nodes.iter().find(|node| is_on(other, node));
        place.is_some_and(|place| attract.iter().any(|term| has_key(place, term)))
    });
    let first = !somewhere && all(pod);
    let near = attract.iter().all(|term| {
        has_key(node, term) && (first || others.iter().any(|other| all(other) && together(term, other)))
    });
    let apart =
        !repel.iter().any(|term| others.iter().any(|other| means(term, other) && together(term, other)));
    let tolerated = !others.iter().any(|other| {
        other.spec.affinity.pod_anti.required.iter().any(|term| means(term, pod) && together(term, other))
    });
    near && apart && tolerated
}
