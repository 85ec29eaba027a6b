//! Topology spread constraints (VAL-TSC).

use super::affinity;
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
        let selector = constraint.child("labelSelector");
        affinity::match_label_keys(errors, constraint, &selector);
        meta::label_selector(errors, &selector);
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

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn label_keys() {
        check(
            "{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {containers: [{name: app, image: x}], topologySpreadConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}, matchLabelKeys: [app]}, {maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [' ']}]}}",
            &[
                "spec.topologySpreadConstraints[0][0]: Invalid value: \"app\": exists in both matchLabelKeys and labelSelector",
                "spec.topologySpreadConstraints[1].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
            ],
        );
    }
}
