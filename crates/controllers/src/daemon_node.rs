//! Whether a DaemonSet wants its pod on a node.

use api::types::{Node, NodeSelectorTerm, PodSpec, TaintEffect, Toleration};
use manifest::{Map, Tree};

use crate::context::map;

/// The decision for one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    /// A pod is made when there is none.
    pub(crate) run: bool,
    /// A pod that is there stays.
    pub(crate) keep: bool,
}

/// Decides by node name, node selector, required node affinity and taints alone (WL-DS-1, WL-DS-2, WL-DS-3). `tolerations`
/// include the added ones.
pub(crate) fn decide(spec: &PodSpec, tolerations: &[Toleration], node: &Node) -> Decision {
    let named = spec.node_name.is_empty() || *spec.node_name == *node.meta.name;
    let selected = spec.node_selector.iter().all(|(key, value)| node.meta.labels.get(key) == Some(value));
    let required = spec.affinity.node.as_ref().and_then(|affinity| affinity.required.as_ref());
    let wanted = required.is_none_or(|terms| terms.iter().any(|term| matches(term, node)));
    if !(named && selected && wanted) {
        return Decision { run: false, keep: false };
    }
    let untolerated = |effect| {
        node.taints
            .iter()
            .any(|taint| taint.effect == effect && !tolerations.iter().any(|one| one.matches(taint)))
    };
    let evicted = untolerated(TaintEffect::NoExecute);
    Decision { run: !evicted && !untolerated(TaintEffect::NoSchedule), keep: !evicted }
}

/// An empty term matches nothing (SCH-NODEAFF-2).
fn matches(term: &NodeSelectorTerm, node: &Node) -> bool {
    let fields = [("metadata.name".to_owned(), node.meta.name.to_string())].into();
    let empty = term.match_expressions.is_empty() && term.match_fields.is_empty();
    !empty
        && term.match_expressions.iter().all(|requirement| requirement.matches(&node.meta.labels))
        && term.match_fields.iter().all(|requirement| requirement.matches(&fields))
}

/// The tolerations that every daemon pod gets: key and effect (WL-DS-5).
pub(crate) fn added_tolerations(host_network: bool) -> impl Iterator<Item = (&'static str, TaintEffect)> {
    use TaintEffect::{NoExecute, NoSchedule};
    [
        ("node.kubernetes.io/not-ready", NoExecute),
        ("node.kubernetes.io/unreachable", NoExecute),
        ("node.kubernetes.io/disk-pressure", NoSchedule),
        ("node.kubernetes.io/memory-pressure", NoSchedule),
        ("node.kubernetes.io/pid-pressure", NoSchedule),
        ("node.kubernetes.io/unschedulable", NoSchedule),
        ("node.kubernetes.io/network-unavailable", NoSchedule),
    ]
    .into_iter()
    .take(if host_network { 7 } else { 6 })
}

/// Adds those tolerations to a pod's spec, unless one with the same key, effect and operator is there.
pub(crate) fn add_tolerations(spec: &mut Map) {
    let host_network = spec.get("hostNetwork").and_then(Tree::as_bool) == Some(true);
    let list = spec.or_insert_with("tolerations", || Tree::added(Vec::new()));
    let Some(list) = list.as_list_mut() else { return };
    for (key, effect) in added_tolerations(host_network) {
        let effect = format!("{effect:?}");
        let same = |one: &Tree| {
            one.str_at(&["key"]) == key
                && one.str_at(&["effect"]) == effect
                && one.str_at(&["operator"]) == "Exists"
                && one.str_at(&["value"]).is_empty()
        };
        let fields = [("key", key), ("operator", "Exists"), ("effect", &*effect)];
        let toleration = map(fields.map(|(key, value)| (key, Tree::added(value))).to_vec());
        // One with tolerationSeconds is replaced where it stands: a daemon pod is not evicted.
        let mut found = false;
        for one in list.iter_mut().filter(|one| same(one)) {
            one.clone_from(&toleration);
            found = true;
        }
        if !found {
            list.push(toleration);
        }
    }
}

