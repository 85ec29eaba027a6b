//! What each action changed: pods that came, went or moved, and addresses that answer no more or anew.

use std::rc::Rc;

use api::types::Pod;
use manifest::sorted::{SortedMap, SortedSet};
use reach::RouteState;

use crate::assemble::{settings, status};
use crate::input::Input;
use crate::report::{KubectlOutput, PodChange, PodPlace, StepReport};
use crate::simulation::Simulation;

/// At most so many changed pods, and so many addresses of each sort, are listed.
const MAX_LISTED: usize = 200;

/// Above so many pods times nodes the addresses are not compared.
const MAX_COMPARED: usize = 200_000;

/// What is compared of a simulation that has settled.
pub(crate) struct Snapshot {
    pods: SortedMap<Rc<str>, PodPlace>,
    urls: SortedSet<String>,
    running: u32,
    pending: u32,
}

impl Snapshot {
    /// The present state.
    pub(crate) fn of(input: &Input, simulation: &Simulation) -> Self {
        let store = simulation.server().store();
        let tally = crate::analyze::tally(simulation);
        let pods = store.pods.values().map(|pod| (Rc::from(full_name(pod)), place(pod))).collect();
        let small = store.pods.len().saturating_mul(store.nodes.len()) <= MAX_COMPARED;
        let routes = if small { reach::routes(store, &settings(input)) } else { Vec::new() };
        let reachable = routes.into_iter().filter(|route| route.state == RouteState::Reachable);
        let urls = reachable.map(|route| route.url).filter(|url| !url.is_empty()).collect();
        Self { pods, urls, running: tally.running, pending: tally.pending }
    }

    /// What is different in `after`, and what kubectl said in between.
    pub(crate) fn compare(&self, after: &Self, output: KubectlOutput) -> StepReport {
        let names: SortedSet<&Rc<str>> = self.pods.keys().chain(after.pods.keys()).collect();
        let different = names.into_iter().filter_map(|name| {
            let (before, after) = (self.pods.get(name), after.pods.get(name));
            (before != after).then(|| PodChange {
                pod: name.to_string(),
                before: before.cloned(),
                after: after.cloned(),
            })
        });
        let mut changes: Vec<PodChange> = different.collect();
        // What went comes before what came in its place.
        changes.sort_by_key(|change| (change.after.is_some(), change.before.is_none()));
        let total = changes.len() as u32;
        changes.truncate(MAX_LISTED);
        let without = |urls: &SortedSet<String>, others: &SortedSet<String>| {
            urls.iter().filter(|url| !others.contains(*url)).take(MAX_LISTED).cloned().collect()
        };
        StepReport {
            output,
            running: after.running,
            pending: after.pending,
            changes,
            changed: total,
            urls_gone: without(&self.urls, &after.urls),
            urls_new: without(&after.urls, &self.urls),
        }
    }
}

fn full_name(pod: &Pod) -> String {
    format!("{}/{}", pod.meta.namespace, pod.meta.name)
}

fn place(pod: &Pod) -> PodPlace {
    PodPlace {
        node: pod.node.as_deref().unwrap_or("").to_owned(),
        ip: pod.status.pod_ips.first().map_or_else(String::new, ToString::to_string),
        status: status(pod).to_owned(),
        restarts: pod.status.restarts,
    }
}
