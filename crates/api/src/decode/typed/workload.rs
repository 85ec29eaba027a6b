//! Workloads.

use std::rc::Rc;

use manifest::Tree;

use super::read::{self, flag, int, option_int, text};
use crate::int_or_string::IntOrString;
use crate::labels::Selector;
use crate::types::{
    ClaimRetention, ConcurrencyPolicy, CronJob, DaemonSet, DaemonSetUpdate, Deployment, DeploymentStrategy,
    Job, Meta, PodManagement, PodTemplate, ReplicaSet, ReplicationController, StatefulSet, StatefulSetUpdate,
};

/// The `spec`; an empty tree when there is none.
fn spec(tree: &Tree) -> &Tree {
    const NONE: &Tree = &Tree { value: manifest::Value::Null, span: None };
    tree.get("spec").unwrap_or(NONE)
}

/// The template of a workload's spec.
fn template(spec: &Tree) -> PodTemplate {
    PodTemplate {
        labels: read::labels(spec.at(&["template", "metadata", "labels"])),
        annotations: read::labels(spec.at(&["template", "metadata", "annotations"])),
        tree: subtree(spec, "template"),
    }
}

fn subtree(tree: &Tree, key: &str) -> Rc<Tree> {
    Rc::new(tree.get(key).cloned().unwrap_or_default())
}

fn selector(spec: &Tree) -> Selector {
    read::selector(spec, "selector").unwrap_or_default()
}

/// A bound of a rolling update.
fn bound(strategy: &Tree, key: &str) -> IntOrString {
    let rolling = strategy.get("rollingUpdate");
    rolling.and_then(|rolling| read::int_or_string(rolling, key)).unwrap_or(IntOrString::Int(0))
}

pub(super) fn deployment(meta: Meta, tree: &Tree) -> Deployment {
    let spec = spec(tree);
    let strategy = match spec.get("strategy") {
        Some(strategy) if strategy.str_at(&["type"]) != "Recreate" => DeploymentStrategy::RollingUpdate {
            max_surge: bound(strategy, "maxSurge"),
            max_unavailable: bound(strategy, "maxUnavailable"),
        },
        _ => DeploymentStrategy::Recreate,
    };
    Deployment {
        meta,
        replicas: int(spec, "replicas", 1),
        selector: selector(spec),
        template: template(spec),
        strategy,
        min_ready_seconds: int(spec, "minReadySeconds", 0),
        progress_deadline_seconds: int(spec, "progressDeadlineSeconds", 600),
        revision_history_limit: int(spec, "revisionHistoryLimit", 10),
        paused: flag(spec, "paused"),
    }
}

pub(super) fn replica_set(meta: Meta, tree: &Tree) -> ReplicaSet {
    let spec = spec(tree);
    ReplicaSet {
        meta,
        replicas: int(spec, "replicas", 1),
        selector: selector(spec),
        template: template(spec),
        min_ready_seconds: int(spec, "minReadySeconds", 0),
    }
}

/// Its selector is a plain map of labels.
pub(super) fn replication_controller(meta: Meta, tree: &Tree) -> ReplicationController {
    let spec = spec(tree);
    ReplicationController {
        meta,
        replicas: int(spec, "replicas", 1),
        selector: Selector::from_labels(&read::labels(spec.get("selector"))),
        template: template(spec),
        min_ready_seconds: int(spec, "minReadySeconds", 0),
    }
}

pub(super) fn stateful_set(meta: Meta, tree: &Tree) -> StatefulSet {
    let spec = spec(tree);
    let update = if spec.str_at(&["updateStrategy", "type"]) == "OnDelete" {
        StatefulSetUpdate::OnDelete
    } else {
        let rolling = spec.at(&["updateStrategy", "rollingUpdate"]);
        StatefulSetUpdate::RollingUpdate {
            partition: rolling.map_or(0, |rolling| int(rolling, "partition", 0)),
        }
    };
    let retention = |when| match spec.str_at(&["persistentVolumeClaimRetentionPolicy", when]) {
        "Delete" => ClaimRetention::Delete,
        _ => ClaimRetention::Retain,
    };
    StatefulSet {
        meta,
        replicas: int(spec, "replicas", 1),
        selector: selector(spec),
        template: template(spec),
        service_name: text(spec, "serviceName"),
        pod_management: match spec.str_at(&["podManagementPolicy"]) {
            "Parallel" => PodManagement::Parallel,
            _ => PodManagement::OrderedReady,
        },
        update,
        ordinals_start: spec.get("ordinals").map_or(0, |ordinals| int(ordinals, "start", 0)),
        min_ready_seconds: int(spec, "minReadySeconds", 0),
        volume_claim_templates: read::list(spec, "volumeClaimTemplates", |claim| Rc::new(claim.clone())),
        when_deleted: retention("whenDeleted"),
        when_scaled: retention("whenScaled"),
    }
}

pub(super) fn daemon_set(meta: Meta, tree: &Tree) -> DaemonSet {
    let spec = spec(tree);
    let update = match spec.get("updateStrategy") {
        Some(strategy) if strategy.str_at(&["type"]) != "OnDelete" => DaemonSetUpdate::RollingUpdate {
            max_unavailable: bound(strategy, "maxUnavailable"),
            max_surge: bound(strategy, "maxSurge"),
        },
        _ => DaemonSetUpdate::OnDelete,
    };
    let generation = meta.annotations.get("deprecated.daemonset.template.generation");
    let template_generation = generation.and_then(|text| text.parse().ok()).unwrap_or(1);
    DaemonSet {
        meta,
        selector: selector(spec),
        template: template(spec),
        update,
        min_ready_seconds: int(spec, "minReadySeconds", 0),
        template_generation,
    }
}

pub(super) fn job(meta: Meta, tree: &Tree) -> Job {
    let spec = spec(tree);
    Job {
        meta,
        parallelism: int(spec, "parallelism", 1),
        completions: option_int(spec, "completions"),
        indexed: spec.str_at(&["completionMode"]) == "Indexed",
        suspend: flag(spec, "suspend"),
        backoff_limit: int(spec, "backoffLimit", 6),
        counts_failures_per_index: spec.get("backoffLimitPerIndex").and_then(Tree::as_i64).is_some(),
        replaces_failed_only: spec.str_at(&["podReplacementPolicy"]) == "Failed",
        managed_elsewhere: !matches!(spec.str_at(&["managedBy"]), "" | "kubernetes.io/job-controller"),
        template: template(spec),
    }
}

pub(super) fn cron_job(meta: Meta, tree: &Tree) -> CronJob {
    let spec = spec(tree);
    CronJob {
        meta,
        schedule: text(spec, "schedule"),
        time_zone: text(spec, "timeZone"),
        suspend: flag(spec, "suspend"),
        concurrency_policy: match spec.str_at(&["concurrencyPolicy"]) {
            "Forbid" => ConcurrencyPolicy::Forbid,
            "Replace" => ConcurrencyPolicy::Replace,
            _ => ConcurrencyPolicy::Allow,
        },
        job_template: subtree(spec, "jobTemplate"),
    }
}
