//! Commands that change the cluster: they are carried out on the run for their output, and handed back as the actions that do
//! the same to the simulation of the page.

use api::kubectl;
use api::labels::Selector;
use api::server::{ApiError, Resource};
use api::types::Kind;
use manifest::Tree;

use super::command::Command;
use super::get;
use super::objects::{Cluster, Wanted};
use super::resource::resource_of;
use super::tree::{parse_selector, sorted_by};
use super::{KubectlAnswer, failed, refused};
use crate::analyze::Run;
use crate::input::{Action, Input};
use crate::report::KubectlOutput;

/// An object that a command is about.
struct Subject {
    resource: Resource,
    tree: Tree,
}

impl Subject {
    fn name(&self) -> &str {
        self.tree.str_at(&["metadata", "name"])
    }

    fn namespace(&self) -> String {
        self.tree.str_at(&["metadata", "namespace"]).to_owned()
    }

    /// The kind as an action names it: the kind itself where that is clear, otherwise the resource with its group.
    fn kind(&self, cluster: &Cluster<'_>) -> String {
        let is_clear =
            resource_of(cluster.server(), &self.resource.kind).is_ok_and(|found| found == self.resource);
        if is_clear { self.resource.kind.to_string() } else { self.resource.group_resource() }
    }
}

/// Runs the command on the run. What is missing is said, and the rest is done, as kubectl does.
pub(super) fn run(input: &Input, mut run: Run, command: &Command) -> KubectlAnswer {
    let mut output = KubectlOutput::default();
    let cluster = Cluster { input, run: &run };
    let planned = match command.verb.as_str() {
        "apply" => apply(input, &run, command),
        "delete" => delete(&cluster, command, &mut output),
        "scale" => scale(&cluster, command, &mut output),
        "create" => create(&cluster, command),
        "rollout" => restart(&cluster, command, &mut output),
        _ => nodes(&cluster, command, &mut output),
    };
    let actions = match planned {
        Ok(actions) => actions,
        Err(answer) => return KubectlAnswer::Printed(answer),
    };
    if actions.is_empty() {
        return KubectlAnswer::Printed(output);
    }
    let options = kubectl::Options { strict: input.strict, ..kubectl::Options::default() };
    for action in &actions {
        run.simulation.next_step();
        let done = run.simulation.run(action, &input.cluster, &options);
        output.stdout.extend(done.stdout);
        output.stderr.extend(done.stderr);
        output.exit = output.exit.max(done.exit);
    }
    KubectlAnswer::Acts { actions, output }
}

type Planned = Result<Vec<Action>, KubectlOutput>;

/// `apply -f manifest.yaml`: what the first one printed, until something else has happened.
fn apply(input: &Input, run: &Run, command: &Command) -> Planned {
    let file = command.flag("filename").unwrap_or("");
    let known = kubectl::Options::default().file_name;
    if file.is_empty() {
        return Err(failed("error: must specify one of -f and -k"));
    }
    if file != "-" && file != known {
        return Err(failed(&format!(
            "error: the path \"{file}\" does not exist\nThe text in the editor is {known}; - is the same"
        )));
    }
    if input.actions.is_empty() {
        return Err(run.kubectl.clone());
    }
    let applied = input.actions.iter().rev().find_map(|action| match action {
        Action::Apply(text) => Some(text),
        _ => None,
    });
    Ok(vec![Action::Apply(applied.unwrap_or(&input.text).clone())])
}

fn delete(cluster: &Cluster<'_>, command: &Command, output: &mut KubectlOutput) -> Planned {
    let file = command.flag("filename").is_some();
    let subjects = if file { of_text(cluster) } else { subjects(cluster, command, output)? };
    if !file && !named(command) && command.flag("selector").is_none() && !command.is("all") {
        return Err(failed("error: resource(s) were provided, but no name was specified"));
    }
    if subjects.is_empty() && output.exit == 0 {
        return Err(KubectlOutput {
            stdout: vec!["No resources found".to_owned()],
            ..KubectlOutput::default()
        });
    }
    let action = |subject: Subject| {
        let name = subject.name().to_owned();
        let is_node = subject.resource.group.is_empty() && subject.resource.plural == "nodes";
        if is_node {
            Action::RemoveNode(name)
        } else {
            Action::Delete(subject.kind(cluster), subject.namespace(), name)
        }
    };
    Ok(subjects.into_iter().map(action).collect())
}

