//! The head of the page.

mod bar;
mod examples_menu;
mod node_count;
mod share_menu;

pub(crate) use bar::header;
pub(crate) use share_menu::share_link;
