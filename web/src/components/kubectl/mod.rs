//! What a terminal would show.

mod command_line;
mod listing;
mod tab;

pub(crate) use tab::kubectl_tab;
