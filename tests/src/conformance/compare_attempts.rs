//! attempts: what the scheduler looked at and why it chose. One attempt is one unit.

use std::collections::{BTreeMap, BTreeSet};

use super::record::{Attempt, Verdict};
use super::score::sides;

/// How many nodes the scheduler filters at the same time: when it stops early, so many are left to chance.
const PARALLELISM: usize = 16;

/// How our attempt differs from the recorded one, from the same state; `None` when it does not.
///
/// The node picked must be one of our best; which of them is left to chance. Scores, totals and best set are compared where
/// they are recorded: the scheduler computes none when fewer than two nodes are feasible. In a large cluster it stops looking
/// when it has found enough (SCH-ORDER-4); then the nodes that both have looked at are compared.
pub(super) fn difference(recorded: &Attempt, ours: &Attempt) -> Option<String> {
    if looked_at(recorded).count() < recorded.nodes
        && recorded.absent.is_none()
        && let Some((theirs, mine)) = common(recorded, ours)
    {
        return exact_difference(&theirs, &mine);
    }
    exact_difference(recorded, ours)
}

fn exact_difference(recorded: &Attempt, ours: &Attempt) -> Option<String> {
    prefilter(recorded, ours)
        .or_else(|| unequal("feasible", &recorded.feasible, &ours.feasible))
        .or_else(|| by_node("rejected", &recorded.rejected, &ours.rejected))
        .or_else(|| unequal("absent_status", &recorded.absent, &ours.absent))
        .or_else(|| by_node("scores", &recorded.scores, &ours.scores))
        .or_else(|| by_node("totals", &recorded.totals, &ours.totals))
        .or_else(|| {
            (!recorded.best.is_empty()).then(|| unequal("best", &recorded.best, &ours.best)).flatten()
        })
        .or_else(|| chosen(recorded, ours))
        .or_else(|| unequal("preemption", &recorded.preemption, &ours.preemption))
}

/// The nodes that were looked at.
fn looked_at(attempt: &Attempt) -> impl Iterator<Item = &String> {
    attempt.feasible.iter().chain(attempt.rejected.keys())
}

/// Both attempts without the nodes that only one has looked at; `None` when those are more than chance explains.
fn common(recorded: &Attempt, ours: &Attempt) -> Option<(Attempt, Attempt)> {
    let (theirs, mine): (BTreeSet<&String>, BTreeSet<&String>) =
        (looked_at(recorded).collect(), looked_at(ours).collect());
    let both: BTreeSet<String> = theirs.intersection(&mine).map(|node| (*node).clone()).collect();
    let by_chance = |nodes: &BTreeSet<&String>| nodes.len() - both.len() < PARALLELISM;
    let limited = |attempt: &Attempt| {
        let mut attempt = attempt.clone();
        attempt.feasible.retain(|node| both.contains(node));
        attempt.rejected.retain(|node, _| both.contains(node));
        attempt.scores.retain(|node, _| both.contains(node));
        attempt.totals.retain(|node, _| both.contains(node));
        attempt.best.retain(|node| both.contains(node));
        // The node picked is compared where it is among them.
        attempt.chosen = recorded.chosen.clone().filter(|node| both.contains(node));
        attempt
    };
    let found_enough = recorded.feasible.len().abs_diff(ours.feasible.len()) < PARALLELISM;
    (by_chance(&theirs) && by_chance(&mine) && found_enough).then(|| (limited(recorded), limited(ours)))
}

fn prefilter(recorded: &Attempt, ours: &Attempt) -> Option<String> {
    unequal("prefilter_rejected", &recorded.prefilter_rejected, &ours.prefilter_rejected)
}

fn chosen(recorded: &Attempt, ours: &Attempt) -> Option<String> {
    let right = match &recorded.chosen {
        Some(node) => ours.best.contains(node) || (ours.best.is_empty() && ours.feasible.contains(node)),
        None => ours.chosen.is_none(),
    };
    (!right).then(|| sides("chosen", format!("{:?}", recorded.chosen), format!("one of {:?}", ours.best)))
}

fn unequal<T: PartialEq + std::fmt::Debug>(name: &str, recorded: &T, ours: &T) -> Option<String> {
    (recorded != ours).then(|| sides(name, format!("{recorded:?}"), format!("{ours:?}")))
}

/// The first node at which two maps differ.
fn by_node<T: PartialEq + std::fmt::Debug>(
    name: &str,
    recorded: &BTreeMap<String, T>,
    ours: &BTreeMap<String, T>,
) -> Option<String> {
    let mut nodes = recorded.keys().chain(ours.keys());
    let node = nodes.find(|node| recorded.get(*node) != ours.get(*node))?;
    unequal(&format!("{name} of {node}"), &recorded.get(node), &ours.get(node))
}

