//! What is seen: one component a file, with its stylesheet beside it.

pub(crate) mod cluster;
pub(crate) mod editor;
pub(crate) mod header;
pub(crate) mod kubectl;
pub(crate) mod problems;
pub(crate) mod reach;
pub(crate) mod settings;
pub(crate) mod timeline;
pub(crate) mod ui;
pub(crate) mod verdict;
pub(crate) mod why;
