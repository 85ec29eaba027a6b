//! What is read from a request: strict decoding of the text, and the typed form of the finished tree.

pub mod strict;
mod time;
pub mod typed;
