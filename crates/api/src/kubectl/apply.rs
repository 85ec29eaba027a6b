//! One object: created when it is missing, merged into what there is otherwise.

use manifest::Tree;

use super::failure::Failure;
use super::merge;
use super::read::Item;
use super::run::Run;
use crate::server::{ApiError, Reason, quote};

/// The annotation that a real kubectl keeps; here the server keeps the tree beside the object.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// `kubectl apply` of one object.
pub(super) fn apply(run: &mut Run<'_>, item: &Item) -> Result<(), Failure> {
    let name = item.name();
    let base = item.tree.str_at(&["metadata", "generateName"]);
    if name.is_empty() && !base.is_empty() {
        return Err(Failure::Plain(format!("from {base}: cannot use generate name with apply")));
    }
    if let Some(why) = bad_request_name(name) {
        return Err(Failure::Plain(format!(
            "error when retrieving current configuration of:\n{}\nfrom server for: {}: {why}",
            item.description(),
            quote(&run.options.file_name),
        )));
    }
    let mut modified = item.tree.clone();
    if let Some(annotations) = modified.at_mut(&["metadata", "annotations"]).and_then(Tree::as_map_mut) {
        annotations.remove(LAST_APPLIED);
    }
    let Some(uid) = run.server.find(&item.resource, item.namespace(), name) else {
        create(run, item, "created")?;
        if let Some(uid) = run.server.find(&item.resource, item.namespace(), name) {
            run.server.set_last_applied(uid, modified);
        }
        return Ok(());
    };
    let original = run.server.last_applied(uid);
    if original.is_none() && !run.is_implied(item) {
        run.applied.stderr.push(format!(
            "Warning: resource {}/{name} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. \
             kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or \
             kubectl apply. The missing annotation will be patched automatically.",
            item.resource.plural
        ));
    }
    let Some(live) = run.server.tree(uid) else {
        // A node of the simulated cluster: the manifest describes it anew.
        run.server.set_last_applied(uid, modified);
        run.done(item, uid, "configured");
        return Ok(());
    };
    let strategic = item.resource.is_built_in();
    let merged = merge::three_way(original.as_deref(), &modified, &live, strategic);
    let is_unchanged = !merged.changed && original.is_some_and(|original| *original == modified);
    if !is_unchanged {
        run.server
            .update(uid, merged.tree)
            .map_err(|error| refused_patch(run, item, error, &merged.patch))?;
        run.server.set_last_applied(uid, modified);
    }
    run.done(item, uid, if is_unchanged { "unchanged" } else { "configured" });
    Ok(())
}

/// `kubectl create` of one object.
pub(super) fn create(run: &mut Run<'_>, item: &Item, outcome: &str) -> Result<(), Failure> {
    let file = &run.options.file_name;
    let failure = |error| Failure::creating(error, file, &item.resource, item.name());
    if item.tree.str_at(&["kind"]) != item.resource.kind {
        return Err(failure(wrong_case(item)));
    }
    if run.is_implied(item)
        && let Some(uid) = run.server.find(&item.resource, "", item.name())
    {
        run.done(item, uid, outcome);
        return Ok(());
    }
    let uid = run.server.create(item.tree.clone()).map_err(failure)?;
    run.done(item, uid, outcome);
    Ok(())
}

/// A kind in lower case reaches the server, which does not know it.
fn wrong_case(item: &Item) -> ApiError {
    let (kind, resource) = (item.tree.str_at(&["kind"]), &item.resource);
    let (version, api_version) = (&resource.version, resource.api_version());
    let why = format!(
        "no kind {} is registered for version {} in scheme \"pkg/api/legacyscheme/scheme.go:30\"",
        quote(kind),
        quote(&api_version)
    );
    let message =
        format!("{kind} in version {} cannot be handled as a {}: {why}", quote(version), resource.kind);
    ApiError::new(Reason::BadRequest, message)
}

/// ERR-FMT-9.
///
/// DIFFERENCE: an unknown field or a wrong type in a patch is refused as the whole object would be (DEC-1); a real server
/// answers `The request is invalid: patch: Invalid value: "map[...]": ...`.
fn refused_patch(run: &Run<'_>, item: &Item, error: ApiError, patch: &Tree) -> Failure {
    let file = quote(&run.options.file_name);
    let context = format!(
        "error when applying patch:\n{}\nto:\n{}\nfor: {file}: error when patching {file}: ",
        patch.to_json(),
        item.description(),
    );
    Failure::api(error, context, &item.resource, item.name())
}

/// Why a name cannot be part of a request's path.
fn bad_request_name(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("resource name may not be empty".to_owned());
    }
    if matches!(name, "." | "..") {
        return Some(format!("invalid resource name {}: [may not be '{name}']", quote(name)));
    }
    let parts = ['/', '%'].into_iter().filter(|&part| name.contains(part));
    let why: Vec<String> = parts.map(|part| format!("may not contain '{part}'")).collect();
    (!why.is_empty()).then(|| format!("invalid resource name {}: [{}]", quote(name), why.join(" ")))
}
