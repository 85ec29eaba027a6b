//! The values that all kinds are made of. Absent, null and of the wrong type all read as the zero value.

use manifest::Tree;

use crate::int_or_string::IntOrString;
use crate::labels::{Labels, Operator, Requirement, Selector};
use crate::quantity::Quantity;
use crate::types::ResourceList;

/// A string.
pub(super) fn text(tree: &Tree, key: &str) -> String {
    tree.str_at(&[key]).to_owned()
}

/// A boolean.
pub(super) fn flag(tree: &Tree, key: &str) -> bool {
    tree.get(key).and_then(Tree::as_bool).unwrap_or(false)
}

/// An integer of any size, or `otherwise` when it is absent or does not fit.
pub(super) fn int<T: TryFrom<i64>>(tree: &Tree, key: &str, otherwise: T) -> T {
    option_int(tree, key).unwrap_or(otherwise)
}

/// An integer that may be absent.
pub(super) fn option_int<T: TryFrom<i64>>(tree: &Tree, key: &str) -> Option<T> {
    tree.get(key)?.as_i64()?.try_into().ok()
}

/// A list of objects.
pub(super) fn list<T>(tree: &Tree, key: &str, item: impl Fn(&Tree) -> T) -> Vec<T> {
    tree.list_at(&[key]).iter().map(item).collect()
}

/// A list of strings.
pub(super) fn texts(tree: &Tree, key: &str) -> Vec<String> {
    list(tree, key, |item| item.as_str().unwrap_or("").to_owned())
}

/// A map of strings.
pub(super) fn labels(tree: Option<&Tree>) -> Labels {
    // In the order of the keys, so that each is appended.
    let entries = tree.and_then(Tree::as_map).map(manifest::Map::sorted).unwrap_or_default().into_iter();
    entries.map(|entry| (entry.key.clone(), entry.value.as_str().unwrap_or("").to_owned())).collect()
}

/// A number or a name.
pub(super) fn int_or_string(tree: &Tree, key: &str) -> Option<IntOrString> {
    let value = tree.get(key)?;
    match value.as_str() {
        Some(text) => Some(IntOrString::String(text.to_owned())),
        None => value.as_i64()?.try_into().ok().map(IntOrString::Int),
    }
}

/// A quantity, written as string or number (QTY-2).
pub(super) fn quantity(tree: Option<&Tree>) -> Quantity {
    let text = tree.map(|tree| tree.as_str().map_or_else(|| tree.to_json(), str::to_owned));
    text.and_then(|text| Quantity::parse(&text).ok()).unwrap_or_default()
}

/// Amounts by resource name.
pub(super) fn resource_list(tree: &Tree, key: &str) -> ResourceList {
    let entries = tree.get(key).and_then(Tree::as_map).into_iter().flatten();
    entries.map(|entry| (entry.key.clone(), quantity(Some(&entry.value)))).collect()
}

/// The `metav1.LabelSelector` below `key`; `None` when absent.
pub fn selector(tree: &Tree, key: &str) -> Option<Selector> {
    let tree = tree.get(key)?;
    let mut selector = Selector::from_labels(&labels(tree.get("matchLabels")));
    selector.requirements.extend(requirements(tree, "matchExpressions"));
    Some(selector)
}

/// Requirements of a label or node selector.
pub(super) fn requirements(tree: &Tree, key: &str) -> Vec<Requirement> {
    list(tree, key, |item| Requirement {
        key: text(item, "key"),
        operator: match item.str_at(&["operator"]) {
            "NotIn" => Operator::NotIn,
            "Exists" => Operator::Exists,
            "DoesNotExist" => Operator::DoesNotExist,
            "Gt" => Operator::Gt,
            "Lt" => Operator::Lt,
            _ => Operator::In,
        },
        values: texts(item, "values"),
    })
}
