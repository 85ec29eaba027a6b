//! Validation of custom resources by the schema of their CustomResourceDefinition, in the words and the order of the API server's
//! OpenAPI validator (`k8s.io/kube-openapi/pkg/validation/validate`).
//!
//! DIFFERENCE: the rules of `x-kubernetes-validations` are not looked at, for CEL is a language of its own; nor are the formats
//! that are not in [`super::custom_text`].

use manifest::sorted::SortedSet;
use manifest::{Map, Number, Tree, Value};

use super::codes;
use super::custom_text;
use super::errors::Errors;
use super::field::{Field, quote};
use crate::codes::WRONG_TYPE;

/// What a schema says of a value.
#[derive(Default)]
struct Outcome {
    errors: Errors,
    /// How many checks were made and passed. Of several schemas that do not fit, the server shows the errors of that which fits best.
    checks: usize,
}

impl Outcome {
    /// Adds what another schema says.
    fn merge(&mut self, other: Self) {
        self.errors.extend(other.errors);
        self.checks += other.checks;
    }

    fn is_valid(&self) -> bool {
        self.errors.len() == 0
    }
}

/// Checks a value and what is inside. Metadata is checked by rules of its own. What several schemas say alike is said once.
pub(super) fn value(errors: &mut Errors, schema: &Tree, field: &Field<'_>) {
    let mut found = outcome(schema, field).errors;
    found.dedup();
    errors.extend(found);
}

/// Checks a value as [`value`] does, and counts as the server does: each check that applies to values of this type is one, and some
/// count themselves once more.
fn outcome(schema: &Tree, field: &Field<'_>) -> Outcome {
    let mut all = Outcome::default();
    let Some(tree) = field.tree() else { return all };
    if let Some(fits) = has_type(&mut all.errors, schema, field, tree) {
        all.checks += usize::from(fits);
        all.checks += usize::from(!tree.is_null());
    }
    if tree.is_null() {
        enumerated(&mut all.errors, schema, field, tree);
        return all;
    }
    all.merge(combined(schema, field));
    match &tree.value {
        Value::String(text) => {
            all.checks += 1 + usize::from(schema.get("format").is_some());
            custom_text::check(&mut all.errors, schema, field, text);
        }
        Value::Number(number) => {
            all.checks += 2;
            bounds(&mut all.errors, schema, field, *number);
        }
        Value::List(_) => all.merge(list(schema, field)),
        _ => {}
    }
    enumerated(&mut all.errors, schema, field, tree);
    if let Value::Map(map) = &tree.value {
        all.merge(object(schema, field, map));
    }
    // The closed list of values applies to every type, and the schema counts itself.
    all.checks += 2;
    all
}

/// `anyOf`, `oneOf`, `allOf` and `not`. These errors have no path, and name it in their text.
fn combined(schema: &Tree, field: &Field<'_>) -> Outcome {
    let mut all = Outcome { checks: 2, ..Outcome::default() };
    let report = |all: &mut Outcome, what: &str| {
        let detail = format!("{} must {what}", quote(field.path()));
        all.errors.invalid(&field.with_path("<nil>"), codes::CONFLICT, "\"\"", &detail);
    };

    let any_of = schema.list_at(&["anyOf"]);
    if !any_of.is_empty() {
        let (fitting, shown) = alternatives(any_of, field, 1);
        if fitting == 0 {
            report(&mut all, "validate at least one schema (anyOf)");
        }
        all.merge(shown);
    }

    let one_of = schema.list_at(&["oneOf"]);
    if !one_of.is_empty() {
        let (fitting, shown) = alternatives(one_of, field, usize::MAX);
        let found = match fitting {
            0 => "none valid".to_owned(),
            _ => format!("{fitting} valid alternatives"),
        };
        if fitting != 1 {
            report(&mut all, &format!("validate one and only one schema (oneOf). Found {found}"));
        }
        if fitting < 2 {
            all.merge(shown);
        }
    }

    let all_of = schema.list_at(&["allOf"]);
    let mut fitting = 0;
    for schema in all_of {
        let outcome = outcome(schema, field);
        fitting += usize::from(outcome.is_valid());
        all.merge(outcome);
    }
    if fitting < all_of.len() {
        let none = if fitting == 0 { ". None validated" } else { "" };
        report(&mut all, &format!("validate all the schemas (allOf){none}"));
    }

    if schema.get("not").is_some_and(|schema| outcome(schema, field).is_valid()) {
        report(&mut all, "not validate the schema (not)");
    }
    all
}

