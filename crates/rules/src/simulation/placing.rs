//! The scheduler's part of the loop: what it is told, its queue, and what becomes of its decisions.

use std::ops::Bound;
use std::rc::Rc;

use api::labels::Labels;
use api::types::{Pod, PodSpec, ScheduledCondition, Uid};
use manifest::sorted::SortedMap;
use scheduler::{Attempt, ClusterEvent, Popped, Trace};

use super::{AttemptRecord, Keep, Simulation, root};

/// What the scheduler was told of a pod.
#[derive(Debug)]
pub(super) struct Known {
    labels: Rc<Labels>,
    spec: Rc<PodSpec>,
    bound: Option<Pod>,
}

impl Simulation {
    /// Tells the scheduler of new and deleted pods; whether there were any.
    pub(super) fn notice(&mut self) -> bool {
        let store = self.server.store();
        let mut new: Vec<(Uid, Uid)> = store
            .pods
            .range((Bound::Excluded(self.seen), Bound::Unbounded))
            .map(|(&uid, pod)| (pod.meta.owner.as_ref().map_or(uid, |owner| owner.uid), uid))
            .collect();
        if let Some(&(_, last)) = new.last() {
            self.seen = last;
        }
        // Pods queue in the order of the documents that make them (WL-ORDER-2).
        let mut roots: SortedMap<Uid, Uid> = SortedMap::new();
        for (owner, _) in &mut new {
            *owner = *roots.entry(*owner).or_insert_with(|| root(&self.server, *owner));
        }
        new.sort_unstable();
        let changed = !new.is_empty();
        for (_, uid) in new {
            self.pod_added(uid);
        }
        let store = self.server.store();
        if self.known.len() > store.pods.len() {
            let gone: Vec<Uid> =
                self.known.keys().copied().filter(|uid| !store.pods.contains_key(uid)).collect();
            for uid in gone {
                self.pod_gone(uid);
            }
            return true;
        }
        changed
    }

    fn pod_added(&mut self, uid: Uid) {
        let now = self.server.now();
        let Some(pod) = self.server.store().pods.get(&uid) else { return };
        let labels = Rc::clone(&pod.meta.labels);
        let bound = pod.node.is_some().then(|| pod.clone());
        self.known.insert(uid, Known { labels, spec: Rc::clone(&pod.spec), bound: bound.clone() });
        if let Some(pod) = bound {
            self.scheduler.add_pod(&pod);
            self.queue.event(&ClusterEvent::PodAdded(&pod), now);
            self.kubelet.bound(uid);
            return;
        }
        if !pod.spec.scheduling_gates.is_empty() {
            let message = "Scheduling is blocked due to non-empty scheduling gates".into();
            let condition = ScheduledCondition::False { reason: "SchedulingGated", message };
            self.set_condition(uid, condition);
        }
        let Some(pod) = self.server.store().pods.get(&uid) else { return };
        // Others may schedule it; nobody does here (SCH-CYCLE-5).
        if pod.spec.scheduler_name.is_empty() || pod.spec.scheduler_name == "default-scheduler" {
            self.queue.add(pod, now);
        }
    }

    pub(super) fn pod_gone(&mut self, uid: Uid) {
        let now = self.server.now();
        self.queue.remove(uid);
        self.scheduler.clear_nomination(uid);
        self.last.remove(&uid);
        self.ties.remove(&uid);
        if let Some(Known { bound: Some(pod), .. }) = self.known.remove(&uid) {
            self.scheduler.remove_pod(uid);
            self.queue.event(&ClusterEvent::PodDeleted(&pod), now);
        }
    }

    /// A bound pod runs: the scheduler looks at its start time only.
    pub(super) fn pod_started(&mut self, pod: Pod) {
        self.scheduler.update_pod(&pod);
        if let Some(known) = self.known.get_mut(&pod.meta.uid) {
            known.bound = Some(pod);
        }
    }

