//! The scheduler: a cache of nodes and placed pods, and one scheduling cycle at a time.

use std::rc::Rc;

use api::types::{Node, Pod, Uid};
use manifest::sorted::SortedSet;

use crate::attempt::{Attempt, Code, Preemption, Rejection};
use crate::cache::Cache;
use crate::cache::node::PodEntry;
use crate::cache::tree::Slot;
use crate::cycle::rows::{Row, RowCache};
use crate::cycle::score::Board;
use crate::cycle::{Cycle, feasible_nodes_to_find};
use crate::failure::{self, Failure};
use crate::listers::Listers;
use crate::message::{Histogram, NO_NODES, Reasons, fit_error};
use crate::plugins::default_preemption::{self, Outcome};
use crate::plugins::node_affinity::Restriction;
use crate::plugins::{Plugin, dynamic_resources, volume_binding};
use crate::verdict::Verdict;

/// Where the scheduler starts, and how ties are broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// 0: the first of equals in the order in which nodes were looked at. Otherwise a seeded choice (SCH-TIE-3).
    pub seed: u64,
    /// Index of the node looked at first in the first cycle (SCH-ORDER-3); 0 for a scheduler that has just started.
    pub start_index: u32,
}

/// How much of an attempt is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// Every verdict and every score.
    Full,
    /// The node chosen, the message, preemption and the counts.
    Outcome,
}

/// kube-scheduler with the default profile. It knows no API server: the caller tells it of nodes and pods, and binds.
#[derive(Debug, Default)]
pub struct Scheduler {
    options: Options,
    cache: Cache,
    rows: RowCache,
    /// Epoch of the cache that derived data was refreshed for.
    epoch: u32,
    start_index: usize,
    cycles: u64,
    /// Pods that preemption evicted and that are not gone yet.
    preempted: SortedSet<Uid>,
    failure: Option<Failure>,
}

impl Scheduler {
    /// An empty cluster.
    pub fn new(options: Options) -> Self {
        Self { options, start_index: options.start_index as usize, ..Self::default() }
    }

    /// A node joins.
    pub fn add_node(&mut self, node: Rc<Node>) {
        self.cache.set_node(node);
    }

    /// A node's labels, taints, allocatable amounts or images change.
    pub fn update_node(&mut self, node: Rc<Node>) {
        self.cache.set_node(node);
    }

    /// A node leaves. Pods bound to it no longer count, until they are removed or the node comes back.
    pub fn remove_node(&mut self, name: &str) {
        self.cache.remove_node(name);
    }

    /// Services, budgets, volumes and namespaces changed.
    pub fn set_listers(&mut self, listers: Listers) {
        self.cache.set_listers(listers);
    }

    /// A pod was bound to `pod.node`; Succeeded and Failed pods are not kept (SCH-PORTS-9).
    pub fn add_pod(&mut self, pod: &Pod) {
        self.cache.clear_nomination(pod.meta.uid);
        self.cache.set_pod(pod);
    }

    /// A bound pod changed: labels, deletion, phase.
    pub fn update_pod(&mut self, pod: &Pod) {
        self.cache.set_pod(pod);
    }

    /// A pod is gone, bound or not.
    pub fn remove_pod(&mut self, uid: Uid) {
        self.cache.clear_nomination(uid);
        self.cache.remove_pod(uid);
        self.preempted.remove(&uid);
    }

    /// The pod is nominated to a node after preemption (SCH-PRE-8).
    pub fn nominate(&mut self, pod: &Pod, node: &str) {
        self.cache.nominate(pod, node);
    }

    /// The pod lost its nomination.
    pub fn clear_nomination(&mut self, uid: Uid) {
        self.cache.clear_nomination(uid);
    }

    /// The nodes in the order in which they are looked at (SCH-ORDER-2).
    pub fn node_order(&self) -> Vec<Rc<str>> {
        self.cache.node_order().into_iter().map(|slot| self.name(slot)).collect()
    }

