//! kube-scheduler: the framework, one file per plugin, and a trace of every decision.
//!
//! [`Scheduler`] is told of nodes and placed pods and runs one cycle at a time; [`Queue`] says which pod is next.

mod attempt;
mod cache;
mod class;
mod cycle;
mod failure;
mod listers;
mod ln;
mod message;
mod plugins;
mod queue;
mod resources;
mod scheduler;
#[cfg(test)]
mod testing;
mod verdict;

pub use attempt::{Attempt, Code, PluginScores, Preemption, Rejection, Score};
pub use listers::{DisruptionBudget, Listers};
pub use queue::{ClusterEvent, Popped, Queue};
pub use scheduler::{Options, Scheduler, Trace};
