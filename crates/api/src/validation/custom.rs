//! Validation of custom resources by the schema of their CustomResourceDefinition, in the words of the API server's OpenAPI
//! validator.
//!
//! DIFFERENCE: `pattern`, `format` and the rules of `x-kubernetes-validations` are not looked at: they need engines for regular
//! expressions and CEL that are larger than the page.

use manifest::{Number, Tree, Value};

use super::codes;
use super::errors::Errors;
use super::field::Field;
use crate::codes::WRONG_TYPE;

/// Checks a value and what is inside. Metadata is checked by rules of its own.
pub(super) fn value(errors: &mut Errors, schema: &Tree, field: &Field<'_>) {
    let Some(tree) = field.tree() else { return };
    if !has_type(errors, schema, field, tree) {
        return;
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
    match &tree.value {
        Value::String(text) => length(errors, schema, field, text),
        Value::Number(number) => bounds(errors, schema, field, *number),
        Value::List(items) => list(errors, schema, field, items.len()),
        Value::Map(map) => {
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
        Value::Null | Value::Bool(_) => {}
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
    let either = schema.get("x-kubernetes-int-or-string").and_then(Tree::as_bool) == Some(true);
    let wanted = schema.str_at(&["type"]);
    let fits = match wanted {
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

fn limit(schema: &Tree, key: &str) -> Option<usize> {
    usize::try_from(schema.get(key)?.as_i64()?).ok()
}

fn length(errors: &mut Errors, schema: &Tree, field: &Field<'_>, text: &str) {
    let length = text.chars().count();
    if let Some(most) = limit(schema, "maxLength").filter(|&most| length > most) {
        errors.too_long(field, most);
    }
    if let Some(least) = limit(schema, "minLength").filter(|&least| length < least) {
        let detail = format!("{} in body should be at least {least} chars long", field.path());
        errors.invalid(field, codes::FORMAT, &field.quoted(), &detail);
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
    let exclusive = |key: &str| schema.get(key).and_then(Tree::as_bool) == Some(true);
    let mut report = |what: &str, limit: Number| {
        let detail = format!("{} in body should be {what} {limit}", field.path());
        errors.invalid(field, codes::NUMBER_RANGE, &number.to_string(), &detail);
    };
    let value = float(number);
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
    match of("multipleOf") {
        Some(step) if float(step) > 0.0 && value % float(step) != 0.0 => report("a multiple of", step),
        _ => {}
    }
}
