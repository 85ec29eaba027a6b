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

pub(crate) use bar::Bar;
pub(crate) use diff::Diff;
pub(crate) use footer::Footer;
pub(crate) use keys_panel::KeysPanel;
pub(crate) use line_button::LineButton;
pub(crate) use mark::{Mark, hue, letters};
pub(crate) use modal::Modal;
pub(crate) use notice_bar::NoticeBar;
pub(crate) use pane_switch::PaneSwitch;
pub(crate) use tabs::Tabs;
