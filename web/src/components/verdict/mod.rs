//! The one sentence about the whole, and what would help.

mod offer;
mod pane;

pub(crate) use pane::verdict_pane;
