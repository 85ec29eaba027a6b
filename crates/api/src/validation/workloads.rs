//! Deployment, ReplicaSet, ReplicationController, StatefulSet and DaemonSet (VAL-DEP, VAL-RC, VAL-SS, VAL-DS, VAL-TMPL).

use super::codes;
use super::errors::{Errors, NONNEGATIVE};
use super::field::{Field, quote};
use super::go_json;
use super::meta;
use super::names::{self, NameRule};
use super::pod;
use super::storage;

/// The order is that of VAL-DEP-7.
pub(crate) fn deployment(errors: &mut Errors, spec: &Field<'_>) {
    errors.nonnegative(&spec.child("replicas"));
    selected_template(errors, spec, "deployment", "invalid label selector", "ReplicaSet");
    deployment_strategy(errors, &spec.child("strategy"));
    errors.nonnegative(&spec.child("minReadySeconds"));
    errors.nonnegative(&spec.child("revisionHistoryLimit"));
    let deadline = spec.child("progressDeadlineSeconds");
    if let Some(seconds) = deadline.int() {
        errors.nonnegative(&deadline);
        if seconds <= spec.child("minReadySeconds").number() {
            errors.invalid(
                &deadline,
                codes::STRATEGY,
                &seconds.to_string(),
                "must be greater than minReadySeconds",
            );
        }
    }
}

/// A ReplicaSet says "deployment" where it means itself (VAL-DEP-1).
pub(crate) fn replica_set(errors: &mut Errors, spec: &Field<'_>) {
    errors.nonnegative(&spec.child("replicas"));
    errors.nonnegative(&spec.child("minReadySeconds"));
    selected_template(errors, spec, "deployment", "invalid label selector", "ReplicaSet");
}

/// VAL-RC-1: the selector is a plain map, and has been filled in from the template if it could be.
pub(crate) fn replication_controller(errors: &mut Errors, spec: &Field<'_>) {
    errors.nonnegative(&spec.child("minReadySeconds"));
    let (selector, template) = (spec.child("selector"), spec.child("template"));
    errors.require(&selector);
    errors.nonnegative(&spec.child("replicas"));
    if !template.exists() {
        errors.required(&template, "");
        return;
    }
    let labels = template.at("metadata.labels");
    let matches = selector.entries().iter().all(|(key, value)| {
        let label = labels.key(key);
        label.exists() && label.str() == value.str()
    });
    if !matches {
        mismatch(errors, &template);
    }
    pod::template(errors, &template);
    always_restarts(errors, &template, "ReplicationController");
}

/// VAL-SS.
pub(crate) fn stateful_set(errors: &mut Errors, spec: &Field<'_>) {
    let policy = spec.child("podManagementPolicy");
    if !errors.require(&policy) && !matches!(policy.str(), "OrderedReady" | "Parallel") {
        errors.invalid(&policy, codes::STRATEGY, &policy.json(), "must be 'OrderedReady' or 'Parallel'");
    }
    stateful_strategy(errors, &spec.child("updateStrategy"));
    let retention = spec.child("persistentVolumeClaimRetentionPolicy");
    if retention.exists() {
        for when in ["whenDeleted", "whenScaled"] {
            errors.one_of(&retention.child(when), &["Retain", "Delete"]);
        }
    }
    for claim in spec.child("volumeClaimTemplates").items() {
        storage::claim_spec(errors, &claim.child("spec"));
    }
    errors.nonnegative(&spec.child("replicas"));
    errors.nonnegative(&spec.child("minReadySeconds"));
    errors.nonnegative(&spec.at("ordinals.start"));
    meta::name_if_set(errors, &spec.child("serviceName"), NameRule::Label);
    let selector = spec.child("selector");
    selector_of(errors, &selector, "statefulset");
    let template = spec.child("template");
    if meta::is_usable(&selector) {
        if !meta::is_empty_selector(&selector) && !meta::selects(&selector, &template.at("metadata.labels")) {
            mismatch(errors, &template);
        }
        stateful_template(errors, spec, &template);
    } else {
        errors.invalid(&selector, codes::SELECTOR_OPERATOR, &go_json::label_selector(&selector), "");
    }
    always_restarts(errors, &template, "StatefulSet");
}

/// The template with the claim templates as volumes, which mounts may name (VAL-SS-4).
fn stateful_template(errors: &mut Errors, spec: &Field<'_>, template: &Field<'_>) {
    let claims = spec.child("volumeClaimTemplates").items();
    let Some(tree) = template.tree().filter(|_| !claims.is_empty()) else {
        pod::template(errors, template);
        return;
    };
    let mut with_claims = tree.clone();
    if let Some(pod_spec) = with_claims.get_mut("spec").and_then(manifest::Tree::as_map_mut) {
        let list = pod_spec.or_insert_with("volumes", || manifest::Tree::added(Vec::new()));
        if let Some(volumes) = list.as_list_mut() {
            let named = |volume: &manifest::Tree, name: &str| volume.str_at(&["name"]) == name;
            for claim in &claims {
                let name = claim.at("metadata.name").str();
                volumes.retain(|volume| !named(volume, name));
                volumes.push(claim_volume(name));
            }
        }
    }
    let mut found = Errors::default();
    pod::template(&mut found, &Field::root(&with_claims).with_path(template.path()));
    errors.extend(found);
}

