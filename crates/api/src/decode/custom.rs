//! Unknown fields of custom resources: what the schema of the CustomResourceDefinition does not name would be pruned, and strict
//! decoding refuses it (DEC-1).

use manifest::Tree;

use super::strict::{DecodeError, Problem, rename};
use crate::codes;
use crate::schema::closest;
use crate::server::quote;

/// Fields that every object has, whatever the schema says.
const OBJECT: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Checks an object against `openAPIV3Schema`.
pub(crate) fn strict(tree: &Tree, schema: &Tree) -> Result<(), DecodeError> {
    let mut problems = Vec::new();
    walk(tree, schema, "", true, &mut problems);
    if problems.is_empty() {
        return Ok(());
    }
    problems.sort_by(|one, other| one.path.cmp(&other.path));
    let texts: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    Err(DecodeError { message: format!("strict decoding error: {}", texts.join(", ")), problems })
}

fn walk(tree: &Tree, schema: &Tree, path: &str, is_object: bool, problems: &mut Vec<Problem>) {
    let is_true = |key: &str| schema.get(key).and_then(Tree::as_bool) == Some(true);
    if let (Some(items), Some(item)) = (tree.as_list(), schema.get("items")) {
        for (index, value) in items.iter().enumerate() {
            walk(value, item, &format!("{path}[{index}]"), false, problems);
        }
    }
    let Some(map) = tree.as_map() else { return };
    let is_object = is_object || is_true("x-kubernetes-embedded-resource");
    let additional = schema.get("additionalProperties");
    for entry in map.sorted() {
        if is_object && OBJECT.contains(&&*entry.key) {
            continue;
        }
        let below = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
        let known =
            schema.at(&["properties", &entry.key]).or(additional.filter(|schema| schema.as_map().is_some()));
        match known {
            Some(schema) => walk(&entry.value, schema, &below, false, problems),
            None if is_true("x-kubernetes-preserve-unknown-fields")
                || additional.and_then(Tree::as_bool) == Some(true) => {}
            None => {
                let names = schema.get("properties").and_then(Tree::as_map).into_iter().flatten();
                let meant = closest(&entry.key, names.map(|property| &*property.key));
                let fix = entry.key_span.zip(meant).and_then(|(span, name)| rename(&entry.key, name, span));
                problems.push(Problem {
                    message: format!("unknown field {}", quote(&below)),
                    path: below,
                    code: codes::UNKNOWN_FIELD,
                    span: entry.key_span,
                    fix,
                });
            }
        }
    }
}
