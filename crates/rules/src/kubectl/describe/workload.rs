//! `kubectl describe` of Deployments, ReplicaSets, StatefulSets, DaemonSets and Jobs.

use api::server::uid_text;
use api::types::PodPhase;
use manifest::Tree;

use super::Page;
use super::pod as describe_pod;
use crate::kubectl::get::cells::template;
use crate::kubectl::objects::{Cluster, Wanted, replicas};
use crate::kubectl::tree::{at_or, format_labels, format_selector, int, shown};

/// A Deployment with its ReplicaSets.
pub(super) fn deployment(cluster: &Cluster<'_>, tree: &Tree, page: &mut Page) {
    let status = |field| int(tree, &["status", field]);
    page.name(tree);
    page.time(0, "CreationTimestamp", tree, &["metadata", "creationTimestamp"]);
    page.marks(tree);
    page.field(0, "Selector", &format_selector(tree.at(&["spec", "selector"])));
    page.field(
        0,
        "Replicas",
        &format!(
            "{} desired | {} updated | {} total | {} available | {} unavailable",
            replicas(tree),
            status("updatedReplicas"),
            status("replicas"),
            status("availableReplicas"),
            status("unavailableReplicas")
        ),
    );
    page.field(0, "StrategyType", tree.str_at(&["spec", "strategy", "type"]));
    page.field(0, "MinReadySeconds", &int(tree, &["spec", "minReadySeconds"]).to_string());
    if let Some(update) = tree.at(&["spec", "strategy", "rollingUpdate"]) {
        let share = |field| at_or(update, &[field], "0");
        let text = format!("{} max unavailable, {} max surge", share("maxUnavailable"), share("maxSurge"));
        page.field(0, "RollingUpdateStrategy", &text);
    }
    describe_pod::template(template(tree), page);
    conditions(tree, page);
    replica_sets(cluster, tree, page);
}

/// The ReplicaSet of the current revision, and those of older ones that still have pods or are kept.
fn replica_sets(cluster: &Cluster<'_>, deployment: &Tree, page: &mut Page) {
    const REVISION: [&str; 3] = ["metadata", "annotations", "deployment.kubernetes.io/revision"];
    let Some(resource) = cluster.resource("apps", "replicasets") else { return };
    let namespace = Some(deployment.str_at(&["metadata", "namespace"]));
    let uid = deployment.str_at(&["metadata", "uid"]);
    let mut sets = cluster.list(&resource, Wanted { namespace, ..Wanted::default() });
    sets.retain(|set| {
        set.list_at(&["metadata", "ownerReferences"]).iter().any(|owner| owner.str_at(&["uid"]) == uid)
    });
    let revision = deployment.str_at(&REVISION);
    let (new, old): (Vec<&Tree>, Vec<&Tree>) = sets.iter().partition(|set| set.str_at(&REVISION) == revision);
    let text = |sets: &[&Tree]| {
        let one = |set: &&Tree| {
            let (name, created) = (set.str_at(&["metadata", "name"]), int(set, &["status", "replicas"]));
            format!("{name} ({created}/{} replicas created)", replicas(set))
        };
        crate::kubectl::tree::none_if_empty(sets.iter().map(one).collect::<Vec<_>>().join(", "))
    };
    if !sets.is_empty() {
        page.field(0, "OldReplicaSets", &text(&old));
        page.field(0, "NewReplicaSet", &text(&new));
    }
}

/// A ReplicaSet or a ReplicationController.
pub(super) fn replica_set(cluster: &Cluster<'_>, tree: &Tree, page: &mut Page) {
    page.name(tree);
    let selector = tree.at(&["spec", "selector"]);
    let is_set = tree.str_at(&["kind"]) == "ReplicaSet";
    page.field(0, "Selector", &if is_set { format_selector(selector) } else { format_labels(selector) });
    page.marks(tree);
    page.controller(tree);
    let current = int(tree, &["status", "replicas"]);
    page.field(0, "Replicas", &format!("{current} current / {} desired", replicas(tree)));
    pod_statuses(cluster, tree, page);
    describe_pod::template(template(tree), page);
    conditions(tree, page);
}

