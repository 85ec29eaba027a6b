//! What the registry of each kind does to an object besides admission: generated selectors, labels that the server sets, what
//! an update may leave out.

use manifest::{Map, Tree};

use super::naming::uid_text;
use super::request::{Request, as_map, map_mut, metadata_mut};
use super::resources::Resource;
use crate::defaults::merge_label_keys;
use crate::types::Uid;

/// Changes a new object before it is validated.
pub(super) fn prepare_for_create(request: &Request, tree: &mut Tree, uid: Uid) {
    match (&*request.resource.group, &*request.resource.kind) {
        ("", "Namespace") => prepare_namespace(tree),
        ("", "Pod") => merge_label_keys(tree),
        ("batch", "Job") => generate_job_selector(tree, uid),
        ("", "PersistentVolumeClaim") => normalize_data_sources(map_mut(tree, "spec")),
        ("apps", "DaemonSet") => set_template_generation(tree, 1),
        _ => {}
    }
    match &*request.resource.kind {
        "Node" => {}
        "PersistentVolumeClaim" | "PersistentVolume" => {
            map_mut(tree, "status").insert("phase", Tree::added("Pending"));
        }
        _ => drop(as_map(tree).remove("status")),
    }
}

/// Changes a new version of an object before it is validated.
pub(super) fn prepare_for_update(request: &Request, tree: &mut Tree, old: &Tree, uid: Uid) {
    match (&*request.resource.group, &*request.resource.kind) {
        ("", "Namespace") => prepare_namespace(tree),
        ("batch", "Job") => identify(tree, uid),
        ("apps", "DaemonSet") => {
            let is_new = tree.at(&["spec", "template"]) != old.at(&["spec", "template"]);
            set_template_generation(tree, template_generation(old) + i64::from(is_new));
        }
        _ => {}
    }
    if let (Some(status), true) = (old.get("status"), &*request.resource.kind != "Node") {
        as_map(tree).insert("status", status.clone());
    }
}

/// A stored object is completed again when it is read.
pub(super) fn after_read(request: &Request, tree: &mut Tree) {
    match (&*request.resource.group, &*request.resource.kind) {
        ("batch", "Job") => read_job(tree),
        ("", "Service") if tree.str_at(&["spec", "type"]) == "ExternalName" => {
            map_mut(tree, "spec").remove("internalTrafficPolicy");
        }
        _ => {}
    }
}

/// A Job without labels gets those of its template, the generated ones included (DEF-WL-5).
fn read_job(tree: &mut Tree) {
    metadata_mut(tree).remove("uid");
    let has_labels =
        tree.at(&["metadata", "labels"]).and_then(Tree::as_map).is_some_and(|labels| !labels.is_empty());
    if let (false, Some(labels)) = (has_labels, tree.at(&["spec", "template", "metadata", "labels"]).cloned())
    {
        metadata_mut(tree).insert("labels", labels);
    }
}

/// The identity that the validation of a generated selector compares with. Stored objects do not carry it in their tree.
fn identify(tree: &mut Tree, uid: Uid) {
    metadata_mut(tree).insert("uid", Tree::added(uid_text(uid)));
}

/// Counts the changes of a DaemonSet's template (WL-DS-7).
const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";

fn template_generation(daemon_set: &Tree) -> i64 {
    let annotations = daemon_set.at(&["metadata", "annotations"]);
    annotations.map_or("", |annotations| annotations.str_at(&[TEMPLATE_GENERATION])).parse().unwrap_or(0)
}

fn set_template_generation(daemon_set: &mut Tree, generation: i64) {
    let annotations = as_map(metadata_mut(daemon_set).or_insert_with("annotations", Tree::map));
    annotations.insert(TEMPLATE_GENERATION, Tree::added(generation.to_string()));
}

/// DEF-OTH-1.
fn prepare_namespace(tree: &mut Tree) {
    let name = tree.str_at(&["metadata", "name"]).to_owned();
    let labels = as_map(metadata_mut(tree).or_insert_with("labels", Tree::map));
    labels.insert("kubernetes.io/metadata.name", Tree::added(name));
    map_mut(tree, "spec").or_insert_with("finalizers", || Tree::added(vec![Tree::added("kubernetes")]));
}

