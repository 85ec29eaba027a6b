//! What a Deployment notes on its ReplicaSets (`pkg/controller/deployment/util`).

use api::types::{Deployment, ReplicaSet};

/// The number of a roll-out.
pub(crate) const REVISION: &str = "deployment.kubernetes.io/revision";
/// Replicas that the Deployment wanted when the ReplicaSet was last scaled.
pub(crate) const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
/// Replicas that it allowed then.
pub(crate) const MAX: &str = "deployment.kubernetes.io/max-replicas";
/// Revisions that a ReplicaSet had before.
pub(crate) const HISTORY: &str = "deployment.kubernetes.io/revision-history";

/// Annotations of a Deployment that its ReplicaSets do not get (WL-DEP-1).
const NOT_COPIED: [&str; 6] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    HISTORY,
    DESIRED,
    MAX,
    "deprecated.deployment.rollback.to",
];

/// The revision of a ReplicaSet; 0 when it has none.
pub(crate) fn revision(set: &ReplicaSet) -> u64 {
    set.meta.annotations.get(REVISION).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// A number in an annotation.
pub(crate) fn annotated(set: &ReplicaSet, key: &str) -> Option<i32> {
    set.meta.annotations.get(key)?.parse().ok()
}

/// The annotations that ReplicaSets get of their Deployment.
pub(crate) fn copied_annotations(deployment: &Deployment) -> impl Iterator<Item = (&str, &str)> {
    let all = deployment.meta.annotations.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    all.filter(|(key, _)| !NOT_COPIED.contains(key))
}

/// The revisions that a ReplicaSet had before, the latest last; the oldest are dropped above 2,000 characters.
pub(crate) fn history(before: Option<&String>, last: &str) -> String {
    let mut revisions = before.cloned().unwrap_or_default();
    revisions.extend([if revisions.is_empty() { "" } else { "," }, last]);
    while revisions.len() > 2_000 {
        let Some((_, rest)) = revisions.split_once(',') else { break };
        revisions = rest.to_owned();
    }
    revisions
}
