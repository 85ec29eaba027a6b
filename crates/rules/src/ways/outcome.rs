//! What becomes of a workload under one way: now, after the loss of a node, and after a pod was made again. Each is a simulation.

use api::types::{PodPhase, Uid};
use manifest::sorted::SortedSet;
use manifest::{Severity, parse};
use reach::{Note, RouteState};

use super::{AfterRestart, LostNode, Way, WayKind};
use crate::analyze::Run;
use crate::assemble::{settings, workloads};
use crate::input::{Action, Input};
use crate::report::WorkloadReport;
use crate::simulation::Keep;

/// At most so many URLs are listed.
const MAX_URLS: usize = 48;

/// At most so many notes.
const MAX_NOTES: usize = 6;

/// A workload in every simulation of it.
pub(super) struct Identity {
    kind: String,
    namespace: String,
    name: String,
}

impl Identity {
    pub(super) fn of(workload: &WorkloadReport) -> Self {
        let WorkloadReport { kind, namespace, name, .. } = workload.clone();
        Self { kind, namespace, name }
    }

    fn is(&self, workload: &WorkloadReport) -> bool {
        (&workload.kind, &workload.namespace, &workload.name) == (&self.kind, &self.namespace, &self.name)
    }
}

/// Simulates a text that does it this way. The error is why the API server refuses it, when it accepted the text of `base`.
pub(super) fn of(input: &Input, identity: &Identity, kind: WayKind, base: &Run) -> Result<Way, String> {
    let run = Run::of(input, Keep::None);
    let now = Seen::of(input, &run, identity, kind);
    if let Some(message) = new_error(base, &run).or_else(|| now.new_error(base, identity)) {
        return Err(message);
    }
    let with = |actions: &[Action]| {
        let mut changed = input.clone();
        changed.actions.extend_from_slice(actions);
        let run = Run::of(&changed, Keep::None);
        Seen::of(&changed, &run, identity, kind)
    };
    let without = |urls: &[String], others: &[String]| -> Vec<String> {
        urls.iter().filter(|url| !others.contains(url)).take(MAX_URLS).cloned().collect()
    };
    let lost_node = now.node.clone().map(|node| {
        let after = with(&[Action::LoseNode(node.clone())]);
        let urls = now.urls.iter().filter(|url| after.urls.contains(url)).take(MAX_URLS).cloned().collect();
        let Seen { running, pending, crashing, .. } = after;
        LostNode { node, running, pending, crashing, urls }
    });
    let after_restart = now.first.as_ref().map(|(namespace, name, node)| {
        let delete = Action::Delete("Pod".to_owned(), namespace.clone(), name.clone());
        let again = now.document(input, identity).map(Action::Apply);
        let mut actions: Vec<Action> = [Some(delete), again].into_iter().flatten().collect();
        let mut after = with(&actions);
        let new_pods = after.pods.iter().filter(|(uid, _)| Some(*uid) > now.last);
        let equal_nodes = new_pods.map(|(_, ties)| *ties).max().unwrap_or(1);
        let is_same = after.urls.len() == now.urls.len() && without(&now.urls, &after.urls).is_empty();
        if let (Some(node), true) = (node, equal_nodes > 1 && is_same) {
            actions.insert(0, Action::Cordon(node.clone()));
            actions.push(Action::Uncordon(node.clone()));
            after = with(&actions);
        }
        AfterRestart {
            pod: format!("{namespace}/{name}"),
            gone: without(&now.urls, &after.urls),
            new: without(&after.urls, &now.urls),
            equal_nodes,
        }
    });
    let listed = |urls: Vec<String>| urls.into_iter().take(MAX_URLS).collect();
    Ok(Way {
        running: now.running,
        pending: now.pending,
        crashing: now.crashing,
        urls: listed(now.urls),
        other_urls: listed(now.other_urls),
        notes: now.notes,
        lost_node,
        after_restart,
        ..Way::empty(kind)
    })
}

/// The first error of a text that another one does not have.
fn new_error(base: &Run, run: &Run) -> Option<String> {
    let mut errors = run.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let is_old = |message: &String| base.diagnostics.iter().any(|found| found.message == *message);
    errors.find(|found| !is_old(&found.message)).map(|found| found.message.clone())
}

