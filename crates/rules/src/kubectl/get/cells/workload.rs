//! Workloads (WL-PRINT-8).

use manifest::Tree;

use crate::kubectl::get::columns::Row;
use crate::kubectl::tree::{format_labels, format_selector, int, is, shown};

use super::condition_of;
use crate::kubectl::objects::replicas;

/// The pod template of a workload.
pub(in crate::kubectl) fn template(tree: &Tree) -> Option<&Tree> {
    let paths: [&[&str]; 3] =
        [&["spec", "jobTemplate", "spec", "template"], &["spec", "template"], &["template"]];
    paths.into_iter().find_map(|path| tree.at(path))
}

fn of_containers(row: &Row<'_>, field: &str) -> String {
    let containers = template(row.tree).map(|template| template.list_at(&["spec", "containers"]));
    let texts = containers.unwrap_or_default().iter().map(|container| container.str_at(&[field]));
    texts.collect::<Vec<_>>().join(",")
}

pub(in crate::kubectl) fn container_names(row: &Row<'_>) -> String {
    of_containers(row, "name")
}

pub(in crate::kubectl) fn container_images(row: &Row<'_>) -> String {
    of_containers(row, "image")
}

pub(in crate::kubectl) fn template_labels(row: &Row<'_>) -> String {
    format_labels(template(row.tree).and_then(|template| template.at(&["metadata", "labels"])))
}

/// The selector of a workload: labels in a ReplicationController, of the Jobs' own in a CronJob.
pub(in crate::kubectl) fn selector(row: &Row<'_>) -> String {
    match row.tree.str_at(&["kind"]) {
        "ReplicationController" => format_labels(row.tree.at(&["spec", "selector"])),
        "CronJob" => format_selector(row.tree.at(&["spec", "jobTemplate", "spec", "selector"])),
        _ => format_selector(row.tree.at(&["spec", "selector"])),
    }
}

pub(in crate::kubectl) fn service_selector(row: &Row<'_>) -> String {
    format_labels(row.tree.at(&["spec", "selector"]))
}

pub(in crate::kubectl) fn pod_selector(row: &Row<'_>) -> String {
    format_selector(row.tree.at(&["spec", "podSelector"]))
}

pub(in crate::kubectl) fn ready_replicas(row: &Row<'_>) -> String {
    format!("{}/{}", int(row.tree, &["status", "readyReplicas"]), replicas(row.tree))
}

pub(in crate::kubectl) fn node_selector(row: &Row<'_>) -> String {
    format_labels(row.tree.at(&["spec", "template", "spec", "nodeSelector"]))
}

pub(in crate::kubectl) fn job_status(row: &Row<'_>) -> String {
    let is = |kind| condition_of(row.tree, kind) == "True";
    let table = [("Complete", "Complete"), ("Failed", "Failed"), ("Suspended", "Suspended")];
    let found = table.into_iter().find(|(kind, _)| is(kind)).map_or("Running", |(_, status)| status);
    found.to_owned()
}

pub(in crate::kubectl) fn job_completions(row: &Row<'_>) -> String {
    let (succeeded, parallelism) =
        (int(row.tree, &["status", "succeeded"]), int(row.tree, &["spec", "parallelism"]));
    match row.tree.at(&["spec", "completions"]) {
        Some(wanted) => format!("{succeeded}/{}", shown(wanted)),
        None if parallelism > 1 => format!("{succeeded}/1 of {parallelism}"),
        None => format!("{succeeded}/1"),
    }
}

pub(in crate::kubectl) fn job_duration(row: &Row<'_>) -> String {
    let has = row.tree.at(&["status", "startTime"]).is_some();
    if has { row.cluster.since(row.tree, &["status", "startTime"]) } else { String::new() }
}

pub(in crate::kubectl) fn suspend(row: &Row<'_>) -> String {
    if is(row.tree, &["spec", "suspend"]) { "True" } else { "False" }.to_owned()
}
