//! What happens to the cluster: actions, what each changed, and what the loss of a node would mean.

mod acts;
mod form;
mod losses;
mod steps;
mod tab;

pub(crate) use acts::{Act, Target};
pub(crate) use tab::timeline_tab;
