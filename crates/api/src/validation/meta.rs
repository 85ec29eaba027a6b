//! Object metadata, labels and label selectors (VAL-NAME, VAL-LBL, VAL-SEL).

use manifest::Tree;

use super::codes;
use super::errors::Errors;
use super::field::{Field, equal, quote};
use super::go_json;
use super::names::{self, NameRule};

/// Most bytes of all annotations together (VAL-LBL-5).
const ANNOTATIONS_LIMIT: usize = 256 * 1024;

/// `metadata` on creation. The namespace is not checked: it was filled in or cleared before.
pub(crate) fn object_meta(errors: &mut Errors, meta: &Field<'_>, rule: NameRule) {
    let generate = meta.child("generateName");
    if !generate.str().is_empty() {
        errors.invalid_text(&generate, codes::NAME_FORMAT, rule.check_prefix(generate.str()));
    }
    let name = meta.child("name");
    if !name.str().is_empty() {
        errors.invalid_text(&name, codes::NAME_FORMAT, rule.check(name.str()));
    } else if generate.str().is_empty() {
        errors.required(&name, "name or generateName is required");
        errors.coded(codes::NAME_MISSING);
    }
    let namespace = meta.child("namespace");
    if !namespace.str().is_empty() {
        errors.invalid_text(&namespace, codes::NAME_FORMAT, names::dns_label(namespace.str()));
    }
    common(errors, meta);
}

/// What creation and update have in common.
fn common(errors: &mut Errors, meta: &Field<'_>) {
    errors.nonnegative(&meta.child("generation"));
    labels(errors, &meta.child("labels"));
    annotations(errors, &meta.child("annotations"));
    owner_references(errors, &meta.child("ownerReferences"));
    let finalizers = meta.child("finalizers");
    for finalizer in finalizers.items() {
        let shown = finalizer.with_path(finalizers.path());
        errors.invalid_text(&shown, codes::FORMAT, names::qualified_name(finalizer.str()));
    }
    let names = finalizers.strings();
    if names.contains(&"orphan") && names.contains(&"foregroundDeletion") {
        let detail = "finalizer orphan and foregroundDeletion cannot be both set";
        errors.invalid(&finalizers, codes::CONFLICT, &finalizers.json(), detail);
    }
    for finalizer in finalizers.items() {
        kubernetes_finalizer(errors, &finalizer);
    }
}

/// `metadata` of an object that exists: its identity does not change.
pub(crate) fn object_meta_update(errors: &mut Errors, new: &Field<'_>, old: &Field<'_>) {
    for name in ["name", "namespace"] {
        let field = new.child(name);
        if field.exists() {
            immutable(errors, &field, &old.child(name), &field.quoted());
        }
    }
    common(errors, new);
}

/// `field is immutable` when the two differ; `value` is the new one, rendered (UPD-2).
pub(crate) fn immutable(errors: &mut Errors, new: &Field<'_>, old: &Field<'_>, value: &str) {
    if !equal(new.tree(), old.tree()) {
        errors.invalid(new, codes::IMMUTABLE, value, "field is immutable");
    }
}

/// A finalizer without a prefix must be one of Kubernetes' own.
pub(crate) fn kubernetes_finalizer(errors: &mut Errors, finalizer: &Field<'_>) {
    let name = finalizer.str();
    if !name.contains('/') && !matches!(name, "kubernetes" | "orphan" | "foregroundDeletion") {
        let detail = "name is neither a standard finalizer name nor is it fully qualified";
        errors.invalid(finalizer, codes::FORMAT, &finalizer.quoted(), detail);
    }
}

