//! Text to documents to spanned value trees, exactly as kubectl reads YAML and JSON.
//!
//! The entry point is [`parse`]; [`decode`] turns the bytes of a file into its text first. Neither panics: a broken document
//! carries its [`SyntaxError`] and the others still count. [`Tree`] is the value tree that every later stage works on;
//! [`Diagnostic`] is how every stage speaks to the user. [`to_yaml`] writes a tree, and [`cursor()`] tells where a caret stands.

pub mod base64;
pub mod codes;
mod cursor;
mod decode;
mod diagnostic;
mod documents;
pub mod json;
pub mod sorted;
mod span;
mod syntax_error;
mod tree;
mod yaml;

pub use cursor::{Cursor, Slot, Step, cursor};
pub use decode::decode;
pub use diagnostic::{Diagnostic, Fix, Lang, Severity, Text, TextEdit};
pub use documents::{Document, MAX_TEXT, Parsed, parse};
pub use span::{LineColumn, LineIndex, Span};
pub use syntax_error::SyntaxError;
pub use tree::{Entry, Map, Number, Tree, Value};
pub use yaml::{Line, to_yaml};
