//! Which replicas go first when a ReplicaSet shrinks.

use std::rc::Rc;

use api::server::Store;
use api::types::{Pod, PodPhase, Uid};
use manifest::sorted::SortedMap;

use crate::claim::is_active;

/// Annotation that makes a pod cheaper or dearer to delete.
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";

/// Sorts active pods so that those to delete come first (WL-RS-3).
///
/// `related` are pods of the same root owner; more active ones on a node make its pods go first. Ties, which
/// Kubernetes leaves to random identities, go to the youngest.
pub(crate) fn deletion_order(store: &Store, pods: &mut [Uid], related: &[Uid], now: u64) {
    let mut on_node: SortedMap<Rc<str>, u32> = SortedMap::new();
    for pod in related.iter().filter_map(|uid| store.pods.get(uid)) {
        if let (Some(node), true) = (&pod.node, is_active(pod)) {
            *on_node.entry(Rc::clone(node)).or_default() += 1;
        }
    }
    pods.sort_by_cached_key(|uid| {
        let Some(pod) = store.pods.get(uid) else { return Rank::default() };
        let neighbours = pod.node.as_ref().and_then(|node| on_node.get(node)).copied().unwrap_or(0);
        let cost = pod.meta.annotations.get(DELETION_COST).and_then(|cost| cost.parse().ok()).unwrap_or(0);
        Rank { cost, fewer_neighbours: -i64::from(neighbours), ..rank(pod, |then| log_age(now, then)) }
    });
}

/// The order in which a Job deletes: neither costs nor neighbours count, and ages are compared exactly.
pub(crate) fn job_deletion_order(store: &Store, pods: &mut [Uid], now: u64) {
    let age = |then: u64| now.saturating_sub(then) / 1_000;
    pods.sort_by_cached_key(|uid| store.pods.get(uid).map(|pod| rank(pod, age)));
}

/// Compared field by field; the smallest goes first.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    assigned: bool,
    phase: u8,
    ready: bool,
    cost: i32,
    fewer_neighbours: i64,
    ready_age: u64,
    fewer_restarts: i64,
    age: u64,
    older: i64,
}

/// What both orders compare; `age` is how long ago a moment was.
fn rank(pod: &Pod, age: impl Fn(u64) -> u64) -> Rank {
    Rank {
        assigned: pod.node.is_some(),
        phase: match pod.status.phase {
            PodPhase::Pending => 0,
            _ => 2,
        },
        ready: pod.status.ready,
        ready_age: if pod.status.ready { age(pod.status.started) } else { 0 },
        fewer_restarts: -i64::from(pod.status.restarts),
        age: age(pod.meta.created),
        older: -i64::try_from(pod.meta.uid.0).unwrap_or(i64::MAX),
        ..Rank::default()
    }
}

/// Age on the base-2 logarithmic scale on which ages are compared.
fn log_age(now: u64, then: u64) -> u64 {
    (now.saturating_sub(then) / 1_000).checked_ilog2().map_or(0, |log| u64::from(log) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::labels::Labels;

    fn pod(uid: u64, node: Option<&str>, ready: bool, cost: &str) -> (Uid, Pod) {
        let mut pod = Pod::default();
        pod.meta.uid = Uid(uid);
        pod.node = node.map(Into::into);
        pod.status.ready = ready;
        pod.status.phase = if node.is_some() { PodPhase::Running } else { PodPhase::Pending };
        if !cost.is_empty() {
            pod.meta.annotations = Rc::new(Labels::from([(DELETION_COST.to_owned(), cost.to_owned())]));
        }
        (Uid(uid), pod)
    }

    fn check(
        what: &str,
        pods: impl Into<std::collections::BTreeMap<Uid, Pod>>,
        now: u64,
        of_replica_set: &[u64],
        of_job: &[u64],
    ) {
        let store = Store { pods: pods.into(), ..Store::default() };
        let all: Vec<Uid> = store.pods.keys().copied().collect();
        let numbers = |uids: &[Uid]| uids.iter().map(|uid| uid.0).collect::<Vec<_>>();
        let mut order = all.clone();
        deletion_order(&store, &mut order, &all, now);
        assert_eq!(numbers(&order), of_replica_set, "{what}");
        job_deletion_order(&store, &mut order, now);
        assert_eq!(numbers(&order), of_job, "{what}: Job");
    }

    #[test]
    fn the_least_useful_goes_first() {
        let pods = [
            pod(1, Some("a"), true, ""),
            pod(2, Some("a"), true, ""),
            pod(3, Some("b"), true, ""),
            pod(4, None, false, ""),
            pod(5, Some("c"), true, "-1"),
            pod(6, Some("d"), true, ""),
            pod(7, Some("d"), false, ""),
        ];
        // On d there are two pods, although one is not ready.
        check("of everything", pods, 0, &[4, 7, 5, 6, 2, 1, 3], &[4, 7, 6, 5, 3, 2, 1]);
    }

    #[test]
    fn ages_count_on_a_logarithmic_scale() {
        let started = |uid, seconds: u64| {
            let (uid, mut pod) = pod(uid, Some("a"), true, "");
            pod.status.started = 1_000 * seconds;
            (uid, pod)
        };
        let pods = [started(1, 40), started(2, 10), started(3, 90)];
        check("ages 60, 90 and 10", pods, 100_000, &[3, 1, 2], &[3, 1, 2]);
        let pods = [started(1, 40), started(2, 39), started(3, 90)];
        check("ages 60, 61 and 10", pods, 100_000, &[3, 2, 1], &[3, 1, 2]);
    }
}
