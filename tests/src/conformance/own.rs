//! Our own run of a scenario: the same commands on our engine, without following the recorded choices.

use std::collections::BTreeMap;

use api::kubectl::{self, Verb};
use api::server::Store;
use manifest::decode;
use reach::{LoadBalancer, Route, Settings};
use rules::simulation::{Kubelet, Options, Simulation};

use super::identity::Identities;
use super::observe::observe;
use super::record::{Command, Record};
use super::recording::{Input, Scenario};
use super::world::{self, Pool, World};

/// What our engine shows after each stage.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnRun {
    /// Records in the form of the recorded ones.
    pub(super) records: Vec<Record>,
    /// The cluster as the scheduler sees it, by stage.
    pub(super) worlds: Vec<World>,
    /// The ways in after each stage.
    pub(super) routes: Vec<Vec<Route>>,
    /// Every pod that existed at the end of a stage.
    pub(super) pods: Pool,
}

/// The annotation of pods that never get ready.
pub(super) const NEVER_READY: &str = "oracle/never-ready";

/// All ways in, with addresses for load balancers.
pub(super) fn routes(store: &Store) -> Vec<Route> {
    reach::routes(store, &Settings { load_balancer: LoadBalancer::Pool, ..Settings::default() })
}

/// Runs the scenario.
pub(super) fn run(scenario: &Scenario) -> OwnRun {
    let kubelet = Kubelet {
        never_ready: Some(NEVER_READY.into()),
        complete: Some("oracle/complete".into()),
        ..Kubelet::default()
    };
    let mut simulation = Simulation::new(Options { kubelet, ..Options::default() });
    simulation.add_nodes(scenario.nodes.iter().map(world::node));
    simulation.settle();
    let mut own = OwnRun::default();
    for (index, stage) in scenario.stages.iter().enumerate() {
        if index > 0 {
            simulation.next_step();
        }
        let command = match &stage.input {
            Input::AddNodes(nodes) => {
                simulation.add_nodes(nodes.iter().map(world::node));
                nodes_listed(&simulation)
            }
            Input::Kubectl(args, files) => kubectl(&mut simulation, args, files),
        };
        simulation.settle();
        own.records.push(Record { command, ..observe(&simulation) });
        own.worlds.push(World::ours(simulation.server()));
        own.routes.push(routes(simulation.server().store()));
        let identities = Identities::of(&own.records.iter().collect::<Vec<_>>());
        own.pods.add_ours(simulation.server(), &identities);
    }
    own
}

/// Runs a command line; `apply -f` and `create -f` get the text of their file.
fn kubectl(simulation: &mut Simulation, args: &[String], files: &BTreeMap<String, Vec<u8>>) -> Command {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let verb = match words.first() {
        Some(&"apply") => Some(Verb::Apply),
        Some(&"create") => Some(Verb::Create),
        _ => None,
    };
    let file = args.iter().find(|arg| files.contains_key(*arg));
    if let (Some(verb), Some(name)) = (verb, file) {
        let text =
            decode(&files[name]).unwrap_or_else(|_| String::from_utf8_lossy(&files[name]).into_owned());
        let options = kubectl::Options { file_name: name.clone(), strict: true, verb };
        let applied = simulation.apply(&text, &options);
        return command(applied.stdout, applied.stderr, applied.exit);
    }
    if let (Some(&"delete"), Some(name)) = (words.first(), file) {
        return delete(simulation, &files[name]);
    }
    if words == ["get", "nodes", "-o", "name"] {
        return nodes_listed(simulation);
    }
    let output = simulation.command(&words);
    command(output.stdout, output.stderr, output.exit)
}

/// `kubectl delete -f`: one object after the other.
fn delete(simulation: &mut Simulation, file: &[u8]) -> Command {
    let documents = manifest::parse(&String::from_utf8_lossy(file)).documents;
    let mut all = command(Vec::new(), Vec::new(), 0);
    for tree in documents.into_iter().filter_map(|document| document.content.ok()) {
        let (kind, name) = (tree.str_at(&["kind"]), tree.str_at(&["metadata", "name"]));
        let namespace = Some(tree.str_at(&["metadata", "namespace"])).filter(|given| !given.is_empty());
        let output = simulation.command(&["delete", kind, name, "-n", namespace.unwrap_or("default")]);
        all.stdout.extend(output.stdout);
        all.stderr.extend(output.stderr);
        all.exit = all.exit.max(i64::from(output.exit));
    }
    all
}

/// What the recorder runs after adding nodes: `kubectl get nodes -o name`.
fn nodes_listed(simulation: &Simulation) -> Command {
    let nodes = simulation.server().store().nodes.values();
    let mut names: Vec<String> = nodes.map(|node| format!("node/{}", node.meta.name)).collect();
    names.sort();
    command(names, Vec::new(), 0)
}

fn command(stdout: Vec<String>, stderr: Vec<String>, exit: i32) -> Command {
    Command { line: String::new(), exit: i64::from(exit), stdout, stderr }
}