/// Replaces the required node affinity by the node's name (WL-DS-4); the preferred terms stay.
pub(crate) fn pin(spec: &mut Map, node: &str) {
    let requirement = map(vec![
        ("key", Tree::added("metadata.name")),
        ("operator", Tree::added("In")),
        ("values", Tree::added(vec![Tree::added(node)])),
    ]);
    let term = map(vec![("matchFields", Tree::added(vec![requirement]))]);
    let required = map(vec![("nodeSelectorTerms", Tree::added(vec![term]))]);
    let affinity = spec.or_insert_with("affinity", Tree::map).as_map_mut();
    let Some(affinity) =
        affinity.and_then(|affinity| affinity.or_insert_with("nodeAffinity", Tree::map).as_map_mut())
    else {
        return;
    };
    affinity.insert("requiredDuringSchedulingIgnoredDuringExecution", required);
}

#[cfg(test)]
mod tests {
    use api::types::{Taint, TolerationOperator};

    use super::*;
    use std::rc::Rc;

    fn node(taints: &[(&str, TaintEffect)], labels: &[(&str, &str)]) -> Node {
        let mut node = Node::default();
        node.meta.name = "n".into();
        node.meta.labels =
            Rc::new(labels.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect());
        let taint =
            |&(key, effect): &(&str, TaintEffect)| Taint { key: key.into(), value: String::new(), effect };
        node.taints = taints.iter().map(taint).collect();
        node
    }

    fn added(host_network: bool) -> Vec<Toleration> {
        let exists = |(key, effect): (&str, TaintEffect)| Toleration {
            key: key.into(),
            operator: TolerationOperator::Exists,
            effect: Some(effect),
            ..Toleration::default()
        };
        added_tolerations(host_network).map(exists).collect()
    }

    #[test]
    fn tolerations_that_are_there_keep_their_place() {
        let toleration = |key: &str, more: Vec<(&str, Tree)>| {
            let fields = [("key", key), ("operator", "Exists"), ("effect", "NoExecute")];
            let fields = fields.map(|(key, value)| (key, Tree::added(value)));
            map(fields.into_iter().chain(more).collect())
        };
        let unreachable = |more| toleration("node.kubernetes.io/unreachable", more);
        let own = vec![unreachable(vec![("tolerationSeconds", Tree::added(5_i64))]), toleration("x", vec![])];
        let Some(mut spec) = map(vec![("tolerations", Tree::added(own))]).as_map().cloned() else { return };
        add_tolerations(&mut spec);
        let list = spec.get("tolerations").and_then(Tree::as_list).unwrap_or_default();
        assert_eq!(list.len(), 7);
        let first = [unreachable(vec![]), toleration("x", vec![])];
        assert_eq!(list[..2], first);
        assert_eq!(list[2].str_at(&["key"]), "node.kubernetes.io/not-ready");
    }

    #[test]
    fn decisions() {
        use TaintEffect::{NoExecute, NoSchedule, PreferNoSchedule};
        let wants_ssd =
            PodSpec { node_selector: [("disk".to_owned(), "ssd".to_owned())].into(), ..PodSpec::default() };
        let elsewhere = PodSpec { node_name: "m".into(), ..PodSpec::default() };
        let any = PodSpec::default();
        let cordon = ("node.kubernetes.io/unschedulable", NoSchedule);
        let network = ("node.kubernetes.io/network-unavailable", NoSchedule);
        let table = [
            (&any, false, node(&[], &[]), true, true),
            (&any, false, node(&[("node-role.kubernetes.io/control-plane", NoSchedule)], &[]), false, true),
            (&any, false, node(&[cordon], &[]), true, true),
            (&any, false, node(&[network], &[]), false, true),
            (&any, true, node(&[network], &[]), true, true),
            (&any, false, node(&[("x", NoExecute)], &[]), false, false),
            (&any, false, node(&[("x", PreferNoSchedule)], &[]), true, true),
            (&wants_ssd, false, node(&[], &[]), false, false),
            (&wants_ssd, false, node(&[], &[("disk", "ssd")]), true, true),
            (&elsewhere, false, node(&[], &[]), false, false),
        ];
        for (spec, host_network, node, run, keep) in table {
            let decision = decide(spec, &added(host_network), &node);
            assert_eq!(decision, Decision { run, keep }, "{:?} {:?}", node.taints, spec.node_selector);
        }
    }
}