/// What a settled simulation shows of the workload.
struct Seen {
    report: Option<WorkloadReport>,
    running: u32,
    pending: u32,
    crashing: u32,
    /// Its pods, and how many nodes were equally good for each.
    pods: Vec<(Uid, u32)>,
    /// Namespace, name and node of the first pod.
    first: Option<(String, String, Option<String>)>,
    /// The node of the first pod that has one.
    node: Option<String>,
    /// The youngest pod of all.
    last: Option<Uid>,
    urls: Vec<String>,
    other_urls: Vec<String>,
    notes: Vec<Note>,
}

impl Seen {
    fn of(input: &Input, run: &Run, identity: &Identity, kind: WayKind) -> Self {
        let (list, index) = workloads(run);
        let at = list.iter().position(|workload| identity.is(workload));
        let root = index.iter().find(|(_, index)| Some(**index as usize) == at).map(|(uid, _)| *uid);
        let store = run.simulation.server().store();
        let mut seen = Self {
            report: at.and_then(|at| list.into_iter().nth(at)),
            running: 0,
            pending: 0,
            crashing: 0,
            pods: Vec::new(),
            first: None,
            node: None,
            last: store.pods.keys().last().copied(),
            urls: Vec::new(),
            other_urls: Vec::new(),
            notes: Vec::new(),
        };
        let mut names = SortedSet::new();
        for (&uid, pod) in store.pods.iter().filter(|(uid, _)| Some(run.simulation.root(**uid)) == root) {
            let (namespace, name) = (&pod.meta.namespace, &pod.meta.name);
            names.insert(format!("{namespace}/{name}"));
            if pod.meta.deleting {
                continue;
            }
            seen.pods.push((uid, run.simulation.ties(uid)));
            let node = pod.node.as_ref().map(ToString::to_string);
            seen.first.get_or_insert_with(|| (namespace.to_string(), name.to_string(), node.clone()));
            seen.node = seen.node.take().or(node);
            match (pod.status.phase, pod.status.waiting_reason, &pod.node) {
                (_, Some(_), _) => seen.crashing += 1,
                (PodPhase::Running, None, _) => seen.running += 1,
                (PodPhase::Pending, None, None) => seen.pending += 1,
                _ => {}
            }
        }
        seen.read_routes(input, run, kind, &names);
        seen
    }

    fn read_routes(&mut self, input: &Input, run: &Run, kind: WayKind, names: &SortedSet<String>) {
        let routes = reach::routes(run.simulation.server().store(), &settings(input));
        for route in routes.into_iter().filter(|route| route.pods.iter().any(|pod| names.contains(pod))) {
            let is_own = route.kind == kind.route();
            if is_own {
                for note in route.notes {
                    if self.notes.len() < MAX_NOTES && !self.notes.contains(&note) {
                        self.notes.push(note);
                    }
                }
            }
            let list = if is_own { &mut self.urls } else { &mut self.other_urls };
            if route.state != RouteState::Reachable {
                continue;
            }
            for url in std::iter::once(route.url).chain(route.urls) {
                if !url.is_empty() && !list.contains(&url) {
                    list.push(url);
                }
            }
        }
    }

    /// The error that keeps the workload from making pods, unless it did so in `base`; or that it is not there at all.
    fn new_error(&self, base: &Run, identity: &Identity) -> Option<String> {
        let before = workloads(base).0.into_iter().find(|workload| identity.is(workload));
        let error = &self.report.as_ref()?.error;
        (!error.is_empty() && before.is_none_or(|before| before.error.is_empty())).then(|| error.clone())
    }

    /// The document of a bare pod: nobody but the user makes it again.
    fn document(&self, input: &Input, identity: &Identity) -> Option<String> {
        let name = self.report.as_ref().filter(|_| identity.kind == "Pod")?.span?;
        let text = input.last_text();
        let documents = parse(text).documents;
        let holds = |span: &manifest::Span| span.start <= name.start && name.end <= span.end;
        let span = documents.into_iter().map(|document| document.span).find(holds)?;
        Some(span.of(text).to_owned())
    }
}