fn claim_volume(name: &str) -> manifest::Tree {
    let text = |text: &str| manifest::Tree::added(text);
    let claim: manifest::Map = [("claimName".to_owned(), text(name))].into_iter().collect();
    let volume =
        [("name".to_owned(), text(name)), ("persistentVolumeClaim".to_owned(), manifest::Tree::added(claim))];
    manifest::Tree::added(volume.into_iter().collect::<manifest::Map>())
}

/// VAL-DS: a missing selector is only a mismatch.
pub(crate) fn daemon_set(errors: &mut Errors, spec: &Field<'_>) {
    let (selector, template) = (spec.child("selector"), spec.child("template"));
    meta::label_selector(errors, &selector);
    if meta::is_usable(&selector) && !meta::selects(&selector, &template.at("metadata.labels")) {
        mismatch(errors, &template);
    }
    if meta::is_empty_selector(&selector) {
        empty_selector(errors, &selector, "daemonset");
    }
    pod::template(errors, &template);
    always_restarts(errors, &template, "DaemonSet");
    errors.nonnegative(&spec.child("minReadySeconds"));
    daemon_strategy(errors, &spec.child("updateStrategy"));
    errors.nonnegative(&spec.child("revisionHistoryLimit"));
}

/// Selector, template, and whether they fit (VAL-DEP-1, VAL-TMPL-2).
fn selected_template(errors: &mut Errors, spec: &Field<'_>, kind: &str, unusable: &str, owner: &str) {
    let (selector, template) = (spec.child("selector"), spec.child("template"));
    selector_of(errors, &selector, kind);
    if !meta::is_usable(&selector) {
        errors.invalid(&selector, codes::SELECTOR_OPERATOR, &go_json::label_selector(&selector), unusable);
        return;
    }
    if !meta::is_empty_selector(&selector) && !meta::selects(&selector, &template.at("metadata.labels")) {
        mismatch(errors, &template);
    }
    pod::template(errors, &template);
    always_restarts(errors, &template, owner);
}

fn selector_of(errors: &mut Errors, selector: &Field<'_>, kind: &str) {
    if !selector.exists() {
        errors.required(selector, "");
        return;
    }
    meta::label_selector(errors, selector);
    if meta::is_empty_selector(selector) {
        empty_selector(errors, selector, kind);
    }
}

fn empty_selector(errors: &mut Errors, selector: &Field<'_>, kind: &str) {
    let detail = format!("empty selector is invalid for {kind}");
    errors.invalid(selector, codes::SELECTOR_EMPTY, &go_json::label_selector(selector), &detail);
}

/// The selector does not match the labels of the template (VAL-TMPL-2).
pub(crate) fn mismatch(errors: &mut Errors, template: &Field<'_>) {
    let labels = template.at("metadata.labels");
    let detail = "`selector` does not match template `labels`";
    errors.invalid(&labels, codes::SELECTOR_MISMATCH, &labels.json(), detail);
}

/// Pods that are replaced for ever restart always and have no deadline (VAL-DEP-3).
fn always_restarts(errors: &mut Errors, template: &Field<'_>, owner: &str) {
    errors.one_of(&template.at("spec.restartPolicy"), &["Always"]);
    let detail = format!("activeDeadlineSeconds in {owner} is not Supported");
    errors.forbid(&template.at("spec.activeDeadlineSeconds"), &detail);
}

/// VAL-DEP-4, VAL-DEP-5.
fn deployment_strategy(errors: &mut Errors, strategy: &Field<'_>) {
    let rolling = strategy.child("rollingUpdate");
    match strategy.child("type").str() {
        "Recreate" => errors.forbid(&rolling, "may not be specified when strategy `type` is 'Recreate'"),
        "RollingUpdate" if !rolling.exists() => {
            errors.required(&rolling, "this should be defaulted and never be nil");
        }
        "RollingUpdate" => {
            let (unavailable, surge) = (rolling.child("maxUnavailable"), rolling.child("maxSurge"));
            count_or_percent(errors, &unavailable);
            count_or_percent(errors, &surge);
            if amount(&unavailable) == 0 && amount(&surge) == 0 {
                let value = json_or_zero(&unavailable);
                errors.invalid(&unavailable, codes::STRATEGY, &value, "may not be 0 when `maxSurge` is 0");
            }
            at_most_all(errors, &unavailable);
        }
        _ => {
            let value = go_json::render(strategy, go_json::ROLLING_STRATEGY);
            errors.unsupported(strategy, &value, &["Recreate", "RollingUpdate"]);
        }
    }
}

