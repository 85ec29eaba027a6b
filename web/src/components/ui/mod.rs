//! Parts that several components share.

mod bar;
mod diff;
mod footer;
mod keys_panel;
mod line_button;
mod mark;
mod modal;
mod notice_bar;
mod pane_switch;
mod tabs;

pub(crate) use bar::bar;
pub(crate) use diff::diff;
pub(crate) use footer::footer;
pub(crate) use keys_panel::keys_panel;
pub(crate) use line_button::line_button;
pub(crate) use mark::{hue, letters, mark};
pub(crate) use modal::Modal;
pub(crate) use notice_bar::notice_bar;
pub(crate) use pane_switch::pane_switch;
pub(crate) use tabs::{tab_id, tabs};