/// The scheduler's trace in the form of a recording.
pub(super) fn from_trace(trace: &scheduler::Attempt) -> Attempt {
    let nodes = || trace.feasible.iter().map(std::string::ToString::to_string);
    let mut scores: BTreeMap<String, BTreeMap<String, [i64; 3]>> = BTreeMap::new();
    for plugin in &trace.scores {
        for (node, score) in nodes().zip(&plugin.scores) {
            let three = [score.raw, score.normalized, score.weighted];
            scores.entry(node).or_default().insert(plugin.plugin.to_string(), three);
        }
    }
    Attempt {
        pod: trace.pod.to_string(),
        number: 0,
        start_index: trace.start_index,
        nodes: trace.nodes as usize,
        prefilter_rejected: trace.prefilter_rejection.as_ref().map(verdict),
        feasible: nodes().collect(),
        rejected: trace
            .rejected
            .iter()
            .map(|(node, rejection)| (node.to_string(), verdict(rejection)))
            .collect(),
        absent: trace.excluded.as_ref().map(|(rejection, _)| verdict(rejection)),
        scores,
        totals: nodes().zip(trace.totals.iter().copied()).collect(),
        best: trace.best.iter().map(std::string::ToString::to_string).collect(),
        chosen: trace.chosen.as_ref().map(std::string::ToString::to_string),
        preemption: trace.preemption.as_ref().map(|preemption| {
            (
                preemption.node.to_string(),
                preemption.victims.iter().map(std::string::ToString::to_string).collect(),
            )
        }),
        message: trace.message.clone(),
    }
}

fn verdict(rejection: &scheduler::Rejection) -> Verdict {
    Verdict {
        code: format!("{:?}", rejection.code),
        plugin: rejection.plugin.to_string(),
        reasons: rejection.reasons.iter().map(std::string::ToString::to_string).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> Attempt {
        let node = || "a".to_owned();
        Attempt {
            feasible: [node(), "b".into()].into(),
            rejected: [("c".to_owned(), Verdict { reasons: vec!["full".into()], ..Verdict::default() })]
                .into(),
            scores: [(node(), [("Fit".to_owned(), [1, 2, 3])].into())].into(),
            totals: [(node(), 3)].into(),
            best: [node()].into(),
            chosen: Some(node()),
            ..Attempt::default()
        }
    }

    #[test]
    fn equal_attempts_match_whatever_their_number_and_order() {
        assert_eq!(difference(&attempt(), &Attempt { number: 4, ..attempt() }), None);
    }

    #[test]
    fn every_part_can_fail() {
        let verdict = || Some(Verdict::default());
        for (name, wrong) in [
            ("prefilter_rejected", Attempt { prefilter_rejected: verdict(), ..attempt() }),
            ("feasible", Attempt { feasible: ["a".to_owned()].into(), ..attempt() }),
            (
                "rejected of c",
                Attempt { rejected: [("c".to_owned(), Verdict::default())].into(), ..attempt() },
            ),
            ("absent_status", Attempt { absent: verdict(), ..attempt() }),
            (
                "scores of a",
                Attempt {
                    scores: [("a".to_owned(), [("Fit".to_owned(), [1, 2, 4])].into())].into(),
                    ..attempt()
                },
            ),
            ("totals of a", Attempt { totals: BTreeMap::new(), ..attempt() }),
            ("best", Attempt { best: ["a".to_owned(), "b".into()].into(), ..attempt() }),
            ("preemption", Attempt { preemption: Some(("a".into(), [].into())), ..attempt() }),
        ] {
            let found = difference(&attempt(), &wrong).unwrap_or_default();
            assert!(found.starts_with(name), "{name}: {found}");
        }
    }

    #[test]
    fn a_search_that_stops_early_may_stop_elsewhere() {
        let found = |first: usize, last: usize| Attempt {
            nodes: 150,
            feasible: (first..last).map(|node| format!("n{node}")).collect(),
            ..Attempt::default()
        };
        assert_eq!(difference(&found(0, 100), &found(2, 102)), None);
        assert!(difference(&found(0, 100), &found(20, 120)).is_some());
        assert!(difference(&Attempt { nodes: 100, ..found(0, 100) }, &found(2, 102)).is_some());
    }

    #[test]
    fn the_choice_must_be_among_our_best() {
        let alone =
            Attempt { feasible: ["a".to_owned()].into(), chosen: Some("a".into()), ..Attempt::default() };
        assert_eq!(difference(&alone, &Attempt { best: ["a".to_owned()].into(), ..alone.clone() }), None);
        let none = Attempt { chosen: None, ..alone.clone() };
        assert!(difference(&none, &alone).is_some());
        assert!(difference(&alone, &Attempt { best: ["b".to_owned()].into(), ..alone.clone() }).is_some());
    }
}
