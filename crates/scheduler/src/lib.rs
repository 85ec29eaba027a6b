//! kube-scheduler: the framework, one file per plugin, and a trace of every decision.

mod attempt;
mod listers;
mod queue;
mod scheduler;

pub use attempt::{Attempt, Code, PluginScores, Preemption, Rejection, Score};
pub use listers::{DisruptionBudget, Listers};
pub use queue::{ClusterEvent, Popped, Queue};
pub use scheduler::{Options, Scheduler, Trace};
