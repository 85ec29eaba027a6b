//! The ways in from outside.

mod forwards;
mod row;
mod tab;

pub(crate) use tab::reach_tab;
