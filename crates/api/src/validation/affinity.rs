//! Node and pod affinity (VAL-AFF).

use super::codes;
use super::errors::Errors;
use super::field::{Field, quote};
use super::meta;
use super::names::{self, NameRule};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// `spec.affinity`.
pub(crate) fn affinity(errors: &mut Errors, affinity: &Field<'_>) {
    let node = affinity.child("nodeAffinity");
    let required = node.child(REQUIRED);
    if required.exists() {
        node_selector(errors, &required);
    }
    for term in node.child(PREFERRED).items() {
        weight(errors, &term);
        node_selector_term(errors, &term.child("preference"), Values::Free);
    }
    for kind in ["podAffinity", "podAntiAffinity"] {
        let pod = affinity.child(kind);
        for term in pod.child(REQUIRED).items() {
            pod_affinity_term(errors, &term);
        }
        for term in pod.child(PREFERRED).items() {
            weight(errors, &term);
            pod_affinity_term(errors, &term.child("podAffinityTerm"));
        }
    }
}

fn weight(errors: &mut Errors, term: &Field<'_>) {
    let weight = term.child("weight");
    if !(1..=100).contains(&weight.number()) {
        let value = weight.number().to_string();
        errors.invalid(&weight, codes::NUMBER_RANGE, &value, "must be in the range 1-100");
    }
}

/// A required node selector (VAL-AFF-1).
pub(crate) fn node_selector(errors: &mut Errors, selector: &Field<'_>) {
    let terms = selector.child("nodeSelectorTerms");
    if terms.is_empty() {
        errors.required(&terms, "must have at least one node selector term");
    }
    for term in terms.items() {
        node_selector_term(errors, &term, Values::Labels);
    }
}

/// What the values of a requirement must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Values {
    /// Label values.
    Labels,
    /// Anything: preferred terms have always accepted it.
    Free,
}

fn node_selector_term(errors: &mut Errors, term: &Field<'_>, values: Values) {
    for requirement in term.child("matchExpressions").items() {
        meta::selector_operator(errors, &requirement, true);
        meta::label_name(errors, &requirement.child("key"));
        if values == Values::Labels {
            meta::label_values(errors, &requirement.child("values"));
        }
    }
    for requirement in term.child("matchFields").items() {
        field_requirement(errors, &requirement);
    }
}

/// VAL-AFF-3.
fn field_requirement(errors: &mut Errors, requirement: &Field<'_>) {
    let [key, operator, values] = ["key", "operator", "values"].map(|name| requirement.child(name));
    if !matches!(operator.str(), "In" | "NotIn") {
        errors.unknown_operator(&operator);
    } else if values.len() != 1 {
        let detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
        errors.required(&values, detail);
    }
    if key.str() != "metadata.name" {
        errors.invalid(&key, codes::SELECTOR_OPERATOR, &key.quoted(), "not a valid field selector key");
        return;
    }
    for value in values.items() {
        meta::name(errors, &value, NameRule::Subdomain);
    }
}

fn pod_affinity_term(errors: &mut Errors, term: &Field<'_>) {
    let selector = term.child("labelSelector");
    meta::label_selector(errors, &selector);
    meta::label_selector(errors, &term.child("namespaceSelector"));
    for namespace in term.child("namespaces").items() {
        let shown = namespace.shown_as(term, "namespace");
        meta::name(errors, &shown, NameRule::Label);
    }
    match_label_keys(errors, term, &selector);
    let topology_key = term.child("topologyKey");
    if topology_key.str().is_empty() {
        errors.required(&topology_key, "can not be empty");
    }
    meta::label_name(errors, &topology_key);
}

/// VAL-AFF-6; the constraints of a topology spread are checked alike.
pub(crate) fn match_label_keys(errors: &mut Errors, term: &Field<'_>, selector: &Field<'_>) {
    let (matching, mismatching) = (term.child("matchLabelKeys"), term.child("mismatchLabelKeys"));
    for keys in [&matching, &mismatching] {
        if !keys.is_empty() && !selector.exists() {
            errors.forbidden(keys, "must not be specified when labelSelector is not set");
        } else {
            for key in keys.items() {
                meta::label_name(errors, &key);
            }
        }
    }
    // The strategy has already added the keys to the selector, so a key of the user's own comes before that one.
    let mut used: Vec<&str> =
        selector.child("matchLabels").entries().into_iter().map(|(key, _)| key).collect();
    for expression in selector.child("matchExpressions").items() {
        let key = expression.child("key");
        if let Some(index) = matching.strings().iter().rposition(|&name| name == key.str())
            && used.contains(&key.str())
        {
            let shown = key.with_path(term.index(index).path());
            errors.invalid(
                &shown,
                codes::CONFLICT,
                &key.quoted(),
                "exists in both matchLabelKeys and labelSelector",
            );
        }
        used.push(key.str());
    }
    let mismatch = mismatching.strings();
    for key in matching.items().iter().filter(|key| mismatch.contains(&key.str())) {
        let detail = "exists in both matchLabelKeys and mismatchLabelKeys";
        errors.invalid(key, codes::CONFLICT, &quote(key.str()), detail);
    }
}

/// The topology selector terms of a StorageClass.
pub(crate) fn topology_selector_terms(errors: &mut Errors, terms: &Field<'_>) {
    for term in terms.items() {
        let mut keys: Vec<&str> = Vec::new();
        for expression in term.child("matchLabelExpressions").items() {
            let (key, values) = (expression.child("key"), expression.child("values"));
            errors.require(&values);
            let strings = values.strings();
            for (index, value) in values.items().iter().enumerate() {
                if strings[..index.min(strings.len())].contains(&value.str()) {
                    errors.duplicate(value, &value.quoted(), "");
                }
            }
            errors.invalid_text(&key, codes::LABEL_KEY, names::qualified_name(key.str()));
            if keys.contains(&key.str()) {
                errors.duplicate(&key, &key.quoted(), "");
            }
            keys.push(key.str());
        }
    }
}
