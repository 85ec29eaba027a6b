//! DefaultPreemption: pods of lower priority make room (SCH-PRE rules).

use std::cmp::Reverse;

use api::types::{Pod, PreemptionPolicy, Uid};
use manifest::sorted::SortedSet;

use super::Plugin;
use crate::attempt::Code;
use crate::cache::Cache;
use crate::cache::node::PodEntry;
use crate::cache::tree::Slot;
use crate::cycle::Cycle;
use crate::message::{Histogram, Reasons, fit_error};
use crate::verdict::Verdict;

/// Why a node is no candidate (SCH-MSG-7).
pub(crate) const REASONS: &[&str] = &["No preemption victims found for incoming pod"];

/// Nodes for which preemption cannot help (SCH-MSG-6).
const NOT_HELPFUL: &str = "Preemption is not helpful for scheduling";

/// Fewest candidates that are sought, and the least percentage of the possible nodes (SCH-PRE-5).
const MIN_CANDIDATES: usize = 100;
const MIN_CANDIDATES_PERCENTAGE: usize = 10;

/// What preemption comes to.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The pod is nominated to the node of the candidate.
    Nominated(Candidate),
    /// Its part of the message.
    Failed(String),
}

/// A node on which the pod fits once the victims are gone.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) slot: Slot,
    /// Most important first.
    pub(crate) victims: Vec<PodEntry>,
    /// Victims whose eviction breaks a disruption budget.
    violations: usize,
}

/// PostFilter. `rejected` has the verdict of every node that was looked at; `preempted` the pods that were evicted by
/// preemption before and may still be terminating.
pub(crate) fn post_filter(
    cache: &mut Cache,
    cycle: &mut Cycle,
    pod: &Pod,
    rejected: &[(Slot, Verdict)],
    preempted: &SortedSet<Uid>,
) -> Outcome {
    if let Err(reason) = eligible(cache, pod, rejected, preempted) {
        return Outcome::Failed(format!("preemption: {reason}"));
    }
    let possible: Vec<Slot> = rejected
        .iter()
        .filter(|(_, verdict)| verdict.code == Code::Unschedulable)
        .map(|(slot, _)| *slot)
        .collect();
    let wanted = (possible.len() * MIN_CANDIDATES_PERCENTAGE / 100).max(MIN_CANDIDATES).min(possible.len());

    let mut candidates: Vec<Candidate> = Vec::new();
    let mut verdicts = Vec::new();
    for slot in possible {
        match select_victims(cache, cycle, slot) {
            Ok(candidate) => candidates.push(candidate),
            Err(verdict) => verdicts.push(verdict),
        }
        if candidates.len() >= wanted && candidates.iter().any(|candidate| candidate.violations == 0) {
            break;
        }
    }
    if let Some(best) = candidates.into_iter().min_by_key(rank) {
        return Outcome::Nominated(best);
    }
    let nodes = cache.order.len();
    let mut histogram = Histogram::default();
    histogram.add(NOT_HELPFUL, nodes - verdicts.len());
    histogram.add_verdicts(verdicts.into_iter(), &cycle.class, &cache.names);
    Outcome::Failed(format!("preemption: {}", fit_error(nodes, &Reasons::Nodes(&histogram), "")))
}

/// Whether the pod may preempt at all (SCH-PRE-2).
fn eligible(
    cache: &Cache,
    pod: &Pod,
    rejected: &[(Slot, Verdict)],
    preempted: &SortedSet<Uid>,
) -> Result<(), &'static str> {
    if pod.spec.preemption_policy == PreemptionPolicy::Never {
        return Err("not eligible due to preemptionPolicy=Never.");
    }
    let Some(slot) = pod.status.nominated_node.as_ref().and_then(|node| cache.existing(node)) else {
        return Ok(());
    };
    let resolvable =
        rejected.iter().any(|(node, verdict)| *node == slot && verdict.code == Code::Unschedulable);
    let terminating = |entry: &PodEntry| {
        entry.priority < pod.spec.priority && entry.deleting && preempted.contains(&entry.uid)
    };
    if resolvable && cache.nodes[slot as usize].pods.iter().any(terminating) {
        return Err("not eligible due to a terminating pod on the nominated node.");
    }
    Ok(())
}

/// The victims on a node: all pods of lower priority but those that can stay (SCH-PRE-4). The cache is as before afterwards.
fn select_victims(cache: &mut Cache, cycle: &mut Cycle, slot: Slot) -> Result<Candidate, Verdict> {
    let priority = cycle.class.spec.priority;
    let info = &cache.nodes[slot as usize];
    if !info.has_lower_priority(priority) {
        return Err(Verdict::new(Plugin::DefaultPreemption, Code::UnschedulableAndUnresolvable));
    }
    let mut possible: Vec<PodEntry> =
        info.pods.iter().filter(|entry| entry.priority < priority).cloned().collect();
    let before = (info.pods.clone(), info.ports.clone());
    possible.sort_by_key(importance);
    for entry in &possible {
        cache.take(slot, entry.uid);
    }
    cycle.refresh(cache);
    let result = match cycle.filter_with_nominated(cache, slot) {
        Some(verdict) => {
            for entry in possible {
                cache.place(slot, entry);
            }
            Err(verdict)
        }
        None => Ok(reprieve(cache, cycle, slot, possible)),
    };
    (cache.nodes[slot as usize].pods, cache.nodes[slot as usize].ports) = before;
    cycle.refresh(cache);
    result
}

