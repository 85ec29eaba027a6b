//! One object: created when it is missing, merged into what there is otherwise.

use manifest::{Tree, Value};

use super::failure::Failure;
use super::merge;
use super::read::Item;
use super::run::Run;
use crate::server::{ApiError, Reason, quote};

/// The annotation in which kubectl remembers what it applied. For the next merge the server keeps it as a tree, too.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// `kubectl apply` of one object.
pub(super) fn apply(run: &mut Run<'_>, item: &Item) -> Result<(), Failure> {
    let name = item.name();
    let base = item.tree.str_at(&["metadata", "generateName"]);
    if name.is_empty() && !base.is_empty() {
        return Err(Failure::Plain(format!("from {base}: cannot use generate name with apply")));
    }
    if let Some(why) = bad_path(item.namespace(), name) {
        return Err(Failure::Plain(format!(
            "error when retrieving current configuration of:\n{}\nfrom server for: {}: {why}",
            item.description(),
            quote(&item.file),
        )));
    }
    let configuration = configuration(item);
    let modified = annotated(&configuration);
    let Some(uid) = run.server.find(&item.resource, item.namespace(), name) else {
        send(run, item, modified)?;
        if let Some(uid) = run.server.find(&item.resource, item.namespace(), name) {
            run.server.set_last_applied(uid, configuration);
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
        run.server.set_last_applied(uid, configuration);
        run.done(item, uid, "configured");
        return Ok(());
    };
    let strategic = item.resource.is_built_in();
    let merged = merge::three_way(original.as_deref(), &modified, &live, strategic);
    if merged.changed {
        run.server.update(uid, merged.tree).map_err(|error| refused_patch(item, error, &merged.patch))?;
        run.server.set_last_applied(uid, configuration);
    }
    run.done(item, uid, if merged.changed { "configured" } else { "unchanged" });
    Ok(())
}

/// What kubectl remembers of a manifest: all of it but an older such annotation, with the namespace that it goes to and
/// annotations, were they empty.
fn configuration(item: &Item) -> Tree {
    let mut tree = item.tree.clone();
    let Some(metadata) = tree.get_mut("metadata").and_then(Tree::as_map_mut) else { return tree };
    let is_empty = |given: &Tree| given.is_null() || given.as_str() == Some("");
    if item.resource.namespaced && metadata.get("namespace").is_none_or(is_empty) {
        metadata.insert("namespace", Tree::added(item.namespace()));
    }
    if metadata.get("annotations").is_none_or(Tree::is_null) {
        metadata.insert("annotations", Tree::map());
    }
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Tree::as_map_mut) {
        annotations.remove(LAST_APPLIED);
    }
    tree
}

/// The object that kubectl sends: it carries its own manifest as JSON, which counts towards the size of the annotations
/// (VAL-LBL-5).
fn annotated(configuration: &Tree) -> Tree {
    let mut tree = configuration.clone();
    if let Some(annotations) = tree.at_mut(&["metadata", "annotations"]).and_then(Tree::as_map_mut) {
        annotations.insert(LAST_APPLIED, Tree::added(configuration.to_json() + "\n"));
    }
    tree
}

/// `kubectl create` of one object.
pub(super) fn create(run: &mut Run<'_>, item: &Item) -> Result<(), Failure> {
    send(run, item, item.tree.clone())
}

/// Creates an object.
fn send(run: &mut Run<'_>, item: &Item, tree: Tree) -> Result<(), Failure> {
    let failure = |error| Failure::creating(error, &item.file, &item.resource, item.name());
    if item.tree.str_at(&["kind"]) != item.resource.kind {
        return Err(failure(wrong_case(item)));
    }
    if run.is_implied(item)
        && let Some(uid) = run.server.find(&item.resource, "", item.name())
    {
        run.done(item, uid, "created");
        return Ok(());
    }
    let uid = run.server.create(tree).map_err(failure)?;
    run.done(item, uid, "created");
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

/// ERR-FMT-9. What cannot be decoded is refused as a patch, without a word about the object.
///
/// DIFFERENCE: of custom resources it is refused as a new object would be (DEC-1).
fn refused_patch(item: &Item, mut error: ApiError, patch: &Tree) -> Failure {
    let file = quote(&item.file);
    let context = format!(
        "error when applying patch:\n{}\nto:\n{}\nfor: {file}: error when patching {file}: ",
        patch.to_json(),
        item.description(),
    );
    let frame = format!(" cannot be handled as a {}: ", item.resource.kind);
    if let (Reason::BadRequest, true, Some((_, why))) =
        (error.reason, item.resource.is_built_in(), error.message.split_once(&frame))
    {
        let value = quote(&go_value(patch));
        error.message = format!("patch: Invalid value: {value}: {}", unstructured(why));
        return Failure::patch(error, context);
    }
    Failure::api(error, context, &item.resource, item.name())
}

/// A value as Go's `%+v` prints it.
fn go_value(tree: &Tree) -> String {
    match &tree.value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::List(items) => {
            format!("[{}]", items.iter().map(go_value).collect::<Vec<_>>().join(" "))
        }
        Value::Map(map) => {
            let entries =
                map.sorted().into_iter().map(|entry| format!("{}:{}", entry.key, go_value(&entry.value)));
            format!("map[{}]", entries.collect::<Vec<_>>().join(" "))
        }
        _ => tree.to_json(),
    }
}

