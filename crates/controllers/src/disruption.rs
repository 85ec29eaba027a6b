//! The disruption controller: how many more pods of a PodDisruptionBudget may go. The scheduler's preemption prefers victims
//! that a budget still allows (SCH-PRE-4, SCH-PRE-6).

use std::rc::Rc;

use api::int_or_string::{IntOrString, Rounding};
use api::labels::Selector;
use api::server::{Store, Typed};
use api::types::{Kind, Pod, PodDisruptionBudget, Uid};
use manifest::sorted::SortedMap;

/// A budget and what it allows now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Namespace.
    pub namespace: Rc<str>,
    /// Its pods; `None` matches nothing.
    pub selector: Option<Selector>,
    /// `status.disruptionsAllowed`.
    pub disruptions_allowed: i32,
}

/// All budgets with their present allowance.
pub fn budgets(store: &Store) -> Vec<Budget> {
    store
        .pod_disruption_budgets()
        .map(|budget| Budget {
            namespace: Rc::clone(&budget.meta.namespace),
            selector: budget.selector.clone(),
            disruptions_allowed: allowed(store, budget),
        })
        .collect()
}

fn allowed(store: &Store, budget: &PodDisruptionBudget) -> i32 {
    let Some(selector) = &budget.selector else { return 0 };
    let pods: Vec<&Pod> = store
        .pods
        .values()
        .filter(|pod| pod.meta.namespace == budget.meta.namespace && selector.matches(&pod.meta.labels))
        .filter(|pod| !pod.status.phase.is_terminal() && !pod.meta.deleting)
        .collect();
    let healthy = pods.iter().filter(|pod| pod.status.ready).count() as i32;
    let count = pods.len() as i32;
    let desired = match (&budget.min_available, &budget.max_unavailable) {
        (Some(IntOrString::Int(minimum)), _) => (count > 0).then_some(*minimum),
        (Some(share), _) => expected(store, &pods).and_then(|scale| share.scaled(scale, Rounding::Up)),
        (None, Some(most)) => expected(store, &pods)
            .and_then(|scale| Some(scale.saturating_sub(most.scaled(scale, Rounding::Up)?).max(0))),
        // Neither bound: the controller expects no pods, and allows nothing.
        (None, None) => None,
    };
    desired.map_or(0, |desired| (healthy - desired).max(0))
}

/// The sum of the scales of the pods' controllers; `None` when there is none, or one that has no scale.
fn expected(store: &Store, pods: &[&Pod]) -> Option<i32> {
    let mut scales: SortedMap<Uid, i32> = SortedMap::new();
    for owner in pods.iter().filter_map(|pod| pod.meta.owner.as_ref()) {
        let (uid, scale) = scale(store, owner.uid)?;
        scales.insert(uid, scale);
    }
    let total = scales.values().fold(0_i32, |sum, scale| sum.saturating_add(*scale));
    (total > 0).then_some(total)
}

/// The controller whose scale counts, and the scale: a Deployment stands for its ReplicaSets.
fn scale(store: &Store, owner: Uid) -> Option<(Uid, i32)> {
    match &store.objects.get(&owner)?.typed {
        Typed::ReplicaSet(set) => match &set.meta.owner {
            Some(parent) if parent.kind == Kind::Deployment => scale(store, parent.uid),
            _ => Some((owner, set.replicas)),
        },
        Typed::Deployment(deployment) => Some((owner, deployment.replicas)),
        Typed::StatefulSet(set) => Some((owner, set.replicas)),
        Typed::ReplicationController(set) => Some((owner, set.replicas)),
        _ => None,
    }
}
