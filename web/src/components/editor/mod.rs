//! The manifest.

mod pane;

pub(crate) use pane::EditorPane;
