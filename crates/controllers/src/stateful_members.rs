//! The pods of a StatefulSet, kept up to date by what changed: an ordered set is synced once for each of its pods, and would look
//! at all of them each time.

use std::rc::Rc;

use api::types::{Pod, PodPhase, StatefulSet, Uid};
use manifest::sorted::{SortedMap, SortedSet};

use crate::claim;
use crate::context::Context;
use crate::stateful_set::{ordinal, owner};

/// Label with the revision of a pod.
pub(crate) const REVISION: &str = "controller-revision-hash";

/// Numbers of a StatefulSet's status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) replicas: i32,
    pub(crate) ready: i32,
    pub(crate) available: i32,
    pub(crate) current: i32,
    pub(crate) updated: i32,
}

impl Counts {
    fn add(&mut self, other: Counts, times: i32) {
        self.replicas += times * other.replicas;
        self.ready += times * other.ready;
        self.available += times * other.available;
        self.current += times * other.current;
        self.updated += times * other.updated;
    }
}

/// Names of the current revision and of the one that it is updated to.
pub(crate) type Revisions<'a> = [Option<&'a str>; 2];

/// The pods of one set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Members {
    /// The set that they were found for.
    of: Option<Rc<StatefulSet>>,
    /// What each pod adds to the counts, and its ordinal.
    pods: SortedMap<Uid, (Counts, Option<i64>)>,
    /// Pods by ordinal.
    pub(crate) by_ordinal: SortedMap<i64, Uid>,
    /// Of all pods.
    pub(crate) counts: Counts,
    /// Below this ordinal every replica is as it should be.
    pub(crate) steady: i64,
    /// Ready pods that are not available yet: time alone changes them.
    waiting: SortedSet<Uid>,
}

impl Members {
    /// Takes in what has changed since the last time.
    pub(crate) fn refresh(&mut self, ctx: &mut Context<'_>, set: &Rc<StatefulSet>, revisions: Revisions<'_>) {
        if let Some(changed) = self.changed(ctx, set) {
            for uid in changed {
                self.forget(uid);
                self.take_in(ctx, set, uid, revisions);
            }
            return;
        }
        *self = Self { of: Some(Rc::clone(set)), ..Self::default() };
        for uid in claim::pods(ctx, owner(set), &set.selector, |pod| ordinal(set, pod).is_some()) {
            self.take_in(ctx, set, uid, revisions);
        }
    }

    /// Looks at every pod the next time.
    pub(crate) fn forget_all(&mut self) {
        self.of = None;
    }

    /// The pods to look at; `None` where the set itself may have changed, or who belongs to it.
    fn changed(&self, ctx: &Context<'_>, set: &Rc<StatefulSet>) -> Option<Vec<Uid>> {
        let same = self.of.as_ref().is_some_and(|of| Rc::ptr_eq(of, set));
        if !same || ctx.changes.all || ctx.changes.orphans {
            return None;
        }
        let noted = ctx.changes.of_stateful_sets.iter().filter(|(owner, _)| *owner == set.meta.uid);
        let changed: Vec<Uid> = noted.map(|&(_, pod)| pod).chain(self.waiting.iter().copied()).collect();
        let stays = |uid: &Uid| ctx.pod(*uid).is_none_or(|pod| set.selector.matches(&pod.meta.labels));
        changed.iter().all(stays).then_some(changed)
    }

    fn forget(&mut self, uid: Uid) {
        self.waiting.remove(&uid);
        let Some((counts, ordinal)) = self.pods.remove(&uid) else { return };
        self.counts.add(counts, -1);
        if let Some(ordinal) = ordinal {
            self.by_ordinal.remove(&ordinal);
            self.steady = self.steady.min(ordinal);
        }
    }

    fn take_in(&mut self, ctx: &mut Context<'_>, set: &StatefulSet, uid: Uid, revisions: Revisions<'_>) {
        let available = ctx.available(uid, set.min_ready_seconds);
        let is_own = |pod: &&Pod| pod.meta.owner.as_ref().is_some_and(|owner| owner.uid == set.meta.uid);
        let Some(pod) = ctx.pod(uid).filter(is_own) else { return };
        let ready = running_and_ready(pod);
        let is =
            |name: Option<&str>| i32::from(name.is_some() && name == revision_of(pod) && !pod.meta.deleting);
        let [current, updated] = revisions.map(is);
        let (ready, available) = (i32::from(ready), i32::from(ready && available));
        let counts = Counts { replicas: 1, ready, available, current, updated };
        let ordinal = ordinal(set, pod);
        if ready > available {
            self.waiting.insert(uid);
        }
        self.counts.add(counts, 1);
        self.pods.insert(uid, (counts, ordinal));
        if let Some(ordinal) = ordinal {
            self.by_ordinal.insert(ordinal, uid);
        }
    }
}

/// The revision that a pod was made of.
pub(crate) fn revision_of(pod: &Pod) -> Option<&str> {
    pod.meta.labels.get(REVISION).map(String::as_str)
}

/// Whether a pod runs and is ready.
pub(crate) fn running_and_ready(pod: &Pod) -> bool {
    pod.status.phase == PodPhase::Running && pod.status.ready
}
