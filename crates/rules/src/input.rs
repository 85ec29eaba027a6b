//! What [`crate::analyze`] is given: the text, the cluster, and what the user did since.

use manifest::sorted::SortedMap;
pub use reach::{IngressExposure, LoadBalancer};
use serde::{Deserialize, Serialize};

/// Everything that decides a report. Same input, same report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The manifest as the user typed it.
    pub text: String,
    /// The cluster it is applied to.
    pub cluster: ClusterSpec,
    /// Choice among equal totals: 0 takes the first in the scheduler's order (SCH-TIE-3), others shuffle.
    pub seed: u64,
    /// kubectl against an empty cluster. Otherwise missing namespaces and unknown kinds are warnings.
    pub strict: bool,
    /// namespace/name of pods whose decision is wanted in full; Pending pods are always explained.
    pub explain: Vec<String>,
    /// What happened after the first `apply`, in order.
    pub actions: Vec<Action>,
}

impl Input {
    /// The text that was applied last: what diagnostics and their places are about.
    pub fn last_text(&self) -> &str {
        let applied = self.actions.iter().rev().find_map(|action| match action {
            Action::Apply(text) => Some(text),
            _ => None,
        });
        applied.unwrap_or(&self.text)
    }

    /// Whether another text was applied after the first one. Objects of the first keep the places that they have there.
    pub(crate) fn is_updated(&self) -> bool {
        self.actions.iter().any(|action| matches!(action, Action::Apply(_)))
    }
}

/// The simulated cluster. `kind: Node` documents in the manifest replace the generated nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterSpec {
    /// Number of nodes; the first `control_plane` of them are control-plane nodes.
    pub nodes: u32,
    /// How many of the nodes are control-plane nodes with their label and taint (SCH-NODE-2).
    pub control_plane: u32,
    /// Shape of every node.
    pub shape: NodeShape,
    /// Zones, given to the nodes in turn; empty for none.
    pub zones: Vec<String>,
    /// Changes of single nodes by index.
    pub overrides: SortedMap<u32, NodeOverride>,
    /// Who gives addresses to LoadBalancer Services.
    pub load_balancer: LoadBalancer,
    /// How the Ingress controller is exposed, when the manifest brings none.
    pub ingress: IngressExposure,
    /// Whether the CNI plugin maps host ports (EXP-HP-2).
    pub host_ports: bool,
}

/// Size of a node, in Kubernetes quantities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeShape {
    /// For example `4`.
    pub cpu: String,
    /// For example `16Gi`.
    pub memory: String,
    /// For example `100Gi`.
    pub ephemeral_storage: String,
    /// For example `110`.
    pub pods: String,
}

/// What is different about one node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeOverride {
    /// More labels.
    pub labels: SortedMap<String, String>,
    /// More taints, as kubectl writes them: `key=value:NoSchedule`.
    pub taints: Vec<String>,
    /// Another InternalIP; empty for the generated one.
    pub internal_ip: String,
    /// An ExternalIP; empty for none.
    pub external_ip: String,
    /// Cordoned (SCH-NODE-4).
    pub unschedulable: bool,
    /// Not ready (SCH-NODE-5).
    pub not_ready: bool,
    /// Another size.
    pub shape: Option<NodeShape>,
}

/// Something that happens to the running cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// `kubectl apply` of another text.
    Apply(String),
    /// `kubectl delete KIND/NAME`: kind, namespace, name.
    Delete(String, String, String),
    /// `kubectl scale`: kind, namespace, name, replicas.
    Scale(String, String, String, i32),
    /// `kubectl cordon`, by node name.
    Cordon(String),
    /// `kubectl uncordon`, by node name.
    Uncordon(String),
    /// More nodes of the cluster's shape.
    AddNodes(u32),
    /// A container ends and is started again: namespace and name of its pod.
    RestartContainer(String, String),
    /// `kubectl drain`, by node name.
    Drain(String),
    /// A node stops to answer, and the tolerations of its pods run out.
    LoseNode(String),
    /// A lost node answers again.
    ReturnNode(String),
    /// `kubectl delete node`.
    RemoveNode(String),
    /// `kubectl create job JOB --from=cronjob/NAME`: namespace, name, and that of the Job.
    RunCronJob(String, String, String),
    /// `kubectl rollout restart` of a Deployment, DaemonSet or StatefulSet: kind, namespace, name.
    RolloutRestart(String, String, String),
}

impl Action {
    /// Kinds that `kubectl scale` scales here.
    pub const SCALES: [&str; 4] = ["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"];

    /// Kinds that `kubectl rollout restart` restarts.
    pub const RESTARTS: [&str; 3] = ["Deployment", "DaemonSet", "StatefulSet"];

    /// What one would type for it, when it is a command of kubectl's.
    pub fn command(&self) -> Option<String> {
        Some(match self {
            Self::Apply(_) => "kubectl apply -f manifest.yaml".to_owned(),
            Self::Delete(kind, namespace, name) => format!("kubectl delete {kind} -n {namespace} {name}"),
            Self::Scale(kind, namespace, name, replicas) => {
                format!("kubectl scale -n {namespace} {}/{name} --replicas={replicas}", kind.to_lowercase())
            }
            Self::Cordon(node) => format!("kubectl cordon {node}"),
            Self::Uncordon(node) => format!("kubectl uncordon {node}"),
            Self::Drain(node) => {
                format!("kubectl drain {node} --ignore-daemonsets --force --delete-emptydir-data")
            }
            Self::RemoveNode(node) => format!("kubectl delete node {node}"),
            Self::RolloutRestart(kind, namespace, name) => {
                format!("kubectl rollout restart -n {namespace} {}/{name}", kind.to_lowercase())
            }
            Self::RunCronJob(namespace, name, job) => {
                format!("kubectl create job -n {namespace} --from=cronjob/{name} {job}")
            }
            Self::AddNodes(_) | Self::RestartContainer(..) | Self::LoseNode(_) | Self::ReturnNode(_) => {
                return None;
            }
        })
    }
}

impl Default for NodeShape {
    fn default() -> Self {
        Self { cpu: "4".into(), memory: "16Gi".into(), ephemeral_storage: "100Gi".into(), pods: "110".into() }
    }
}

impl Default for ClusterSpec {
    fn default() -> Self {
        Self {
            nodes: 4,
            control_plane: 0,
            shape: NodeShape::default(),
            zones: Vec::new(),
            overrides: SortedMap::new(),
            load_balancer: LoadBalancer::None,
            ingress: IngressExposure::default(),
            host_ports: true,
        }
    }
}