/// How many of the schemas fit, counted up to a limit, and what the first of them says; if none does, what that says which fits best.
fn alternatives(schemas: &[Tree], field: &Field<'_>, limit: usize) -> (usize, Outcome) {
    let mut fitting = 0;
    let mut shown: Option<Outcome> = None;
    for schema in schemas {
        let outcome = outcome(schema, field);
        let better = match &shown {
            None => true,
            Some(_) if fitting > 0 => false,
            Some(shown) => outcome.is_valid() || outcome.checks > shown.checks,
        };
        fitting += usize::from(outcome.is_valid());
        if better {
            shown = Some(outcome);
        }
        if fitting == limit {
            break;
        }
    }
    (fitting, shown.unwrap_or_default())
}

/// The value is one of `enum`.
fn enumerated(errors: &mut Errors, schema: &Tree, field: &Field<'_>, tree: &Tree) {
    let allowed = schema.list_at(&["enum"]);
    if allowed.is_empty() || allowed.iter().any(|value| value.value == tree.value) {
        return;
    }
    let text = |value: &Tree| value.as_str().map_or_else(|| value.to_json(), str::to_owned);
    let values: Vec<String> = allowed.iter().map(text).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    errors.unsupported(field, &field.json(), &values);
}

/// Number of properties, then each of them, then those that are missing. Nothing else is looked at when the number is wrong.
fn object(schema: &Tree, field: &Field<'_>, map: &Map) -> Outcome {
    let mut all = Outcome { checks: 1, ..Outcome::default() };
    let count = map.len();
    if let Some(least) = limit(schema, "minProperties").filter(|&least| count < least) {
        let detail = format!("{} in body should have at least {least} properties", field.path());
        all.errors.invalid(field, codes::FORMAT, &count.to_string(), &detail);
        return all;
    }
    if let Some(most) = limit(schema, "maxProperties").filter(|&most| count > most) {
        all.errors.too_many(field, count, most);
        return all;
    }
    for entry in map.sorted() {
        let known = schema.at(&["properties", &entry.key]).or(schema.get("additionalProperties"));
        let is_metadata = field.path().is_empty() && entry.key == "metadata";
        if let Some(schema) = known.filter(|_| !is_metadata) {
            all.merge(outcome(schema, &field.child(&entry.key)));
        }
    }
    for name in schema.list_at(&["required"]).iter().filter_map(Tree::as_str) {
        if map.get(name).is_none() {
            all.errors.required(&field.child(name), "");
        }
    }
    all
}

/// The items, then their number.
fn list(schema: &Tree, field: &Field<'_>) -> Outcome {
    let mut all = Outcome { checks: 2, ..Outcome::default() };
    let items = field.items();
    if let Some(schema) = schema.get("items") {
        for item in &items {
            all.merge(outcome(schema, item));
        }
    }
    let count = items.len();
    if let Some(least) = limit(schema, "minItems").filter(|&least| count < least) {
        let detail = format!("{} in body should have at least {least} items", field.path());
        all.errors.invalid(field, codes::FORMAT, &count.to_string(), &detail);
    }
    if let Some(most) = limit(schema, "maxItems").filter(|&most| count > most) {
        all.errors.too_many(field, count, most);
    }
    all
}

/// Whether the value is of the schema's type, if it names one.
fn has_type(errors: &mut Errors, schema: &Tree, field: &Field<'_>, tree: &Tree) -> Option<bool> {
    let found = match &tree.value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(Number::Float(value)) if value.fract() != 0.0 => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
    };
    let either = is_true(schema, "x-kubernetes-int-or-string");
    let wanted = schema.str_at(&["type"]);
    if wanted.is_empty() && !either {
        return None;
    }
    let fits = match wanted {
        _ if found == "null" && is_true(schema, "nullable") => true,
        _ if either => matches!(found, "integer" | "string"),
        "number" => matches!(found, "number" | "integer"),
        _ => wanted == found,
    };
    if !fits {
        let wanted = if either { "integer,string" } else { wanted };
        let detail = format!("{} in body must be of type {wanted}: \"{found}\"", field.path());
        errors.invalid(field, WRONG_TYPE, &format!("\"{found}\""), &detail);
    }
    Some(fits)
}

fn is_true(schema: &Tree, key: &str) -> bool {
    schema.get(key).and_then(Tree::as_bool) == Some(true)
}

/// A limit of the schema that is a natural number.
pub(super) fn limit(schema: &Tree, key: &str) -> Option<usize> {
    usize::try_from(schema.get(key)?.as_i64()?).ok()
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
