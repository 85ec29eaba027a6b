//! The last failure, which is the answer for all pods that nothing tells apart from its pod, until something changes: of the
//! replicas that do not fit, the first one looks at the nodes.

use api::types::Pod;

use crate::attempt::Attempt;
use crate::cache::Cache;
use crate::class::ClassId;
use crate::cycle::Cycle;

/// An attempt that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    class: ClassId,
    /// [`Cache::changes`] after the attempt.
    changes: u64,
    attempt: Attempt,
}

impl Failure {
    /// Keeps a failed attempt; `None` when it changed the cluster, or where the next one begins (SCH-ORDER-3).
    pub(crate) fn of(class: ClassId, cache: &Cache, attempt: &Attempt) -> Option<Self> {
        let lasting = attempt.chosen.is_none() && attempt.preemption.is_none() && attempt.excluded.is_none();
        lasting.then(|| Self { class, changes: cache.changes, attempt: attempt.clone() })
    }

    /// Whether another pod of that class would fail in the same way.
    pub(crate) fn holds(&self, class: ClassId, cache: &Cache) -> bool {
        self.class == class && self.changes == cache.changes
    }

    /// The attempt of another pod, of which only name and start are known yet.
    pub(crate) fn repeat(&self, attempt: Attempt) -> Attempt {
        Attempt { pod: attempt.pod, start_index: attempt.start_index, ..self.attempt.clone() }
    }
}

/// Whether the class decides what becomes of the pod: it has no nomination, and no volumes, which may be named after it.
pub(crate) fn is_like_its_class(cache: &Cache, cycle: &Cycle, pod: &Pod) -> bool {
    cycle.volumes.is_none()
        && pod.status.nominated_node.is_none()
        && !cache.nominations.contains_key(&pod.meta.uid)
}
