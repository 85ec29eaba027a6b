//! Which replicas go first when a ReplicaSet shrinks.

use std::rc::Rc;

use api::server::Store;
use api::types::{Pod, PodPhase, Uid};
use manifest::sorted::SortedMap;

/// Annotation that makes a pod cheaper or dearer to delete.
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";

/// Sorts active pods so that those to delete come first (WL-RS-3).
///
/// `related` are the ready pods of the same root owner; more of them on a node make its pods go first. Ties, which
/// Kubernetes leaves to random identities, go to the youngest.
pub(crate) fn deletion_order(store: &Store, pods: &mut [Uid], related: &[Uid], now: u64) {
    let mut on_node: SortedMap<Rc<str>, u32> = SortedMap::new();
    for pod in related.iter().filter_map(|uid| store.pods.get(uid)) {
        if let (Some(node), true) = (&pod.node, pod.status.ready) {
            *on_node.entry(Rc::clone(node)).or_default() += 1;
        }
    }
    pods.sort_by_cached_key(|uid| {
        let Some(pod) = store.pods.get(uid) else { return Rank::default() };
        let neighbours = pod.node.as_ref().and_then(|node| on_node.get(node)).copied().unwrap_or(0);
        rank(pod, neighbours, now)
    });
}

/// Compared field by field; the smallest goes first.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    assigned: bool,
    phase: u8,
    ready: bool,
    cost: i64,
    fewer_neighbours: i64,
    ready_age: u32,
    fewer_restarts: i64,
    age: u32,
    older: i64,
}

fn rank(pod: &Pod, neighbours: u32, now: u64) -> Rank {
    Rank {
        assigned: pod.node.is_some(),
        phase: match pod.status.phase {
            PodPhase::Pending => 0,
            _ => 2,
        },
        ready: pod.status.ready,
        cost: pod.meta.annotations.get(DELETION_COST).and_then(|cost| cost.parse().ok()).unwrap_or(0),
        fewer_neighbours: -i64::from(neighbours),
        ready_age: if pod.status.ready { log_age(now, pod.status.started) } else { 0 },
        fewer_restarts: -i64::from(pod.status.restarts),
        age: log_age(now, pod.meta.created),
        older: -i64::try_from(pod.meta.uid.0).unwrap_or(i64::MAX),
    }
}

/// Age on the base-2 logarithmic scale on which ages are compared.
fn log_age(now: u64, then: u64) -> u32 {
    (now.saturating_sub(then) / 1_000).checked_ilog2().map_or(0, |log| log + 1)
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

    #[test]
    fn the_least_useful_goes_first() {
        let pods = [
            pod(1, Some("a"), true, ""),
            pod(2, Some("a"), true, ""),
            pod(3, Some("b"), true, ""),
            pod(4, Some("b"), false, ""),
            pod(5, None, false, ""),
            pod(6, Some("c"), true, "-1"),
        ];
        let store = Store { pods: pods.into(), ..Store::default() };
        let mut uids: Vec<Uid> = store.pods.keys().copied().collect();
        let related = uids.clone();
        deletion_order(&store, &mut uids, &related, 0);
        assert_eq!(uids.iter().map(|uid| uid.0).collect::<Vec<_>>(), [5, 4, 6, 2, 1, 3]);
    }
}
