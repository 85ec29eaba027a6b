//! Pod, as scheduler, controllers and routes read it.

use std::fmt;
use std::rc::Rc;

use manifest::Tree;
use manifest::sorted::SortedMap;

use super::meta::Meta;
use crate::labels::{Labels, Requirement, Selector};
use crate::quantity::Quantity;

/// Amounts by resource name.
pub type ResourceList = SortedMap<String, Quantity>;

/// Requests and limits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resources {
    /// What is reserved.
    pub requests: ResourceList,
    /// What is the most.
    pub limits: ResourceList,
}

/// Transport protocol of a port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the protocols")]
pub enum Protocol {
    #[default]
    Tcp,
    Udp,
    Sctp,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        })
    }
}

/// A declared port of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerPort {
    /// Optional name.
    pub name: String,
    /// 1 to 65535.
    pub container_port: u16,
    /// 0 when none.
    pub host_port: u16,
    /// As written; empty means all addresses (SCH-PORTS-4).
    pub host_ip: String,
    /// Protocol.
    pub protocol: Protocol,
}

/// The part of a readiness probe that makes a URL (EXP-URL-4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// httpGet path.
    pub path: String,
    /// httpGet port: number, or the name of a port.
    pub port: String,
}

/// A container, of either list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Container {
    /// Name.
    pub name: String,
    /// Image reference.
    pub image: String,
    /// Declared ports.
    pub ports: Vec<ContainerPort>,
    /// Requests and limits.
    pub resources: Resources,
    /// An init container with restartPolicy Always.
    pub sidecar: bool,
    /// `httpGet` readiness probe, if any.
    pub readiness_http: Option<Probe>,
    /// `command` and `args`, for ports that they name (EXP-IMG-1).
    pub arguments: Vec<String>,
    /// Literal environment variables, likewise.
    pub env: Vec<(String, String)>,
}

/// When containers are restarted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum RestartPolicy {
    #[default]
    Always,
    OnFailure,
    Never,
}

/// Whether a pod may preempt others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum PreemptionPolicy {
    #[default]
    PreemptLowerPriority,
    Never,
}

/// One alternative of a node selector: all requirements are met (SCH-NODEAFF-2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeSelectorTerm {
    /// On labels.
    pub match_expressions: Vec<Requirement>,
    /// On fields; the only key is `metadata.name`.
    pub match_fields: Vec<Requirement>,
}

/// A preferred node term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreferredNodeTerm {
    /// 1 to 100.
    pub weight: i32,
    /// The term.
    pub term: NodeSelectorTerm,
}

/// Node affinity. `required` is `None` when the field is absent, and an empty list when it has no terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeAffinity {
    /// Any of these.
    pub required: Option<Vec<NodeSelectorTerm>>,
    /// Scores.
    pub preferred: Vec<PreferredNodeTerm>,
}

/// A term of pod affinity or anti-affinity (SCH-IPA-2, SCH-IPA-3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodAffinityTerm {
    /// `None` matches nothing. matchLabelKeys and mismatchLabelKeys are merged in by the API server on Pods (SCH-IPA-9).
    pub selector: Option<Selector>,
    /// Namespaces by name.
    pub namespaces: Vec<String>,
    /// Namespaces by label; the empty selector is all of them.
    pub namespace_selector: Option<Selector>,
    /// Node label that makes a domain.
    pub topology_key: String,
}

/// A preferred term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightedPodAffinityTerm {
    /// 1 to 100.
    pub weight: i32,
    /// The term.
    pub term: PodAffinityTerm,
}

/// Pod affinity or anti-affinity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodAffinity {
    /// All of these.
    pub required: Vec<PodAffinityTerm>,
    /// Scores.
    pub preferred: Vec<WeightedPodAffinityTerm>,
}

/// `spec.affinity`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affinity {
    /// Towards nodes.
    pub node: Option<NodeAffinity>,
    /// Towards pods.
    pub pod: PodAffinity,
    /// Away from pods.
    pub pod_anti: PodAffinity,
}

/// How a toleration compares values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum TolerationOperator {
    #[default]
    Equal,
    Exists,
    /// Never matches with default feature gates (SCH-TAINT-3).
    Lt,
    /// Never matches with default feature gates (SCH-TAINT-3).
    Gt,
}

/// A toleration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toleration {
    /// Empty with `Exists`: all keys.
    pub key: String,
    /// Comparison.
    pub operator: TolerationOperator,
    /// Value for `Equal`.
    pub value: String,
    /// `None`: all effects.
    pub effect: Option<super::TaintEffect>,
    /// For NoExecute; has no influence on scheduling (SCH-TAINT-5).
    pub seconds: Option<i64>,
}

impl Toleration {
    /// Whether it matches the taint (SCH-TAINT-3, SCH-TAINT-4).
    pub fn matches(&self, taint: &super::Taint) -> bool {
        let value = match self.operator {
            TolerationOperator::Exists => true,
            TolerationOperator::Equal => self.value == taint.value,
            TolerationOperator::Lt | TolerationOperator::Gt => false,
        };
        value
            && (self.key.is_empty() || self.key == taint.key)
            && self.effect.is_none_or(|effect| effect == taint.effect)
    }
}

/// What to do with a pod that breaks a spread constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum UnsatisfiableAction {
    DoNotSchedule,
    ScheduleAnyway,
}

