//! Defaults of custom resources: those of the schema of the CustomResourceDefinition.

use manifest::{Tree, Value};

/// Adds the defaults of `openAPIV3Schema`: to objects that are there, and to what a default itself brings.
pub(crate) fn apply(schema: &Tree, tree: &mut Tree) {
    match &mut tree.value {
        Value::List(items) => {
            if let Some(item) = schema.get("items") {
                for value in items {
                    apply(item, value);
                }
            }
        }
        Value::Map(map) => {
            let properties = || schema.get("properties").and_then(Tree::as_map).into_iter().flatten();
            for property in properties() {
                let nullable = property.value.get("nullable").and_then(Tree::as_bool) == Some(true);
                let missing = map.get(&property.key).is_none_or(|value| value.is_null() && !nullable);
                if let Some(default) = property.value.get("default").filter(|_| missing) {
                    map.insert(&*property.key, added(default));
                }
            }
            let additional = schema.get("additionalProperties");
            for entry in map.iter_mut() {
                let known = schema.at(&["properties", &entry.key]).or(additional);
                if let Some(schema) = known {
                    apply(schema, &mut entry.value);
                }
            }
        }
        _ => {}
    }
}

/// A copy that stands in no text.
fn added(tree: &Tree) -> Tree {
    match &tree.value {
        Value::List(items) => Tree::added(items.iter().map(added).collect::<Vec<_>>()),
        Value::Map(map) => {
            let entries = map.iter().map(|entry| (entry.key.clone(), added(&entry.value)));
            Tree::added(entries.collect::<manifest::Map>())
        }
        other => Tree::added(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Tree {
        manifest::parse(text).documents.remove(0).content.expect("the text is YAML")
    }

    #[test]
    fn defaults_reach_what_is_there_and_what_they_bring() {
        let schema = read(
            "properties:
  spec:
    default: {}
    properties:
      size: {default: 3}
      parts: {items: {properties: {kind: {default: plain}}}}
      limits: {additionalProperties: {properties: {unit: {default: cm}}}}
      gone: {properties: {never: {default: 1}}}
      none: {nullable: true, default: 1}
",
        );
        let table = [
            ("kind: A\n", r#"{"kind":"A","spec":{"size":3,"none":1}}"#),
            ("spec: {size: null, none: null}\n", r#"{"spec":{"size":3,"none":null}}"#),
            (
                "spec: {size: 1, none: 2, parts: [{}, {kind: odd}], limits: {a: {}}}\n",
                r#"{"spec":{"size":1,"none":2,"parts":[{"kind":"plain"},{"kind":"odd"}],"limits":{"a":{"unit":"cm"}}}}"#,
            ),
        ];
        for (text, expected) in table {
            let mut tree = read(text);
            apply(&schema, &mut tree);
            assert_eq!(tree, read(expected), "{text}");
        }
        let mut tree = read("kind: A\n");
        apply(&schema, &mut tree);
        assert_eq!(tree.at(&["spec", "size"]).and_then(|size| size.span), None, "it stands in no text");
    }
}
