//! The objects that a command line names: `TYPE`, `TYPE NAME...`, `TYPE,TYPE`, `TYPE/NAME...`.

use api::server::{Resource, Server, is_named, quote};

use super::failed;
use crate::report::KubectlOutput;

/// A resource, and the name of one of its objects or none for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) resource: Resource,
    pub(super) name: Option<String>,
}

/// What `all` stands for, in this order.
const ALL: [&str; 10] = [
    "pods",
    "replicationcontrollers",
    "services",
    "daemonsets.apps",
    "deployments.apps",
    "replicasets.apps",
    "statefulsets.apps",
    "horizontalpodautoscalers.autoscaling",
    "cronjobs.batch",
    "jobs.batch",
];

/// Short names that no rule of the API server needs.
const SHORT_NAMES: [(&str, &str); 6] = [
    ("crd", "customresourcedefinitions"),
    ("crds", "customresourcedefinitions"),
    ("csr", "certificatesigningrequests"),
    ("ev", "events"),
    ("ip", "ipaddresses"),
    ("vac", "volumeattributesclasses"),
];

/// All resources that are served.
pub(super) fn resources(server: &Server) -> Vec<Resource> {
    server.resources().collect()
}

/// The resource that a word means.
pub(super) fn resource_of(server: &Server, word: &str) -> Result<Resource, KubectlOutput> {
    let lower = word.to_lowercase();
    let long = SHORT_NAMES.iter().find(|(short, _)| *short == lower).map_or(word, |(_, plural)| plural);
    let all = resources(server);
    let found = all.iter().find(|resource| is_named(resource, long));
    let found = found.or_else(|| all.iter().find(|resource| defined_name(server, resource, &lower)));
    found
        .cloned()
        .ok_or_else(|| failed(&format!("error: the server doesn't have a resource type {}", quote(word))))
}

/// Whether the definition of a custom resource gives it that singular or short name.
fn defined_name(server: &Server, resource: &Resource, word: &str) -> bool {
    if resource.is_built_in() {
        return false;
    }
    let (word, group) = word.split_once('.').unwrap_or((word, ""));
    let definition = definition(server, resource);
    definition.is_some_and(|tree| {
        let short = tree.list_at(&["spec", "names", "shortNames"]).iter();
        let is_name = short.filter_map(manifest::Tree::as_str).any(|short| short == word)
            || tree.str_at(&["spec", "names", "singular"]) == word;
        is_name && (group.is_empty() || group == resource.group)
    })
}

/// The CustomResourceDefinition of a resource.
pub(super) fn definition(server: &Server, resource: &Resource) -> Option<std::rc::Rc<manifest::Tree>> {
    let name = resource.group_resource();
    let definitions =
        resources(server).into_iter().find(|resource| resource.kind == "CustomResourceDefinition")?;
    server.find(&definitions, "", &name).and_then(|uid| server.tree(uid))
}

/// The targets of a command's arguments.
pub(super) fn targets(server: &Server, arguments: &[String]) -> Result<Vec<Target>, KubectlOutput> {
    if arguments.iter().any(|argument| argument.contains('/')) {
        return arguments.iter().map(|argument| with_slash(server, argument)).collect();
    }
    let Some((types, names)) = arguments.split_first() else { return Ok(Vec::new()) };
    let mut targets = Vec::new();
    let words = types.split(',').filter(|word| !word.is_empty());
    for word in words.flat_map(|word| if word == "all" { ALL.to_vec() } else { vec![word] }) {
        let resource = resource_of(server, word)?;
        if names.is_empty() {
            targets.push(Target { resource, name: None });
        } else {
            let of_name = |name: &String| Target { resource: resource.clone(), name: Some(name.clone()) };
            targets.extend(names.iter().map(of_name));
        }
    }
    Ok(targets)
}

fn with_slash(server: &Server, argument: &str) -> Result<Target, KubectlOutput> {
    let Some((word, name)) = argument.split_once('/') else {
        return Err(failed(
            "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name \
             form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
        ));
    };
    if name.contains('/') {
        return Err(failed("error: arguments in resource/name form may not have more than one slash"));
    }
    if word.is_empty() || name.is_empty() {
        let why = "arguments in resource/name form must have a single resource and name";
        return Err(failed(&format!("error: {why}")));
    }
    Ok(Target { resource: resource_of(server, word)?, name: Some(name.to_owned()) })
}
