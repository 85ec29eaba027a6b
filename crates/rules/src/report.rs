//! What [`crate::analyze`] answers: plain data that crosses the worker boundary, and JSON on the command line.

use manifest::sorted::SortedMap;
use manifest::{Diagnostic, Fix, Span};
use reach::{Entrance, Forward, Route};
use scheduler::Attempt;
use serde::{Deserialize, Serialize};

/// The answer. Indexes point into the lists of the same report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What there is to say about the text, in its order.
    pub diagnostics: Vec<Diagnostic>,
    /// What `kubectl apply -f` would have printed.
    pub kubectl: KubectlOutput,
    /// One sentence about the whole, as data.
    pub verdict: Verdict,
    /// Nodes in the scheduler's order.
    pub nodes: Vec<NodeReport>,
    /// Workloads and bare pods in the order of the text.
    pub workloads: Vec<WorkloadReport>,
    /// Pods in order of creation; at most [`MAX_LISTED_PODS`].
    pub pods: Vec<PodReport>,
    /// Pods that exist, listed or not.
    pub pods_total: u32,
    /// All ways in.
    pub routes: Vec<Route>,
    /// Commands for who debugs pods that no route reaches.
    pub forwards: Vec<Forward>,
    /// Where controllers of Ingresses take requests in.
    pub entrances: Vec<Entrance>,
    /// What happened, in order.
    pub events: Vec<EventReport>,
    /// Objects that were accepted but are not simulated: kind and namespace/name.
    pub not_simulated: Vec<(String, String)>,
    /// What the API server stored of each object, in the order of the text; cut at some thousands of lines.
    pub stored: Vec<StoredObject>,
    /// What each of [`crate::Input::actions`] changed.
    pub steps: Vec<StepReport>,
    /// What the loss of each node would mean, in the order of the nodes; empty when it was not tried.
    pub losses: Vec<Loss>,
}

/// What an action changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    /// What kubectl printed, where the action is a command of kubectl's.
    pub output: KubectlOutput,
    /// Pods that run afterwards.
    pub running: u32,
    /// Pods without a node afterwards.
    pub pending: u32,
    /// Pods that came, went or changed: first those that went. At most some hundreds.
    pub changes: Vec<PodChange>,
    /// How many pods changed, listed or not.
    pub changed: u32,
    /// URLs that answered before.
    pub urls_gone: Vec<String>,
    /// URLs that answer now.
    pub urls_new: Vec<String>,
}

/// A pod before and after an action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodChange {
    /// namespace/name.
    pub pod: String,
    /// Before; `None` for a new pod.
    pub before: Option<PodPlace>,
    /// After; `None` for one that is gone.
    pub after: Option<PodPlace>,
}

/// Where a pod is, as `kubectl get pods -o wide` shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodPlace {
    /// Node; empty when none.
    pub node: String,
    /// First pod IP; empty when none.
    pub ip: String,
    /// STATUS.
    pub status: String,
    /// Restarts of its containers.
    pub restarts: u32,
}

/// What the loss of a node means, found by simulation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// Index of the node.
    pub node: u32,
    /// Pods that run when all has settled.
    pub running: u32,
    /// Pods without a node then.
    pub pending: u32,
    /// Indexes of the workloads that have no ready pod until replacements run: all that were ready are on this node.
    pub interrupted: Vec<u32>,
    /// Indexes of the workloads that have no ready pod even then.
    pub down: Vec<u32>,
}

/// An object as the API server stored it, before any controller has seen it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredObject {
    /// `deployment.apps/web`.
    pub name: String,
    /// Its document.
    pub span: Span,
    /// The object as `kubectl get -o yaml` prints it.
    pub lines: Vec<StoredLine>,
}

/// A line of a [`StoredObject`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredLine {
    /// The line, without its end.
    pub text: String,
    /// The API server added what begins here.
    pub added: bool,
}

/// Above this many pods the report counts instead of listing.
pub const MAX_LISTED_PODS: usize = 5_000;

