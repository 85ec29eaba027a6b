//! `kubectl describe`: everything about one object, with what belongs to it and its events.

mod container;
mod network;
mod node;
mod pod;
mod volume;
mod workload;

use api::server::GATEWAY_GROUP;
use manifest::Tree;

use crate::kubectl::command::Command;
use crate::kubectl::get::{self, Found};
use crate::kubectl::objects::event;
use crate::kubectl::objects::{Cluster, Wanted};
use crate::kubectl::resource::targets;
use crate::kubectl::tabwriter::{DESCRIPTION, lay_out};
use crate::kubectl::tree::{pairs, shown};
use crate::kubectl::{failed, time};
use crate::report::KubectlOutput;

/// A text that grows line by line; cells end with tabs.
#[derive(Default)]
pub(super) struct Page(pub(super) String);

impl Page {
    /// A line at a level of indentation.
    pub(super) fn line(&mut self, level: usize, text: &str) {
        self.0.extend(std::iter::repeat_n("  ", level));
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// `Name:` and a value in the next column.
    pub(super) fn field(&mut self, level: usize, name: &str, value: &str) {
        self.line(level, &format!("{name}:\t{value}"));
    }

    /// A field whose value is left out when it is empty.
    pub(super) fn some(&mut self, level: usize, name: &str, value: &str) {
        if !value.is_empty() {
            self.field(level, name, value);
        }
    }

    /// A field with one value a line; `<none>` without values.
    pub(super) fn lines(&mut self, name: &str, values: &[String]) {
        let first = values.first().map_or("<none>", String::as_str);
        self.field(0, name, first);
        for value in values.iter().skip(1) {
            self.line(0, &format!("\t{value}"));
        }
    }

    /// Labels, node selectors: `key=value`, one a line.
    pub(super) fn labels(&mut self, name: &str, labels: Option<&Tree>) {
        let lines: Vec<String> =
            pairs(labels).into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        self.lines(name, &lines);
    }

    /// Annotations without kubectl's own; long ones begin on a line of their own.
    pub(super) fn annotations(&mut self, name: &str, annotations: Option<&Tree>) {
        const WIDTH: usize = 140;
        let mut lines = Vec::new();
        for (key, value) in pairs(annotations) {
            if key == api::kubectl::LAST_APPLIED {
                continue;
            }
            let value = value.strip_suffix('\n').unwrap_or(&value);
            if key.len() + value.len() + 2 <= WIDTH && !value.contains('\n') {
                lines.push(format!("{key}: {value}"));
                continue;
            }
            lines.push(format!("{key}:"));
            for part in value.split('\n') {
                let mut end = part.len().min(WIDTH - 2);
                while !part.is_char_boundary(end) {
                    end -= 1;
                }
                let dots = if end < part.len() { "..." } else { "" };
                lines.push(format!("  {}{dots}", &part[..end]));
            }
        }
        self.lines(name, &lines);
    }

    /// Name, namespace, labels and annotations, as most descriptions begin.
    pub(super) fn head(&mut self, tree: &Tree) {
        self.name(tree);
        self.marks(tree);
    }

    /// Name and namespace.
    pub(super) fn name(&mut self, tree: &Tree) {
        self.field(0, "Name", tree.str_at(&["metadata", "name"]));
        self.some(0, "Namespace", tree.str_at(&["metadata", "namespace"]));
    }

    /// Labels and annotations.
    pub(super) fn marks(&mut self, tree: &Tree) {
        self.labels("Labels", tree.at(&["metadata", "labels"]));
        self.annotations("Annotations", tree.at(&["metadata", "annotations"]));
    }

    /// A time in full.
    pub(super) fn time(&mut self, level: usize, name: &str, tree: &Tree, path: &[&str]) {
        if tree.at(path).is_some() {
            self.field(level, name, &time::rfc1123(tree.str_at(path)));
        }
    }

    /// The controller of an object.
    pub(super) fn controller(&mut self, tree: &Tree) {
        let mut owners = tree.list_at(&["metadata", "ownerReferences"]).iter();
        if let Some(owner) =
            owners.find(|owner| owner.get("controller").and_then(Tree::as_bool) == Some(true))
        {
            let (kind, name) = (owner.str_at(&["kind"]), owner.str_at(&["name"]));
            self.field(0, "Controlled By", &format!("{kind}/{name}"));
        }
    }

    /// The events about an object.
    fn events(&mut self, cluster: &Cluster<'_>, tree: &Tree) {
        let events = event::about(cluster, tree);
        if events.is_empty() {
            return self.field(0, "Events", "<none>");
        }
        self.line(0, "Events:");
        self.line(1, "Type\tReason\tAge\tFrom\tMessage");
        self.line(1, "----\t------\t----\t----\t-------");
        for event in &events {
            let field = |name: &str| event.get(name).map(shown).unwrap_or_default();
            let since = |name: &str| cluster.since(event, &[name]);
            let age = if crate::kubectl::tree::int(event, &["count"]) > 1 {
                format!("{} (x{} over {})", since("lastTimestamp"), field("count"), since("firstTimestamp"))
            } else {
                since("firstTimestamp")
            };
            let (from, message) = (event.str_at(&["source", "component"]), field("message"));
            let message = message.trim().replace(['\n', '\t'], " ");
            self.line(1, &format!("{}\t{}\t{age}\t{from}\t{message}", field("type"), field("reason")));
        }
    }
}

/// Who writes the description of a resource.
type Describer = fn(&Cluster<'_>, &Tree, &mut Page);

fn describer(group: &str, plural: &str) -> Option<Describer> {
    Some(match (group, plural) {
        ("", "pods") => pod::describe,
        ("", "nodes") => node::describe,
        ("", "services") => network::service,
        ("networking.k8s.io", "ingresses") => network::ingress,
        ("apps", "deployments") => workload::deployment,
        ("apps", "replicasets") | ("", "replicationcontrollers") => workload::replica_set,
        ("apps", "statefulsets") => workload::stateful_set,
        ("apps", "daemonsets") => workload::daemon_set,
        ("batch", "jobs") => workload::job,
        _ => return None,
    })
}

/// Runs the command.
pub(super) fn run(cluster: &Cluster<'_>, command: &Command) -> KubectlOutput {
    if command.arguments.is_empty() {
        return failed(
            "error: You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of supported resources.",
        );
    }
    let mut output = KubectlOutput::default();
    let mut found = match get::find(cluster, command, &mut output) {
        Ok(found) => found,
        Err(failure) => return failure,
    };
    if found.is_empty() && output.exit != 0 {
        match beginning_with(cluster, command) {
            Some(matches) => (found, output) = (vec![matches], KubectlOutput::default()),
            None => return output,
        }
    }
    for Found { resource, trees } in &found {
        let Some(describe) = describer(&resource.group, &resource.plural) else {
            let name = resource.group_resource();
            let example = if resource.group == GATEWAY_GROUP { "gateway" } else { &*resource.plural };
            return failed(&format!(
                "error: describe is not understood here for {name}; pods, nodes, services, ingresses, deployments, replicasets, \
                 statefulsets, daemonsets and jobs are. `kubectl get {example} -o yaml` shows all fields"
            ));
        };
        for tree in trees {
            if !output.stdout.is_empty() {
                // kubectl separates descriptions by two empty lines.
                output.stdout.extend([String::new(), String::new()]);
            }
            let mut page = Page::default();
            describe(cluster, tree, &mut page);
            if command.flag("show-events").is_none() || command.is("show-events") {
                page.events(cluster, tree);
            }
            output.stdout.extend(lay_out(&page.0, DESCRIPTION));
        }
    }
    if output.stdout.is_empty() && output.exit == 0 {
        output.stderr.push(get::nothing_found(command, &found));
    }
    output
}

/// `describe TYPE NAME` takes the beginning of a name when there is no object of that very name.
fn beginning_with(cluster: &Cluster<'_>, command: &Command) -> Option<Found> {
    let [_, prefix] = &*command.arguments else { return None };
    let resource = targets(cluster.server(), &command.arguments[..1]).ok()?.pop()?.resource;
    let mut trees =
        cluster.list(&resource, Wanted { namespace: Some(command.namespace()), ..Wanted::default() });
    trees.retain(|tree| tree.str_at(&["metadata", "name"]).starts_with(prefix.as_str()));
    (!trees.is_empty()).then_some(Found { resource, trees })
}
