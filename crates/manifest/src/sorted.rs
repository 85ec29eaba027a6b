//! Maps and sets that keep their keys sorted in a vector.
//!
//! The page downloads every instance of a generic container as machine code, and a B-tree costs several kilobytes for each
//! pair of types. A sorted vector does the same for a tenth of that. Most maps here are small (labels, resources) or grow
//! at the end (objects by ascending uid), and appending is O(1); inserting elsewhere moves what follows, so large maps with
//! keys in random order and large values stay with `std::collections::BTreeMap`.
//!
//! The interface is the part of `BTreeMap` and `BTreeSet` that is used, with the same meaning.

mod map;
mod set;

pub use map::{Entry, Iter, SortedMap};
pub use set::SortedSet;
