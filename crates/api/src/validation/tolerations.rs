//! Tolerations of pods and taints of nodes (VAL-TOL, VAL-NODE-1).

use super::codes;
use super::errors::Errors;
use super::field::Field;
use super::go_json;
use super::meta;
use manifest::sorted::SortedSet;

const EFFECTS: &[&str] = &["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// A list of tolerations.
pub(crate) fn tolerations(errors: &mut Errors, list: &Field<'_>) {
    for toleration in list.items() {
        let [key, operator, value, effect] =
            ["key", "operator", "value", "effect"].map(|name| toleration.child(name));
        if !key.str().is_empty() {
            meta::label_name(errors, &key);
        } else if operator.str() != "Exists" {
            let detail =
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            errors.invalid(&operator, codes::TOLERATION, &operator.enumerated(), detail);
        }
        if toleration.child("tolerationSeconds").exists() && effect.str() != "NoExecute" {
            let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            errors.invalid(&effect, codes::TOLERATION, &effect.enumerated(), detail);
        }
        let shown = value.with_path(operator.path());
        match operator.str() {
            "Equal" | "" => meta::joined_label_value(errors, &shown, value.str(), codes::LABEL_VALUE),
            "Exists" => {
                if !value.str().is_empty() {
                    let detail = "value must be empty when `operator` is 'Exists'";
                    errors.invalid(&shown, codes::TOLERATION, &value.quoted(), detail);
                }
            }
            // The gate TaintTolerationComparisonOperators is off: known, and refused all the same (VAL-TOL-4).
            "Lt" | "Gt" => errors.unsupported(&operator, &operator.json(), &["Equal", "Exists", "Lt", "Gt"]),
            _ => errors.unsupported(&operator, &operator.json(), &["Equal", "Exists"]),
        }
        if !effect.str().is_empty() {
            errors.one_of(&effect, EFFECTS);
        }
    }
}

/// The taints of a node, reported below `metadata` as Kubernetes does (VAL-NODE-1).
pub(crate) fn taints(errors: &mut Errors, list: &Field<'_>) {
    let mut seen = SortedSet::new();
    for taint in list.items() {
        let (key, value, effect) = (taint.child("key"), taint.child("value"), taint.child("effect"));
        meta::label_name(errors, &key);
        meta::joined_label_value(errors, &value, value.str(), codes::TAINT);
        errors.required_one_of(&effect, EFFECTS);
        if !seen.insert((effect.str(), key.str())) {
            let value = go_json::render(&taint, go_json::TAINT);
            errors.duplicate(&taint, &value, "taints must be unique by key and effect pair");
            errors.coded(codes::TAINT);
        }
    }
}
