//! The ways in from outside.

mod compare;
mod forwards;
mod picture;
mod row;
mod tab;
mod tester;

pub(crate) use tab::reach_tab;
