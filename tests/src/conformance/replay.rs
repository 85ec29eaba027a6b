//! Replays the recorded attempts on our scheduler: the state before each attempt is made of the recorded choices before it,
//! so that one difference does not spoil all that follows.
//!
//! The pods are those that our own API server and controllers made, under the recorded names; where ours made none, the
//! recorded object that stands for them (which is still a fair comparison of the scheduler). What a recording does not tell
//! is *when* a pod went away (a rolling update, a deletion, a finished Job) or arrived without being scheduled. Those pods
//! are in doubt: an attempt counts as equal when it is for some part of them, and those that had to be gone stay gone.

use std::collections::{BTreeMap, BTreeSet};

use super::compare_attempts;
use super::record::{Attempt, Record};
use super::score::Outcome;
use crate::guard::caught;

/// Above this many pods in doubt, only one at a time, node by node, and all at once are tried.
const MAX_SUBSETS: usize = 8;

/// Where a pod is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Node.
    pub(super) node: String,
    /// Index of the stage in which it came there.
    pub(super) since: usize,
}

/// Places of pods by namespace/name.
pub(super) type Placed = BTreeMap<String, Place>;

/// Nominated nodes of pods by namespace/name.
pub(super) type Nominated = BTreeMap<String, String>;

/// What schedules: our scheduler, or a stand-in in the tests.
pub(super) trait Engine {
    /// In how many ways the nodes may have looked during a stage: a command that changes them does so in several writes.
    fn phases(&self) -> usize {
        1
    }

    /// Our attempt for a pod, with these pods placed and these nominated, in one of the [`Engine::phases`]; `None` when the
    /// pod is not known.
    fn attempt(
        &mut self,
        recorded: &Attempt,
        placed: &Placed,
        nominated: &Nominated,
        phase: usize,
    ) -> Option<Attempt>;
}

/// State of a replay over all stages of a scenario.
#[derive(Clone, Debug, Default)]
pub(super) struct Replay {
    placed: Placed,
    nominated: Nominated,
    stage: usize,
    /// Our last message by pod; empty when it was placed.
    messages: BTreeMap<String, String>,
}

impl Replay {
    /// Our last message for a pod that was tried; empty when it was placed.
    pub(super) fn message(&self, pod: &str) -> Option<&String> {
        self.messages.get(pod)
    }

    /// Follows one stage and compares its attempts.
    pub(super) fn stage(&mut self, stage: &str, recorded: &Record, engine: &mut impl Engine) -> Outcome {
        let mut outcome = Outcome::default();
        let mut doubt = self.enter(recorded);
        for attempt in &recorded.attempts {
            let unit = format!("{stage}, attempt {} of {}", attempt.number, attempt.pod);
            let (ours, difference) = self.follow(attempt, &mut doubt, engine);
            outcome.count(unit, difference);
            if let Some(ours) = ours {
                self.messages.insert(attempt.pod.clone(), ours.message);
            }
            self.apply(attempt, recorded, &mut doubt);
        }
        self.leave(recorded);
        self.stage += 1;
        outcome
    }

    /// The pods in doubt when a stage begins; those that arrived without an attempt are placed.
    fn enter(&mut self, recorded: &Record) -> BTreeSet<String> {
        let mut doubt: BTreeSet<String> =
            self.placed.keys().filter(|pod| !stays(recorded, pod)).cloned().collect();
        let scheduled: BTreeSet<&String> = recorded
            .attempts
            .iter()
            .filter(|attempt| attempt.chosen.is_some())
            .map(|attempt| &attempt.pod)
            .collect();
        for pod in &recorded.pods {
            let key = pod.key();
            if let Some(node) =
                pod.node.as_ref().filter(|_| !scheduled.contains(&key) && !self.placed.contains_key(&key))
            {
                self.placed.insert(key.clone(), Place { node: node.clone(), since: self.stage });
                doubt.insert(key);
            }
        }
        doubt
    }