/// The objects that the text made and that still exist, in its order.
fn of_text(cluster: &Cluster<'_>) -> Vec<Subject> {
    let server = cluster.server();
    let made: Vec<_> = cluster.run.names.iter().map(|(&uid, &span)| (span.start, uid)).collect();
    let made = sorted_by(made, |(start, _)| format!("{start:010}"));
    let subject = |(_, uid)| {
        let tree = server.tree(uid)?;
        let resource = server.resource(tree.str_at(&["apiVersion"]), tree.str_at(&["kind"]))?;
        Some(Subject { resource, tree: Tree::clone(&tree) })
    };
    made.into_iter().filter_map(subject).collect()
}

fn scale(cluster: &Cluster<'_>, command: &Command, output: &mut KubectlOutput) -> Planned {
    let Some(replicas) = command.flag("replicas") else {
        return Err(failed("error: required flag(s) \"replicas\" not set"));
    };
    let Ok(replicas) = replicas.parse::<i32>() else {
        return Err(failed(&format!(
            "error: invalid argument \"{replicas}\" for \"--replicas\" flag: strconv.ParseInt: parsing \"{replicas}\": invalid \
             syntax\nSee 'kubectl scale --help' for usage."
        )));
    };
    if replicas < 0 {
        return Err(failed(
            "error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
        ));
    }
    let subjects = subjects(cluster, command, output)?;
    if !named(command) && command.flag("selector").is_none() && !command.is("all") {
        return Err(failed("error: resource(s) were provided, but no name was specified"));
    }
    if subjects.is_empty() && output.exit == 0 {
        return Err(failed("error: no objects passed to scale"));
    }
    let action = |subject: Subject| {
        Action::Scale(subject.kind(cluster), subject.namespace(), subject.name().to_owned(), replicas)
    };
    Ok(subjects.into_iter().map(action).collect())
}

/// `rollout restart TYPE NAME`.
fn restart(cluster: &Cluster<'_>, command: &Command, output: &mut KubectlOutput) -> Planned {
    let command = command.without_first();
    let subjects = subjects(cluster, &command, output)?;
    if !named(&command) && command.flag("selector").is_none() {
        return Err(failed("error: resource(s) were provided, but no name was specified"));
    }
    let action = |subject: Subject| {
        Action::RolloutRestart(subject.kind(cluster), subject.namespace(), subject.name().to_owned())
    };
    Ok(subjects.into_iter().map(action).collect())
}

/// `create job NAME --from=cronjob/NAME`.
fn create(cluster: &Cluster<'_>, command: &Command) -> Planned {
    let from = command.flag("from").unwrap_or("");
    let is_job = command.arguments.first().is_some_and(|kind| kind == "job");
    let Some((kind, name)) = from.split_once('/').filter(|_| is_job) else {
        return Err(failed(
            "error: of create, only `create job NAME --from=cronjob/NAME` is understood here: change the text instead",
        ));
    };
    let resource = resource_of(cluster.server(), kind)?;
    if resource.plural != "cronjobs" {
        return Err(failed(&format!("error: from must be an existing cronjob, not {kind}/{name}")));
    }
    if cluster.find(&resource, command.namespace(), name).is_none() {
        let mut output = KubectlOutput::default();
        refused(&mut output, &ApiError::not_found(&resource, name));
        return Err(output);
    }
    let Some(job) = command.arguments.get(1) else {
        return Err(failed("error: exactly one NAME is required, got 0"));
    };
    Ok(vec![Action::RunCronJob(command.namespace().to_owned(), name.to_owned(), job.clone())])
}

