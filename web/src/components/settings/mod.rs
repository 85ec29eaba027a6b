//! The simulated cluster.

mod lists;
mod node;
mod panel;

pub(crate) use panel::settings_panel;
