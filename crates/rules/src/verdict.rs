//! The whole in numbers, the main blocker, and what would clear it. Nothing is offered that was not simulated.

use api::types::{Kind, Uid};

use crate::analyze::{Run, Tally};
use crate::input::{Action, Input};
use crate::report::{Loss, NodesOutcome, Offer, OfferKind, Report, Verdict};
use crate::simulation::Keep;
use crate::{assemble, offers};

/// Pods times nodes above which nothing is simulated again.
const MAX_EFFORT: u64 = 50_000;

/// Pods above which nothing is simulated again.
const MAX_AGAIN: u32 = 2_000;

/// Workloads, with those that they own, above which nothing is simulated again: each is read, validated and defaulted every time.
const MAX_WORKLOADS: usize = 1_000;

/// Sum of the squares of the replicas of all StatefulSets above which nothing is simulated again: each pod of an ordered set takes a
/// round, in which all pods are looked at.
const MAX_SQUARES: u64 = 250_000;

/// At most this many offers are made.
const MAX_OFFERS: usize = 5;

/// At most so many numbers of nodes are shown beside one another.
const MAX_COLUMNS: u32 = 16;

/// Above this many nodes the loss of each is not tried.
const MAX_LOST: usize = 30;

/// The most nodes that are tried.
const MAX_NODES_TRIED: u32 = 1_000;

/// Fills in the verdict.
pub(crate) fn judge(input: &Input, run: &Run, report: &mut Report) {
    let tally = run.tally();
    let blocker = report.pods.iter().find_map(|pod| pod.blocker.clone());
    let mut verdict = Verdict {
        pods: tally.pods,
        running: tally.running,
        pending: tally.pending,
        crashing: tally.crashing,
        refused: tally.refused,
        errors: tally.errors,
        blocker,
        ..Verdict::default()
    };
    let effort = effort(run, tally);
    let is_affordable = is_affordable(run, tally);
    if (tally.pending > 0 || tally.crashing > 0) && is_affordable {
        verdict.nodes_needed = nodes_needed(input, run, tally);
        verdict.offers = offer(input, run, report, tally, verdict.nodes_needed);
    }
    if tally.pods > 0 && is_affordable {
        verdict.by_nodes = by_nodes(input, run, tally, verdict.nodes_needed);
        report.losses = losses(input, run, report, effort);
    }
    report.verdict = verdict;
}

/// Whether there is time to simulate changed inputs, some dozens of them.
pub(crate) fn is_affordable(run: &Run, tally: Tally) -> bool {
    effort(run, tally) <= MAX_EFFORT
        && tally.pods <= MAX_AGAIN
        && run.simulation.statuses().len() <= MAX_WORKLOADS
        && squares(run) <= MAX_SQUARES
}

/// Pods times nodes.
fn effort(run: &Run, tally: Tally) -> u64 {
    u64::from(tally.pods) * (run.simulation.server().store().nodes.len() as u64 + 1)
}

/// The outcome with 1, 2, 3 nodes and so on, to one more than now or than would do; in even steps where these are many.
fn by_nodes(input: &Input, run: &Run, tally: Tally, needed: Option<u32>) -> Vec<NodesOutcome> {
    if run.own_nodes || !input.actions.is_empty() {
        return Vec::new();
    }
    let now = input.cluster.nodes;
    let last = now.max(needed.unwrap_or(0)).saturating_add(1);
    let step = last.div_ceil(MAX_COLUMNS);
    let shown = |nodes: u32| nodes.is_multiple_of(step) || nodes == now || Some(nodes) == needed;
    let columns: Vec<u32> = (1..=last).filter(|&nodes| shown(nodes)).collect();
    let effort = columns.iter().map(|&nodes| u64::from(nodes)).sum::<u64>() * u64::from(tally.pods);
    if effort > MAX_EFFORT {
        return Vec::new();
    }
    let column = |nodes| {
        let tally = if nodes == now { tally } else { outcome(&with_nodes(input, nodes)) };
        NodesOutcome { nodes, running: tally.running, waiting: tally.pending + tally.crashing }
    };
    columns.into_iter().map(column).collect()
}

