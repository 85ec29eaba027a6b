//! Topology spread constraints (VAL-TSC).

use super::codes;
use super::errors::Errors;
use super::field::{Field, quote};
use super::meta;

/// A list of constraints.
pub(crate) fn constraints(errors: &mut Errors, list: &Field<'_>) {
    let items = list.items();
    for (index, constraint) in items.iter().enumerate() {
        let [key, action] = ["topologyKey", "whenUnsatisfiable"].map(|name| constraint.child(name));
        errors.positive(&constraint.child("maxSkew"));
        if key.str().is_empty() {
            errors.required(&key, "can not be empty");
        }
        errors.one_of(&action, &["DoNotSchedule", "ScheduleAnyway"]);
        let repeated = items[index + 1..].iter().any(|other| {
            other.child("topologyKey").str() == key.str()
                && other.child("whenUnsatisfiable").str() == action.str()
        });
        if repeated {
            let shown = key.shown_as(constraint, "{topologyKey, whenUnsatisfiable}");
            errors.duplicate(&shown, &quote(&format!("{{{}, {}}}", key.str(), action.str())), "");
            errors.coded(codes::SPREAD);
        }
        min_domains(errors, &constraint.child("minDomains"), action.str());
        for policy in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            errors.one_of_if_set(&constraint.child(policy), &["Honor", "Ignore"]);
        }
        match_label_keys(errors, constraint);
        meta::label_selector(errors, &constraint.child("labelSelector"));
    }
}

/// VAL-TSC-3.
fn min_domains(errors: &mut Errors, field: &Field<'_>, action: &str) {
    let Some(value) = field.int() else { return };
    errors.positive(field);
    if action != "DoNotSchedule" {
        let detail = format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
        errors.invalid(field, codes::SPREAD, &value.to_string(), &detail);
    }
}

fn match_label_keys(errors: &mut Errors, constraint: &Field<'_>) {
    let (keys, selector) = (constraint.child("matchLabelKeys"), constraint.child("labelSelector"));
    if keys.is_empty() {
        return;
    }
    if !selector.exists() {
        errors.forbidden(&keys, "must not be specified when labelSelector is not set");
    }
    let labels = selector.child("matchLabels");
    // At pod creation the strategy adds the keys to the selector as expressions of its own, which stand nowhere in the text.
    let mut expressions = selector.child("matchExpressions").items();
    expressions.retain(|expression| expression.tree().is_some_and(|tree| tree.span.is_some()));
    for key in keys.items() {
        meta::label_name(errors, &key);
        let in_selector = labels.key(key.str()).exists()
            || expressions.iter().any(|expression| expression.child("key").str() == key.str());
        if in_selector {
            let detail = "exists in both matchLabelKeys and labelSelector";
            errors.invalid(&key, codes::SPREAD, &key.quoted(), detail);
        }
    }
}