/// Output of kubectl.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KubectlOutput {
    /// Lines on standard output.
    pub stdout: Vec<String>,
    /// Lines on standard error.
    pub stderr: Vec<String>,
    /// Exit status.
    pub exit: i32,
}

/// The whole in numbers, and what would clear it. Worded in [`crate::words`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Pods that exist.
    pub pods: u32,
    /// Pods that run.
    pub running: u32,
    /// Pods without a node.
    pub pending: u32,
    /// Pods that are on a node and fail again and again.
    pub crashing: u32,
    /// Pods that could not even be created (quota, admission).
    pub refused: u32,
    /// Objects that kubectl refused.
    pub errors: u32,
    /// The main reason of the first Pending pod.
    pub blocker: Option<Blocker>,
    /// The fewest nodes with which nothing is Pending, found by simulation; `None` when not found or nothing is Pending.
    pub nodes_needed: Option<u32>,
    /// Changes that were simulated and clear something, best first.
    pub offers: Vec<Offer>,
    /// The outcome with other numbers of nodes, ascending; empty when it was not tried.
    pub by_nodes: Vec<NodesOutcome>,
}

/// What becomes of the manifest on so many nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodesOutcome {
    /// Nodes.
    pub nodes: u32,
    /// Pods that run.
    pub running: u32,
    /// Pods that do not: Pending, or failing again and again.
    pub waiting: u32,
}

/// What keeps a pod from being placed, in plain terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Blocker {
    /// There is no node at all.
    NoNodes,
    /// Host port taken: port, protocol, the pods that hold it (namespace/name) and the places of the two ports in the text.
    HostPort {
        /// Port.
        port: u16,
        /// Protocol.
        protocol: String,
        /// Holders, namespace/name.
        holders: Vec<String>,
        /// The line of the blocked pod's port, or of `hostNetwork`.
        span: Option<Span>,
        /// The line of the holder's port.
        holder_span: Option<Span>,
    },
    /// Not enough of a resource: its name, whether even an empty node of the largest size would do.
    Resource {
        /// Resource name.
        name: String,
        /// Requested, as a quantity.
        requested: String,
        /// The most that any node has free, as a quantity.
        free: String,
        /// Larger than any node.
        never_fits: bool,
        /// The request's place.
        span: Option<Span>,
    },
    /// The nodes hold their maximum number of pods.
    TooManyPods,
    /// Untolerated taints, as kubectl prints them.
    Taints {
        /// Distinct taints.
        taints: Vec<String>,
        /// Where tolerations are, or would be.
        span: Option<Span>,
    },
    /// Node selector or affinity that no free node matches.
    NodeSelector {
        /// As `key=value`, or the operator form.
        wants: Vec<String>,
        /// Its place.
        span: Option<Span>,
    },
    /// Cordoned nodes.
    Cordoned,
    /// Pod affinity, anti-affinity or spread: the plugin's reason.
    Pods {
        /// The scheduler's reason.
        reason: String,
        /// Place of the rule.
        span: Option<Span>,
    },
    /// Anything else: the scheduler's reason.
    Other(String),
}

impl Blocker {
    /// The same, without places in the text.
    pub(crate) fn without_places(mut self) -> Self {
        match &mut self {
            Self::HostPort { span, holder_span, .. } => (*span, *holder_span) = (None, None),
            Self::Resource { span, .. }
            | Self::Taints { span, .. }
            | Self::NodeSelector { span, .. }
            | Self::Pods { span, .. } => *span = None,
            Self::NoNodes | Self::TooManyPods | Self::Cordoned | Self::Other(_) => {}
        }
        self
    }
}

/// A change that was simulated before it is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What it does.
    pub kind: OfferKind,
    /// The change of the text; `None` when only the cluster changes.
    pub fix: Option<Fix>,
    /// Pods that run afterwards.
    pub running: u32,
    /// Pods that are Pending afterwards.
    pub pending: u32,
}

