//! Workloads (DEF-WL rules).

use manifest::Tree;

use super::pod::pod_template;
use super::set::{each, inside, is_zero, missing, object, unset};
use super::volumes::persistent_volume_claim;

pub(super) fn deployment(tree: &mut Tree) {
    let Some(spec) = object(tree, "spec") else { return };
    pod_template(spec);
    missing(spec, "replicas", 1);
    rolling_update(spec, "strategy", &[("maxUnavailable", "25%"), ("maxSurge", "25%")]);
    missing(spec, "revisionHistoryLimit", 10);
    missing(spec, "progressDeadlineSeconds", 600);
}

pub(super) fn replica_set(tree: &mut Tree) {
    let Some(spec) = object(tree, "spec") else { return };
    pod_template(spec);
    missing(spec, "replicas", 1);
}

/// Takes selector and labels from the template when they are empty (DEF-WL-2).
pub(super) fn replication_controller(tree: &mut Tree) {
    let Some(spec) = object(tree, "spec") else { return };
    if spec.get("template").is_some() {
        pod_template(spec);
    }
    missing(spec, "replicas", 1);
    let labels = spec.at(&["template", "metadata", "labels"]).cloned();
    let Some(labels) = labels.filter(|labels| !is_zero(labels)) else { return };
    unset(spec, "selector", without_spans(&labels).value);
    labels_from_template(tree, &labels);
}

/// DEF-WL-3; a strategy that names its type keeps it without bounds (`SetDefaults_StatefulSet`). `maxUnavailable` belongs to a feature that is off: the registry drops it, whatever its value, before anything looks
/// at it (WL-SS-8).
pub(super) fn stateful_set(tree: &mut Tree) {
    let Some(spec) = object(tree, "spec") else { return };
    pod_template(spec);
    inside(spec, &["updateStrategy", "rollingUpdate"], |rolling| {
        rolling.as_map_mut().and_then(|rolling| rolling.remove("maxUnavailable"));
    });
    missing(spec, "replicas", 1);
    unset(spec, "podManagementPolicy", "OrderedReady");
    if let Some(strategy) = object(spec, "updateStrategy") {
        if strategy.str_at(&["type"]).is_empty() {
            unset(strategy, "type", "RollingUpdate");
            object(strategy, "rollingUpdate");
        }
        if strategy.str_at(&["type"]) == "RollingUpdate" {
            inside(strategy, &["rollingUpdate"], |rolling| missing(rolling, "partition", 0));
        }
    }
    missing(spec, "revisionHistoryLimit", 10);
    if let Some(retention) = object(spec, "persistentVolumeClaimRetentionPolicy") {
        unset(retention, "whenDeleted", "Retain");
        unset(retention, "whenScaled", "Retain");
    }
    each(spec, "volumeClaimTemplates", |claim| {
        missing(claim, "apiVersion", "v1");
        missing(claim, "kind", "PersistentVolumeClaim");
        persistent_volume_claim(claim);
    });
}

/// Each bound is set on its own, so that `maxSurge: 1` alone is refused later (DEF-WL-4).
pub(super) fn daemon_set(tree: &mut Tree) {
    let Some(spec) = object(tree, "spec") else { return };
    pod_template(spec);
    if let Some(strategy) = object(spec, "updateStrategy") {
        unset(strategy, "type", "RollingUpdate");
        if strategy.str_at(&["type"]) == "RollingUpdate"
            && let Some(rolling) = object(strategy, "rollingUpdate")
        {
            missing(rolling, "maxUnavailable", 1);
            missing(rolling, "maxSurge", 0);
        }
    }
    missing(spec, "revisionHistoryLimit", 10);
}

pub(super) fn job(tree: &mut Tree) {
    let Some(spec) = object(tree, "spec") else { return };
    pod_template(spec);
    if spec.get("completions").is_none() && spec.get("parallelism").is_none() {
        missing(spec, "completions", 1);
    }
    missing(spec, "parallelism", 1);
    let per_index = spec.get("backoffLimitPerIndex").is_some();
    missing(spec, "backoffLimit", if per_index { i64::from(i32::MAX) } else { 6 });
    missing(spec, "completionMode", "NonIndexed");
    missing(spec, "suspend", false);
    missing(spec, "manualSelector", false);
    let replacement = if spec.get("podFailurePolicy").is_some() { "Failed" } else { "TerminatingOrFailed" };
    missing(spec, "podReplacementPolicy", replacement);
    inside(spec, &["podFailurePolicy"], |policy| {
        each(policy, "rules", |rule| {
            each(rule, "onPodConditions", |condition| unset(condition, "status", "True"));
        });
    });
    if let Some(labels) = spec.at(&["template", "metadata", "labels"]).cloned() {
        labels_from_template(tree, &labels);
    }
}

/// The Job inside gets no defaults of a Job, only its pods get theirs.
pub(super) fn cron_job(tree: &mut Tree) {
    let Some(spec) = object(tree, "spec") else { return };
    if let Some(template) = object(spec, "jobTemplate") {
        object(template, "metadata");
        if let Some(job) = object(template, "spec") {
            pod_template(job);
        }
    }
    unset(spec, "concurrencyPolicy", "Allow");
    missing(spec, "suspend", false);
    missing(spec, "successfulJobsHistoryLimit", 3);
    missing(spec, "failedJobsHistoryLimit", 1);
}

/// A Deployment's strategy and its bounds.
fn rolling_update(spec: &mut Tree, key: &str, bounds: &[(&str, &str)]) {
    let Some(strategy) = object(spec, key) else { return };
    unset(strategy, "type", "RollingUpdate");
    if strategy.str_at(&["type"]) == "RollingUpdate"
        && let Some(rolling) = object(strategy, "rollingUpdate")
    {
        for (bound, value) in bounds {
            missing(rolling, bound, *value);
        }
    }
}

fn labels_from_template(tree: &mut Tree, labels: &Tree) {
    if !is_zero(labels)
        && let Some(metadata) = object(tree, "metadata")
    {
        unset(metadata, "labels", without_spans(labels).value);
    }
}

/// A copy that stands nowhere in the text.
fn without_spans(tree: &Tree) -> Tree {
    let entries = tree.as_map().into_iter().flatten();
    let map: manifest::Map =
        entries.map(|entry| (entry.key.clone(), Tree::added(entry.value.value.clone()))).collect();
    Tree::added(map)
}
