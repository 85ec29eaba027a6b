//! The five ways in from outside, side by side: the same application under hostNetwork, behind a hostPort, a NodePort, a
//! LoadBalancer and an Ingress.
//!
//! [`ways`] rewrites the text for each ([`rewrite`]) and simulates what comes out: nothing is said of a way that was not tried.

mod documents;
mod outcome;
mod rewrite;
#[cfg(test)]
mod tests;

pub(crate) use rewrite::rewrite;

use manifest::{Fix, Lang};
use reach::{Note, RouteKind};
use serde::{Deserialize, Serialize};

use crate::analyze::Run;
use crate::assemble;
use crate::edits;
use crate::input::Input;
use crate::simulation::Keep;
use crate::target::Target;
use crate::verdict::is_affordable;
use crate::words;

use outcome::Identity;

/// A way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the ways")]
pub enum WayKind {
    HostNetwork,
    HostPort,
    NodePort,
    LoadBalancer,
    Ingress,
}

impl WayKind {
    /// All five, from the plainest on.
    pub const ALL: [Self; 5] =
        [Self::HostNetwork, Self::HostPort, Self::NodePort, Self::LoadBalancer, Self::Ingress];

    fn route(self) -> RouteKind {
        match self {
            Self::HostNetwork => RouteKind::HostNetwork,
            Self::HostPort => RouteKind::HostPort,
            Self::NodePort => RouteKind::NodePort,
            Self::LoadBalancer => RouteKind::LoadBalancer,
            Self::Ingress => RouteKind::Ingress,
        }
    }
}

/// A workload under one of the ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// Which one.
    pub kind: WayKind,
    /// The manifest does it so now. A manifest may use several ways at once.
    pub current: bool,
    /// The edits that make the text do it so, and no other way but an Ingress; `None` when it does, or when it cannot be said.
    pub fix: Option<Fix>,
    /// Why there is no fix, or why the rest is empty.
    pub unavailable: Option<Unavailable>,
    /// Pods of the workload that run.
    pub running: u32,
    /// Pods of the workload without a node.
    pub pending: u32,
    /// Pods of the workload that fail again and again.
    pub crashing: u32,
    /// URLs of this way that lead to the workload, each once; at most some dozens.
    pub urls: Vec<String>,
    /// URLs of other ways that are still open: node ports of a load balancer, an Ingress that was there before.
    pub other_urls: Vec<String>,
    /// What to know about the routes of this way, or why one has no URL.
    pub notes: Vec<Note>,
    /// After the loss of the node of its first pod; `None` when no pod has a node.
    pub lost_node: Option<LostNode>,
    /// After its first pod was deleted and made again.
    pub after_restart: Option<AfterRestart>,
}

/// A workload after the loss of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostNode {
    /// The node.
    pub node: String,
    /// Pods that run when all has settled.
    pub running: u32,
    /// Pods without a node then.
    pub pending: u32,
    /// Pods that fail again and again then.
    pub crashing: u32,
    /// URLs of before that still answer.
    pub urls: Vec<String>,
}

/// A workload after a pod was deleted and made again, by its controller or by another `kubectl apply`. Where several nodes are
/// equally good for the new pod it goes to another one than before: this shows what such a restart may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterRestart {
    /// The pod that was deleted: namespace/name.
    pub pod: String,
    /// URLs that answer no more.
    pub gone: Vec<String>,
    /// URLs that answer now.
    pub new: Vec<String>,
    /// How many nodes are equally good for the new pod.
    pub equal_nodes: u32,
}

/// Why the text cannot be rewritten, or was not tried. Worded in [`crate::words`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unavailable {
    /// The workload has no pod to look at.
    NoPods,
    /// Another text was applied since: edits would be of the wrong one.
    Updated,
    /// JSON or YAML in brackets, or what is to be changed stands in no text.
    NotEditable,
    /// No port is declared, and the image is not known.
    NoPorts,
    /// An Ingress speaks HTTP, and the port does not. Names its protocol.
    NotHttp(String),
    /// The API server refuses the result: its message.
    Refused(String),
    /// Too many pods and nodes to try so much.
    TooLarge,
}

/// The five ways for a workload, by its index in [`crate::Report::workloads`], in the order of [`WayKind::ALL`].
pub fn ways(input: &Input, workload: u32) -> Vec<Way> {
    let run = Run::of(input, Keep::None);
    let (list, index) = assemble::workloads(&run);
    let root = index.iter().find(|(_, at)| **at == workload).map(|(uid, _)| *uid);
    let target = root.and_then(|root| Target::of_root(input, &run, root));
    let found = list.get(workload as usize).map(Identity::of).zip(target);
    let Some((identity, target)) = found else {
        let none = |kind| Way { unavailable: Some(Unavailable::NoPods), ..Way::empty(kind) };
        return WayKind::ALL.map(none).into();
    };
    let affordable = is_affordable(&run, run.tally());
    let way = |kind| {
        let current = rewrite::is_current(&target, kind);
        let found = if !affordable {
            Err(Unavailable::TooLarge)
        } else if current {
            outcome::of(input, &identity, kind, &run).map_err(Unavailable::Refused)
        } else {
            rewritten(input, &target, &identity, kind)
        };
        let way = found.unwrap_or_else(|why| Way { unavailable: Some(why), ..Way::empty(kind) });
        Way { current, ..way }
    };
    WayKind::ALL.map(way).into()
}

/// Rewrites the text and simulates it.
fn rewritten(
    input: &Input,
    target: &Target<'_>,
    identity: &Identity,
    kind: WayKind,
) -> Result<Way, Unavailable> {
    if input.is_updated() {
        return Err(Unavailable::Updated);
    }
    let edits = edits::sorted(rewrite(target, kind)?).ok_or(Unavailable::NotEditable)?;
    let changed = Input { text: edits::apply(&input.text, &edits), ..input.clone() };
    let way = outcome::of(&changed, identity, kind, target.run).map_err(Unavailable::Refused)?;
    let title = words::use_way(kind, &target.name, Lang::En);
    Ok(Way { fix: Some(Fix { title, edits }), ..way })
}

impl Way {
    fn empty(kind: WayKind) -> Self {
        Self {
            kind,
            current: false,
            fix: None,
            unavailable: None,
            running: 0,
            pending: 0,
            crashing: 0,
            urls: Vec::new(),
            other_urls: Vec::new(),
            notes: Vec::new(),
            lost_node: None,
            after_restart: None,
        }
    }
}
