//! outcome: what our own run ends with, without following the recorded choices. What the user wrote is the unit: a workload
//! with everything that descends from it, or a bare pod.
//!
//! Compared are the number of pods, of Pending ones, wanted and created replicas of each workload, and pods by node where
//! no tie makes that open: not where an attempt of these pods, or an earlier one of others that they react to, had more
//! than one best node, and not where two runs of the real control plane disagreed.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use super::record::{Attempt, Pod, Record, Root};
use super::score::{Outcome, sides};

/// The facts of one unit, as text that can be compared and shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Facts {
    pods: usize,
    pending: usize,
    workloads: BTreeSet<String>,
    nodes: Vec<String>,
}

/// How far two runs of the real control plane agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// Placements are compared as far as no tie makes them open.
    Full,
    /// The nodes differed.
    OtherNodes,
    /// The pods that are left differed as well: of equal victims another one was preempted. Bare pods count together.
    AnyVictim,
}

/// Compares a stage. `before` are the recorded attempts of earlier stages.
pub(super) fn compare(
    stage: &str,
    recorded: (&Record, &Names),
    ours: (&Record, &Names),
    before: &[&Attempt],
    agreement: Agreement,
) -> Outcome {
    let mut outcome = Outcome::default();
    let root = |pod: &Pod, names: &Names| root_of(pod, names, agreement);
    let mut left = facts(recorded.0, recorded.1, root);
    let mut right = facts(ours.0, ours.1, root);
    let certain = certain_pods(before.iter().copied().chain(&recorded.0.attempts));
    for root in left.keys().chain(right.keys()).cloned().collect::<BTreeSet<_>>() {
        let (theirs, mine) = (left.entry(root.clone()).or_default(), right.entry(root.clone()).or_default());
        let mut of_root = recorded.0.pods.iter().filter(|pod| root_of(pod, recorded.1, agreement) == root);
        if agreement != Agreement::Full || of_root.any(|pod| !certain.contains(&pod.key())) {
            theirs.nodes.clear();
            mine.nodes.clear();
        }
        let difference = (theirs != mine).then(|| sides("pods", describe(theirs), describe(mine)));
        outcome.count(format!("{stage}, {root}"), difference);
    }
    outcome
}

/// The pods (namespace/name) whose place no tie has left open: all attempts up to their last had one best node at most.
fn certain_pods<'a>(attempts: impl Iterator<Item = &'a Attempt>) -> BTreeSet<String> {
    let mut certain = BTreeSet::new();
    for attempt in attempts {
        if attempt.best.len() > 1 {
            certain.remove(&attempt.pod);
            break;
        }
        certain.insert(attempt.pod.clone());
    }
    certain
}

fn normal_root(root: &Root, names: &Names) -> Root {
    let mut root = root.clone();
    root.owner.name = names.normalize(&root.owner.name);
    root
}

/// The unit that a pod belongs to.
fn root_of(pod: &Pod, names: &Names, agreement: Agreement) -> Root {
    let mut root = normal_root(&pod.root_key(), names);
    if agreement == Agreement::AnyVictim && pod.owner.is_none() {
        "*".clone_into(&mut root.owner.name);
    }
    root
}

fn facts(record: &Record, names: &Names, root: impl Fn(&Pod, &Names) -> Root) -> BTreeMap<Root, Facts> {
    let mut all: BTreeMap<Root, Facts> = BTreeMap::new();
    for pod in &record.pods {
        let facts = all.entry(root(pod, names)).or_default();
        facts.pods += 1;
        facts.pending += usize::from(pod.is_pending());
        facts.nodes.push(pod.node.clone().unwrap_or_else(|| "(none)".into()));
    }
    for workload in &record.workloads {
        let own = super::record::Owner { kind: workload.kind.clone(), name: workload.name.clone() };
        let root =
            Root { namespace: workload.namespace.clone(), owner: workload.owner.clone().unwrap_or(own) };
        let wanted = workload.wanted.map_or("-".to_owned(), |wanted| wanted.to_string());
        let name = names.normalize(&workload.name);
        let line = format!("{} {name} {}/{wanted}", workload.kind, workload.created);
        all.entry(normal_root(&root, names)).or_default().workloads.insert(line);
    }
    for facts in all.values_mut() {
        facts.nodes.sort();
    }
    all
}

fn describe(facts: &Facts) -> String {
    let workloads: Vec<&str> = facts.workloads.iter().map(String::as_str).collect();
    let nodes =
        if facts.nodes.is_empty() { String::new() } else { format!(", on {}", facts.nodes.join(" ")) };
    format!("{} pods, {} Pending{nodes}; {}", facts.pods, facts.pending, workloads.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::record::Workload;

    fn record(node: Option<&str>, created: i64) -> Record {
        let phase = if node.is_some() { "Running" } else { "Pending" };
        let pod =
            Pod { name: "web".into(), node: node.map(str::to_owned), phase: phase.into(), ..Pod::default() };
        let workload = Workload {
            kind: "Pod".into(),
            name: "web".into(),
            wanted: Some(1),
            created,
            ..Workload::default()
        };
        let attempt = Attempt { pod: "/web".into(), ..Attempt::default() };
        Record { pods: vec![pod], workloads: vec![workload], attempts: vec![attempt], ..Record::default() }
    }

    fn matched(recorded: &Record, ours: &Record, agreement: Agreement) -> bool {
        let names = Names::default();
        let tally = compare("stage 0", (recorded, &names), (ours, &names), &[], agreement).tally;
        assert_eq!(tally.total, 1);
        tally.matched == 1
    }

    #[test]
    fn counts_always_matter() {
        let recorded = record(Some("a"), 1);
        assert!(matched(&recorded, &recorded, Agreement::Full));
        for wrong in [record(None, 1), record(Some("a"), 2), Record::default()] {
            assert!(!matched(&recorded, &wrong, Agreement::OtherNodes), "{wrong:?}");
        }
    }

    #[test]
    fn places_matter_unless_a_tie_leaves_them_open() {
        let mut recorded = record(Some("a"), 1);
        let elsewhere = record(Some("b"), 1);
        assert!(!matched(&recorded, &elsewhere, Agreement::Full));
        assert!(matched(&recorded, &elsewhere, Agreement::OtherNodes));
        recorded.attempts[0].best = ["a".to_owned(), "b".to_owned()].into();
        assert!(matched(&recorded, &elsewhere, Agreement::Full));
    }
}
