//! `kubectl describe pod`, and the pod templates of workloads.

use manifest::Tree;

use super::Page;
use super::container::{amounts, containers};
use super::volume::volumes;
use crate::kubectl::objects::Cluster;
use crate::kubectl::tree::{at_or, format_selector, int, shown, sorted_by};

/// A Pod.
pub(super) fn describe(cluster: &Cluster<'_>, pod: &Tree, page: &mut Page) {
    page.name(pod);
    let spec = |field| at_or(pod, &["spec", field], "");
    page.some(0, "Priority", &spec("priority"));
    page.some(0, "Priority Class Name", &spec("priorityClassName"));
    page.some(0, "Runtime Class Name", &spec("runtimeClassName"));
    page.some(0, "Service Account", &spec("serviceAccountName"));
    let (node, host) = (spec("nodeName"), pod.str_at(&["status", "hostIP"]));
    let node = if node.is_empty() { "<none>".to_owned() } else { format!("{node}/{host}") };
    page.field(0, "Node", &node);
    page.time(0, "Start Time", pod, &["status", "startTime"]);
    page.marks(pod);
    let phase = pod.str_at(&["status", "phase"]);
    if pod.at(&["metadata", "deletionTimestamp"]).is_some() && !matches!(phase, "Succeeded" | "Failed") {
        let since = cluster.since(pod, &["metadata", "deletionTimestamp"]);
        page.field(0, "Status", &format!("Terminating (lasts {since})"));
        let grace = int(pod, &["metadata", "deletionGracePeriodSeconds"]);
        page.field(0, "Termination Grace Period", &format!("{grace}s"));
    } else {
        page.field(0, "Status", phase);
    }
    page.some(0, "Reason", pod.str_at(&["status", "reason"]));
    page.some(0, "Message", pod.str_at(&["status", "message"]));
    page.some(0, "SeccompProfile", pod.str_at(&["spec", "securityContext", "seccompProfile", "type"]));
    page.field(0, "IP", pod.str_at(&["status", "podIP"]));
    let ips = pod.list_at(&["status", "podIPs"]);
    if ips.is_empty() {
        page.field(0, "IPs", "<none>");
    } else {
        page.line(0, "IPs:");
        for ip in ips {
            page.field(1, "IP", ip.str_at(&["ip"]));
        }
    }
    page.controller(pod);
    page.some(0, "NominatedNodeName", pod.str_at(&["status", "nominatedNodeName"]));
    if let Some(resources) = pod.at(&["spec", "resources"]) {
        page.line(0, "Resources:");
        amounts(resources, 1, page);
    }
    let init = pod.list_at(&["spec", "initContainers"]);
    if !init.is_empty() {
        containers("Init Containers", init, Some((pod, "initContainerStatuses")), "", page);
    }
    containers(
        "Containers",
        pod.list_at(&["spec", "containers"]),
        Some((pod, "containerStatuses")),
        "",
        page,
    );
    let conditions = pod.list_at(&["status", "conditions"]);
    let gates = pod.list_at(&["spec", "readinessGates"]);
    if !gates.is_empty() {
        page.line(0, "Readiness Gates:");
        page.line(1, "Type\tStatus");
        for gate in gates {
            let kind = gate.str_at(&["conditionType"]);
            let found = conditions.iter().find(|condition| condition.str_at(&["type"]) == kind);
            let status = found.map_or("<none>", |condition| condition.str_at(&["status"]));
            page.line(1, &format!("{kind} \t{status} "));
        }
    }
    if !conditions.is_empty() {
        page.line(0, "Conditions:");
        page.line(1, "Type\tStatus");
        for condition in conditions {
            let (kind, status) = (condition.str_at(&["type"]), condition.str_at(&["status"]));
            page.line(1, &format!("{kind} \t{status} "));
        }
    }
    volumes(pod.list_at(&["spec", "volumes"]), "", page);
    page.field(0, "QoS Class", pod.str_at(&["status", "qosClass"]));
    page.labels("Node-Selectors", pod.at(&["spec", "nodeSelector"]));
    page.lines("Tolerations", &tolerations(pod.list_at(&["spec", "tolerations"])));
    spread(pod.list_at(&["spec", "topologySpreadConstraints"]), "", page);
}

/// The template of a workload.
pub(super) fn template(template: Option<&Tree>, page: &mut Page) {
    page.line(0, "Pod Template:");
    let empty = Tree::default();
    let template = template.unwrap_or(&empty);
    page.labels("  Labels", template.at(&["metadata", "labels"]));
    if let Some(annotations) = template.at(&["metadata", "annotations"]) {
        page.annotations("  Annotations", Some(annotations));
    }
    page.some(1, "Service Account", template.str_at(&["spec", "serviceAccountName"]));
    let init = template.list_at(&["spec", "initContainers"]);
    if !init.is_empty() {
        containers("Init Containers", init, None, "  ", page);
    }
    containers("Containers", template.list_at(&["spec", "containers"]), None, "  ", page);
    volumes(template.list_at(&["spec", "volumes"]), "  ", page);
    spread(template.list_at(&["spec", "topologySpreadConstraints"]), "  ", page);
    page.some(1, "Priority Class Name", template.str_at(&["spec", "priorityClassName"]));
    page.labels("  Node-Selectors", template.at(&["spec", "nodeSelector"]));
    page.lines("  Tolerations", &tolerations(template.list_at(&["spec", "tolerations"])));
}

/// Tolerations, sorted by key.
fn tolerations(tolerations: &[Tree]) -> Vec<String> {
    let sorted = sorted_by(tolerations.iter().collect(), |at: &&Tree| at.str_at(&["key"]).to_owned());
    let text = |toleration: &&Tree| {
        let field = |name| toleration.str_at(&[name]);
        let mut text = field("key").to_owned();
        let parts = [("=", field("value")), (":", field("effect"))];
        parts
            .iter()
            .filter(|(_, part)| !part.is_empty())
            .for_each(|(mark, part)| text.extend([*mark, *part]));
        if field("operator") == "Exists" && field("value").is_empty() {
            text.push_str(if text.is_empty() { "op=Exists" } else { " op=Exists" });
        }
        if let Some(seconds) = toleration.get("tolerationSeconds") {
            text.extend([" for ", &shown(seconds), "s"]);
        }
        text
    };
    sorted.iter().map(text).collect()
}

fn spread(constraints: &[Tree], space: &str, page: &mut Page) {
    let sorted = sorted_by(constraints.iter().collect(), |at: &&Tree| at.str_at(&["topologyKey"]).to_owned());
    let text = |constraint: &&Tree| {
        let selector = constraint.get("labelSelector");
        let selector = selector
            .map_or_else(String::new, |tree| format!(" for selector {}", format_selector(Some(tree))));
        let (key, action) = (constraint.str_at(&["topologyKey"]), constraint.str_at(&["whenUnsatisfiable"]));
        format!("{key}:{action} when max skew {} is exceeded{selector}", int(constraint, &["maxSkew"]))
    };
    let lines: Vec<String> = sorted.iter().map(text).collect();
    if !lines.is_empty() {
        page.lines(&format!("{space}Topology Spread Constraints"), &lines);
    }
}
