//! Validation of custom resources by the schema of their CustomResourceDefinition, in the words of the API server's OpenAPI
//! validator.
//!
//! DIFFERENCE: the rules of `x-kubernetes-validations` are not looked at, for CEL is a language of its own; nor are `allOf`, `anyOf`,
//! `oneOf` and `not`, and the formats that are not in [`super::custom_text`].

use manifest::sorted::SortedSet;
use manifest::{Map, Number, Tree, Value};

use super::codes;
use super::custom_text;
use super::errors::Errors;
use super::field::Field;
use crate::codes::WRONG_TYPE;

/// Checks a value and what is inside. Metadata is checked by rules of its own.
pub(super) fn value(errors: &mut Errors, schema: &Tree, field: &Field<'_>) {
    let Some(tree) = field.tree() else { return };
    if !has_type(errors, schema, field, tree) {
        return;
    }
    match &tree.value {
        Value::String(text) => custom_text::check(errors, schema, field, text),
        Value::Number(number) => bounds(errors, schema, field, *number),
        Value::List(items) => list(errors, schema, field, items.len()),
        _ => {}
    }
    let allowed = schema.list_at(&["enum"]);
    if !allowed.is_empty() && !allowed.iter().any(|value| value.value == tree.value) {
        let values: Vec<String> = allowed
            .iter()
            .map(|value| value.as_str().map_or_else(|| value.to_json(), str::to_owned))
            .collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        errors.unsupported(field, &field.json(), &values);
    }
    if let Value::Map(map) = &tree.value {
        properties(errors, schema, field, map.len());
        for name in schema.list_at(&["required"]).iter().filter_map(Tree::as_str) {
            if map.get(name).is_none() {
                errors.required(&field.child(name), "");
            }
        }
        for entry in map.sorted() {
            let known = schema.at(&["properties", &entry.key]).or(schema.get("additionalProperties"));
            let is_metadata = field.path().is_empty() && entry.key == "metadata";
            if let Some(schema) = known.filter(|_| !is_metadata) {
                value(errors, schema, &field.child(&entry.key));
            }
        }
    }
}

/// Whether the value is of the schema's type.
fn has_type(errors: &mut Errors, schema: &Tree, field: &Field<'_>, tree: &Tree) -> bool {
    let found = match &tree.value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(Number::Float(_)) => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
    };
    let either = is_true(schema, "x-kubernetes-int-or-string");
    let wanted = schema.str_at(&["type"]);
    let fits = match wanted {
        _ if found == "null" && is_true(schema, "nullable") => true,
        _ if either => matches!(found, "integer" | "string"),
        "number" => matches!(found, "number" | "integer"),
        _ => wanted.is_empty() || wanted == found,
    };
    if !fits {
        let wanted = if either { "integer,string" } else { wanted };
        let detail = format!("{} in body must be of type {wanted}: \"{found}\"", field.path());
        errors.invalid(field, WRONG_TYPE, &format!("\"{found}\""), &detail);
    }
    fits
}

fn is_true(schema: &Tree, key: &str) -> bool {
    schema.get(key).and_then(Tree::as_bool) == Some(true)
}

/// A limit of the schema that is a natural number.
pub(super) fn limit(schema: &Tree, key: &str) -> Option<usize> {
    usize::try_from(schema.get(key)?.as_i64()?).ok()
}

fn properties(errors: &mut Errors, schema: &Tree, field: &Field<'_>, count: usize) {
    let mut report = |what: &str, limit: usize| {
        let detail = format!("{} in body should have at {what} {limit} properties", field.path());
        errors.invalid(field, codes::FORMAT, &count.to_string(), &detail);
    };
    if let Some(most) = limit(schema, "maxProperties").filter(|&most| count > most) {
        report("most", most);
    }
    if let Some(least) = limit(schema, "minProperties").filter(|&least| count < least) {
        report("least", least);
    }
}

/// Lists that are sets or maps hold nothing twice (`x-kubernetes-list-type`). The server looks at this last.
pub(super) fn list_types(errors: &mut Errors, schema: &Tree, field: &Field<'_>) {
    let items = field.items();
    let keys = schema.list_at(&["x-kubernetes-list-map-keys"]);
    let identity = |item: &Field<'_>| match schema.str_at(&["x-kubernetes-list-type"]) {
        "set" => Some(item.json()),
        "map" => {
            let key = |key: &str| Some((key.to_owned(), item.tree()?.get(key)?.clone()));
            Some(Tree::added(keys.iter().filter_map(Tree::as_str).filter_map(key).collect::<Map>()).to_json())
        }
        _ => None,
    };
    let mut seen = SortedSet::new();
    for item in &items {
        if let Some(identity) = identity(item)
            && !seen.insert(identity.clone())
        {
            errors.duplicate(item, &identity, "");
        }
        if let Some(schema) = schema.get("items") {
            list_types(errors, schema, item);
        }
    }
    for entry in field.tree().and_then(Tree::as_map).into_iter().flat_map(Map::sorted) {
        if let Some(schema) = schema.at(&["properties", &entry.key]).or(schema.get("additionalProperties")) {
            list_types(errors, schema, &field.child(&entry.key));
        }
    }
}

fn list(errors: &mut Errors, schema: &Tree, field: &Field<'_>, count: usize) {
    if let Some(most) = limit(schema, "maxItems").filter(|&most| count > most) {
        errors.too_many(field, count, most);
    }
    if let Some(least) = limit(schema, "minItems").filter(|&least| count < least) {
        let detail = format!("{} in body should have at least {least} items", field.path());
        errors.invalid(field, codes::FORMAT, &count.to_string(), &detail);
    }
    if let Some(item) = schema.get("items") {
        field.items().iter().for_each(|field| value(errors, item, field));
    }
}

fn bounds(errors: &mut Errors, schema: &Tree, field: &Field<'_>, number: Number) {
    // The validator itself compares floats.
    let float = |number: Number| match number {
        Number::Int(value) => value as f64,
        Number::Uint(value) => value as f64,
        Number::Float(value) => value,
    };
    let of = |key: &str| match schema.get(key)?.value {
        Value::Number(limit) => Some(limit),
        _ => None,
    };
    let exclusive = |key: &str| is_true(schema, key);
    let mut report = |what: &str, limit: Number| {
        let detail = format!("{} in body should be {what} {limit}", field.path());
        errors.invalid(field, codes::NUMBER_RANGE, &number.to_string(), &detail);
    };
    let value = float(number);
    match of("multipleOf") {
        Some(step) if float(step) > 0.0 && value % float(step) != 0.0 => report("a multiple of", step),
        _ => {}
    }
    match of("minimum") {
        Some(least) if exclusive("exclusiveMinimum") && value <= float(least) => {
            report("greater than", least);
        }
        Some(least) if value < float(least) => report("greater than or equal to", least),
        _ => {}
    }
    match of("maximum") {
        Some(most) if exclusive("exclusiveMaximum") && value >= float(most) => report("less than", most),
        Some(most) if value > float(most) => report("less than or equal to", most),
        _ => {}
    }
}
