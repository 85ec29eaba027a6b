//! The entries of a mapping while it is read: unique keys in the order of the text.

use std::collections::BTreeMap;

use crate::{Entry, Span};

/// From here on keys are looked up in an index.
const INDEXED: usize = 32;

/// Entries with unique keys; looking one up stays fast when there are many.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    list: Vec<Entry>,
    index: BTreeMap<String, usize>,
}

impl Entries {
    /// Adds an entry. One with the same key is replaced at its position: the place of its key is given back.
    pub(crate) fn set(&mut self, entry: Entry) -> Option<Span> {
        if let Some(at) = self.position(&entry.key) {
            return std::mem::replace(&mut self.list[at], entry).key_span;
        }
        self.list.push(entry);
        if self.list.len() > INDEXED {
            for (at, entry) in self.list.iter().enumerate().skip(self.index.len()) {
                self.index.insert(entry.key.clone(), at);
            }
        }
        None
    }

    fn position(&self, key: &str) -> Option<usize> {
        if self.index.is_empty() {
            return self.list.iter().position(|entry| entry.key == key);
        }
        self.index.get(key).copied()
    }

    /// The entries in the order of the text.
    pub(crate) fn into_vec(self) -> Vec<Entry> {
        self.list
    }
}