    /// One scheduling cycle (SCH-CYCLE-2). It does not bind: the caller does, and then calls [`Scheduler::add_pod`]. When
    /// the attempt has a preemption the caller deletes the victims and calls [`Scheduler::nominate`].
    pub fn schedule(&mut self, pod: &Pod, trace: Trace) -> Attempt {
        self.cache.refresh(&mut self.epoch);
        self.cycles += 1;
        let nodes = self.cache.order.len();
        let mut attempt = Attempt {
            pod: full_name(&pod.meta.namespace, &pod.meta.name),
            nodes: nodes as u32,
            start_index: self.start_index as u32,
            ..Attempt::default()
        };
        if pod.meta.deleting {
            attempt.message = format!("skip schedule deleting pod: {}", attempt.pod);
        } else if nodes == 0 {
            NO_NODES.clone_into(&mut attempt.message);
        } else {
            match Cycle::pre_filter(&mut self.cache, pod) {
                Ok(cycle) => return self.attempt(pod, cycle, trace, attempt),
                Err((plugin, reason)) => reject(plugin, &reason, &mut attempt),
            }
        }
        attempt
    }

    /// What comes after PreFilter, or the failure of another pod where it must be the same.
    fn attempt(&mut self, pod: &Pod, cycle: Cycle, trace: Trace, mut attempt: Attempt) -> Attempt {
        let class = cycle.class_id;
        if !failure::is_like_its_class(&self.cache, &cycle, pod) {
            self.filter_and_score(pod, cycle, trace, &mut attempt);
            return attempt;
        }
        let failure = self.failure.as_ref();
        if let Some(failure) = failure.filter(|failure| failure.holds(class, &self.cache, trace)) {
            return failure.repeat(attempt);
        }
        self.filter_and_score(pod, cycle, trace, &mut attempt);
        self.failure = Failure::of(class, &self.cache, trace, &attempt);
        attempt
    }

    fn filter_and_score(&mut self, pod: &Pod, mut cycle: Cycle, trace: Trace, attempt: &mut Attempt) {
        let mut search = Search::default();
        let nominated = pod.status.nominated_node.as_ref().and_then(|node| self.cache.existing(node));
        if let Some(slot) = nominated {
            // The nominated node first: if it fits it is taken (SCH-PRE-9).
            search.look_at(&mut self.cache, &mut cycle, slot);
        }
        if search.feasible.is_empty() {
            let first = std::mem::take(&mut search).rejected.pop();
            let restricted = self.search(&mut cycle, &mut search);
            // A nominated node that does not fit counts as looked at even if the search ended before it.
            let unlisted = first.filter(|(slot, _)| {
                !search.feasible.contains(slot) && !search.rejected.iter().any(|(other, _)| other == slot)
            });
            search.rejected.extend(unlisted);
            let looked_at = search.feasible.len() + search.rejected.len();
            self.start_index = (self.start_index + looked_at) % self.cache.order.len();
            if restricted {
                let others = self.cache.order.len() - looked_at.min(self.cache.order.len());
                attempt.excluded = (others > 0).then(|| (excluded(), others as u32));
            }
        }
        attempt.feasible_count = search.feasible.len() as u32;
        if trace == Trace::Full {
            attempt.feasible = search.feasible.iter().map(|&slot| self.name(slot)).collect();
            let rejection = |&(slot, verdict): &(Slot, Verdict)| {
                (self.name(slot), verdict.rejection(&cycle.class, &self.cache.names))
            };
            attempt.rejected = search.rejected.iter().map(rejection).collect();
        }
        match search.feasible.as_slice() {
            [] => self.post_filter(pod, &mut cycle, &search.rejected, attempt),
            [only] => {
                attempt.best_count = 1;
                attempt.best = vec![self.name(*only)];
                self.choose(*only, &cycle, attempt);
            }
            _ => self.score(&cycle, &search, trace, attempt),
        }
    }

