//! The trace of one scheduling attempt: everything the scheduler looked at, and why it chose.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

/// Why a node, or the whole pod, was turned down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Code {
    /// Removing pods may help.
    Unschedulable,
    /// Nothing that preemption does can help.
    UnschedulableAndUnresolvable,
}

/// The verdict of a plugin that turns a node (or the pod) down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rejection {
    /// Whether preemption may help.
    pub code: Code,
    /// Name of the plugin, for example `NodePorts`.
    pub plugin: Rc<str>,
    /// Its reasons, as they are counted in the message (SCH-MSG-3).
    pub reasons: Vec<Rc<str>>,
}

/// The score that one plugin gave one node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// As the plugin computed it.
    pub raw: i64,
    /// After NormalizeScore, 0 to 100.
    pub normalized: i64,
    /// Normalised times weight.
    pub weighted: i64,
}

/// The scores of one plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginScores {
    /// Name of the plugin.
    pub plugin: Rc<str>,
    /// Its weight.
    pub weight: i64,
    /// One for each entry of [`Attempt::feasible`].
    pub scores: Vec<Score>,
}

/// Preemption that was decided on: the pod is nominated, the victims are deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preemption {
    /// Nominated node.
    pub node: Rc<str>,
    /// The pods that are deleted: namespace/name, most important first.
    pub victims: Vec<Rc<str>>,
}

/// One attempt. Nodes are named in the order in which they were looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// namespace/name.
    pub pod: Rc<str>,
    /// Nodes in the snapshot.
    pub nodes: u32,
    /// Index, in the scheduler's node order and modulo the number of nodes, of the first node looked at (SCH-ORDER-3).
    pub start_index: u32,
    /// A PreFilter plugin turned the pod down outright (SCH-PLUGINS-3).
    pub prefilter_rejection: Option<Rejection>,
    /// Nodes that passed all filters; filled under [`crate::Trace::Full`], like the fields on scores.
    pub feasible: Vec<Rc<str>>,
    /// Nodes that a filter turned down; filled under [`crate::Trace::Full`]. Attempts that fail alike share them.
    pub rejected: Rc<[(Rc<str>, Rejection)]>,
    /// The status of nodes that a PreFilter result excluded and that were never looked at (SCH-NODEAFF-7), and their number.
    pub excluded: Option<(Rejection, u32)>,
    /// Number of feasible nodes; filled under every trace.
    pub feasible_count: u32,
    /// Number of nodes that share the best total; filled under every trace.
    pub best_count: u32,
    /// Empty when fewer than two nodes are feasible (SCH-CYCLE-4).
    pub scores: Vec<PluginScores>,
    /// Plugins that skipped scoring for this pod.
    pub skipped_score_plugins: Vec<Rc<str>>,
    /// Sum for each entry of `feasible`; empty when not scored.
    pub totals: Vec<i64>,
    /// The nodes that share the best total; the only feasible node when not scored. Several are filled in under
    /// [`crate::Trace::Full`] only.
    pub best: Vec<Rc<str>>,
    /// The node picked.
    pub chosen: Option<Rc<str>>,
    /// What PostFilter decided.
    pub preemption: Option<Preemption>,
    /// Pods (namespace/name) of lower priority that lose their nomination to the node of `preemption` (SCH-PRE-7).
    pub lost_nominations: Vec<Rc<str>>,
    /// Plugins that turned the pod down: the queue waits for events that they care about (SCH-RETRY-1).
    pub unschedulable_plugins: Vec<Rc<str>>,
    /// Claims that the chosen node binds, each to the name of a volume; `None` where one is to be provisioned (SCH-VOL-5).
    pub volume_bindings: Vec<(Rc<str>, Option<Rc<str>>)>,
    /// The PostFilter's part of the message; empty when it succeeded.
    pub postfilter_message: String,
    /// The message of the event and of the PodScheduled condition (SCH-MSG-2); empty when a node was chosen. Where none was chosen of
    /// several feasible nodes it is an error of the scheduler.
    pub message: String,
}
