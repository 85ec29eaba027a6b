//! The disruption controller: how many more pods of a PodDisruptionBudget may go. The scheduler's preemption prefers victims
//! that a budget still allows (SCH-PRE-4, SCH-PRE-6), and evictions are refused by it.

use std::rc::Rc;

use api::int_or_string::{IntOrString, Rounding};
use api::labels::Selector;
use api::server::{Store, Typed};
use api::types::{Kind, Pod, PodDisruptionBudget, PodPhase, Uid};
use manifest::sorted::SortedMap;

/// A budget and what it allows now: the fields of its status. Where the controller can tell nothing, all are 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Namespace.
    pub namespace: Rc<str>,
    /// Its pods; `None` matches nothing.
    pub selector: Option<Selector>,
    /// `status.disruptionsAllowed`.
    pub disruptions_allowed: i32,
    /// `status.currentHealthy`.
    pub current_healthy: i32,
    /// `status.desiredHealthy`.
    pub desired_healthy: i32,
    /// `status.expectedPods`.
    pub expected_pods: i32,
    unhealthy_may_go: bool,
}

impl Budget {
    fn selects(&self, pod: &Pod) -> bool {
        let selector = self.selector.as_ref();
        self.namespace == pod.meta.namespace
            && selector.is_some_and(|selector| selector.matches(&pod.meta.labels))
    }

    /// Whether a pod that runs may go: one that is not ready does not need an allowance when the policy says so, or while as many
    /// others are ready as should be.
    fn lets_go(&self, pod: &Pod) -> bool {
        let enough = self.desired_healthy > 0 && self.current_healthy >= self.desired_healthy;
        self.disruptions_allowed > 0 || (!pod.status.ready && (self.unhealthy_may_go || enough))
    }
}

/// All budgets with their present allowance.
pub fn budgets(store: &Store) -> Vec<Budget> {
    store.pod_disruption_budgets().map(|budget| evaluate(store, budget)).collect()
}

/// Why the Eviction API refuses a pod (`pkg/registry/core/pod/rest/eviction.go`).
pub fn eviction_error(store: &Store, pod: &Pod) -> Option<&'static str> {
    if pod.status.phase != PodPhase::Running || pod.meta.deleting {
        return None;
    }
    let budgets = budgets(store);
    let mut own = budgets.iter().filter(|budget| budget.selects(pod));
    let budget = own.next()?;
    if own.next().is_some() {
        return Some(
            "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
        );
    }
    (!budget.lets_go(pod)).then_some("Cannot evict pod as it would violate the pod's disruption budget.")
}

fn evaluate(store: &Store, budget: &PodDisruptionBudget) -> Budget {
    let evaluated = Budget {
        namespace: Rc::clone(&budget.meta.namespace),
        selector: budget.selector.clone(),
        unhealthy_may_go: budget.unhealthy_may_go,
        ..Budget::default()
    };
    let pods: Vec<&Pod> = store.pods.values().filter(|pod| evaluated.selects(pod)).collect();
    let count = pods.len() as i32;
    let shared = |share: &IntOrString| {
        let expected = expected(store, &pods)?;
        Some((expected, share.scaled(expected, Rounding::Up)?))
    };
    let found = match (&budget.min_available, &budget.max_unavailable) {
        (_, Some(most)) => {
            shared(most).map(|(expected, most)| (expected, expected.saturating_sub(most).max(0)))
        }
        (Some(IntOrString::Int(minimum)), None) => Some((count, *minimum)),
        (Some(share), None) => shared(share),
        (None, None) => Some((0, 0)),
    };
    let Some((expected_pods, desired_healthy)) = found else { return evaluated };
    let is_healthy = |pod: &&&Pod| pod.status.ready && !pod.meta.deleting;
    let current_healthy = pods.iter().filter(is_healthy).count() as i32;
    let spare = current_healthy.saturating_sub(desired_healthy).max(0);
    let disruptions_allowed = if expected_pods > 0 { spare } else { 0 };
    Budget { disruptions_allowed, current_healthy, desired_healthy, expected_pods, ..evaluated }
}

/// The sum of the scales of the pods' controllers; `None` when one has no scale.
fn expected(store: &Store, pods: &[&Pod]) -> Option<i32> {
    let mut scales: SortedMap<Uid, i32> = SortedMap::new();
    for owner in pods.iter().filter_map(|pod| pod.meta.owner.as_ref()) {
        let (uid, scale) = scale(store, owner.uid)?;
        scales.insert(uid, scale);
    }
    Some(scales.values().fold(0, |sum, scale| sum.saturating_add(*scale)))
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
