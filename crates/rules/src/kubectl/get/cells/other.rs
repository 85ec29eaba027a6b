//! Nodes, events, storage, autoscalers and the rest.

use manifest::Tree;

use crate::kubectl::get::columns::Row;
use crate::kubectl::tree::{at_or, is, len, none_if_empty, pairs, shown};

use super::condition_of;

pub(in crate::kubectl) fn node_status(row: &Row<'_>) -> String {
    let status = match condition_of(row.tree, "Ready") {
        "True" => "Ready",
        "" => "Unknown",
        _ => "NotReady",
    };
    let cordoned = if is(row.tree, &["spec", "unschedulable"]) { ",SchedulingDisabled" } else { "" };
    format!("{status}{cordoned}")
}

pub(in crate::kubectl) fn node_roles(row: &Row<'_>) -> String {
    none_if_empty(roles(row.tree))
}

/// The roles that a Node's labels name, sorted.
pub(in crate::kubectl) fn roles(node: &Tree) -> String {
    let mut roles = Vec::new();
    for (key, value) in pairs(node.at(&["metadata", "labels"])) {
        match key.strip_prefix("node-role.kubernetes.io/") {
            Some("") => {}
            Some(role) => roles.push(role.to_owned()),
            None if key == "kubernetes.io/role" && !value.is_empty() => roles.push(value),
            None => {}
        }
    }
    roles.sort();
    roles.dedup();
    roles.join(",")
}

pub(in crate::kubectl) fn node_address(row: &Row<'_>, kind: &str) -> String {
    let mut addresses = row.tree.list_at(&["status", "addresses"]).iter();
    let found = addresses.find(|address| address.str_at(&["type"]) == kind);
    found.map_or("<none>", |address| address.str_at(&["address"])).to_owned()
}

pub(in crate::kubectl) fn event_object(row: &Row<'_>) -> String {
    let kind = row.tree.str_at(&["involvedObject", "kind"]).to_lowercase();
    format!("{kind}/{}", row.tree.str_at(&["involvedObject", "name"]))
}

pub(in crate::kubectl) fn config_data(row: &Row<'_>) -> String {
    (len(row.tree.get("data")) + len(row.tree.get("binaryData"))).to_string()
}

/// `RWO,ROX,RWX,RWOP`, each once and in this order.
pub(in crate::kubectl) fn access_modes(modes: &[Tree]) -> String {
    const SHORT: [(&str, &str); 4] = [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ];
    let has = |mode: &str| modes.iter().any(|at| at.as_str() == Some(mode));
    SHORT.into_iter().filter(|(mode, _)| has(mode)).map(|(_, short)| short).collect::<Vec<_>>().join(",")
}

pub(in crate::kubectl) fn volume_claim(row: &Row<'_>) -> String {
    let Some(claim) = row.tree.at(&["spec", "claimRef"]) else { return String::new() };
    format!("{}/{}", claim.str_at(&["namespace"]), claim.str_at(&["name"]))
}

/// The class of a volume or a claim; the old annotation comes first.
pub(in crate::kubectl) fn storage_class(row: &Row<'_>) -> String {
    let old = row.tree.str_at(&["metadata", "annotations", "volume.beta.kubernetes.io/storage-class"]);
    if old.is_empty() { row.tree.str_at(&["spec", "storageClassName"]) } else { old }.to_owned()
}

pub(in crate::kubectl) fn storage_class_name(row: &Row<'_>) -> String {
    let annotation = |key| row.tree.str_at(&["metadata", "annotations", key]) == "true";
    let is_default = annotation("storageclass.kubernetes.io/is-default-class")
        || annotation("storageclass.beta.kubernetes.io/is-default-class");
    let name = row.tree.str_at(&["metadata", "name"]);
    if is_default { format!("{name} (default)") } else { name.to_owned() }
}

pub(in crate::kubectl) fn autoscaler_target(row: &Row<'_>) -> String {
    let target = |field| row.tree.str_at(&["spec", "scaleTargetRef", field]);
    format!("{}/{}", target("kind"), target("name"))
}

/// TARGETS. Nothing is measured here, so what there is now stays unknown.
pub(in crate::kubectl) fn autoscaler_metrics(row: &Row<'_>) -> String {
    let mut metrics: Vec<String> = row.tree.list_at(&["spec", "metrics"]).iter().map(metric).collect();
    // autoscaling/v1 has one field for the one metric that it knows.
    if let Some(percent) = row.tree.at(&["spec", "targetCPUUtilizationPercentage"]) {
        metrics.push(format!("cpu: <unknown>/{}%", shown(percent)));
    }
    let more = metrics.len().saturating_sub(2);
    metrics.truncate(2);
    match metrics.join(", ") {
        none if none.is_empty() => "<none>".to_owned(),
        some if more > 0 => format!("{some} + {more} more..."),
        all => all,
    }
}

fn metric(metric: &Tree) -> String {
    let source = match metric.str_at(&["type"]) {
        "External" => "external",
        "Pods" => "pods",
        "Object" => "object",
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        _ => return "<unknown type>".to_owned(),
    };
    let target = |field| metric.at(&[source, "target", field]).map(shown);
    let is_resource = source.ends_with("esource");
    let name = if is_resource { format!("{}: ", metric.str_at(&[source, "name"])) } else { String::new() };
    let average = if is_resource || source == "pods" { "" } else { " (avg)" };
    let wanted = match (target("averageValue"), target("averageUtilization")) {
        (Some(value), _) => format!("{value}{average}"),
        (None, Some(percent)) if is_resource => format!("{percent}%"),
        (None, _) if is_resource => "<auto>".to_owned(),
        (None, _) => target("value").unwrap_or_default(),
    };
    format!("{name}<unknown>/{wanted}")
}

/// REQUEST or LIMIT of a ResourceQuota: `limits.*` stands apart.
pub(in crate::kubectl) fn quota(row: &Row<'_>, limits: bool) -> String {
    let hard = row.tree.at(&["status", "hard"]).or_else(|| row.tree.at(&["spec", "hard"]));
    let used = |name: &str| at_or(row.tree, &["status", "used", name], "0");
    let of_column = pairs(hard).into_iter().filter(|(name, _)| name.starts_with("limits") == limits);
    of_column.map(|(name, hard)| format!("{name}: {}/{hard}", used(name))).collect::<Vec<_>>().join(", ")
}

pub(in crate::kubectl) fn role(row: &Row<'_>) -> String {
    format!("{}/{}", row.tree.str_at(&["roleRef", "kind"]), row.tree.str_at(&["roleRef", "name"]))
}

pub(in crate::kubectl) fn subjects(row: &Row<'_>, kind: &str) -> String {
    let of_kind = row.tree.list_at(&["subjects"]).iter().filter(|subject| subject.str_at(&["kind"]) == kind);
    let name = |subject: &Tree| {
        let (namespace, name) = (subject.str_at(&["namespace"]), subject.str_at(&["name"]));
        if kind == "ServiceAccount" { format!("{namespace}/{name}") } else { name.to_owned() }
    };
    of_kind.map(name).collect::<Vec<_>>().join(", ")
}
