//! The same help for custom resources, from the schema of their CustomResourceDefinition in the same text.

use manifest::{Step, Tree};

use super::{About, Choice, Shape};

/// The schema of a kind that the text defines.
pub(super) fn schema_of(text: &str, api_version: &str, kind: &str) -> Option<Tree> {
    let (group, version) = crate::server::split_api_version(api_version);
    let documents = manifest::parse(text).documents;
    let mut trees = documents.iter().filter_map(|document| document.content.as_ref().ok());
    let definition = trees.find(|tree| {
        tree.str_at(&["kind"]) == "CustomResourceDefinition"
            && tree.str_at(&["spec", "group"]) == group
            && tree.str_at(&["spec", "names", "kind"]) == kind
    })?;
    let mut versions = definition.list_at(&["spec", "versions"]).iter();
    versions.find(|found| found.str_at(&["name"]) == version)?.at(&["schema", "openAPIV3Schema"]).cloned()
}

/// The schema of what a path leads to.
pub(super) fn resolve<'a>(schema: &'a Tree, path: &[Step]) -> Option<&'a Tree> {
    path.iter().try_fold(schema, |around, step| match step {
        Step::Key(key) => around.at(&["properties", key]).or(around.get("additionalProperties")),
        Step::Item(_) => around.get("items"),
    })
}

/// The fields of an object that are not among `others`.
pub(super) fn fields(schema: &Tree, others: &[String], indent: Option<usize>) -> Vec<Choice> {
    let properties = schema.get("properties").and_then(Tree::as_map).into_iter().flatten();
    let free = properties.filter(|property| !others.contains(&property.key));
    free.map(|property| {
        let field = &property.value;
        let shape = match field.str_at(&["type"]) {
            "object" => Shape::Map,
            "array" => Shape::List,
            _ => Shape::Scalar,
        };
        Choice::field(&property.key, type_name(field), is_required(schema, &property.key), shape, indent)
    })
    .collect()
}

/// The values that a field can have, when they can be listed.
pub(super) fn values(field: &Tree) -> Vec<String> {
    if field.str_at(&["type"]) == "boolean" {
        return vec!["true".to_owned(), "false".to_owned()];
    }
    let text = |value: &Tree| value.as_str().map_or_else(|| value.to_json(), str::to_owned);
    field.list_at(&["enum"]).iter().map(text).collect()
}

/// What is known of the field `name` of an object; `path` is how it is shown.
pub(super) fn about(schema: &Tree, name: &str, path: String) -> Option<About> {
    let field = schema.at(&["properties", name])?;
    Some(About {
        path,
        type_name: type_name(field),
        required: is_required(schema, name),
        values: values(field),
        default: field.get("default").map(Tree::to_json),
        link: String::new(),
    })
}

fn is_required(schema: &Tree, name: &str) -> bool {
    schema.list_at(&["required"]).iter().any(|required| required.as_str() == Some(name))
}

/// The type as OpenAPI has it: `[]string`, `date-time`.
fn type_name(field: &Tree) -> String {
    match (field.str_at(&["type"]), field.str_at(&["format"])) {
        ("array", _) => format!("[]{}", field.get("items").map(type_name).unwrap_or_default()),
        ("", _) if field.get("x-kubernetes-int-or-string").is_some() => "int-or-string".to_owned(),
        (name, "") => name.to_owned(),
        (_, format) => format.to_owned(),
    }
}
