//! `kubectl patch KIND NAME --type=json|merge|strategic -p PATCH`.

use manifest::{Tree, Value};

use super::command::{Arguments, Output};
use super::failure::{self, Failure};
use super::merge;
use crate::server::{ApiError, Server};

pub(super) fn run(server: &mut Server, arguments: &Arguments<'_>) -> Output {
    let (resource, names) = match arguments.targets(server) {
        Ok(targets) => targets,
        Err(output) => return output,
    };
    let kind = arguments.flag(&["type"]).unwrap_or("strategic");
    let Some(text) = arguments.flag(&["p", "patch"]) else {
        return Output::error("must specify --patch or --patch-file containing the contents of the patch");
    };
    let parsed =
        manifest::parse(text).documents.into_iter().next().and_then(|document| document.content.ok());
    let Some(patch) = parsed else {
        return Output::error(&format!("unable to parse {text:?}: it is neither YAML nor JSON"));
    };
    let mut output = Output::default();
    for name in names {
        let Some(uid) = server.find(&resource, arguments.namespace(), name) else {
            output.extend(Output::refused(&ApiError::not_found(&resource, name)));
            continue;
        };
        let Some(live) = server.tree(uid) else { continue };
        let patched = match kind {
            "json" => json_patch(&live, &patch),
            _ => Ok(merge::patched(&patch, &live, kind == "strategic")),
        };
        let patched = match patched {
            Ok(patched) => patched,
            Err(why) => {
                output.extend(Output::error(&why));
                continue;
            }
        };
        let note = if patched == *live { " (no change)" } else { "" };
        match server.update(uid, patched) {
            Ok(()) => output.stdout.push(format!("{} patched{note}", resource.kubectl_name(name))),
            Err(error) => {
                let failure = Failure::api(error, String::new(), &resource, name);
                output.stderr.extend(failure::lines(vec![failure]));
                output.exit = 1;
            }
        }
    }
    output
}

/// RFC 6902.
fn json_patch(live: &Tree, operations: &Tree) -> Result<Tree, String> {
    let operations = operations.as_list().ok_or("a JSON patch is a list of operations")?;
    operations.iter().try_fold(live.clone(), |mut tree, operation| {
        let path = operation.str_at(&["path"]);
        let value = || operation.as_map().and_then(|map| map.get("value")).cloned().unwrap_or_default();
        match operation.str_at(&["op"]) {
            "add" => add(&mut tree, path, value())?,
            "remove" => drop(remove(&mut tree, path)?),
            "replace" => {
                remove(&mut tree, path)?;
                add(&mut tree, path, value())?;
            }
            "move" => {
                let moved = remove(&mut tree, operation.str_at(&["from"]))?;
                add(&mut tree, path, moved)?;
            }
            "copy" => {
                let from = operation.str_at(&["from"]);
                let copied = remove(&mut tree.clone(), from)?;
                add(&mut tree, path, copied)?;
            }
            "test" => {
                if remove(&mut tree.clone(), path)? != value() {
                    return Err(format!("testing value {path} failed"));
                }
            }
            other => return Err(format!("unexpected kind: {other}")),
        }
        Ok(tree)
    })
}

/// The parent of what the pointer means, and its last step.
fn parent<'a>(tree: &'a mut Tree, pointer: &str) -> Result<(&'a mut Tree, String), String> {
    let missing = || format!("missing path: {pointer}");
    let mut steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let last = steps.pop().ok_or_else(missing)?;
    let mut here = tree;
    for step in steps {
        here = match &mut here.value {
            Value::Map(map) => map.get_mut(&step),
            Value::List(items) => step.parse().ok().and_then(|index: usize| items.get_mut(index)),
            _ => None,
        }
        .ok_or_else(missing)?;
    }
    Ok((here, last))
}

fn add(tree: &mut Tree, pointer: &str, value: Tree) -> Result<(), String> {
    let (parent, step) = parent(tree, pointer)?;
    match &mut parent.value {
        Value::Map(map) => map.insert(step, value),
        Value::List(items) => {
            let index = if step == "-" { Some(items.len()) } else { step.parse().ok() };
            let index = index
                .filter(|&index| index <= items.len())
                .ok_or_else(|| format!("missing path: {pointer}"))?;
            items.insert(index, value);
        }
        _ => return Err(format!("missing path: {pointer}")),
    }
    Ok(())
}

fn remove(tree: &mut Tree, pointer: &str) -> Result<Tree, String> {
    let (parent, step) = parent(tree, pointer)?;
    let removed = match &mut parent.value {
        Value::Map(map) => map.remove(&step),
        Value::List(items) => {
            step.parse().ok().filter(|&index: &usize| index < items.len()).map(|index| items.remove(index))
        }
        _ => None,
    };
    removed.ok_or_else(|| format!("missing path: {pointer}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(live: &str, patch: &str, expected: Result<&str, &str>) {
        let tree = |text| {
            let mut documents = manifest::parse(text).documents;
            documents.remove(0).content.expect("the text is well-formed")
        };
        let result = json_patch(&tree(live), &tree(patch)).map(|tree| tree.to_json());
        assert_eq!(result.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn operations() {
        check("{a: [1, 2]}", r#"[{"op":"remove","path":"/a/0"}]"#, Ok(r#"{"a":[2]}"#));
        check("{a: [1]}", r#"[{"op":"add","path":"/a/-","value":3}]"#, Ok(r#"{"a":[1,3]}"#));
        check("{a/b: 1}", r#"[{"op":"replace","path":"/a~1b","value":2}]"#, Ok(r#"{"a/b":2}"#));
        check("{a: 1}", r#"[{"op":"move","from":"/a","path":"/b"}]"#, Ok(r#"{"b":1}"#));
        check("{a: 1}", r#"[{"op":"remove","path":"/b"}]"#, Err("missing path: /b"));
    }
}
