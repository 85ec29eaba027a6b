//! Workloads.

use std::rc::Rc;

use manifest::Tree;

use super::meta::Meta;
use crate::int_or_string::IntOrString;
use crate::labels::{Labels, Selector};

/// The template that a workload makes pods of: the tree goes through the API server again for each new kind of pod.
#[derive(Clone, Debug, Default)]
pub struct PodTemplate {
    /// Labels of the pods.
    pub labels: Labels,
    /// Annotations of the pods.
    pub annotations: Labels,
    /// The template (`metadata` and `spec`), after the workload's own defaulting.
    pub tree: Rc<Tree>,
}

/// How a Deployment replaces pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeploymentStrategy {
    /// All old ones first.
    Recreate,
    /// Some at a time (WL-DEP-4).
    RollingUpdate {
        /// More than wanted.
        max_surge: IntOrString,
        /// Fewer than wanted.
        max_unavailable: IntOrString,
    },
}

/// A stored Deployment.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are the fields of the API")]
pub struct Deployment {
    pub meta: Meta,
    pub replicas: i32,
    pub selector: Selector,
    pub template: PodTemplate,
    pub strategy: DeploymentStrategy,
    pub min_ready_seconds: i32,
    pub progress_deadline_seconds: i32,
    pub revision_history_limit: i32,
    pub paused: bool,
}

/// A stored ReplicaSet.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names are the fields of the API")]
pub struct ReplicaSet {
    pub meta: Meta,
    pub replicas: i32,
    pub selector: Selector,
    pub template: PodTemplate,
    pub min_ready_seconds: i32,
}

/// A stored ReplicationController.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names are the fields of the API")]
pub struct ReplicationController {
    pub meta: Meta,
    pub replicas: i32,
    pub selector: Selector,
    pub template: PodTemplate,
    pub min_ready_seconds: i32,
}

/// Order in which a StatefulSet works on its pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum PodManagement {
    #[default]
    OrderedReady,
    Parallel,
}

/// How a StatefulSet replaces pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatefulSetUpdate {
    /// Only when the user deletes them.
    OnDelete,
    /// From the highest ordinal down to `partition`.
    RollingUpdate {
        /// Lowest ordinal that is updated.
        partition: i32,
    },
}

/// What becomes of a claim of a StatefulSet whose pod is not wanted any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum ClaimRetention {
    #[default]
    Retain,
    Delete,
}

/// A stored StatefulSet.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are the fields of the API")]
pub struct StatefulSet {
    pub meta: Meta,
    pub replicas: i32,
    pub selector: Selector,
    pub template: PodTemplate,
    pub service_name: String,
    pub pod_management: PodManagement,
    pub update: StatefulSetUpdate,
    pub ordinals_start: i32,
    pub min_ready_seconds: i32,
    /// The claims that each pod gets (WL-SS-4): whole trees.
    pub volume_claim_templates: Vec<Rc<Tree>>,
    /// `persistentVolumeClaimRetentionPolicy.whenDeleted`: with the set.
    pub when_deleted: ClaimRetention,
    /// `persistentVolumeClaimRetentionPolicy.whenScaled`: with a pod beyond the last replica.
    pub when_scaled: ClaimRetention,
}

/// How a DaemonSet replaces pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DaemonSetUpdate {
    /// Only when the user deletes them.
    OnDelete,
    /// Some at a time (WL-DS-9).
    RollingUpdate {
        /// Old ones removed first.
        max_unavailable: IntOrString,
        /// New ones added first.
        max_surge: IntOrString,
    },
}

/// A stored DaemonSet.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are the fields of the API")]
pub struct DaemonSet {
    pub meta: Meta,
    pub selector: Selector,
    pub template: PodTemplate,
    pub update: DaemonSetUpdate,
    pub min_ready_seconds: i32,
    /// Counts changes of the template (WL-DS-7).
    pub template_generation: i64,
}

/// A stored Job.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names are the fields of the API")]
pub struct Job {
    pub meta: Meta,
    pub parallelism: i32,
    pub completions: Option<i32>,
    pub indexed: bool,
    pub suspend: bool,
    pub backoff_limit: i32,
    /// `backoffLimitPerIndex` is set: pods count the failures of their index.
    pub counts_failures_per_index: bool,
    /// `podReplacementPolicy: Failed`: pods that terminate are not replaced yet.
    pub replaces_failed_only: bool,
    /// `managedBy` names another controller than Kubernetes' own.
    pub managed_elsewhere: bool,
    pub template: PodTemplate,
}

/// What happens when a run is due while another one is active.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum ConcurrencyPolicy {
    #[default]
    Allow,
    Forbid,
    Replace,
}

/// A stored CronJob.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names are the fields of the API")]
pub struct CronJob {
    pub meta: Meta,
    pub schedule: String,
    pub time_zone: String,
    pub suspend: bool,
    pub concurrency_policy: ConcurrencyPolicy,
    /// The `jobTemplate` (`metadata` and `spec`).
    pub job_template: Rc<Tree>,
}
