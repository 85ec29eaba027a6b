//! What is read from a request: strict decoding of the text, and the typed form of the finished tree.

pub(crate) mod custom;
pub(crate) mod nulls;
pub mod strict;
mod time;
pub mod typed;
