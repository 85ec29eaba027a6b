//! Pods (WL-PRINT-1 to 6), and conditions of any object.

use manifest::Tree;

use crate::kubectl::get::columns::Row;
use crate::kubectl::tree::{at_or, int, is};

/// What a Pod's row says: ready containers, containers, status, restarts, and the time of the last restart.
struct PodSummary<'a> {
    ready: usize,
    total: usize,
    status: String,
    restarts: i64,
    last: &'a str,
}

/// WL-PRINT-1 to 6.
fn summary(pod: &Tree) -> PodSummary<'_> {
    let phase = pod.str_at(&["status", "phase"]);
    let mut status = at_or(pod, &["status", "reason"], phase);
    let conditions = pod.list_at(&["status", "conditions"]);
    if conditions.iter().any(|condition| condition.str_at(&["reason"]) == "SchedulingGated") {
        "SchedulingGated".clone_into(&mut status);
    }
    let init = pod.list_at(&["spec", "initContainers"]);
    let is_sidecar = |name: &str| {
        init.iter().any(|at| at.str_at(&["name"]) == name && at.str_at(&["restartPolicy"]) == "Always")
    };
    let sidecars = init.iter().filter(|container| container.str_at(&["restartPolicy"]) == "Always").count();
    let total = pod.list_at(&["spec", "containers"]).len() + sidecars;
    let mut summary = PodSummary { ready: 0, total, status, restarts: 0, last: "" };
    let (mut init_restarts, mut initializing) = (0, false);
    for (index, container) in pod.list_at(&["status", "initContainerStatuses"]).iter().enumerate() {
        init_restarts += int(container, &["restartCount"]);
        let state = |path: &[&str]| container.at(path);
        let exit = state(&["state", "terminated"]).map(|terminated| int(terminated, &["exitCode"]));
        if exit == Some(0) {
            continue;
        }
        if is_sidecar(container.str_at(&["name"])) && is(container, &["started"]) {
            summary.restarts += int(container, &["restartCount"]);
            summary.ready += usize::from(is(container, &["ready"]));
            continue;
        }
        let waiting = container.str_at(&["state", "waiting", "reason"]);
        summary.status = if let Some(exit) = exit {
            format!(
                "Init:{}",
                at_or(container, &["state", "terminated", "reason"], &format!("ExitCode:{exit}"))
            )
        } else if !matches!(waiting, "" | "PodInitializing") {
            format!("Init:{waiting}")
        } else {
            format!("Init:{index}/{}", init.len())
        };
        initializing = true;
        break;
    }
    if initializing {
        summary.restarts = init_restarts;
    } else {
        regular(pod, &mut summary);
    }
    let is_over = matches!(phase, "Succeeded" | "Failed");
    if pod.at(&["metadata", "deletionTimestamp"]).is_some() && !is_over {
        "Terminating".clone_into(&mut summary.status);
    }
    summary
}

/// WL-PRINT-3 and 4.
fn regular<'a>(pod: &'a Tree, summary: &mut PodSummary<'a>) {
    let mut runs = false;
    for container in pod.list_at(&["status", "containerStatuses"]).iter().rev() {
        summary.restarts += int(container, &["restartCount"]);
        let last = container.str_at(&["lastState", "terminated", "finishedAt"]);
        summary.last = summary.last.max(last);
        let waiting = container.str_at(&["state", "waiting", "reason"]);
        if !waiting.is_empty() {
            waiting.clone_into(&mut summary.status);
        } else if let Some(terminated) = container.at(&["state", "terminated"]) {
            let exit = format!("ExitCode:{}", int(terminated, &["exitCode"]));
            summary.status = at_or(terminated, &["reason"], &exit);
        } else if is(container, &["ready"]) && container.at(&["state", "running"]).is_some() {
            runs = true;
            summary.ready += 1;
        }
    }
    if summary.status == "Completed" && runs {
        let is_ready = condition_of(pod, "Ready") == "True";
        if is_ready { "Running" } else { "NotReady" }.clone_into(&mut summary.status);
    }
}

pub(in crate::kubectl) fn pod_ready(row: &Row<'_>) -> String {
    let PodSummary { ready, total, .. } = summary(row.tree);
    format!("{ready}/{total}")
}

pub(in crate::kubectl) fn pod_status(row: &Row<'_>) -> String {
    summary(row.tree).status
}

pub(in crate::kubectl) fn pod_restarts(row: &Row<'_>) -> String {
    let PodSummary { restarts, last, .. } = summary(row.tree);
    if restarts == 0 || last.is_empty() {
        return restarts.to_string();
    }
    format!("{restarts} ({} ago)", crate::kubectl::time::since(row.cluster.now(), last))
}

pub(in crate::kubectl) fn readiness_gates(row: &Row<'_>) -> String {
    let gates = row.tree.list_at(&["spec", "readinessGates"]);
    let open = gates.iter().filter(|gate| condition_of(row.tree, gate.str_at(&["conditionType"])) == "True");
    if gates.is_empty() { "<none>".to_owned() } else { format!("{}/{}", open.count(), gates.len()) }
}

/// The status of a condition; empty when there is none of that type.
pub(in crate::kubectl) fn condition_of<'a>(tree: &'a Tree, kind: &str) -> &'a str {
    let mut conditions = tree.list_at(&["status", "conditions"]).iter();
    let found = conditions.find(|condition| condition.str_at(&["type"]) == kind);
    found.map_or("", |condition| condition.str_at(&["status"]))
}

pub(in crate::kubectl) fn condition(row: &Row<'_>, kind: &str) -> String {
    let status = condition_of(row.tree, kind);
    if status.is_empty() { "Unknown" } else { status }.to_owned()
}
