//! Nulls where Go reads something else: in a list or map a null is the zero value of the item's type, while a field that is null
//! counts as not set (DEC-7).

use manifest::{Map, Tree, Value};

use crate::schema::{Code, Definition, Type};

/// Fills in the zero values of a decoded object.
pub(crate) fn fill(tree: &mut Tree, definition: Definition) {
    for entry in tree.as_map_mut().into_iter().flatten() {
        if let Some(field) = definition.field(&entry.key) {
            value(&mut entry.value, field.code);
        }
    }
}

fn value(tree: &mut Tree, code: Code) {
    match (code.get(), &mut tree.value) {
        (Type::Object(definition), Value::Map(_)) => fill(tree, definition),
        (Type::List(item), Value::List(items)) => items.iter_mut().for_each(|tree| element(tree, item)),
        (Type::Map(item), Value::Map(map)) => {
            map.iter_mut().for_each(|entry| element(&mut entry.value, item));
        }
        _ => {}
    }
}

fn element(tree: &mut Tree, code: Code) {
    if tree.is_null() {
        tree.value = match code.get() {
            Type::String => Value::String(String::new()),
            Type::Object(_) => Value::Map(Map::default()),
            Type::Quantity | Type::Int32 | Type::Int64 => Value::from(0),
            _ => return,
        };
    } else {
        value(tree, code);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn only_elements_become_zero_values() {
        let text = "metadata: {name: null, labels: {a: null, b: c}}\nspec:\n  nodeName: null\n  containers: [{args: [null, x]}, null, {resources: {limits: {cpu: null}}}]\n";
        let mut tree = manifest::parse(text).documents.remove(0).content.expect("the text is YAML");
        fill(&mut tree, schema::lookup("v1", "Pod").expect("a kind"));
        let expected = r#"{"metadata":{"labels":{"a":"","b":"c"},"name":null},"spec":{"containers":[{"args":["","x"]},{},{"resources":{"limits":{"cpu":0}}}],"nodeName":null}}"#;
        assert_eq!(tree.to_json(), expected);
    }
}