    /// Looks for feasible nodes, and says whether a PreFilter restricted the search.
    fn search(&mut self, cycle: &mut Cycle, search: &mut Search) -> bool {
        if let Restriction::Names(names) = &Rc::clone(&cycle.class).restriction {
            let nodes: Vec<Slot> = names.iter().filter_map(|name| self.cache.existing(name)).collect();
            let wanted = feasible_nodes_to_find(nodes.len());
            for index in 0..nodes.len() {
                search.look_at(&mut self.cache, cycle, nodes[(self.start_index + index) % nodes.len()]);
                if search.feasible.len() == wanted {
                    break;
                }
            }
            return true;
        }
        let order = Rc::clone(&self.cache.order);
        let wanted = feasible_nodes_to_find(order.len());
        search.feasible.reserve(wanted);
        search.rows.reserve(wanted);
        let start = self.start_index % order.len();
        let nominated: SortedSet<Slot> =
            self.cache.nominations.values().map(|nomination| nomination.slot).collect();
        let rows = self.rows.of(&self.cache, &cycle.class);
        for &slot in order[start..].iter().chain(&order[..start]) {
            if nominated.contains(&slot) {
                search.look_at(&mut self.cache, cycle, slot);
            } else {
                search.record(slot, cycle.filter_row(&self.cache, rows, slot));
            }
            if search.feasible.len() == wanted {
                break;
            }
        }
        false
    }

    fn score(&mut self, cycle: &Cycle, search: &Search, trace: Trace, attempt: &mut Attempt) {
        if let Some(error) = &cycle.class.score_error {
            attempt.message.clone_from(error);
            return;
        }
        let plan = self.cache.score_plan(cycle.class_id);
        let board = Board::new(&self.cache, &cycle.class, &plan, &search.feasible, &search.rows);
        let top = board.totals.iter().copied().max().unwrap_or(0);
        let best = || {
            board
                .totals
                .iter()
                .zip(&search.feasible)
                .filter(|(total, _)| **total == top)
                .map(|(_, slot)| *slot)
        };
        let ties = best().count();
        attempt.best_count = ties as u32;
        if trace == Trace::Full {
            attempt.best = best().map(|slot| self.name(slot)).collect();
            attempt.scores = board.scores();
            attempt.skipped_score_plugins = board.skipped().map(|plugin| plugin.name().into()).collect();
            attempt.totals.clone_from(&board.totals);
        }
        let pick = match self.options.seed {
            0 => 0,
            seed => (mix(seed.wrapping_add(self.cycles)) % ties.max(1) as u64) as usize,
        };
        if let Some(slot) = best().nth(pick) {
            self.choose(slot, cycle, attempt);
        }
    }

    fn choose(&self, slot: Slot, cycle: &Cycle, attempt: &mut Attempt) {
        attempt.chosen = Some(self.name(slot));
        let node = self.cache.nodes[slot as usize].node.as_ref();
        if let (Some(volumes), Some(node)) = (&cycle.volumes, node) {
            let bindings = volume_binding::bind(&volumes.claims, &self.cache.listers, node);
            attempt.volume_bindings = bindings.unwrap_or_default();
        }
    }

    /// No node is feasible: preemption, and the message.
    fn post_filter(
        &mut self,
        pod: &Pod,
        cycle: &mut Cycle,
        rejected: &[(Slot, Verdict)],
        attempt: &mut Attempt,
    ) {
        let by_plugin = rejected.chunk_by(|(_, left), (_, right)| left.plugin == right.plugin);
        let mut plugins: SortedSet<Plugin> = by_plugin.map(|run| run[0].1.plugin).collect();
        let mut histogram = Histogram::default();
        histogram.add_verdicts(rejected.iter().map(|(_, verdict)| *verdict), &cycle.class, &self.cache.names);
        if let Some((rejection, nodes)) = &attempt.excluded {
            plugins.insert(Plugin::NodeAffinity);
            rejection.reasons.iter().for_each(|reason| histogram.add(reason, *nodes as usize));
        }
        attempt.unschedulable_plugins = plugins.into_iter().map(|plugin| plugin.name().into()).collect();
        match default_preemption::post_filter(&mut self.cache, cycle, pod, rejected, &self.preempted) {
            Outcome::Failed(text) => {
                attempt.postfilter_message = format!("{}, {text}", dynamic_resources::NO_CLAIMS);
            }
            Outcome::Nominated(candidate) => {
                self.preempted.extend(candidate.victims.iter().map(|victim| victim.uid));
                attempt.lost_nominations = self.lose_nominations(candidate.slot, pod.spec.priority);
                let victims = candidate.victims.iter().map(|victim| self.pod_name(victim)).collect();
                attempt.preemption = Some(Preemption { node: self.name(candidate.slot), victims });
            }
        }
        let nodes = self.cache.order.len();
        attempt.message = fit_error(nodes, &Reasons::Nodes(&histogram), &attempt.postfilter_message);
    }

