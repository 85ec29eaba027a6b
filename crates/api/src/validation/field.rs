//! A place in an object: its path as Kubernetes prints it, and the tree node there, so that the place in the text is known.

use manifest::{Span, Tree};

use crate::defaults::{is_dropped, is_user_map};

/// The text as Go's `%q` prints it.
pub(crate) fn quote(text: &str) -> String {
    crate::server::quote(text)
}

/// A field, present or not (ERR-FMT-4, ERR-FMT-12).
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    path: String,
    tree: Option<&'a Tree>,
    /// The value's own place, or that of the nearest existing parent.
    span: Option<Span>,
    /// Where the key of a map entry stands.
    key_span: Option<Span>,
}

impl<'a> Field<'a> {
    /// The object itself: an empty path.
    pub(crate) fn root(tree: &'a Tree) -> Self {
        Self { path: String::new(), tree: Some(tree), span: tree.span, key_span: None }
    }

    /// The path.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Where to point: the value, or the nearest existing parent.
    pub(crate) fn span(&self) -> Option<Span> {
        self.span
    }

    /// Where the key stands, if this is the entry of a map reached by [`Field::key`].
    pub(crate) fn key_span(&self) -> Option<Span> {
        self.key_span
    }

    /// The tree node, if the field is set (null is not).
    pub(crate) fn tree(&self) -> Option<&'a Tree> {
        self.tree
    }

    fn extended(&self, segment: &str) -> String {
        if self.path.is_empty() { segment.to_owned() } else { format!("{}.{segment}", self.path) }
    }

    fn step(&self, path: String, tree: Option<&'a Tree>) -> Self {
        Self { path, tree, span: tree.and_then(|tree| tree.span).or(self.span), key_span: None }
    }

    /// A field of this object.
    pub(crate) fn child(&self, name: &str) -> Self {
        self.step(self.extended(name), self.tree.and_then(|tree| tree.get(name)))
    }

    /// A field several levels down: `at("spec.template.spec")`.
    pub(crate) fn at(&self, path: &str) -> Self {
        path.split('.').fold(self.clone(), |field, name| field.child(name))
    }

    /// This field under the path that Kubernetes prints where it departs from the real one: relative to `parent`, named `name`.
    pub(crate) fn shown_as(&self, parent: &Field<'_>, name: &str) -> Self {
        Self { path: parent.extended(name), ..self.clone() }
    }

    /// This field under another path.
    pub(crate) fn with_path(&self, path: impl Into<String>) -> Self {
        Self { path: path.into(), ..self.clone() }
    }

    /// The path of item `index` of a list, with the item when there is one.
    pub(crate) fn index(&self, index: usize) -> Self {
        self.step(format!("{}[{index}]", self.path), self.list().get(index))
    }

    /// The path of `key` in a map, with its value when there is one.
    pub(crate) fn key(&self, key: &str) -> Self {
        let entry = self.tree.and_then(Tree::as_map).and_then(|map| map.entry(key));
        let mut field = self.step(format!("{}[{key}]", self.path), entry.map(|entry| &entry.value));
        field.key_span = entry.and_then(|entry| entry.key_span);
        field
    }

    /// The items of a list with their paths.
    pub(crate) fn items(&self) -> Vec<Field<'a>> {
        let item = |(index, tree): (usize, &'a Tree)| {
            let tree = Some(tree).filter(|tree| !tree.is_null());
            self.step(format!("{}[{index}]", self.path), tree)
        };
        self.list().iter().enumerate().map(item).collect()
    }

    /// The entries of a map sorted by key: what Kubernetes leaves to Go's random order is sorted here.
    pub(crate) fn entries(&self) -> Vec<(&'a str, Field<'a>)> {
        let Some(map) = self.tree.and_then(Tree::as_map) else { return Vec::new() };
        map.sorted()
            .into_iter()
            .filter(|entry| !entry.value.is_null())
            .map(|entry| (entry.key.as_str(), self.key(&entry.key)))
            .collect()
    }

    fn list(&self) -> &'a [Tree] {
        self.tree.and_then(Tree::as_list).unwrap_or(&[])
    }

    /// Whether the field is set.
    pub(crate) fn exists(&self) -> bool {
        self.tree.is_some()
    }

    /// Number of items or entries.
    pub(crate) fn len(&self) -> usize {
        self.tree.and_then(Tree::as_map).map_or(self.list().len(), manifest::Map::len)
    }

    /// Whether there is no item, no entry or no text.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0 && self.str().is_empty()
    }

    /// The string; empty when it is not set.
    pub(crate) fn str(&self) -> &'a str {
        self.tree.and_then(Tree::as_str).unwrap_or("")
    }

    /// The integer, if it is set.
    pub(crate) fn int(&self) -> Option<i64> {
        self.tree.and_then(Tree::as_i64)
    }

    /// The integer as Go has it: 0 when it is not set.
    pub(crate) fn number(&self) -> i64 {
        self.int().unwrap_or(0)
    }

    /// The boolean, if it is set.
    pub(crate) fn bool(&self) -> Option<bool> {
        self.tree.and_then(Tree::as_bool)
    }

    /// Whether the boolean is set and true.
    pub(crate) fn is_true(&self) -> bool {
        self.bool() == Some(true)
    }

    /// The string items of a list.
    pub(crate) fn strings(&self) -> Vec<&'a str> {
        self.list().iter().filter_map(Tree::as_str).collect()
    }

    /// The string, quoted as in Go.
    pub(crate) fn quoted(&self) -> String {
        quote(self.str())
    }

    /// A string that has a type of its own in Go: as JSON, empty when it is not set (ERR-FMT-2).
    pub(crate) fn enumerated(&self) -> String {
        self.tree.map_or_else(|| "\"\"".to_owned(), Tree::to_json)
    }

    /// The value as JSON; `null` when it is not set.
    pub(crate) fn json(&self) -> String {
        self.tree.map_or_else(|| "null".to_owned(), Tree::to_json)
    }
}

