//! The type check of `metadata` that kubectl does itself, before anything is sent (CLI-3).

use manifest::{Span, Tree, Value};

use crate::decode::time;

const STRINGS: [&str; 6] = ["generateName", "name", "namespace", "resourceVersion", "selfLink", "uid"];
const OWNER_STRINGS: [&str; 4] = ["apiVersion", "kind", "name", "uid"];

/// The first time that cannot be read. A time reads itself, and what it cannot read ends the decoding at once.
pub(super) fn times(tree: &Tree) -> Result<(), (String, Option<Span>)> {
    let Some(metadata) = tree.get("metadata") else { return Ok(()) };
    let times = ["creationTimestamp", "deletionTimestamp"].iter().filter_map(|key| metadata.get(key));
    for value in times {
        let read = match value.as_str() {
            Some(text) => time::check(text, time::SECONDS),
            None => Err(format!("json: cannot unmarshal {} into Go value of type string", json_type(value))),
        };
        read.map_err(|why| (why, value.span))?;
    }
    Ok(())
}

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
    let what = json_type(value);
    (format!("json: cannot unmarshal {what} into Go struct field {field} of type {wanted}"), value.span)
}

/// The type of a JSON value in the words of Go's decoder.
pub(super) fn json_type(value: &Tree) -> &'static str {
    match &value.value {
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) | Value::Null => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::{check, times};

    #[test]
    fn types_of_metadata() {
        let table = [
            ("{name: a, creationTimestamp: null, labels: {a: b}}", None),
            ("{creationTimestamp: '2024-01-01T00:00:00Z'}", None),
            (
                "{annotations: {a: 1}, creationTimestamp: yesterday}",
                Some(
                    "parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"yesterday\" as \"2006\"",
                ),
            ),
            ("{deletionTimestamp: 5}", Some("json: cannot unmarshal number into Go value of type string")),
            (
                "{labels: {a: true}}",
                Some(
                    "json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string",
                ),
            ),
        ];
        for (metadata, expected) in table {
            let document = manifest::parse(&format!("metadata: {metadata}")).documents.remove(0);
            let tree = document.content.expect("the text is YAML");
            let found = times(&tree).and_then(|()| check(&tree));
            assert_eq!(found.err().map(|(why, _)| why).as_deref(), expected, "{metadata}");
        }
    }
}
