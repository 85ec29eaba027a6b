//! Follows the recorded choices and makes every attempt again.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use api::types::{Node, Pod};
use scheduler::{Listers, Options, Scheduler, Trace};
use serde_json::Value as Json;

use crate::compare::difference;
use crate::load::{self, Scenario, Uids, text};

/// Pods whose presence at an attempt is not recorded are tried in all combinations up to this many of them, and beyond that
/// all or none.
const COMBINED: usize = 10;

/// The state before an attempt.
struct State {
    nodes: Vec<Rc<Node>>,
    /// `None` before the first attempt: the scheduler was not new when the recording began.
    start_index: Option<u32>,
    listers: Listers,
    /// Bound pods by namespace/name.
    bound: BTreeMap<String, Pod>,
    /// Nominated pods by namespace/name.
    nominated: BTreeMap<String, (Pod, String)>,
}

/// The number of attempts, and what differs in those that are not reproduced.
pub(crate) fn replay(scenario: &Scenario) -> (usize, Vec<String>) {
    let mut uids = Uids::default();
    let nodes = scenario.nodes.iter().map(load::node).collect();
    let mut state = State {
        nodes,
        start_index: None,
        listers: Listers::default(),
        bound: BTreeMap::new(),
        nominated: BTreeMap::new(),
    };
    let (mut count, mut misses) = (0, Vec::new());
    for record in &scenario.records {
        change_nodes(&mut state, record);
        let targets = daemon_targets(record);
        let pods = load::pods(&targets, &mut uids);
        let attempts = record["scheduling"].as_array().cloned().unwrap_or_default();
        let scheduled: BTreeSet<&str> = attempts.iter().map(|attempt| text(attempt, "pod")).collect();
        let first = attempts.first().and_then(|attempt| attempt["start_index"].as_u64());
        state.start_index = state.start_index.or(first.map(|index| index as u32));
        // Pods that vanish in this record, and pods that bypass the scheduler, are there or not at any attempt.
        let mut uncertain: BTreeMap<String, Pod> = BTreeMap::new();
        let gone: Vec<String> =
            state.bound.keys().filter(|name| !pods.contains_key(*name)).cloned().collect();
        for name in gone {
            uncertain.extend(state.bound.remove(&name).map(|pod| (name, pod)));
        }
        for pod in record["pods"].as_array().into_iter().flatten() {
            let name = format!("{}/{}", text(pod, "namespace"), text(pod, "name"));
            let direct = !pod["nodeName"].is_null()
                && !scheduled.contains(name.as_str())
                && !state.bound.contains_key(&name);
            if let Some(found) = pods.get(&name).filter(|_| direct) {
                uncertain.insert(name, Pod { node: Some(text(pod, "nodeName").into()), ..found.clone() });
            }
        }
        let present: Vec<&Pod> = state.bound.values().chain(uncertain.values()).collect();
        state.listers = load::listers(record, &mut uids, &present);
        for recorded in &attempts {
            count += 1;
            let name = text(recorded, "pod");
            let Some(mut pod) = pods.get(name).cloned() else {
                misses.push(format!("{name}: no such pod is recorded"));
                continue;
            };
            let nominated = recorded["nominated_before"].as_str();
            pod.status.nominated_node = nominated.map(Into::into);
            let mut result = reproduce(&state, &uncertain, &pod, recorded);
            if result.is_err() && lift_cordon_taints(&mut state) {
                result = reproduce(&state, &uncertain, &pod, recorded);
            }
            if let Err(miss) = result {
                misses.push(format!("{name} #{}: {miss}", recorded["attempt"]));
            }
            follow(&mut state, name, pod, recorded, &mut uncertain);
        }
        let stay = uncertain.into_iter().filter(|(name, _)| pods.contains_key(name));
        state.bound.extend(stay);
    }
    (count, misses)
}

fn change_nodes(state: &mut State, record: &Json) {
    state.nodes.extend(record["nodes_added"].as_array().into_iter().flatten().map(load::node));
    let command = text(&record["command"], "command");
    if let Some(name) = command.strip_prefix("kubectl uncordon ") {
        for node in state.nodes.iter_mut().filter(|node| &*node.meta.name == name) {
            *node = Rc::new(Node { unschedulable: false, ..(**node).clone() });
        }
    }
}

/// The node controller takes the taint of a cordon away some time after the node was opened: true if it had not yet.
fn lift_cordon_taints(state: &mut State) -> bool {
    let mut lifted = false;
    for node in state.nodes.iter_mut().filter(|node| !node.unschedulable) {
        let mut open = (**node).clone();
        open.taints.retain(|taint| taint.key != "node.kubernetes.io/unschedulable");
        lifted |= open.taints.len() < node.taints.len();
        *node = Rc::new(open);
    }
    lifted
}