/// `cordon`, `uncordon`, `drain`: NODE, `node/NODE`, or a selector.
fn nodes(cluster: &Cluster<'_>, command: &Command, output: &mut KubectlOutput) -> Planned {
    let verb = &*command.verb;
    let Some(resource) = cluster.resource("", "nodes") else { return Ok(Vec::new()) };
    let mut names: Vec<String> = Vec::new();
    for argument in &command.arguments {
        let name = match argument.split_once('/') {
            Some((kind, name)) if resource_of(cluster.server(), kind)? == resource => name,
            Some((kind, _)) => return Err(failed(&format!("error: cannot {verb} {kind}: a node is needed"))),
            None => argument,
        };
        if cluster.find(&resource, "", name).is_none() {
            refused(output, &ApiError::not_found(&resource, name));
            continue;
        }
        names.push(name.to_owned());
    }
    if let Some(selector) = command.flag("selector") {
        let requirements = parse_selector(selector).map_err(|why| failed(&format!("error: {why}")))?;
        let selector = Selector { requirements };
        let found = cluster.list(&resource, Wanted { labels: Some(&selector), ..Wanted::default() });
        names.extend(found.iter().map(|node| node.str_at(&["metadata", "name"]).to_owned()));
    } else if command.arguments.is_empty() {
        let usage =
            format!("error: USAGE: {verb} NODE [flags]\nSee 'kubectl {verb} -h' for help and examples");
        return Err(failed(&usage));
    }
    let mut actions = Vec::new();
    for name in names {
        let refusals = if verb == "drain" { drain_refusals(cluster, command, &name) } else { Vec::new() };
        if !refusals.is_empty() {
            // The node is cordoned before kubectl looks at its pods.
            let joined = match &*refusals {
                [one] => one.clone(),
                several => format!("[{}]", several.join(", ")),
            };
            let stderr = [
                format!(
                    "error: unable to drain node \"{name}\" due to error: {joined}, continuing command..."
                ),
                "There are pending nodes to be drained:".to_owned(),
                format!(" {name}"),
            ];
            output.stderr.extend(stderr);
            let prefix = if refusals.len() == 1 { "error: " } else { "" };
            output.stderr.extend(refusals.iter().map(|refusal| format!("{prefix}{refusal}")));
            output.exit = 1;
        }
        actions.push(match verb {
            "drain" if refusals.is_empty() => Action::Drain(name),
            "uncordon" => Action::Uncordon(name),
            _ => Action::Cordon(name),
        });
    }
    Ok(actions)
}

/// Why `drain` would not touch pods of a node: flags that are missing.
fn drain_refusals(cluster: &Cluster<'_>, command: &Command, node: &str) -> Vec<String> {
    const WHY: [(&str, &str); 3] = [
        ("ignore-daemonsets", "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)"),
        ("delete-emptydir-data", "Pods with local storage (use --delete-emptydir-data to override)"),
        ("force", "Pods that declare no controller (use --force to override)"),
    ];
    let mut refused: [Vec<String>; 3] = Default::default();
    let pods = cluster.server().store().pods.values();
    for pod in pods.filter(|pod| pod.node.as_deref() == Some(node) && !pod.meta.deleting) {
        let owner = pod.meta.owner.as_ref().map(|owner| &owner.kind);
        let is_over = pod.status.phase.is_terminal();
        let volumes = pod.tree.list_at(&["spec", "volumes"]);
        let reasons = [
            owner == Some(&Kind::DaemonSet),
            !is_over && volumes.iter().any(|volume| volume.get("emptyDir").is_some()),
            !is_over && owner.is_none(),
        ];
        // A pod of a DaemonSet is left alone or refused, whatever else there is to say of it.
        let reasons = if reasons[0] { [true, false, false] } else { reasons };
        if let Some(reason) = (0..3).find(|&at| reasons[at] && !command.is(WHY[at].0)) {
            refused[reason].push(format!("{}/{}", pod.meta.namespace, pod.meta.name));
        }
    }
    let texts = WHY.iter().zip(&mut refused).filter(|(_, pods)| !pods.is_empty());
    texts
        .map(|((_, why), pods)| {
            pods.sort();
            format!("cannot delete {why}: {}", pods.join(", "))
        })
        .collect()
}

/// Whether the command names its objects.
fn named(command: &Command) -> bool {
    command.arguments.len() > 1 || command.arguments.iter().any(|argument| argument.contains('/'))
}

fn subjects(
    cluster: &Cluster<'_>,
    command: &Command,
    output: &mut KubectlOutput,
) -> Result<Vec<Subject>, KubectlOutput> {
    if command.arguments.is_empty() {
        return Err(failed("error: You must provide one or more resources by argument or filename."));
    }
    let of_resource = |found: get::Found| {
        let resource = found.resource;
        let subject = move |tree| Subject { resource: resource.clone(), tree };
        found.trees.into_iter().map(subject).collect::<Vec<_>>()
    };
    Ok(get::find(cluster, command, output)?.into_iter().flat_map(of_resource).collect())
}