/// Kubernetes leaves the index out of the paths.
fn owner_references(errors: &mut Errors, owners: &Field<'_>) {
    let mut controller: Option<String> = None;
    for owner in owners.items() {
        let [version, kind, name, uid] =
            ["apiVersion", "kind", "name", "uid"].map(|name| owner.child(name).shown_as(owners, name));
        let parts: Vec<&str> = version.str().split('/').collect();
        if parts.len() > 2 || parts.last().is_none_or(|part| part.is_empty()) {
            errors.invalid(&version, codes::REQUIRED, &version.quoted(), "version must not be empty");
        }
        for field in [&kind, &name, &uid].into_iter().filter(|field| field.str().is_empty()) {
            errors.invalid(field, codes::REQUIRED, "\"\"", "must not be empty");
        }
        if (version.str(), kind.str()) == ("v1", "Event") {
            let shown = owner.with_path(owners.path());
            let detail = "/v1, Kind=Event is disallowed from being an owner";
            errors.invalid(
                &shown,
                codes::CONFLICT,
                &owner.tree().map_or_else(String::new, |tree| go_json::tagged(tree, OWNER_REFERENCE)),
                detail,
            );
        }
        if owner.child("controller").is_true() {
            let current = format!("{}/{}", kind.str(), name.str());
            let Some(first) = &controller else {
                controller = Some(current);
                continue;
            };
            let detail = format!(
                "Only one reference can have Controller set to true. Found \"true\" in references for {first} and {current}"
            );
            errors.invalid(owners, codes::CONFLICT, &go_json::tagged_list(owners, OWNER_REFERENCE), &detail);
        }
    }
}

