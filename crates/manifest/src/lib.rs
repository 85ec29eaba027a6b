//! Text to documents to spanned value trees, exactly as kubectl reads YAML and JSON.
//!
//! The entry point is [`parse`]. It never fails: a broken document carries its [`SyntaxError`] and the others still count.
//! [`Tree`] is the value tree that every later stage works on; [`Diagnostic`] is how every stage speaks to the user.

mod diagnostic;
mod span;
mod tree;

pub use diagnostic::{Diagnostic, Fix, Lang, Severity, Text, TextEdit};
pub use span::{LineColumn, LineIndex, Span};
pub use tree::{Entry, Map, Number, Tree, Value};
