//! kube-scheduler: the framework, one file per plugin, and a trace of every decision.

mod attempt;

pub use attempt::{Attempt, Code, PluginScores, Preemption, Rejection, Score};
