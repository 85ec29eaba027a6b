//! What is wrong with the text.

mod item;
mod list;

pub(crate) use list::problems;