/// What the loss of each node would mean.
fn losses(input: &Input, run: &Run, report: &Report, effort: u64) -> Vec<Loss> {
    let count = report.nodes.len();
    if count > MAX_LOST || effort.saturating_mul(count as u64) > MAX_EFFORT {
        return Vec::new();
    }
    let (_, workloads) = assemble::workloads(run);
    let served = run.ready_workloads();
    let served: Vec<(Uid, u32)> = workloads.into_iter().filter(|(uid, _)| served.contains(uid)).collect();
    let alive = report.nodes.iter().enumerate().filter(|(_, node)| node.ready);
    alive.map(|(at, node)| loss(input, report, &served, at as u32, &node.name)).collect()
}

/// `served`: the workloads with ready pods, and their indexes in the report.
fn loss(input: &Input, report: &Report, served: &[(Uid, u32)], node: u32, name: &str) -> Loss {
    let ready_outside = |workload: u32| {
        report.pods.iter().any(|pod| pod.workload == workload && pod.ready && pod.node != Some(node))
    };
    let mut changed = input.clone();
    changed.actions.push(Action::LoseNode(name.to_owned()));
    let after = Run::of(&changed, Keep::None);
    let tally = after.tally();
    let ready = after.ready_workloads();
    let mut loss = Loss { node, running: tally.running, pending: tally.pending, ..Loss::default() };
    for (uid, workload) in served {
        if !ready_outside(*workload) {
            loss.interrupted.push(*workload);
        }
        if !ready.contains(uid) {
            loss.down.push(*workload);
        }
    }
    loss
}

fn squares(run: &Run) -> u64 {
    let sets = run.simulation.statuses().into_iter().filter(|status| status.kind == Kind::StatefulSet);
    sets.filter_map(|set| set.wanted).map(|wanted| u64::from(wanted.unsigned_abs()).pow(2)).sum()
}

/// Runs a changed input for its outcome alone.
fn outcome(input: &Input) -> Tally {
    Run::of(input, Keep::None).tally()
}

fn with_nodes(input: &Input, nodes: u32) -> Input {
    let mut input = input.clone();
    input.cluster.nodes = nodes;
    input
}

/// The fewest nodes with which nothing is Pending: doubled upwards, then halved in between.
fn nodes_needed(input: &Input, run: &Run, tally: Tally) -> Option<u32> {
    if run.own_nodes || tally.pending == 0 {
        return None;
    }
    let now = input.cluster.nodes;
    let affordable = u32::try_from(MAX_EFFORT / u64::from(tally.pods.max(1))).unwrap_or(u32::MAX);
    let most = now.saturating_add(tally.pods.saturating_mul(2)).min(affordable).min(MAX_NODES_TRIED);
    let enough = |nodes| outcome(&with_nodes(input, nodes)).pending == 0;
    let (mut few, mut step) = (now, 1);
    let mut many = loop {
        let next = now.saturating_add(step).min(most);
        if next <= few {
            return None;
        }
        if enough(next) {
            break next;
        }
        few = next;
        step *= 2;
    };
    while many - few > 1 {
        let middle = few + (many - few) / 2;
        if enough(middle) {
            many = middle;
        } else {
            few = middle;
        }
    }
    Some(many)
}

/// Simulates the candidates and keeps those that help, best first.
fn offer(input: &Input, run: &Run, report: &Report, tally: Tally, nodes: Option<u32>) -> Vec<Offer> {
    let mut offers = Vec::new();
    if let Some(nodes) = nodes {
        let after = outcome(&with_nodes(input, nodes));
        offers.push((
            Offer {
                kind: OfferKind::SetNodes(nodes),
                fix: None,
                running: after.running,
                pending: after.pending,
            },
            0,
        ));
    }
    for (rank, candidate) in offers::candidates(input, run, report).into_iter().enumerate() {
        let mut changed = input.clone();
        changed.text = crate::edits::apply(&input.text, &candidate.fix.edits);
        let after = outcome(&changed);
        let worse =
            after.errors > tally.errors || after.refused > tally.refused || after.crashing > tally.crashing;
        let better = after.pending < tally.pending || after.crashing < tally.crashing;
        if better && !worse {
            let (running, pending) = (after.running, after.pending);
            offers
                .push((Offer { kind: candidate.kind, fix: Some(candidate.fix), running, pending }, rank + 1));
        }
    }
    offers.sort_by_key(|(offer, rank)| (offer.pending, *rank));
    offers.into_iter().map(|(offer, _)| offer).take(MAX_OFFERS).collect()
}
