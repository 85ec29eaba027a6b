//! What is wrong with the text.

mod explanation;
mod item;
mod list;

pub(crate) use list::problems;