    /// Tells the scheduler that a bound pod changed.
    pub(super) fn pod_changed(&mut self, old: &Pod, new: &Pod) {
        let now = self.server.now();
        if let Some(known) = self.known.get_mut(&new.meta.uid) {
            known.bound = Some(new.clone());
        }
        if new.status.phase.is_terminal() {
            self.scheduler.remove_pod(new.meta.uid);
            self.queue.event(&ClusterEvent::PodDeleted(new), now);
        } else {
            self.scheduler.update_pod(new);
            self.queue.event(&ClusterEvent::PodUpdated { old, new }, now);
        }
    }

    /// Takes in what a command changed in existing pods and nodes.
    pub(super) fn notice_changes(&mut self) {
        self.notice_nodes();
        self.notice();
        let now = self.server.now();
        let has_changed = |(uid, known): (&Uid, &Known)| {
            let pod = self.server.store().pods.get(uid)?;
            let same = Rc::ptr_eq(&known.labels, &pod.meta.labels) && Rc::ptr_eq(&known.spec, &pod.spec);
            (!same).then_some(*uid)
        };
        let changed: Vec<Uid> = self.known.iter().filter_map(has_changed).collect();
        for uid in changed {
            let Some(pod) = self.server.store().pods.get(&uid).cloned() else { continue };
            let Some(known) = self.known.get_mut(&uid) else { continue };
            known.labels = Rc::clone(&pod.meta.labels);
            known.spec = Rc::clone(&pod.spec);
            match known.bound.clone() {
                Some(old) => self.pod_changed(&old, &pod),
                None => self.queue.update(&pod, now),
            }
        }
    }

    fn set_condition(&mut self, uid: Uid, condition: ScheduledCondition) {
        if let Some(pod) = self.server.pod_mut(uid) {
            pod.status.scheduled = condition;
        }
    }

    /// Runs the queue until nothing is left that can be tried now; whether anything was tried.
    pub(super) fn place(&mut self) -> bool {
        self.update_listers();
        let mut tried = false;
        while let Some(popped) = self.queue.pop(self.server.now()) {
            let Some(pod) = self.server.store().pods.get(&popped.uid).cloned() else {
                self.queue.remove(popped.uid);
                continue;
            };
            tried = true;
            let attempt = self.scheduler.schedule(&pod, self.trace(&pod));
            match attempt.chosen.clone() {
                Some(node) => self.bind(&pod, &node, &attempt),
                None => self.fail(&pod, &attempt),
            }
            self.record(&pod, popped, attempt);
        }
        tried
    }

    fn trace(&self, pod: &Pod) -> Trace {
        let full = match &self.keep {
            Keep::All => true,
            Keep::None => false,
            Keep::Pending { most, named } => {
                let small = self.known_nodes.len() * self.known.len() <= 100_000;
                let failing = self.failing && self.last.len() < *most;
                small || failing || (!named.is_empty() && named.contains(&full_name(pod)))
            }
        };
        if full { Trace::Full } else { Trace::Outcome }
    }

    fn record(&mut self, pod: &Pod, popped: Popped, attempt: Attempt) {
        let uid = pod.meta.uid;
        if attempt.chosen.is_some() && attempt.best_count > 1 {
            self.ties.insert(uid, attempt.best_count);
        }
        let keep = match &self.keep {
            Keep::None => return,
            Keep::All => true,
            Keep::Pending { most, named } => {
                let named = !named.is_empty() && named.contains(&full_name(pod));
                let room = self.last.len() < *most || self.last.contains_key(&uid);
                named || (attempt.chosen.is_none() && room && is_detailed(&attempt))
            }
        };
        if !keep {
            self.last.remove(&uid);
            return;
        }
        let record = AttemptRecord {
            pod: uid,
            number: popped.attempt,
            priority: pod.spec.priority,
            step: self.step,
            attempt: Rc::new(attempt),
        };
        if matches!(self.keep, Keep::All) {
            self.attempts.push(record.clone());
        }
        self.last.insert(uid, record);
    }