/// A StatefulSet.
pub(super) fn stateful_set(cluster: &Cluster<'_>, tree: &Tree, page: &mut Page) {
    page.name(tree);
    page.time(0, "CreationTimestamp", tree, &["metadata", "creationTimestamp"]);
    page.field(0, "Selector", &format_selector(tree.at(&["spec", "selector"])));
    page.marks(tree);
    let total = int(tree, &["status", "replicas"]);
    page.field(0, "Replicas", &format!("{} desired | {total} total", replicas(tree)));
    page.field(0, "Update Strategy", tree.str_at(&["spec", "updateStrategy", "type"]));
    if let Some(partition) = tree.at(&["spec", "updateStrategy", "rollingUpdate", "partition"]) {
        page.field(1, "Partition", &shown(partition));
        page.some(
            1,
            "MaxUnavailable",
            &at_or(tree, &["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"], ""),
        );
    }
    pod_statuses(cluster, tree, page);
    describe_pod::template(template(tree), page);
    let claims = tree.list_at(&["spec", "volumeClaimTemplates"]);
    if claims.is_empty() {
        page.field(0, "Volume Claims", "<none>");
    } else {
        page.line(0, "Volume Claims:");
    }
    for claim in claims {
        page.field(1, "Name", claim.str_at(&["metadata", "name"]));
        page.field(1, "StorageClass", claim.str_at(&["spec", "storageClassName"]));
        page.labels("  Labels", claim.at(&["metadata", "labels"]));
        page.labels("  Annotations", claim.at(&["metadata", "annotations"]));
        page.field(1, "Capacity", &at_or(claim, &["spec", "resources", "requests", "storage"], "<default>"));
        let modes: Vec<String> = claim.list_at(&["spec", "accessModes"]).iter().map(shown).collect();
        page.field(1, "Access Modes", &format!("[{}]", modes.join(" ")));
    }
}

/// A DaemonSet.
pub(super) fn daemon_set(cluster: &Cluster<'_>, tree: &Tree, page: &mut Page) {
    page.name(tree);
    page.field(0, "Selector", &format_selector(tree.at(&["spec", "selector"])));
    page.field(0, "Node-Selector", &format_labels(tree.at(&["spec", "template", "spec", "nodeSelector"])));
    page.marks(tree);
    for (label, field) in [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ] {
        page.line(0, &format!("{label}: {}", int(tree, &["status", field])));
    }
    pod_statuses(cluster, tree, page);
    describe_pod::template(template(tree), page);
}

/// A Job.
pub(super) fn job(_: &Cluster<'_>, tree: &Tree, page: &mut Page) {
    page.name(tree);
    page.field(0, "Selector", &format_selector(tree.at(&["spec", "selector"])));
    page.marks(tree);
    page.controller(tree);
    let spec = |field| at_or(tree, &["spec", field], "");
    page.some(0, "Parallelism", &spec("parallelism"));
    page.field(0, "Completions", &at_or(tree, &["spec", "completions"], "<unset>"));
    page.some(0, "Completion Mode", &spec("completionMode"));
    page.some(0, "Suspend", &spec("suspend"));
    page.some(0, "Backoff Limit", &spec("backoffLimit"));
    page.some(0, "TTL Seconds After Finished", &spec("ttlSecondsAfterFinished"));
    page.time(0, "Start Time", tree, &["status", "startTime"]);
    page.some(
        0,
        "Active Deadline Seconds",
        &match spec("activeDeadlineSeconds") {
            none if none.is_empty() => none,
            seconds => seconds + "s",
        },
    );
    let status = |field| int(tree, &["status", field]);
    page.field(
        0,
        "Pods Statuses",
        &format!(
            "{} Active ({} Ready) / {} Succeeded / {} Failed",
            status("active"),
            status("ready"),
            status("succeeded"),
            status("failed")
        ),
    );
    if spec("completionMode") == "Indexed" {
        page.field(0, "Completed Indexes", &at_or(tree, &["status", "completedIndexes"], "<none>"));
    }
    describe_pod::template(template(tree), page);
}

/// The pods that a controller owns, by phase.
fn pod_statuses(cluster: &Cluster<'_>, tree: &Tree, page: &mut Page) {
    let uid = tree.str_at(&["metadata", "uid"]);
    let mut counts = [0_usize; 4];
    for pod in cluster.server().store().pods.values() {
        if pod.meta.owner.as_ref().is_some_and(|owner| uid_text(owner.uid) == uid) {
            let place = match pod.status.phase {
                PodPhase::Running => 0,
                PodPhase::Pending => 1,
                PodPhase::Succeeded => 2,
                PodPhase::Failed => 3,
            };
            counts[place] += 1;
        }
    }
    let [running, waiting, succeeded, failed] = counts;
    let text = format!("{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed");
    page.field(0, "Pods Status", &text);
}

fn conditions(tree: &Tree, page: &mut Page) {
    let conditions = tree.list_at(&["status", "conditions"]);
    if conditions.is_empty() {
        return;
    }
    page.line(0, "Conditions:");
    page.line(1, "Type\tStatus\tReason");
    page.line(1, "----\t------\t------");
    for condition in conditions {
        let field = |name| condition.str_at(&[name]);
        page.line(1, &format!("{} \t{}\t{}", field("type"), field("status"), field("reason")));
    }
}