/// A DaemonSet's pod is recorded with its owner's representative, whose affinity names another node. The node that it
/// belongs to is where it went or, while it is pending, the node that no other pod of the set has.
fn daemon_targets(record: &Json) -> Json {
    let mut record = record.clone();
    let attempts = record["scheduling"].as_array().cloned().unwrap_or_default();
    if let Some(Json::Array(pods)) = record.get_mut("pods") {
        for pod in pods {
            let name = format!("{}/{}", text(pod, "namespace"), text(pod, "name"));
            let looked_at = attempts.iter().find(|attempt| attempt["pod"] == *name).and_then(|attempt| {
                let rejected = attempt["rejected"].as_object().and_then(|nodes| nodes.keys().next().cloned());
                rejected.or_else(|| attempt["feasible"][0].as_str().map(ToOwned::to_owned))
            });
            pod["target"] = match pod["nodeName"].as_str() {
                Some(node) => node.into(),
                None => looked_at.into(),
            };
        }
    }
    record
}

/// Makes the attempt with every possible set of the uncertain pods until one gives what was recorded.
fn reproduce(
    state: &State,
    uncertain: &BTreeMap<String, Pod>,
    pod: &Pod,
    recorded: &Json,
) -> Result<(), String> {
    let all: Vec<&Pod> = uncertain.values().collect();
    let sets: Vec<u64> =
        if all.len() <= COMBINED { (0..1 << all.len()).rev().collect() } else { vec![u64::MAX, 0] };
    let mut first = None;
    // When pods started is not recorded either; it decides between equal victims.
    for (set, first_started_first) in sets.into_iter().flat_map(|set| [(set, true), (set, false)]) {
        let present =
            all.iter().enumerate().filter(|(index, _)| set & (1 << index.min(&63)) != 0).map(|(_, pod)| *pod);
        match difference(&schedule(state, present, pod, first_started_first), recorded) {
            None => return Ok(()),
            Some(miss) => drop(first.get_or_insert(miss)),
        }
    }
    Err(first.unwrap_or_default())
}

fn schedule<'a>(
    state: &'a State,
    uncertain: impl Iterator<Item = &'a Pod>,
    pod: &Pod,
    first_started_first: bool,
) -> scheduler::Attempt {
    let mut scheduler = Scheduler::new(Options { seed: 0, start_index: state.start_index.unwrap_or(0) });
    state.nodes.iter().for_each(|node| scheduler.add_node(Rc::clone(node)));
    scheduler.set_listers(state.listers.clone());
    for mut pod in state.bound.values().chain(uncertain).cloned() {
        if !first_started_first {
            pod.status.started = u64::MAX - pod.status.started;
        }
        scheduler.add_pod(&pod);
    }
    state.nominated.values().for_each(|(pod, node)| scheduler.nominate(pod, node));
    scheduler.schedule(pod, Trace::Full)
}

/// What the attempt changes.
fn follow(
    state: &mut State,
    name: &str,
    mut pod: Pod,
    recorded: &Json,
    uncertain: &mut BTreeMap<String, Pod>,
) {
    let size = |field: &str| {
        recorded[field]
            .as_array()
            .map(Vec::len)
            .or(recorded[field].as_object().map(serde_json::Map::len))
            .unwrap_or(0)
    };
    let looked_at = (size("feasible") + size("rejected")) as u32;
    let nodes = (state.nodes.len() as u32).max(1);
    let was_nominated = recorded["nominated_before"].is_string() && recorded["chosen"].is_string();
    if !was_nominated && recorded["prefilter_rejected"].is_null() {
        state.start_index = state.start_index.map(|index| (index + looked_at) % nodes);
    }
    if let Some(node) = recorded["chosen"].as_str() {
        pod.node = Some(node.into());
        pod.status.nominated_node = None;
        // Pods start one after the other.
        pod.status.started = state.bound.len() as u64 + 1;
        state.nominated.remove(name);
        state.bound.insert(name.to_owned(), pod);
    } else if let Some(node) = recorded["preemption"]["node"].as_str() {
        state.nominated.insert(name.to_owned(), (pod, node.to_owned()));
        for victim in
            recorded["preemption"]["victims"].as_array().into_iter().flatten().filter_map(Json::as_str)
        {
            state.bound.remove(victim);
            uncertain.remove(victim);
        }
    }
}
