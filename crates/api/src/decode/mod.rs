//! What is read from a request: strict decoding of the text, and the typed form of the finished tree.

pub(crate) mod custom;
pub(crate) mod nulls;
pub mod strict;
pub(crate) mod time;
pub mod typed;

/// Whether a text is a time of RFC 3339, as Go reads it.
pub(crate) fn is_time(text: &str) -> bool {
    time::check(text, time::SECONDS).is_ok()
}
