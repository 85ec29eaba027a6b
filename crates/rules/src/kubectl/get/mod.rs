//! `kubectl get`: objects as tables, names, YAML, JSON, or what a path finds in them.

pub(super) mod cells;
pub(super) mod columns;
mod generic;
mod own;

use std::fmt::Write as _;

use api::labels::Selector;
use api::server::{ApiError, Resource};
use manifest::Tree;

use crate::kubectl::command::Command;
use crate::kubectl::objects::{Cluster, Wanted};
use crate::kubectl::resource::{Target, targets};
use crate::kubectl::tabwriter::{TABLE, lay_out};
use crate::kubectl::tree::{format_labels, parse_selector, shown, sorted_by};
use crate::kubectl::{failed, path, refused};
use crate::report::KubectlOutput;
use columns::{Row, columns};
use generic::generic;
use own::own_columns;

/// The formats of `-o`, as kubectl lists them in its error.
const FORMATS: &str = "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,\
                       jsonpath-file,kyaml,name,template,wide,yaml";

/// What was asked for of one resource: all objects that were wanted, or one by name.
pub(super) struct Found {
    pub(super) resource: Resource,
    pub(super) trees: Vec<Tree>,
}

/// Runs the command.
pub(super) fn run(cluster: &Cluster<'_>, command: &Command) -> KubectlOutput {
    let format = command.flag("output").unwrap_or("");
    let (kind, _) = format.split_once('=').unwrap_or((format, ""));
    if !matches!(kind, "" | "wide" | "name" | "yaml" | "json" | "jsonpath" | "custom-columns") {
        let known = FORMATS.split(',').any(|format| format == kind);
        return if known {
            failed(&format!(
                "error: -o {kind} is not understood here; wide, name, yaml, json, jsonpath=... and custom-columns=... are"
            ))
        } else {
            failed(&format!(
                "error: unable to match a printer suitable for the output format \"{format}\", allowed formats are: {FORMATS}"
            ))
        };
    }
    let is_table = matches!(kind, "" | "wide");
    if command.is("show-labels") && !is_table {
        return failed(&format!("error: --show-labels option cannot be used with {kind} printer"));
    }
    if command.arguments.is_empty() {
        return failed(
            "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\n\
             error: Required resource not specified.\n\
             Use \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl explain pods).\n\
             See 'kubectl get -h' for help and examples",
        );
    }
    let mut output = KubectlOutput::default();
    let found = match find(cluster, command, &mut output) {
        Ok(found) => found,
        Err(failure) => return failure,
    };
    if found.iter().any(|found| found.resource.group.is_empty() && found.resource.plural == "endpoints") {
        let warning = "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";
        output.stderr.insert(0, warning.to_owned());
    }
    let printed =
        if is_table { Ok(tables(cluster, command, &found)) } else { generic(command, format, &found) };
    match printed {
        Ok(lines) => output.stdout = lines,
        Err(why) => return failed(&format!("error: {why}")),
    }
    let is_empty = output.stdout.is_empty() && output.exit == 0 && !command.is("ignore-not-found");
    if is_table && is_empty {
        output.stderr.push(nothing_found(command, &found));
    }
    output
}

/// What kubectl says when there is nothing to list.
pub(super) fn nothing_found(command: &Command, found: &[Found]) -> String {
    let namespaced = !command.is("all-namespaces") && found.iter().all(|found| found.resource.namespaced);
    if namespaced {
        format!("No resources found in {} namespace.", command.namespace())
    } else {
        "No resources found".to_owned()
    }
}

/// The objects that a command line names. Those that do not exist become errors of the output.
pub(super) fn find(
    cluster: &Cluster<'_>,
    command: &Command,
    output: &mut KubectlOutput,
) -> Result<Vec<Found>, KubectlOutput> {
    let targets = targets(cluster.server(), &command.arguments)?;
    let has_name = targets.iter().any(|target| target.name.is_some());
    let (selector, fields) = (command.flag("selector"), command.flag("field-selector"));
    if has_name && (selector.is_some() || fields.is_some()) {
        return Err(failed("error: name cannot be provided when a selector is specified"));
    }
    if has_name && command.is("all-namespaces") {
        return Err(failed("error: a resource cannot be retrieved by name across all namespaces"));
    }
    let requirements =
        parse_selector(selector.unwrap_or("")).map_err(|why| failed(&format!("error: {why}")))?;
    let selector = Selector { requirements };
    let namespace = (!command.is("all-namespaces")).then_some(command.namespace());
    let mut all: Vec<Found> = Vec::new();
    for Target { resource, name } in targets {
        let wanted = Wanted { namespace, name: name.as_deref(), labels: Some(&selector) };
        let mut trees = cluster.list(&resource, wanted);
        if let (Some(name), true) = (&name, trees.is_empty()) {
            if !command.is("ignore-not-found") {
                refused(output, &ApiError::not_found(&resource, name));
            }
            continue;
        }
        if let Some(fields) = fields {
            trees.retain(|tree| meets(tree, fields));
        }
        match all.last_mut() {
            // Objects of one kind that are named one by one stand in one table.
            Some(last) if name.is_some() && last.resource == resource => last.trees.append(&mut trees),
            _ => all.push(Found { resource, trees }),
        }
    }
    if let Some(field) = command.flag("sort-by") {
        for found in &mut all {
            let trees = sorted(std::mem::take(&mut found.trees), field);
            found.trees = trees.map_err(|why| failed(&format!("error: {why}")))?;
        }
    }
    Ok(all)
}

