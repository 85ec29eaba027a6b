//! The type check of `metadata` that kubectl does itself, before anything is sent (CLI-3).

use manifest::{Span, Tree, Value};

const STRINGS: [&str; 6] = ["generateName", "name", "namespace", "resourceVersion", "selfLink", "uid"];
const OWNER_STRINGS: [&str; 4] = ["apiVersion", "kind", "name", "uid"];

/// The first field that does not decode, with its place. Fields are met in the order of the JSON: sorted.
pub(super) fn check(tree: &Tree) -> Result<(), (String, Option<Span>)> {
    let Some(metadata) = tree.get("metadata") else { return Ok(()) };
    let Some(map) = metadata.as_map() else {
        return Err(mismatch(metadata, "PartialObjectMetadata.metadata", "v1.ObjectMeta"));
    };
    for entry in map.sorted() {
        let (value, field) = (&entry.value, format!("ObjectMeta.metadata.{}", entry.key));
        match entry.key.as_str() {
            key if STRINGS.contains(&key) => string(value, &field)?,
            "annotations" | "labels" => match &value.value {
                Value::Null => {}
                Value::Map(map) => {
                    map.sorted().into_iter().try_for_each(|entry| string(&entry.value, &field))?;
                }
                _ => return Err(mismatch(value, &field, "map[string]string")),
            },
            "finalizers" => match &value.value {
                Value::Null => {}
                Value::List(items) => items.iter().try_for_each(|item| string(item, &field))?,
                _ => return Err(mismatch(value, &field, "[]string")),
            },
            "generation" | "deletionGracePeriodSeconds" if value.as_i64().is_none() && !value.is_null() => {
                return Err(mismatch(value, &field, "int64"));
            }
            "ownerReferences" => owners(value, &field)?,
            _ => {}
        }
    }
    Ok(())
}

fn owners(value: &Tree, field: &str) -> Result<(), (String, Option<Span>)> {
    let items = match &value.value {
        Value::Null => return Ok(()),
        Value::List(items) => items,
        _ => return Err(mismatch(value, field, "[]v1.OwnerReference")),
    };
    for item in items {
        let Some(map) = item.as_map() else { return Err(mismatch(item, field, "v1.OwnerReference")) };
        for entry in map.sorted() {
            let field = format!("OwnerReference.metadata.ownerReferences.{}", entry.key);
            let (key, value) = (entry.key.as_str(), &entry.value);
            if OWNER_STRINGS.contains(&key) {
                string(value, &field)?;
            } else if matches!(key, "controller" | "blockOwnerDeletion")
                && value.as_bool().is_none()
                && !value.is_null()
            {
                return Err(mismatch(value, &field, "bool"));
            }
        }
    }
    Ok(())
}

fn string(value: &Tree, field: &str) -> Result<(), (String, Option<Span>)> {
    if value.as_str().is_some() || value.is_null() { Ok(()) } else { Err(mismatch(value, field, "string")) }
}

fn mismatch(value: &Tree, field: &str, wanted: &str) -> (String, Option<Span>) {
    let what = match &value.value {
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) | Value::Null => "object",
    };
    (format!("json: cannot unmarshal {what} into Go struct field {field} of type {wanted}"), value.span)
}
