//! What a terminal would show.

mod tab;
mod table;

pub(crate) use tab::kubectl_tab;
