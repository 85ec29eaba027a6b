//! From an input to a report.

use api::kubectl;
use api::types::{PodPhase, Uid};
use manifest::sorted::{SortedMap, SortedSet};
use manifest::{Diagnostic, Severity, Span, parse};

use crate::input::{Action, Input};
use crate::report::{KubectlOutput, Report, StepReport, StoredObject};
use crate::simulation::{Keep, Kubelet, MAX_NODES, Options, Simulation, cluster_nodes};
use crate::steps::Snapshot;
use crate::{assemble, fixes, stored, verdict};

/// At most this many Pending pods carry their attempt in full.
const MAX_EXPLAINED: usize = 300;

/// Applies the text to the cluster, lets it settle, does what the user did since, and reports. Never fails.
pub fn analyze(input: &Input) -> Report {
    analyze_files(input, &[])
}

/// The same for a text that is made of several files: kubectl's messages name the one that they are about. Without files the
/// text is that of `manifest.yaml`.
pub fn analyze_files(input: &Input, files: &[kubectl::File]) -> Report {
    let keep =
        Keep::Pending { most: MAX_EXPLAINED, named: input.explain.iter().cloned().collect::<SortedSet<_>>() };
    let run = Run::of_files(input, files, keep);
    let mut report = assemble::report(input, &run);
    verdict::judge(input, &run, &mut report);
    fixes::add(input, &mut report.diagnostics);
    report
}

/// A simulation that has come to its end, and what was said on the way.
pub(crate) struct Run {
    pub(crate) simulation: Simulation,
    pub(crate) kubectl: KubectlOutput,
    /// What there is to say about the text that was applied last.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Places of the names of the objects that the text made.
    pub(crate) names: SortedMap<Uid, Span>,
    /// Objects of unknown kinds: kind and namespace/name.
    pub(crate) not_simulated: Vec<(String, String)>,
    /// The objects of the manifest as they were stored.
    pub(crate) stored: Vec<StoredObject>,
    /// What each action changed; empty when only the outcome counts.
    pub(crate) steps: Vec<StepReport>,
    /// The manifest brings its own nodes.
    pub(crate) own_nodes: bool,
}

impl Run {
    /// Runs an input to its end.
    pub(crate) fn of(input: &Input, keep: Keep) -> Self {
        Self::of_files(input, &[], keep)
    }

    fn of_files(input: &Input, files: &[kubectl::File], keep: Keep) -> Self {
        let kubelet = Kubelet { bind_conflicts: true, ..Kubelet::default() };
        // Of a change that is only tried, the outcome counts.
        let is_shown = matches!(keep, Keep::Pending { .. });
        let mut simulation = Simulation::new(Options { seed: input.seed, start_index: 0, keep, kubelet });
        let own_nodes = brings_nodes(&input.text);
        let mut cluster = input.cluster.clone();
        cluster.nodes = cluster.nodes.min(MAX_NODES);
        if !own_nodes {
            simulation.add_nodes(cluster_nodes(&cluster));
        }
        let options = kubectl::Options { strict: input.strict, ..kubectl::Options::default() };
        let mut applied = kubectl::apply_files(simulation.server_mut(), &input.text, files, &options);
        let mut stored = if is_shown { stored::objects(simulation.server(), &applied) } else { Vec::new() };
        simulation.settle();
        let mut not_simulated = std::mem::take(&mut applied.not_simulated);
        let mut steps = Vec::new();
        let mut before = (is_shown && !input.actions.is_empty()).then(|| Snapshot::of(input, &simulation));
        for action in &input.actions {
            simulation.next_step();
            let mut done = simulation.run(action, &cluster, &options);
            not_simulated.append(&mut done.not_simulated);
            simulation.settle();
            if let Some(old) = &mut before {
                let new = Snapshot::of(input, &simulation);
                steps.push(old.compare(&new, output(&done)));
                *old = new;
            }
            if matches!(action, Action::Apply(_)) {
                // From now on this is the text that is spoken of.
                if is_shown {
                    stored = stored::objects(simulation.server(), &done);
                }
                applied = done;
            }
        }
        let mut diagnostics = std::mem::take(&mut applied.diagnostics);
        if simulation.cut_short() {
            let text = "the simulation was stopped early: too many pods or too many steps";
            diagnostics.push(Diagnostic::new("simulation-limit", Severity::Warning, text, None));
        }
        if cluster.nodes < input.cluster.nodes {
            let text = format!("only {MAX_NODES} nodes are simulated");
            diagnostics.push(Diagnostic::new("simulation-limit", Severity::Warning, text, None));
        }
        let kubectl = output(&applied);
        let names = applied.created.iter().map(|&(uid, _, name)| (uid, name)).collect();
        Self { simulation, kubectl, diagnostics, names, not_simulated, stored, steps, own_nodes }
    }

    /// The workloads that have a ready pod.
    pub(crate) fn ready_workloads(&self) -> SortedSet<Uid> {
        let pods = self.simulation.server().store().pods.iter();
        let ready = pods.filter(|(_, pod)| pod.status.ready && !pod.meta.deleting);
        ready.map(|(&uid, _)| self.simulation.root(uid)).collect()
    }

    /// How many pods run, wait and crash.
    pub(crate) fn tally(&self) -> Tally {
        let mut tally = tally(&self.simulation);
        for status in self.simulation.statuses() {
            let missing = status.wanted.unwrap_or(0).saturating_sub(status.created);
            if status.owner.is_none() && missing > 0 && self.simulation.creation_error(status.uid).is_some() {
                tally.refused += missing.unsigned_abs();
            }
        }
        let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
        tally.errors = self.diagnostics.iter().filter(is_error).count() as u32;
        tally
    }
}

/// The pods of a simulation by what became of them. Those of a lost node that are to be deleted run nowhere.
pub(crate) fn tally(simulation: &Simulation) -> Tally {
    let mut tally = Tally::default();
    for pod in simulation.server().store().pods.values() {
        tally.pods += 1;
        match (pod.status.phase, pod.status.waiting_reason, &pod.node) {
            _ if pod.meta.deleting => {}
            (PodPhase::Running, None, _) => tally.running += 1,
            (_, Some(_), _) => tally.crashing += 1,
            (PodPhase::Pending, None, None) => tally.pending += 1,
            _ => {}
        }
    }
    tally
}

fn output(applied: &kubectl::Applied) -> KubectlOutput {
    let kubectl::Applied { stdout, stderr, exit, .. } = applied;
    KubectlOutput { stdout: stdout.clone(), stderr: stderr.clone(), exit: *exit }
}

/// Pods by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) pods: u32,
    pub(crate) running: u32,
    pub(crate) pending: u32,
    pub(crate) crashing: u32,
    pub(crate) refused: u32,
    pub(crate) errors: u32,
}

/// Whether the text has a `kind: Node` document: such nodes replace those of the cluster description.
fn brings_nodes(text: &str) -> bool {
    let is_node =
        |tree: &manifest::Tree| tree.str_at(&["kind"]) == "Node" && tree.str_at(&["apiVersion"]) == "v1";
    let of_list = |tree: &manifest::Tree| tree.list_at(&["items"]).iter().any(is_node);
    let documents = parse(text).documents;
    documents
        .iter()
        .filter_map(|document| document.content.as_ref().ok())
        .any(|tree| is_node(tree) || of_list(tree))
}
