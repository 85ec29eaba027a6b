//! PodTopologySpread: pods of a kind are spread over domains (SCH-SPREAD, SCH-S-SPREAD rules).

mod filter;
mod score;

pub(crate) use filter::{HardConstraint, filter, hard_constraints, minimum};
pub(crate) use score::{IGNORED, SoftConstraints, normalize, soft_constraints};

use std::rc::Rc;

use api::labels::Selector;
use api::types::{InclusionPolicy, TopologySpreadConstraint};

use super::inter_pod_affinity::terms::PodSet;
use crate::cache::counter::Counted;
use crate::cache::topology::KeyId;
use crate::cache::{Cache, Eligibility};
use crate::class::Class;

/// Reasons of the filter (SCH-SPREAD-9).
pub(crate) const REASONS: &[&str] = &[
    "node(s) didn't match pod topology spread constraints",
    "node(s) didn't match pod topology spread constraints (missing required label)",
];

/// The pods that a constraint with this selector counts. An empty selector counts none (SCH-SPREAD-5).
fn counted(class: &Class, selector: Option<&Selector>) -> Counted {
    Counted::Alive(PodSet {
        selector: selector.filter(|selector| !selector.is_empty()).cloned(),
        namespaces: vec![Rc::clone(&class.namespace)],
        namespace_selector: None,
    })
}

/// Whether the pod itself matches; the empty selector does match.
fn matches_itself(class: &Class, constraint: &TopologySpreadConstraint) -> bool {
    constraint.selector.as_ref().is_some_and(|selector| selector.matches(&class.labels))
}

/// The nodes that count for a constraint: those with all `keys` that its policies admit (SCH-SPREAD-2).
fn eligibility(class: &Class, constraint: &TopologySpreadConstraint, keys: &[KeyId]) -> Eligibility {
    Eligibility {
        keys: keys.to_vec(),
        matching: (constraint.node_affinity_policy == InclusionPolicy::Honor && picks_nodes(class))
            .then(|| Rc::clone(&class.spec)),
        tolerated_by: (constraint.node_taints_policy == InclusionPolicy::Honor)
            .then(|| Rc::clone(&class.spec)),
    }
}

/// Whether nodeSelector or required node affinity rule some nodes out.
fn picks_nodes(class: &Class) -> bool {
    let affinity = class.spec.affinity.node.as_ref();
    !class.spec.node_selector.is_empty() || affinity.is_some_and(|affinity| affinity.required.is_some())
}

/// The numbers of the constraints' keys, ascending.
fn keys(cache: &mut Cache, constraints: &[&TopologySpreadConstraint]) -> Vec<KeyId> {
    let mut keys: Vec<KeyId> =
        constraints.iter().map(|constraint| cache.topology_key(&constraint.topology_key)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