/// Kinds of offers. Worded in [`crate::words`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OfferKind {
    /// Set the node count.
    SetNodes(u32),
    /// Lower the replicas of a workload to what fits: name, replicas.
    LowerReplicas(String, i32),
    /// Take host ports out (hostPort, or hostNetwork with its ports) and use a NodePort Service instead: name.
    UseNodePortService(String),
    /// Remove hostPort: name.
    RemoveHostPort(String),
    /// Add a toleration: name, taint.
    Tolerate(String, String),
    /// Use another port: name, port.
    ChangePort(String, u16),
    /// Lower a request: name, resource, amount.
    LowerRequest(String, String, String),
    /// Remove a node selector or rule: name.
    RemoveNodeSelector(String),
}

/// Amounts of one resource on one node, in milli-units for cpu and bytes for memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Requested by its pods.
    pub requested: i64,
    /// What there is.
    pub allocatable: i64,
}

/// A node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeReport {
    /// Name.
    pub name: String,
    /// First InternalIP.
    pub internal_ip: String,
    /// First ExternalIP; empty when none.
    pub external_ip: String,
    /// All InternalIPs and ExternalIPs, in order.
    pub addresses: Vec<String>,
    /// Zone label; empty when none.
    pub zone: String,
    /// Has the control-plane role.
    pub control_plane: bool,
    /// Cordoned.
    pub unschedulable: bool,
    /// Ready condition.
    pub ready: bool,
    /// Labels.
    pub labels: SortedMap<String, String>,
    /// Taints as kubectl prints them.
    pub taints: Vec<String>,
    /// Milli-cpu.
    pub cpu: Usage,
    /// Bytes.
    pub memory: Usage,
    /// Pods.
    pub pod_count: Usage,
    /// Indexes of its listed pods.
    pub pods: Vec<u32>,
    /// Host ports in use.
    pub host_ports: Vec<HostPortUse>,
}

/// A host port in use on a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostPortUse {
    /// Port.
    pub port: u16,
    /// Protocol.
    pub protocol: String,
    /// hostIP as written; empty for all.
    pub host_ip: String,
    /// Index of the pod.
    pub pod: u32,
    /// Index of its workload.
    pub workload: u32,
}

/// A workload, or a bare pod as a workload of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadReport {
    /// Kind, for example `Deployment`.
    pub kind: String,
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Place of its document's name in the text.
    pub span: Option<Span>,
    /// Pods wanted.
    pub wanted: u32,
    /// Pods that exist.
    pub created: u32,
    /// Pods that run and are ready.
    pub ready: u32,
    /// Pods without a node.
    pub pending: u32,
    /// Error of pod creation (`FailedCreate`); empty when none.
    pub error: String,
}

/// Whether another run could end differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Certainty {
    /// Every legal run places it so, up to the names of equal replicas.
    #[default]
    Certain,
    /// One choice among equals: the number of nodes with the best total when it was placed.
    OneOf(u32),
}

/// A pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodReport {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Index of its workload.
    pub workload: u32,
    /// Index of its node.
    pub node: Option<u32>,
    /// STATUS as `kubectl get pods` shows it: `Running`, `Pending`, `CrashLoopBackOff`, `SchedulingGated` ...
    pub status: String,
    /// Ready condition.
    pub ready: bool,
    /// First pod IP; empty when none.
    pub ip: String,
    /// In the node's network namespace.
    pub host_network: bool,
    /// Host ports it holds or wants: port, protocol.
    pub host_ports: Vec<(u16, String)>,
    /// The scheduler's exact message; empty when placed.
    pub message: String,
    /// The same in plain terms.
    pub blocker: Option<Blocker>,
    /// Whether another run could end differently.
    pub certainty: Certainty,
    /// Place in the text of what makes it: the name of its workload.
    pub span: Option<Span>,
    /// The last attempt in full, for Pending pods and those of [`crate::Input::explain`].
    pub attempt: Option<Attempt>,
}

/// Something that happened, as `kubectl get events` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventReport {
    /// Simulated time in milliseconds.
    pub time: u64,
    /// Index of the action that led to it: 0 is the first apply.
    pub step: u32,
    /// Warning rather than Normal.
    pub warning: bool,
    /// For example `FailedScheduling`.
    pub reason: String,
    /// For example `Pod default/web-0`.
    pub object: String,
    /// Text.
    pub message: String,
}
