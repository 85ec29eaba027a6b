//! A small kubectl against the simulated cluster: [`kubectl`] takes a command line and answers with what kubectl 1.36 prints.
//!
//! A line goes through `words` (quotes), `command` (flags) and `resource` (which objects). `objects` gives them as the API server
//! returns them, whole trees with status. `get` prints them by its table of columns, `describe` in full, and `act` turns commands
//! that change something into actions. What is not understood is answered with what is.

mod act;
mod command;
mod describe;
mod get;
mod objects;
mod path;
mod resource;
mod tabwriter;
#[cfg(test)]
mod tests;
pub(crate) mod time;
mod tree;
mod words;

use api::server::ApiError;
use serde::{Deserialize, Serialize};

use crate::analyze::Run;
use crate::input::{Action, Input};
use crate::report::KubectlOutput;
use crate::simulation::Keep;

use command::Command;
use objects::Cluster;

/// The answer to a command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KubectlAnswer {
    /// Nothing changes.
    Printed(KubectlOutput),
    /// The cluster changes: what is to be added to the input's actions, and what kubectl prints while it does that.
    Acts {
        /// In order.
        actions: Vec<Action>,
        /// kubectl's lines, errors of objects that do not exist among them.
        output: KubectlOutput,
    },
}

/// Runs a line such as `kubectl get pods -o wide` (`kubectl` may be left out) against the cluster in the state in which the
/// input leaves it. Never fails: errors are printed, as kubectl prints them.
pub fn kubectl(input: &Input, line: &str) -> KubectlAnswer {
    let read = words::split(line).map_err(|why| failed(&format!("error: {why}")));
    let command = match read.and_then(Command::read) {
        Ok(command) => command,
        Err(output) => return KubectlAnswer::Printed(output),
    };
    let run = || Run::of(input, Keep::None);
    match command.verb.as_str() {
        "get" => {
            let run = run();
            KubectlAnswer::Printed(get::run(&Cluster { input, run: &run }, &command))
        }
        "describe" => {
            let run = run();
            KubectlAnswer::Printed(describe::run(&Cluster { input, run: &run }, &command))
        }
        "apply" | "delete" | "scale" | "cordon" | "uncordon" | "drain" => act::run(input, run(), &command),
        "rollout" if command.arguments.first().is_some_and(|first| first == "restart") => {
            act::run(input, run(), &command)
        }
        "create" if command.flag("from").is_some() => act::run(input, run(), &command),
        other => KubectlAnswer::Printed(explain(other)),
    }
}

/// What is understood.
const HELP: &str = "\
Understood here, against the simulated cluster:
  get TYPE [NAME...]            also TYPE,TYPE and TYPE/NAME; -n, -A, -o wide|name|yaml|json|jsonpath=|custom-columns=, -l,
                                --field-selector, --show-labels, -L, --sort-by, --no-headers
  describe TYPE [NAME]          pods, nodes, services, ingresses, deployments, replicasets, statefulsets, daemonsets, jobs
  apply -f manifest.yaml        the text in the editor
  delete TYPE NAME...           also -l, --all and -f manifest.yaml
  scale TYPE NAME --replicas=N
  rollout restart TYPE NAME
  cordon NODE, uncordon NODE    and drain NODE, with --ignore-daemonsets, --force and --delete-emptydir-data
  create job NAME --from=cronjob/NAME
Types have their usual short names: po, deploy, rs, ds, sts, job, cj, svc, ing, ep, no, ns, cm, pvc, ev, all and so on.";

/// Commands of kubectl that are not simulated, and why.
const NOT_SIMULATED: [(&str, &str); 9] = [
    ("attach cp debug exec logs", "no container runs behind the simulation"),
    ("annotate create edit label patch replace set taint", "change the text in the editor instead"),
    ("autoscale top", "nothing is measured; `kubectl describe node` shows what is requested"),
    ("events", "`kubectl get events` is understood"),
    ("explain", "the editor explains a field where the caret stands"),
    ("expose run", "add the object to the text in the editor instead"),
    ("port-forward proxy", "no container runs behind the simulation; the list of routes shows every way in"),
    (
        "rollout",
        "of rollouts, only `kubectl rollout restart` is understood; `kubectl get deploy,rs` shows how far one has come",
    ),
    (
        "api-resources api-versions auth certificate cluster-info completion config diff kustomize plugin version wait",
        "there is nothing behind the simulation that it could be about",
    ),
];

/// Verbs that mean something, for a word that is nearly one.
const VERBS: [&str; 8] = ["get", "describe", "apply", "delete", "scale", "cordon", "uncordon", "drain"];

fn explain(verb: &str) -> KubectlOutput {
    if matches!(verb, "" | "help" | "options") {
        return KubectlOutput {
            stdout: HELP.lines().map(str::to_owned).collect(),
            ..KubectlOutput::default()
        };
    }
    if let Some((_, why)) = NOT_SIMULATED.iter().find(|(names, _)| names.split(' ').any(|name| name == verb))
    {
        return failed(&format!("error: kubectl {verb} is not simulated: {why}\n\n{HELP}"));
    }
    let close = VERBS.iter().find(|known| known.starts_with(verb) || distance(known, verb) <= 2);
    let hint = close.map_or_else(String::new, |known| format!("\nDid you mean this?\n\t{known}\n"));
    failed(&format!("error: unknown command \"{verb}\" for \"kubectl\"\n{hint}\n{HELP}"))
}

/// How many characters must be added, removed or replaced.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(20).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// kubectl gave up.
fn failed(text: &str) -> KubectlOutput {
    KubectlOutput { stdout: Vec::new(), stderr: text.lines().map(str::to_owned).collect(), exit: 1 }
}

/// The server refused something; the rest goes on.
fn refused(output: &mut KubectlOutput, error: &ApiError) {
    let text = format!("Error from server ({:?}): {}", error.reason, error.message);
    output.stderr.extend(text.lines().map(str::to_owned));
    output.exit = 1;
}