    /// Pods of lower priority lose their nomination to the node (SCH-PRE-7).
    fn lose_nominations(&mut self, slot: Slot, priority: i32) -> Vec<Rc<str>> {
        let losers = self
            .cache
            .nominations
            .iter()
            .filter(|(_, nomination)| nomination.slot == slot && nomination.entry.priority < priority);
        let losers: Vec<_> =
            losers.map(|(&uid, nomination)| (uid, self.pod_name(&nomination.entry))).collect();
        losers
            .into_iter()
            .map(|(uid, name)| {
                self.cache.clear_nomination(uid);
                name
            })
            .collect()
    }

    fn name(&self, slot: Slot) -> Rc<str> {
        Rc::clone(&self.cache.nodes[slot as usize].name)
    }

    fn pod_name(&self, entry: &PodEntry) -> Rc<str> {
        full_name(&self.cache.state(entry.class).class.namespace, &entry.name)
    }
}

/// The nodes that were looked at in one cycle.
#[derive(Debug, Default)]
struct Search {
    feasible: Vec<Slot>,
    /// One for each feasible node.
    rows: Vec<Row>,
    rejected: Vec<(Slot, Verdict)>,
}

impl Search {
    fn record(&mut self, slot: Slot, result: Result<Row, Verdict>) {
        match result {
            Ok(row) => {
                self.feasible.push(slot);
                self.rows.push(row);
            }
            Err(verdict) => self.rejected.push((slot, verdict)),
        }
    }

    /// The slow path, which minds nominated pods.
    fn look_at(&mut self, cache: &mut Cache, cycle: &mut Cycle, slot: Slot) {
        let result = match cycle.filter_with_nominated(cache, slot) {
            Some(verdict) => Err(verdict),
            None => Ok(Row::compute(cache, &cycle.class, slot)),
        };
        self.record(slot, result);
    }
}

/// A plugin turned the pod down in PreFilter: no node is looked at, and preemption is not reached (SCH-MSG-12).
fn reject(plugin: Plugin, reason: &str, attempt: &mut Attempt) {
    dynamic_resources::NO_STATE.clone_into(&mut attempt.postfilter_message);
    attempt.message =
        fit_error(attempt.nodes as usize, &Reasons::PreFilter(reason), &attempt.postfilter_message);
    attempt.unschedulable_plugins = vec![plugin.name().into()];
    attempt.prefilter_rejection = Some(Rejection {
        code: Code::UnschedulableAndUnresolvable,
        plugin: plugin.name().into(),
        reasons: vec![reason.into()],
    });
}

/// The status of nodes that node affinity excluded from the search (SCH-NODEAFF-7).
fn excluded() -> Rejection {
    Rejection {
        code: Code::UnschedulableAndUnresolvable,
        plugin: "".into(),
        reasons: vec!["node(s) didn't satisfy plugin(s) [NodeAffinity]".into()],
    }
}

fn full_name(namespace: &str, name: &str) -> Rc<str> {
    format!("{namespace}/{name}").into()
}

/// Spreads the bits of a counter (`SplitMix64`), for seeded choices.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
