//! How a default is set: Go's two ways of being absent, and quantities in canonical form.

use manifest::{Number, Tree, Value};

use crate::quantity::{canonical, canonical_resource};

/// Sets a field that is a pointer in Go: only when it is absent or null.
pub(super) fn missing(tree: &mut Tree, key: &str, value: impl Into<Value>) {
    if let Some(map) = tree.as_map_mut() {
        map.or_insert_with(key, || Tree::added(value));
    }
}

/// Sets a field that is no pointer in Go: also when it has its zero value.
pub(super) fn unset(tree: &mut Tree, key: &str, value: impl Into<Value>) {
    let Some(map) = tree.as_map_mut() else { return };
    if map.get(key).is_none_or(is_zero) {
        map.insert(key, Tree::added(value));
    }
}

/// Sets an absent field to an empty object, as Go has structs that are no pointers, and returns it.
pub(super) fn object<'a>(tree: &'a mut Tree, key: &str) -> Option<&'a mut Tree> {
    Some(tree.as_map_mut()?.or_insert_with(key, Tree::map))
}

/// Does something with each item of a list.
pub(super) fn each(tree: &mut Tree, key: &str, change: impl FnMut(&mut Tree)) {
    tree.get_mut(key).and_then(Tree::as_list_mut).into_iter().flatten().for_each(change);
}

/// Does something with a field that is there.
pub(super) fn inside(tree: &mut Tree, path: &[&str], change: impl FnOnce(&mut Tree)) {
    if let Some(field) = tree.at_mut(path) {
        change(field);
    }
}

/// Whether a value is what Go has when nothing was written.
pub(super) fn is_zero(tree: &Tree) -> bool {
    match &tree.value {
        Value::Null | Value::Bool(false) | Value::Number(Number::Int(0)) => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

/// Brings the values of a resource list to canonical form (QTY-3, QTY-4).
pub(super) fn resource_list(tree: &mut Tree, key: &str) {
    let entries = tree.get_mut(key).and_then(Tree::as_map_mut);
    for entry in entries.into_iter().flat_map(manifest::Map::iter_mut) {
        print(&mut entry.value, canonical_resource);
    }
}

/// Brings a single quantity to canonical form.
pub(super) fn quantity(tree: &mut Tree, key: &str) {
    if let Some(value) = tree.get_mut(key) {
        print(value, canonical);
    }
}

/// A quantity is read from string or number and returned as a string (QTY-2); null is nothing.
fn print(value: &mut Tree, canonical: fn(&str) -> String) {
    value.value = match &value.value {
        Value::String(text) => canonical(text).into(),
        Value::Number(number) => canonical(&number.to_string()).into(),
        Value::Null => "0".into(),
        _ => return,
    };
}