    /// Our attempt from the recorded state, and how it differs for every part of the pods in doubt.
    fn follow(
        &mut self,
        attempt: &Attempt,
        doubt: &mut BTreeSet<String>,
        engine: &mut impl Engine,
    ) -> (Option<Attempt>, Option<String>) {
        let mut first: Option<(Attempt, String)> = None;
        let sets = subsets(doubt, &self.placed);
        let phases = engine.phases();
        for (gone, phase) in sets.iter().flat_map(|gone| (0..phases).map(move |phase| (gone, phase))) {
            let mut placed = self.placed.clone();
            placed.retain(|pod, _| !gone.contains(pod) && *pod != attempt.pod);
            let ours = match caught(|| engine.attempt(attempt, &placed, &self.nominated, phase)) {
                Ok(Some(ours)) => ours,
                Ok(None) => return (None, Some("our run has no such pod, and none was recorded".into())),
                Err(panic) => return (None, Some(panic)),
            };
            let Some(difference) = compare_attempts::difference(attempt, &ours) else {
                self.placed.retain(|pod, _| !gone.contains(pod));
                doubt.retain(|pod| !gone.contains(pod));
                return (Some(ours), None);
            };
            first.get_or_insert((ours, difference));
        }
        first.map_or((None, None), |(ours, difference)| (Some(ours), Some(difference)))
    }

    /// Makes the recorded decision ours.
    fn apply(&mut self, attempt: &Attempt, recorded: &Record, doubt: &mut BTreeSet<String>) {
        if let Some(node) = &attempt.chosen {
            self.nominated.remove(&attempt.pod);
            self.placed.insert(attempt.pod.clone(), Place { node: node.clone(), since: self.stage });
            if !stays(recorded, &attempt.pod) {
                doubt.insert(attempt.pod.clone());
            }
        }
        if let Some((node, victims)) = &attempt.preemption {
            self.nominated.insert(attempt.pod.clone(), node.clone());
            for victim in victims {
                self.placed.remove(victim);
                doubt.remove(victim);
            }
        }
    }

    /// The state at the end of a stage is recorded.
    fn leave(&mut self, recorded: &Record) {
        let keys: BTreeSet<String> = recorded.pods.iter().map(super::record::Pod::key).collect();
        self.nominated.retain(|pod, _| keys.contains(pod));
        let running = recorded.pods.iter().filter(|pod| !is_over(&pod.phase));
        let since = |key: &String| self.placed.get(key).map_or(self.stage, |place| place.since);
        let place = |key: String, node| (key.clone(), Place { node, since: since(&key) });
        self.placed = running.filter_map(|pod| Some(place(pod.key(), pod.node.clone()?))).collect();
    }
}

/// Whether a pod is still there, and not over, at the end of a stage.
fn stays(recorded: &Record, key: &str) -> bool {
    recorded.pods.iter().any(|pod| pod.key() == key && pod.node.is_some() && !is_over(&pod.phase))
}

fn is_over(phase: &str) -> bool {
    ["Succeeded", "Failed"].contains(&phase)
}

