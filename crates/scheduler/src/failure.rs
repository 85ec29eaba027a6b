//! The last failure, which is the answer for all pods that nothing tells apart from its pod, until something changes: of the
//! replicas that do not fit, the first one looks at the nodes.

use api::types::Pod;

use crate::Trace;
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
    trace: Trace,
    attempt: Attempt,
}

impl Failure {
    /// Keeps a failed attempt; `None` when it changed the cluster, or where the next one begins (SCH-ORDER-3).
    pub(crate) fn of(class: ClassId, cache: &Cache, trace: Trace, attempt: &Attempt) -> Option<Self> {
        let lasting = attempt.chosen.is_none() && attempt.preemption.is_none() && attempt.excluded.is_none();
        lasting.then(|| Self { class, changes: cache.changes, trace, attempt: attempt.clone() })
    }

    /// Whether another pod of that class would fail in the same way, and as much is recorded as is asked for.
    pub(crate) fn holds(&self, class: ClassId, cache: &Cache, trace: Trace) -> bool {
        let detailed = self.trace == Trace::Full || trace == Trace::Outcome;
        self.class == class && self.changes == cache.changes && detailed
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

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use api::types::{Meta, Pod, PodSpec, Uid};

    use super::*;
    use crate::testing::{bind, container, pod, scheduler};

    #[test]
    fn pods_that_fail_alike_share_what_was_seen() {
        let mut scheduler = scheduler(&[("a", ""), ("b", "")]);
        let spec = PodSpec { containers: vec![container(5000)], ..PodSpec::default() };
        let first = pod(1, &[], spec);
        let second =
            Pod { meta: Meta { uid: Uid(2), name: "pod-2".into(), ..first.meta.clone() }, ..first.clone() };
        let seen = scheduler.schedule(&first, Trace::Full);
        assert_eq!(seen.rejected.len(), 2);
        for trace in [Trace::Full, Trace::Outcome] {
            let again = scheduler.schedule(&second, trace);
            assert!(Rc::ptr_eq(&seen.rejected, &again.rejected));
            assert_eq!((&*again.pod, again.message), ("default/pod-2", seen.message.clone()));
        }
        // Whatever changes ends it; what was recorded in brief does not do for more.
        bind(&mut scheduler, &pod(3, &[], PodSpec::default()), "a");
        assert!(scheduler.schedule(&second, Trace::Outcome).rejected.is_empty());
        let looked = scheduler.schedule(&first, Trace::Full);
        assert_eq!(looked.rejected.len(), 2);
        assert!(!Rc::ptr_eq(&seen.rejected, &looked.rejected));
    }
}
