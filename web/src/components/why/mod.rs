//! The scheduler's decision about one pod.

mod filters;
mod reason;
mod scores;
mod tab;

pub(crate) use tab::why_tab;