/// Whether nodes that are ruled out count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum InclusionPolicy {
    Honor,
    Ignore,
}

/// A topology spread constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopologySpreadConstraint {
    /// At least 1.
    pub max_skew: i32,
    /// Node label that makes a domain.
    pub topology_key: String,
    /// Filter or score.
    pub when_unsatisfiable: UnsatisfiableAction,
    /// `None` matches nothing (SCH-SPREAD-5). matchLabelKeys are merged in by the API server on Pods (SCH-SPREAD-6).
    pub selector: Option<Selector>,
    /// Default 1.
    pub min_domains: Option<i32>,
    /// Default Honor.
    pub node_affinity_policy: InclusionPolicy,
    /// Default Ignore.
    pub node_taints_policy: InclusionPolicy,
}

/// Where a volume comes from, as far as it decides scheduling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumeSource {
    /// A claim in the pod's namespace, by name.
    Claim(String),
    /// A generic ephemeral volume: its claim is named `<pod>-<volume>`.
    Ephemeral,
    /// An inline disk that one node mounts at a time (SCH-VOL-1): kind and identity; whether read-only.
    Disk {
        /// For example `gcePersistentDisk:data`.
        identity: String,
        /// Of an rbd volume its monitors: two volumes are the same when they share one.
        monitors: Vec<String>,
        /// Read-only.
        read_only: bool,
    },
    /// An OCI image, by reference: it counts where nodes have it already (SCH-S-IMG-1).
    Image(String),
    /// Does not influence scheduling.
    Other,
}

/// A volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Name.
    pub name: String,
    /// Source.
    pub source: VolumeSource,
}

/// What a pod asks for, after defaulting and admission. Shared by the pods of one owner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodSpec {
    /// Regular containers.
    pub containers: Vec<Container>,
    /// Init containers and sidecars, in order.
    pub init_containers: Vec<Container>,
    /// In the node's network namespace.
    pub host_network: bool,
    /// Given by the user: the scheduler is bypassed (SCH-DIRECT-1). Empty when none.
    pub node_name: String,
    /// Labels that the node must have.
    pub node_selector: Labels,
    /// Affinity.
    pub affinity: Affinity,
    /// Tolerations.
    pub tolerations: Vec<Toleration>,
    /// Spread constraints; empty means the system defaults for scoring (SCH-S-SPREAD-1).
    pub topology_spread: Vec<TopologySpreadConstraint>,
    /// Priority.
    pub priority: i32,
    /// Preemption.
    pub preemption_policy: PreemptionPolicy,
    /// `default-scheduler` unless given.
    pub scheduler_name: String,
    /// Names of the gates, in order.
    pub scheduling_gates: Vec<String>,
    /// Pod overhead.
    pub overhead: ResourceList,
    /// Pod-level resources.
    pub resources: Resources,
    /// Volumes.
    pub volumes: Vec<Volume>,
    /// Names of resource claims (SCH-DRA-1).
    pub resource_claims: Vec<String>,
    /// Restart policy.
    pub restart_policy: RestartPolicy,
    /// As written or defaulted.
    pub dns_policy: String,
    /// Empty when none.
    pub hostname: String,
    /// Empty when none.
    pub subdomain: String,
}

impl PodSpec {
    /// The containers whose host ports are held on the node: regular ones and sidecars (SCH-PORTS-1).
    pub fn port_holders(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().chain(self.init_containers.iter().filter(|container| container.sidecar))
    }
}

/// Phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum PodPhase {
    #[default]
    Pending,
    Running,
    Succeeded,
    Failed,
}

impl PodPhase {
    /// Succeeded or Failed: holds neither ports nor resources (SCH-PORTS-9).
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// The PodScheduled condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ScheduledCondition {
    /// Not looked at yet.
    #[default]
    Unknown,
    /// Bound.
    True,
    /// Not bound: reason (`Unschedulable`, `SchedulerError`, `SchedulingGated`) and message.
    False {
        /// Reason.
        reason: &'static str,
        /// Message.
        message: Rc<str>,
    },
}

/// What the stand-in for the kubelet and the scheduler report.
#[derive(Clone, Debug, Default)]
pub struct PodStatus {
    /// Phase.
    pub phase: PodPhase,
    /// PodScheduled.
    pub scheduled: ScheduledCondition,
    /// Set by preemption.
    pub nominated_node: Option<Rc<str>>,
    /// Ready condition.
    pub ready: bool,
    /// First is the primary one; the node's under hostNetwork (EXP-HN-2).
    pub pod_ips: Vec<Rc<str>>,
    /// A container that fails again and again: the reason as `kubectl get pods` shows it, for example `CrashLoopBackOff`.
    pub waiting_reason: Option<&'static str>,
    /// Container restarts.
    pub restarts: u32,
    /// Simulated time of the start, in milliseconds (preemption looks at it, SCH-PRE-6).
    pub started: u64,
}

/// A stored pod.
#[derive(Clone, Debug, Default)]
pub struct Pod {
    /// Metadata.
    pub meta: Meta,
    /// Spec, shared by pods of one owner where it is the same.
    pub spec: Rc<PodSpec>,
    /// The node it is bound to; `None` while unscheduled.
    pub node: Option<Rc<str>>,
    /// Status.
    pub status: PodStatus,
    /// The whole object after defaulting and admission, shared by pods of one owner: without name, nodeName and status.
    pub tree: Rc<Tree>,
}
