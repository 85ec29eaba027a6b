//! The ways in from outside.

mod row;
mod tab;

pub(crate) use tab::reach_tab;