const OWNER_REFERENCE: &[&str] = &["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];

/// A map of labels: errors are reported at the map, with the offending key or value (VAL-LBL-1).
pub(crate) fn labels(errors: &mut Errors, labels: &Field<'_>) {
    for (key, entry) in labels.entries() {
        let shown = entry.with_path(labels.path());
        errors.invalid_each(&shown, codes::LABEL_KEY, key, names::qualified_name(key));
        errors.invalid_each(&shown, codes::LABEL_VALUE, entry.str(), names::label_value(entry.str()));
    }
}

/// A map of annotations (VAL-LBL-5).
pub(crate) fn annotations(errors: &mut Errors, annotations: &Field<'_>) {
    let mut size = 0;
    for (key, entry) in annotations.entries() {
        let shown = entry.with_path(annotations.path());
        errors.invalid_each(&shown, codes::LABEL_KEY, key, names::qualified_name(&key.to_lowercase()));
        size += key.len() + entry.str().len();
    }
    if size > ANNOTATIONS_LIMIT {
        errors.too_long(annotations, ANNOTATIONS_LIMIT);
    }
}

/// A label key at its own path.
pub(crate) fn label_name(errors: &mut Errors, field: &Field<'_>) {
    errors.invalid_text(field, codes::LABEL_KEY, names::qualified_name(field.str()));
}

/// A list of label values, each at its own path.
pub(crate) fn label_values(errors: &mut Errors, values: &Field<'_>) {
    for value in values.items() {
        errors.invalid_text(&value, codes::LABEL_VALUE, names::label_value(value.str()));
    }
}

/// The operator of a selector against its values (VAL-SEL-1); `ordered` adds `Gt` and `Lt` (VAL-AFF-2).
pub(crate) fn selector_operator(errors: &mut Errors, requirement: &Field<'_>, ordered: bool) {
    let (operator, values) = (requirement.child("operator"), requirement.child("values"));
    match operator.str() {
        "In" | "NotIn" if values.is_empty() => {
            errors.required(&values, "must be specified when `operator` is 'In' or 'NotIn'");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            errors.forbidden(&values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
        "Gt" | "Lt" if ordered && values.len() != 1 => {
            errors.required(&values, "must be specified single value when `operator` is 'Lt' or 'Gt'");
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" => return,
        "Gt" | "Lt" if ordered => return,
        _ => errors.unknown_operator(&operator),
    }
    errors.coded(codes::SELECTOR_OPERATOR);
}

/// A `metav1.LabelSelector` (VAL-SEL-1); nothing when it is not set.
pub(crate) fn label_selector(errors: &mut Errors, selector: &Field<'_>) {
    labels(errors, &selector.child("matchLabels"));
    for requirement in selector.child("matchExpressions").items() {
        selector_operator(errors, &requirement, false);
        label_name(errors, &requirement.child("key"));
        label_values(errors, &requirement.child("values"));
    }
}

/// Whether a selector can be used at all: what `LabelSelectorAsSelector` accepts.
pub(crate) fn is_usable(selector: &Field<'_>) -> bool {
    let mut errors = Errors::default();
    label_selector(&mut errors, selector);
    errors.len() == 0
}

/// Whether a usable selector matches the labels; one that is not set matches nothing.
pub(crate) fn selects(selector: &Field<'_>, labels: &Field<'_>) -> bool {
    let label = |key: &str| labels.tree().and_then(|tree| tree.get(key)).and_then(Tree::as_str);
    selector.exists()
        && selector.child("matchLabels").entries().iter().all(|(key, value)| label(key) == Some(value.str()))
        && selector.child("matchExpressions").items().iter().all(|requirement| {
            let (value, values) =
                (label(requirement.child("key").str()), requirement.child("values").strings());
            match requirement.child("operator").str() {
                "In" => value.is_some_and(|value| values.contains(&value)),
                "NotIn" => value.is_none_or(|value| !values.contains(&value)),
                "Exists" => value.is_some(),
                _ => value.is_none(),
            }
        })
}

/// Whether a selector that is set has no requirement.
pub(crate) fn is_empty_selector(selector: &Field<'_>) -> bool {
    selector.exists()
        && selector.child("matchLabels").is_empty()
        && selector.child("matchExpressions").is_empty()
}

/// A string with the given name rule.
pub(crate) fn name(errors: &mut Errors, field: &Field<'_>, rule: NameRule) {
    errors.invalid_text(field, codes::NAME_FORMAT, rule.check(field.str()));
}

/// The same, but nothing when the string is empty or not set.
pub(crate) fn name_if_set(errors: &mut Errors, field: &Field<'_>, rule: NameRule) {
    if !field.str().is_empty() {
        name(errors, field, rule);
    }
}

/// A name that is required.
pub(crate) fn required_name(errors: &mut Errors, field: &Field<'_>, rule: NameRule) {
    if !errors.require(field) {
        name(errors, field, rule);
    }
}

/// The joined texts about a label value, where Kubernetes makes one error of them.
pub(crate) fn joined_label_value(errors: &mut Errors, shown: &Field<'_>, value: &str, code: &'static str) {
    let texts = names::label_value(value);
    if !texts.is_empty() {
        errors.invalid(shown, code, &quote(value), &texts.join(";"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check as validate;

    #[test]
    fn operators_print_as_json() {
        validate(
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {accessModes: [ReadWriteOnce], resources: \
             {requests: {storage: 1}}, selector: {matchExpressions: [{key: a, operator: '>', values: ['1']}]}}}",
            &[
                "spec.selector.matchExpressions[0].operator: Invalid value: \"\\u003e\": not a valid selector operator",
            ],
        );
    }

    #[test]
    fn owners_and_finalizers() {
        let check = |metadata: &str, expected: &[&str]| {
            validate(
                &format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: c, {metadata}}}}}"),
                expected,
            );
        };
        check(
            "ownerReferences: [{kind: Pod}]",
            &[
                "metadata.ownerReferences.apiVersion: Invalid value: \"\": version must not be empty",
                "metadata.ownerReferences.name: Invalid value: \"\": must not be empty",
                "metadata.ownerReferences.uid: Invalid value: \"\": must not be empty",
            ],
        );
        let ban = "metadata.ownerReferences: Invalid value: {\"apiVersion\":\"v1\",\"kind\":\"Event\",\"name\":\"e\",\"uid\":\"u\"}: /v1, Kind=Event is disallowed from being an owner";
        check("ownerReferences: [{apiVersion: v1, kind: Event, name: e, uid: u}]", &[ban]);
        check(
            "ownerReferences: [{apiVersion: a/b/v1, kind: K, name: e, uid: u}]",
            &["metadata.ownerReferences.apiVersion: Invalid value: \"a/b/v1\": version must not be empty"],
        );
        let owner =
            |name: &str| format!("{{controller: true, uid: u, name: {name}, kind: Pod, apiVersion: v1}}");
        check(
            &format!("ownerReferences: [{}, {}]", owner("a"), owner("b")),
            &[
                "metadata.ownerReferences: Invalid value: [{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"a\",\"uid\":\"u\",\"controller\":true},{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"b\",\"uid\":\"u\",\"controller\":true}]: Only one reference can have Controller set to true. Found \"true\" in references for Pod/a and Pod/b",
            ],
        );
        check(
            "finalizers: [orphan, foregroundDeletion, other]",
            &[
                "metadata.finalizers: Invalid value: [\"orphan\",\"foregroundDeletion\",\"other\"]: finalizer orphan and foregroundDeletion cannot be both set",
                "metadata.finalizers[2]: Invalid value: \"other\": name is neither…",
            ],
        );
    }
}