/// A patched object is not read from JSON but from Go's maps, which complain about types in other words.
fn unstructured(why: &str) -> String {
    let parts = why
        .strip_prefix("json: cannot unmarshal ")
        .and_then(|rest| rest.split_once(" into Go struct field "))
        .and_then(|(what, rest)| Some((what, rest.rsplit_once(" of type ")?.1)));
    let Some((what, wanted)) = parts else { return why.to_owned() };
    let given = match what {
        "number" => "int64",
        "object" => "map",
        "array" => "slice",
        "string" | "bool" => what,
        _ => "float64",
    };
    let numeric = matches!(given, "int64" | "float64");
    match wanted {
        "string" if given == "int64" => "cannot convert int64 to string".to_owned(),
        "int32" | "int64" if numeric => format!("cannot convert {given} to {wanted}"),
        "string" | "bool" | "int32" | "int64" => format!("unrecognized type: {wanted}"),
        _ if wanted.starts_with("[]") => format!("cannot restore slice from {given}"),
        _ if wanted.starts_with("map[") => format!("cannot restore map from {given}"),
        _ => format!("cannot restore struct from: {given}"),
    }
}

/// Why a namespace or a name cannot be part of a request's path.
fn bad_path(namespace: &str, name: &str) -> Option<String> {
    if let Some(why) = bad_segment(namespace) {
        return Some(format!("invalid namespace {}: [{why}]", quote(namespace)));
    }
    if name.is_empty() {
        return Some("resource name may not be empty".to_owned());
    }
    bad_segment(name).map(|why| format!("invalid resource name {}: [{why}]", quote(name)))
}

fn bad_segment(name: &str) -> Option<String> {
    if matches!(name, "." | "..") {
        return Some(format!("may not be '{name}'"));
    }
    let parts = ['/', '%'].into_iter().filter(|&part| name.contains(part));
    let why: Vec<String> = parts.map(|part| format!("may not contain '{part}'")).collect();
    (!why.is_empty()).then(|| why.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_print_as_go_prints_maps() {
        let tree = manifest::parse("{b: [1, x, null], a: {c: true, d: 1.5}}").documents.remove(0);
        assert_eq!(
            go_value(&tree.content.expect("the text is YAML")),
            "map[a:map[c:true d:1.5] b:[1 x <nil>]]"
        );
    }

    #[test]
    fn names_are_segments_of_a_path() {
        for (namespace, name, expected) in [
            ("", "a.b", None),
            ("a", "", Some("resource name may not be empty")),
            ("a", "..", Some("invalid resource name \"..\": [may not be '..']")),
            ("a", "b/c%", Some("invalid resource name \"b/c%\": [may not contain '/' may not contain '%']")),
            ("a/b", "", Some("invalid namespace \"a/b\": [may not contain '/']")),
        ] {
            assert_eq!(bad_path(namespace, name).as_deref(), expected);
        }
    }

    #[test]
    fn types_are_refused_in_the_words_of_the_converter() {
        let table = [
            ("string", "int32", "unrecognized type: int32"),
            ("number", "string", "cannot convert int64 to string"),
            ("number 1.5", "int32", "cannot convert float64 to int32"),
            ("bool", "string", "unrecognized type: string"),
            ("object", "[]v1.EnvVar", "cannot restore slice from map"),
            ("string", "map[string]string", "cannot restore map from string"),
            ("array", "v1.PodSpec", "cannot restore struct from: slice"),
        ];
        for (given, wanted, expected) in table {
            let why =
                format!("json: cannot unmarshal {given} into Go struct field A.spec.b of type {wanted}");
            assert_eq!(unstructured(&why), expected);
        }
        assert_eq!(unstructured("strict decoding error: x"), "strict decoding error: x");
    }
}
