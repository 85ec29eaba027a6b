//! Formats that print whole objects, or what a path finds in them.

use std::fmt::Write as _;

use api::server::Resource;
use manifest::{Tree, Value, to_yaml};

use super::{Found, one_line};
use crate::kubectl::command::Command;
use crate::kubectl::path;
use crate::kubectl::tabwriter::{TABLE, lay_out};
use crate::kubectl::tree::{list, map, none_if_empty, shown, text};

/// Formats that print whole objects. Of several there is one list.
pub(super) fn generic(command: &Command, format: &str, all: &[Found]) -> Result<Vec<String>, String> {
    let (kind, template) = format.split_once('=').unwrap_or((format, ""));
    let objects = || all.iter().flat_map(|found| found.trees.iter().map(move |tree| (&found.resource, tree)));
    if kind == "name" {
        let name =
            |(resource, tree): (&Resource, &Tree)| resource.kubectl_name(tree.str_at(&["metadata", "name"]));
        return Ok(objects().map(name).collect());
    }
    if kind == "custom-columns" {
        let trees: Vec<&Tree> = objects().map(|(_, tree)| tree).collect();
        return custom_columns(template, &trees, command.is("no-headers"));
    }
    let is_single = command.arguments.len() == 1 && command.arguments[0].contains('/')
        || command.arguments.len() == 2 && !command.arguments[0].contains([',', '/']);
    let trees: Vec<Tree> = objects().map(|(_, tree)| tree.clone()).collect();
    let whole = match <[Tree; 1]>::try_from(trees) {
        Ok([one]) if is_single => one,
        Ok([one]) => list_of(vec![one]),
        // Nothing but an error was found.
        Err(none) if none.is_empty() && is_single => return Ok(Vec::new()),
        Err(many) => list_of(many),
    };
    match kind {
        "yaml" => Ok(to_yaml(&whole).into_iter().map(|line| line.text).collect()),
        "json" => {
            let mut out = String::new();
            json(&whole, 0, &mut out);
            Ok(out.lines().map(str::to_owned).collect())
        }
        _ if template.is_empty() => Err("template format specified but no template given".to_owned()),
        _ => match path::fill(template, &whole) {
            Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
            Err(why) => Err(format!("error parsing jsonpath {template}, {why} is not understood here")),
        },
    }
}

fn list_of(items: Vec<Tree>) -> Tree {
    map(vec![
        ("apiVersion", text("v1")),
        ("items", list(items)),
        ("kind", text("List")),
        ("metadata", map(vec![("resourceVersion", text(""))])),
    ])
}

/// `NAME:.metadata.name,NODE:.spec.nodeName`.
fn custom_columns(template: &str, trees: &[&Tree], no_headers: bool) -> Result<Vec<String>, String> {
    if template.is_empty() {
        return Err("custom-columns format specified but no custom columns given".to_owned());
    }
    let (mut heads, mut paths) = (Vec::new(), Vec::new());
    for part in template.split(',') {
        let (head, path) = part.split_once(':').ok_or_else(|| {
            format!("unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>")
        })?;
        heads.push(head.to_owned());
        paths.push(path);
    }
    let mut out = if no_headers { String::new() } else { heads.join("\t") + "\n" };
    for tree in trees {
        let mut row = Vec::new();
        for path in &paths {
            let found: Vec<String> = path::values(path, tree)?.into_iter().map(shown).collect();
            row.push(one_line(&none_if_empty(found.join(","))));
        }
        let _ = writeln!(out, "{}", row.join("\t"));
    }
    Ok(lay_out(&out, TABLE))
}

/// JSON with an indent of four blanks.
fn json(tree: &Tree, depth: usize, out: &mut String) {
    let indent = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("    ", depth));
    };
    match &tree.value {
        Value::Map(fields) if !fields.is_empty() => {
            out.push('{');
            for (index, entry) in fields.sorted().into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                indent(out, depth + 1);
                let _ = write!(out, "{}: ", text(&entry.key).to_json());
                json(&entry.value, depth + 1, out);
            }
            indent(out, depth);
            out.push('}');
        }
        Value::List(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                indent(out, depth + 1);
                json(item, depth + 1, out);
            }
            indent(out, depth);
            out.push(']');
        }
        _ => out.push_str(&tree.to_json()),
    }
}