/// Whether two fields hold the same: absent equals absent, and empty lists and maps equal absent ones, as in
/// Kubernetes' semantic equality.
pub(crate) fn same(a: &Field<'_>, b: &Field<'_>) -> bool {
    equal(a.tree(), b.tree())
}

/// [`same`] for trees.
pub(crate) fn equal(a: Option<&Tree>, b: Option<&Tree>) -> bool {
    equal_below("", a, b)
}

/// [`equal`] for what stands below `key`: fields that are not written down are absent, keys of the user's own are not.
fn equal_below(key: &str, a: Option<&Tree>, b: Option<&Tree>) -> bool {
    let filled = |tree: &&Tree| {
        !(tree.is_null()
            || tree.as_list().is_some_and(<[Tree]>::is_empty)
            || tree.as_map().is_some_and(manifest::Map::is_empty))
    };
    let (a, b) = match (a.filter(filled), b.filter(filled)) {
        (Some(a), Some(b)) => (a, b),
        (a, b) => return a.is_none() == b.is_none(),
    };
    let written = |map: &manifest::Map, name: &str| {
        map.get(name).is_some_and(|value| is_user_map(key) || !is_dropped(name, value))
    };
    match (a.as_map(), b.as_map(), a.as_list(), b.as_list()) {
        (Some(left), Some(right), ..) => {
            left.iter()
                .filter(|entry| written(left, &entry.key))
                .all(|entry| equal_below(&entry.key, Some(&entry.value), right.get(&entry.key)))
                && right
                    .iter()
                    .filter(|entry| written(right, &entry.key) && !written(left, &entry.key))
                    .all(|entry| equal_below(&entry.key, None, Some(&entry.value)))
        }
        (None, None, Some(left), Some(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| equal_below("", Some(left), Some(right)))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use manifest::{Entry, Map, Value};

    fn sample() -> Tree {
        let port = Tree { value: Value::from(80), span: Some(Span::new(10, 12)) };
        let mut ports = Map::default();
        ports.insert_entry(Entry { key: "port".into(), key_span: Some(Span::new(4, 8)), value: port });
        let list = Tree {
            value: Value::from(vec![Tree { value: ports.into(), span: Some(Span::new(4, 12)) }]),
            span: None,
        };
        Tree::added(Map::from_iter([("ports".to_owned(), list)]))
    }

    #[test]
    fn paths_and_places_go_together() {
        let tree = sample();
        let item = &Field::root(&tree).child("ports").items()[0];
        assert_eq!(item.child("port").path(), "ports[0].port");
        assert_eq!(item.child("port").span(), Some(Span::new(10, 12)));
        assert_eq!(item.child("name").span(), Some(Span::new(4, 12)), "nearest existing parent");
        assert_eq!(item.key("port").key_span(), Some(Span::new(4, 8)));
        assert_eq!(item.key("port").path(), "ports[0][port]");
    }

    #[test]
    fn empty_equals_absent() {
        assert!(equal(Some(&Tree::map()), None));
        let mut with_empty = sample();
        with_empty.as_map_mut().unwrap().insert("labels", Tree::map());
        assert!(equal(Some(&with_empty), Some(&sample())));
        assert!(!equal(Some(&sample()), None));
    }
}
