//! Counts and conditions of a Deployment (WL-DEP-10).

use api::types::{Deployment, ReplicaSet, Uid};

use crate::deployment::DeploymentState;
use crate::replica_set::ReplicaSetState;
use crate::rolling_update::Limits;
use crate::status::Condition;

/// Numbers of a Deployment's status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Pods of all ReplicaSets.
    pub(crate) replicas: i32,
    /// Pods of the current template.
    pub(crate) updated: i32,
    /// Ready pods.
    pub(crate) ready: i32,
    /// Available pods.
    pub(crate) available: i32,
    /// Missing or not available.
    pub(crate) unavailable: i32,
}

impl Counts {
    /// Everything wanted is there, is new and is available.
    pub(crate) fn complete(&self, deployment: &Deployment) -> bool {
        let wanted = deployment.replicas;
        self.updated == wanted && self.replicas == wanted && self.available == wanted
    }
}

/// What a status is computed from.
pub(crate) struct Facts<'a> {
    pub(crate) deployment: &'a Deployment,
    pub(crate) limits: Limits,
    pub(crate) new: Option<&'a ReplicaSet>,
    /// State of all ReplicaSets.
    pub(crate) sets: Vec<(Uid, &'a ReplicaSetState)>,
    /// Sum of their `spec.replicas`.
    pub(crate) total: i32,
    /// False when the sync only scaled: progress is then not judged.
    pub(crate) estimate_progress: bool,
    /// Simulated time.
    pub(crate) now: u64,
}

/// Writes counts and conditions; whether anything changed.
pub(crate) fn roll_out_status(facts: &Facts<'_>, state: &mut DeploymentState) -> bool {
    let before = (state.counts, state.conditions.clone());
    let counts = count(facts);
    available(facts, counts, state);
    if facts.estimate_progress {
        progress(facts, counts, state);
    }
    let failure = |of: &ReplicaSetState| of.conditions.get("ReplicaFailure").cloned();
    let of_new = facts.sets.iter().find(|(uid, _)| facts.new.is_some_and(|new| new.meta.uid == *uid));
    let found =
        of_new.and_then(|(_, of)| failure(of)).or_else(|| facts.sets.iter().find_map(|(_, of)| failure(of)));
    match found {
        Some(condition) if facts.estimate_progress => state.conditions.set(condition),
        None if facts.estimate_progress => state.conditions.remove("ReplicaFailure"),
        _ => {}
    }
    state.counts = counts;
    before != (state.counts, state.conditions.clone())
}

fn count(facts: &Facts<'_>) -> Counts {
    let sum =
        |field: fn(&ReplicaSetState) -> i32| facts.sets.iter().map(|(_, state)| field(state)).sum::<i32>();
    let of_new = facts.sets.iter().find(|(uid, _)| facts.new.is_some_and(|new| new.meta.uid == *uid));
    let available = sum(|state| state.counts.available);
    Counts {
        replicas: sum(|state| state.counts.replicas),
        updated: of_new.map_or(0, |(_, state)| state.counts.replicas),
        ready: sum(|state| state.counts.ready),
        available,
        unavailable: (facts.total - available).max(0),
    }
}

fn available(facts: &Facts<'_>, counts: Counts, state: &mut DeploymentState) {
    let enough = counts.available >= facts.deployment.replicas - facts.limits.unavailable;
    let (status, reason, message) = if enough {
        ("True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    } else {
        ("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    };
    state.conditions.set(Condition { kind: "Available", status, reason, message: message.into() });
}

fn progress(facts: &Facts<'_>, counts: Counts, state: &mut DeploymentState) {
    let deployment = facts.deployment;
    if deployment.progress_deadline_seconds == i32::MAX {
        state.conditions.remove("Progressing");
        return;
    }
    let current = state.conditions.get("Progressing").map(|condition| condition.reason);
    if counts.replicas == counts.updated && current == Some("NewReplicaSetAvailable") {
        return;
    }
    let name = facts.new.map_or(&deployment.meta.name, |new| &new.meta.name);
    let kind = if facts.new.is_some() { "ReplicaSet" } else { "Deployment" };
    let condition = |status, reason, text: &str| Condition {
        kind: "Progressing",
        status,
        reason,
        message: format!("{kind} \"{name}\" {text}").into(),
    };
    let old = state.counts;
    let progressed = counts.updated > old.updated
        || counts.replicas - counts.updated < old.replicas - old.updated
        || counts.ready > old.ready
        || counts.available > old.available;
    let deadline = u64::from(deployment.progress_deadline_seconds.unsigned_abs()) * 1_000;
    if counts.complete(deployment) {
        state.conditions.set(condition("True", "NewReplicaSetAvailable", "has successfully progressed."));
    } else if progressed {
        state.progressed = facts.now;
        state.conditions.replace(condition("True", "ReplicaSetUpdated", "is progressing."));
    } else if current.is_some() && facts.now > state.progressed + deadline {
        state.conditions.set(condition("False", "ProgressDeadlineExceeded", "has timed out progressing."));
    }
}