    fn bind(&mut self, pod: &Pod, node: &Rc<str>, attempt: &Attempt) {
        let uid = pod.meta.uid;
        let now = self.server.now();
        for (claim, volume) in &attempt.volume_bindings {
            let claim = claim.rsplit('/').next().unwrap_or(claim);
            match volume {
                Some(volume) => {
                    controllers::bind_claim(&mut self.server, &pod.meta.namespace, claim, volume);
                }
                None => controllers::select_node(&mut self.server, &pod.meta.namespace, claim, node),
            }
        }
        if attempt.volume_bindings.iter().any(|(_, volume)| volume.is_some()) {
            // The next pod must not get the same volumes.
            self.update_listers();
        }
        self.server.bind(uid, node);
        self.queue.remove(uid);
        self.scheduler.clear_nomination(uid);
        let Some(bound) = self.server.pod_mut(uid) else { return };
        bound.status.nominated_node = None;
        let bound = bound.clone();
        if let Some(known) = self.known.get_mut(&uid) {
            known.labels = Rc::clone(&bound.meta.labels);
            known.bound = Some(bound.clone());
        }
        self.scheduler.add_pod(&bound);
        self.queue.event(&ClusterEvent::PodAdded(&bound), now);
        self.kubelet.bound(uid);
        self.log.scheduler((now, self.step), &pod.meta, "Scheduled", || {
            format!("Successfully assigned {} to {node}", full_name(pod)).into()
        });
    }

    fn fail(&mut self, pod: &Pod, attempt: &Attempt) {
        let now = self.server.now();
        self.failing = true;
        let message: Rc<str> = attempt.message.as_str().into();
        self.log.scheduler((now, self.step), &pod.meta, "FailedScheduling", || Rc::clone(&message));
        let reason = if attempt.feasible_count > 0 { "SchedulerError" } else { "Unschedulable" };
        let condition = ScheduledCondition::False { reason, message };
        self.set_condition(pod.meta.uid, condition);
        if let Some(preemption) = &attempt.preemption {
            self.preempt(pod, preemption, &attempt.lost_nominations);
        } else if pod.status.nominated_node.is_some() {
            // A nomination that did not help is dropped.
            self.scheduler.clear_nomination(pod.meta.uid);
            self.nominate(pod.meta.uid, None);
        }
        let Some(pod) = self.server.store().pods.get(&pod.meta.uid).cloned() else { return };
        self.queue.failed(&pod, &attempt.unschedulable_plugins, now);
        if let Some(preemption) = &attempt.preemption {
            let victims: Vec<Uid> =
                preemption.victims.iter().filter_map(|name| self.pod_named(name)).collect();
            for victim in victims {
                self.server.delete(victim);
                self.pod_gone(victim);
            }
        }
    }

    /// Nominates a pod and writes the victims' events (SCH-PRE-7).
    fn preempt(&mut self, pod: &Pod, preemption: &scheduler::Preemption, lost: &[Rc<str>]) {
        let time = (self.server.now(), self.step);
        for name in lost {
            if let Some(uid) = self.pod_named(name) {
                self.scheduler.clear_nomination(uid);
                self.nominate(uid, None);
            }
        }
        self.nominate(pod.meta.uid, Some(Rc::clone(&preemption.node)));
        self.scheduler.nominate(pod, &preemption.node);
        let preemptor = api::server::uid_text(pod.meta.uid);
        for victim in &preemption.victims {
            let Some(victim) = self.pod_named(victim).and_then(|uid| self.server.meta(uid)) else { continue };
            let text = || format!("Preempted by pod {preemptor} on node {}", preemption.node).into();
            self.log.scheduler(time, victim, "Preempted", text);
        }
    }

    fn nominate(&mut self, uid: Uid, node: Option<Rc<str>>) {
        if let Some(pod) = self.server.pod_mut(uid) {
            pod.status.nominated_node = node;
        }
    }

    fn pod_named(&self, full_name: &str) -> Option<Uid> {
        let (namespace, name) = full_name.split_once('/')?;
        self.server.find_kind(&api::types::Kind::Pod, namespace, name)
    }
}

/// Whether an attempt tells why it failed, and not only that it did.
fn is_detailed(attempt: &Attempt) -> bool {
    !attempt.rejected.is_empty()
        || attempt.prefilter_rejection.is_some()
        || attempt.excluded.is_some()
        || attempt.nodes == 0
}

fn full_name(pod: &Pod) -> String {
    format!("{}/{}", pod.meta.namespace, pod.meta.name)
}
