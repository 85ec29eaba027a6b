//! The control loop over time and `analyze`: the only door for the page and the command line.

mod analyze;
mod assemble;
mod blocker;
mod edits;
mod export;
mod fixes;
mod input;
mod kubectl;
mod offers;
mod places;
mod probe;
mod report;
mod requests;
pub mod simulation;
mod steps;
mod stored;
mod target;
#[cfg(test)]
mod tests;
mod verdict;
mod ways;
pub mod words;

pub use analyze::{analyze, analyze_files};
pub use api::help::{About, Choice, Help, help};
pub use api::kubectl::File;

pub use export::{Export, export};
pub use input::{Action, ClusterSpec, IngressExposure, Input, LoadBalancer, NodeOverride, NodeShape};
pub use kubectl::{KubectlAnswer, kubectl};
pub use manifest::sorted::SortedMap;
pub use manifest::{Diagnostic, Fix, Lang, LineColumn, LineIndex, Severity, Span, TextEdit, decode};
pub use probe::{Hop, HopKind, Outcome, Place, Probe, Rewrite, UrlError, probe, way};
pub use reach::{Entrance, Forward, Note, PathMatch, Route, RouteKind, RouteState, Rule};
pub use report::{
    Blocker, Certainty, EventReport, HostPortUse, KubectlOutput, Loss, MAX_LISTED_PODS, NodeReport,
    NodesOutcome, Offer, OfferKind, PodChange, PodPlace, PodReport, Report, StepReport, StoredLine,
    StoredObject, Usage, Verdict, WorkloadReport,
};
pub use scheduler::{Attempt, Code, PluginScores, Preemption, Rejection, Score};
pub use ways::{AfterRestart, LostNode, Unavailable, Way, WayKind, ways};