/// The sets of pods in doubt that may be gone, the likely ones first.
fn subsets(doubt: &BTreeSet<String>, placed: &Placed) -> Vec<BTreeSet<String>> {
    let doubt: Vec<&String> = doubt.iter().collect();
    if doubt.len() <= MAX_SUBSETS {
        let mut all: Vec<u32> = (0..1 << doubt.len()).collect();
        all.sort_by_key(|mask| mask.count_ones());
        let members = |mask: u32| {
            move |(index, pod): (usize, &&String)| (mask & (1 << index) != 0).then(|| (*pod).clone())
        };
        return all
            .into_iter()
            .map(|mask| doubt.iter().enumerate().filter_map(members(mask)).collect())
            .collect();
    }
    let single = doubt.iter().map(|pod| BTreeSet::from([(*pod).clone()]));
    let nodes: BTreeSet<&String> = doubt.iter().filter_map(|pod| Some(&placed.get(*pod)?.node)).collect();
    let on = |node: &String| {
        doubt
            .iter()
            .filter(|pod| placed.get(**pod).is_some_and(|place| place.node == *node))
            .map(|pod| (*pod).clone())
            .collect()
    };
    let all = doubt.iter().map(|pod| (*pod).clone()).collect();
    std::iter::once(BTreeSet::new()).chain(single).chain(nodes.into_iter().map(on)).chain([all]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::record::Pod;

    /// A node takes one pod.
    struct OnePerNode;

    impl Engine for OnePerNode {
        fn attempt(
            &mut self,
            recorded: &Attempt,
            placed: &Placed,
            _: &Nominated,
            _: usize,
        ) -> Option<Attempt> {
            let is_free = |node: &String| !placed.values().any(|place| place.node == *node);
            let feasible: BTreeSet<String> =
                ["a", "b"].map(str::to_owned).into_iter().filter(is_free).collect();
            let chosen = recorded.chosen.clone().filter(|node| feasible.contains(node));
            (recorded.pod != "x/unknown").then(|| Attempt {
                pod: recorded.pod.clone(),
                feasible,
                chosen,
                ..Attempt::default()
            })
        }
    }

    fn attempt(pod: &str, feasible: &[&str], chosen: Option<&str>) -> Attempt {
        Attempt {
            pod: pod.into(),
            feasible: feasible.iter().map(|node| (*node).to_owned()).collect(),
            chosen: chosen.map(str::to_owned),
            ..Attempt::default()
        }
    }

    fn record(pods: &[(&str, Option<&str>)], attempts: Vec<Attempt>) -> Record {
        let pod = |&(name, node): &(&str, Option<&str>)| Pod {
            namespace: "x".into(),
            name: name.into(),
            node: node.map(str::to_owned),
            ..Pod::default()
        };
        Record { pods: pods.iter().map(pod).collect(), attempts, ..Record::default() }
    }

    #[test]
    fn recorded_choices_are_followed() {
        let both = record(
            &[("one", Some("b")), ("two", Some("a"))],
            vec![attempt("x/one", &["a", "b"], Some("b")), attempt("x/two", &["a"], Some("a"))],
        );
        let outcome = Replay::default().stage("0", &both, &mut OnePerNode);
        assert_eq!((outcome.tally.matched, outcome.tally.total), (2, 2), "{:?}", outcome.misses);
        let wrong = record(&[], vec![attempt("x/one", &["a"], None), attempt("x/unknown", &["a"], None)]);
        assert_eq!(Replay::default().stage("0", &wrong, &mut OnePerNode).tally.matched, 0);
    }

    #[test]
    fn a_pod_that_goes_away_may_be_gone_at_any_attempt_but_does_not_come_back() {
        let placed = ["old a", "kept b"]
            .iter()
            .filter_map(|text| text.split_once(' '))
            .map(|(pod, node)| (format!("x/{pod}"), Place { node: node.into(), since: 0 }))
            .collect();
        let mut replay = Replay { placed, ..Replay::default() };
        let end = [("kept", Some("b")), ("new", Some("a"))];
        let retried = vec![attempt("x/new", &[], None), attempt("x/new", &["a"], Some("a"))];
        let outcome = replay.clone().stage("1", &record(&end, retried), &mut OnePerNode);
        assert_eq!((outcome.tally.matched, outcome.tally.total), (2, 2), "{:?}", outcome.misses);
        let back = vec![attempt("x/other", &["a"], None), attempt("x/new", &[], None)];
        let outcome = replay.stage("1", &record(&end, back), &mut OnePerNode);
        assert_eq!((outcome.tally.matched, outcome.tally.total), (1, 2), "{:?}", outcome.misses);
    }
}