/// Puts the pods back one by one as long as the incoming pod still fits: first those that a budget protects. Those that
/// cannot stay are the victims, and are put back in the end.
fn reprieve(cache: &mut Cache, cycle: &mut Cycle, slot: Slot, possible: Vec<PodEntry>) -> Candidate {
    let violating = violating(cache, &possible);
    let (protected, free): (Vec<_>, Vec<_>) =
        possible.into_iter().partition(|entry| violating.contains(&entry.uid));
    let mut victims = Vec::new();
    let mut violations = 0;
    for (entry, is_protected) in
        protected.into_iter().map(|entry| (entry, true)).chain(free.into_iter().map(|entry| (entry, false)))
    {
        cache.place(slot, entry.clone());
        cycle.refresh(cache);
        if cycle.filter_with_nominated(cache, slot).is_some() {
            cache.take(slot, entry.uid);
            cycle.refresh(cache);
            violations += usize::from(is_protected);
            victims.push(entry);
        }
    }
    for entry in &victims {
        cache.place(slot, entry.clone());
    }
    victims.sort_by_key(importance);
    Candidate { slot, victims, violations }
}

/// Sorts more important pods first: higher priority, then longer running; creation breaks ties.
fn importance(entry: &PodEntry) -> (Reverse<i32>, u64, Uid) {
    (Reverse(entry.priority), entry.started, entry.uid)
}

/// The pods whose eviction would exceed some budget, each budget being used up in order (SCH-PRE-11).
fn violating(cache: &Cache, entries: &[PodEntry]) -> SortedSet<Uid> {
    let budgets = &cache.listers.budgets;
    let mut allowed: Vec<i32> = budgets.iter().map(|budget| budget.disruptions_allowed).collect();
    let mut violating = SortedSet::new();
    for entry in entries {
        let class = &cache.state(entry.class).class;
        if class.labels.is_empty() {
            continue;
        }
        for (budget, allowed) in budgets.iter().zip(&mut allowed) {
            let selects = budget.selector.as_ref().is_some_and(|selector| {
                !selector.is_empty() && budget.namespace == class.namespace && selector.matches(&class.labels)
            });
            if selects {
                *allowed -= 1;
                if *allowed < 0 {
                    violating.insert(entry.uid);
                }
            }
        }
    }
    violating
}

/// The best candidate has the smallest rank (SCH-PRE-6).
fn rank(candidate: &Candidate) -> (usize, i32, i64, usize, Reverse<u64>) {
    let victims = &candidate.victims;
    let highest = victims.first().map_or(i32::MIN, |entry| entry.priority);
    // Each priority is raised above zero, so that fewer victims of a negative priority rank before more.
    let sum = victims.iter().map(|entry| i64::from(entry.priority) + (1 << 31)).sum();
    let top = victims.iter().filter(|entry| entry.priority == highest);
    let earliest = top.map(|entry| entry.started).min().unwrap_or(0);
    (candidate.violations, highest, sum, victims.len(), Reverse(earliest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduler::Trace;
    use crate::testing::{bind, container, pod, scheduler};
    use api::types::{PodPhase, PodSpec};

    fn candidate(slot: Slot, violations: usize, victims: &[(i32, u64)]) -> Candidate {
        let entry = |(index, &(priority, started)): (usize, &(i32, u64))| PodEntry {
            uid: Uid(index as u64),
            class: 0,
            priority,
            deleting: false,
            started,
            name: "".into(),
        };
        Candidate { slot, victims: victims.iter().enumerate().map(entry).collect(), violations }
    }

    #[test]
    fn the_best_candidate() {
        let table: [(&str, Vec<Candidate>, Slot); 6] = [
            ("fewest violations", vec![candidate(0, 1, &[(1, 0)]), candidate(1, 0, &[(9, 0)])], 1),
            ("lowest top priority", vec![candidate(0, 0, &[(9, 0)]), candidate(1, 0, &[(8, 0), (8, 0)])], 1),
            ("smallest sum", vec![candidate(0, 0, &[(9, 0), (5, 0)]), candidate(1, 0, &[(9, 0), (4, 0)])], 1),
            ("fewest pods", vec![candidate(0, 0, &[(-1, 0), (-1, 0)]), candidate(1, 0, &[(-1, 0)])], 1),
            ("latest start", vec![candidate(0, 0, &[(1, 5)]), candidate(1, 0, &[(1, 6)])], 1),
            ("then the first", vec![candidate(0, 0, &[(1, 5)]), candidate(1, 0, &[(1, 5)])], 0),
        ];
        for (what, candidates, expected) in table {
            let best = candidates.into_iter().min_by_key(rank).map(|candidate| candidate.slot);
            assert_eq!(best, Some(expected), "{what}");
        }
    }

    #[test]
    fn a_pod_that_has_not_started_goes_first() {
        let spec = |priority| PodSpec { priority, containers: vec![container(2000)], ..PodSpec::default() };
        let mut scheduler = scheduler(&[("n", "")]);
        let mut old = pod(2, &[], spec(0));
        old.status.phase = PodPhase::Running;
        bind(&mut scheduler, &pod(1, &[], spec(0)), "n");
        bind(&mut scheduler, &old, "n");
        let attempt = scheduler.schedule(&pod(3, &[], spec(1)), Trace::Full);
        let victims = attempt.preemption.map(|preemption| preemption.victims);
        assert_eq!(victims, Some(vec!["default/pod-1".into()]));
    }
}
