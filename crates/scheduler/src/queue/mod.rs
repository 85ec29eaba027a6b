//! The scheduling queue: which pod is tried next, and which event brings a failed pod back (SCH-QUEUE, SCH-RETRY rules).
//!
//! A pod is active, in backoff, unschedulable, gated, or popped for its attempt. Time is simulated, and the order of
//! everything follows from it and from the pods: the queue is deterministic.

mod hints;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use api::types::{Node, Pod, Uid};

use crate::plugins::priority_sort::{self, QueueKey};
use crate::plugins::scheduling_gates;

/// Milliseconds that a pod stays unschedulable before it is tried without an event (SCH-RETRY-2).
const UNSCHEDULABLE_TIMEOUT: u64 = 5 * 60 * 1000;
/// How often that is looked at.
const FLUSH_PERIOD: u64 = 30 * 1000;
/// Backoff after the first failure; it doubles with each (SCH-RETRY-3).
const INITIAL_BACKOFF: u64 = 1000;
const MAX_BACKOFF: u64 = 10_000;
/// Ends of backoff within one window of this length count as equal.
const BACKOFF_WINDOW: u64 = 1000;

/// Something that happened in the cluster and may make failed pods schedulable (SCH-RETRY-1).
#[derive(Clone, Copy, Debug)]
pub enum ClusterEvent<'a> {
    /// A node joined.
    NodeAdded(&'a Node),
    /// A node changed.
    NodeUpdated {
        /// Before.
        old: &'a Node,
        /// After.
        new: &'a Node,
    },
    /// A node left.
    NodeDeleted(&'a Node),
    /// A pod was bound.
    PodAdded(&'a Pod),
    /// A bound pod changed.
    PodUpdated {
        /// Before.
        old: &'a Pod,
        /// After.
        new: &'a Pod,
    },
    /// A bound pod was removed.
    PodDeleted(&'a Pod),
    /// A claim, volume or storage class was added or changed.
    StorageChanged,
    /// The labels of a namespace changed, or a namespace was added.
    NamespaceChanged,
}

/// A pod taken from the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Popped {
    /// Its identity.
    pub uid: Uid,
    /// Number of this attempt, from 1.
    pub attempt: u32,
}

#[derive(Debug)]
enum Place {
    Active(QueueKey),
    /// Sorted by window of the backoff's end, then as in the active queue.
    Backoff(u64, QueueKey),
    Unschedulable,
    Gated,
    Popped,
}

#[derive(Debug)]
struct Entry {
    pod: Pod,
    place: Place,
    attempts: u32,
    /// When the pod was added, or its last attempt failed; being moved back does not change it.
    since: u64,
    /// The plugins that turned it down last.
    plugins: Vec<Rc<str>>,
}

impl Entry {
    fn key(&self) -> QueueKey {
        priority_sort::key(self.pod.spec.priority, self.since, self.pod.meta.uid)
    }

    fn backoff_end(&self) -> u64 {
        let doublings = self.attempts.saturating_sub(1).min(10);
        self.since + (INITIAL_BACKOFF << doublings).min(MAX_BACKOFF)
    }
}

/// The queue. Times are simulated milliseconds.
#[derive(Debug, Default)]
pub struct Queue {
    entries: BTreeMap<Uid, Entry>,
    active: BTreeSet<QueueKey>,
    backoff: BTreeSet<(u64, QueueKey)>,
    unschedulable: BTreeSet<Uid>,
    /// Those of them that a bound pod may help: pods are bound all the time, and most unschedulable ones need not be asked.
    await_pods: BTreeSet<Uid>,
    /// When the unschedulable pods were last looked through: once for each moment, not for each pod.
    flushed: Option<u64>,
}

impl Queue {
    /// An empty queue.
    pub fn new() -> Self {
        Self::default()
    }

    /// A pod without a node appeared. Gated pods wait outside (SCH-GATE-1).
    pub fn add(&mut self, pod: &Pod, now: u64) {
        self.remove(pod.meta.uid);
        let entry =
            Entry { pod: pod.clone(), place: Place::Popped, attempts: 0, since: now, plugins: Vec::new() };
        self.entries.insert(pod.meta.uid, entry);
        self.activate(pod.meta.uid);
    }

    /// A pod in the queue changed. Spec or labels bring it back, for example when its last gate is removed; status does not.
    pub fn update(&mut self, pod: &Pod, now: u64) {
        let Some(entry) = self.entries.get_mut(&pod.meta.uid) else { return };
        let changed = entry.pod.spec != pod.spec || entry.pod.meta.labels != pod.meta.labels;
        entry.pod = pod.clone();
        match entry.place {
            Place::Gated if changed => self.activate(pod.meta.uid),
            Place::Unschedulable if changed => self.retry(pod.meta.uid, now),
            _ => {}
        }
    }

    /// The pod was deleted or bound.
    pub fn remove(&mut self, uid: Uid) {
        self.leave(uid);
        self.entries.remove(&uid);
    }

    /// The next pod: highest priority, then longest in the queue (SCH-QUEUE-1). When no pod is active the first in backoff is
    /// taken early (SCH-RETRY-3). The caller then calls [`Queue::remove`] or [`Queue::failed`].
    pub fn pop(&mut self, now: u64) -> Option<Popped> {
        self.flush(now);
        let first = self.active.first().or_else(|| self.backoff.first().map(|(_, key)| key));
        let uid = first.map(|(_, _, uid)| *uid)?;
        self.leave(uid);
        let entry = self.entries.get_mut(&uid)?;
        entry.attempts += 1;
        Some(Popped { uid, attempt: entry.attempts })
    }

    /// The pod that was popped could not be scheduled. `plugins` are [`crate::Attempt::unschedulable_plugins`]: they say
    /// which events help. `pod` has its current status.
    pub fn failed(&mut self, pod: &Pod, plugins: &[Rc<str>], now: u64) {
        let Some(entry) = self.entries.get_mut(&pod.meta.uid) else { return };
        entry.pod = pod.clone();
        entry.plugins = plugins.to_vec();
        entry.since = now;
        entry.place = Place::Unschedulable;
        self.unschedulable.insert(pod.meta.uid);
        if plugins.is_empty() || plugins.iter().any(|plugin| hints::await_pods(plugin)) {
            self.await_pods.insert(pod.meta.uid);
        }
    }

    /// Tells the queue what happened; pods that it may help become active or wait for the end of their backoff.
    pub fn event(&mut self, event: &ClusterEvent<'_>, now: u64) {
        let asked = match event {
            ClusterEvent::PodAdded(_) => &self.await_pods,
            _ => &self.unschedulable,
        };
        let helped = asked.iter().copied().filter(|uid| {
            self.entries.get(uid).is_some_and(|entry| {
                entry.plugins.is_empty()
                    || entry.plugins.iter().any(|plugin| hints::helps(plugin, *event, &entry.pod))
            })
        });
        for uid in helped.collect::<Vec<_>>() {
            self.retry(uid, now);
        }
    }

    /// When the next pod becomes active without an event: after five minutes in the unschedulable set (SCH-RETRY-2).
    pub fn next_wakeup(&self) -> Option<u64> {
        let since =
            self.unschedulable.iter().filter_map(|uid| self.entries.get(uid)).map(|entry| entry.since);
        // It is looked at every 30 seconds whether five minutes are over.
        since.min().map(|since| ((since + UNSCHEDULABLE_TIMEOUT) / FLUSH_PERIOD + 1) * FLUSH_PERIOD)
    }

    /// The message for a gated pod, such as `waiting for scheduling gates: [a b]` (SCH-GATE-1).
    pub fn gate_message(&self, uid: Uid) -> Option<String> {
        let entry = self.entries.get(&uid).filter(|entry| matches!(entry.place, Place::Gated))?;
        scheduling_gates::pre_enqueue(&entry.pod.spec)
    }

    /// Puts a pod into the active queue unless PreEnqueue holds it back.
    fn activate(&mut self, uid: Uid) {
        self.leave(uid);
        let Some(entry) = self.entries.get_mut(&uid) else { return };
        if scheduling_gates::pre_enqueue(&entry.pod.spec).is_some() {
            entry.place = Place::Gated;
            return;
        }
        let key = entry.key();
        entry.place = Place::Active(key);
        self.active.insert(key);
    }

    /// A failed pod is worth another attempt: at once if its backoff is over.
    fn retry(&mut self, uid: Uid, now: u64) {
        let Some(entry) = self.entries.get(&uid) else { return };
        let (end, key) = (entry.backoff_end(), entry.key());
        if end <= now {
            self.activate(uid);
            return;
        }
        self.leave(uid);
        let window = end / BACKOFF_WINDOW;
        self.backoff.insert((window, key));
        if let Some(entry) = self.entries.get_mut(&uid) {
            entry.place = Place::Backoff(window, key);
        }
    }

    /// Moves pods whose time has come: ended backoffs, and those unschedulable for too long.
    fn flush(&mut self, now: u64) {
        while let Some(&(window, (_, _, uid))) = self.backoff.first() {
            if window >= now / BACKOFF_WINDOW {
                break;
            }
            self.activate(uid);
        }
        if self.flushed.replace(now) == Some(now) {
            return;
        }
        let stale =
            |uid: &&Uid| self.entries.get(uid).is_some_and(|entry| now > entry.since + UNSCHEDULABLE_TIMEOUT);
        for uid in self.unschedulable.iter().filter(stale).copied().collect::<Vec<_>>() {
            self.retry(uid, now);
        }
    }

    /// Takes a pod out of where it is.
    fn leave(&mut self, uid: Uid) {
        let Some(entry) = self.entries.get_mut(&uid) else { return };
        match std::mem::replace(&mut entry.place, Place::Popped) {
            Place::Active(key) => drop(self.active.remove(&key)),
            Place::Backoff(window, key) => drop(self.backoff.remove(&(window, key))),
            Place::Unschedulable => {
                self.unschedulable.remove(&uid);
                self.await_pods.remove(&uid);
            }
            Place::Gated | Place::Popped => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::types::{Meta, PodSpec};

    fn pod(uid: u64, priority: i32, gates: &[&str]) -> Pod {
        let scheduling_gates = gates.iter().map(ToString::to_string).collect();
        let spec = PodSpec { priority, scheduling_gates, ..PodSpec::default() };
        Pod { meta: Meta { uid: Uid(uid), ..Meta::default() }, spec: Rc::new(spec), ..Pod::default() }
    }

    fn popped(queue: &mut Queue, now: u64) -> Vec<(u64, u32)> {
        std::iter::from_fn(|| queue.pop(now)).map(|popped| (popped.uid.0, popped.attempt)).collect()
    }

    #[test]
    fn priority_then_time() {
        let mut queue = Queue::new();
        for (uid, priority, now) in [(1, 0, 5), (2, 0, 4), (3, 7, 6)] {
            queue.add(&pod(uid, priority, &[]), now);
        }
        assert_eq!(popped(&mut queue, 6), [(3, 1), (2, 1), (1, 1)]);
    }

    #[test]
    fn gated_pods_wait_for_their_last_gate() {
        let mut queue = Queue::new();
        queue.add(&pod(1, 0, &["a", "b"]), 0);
        assert_eq!(queue.pop(0), None);
        assert_eq!(queue.gate_message(Uid(1)).as_deref(), Some("waiting for scheduling gates: [a b]"));
        queue.update(&pod(1, 0, &["b"]), 0);
        assert_eq!(queue.pop(0), None);
        queue.update(&pod(1, 0, &[]), 0);
        assert_eq!((queue.gate_message(Uid(1)), popped(&mut queue, 0)), (None, vec![(1, 1)]));
    }

    #[test]
    fn only_an_event_that_helps_brings_a_failed_pod_back() {
        let mut queue = Queue::new();
        let pods = [pod(1, 0, &[]), pod(2, 0, &[])];
        for pod in &pods {
            queue.add(pod, 0);
        }
        popped(&mut queue, 0);
        queue.failed(&pods[0], &["NodeResourcesFit".into()], 0);
        queue.failed(&pods[1], &["TaintToleration".into()], 0);
        assert_eq!(queue.pop(10), None);
        queue.event(&ClusterEvent::PodDeleted(&pod(9, 0, &[])), 10);
        // It is in backoff, and taken early because nothing else is active.
        assert_eq!(popped(&mut queue, 10), [(1, 2)]);
        queue.failed(&pods[0], &["NodeResourcesFit".into()], 10);
        assert_eq!(queue.next_wakeup(), Some(330_000));
        assert_eq!(popped(&mut queue, 330_000), [(2, 2), (1, 3)]);
    }

    #[test]
    fn a_removed_pod_is_gone_from_everywhere() {
        let mut queue = Queue::new();
        let pod = pod(1, 0, &[]);
        queue.add(&pod, 0);
        queue.remove(Uid(1));
        assert_eq!(queue.pop(0), None);
        queue.add(&pod, 0);
        queue.pop(0);
        queue.failed(&pod, &[], 0);
        queue.remove(Uid(1));
        queue.event(&ClusterEvent::StorageChanged, 0);
        assert_eq!((queue.pop(0), queue.next_wakeup()), (None, None));
    }
}
