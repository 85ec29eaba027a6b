//! What a terminal would show.

mod command_line;
mod tab;
mod table;

pub(crate) use tab::kubectl_tab;
