//! What a control plane shows after a command, as plain data. A recording and our own run are both brought to this form,
//! so that the comparers are pure functions over two values of the same type.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The state after the first command, or after a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Record {
    /// What kubectl printed.
    pub command: Command,
    /// Objects as the server returns them.
    pub objects: Vec<Value>,
    /// Pods.
    pub pods: Vec<Pod>,
    /// Workloads.
    pub workloads: Vec<Workload>,
    /// EndpointSlices, merged by Service and family.
    pub endpoints: Vec<Slice>,
    /// Scheduling attempts in order.
    pub attempts: Vec<Attempt>,
}

/// A command with its outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    /// The command line, for the reader.
    pub line: String,
    /// Exit status.
    pub exit: i64,
    /// Lines on standard output.
    pub stdout: Vec<String>,
    /// Lines on standard error.
    pub stderr: Vec<String>,
}

/// Kind and name of an owner; it lives in the namespace of what it owns.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Owner {
    /// Kind.
    pub kind: String,
    /// Name.
    pub name: String,
}

/// A pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pod {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// The controller that made it.
    pub owner: Option<Owner>,
    /// The end of the chain of owners: what the user wrote.
    pub root: Option<Owner>,
    /// Node it is bound to.
    pub node: Option<String>,
    /// Phase.
    pub phase: String,
    /// Message of the PodScheduled condition; `None` when there is none.
    pub message: Option<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
}

/// A workload.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Workload {
    /// Kind.
    pub kind: String,
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Its controller.
    pub owner: Option<Owner>,
    /// Replicas wanted; `None` where the kind has no such number.
    pub wanted: Option<i64>,
    /// Pods created.
    pub created: i64,
}

/// Name, protocol and number of ports.
pub(super) type Ports = BTreeSet<(String, String, i64)>;

/// Name and readiness of a pod.
pub(super) type Member = (String, bool);

/// The endpoints of one Service in one family.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Slice {
    /// Namespace.
    pub namespace: String,
    /// Service.
    pub service: String,
    /// `IPv4` or `IPv6`.
    pub family: String,
    /// The members by the ports that they have.
    pub groups: BTreeMap<Ports, Vec<Member>>,
}

/// Why a node or a pod was turned down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// `Unschedulable` or `UnschedulableAndUnresolvable`.
    pub code: String,
    /// Plugin.
    pub plugin: String,
    /// Reasons in order.
    pub reasons: Vec<String>,
}

/// One scheduling attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attempt {
    /// namespace/name.
    pub pod: String,
    /// Number of the attempt for this pod.
    pub number: i64,
    /// Index of the first node looked at.
    pub start_index: u32,
    /// Nodes in the snapshot.
    pub nodes: usize,
    /// A PreFilter plugin turned the pod down.
    pub prefilter_rejected: Option<Verdict>,
    /// Nodes that passed all filters.
    pub feasible: BTreeSet<String>,
    /// Nodes that a filter turned down.
    pub rejected: BTreeMap<String, Verdict>,
    /// Status of the nodes that were never looked at.
    pub absent: Option<Verdict>,
    /// Node, plugin: raw, normalised, weighted.
    pub scores: BTreeMap<String, BTreeMap<String, [i64; 3]>>,
    /// Final score by node.
    pub totals: BTreeMap<String, i64>,
    /// The nodes that share the best score; empty when not scored.
    pub best: BTreeSet<String>,
    /// The node picked.
    pub chosen: Option<String>,
    /// Nominated node and victims (namespace/name).
    pub preemption: Option<(String, BTreeSet<String>)>,
    /// What the PodScheduled condition says; empty when a node was chosen.
    pub message: String,
}

impl Pod {
    /// namespace/name.
    pub(super) fn key(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// What the user wrote: the root owner, or the pod itself.
    pub(super) fn root_key(&self) -> Root {
        let own = || Owner { kind: "Pod".into(), name: self.name.clone() };
        Root { namespace: self.namespace.clone(), owner: self.root.clone().unwrap_or_else(own) }
    }

    /// The value that tells the pods of two templates of one owner apart; empty when the kind has none.
    pub(super) fn revision(&self) -> &str {
        REVISION_LABELS.iter().find_map(|label| self.labels.get(*label)).map_or("", String::as_str)
    }

    /// Whether it waits for a node.
    pub(super) fn is_pending(&self) -> bool {
        self.phase == "Pending"
    }
}

/// The labels that name the template of a pod.
pub(super) const REVISION_LABELS: [&str; 2] = ["pod-template-hash", "controller-revision-hash"];

/// An object that the user wrote, with its namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Root {
    /// Namespace.
    pub namespace: String,
    /// Kind and name.
    pub owner: Owner,
}

impl std::fmt::Display for Root {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}/{}", self.owner.kind, self.namespace, self.owner.name)
    }
}