/// Whether an object meets a field selector: `status.phase=Running,spec.nodeName!=node-1`.
///
/// DIFFERENCE: the API server knows a few fields of each kind and refuses the others.
fn meets(tree: &Tree, selector: &str) -> bool {
    selector.split(',').filter(|part| !part.is_empty()).all(|part| {
        let (field, value, wanted) = match part.split_once("!=") {
            Some((field, value)) => (field, value, false),
            None => part.split_once('=').map_or((part, "", true), |(field, value)| (field, value, true)),
        };
        let path: Vec<&str> = field.trim().split('.').collect();
        let found = tree.at(&path).map(shown).unwrap_or_default();
        (found == value.trim_start_matches('=').trim()) == wanted
    })
}

/// Sorts by the value at a path; numbers by value, everything else as text.
fn sorted(trees: Vec<Tree>, field: &str) -> Result<Vec<Tree>, String> {
    for tree in &trees {
        path::values(field, tree)?;
    }
    Ok(sorted_by(trees, |tree| {
        let found = path::values(field, tree).unwrap_or_default();
        let first = found.first();
        let number = first.and_then(|value| value.as_i64());
        let text = || first.map(|value| shown(value)).unwrap_or_default();
        number.map_or_else(text, |number| format!("{number:020}"))
    }))
}

/// One table a resource, an empty line between two.
fn tables(cluster: &Cluster<'_>, command: &Command, all: &[Found]) -> Vec<String> {
    let kinds = all.iter().any(|found| found.resource != all[0].resource) || command.is("show-kind");
    let mut lines = Vec::new();
    for found in all.iter().filter(|found| !found.trees.is_empty()) {
        if !lines.is_empty() && !command.is("no-headers") {
            lines.push(String::new());
        }
        lines.extend(table(cluster, command, found, kinds));
    }
    lines
}

fn table(cluster: &Cluster<'_>, command: &Command, found: &Found, with_kind: bool) -> Vec<String> {
    let wide = command.flag("output") == Some("wide");
    let resource = &found.resource;
    let with_namespace = command.is("all-namespaces") && resource.namespaced;
    let (mut heads, mut rows) = cells(cluster, found, wide);
    let prefix = resource.kubectl_name("");
    let name_column = heads.iter().position(|head| head == "NAME").filter(|_| with_kind);
    for (row, tree) in rows.iter_mut().zip(&found.trees) {
        if let Some(column) = name_column {
            row[column].insert_str(0, &prefix);
        }
        if with_namespace {
            row.insert(0, tree.str_at(&["metadata", "namespace"]).to_owned());
        }
        for label in
            command.flag("label-columns").unwrap_or_default().split(',').filter(|key| !key.is_empty())
        {
            row.push(tree.str_at(&["metadata", "labels", label]).to_owned());
        }
        if command.is("show-labels") {
            row.push(format_labels(tree.at(&["metadata", "labels"])));
        }
    }
    if with_namespace {
        heads.insert(0, "NAMESPACE".to_owned());
    }
    for label in command.flag("label-columns").unwrap_or_default().split(',').filter(|key| !key.is_empty()) {
        heads.push(label.rsplit('/').next().unwrap_or(label).to_uppercase());
    }
    if command.is("show-labels") {
        heads.push("LABELS".to_owned());
    }
    let mut out = String::new();
    let head = Some(&heads).filter(|_| !command.is("no-headers"));
    for row in head.into_iter().chain(&rows) {
        let cells: Vec<String> = row.iter().map(|cell| one_line(cell)).collect();
        let _ = writeln!(out, "{}", cells.join("\t"));
    }
    lay_out(&out, TABLE)
}

/// A cell ends where its text has more lines; a tab would begin the next one.
fn one_line(cell: &str) -> String {
    match cell.find(['\n', '\r', '\u{c}']) {
        Some(end) => format!("{}...", &cell[..end]),
        None => cell.to_owned(),
    }
    .replace('\t', " ")
}

/// Heads and rows of the objects of one resource.
fn cells(cluster: &Cluster<'_>, found: &Found, wide: bool) -> (Vec<String>, Vec<Vec<String>>) {
    if let Some(own) = own_columns(cluster, &found.resource) {
        let shown = || own.iter().filter(|column| wide || !column.wide);
        let heads = std::iter::once("NAME".to_owned()).chain(shown().map(|column| column.head.clone()));
        let row = |tree: &Tree| {
            let name = tree.str_at(&["metadata", "name"]).to_owned();
            std::iter::once(name).chain(shown().map(|column| column.text(cluster, tree))).collect()
        };
        return (heads.collect(), found.trees.iter().map(row).collect());
    }
    let shown = || columns(&found.resource).iter().filter(|column| wide || !column.wide);
    let row = |tree| {
        let row = Row { cluster, tree, wide };
        shown().map(|column| column.text(&row)).collect()
    };
    (shown().map(|column| column.head.to_owned()).collect(), found.trees.iter().map(row).collect())
}