/// VAL-DS-3, VAL-DS-4.
fn daemon_strategy(errors: &mut Errors, strategy: &Field<'_>) {
    let rolling = strategy.child("rollingUpdate");
    match strategy.child("type").str() {
        "OnDelete" => {}
        "RollingUpdate" if !rolling.exists() => errors.required(&rolling, ""),
        "RollingUpdate" => {
            let fields = [rolling.child("maxUnavailable"), rolling.child("maxSurge")];
            for field in &fields {
                count_or_percent(errors, field);
            }
            for field in &fields {
                at_most_all(errors, field);
            }
            let [unavailable, surge] = &fields;
            match (amount(unavailable) != 0, amount(surge) != 0) {
                (true, true) => {
                    let detail = "may not be set when maxUnavailable is non-zero";
                    errors.invalid(surge, codes::STRATEGY, &json_or_zero(surge), detail);
                }
                (false, false) => {
                    errors.required(unavailable, "cannot be 0 when maxSurge is 0");
                    errors.coded(codes::STRATEGY);
                }
                _ => {}
            }
        }
        _ => {
            let value = go_json::render(strategy, go_json::ROLLING_STRATEGY);
            errors.unsupported(strategy, &value, &["RollingUpdate", "OnDelete"]);
        }
    }
}

/// VAL-SS-1.
fn stateful_strategy(errors: &mut Errors, strategy: &Field<'_>) {
    let rolling = strategy.child("rollingUpdate");
    match strategy.child("type").str() {
        "" => errors.required(strategy, ""),
        "OnDelete" => {
            if rolling.exists() {
                let value = go_json::render(&rolling, go_json::STATEFUL_ROLLING_UPDATE);
                let detail = "only allowed for updateStrategy 'RollingUpdate'";
                errors.invalid(&rolling, codes::STRATEGY, &value, detail);
            }
        }
        // `maxUnavailable` was dropped.
        "RollingUpdate" => errors.nonnegative(&rolling.child("partition")),
        _ => {
            let value = go_json::render(strategy, go_json::STATEFUL_STRATEGY);
            errors.invalid(strategy, codes::STRATEGY, &value, "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
}

fn json_or_zero(field: &Field<'_>) -> String {
    if field.exists() { field.json() } else { "0".to_owned() }
}

/// A count that is not negative, or a percentage.
pub(crate) fn count_or_percent(errors: &mut Errors, field: &Field<'_>) {
    if field.tree().and_then(manifest::Tree::as_str).is_some() {
        errors.invalid_each(field, codes::NUMBER_RANGE, field.str(), names::percent(field.str()));
    } else if field.number() < 0 {
        errors.invalid(field, codes::NUMBER_RANGE, &field.number().to_string(), NONNEGATIVE);
    }
}

/// A percentage may not exceed 100.
pub(crate) fn at_most_all(errors: &mut Errors, field: &Field<'_>) {
    if names::percent(field.str()).is_empty() && amount(field) > 100 {
        errors.invalid(field, codes::NUMBER_RANGE, &quote(field.str()), "must not be greater than 100%");
    }
}

/// The number, that of a percentage, or what Go's `Atoi` makes of a string: 0 when it is none.
fn amount(field: &Field<'_>) -> i64 {
    let text = field.str();
    match text.strip_suffix('%').filter(|_| names::percent(text).is_empty()) {
        Some(digits) => digits.parse().unwrap_or(i64::MAX),
        None => field.int().unwrap_or_else(|| text.parse().unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn only_well_formed_percentages_count() {
        let daemon_set = |rolling: &str| {
            format!(
                "{{apiVersion: apps/v1, kind: DaemonSet, metadata: {{name: d}}, spec: {{selector: {{matchLabels: {{a: b}}}}, \
                 updateStrategy: {{rollingUpdate: {{{rolling}}}}}, template: {{metadata: {{labels: {{a: b}}}}, \
                 spec: {{containers: [{{name: c, image: x}}]}}}}}}}}"
            )
        };
        let field = "spec.updateStrategy.rollingUpdate.maxUnavailable";
        check(&daemon_set("maxUnavailable: 5%"), &[]);
        check(
            &daemon_set("maxUnavailable: -5%"),
            &[
                &format!("{field}: Invalid value: \"-5%\": a valid percent string…"),
                &format!("{field}: Required value: cannot be 0 when maxSurge is 0"),
            ],
        );
        let huge = "99999999999999999999%";
        check(
            &daemon_set(&format!("maxUnavailable: {huge}")),
            &[&format!("{field}: Invalid value: \"{huge}\": must not be greater than 100%")],
        );
    }

    #[test]
    fn an_empty_label_is_not_a_missing_one() {
        let yaml = "{apiVersion: v1, kind: ReplicationController, metadata: {name: r}, spec: {selector: {a: ''}, \
                    template: {metadata: {labels: {b: c}}, spec: {containers: [{name: c, image: x}]}}}}";
        check(
            yaml,
            &[
                "spec.template.metadata.labels: Invalid value: {\"b\":\"c\"}: `selector` does not match template `labels`",
            ],
        );
    }
}