/// `dataSource` and `dataSourceRef` of a claim are filled in from one another; alone the first takes claims and snapshots only, and
/// drops anything else. Sources in other namespaces are an alpha feature, and dropped, too.
fn normalize_data_sources(spec: &mut Map) {
    let elsewhere = |source: &Tree| !source.str_at(&["namespace"]).is_empty();
    if spec.get("dataSourceRef").is_some_and(elsewhere) {
        spec.remove("dataSourceRef");
    }
    let has_reference = spec.get("dataSourceRef").is_some_and(|source| !source.is_null());
    let is_known = |source: &Tree| {
        let kind = (source.str_at(&["apiGroup"]), source.str_at(&["kind"]));
        matches!(kind, ("", "PersistentVolumeClaim") | ("snapshot.storage.k8s.io", "VolumeSnapshot"))
    };
    if !has_reference && !spec.get("dataSource").is_some_and(is_known) {
        spec.remove("dataSource");
    }
    let copy = |source: &Tree| {
        let text = |name: &&str| Some(((*name).to_owned(), Tree::added(source.get(name)?.as_str()?)));
        Tree::added(["apiGroup", "kind", "name"].iter().filter_map(text).collect::<Map>())
    };
    let set = |name: &str| spec.get(name).filter(|source| !source.is_null());
    let (name, value) = match (set("dataSource"), set("dataSourceRef")) {
        (Some(source), None) => ("dataSourceRef", copy(source)),
        (None, Some(reference)) if reference.str_at(&["namespace"]).is_empty() => {
            ("dataSource", copy(reference))
        }
        _ => return,
    };
    spec.insert(name, value);
}

/// WL-JOB-1, DEF-WL-5.
fn generate_job_selector(tree: &mut Tree, uid: Uid) {
    if tree.at(&["spec", "manualSelector"]).and_then(Tree::as_bool) == Some(true) {
        return;
    }
    identify(tree, uid);
    let (name, uid) = (tree.str_at(&["metadata", "name"]).to_owned(), uid_text(uid));
    let spec = map_mut(tree, "spec");
    let selector = as_map(spec.or_insert_with("selector", Tree::map));
    let match_labels = as_map(selector.or_insert_with("matchLabels", Tree::map));
    match_labels.or_insert_with("batch.kubernetes.io/controller-uid", || Tree::added(&*uid));
    let template = as_map(spec.or_insert_with("template", Tree::map));
    let metadata = as_map(template.or_insert_with("metadata", Tree::map));
    let labels = as_map(metadata.or_insert_with("labels", Tree::map));
    for (key, value) in [
        ("batch.kubernetes.io/controller-uid", &uid),
        ("batch.kubernetes.io/job-name", &name),
        ("controller-uid", &uid),
        ("job-name", &name),
    ] {
        // What the user wrote stays, and is refused by validation where it differs.
        labels.or_insert_with(key, || Tree::added(value.as_str()));
    }
}

/// The resources that a CustomResourceDefinition makes known: one for each version that is served.
pub(crate) fn served_by(tree: &Tree) -> Vec<Resource> {
    if tree.str_at(&["kind"]) != "CustomResourceDefinition" {
        return Vec::new();
    }
    let served = |version: &&Tree| version.get("served").and_then(Tree::as_bool) == Some(true);
    let versions = tree.list_at(&["spec", "versions"]).iter().filter(served);
    let resource = |version: &Tree| Resource {
        group: tree.str_at(&["spec", "group"]).to_owned().into(),
        version: version.str_at(&["name"]).to_owned().into(),
        kind: tree.str_at(&["spec", "names", "kind"]).to_owned().into(),
        plural: tree.str_at(&["spec", "names", "plural"]).to_owned().into(),
        namespaced: tree.str_at(&["spec", "scope"]) == "Namespaced",
    };
    versions.map(resource).collect()
}
