//! Orphans are adopted, and what no longer matches is released.

use crate::World;

fn pod(name: &str, app: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: {app}}}}}\n\
         spec: {{containers: [{{name: a, image: nginx}}]}}\n"
    )
}

fn workload(kind: &str, name: &str, more: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, labels: {{app: web}}}}\nspec:\n  {more}\n  \
         selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec: \
         {{containers: [{{name: a, image: nginx}}]}}\n"
    )
}

/// Applies the texts one after the other; what is left of each pod is its name and owner.
fn check(what: &str, texts: &[String], expected: &[&str]) {
    let mut world = World::new();
    for text in texts {
        world.apply(text);
    }
    let pods = world.pods();
    let fits = |(pod, expected): (&String, &&str)| match expected.split_once('*') {
        Some((start, end)) => pod.starts_with(start) && pod.ends_with(end),
        None => pod == *expected,
    };
    assert!(
        pods.len() == expected.len() && pods.iter().zip(expected).all(fits),
        "{what}: {pods:#?} instead of {expected:#?}"
    );
}

#[test]
fn orphans_are_adopted() {
    let (set, two) = ("ReplicaSet", "replicas: 2");
    check(
        "a ReplicaSet counts a pod that was there",
        &[pod("bare", "web"), pod("other", "db"), workload(set, "web", two)],
        &["bare of ReplicaSet web", "other", "web-* of ReplicaSet web"],
    );
    check(
        "a StatefulSet takes the pod that has its name",
        &[pod("db-0", "web"), pod("stranger", "web"), workload("StatefulSet", "db", "replicas: 1")],
        &["db-0 of StatefulSet db", "stranger"],
    );
    let node = pod("bare", "web").replace("{containers", "{nodeName: node-1, containers");
    check(
        "a DaemonSet takes the pod of a node, and replaces it by one of its own",
        &[node, workload("DaemonSet", "agent", "")],
        &["agent-* of DaemonSet agent"],
    );
    check(
        "pods that others own stay theirs",
        &[workload(set, "one", two), workload(set, "two", "replicas: 1")],
        &["one-* of ReplicaSet one", "one-* of ReplicaSet one", "two-* of ReplicaSet two"],
    );
}

#[test]
fn a_deployment_adopts_a_replica_set() {
    let old = workload("ReplicaSet", "old", "replicas: 3");
    check(
        "of the same template: it is the current one",
        &[old.clone(), workload("Deployment", "web", "replicas: 2")],
        &["old-* of ReplicaSet old", "old-* of ReplicaSet old"],
    );
    check(
        "of another template: it is rolled over",
        &[old.replace("nginx", "httpd"), workload("Deployment", "web", "replicas: 1")],
        &["web-*"],
    );
    check(
        "with other labels: it stays alone",
        &[
            old.replace("name: old, labels: {app: web}", "name: old"),
            workload("Deployment", "web", "replicas: 1"),
        ],
        &["old-* of ReplicaSet old", "old-* of ReplicaSet old", "old-* of ReplicaSet old", "web-*"],
    );
}

#[test]
fn what_no_longer_matches_is_released() {
    let set = workload("ReplicaSet", "web", "replicas: 1");
    check(
        "another pod takes the place of one whose label changed",
        &[pod("bare", "web"), set, pod("bare", "db")],
        &["bare", "web-* of ReplicaSet web"],
    );
}
