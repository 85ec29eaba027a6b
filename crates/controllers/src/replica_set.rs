//! ReplicaSet and ReplicationController: as many pods as wanted, whichever they are.

use std::rc::Rc;

use api::labels::Selector;
use api::server::ApiError;
use api::types::{Kind, PodTemplate, ReplicaSet, ReplicationController, Uid};

use crate::claim::{self, is_active};
use crate::context::{Context, DraftCache, Owner, generated, pod_tree};
use crate::scale_down::deletion_order;
use crate::status::{Condition, Conditions, Fields, WorkloadStatus};

/// What the controller remembers of one set.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReplicaSetState {
    draft: DraftCache,
    /// Counts of the last sync.
    pub(crate) counts: Counts,
    /// Conditions.
    pub(crate) conditions: Conditions,
    reported: Option<String>,
}

/// Numbers of a ReplicaSet's status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Active pods.
    pub(crate) replicas: i32,
    /// Those that carry all labels of the template.
    pub(crate) fully_labeled: i32,
    /// Ready.
    pub(crate) ready: i32,
    /// Ready for long enough.
    pub(crate) available: i32,
}

/// The part that ReplicaSet and ReplicationController share (WL-RS-5).
pub(crate) struct Replicated<'a> {
    owner: Owner<'a>,
    replicas: i32,
    selector: &'a Selector,
    template: &'a PodTemplate,
    min_ready_seconds: i32,
}

impl<'a> From<&'a ReplicaSet> for Replicated<'a> {
    fn from(set: &'a ReplicaSet) -> Self {
        Self {
            owner: Owner { kind: &Kind::ReplicaSet, meta: &set.meta, controller: "replicaset-controller" },
            replicas: set.replicas,
            selector: &set.selector,
            template: &set.template,
            min_ready_seconds: set.min_ready_seconds,
        }
    }
}

impl<'a> From<&'a ReplicationController> for Replicated<'a> {
    fn from(set: &'a ReplicationController) -> Self {
        Self {
            owner: Owner {
                kind: &Kind::ReplicationController,
                meta: &set.meta,
                controller: "replication-controller",
            },
            replicas: set.replicas,
            selector: &set.selector,
            template: &set.template,
            min_ready_seconds: set.min_ready_seconds,
        }
    }
}

/// One sync: adopt, create or delete, then the status of what was there before.
///
/// `related` are other pods of the same root owner; they weigh in the order of deletion.
pub(crate) fn sync(
    ctx: &mut Context<'_>,
    set: &Replicated<'_>,
    state: &mut ReplicaSetState,
    related: &[Uid],
) {
    let mut active = claim::pods(ctx, set.owner, set.selector, is_active);
    active.retain(|uid| ctx.pod(*uid).is_some_and(is_active));
    let diff = set.replicas - i32::try_from(active.len()).unwrap_or(i32::MAX);
    let failure = if set.owner.meta.deleting {
        None
    } else if diff > 0 {
        create(ctx, set, state, diff).err()
    } else {
        delete(ctx, set, &active, diff.unsigned_abs() as usize, related);
        None
    };
    let before = (state.counts, state.conditions.clone());
    match failure {
        None => {
            state.conditions.remove("ReplicaFailure");
            state.reported = None;
        }
        // Only the first message stays (WL-RS-4).
        Some(error) => state.conditions.set(Condition {
            kind: "ReplicaFailure",
            status: "True",
            reason: "FailedCreate",
            message: error.message.into(),
        }),
    }
    state.counts = count(ctx, set, &active);
    ctx.changed |= before != (state.counts, state.conditions.clone());
}

/// Creates pods in batches of 1, 2, 4 ...; a batch with an error is the last (WL-ORDER-3).
fn create(
    ctx: &mut Context<'_>,
    set: &Replicated<'_>,
    state: &mut ReplicaSetState,
    count: i32,
) -> Result<(), ApiError> {
    let tree = state.draft.get(set.template, || pod_tree(set.template));
    let draft = generated(set.owner, &set.owner.reference(), &set.owner.base(), tree);
    let mut left = count;
    let mut batch = 1;
    while left > 0 {
        let mut failure = None;
        for _ in 0..batch.min(left) {
            if !ctx.has_room() {
                return Ok(());
            }
            if let Err(error) = ctx.create_with_event(set.owner, &draft) {
                report(ctx, set, state, &error);
                failure.get_or_insert(error);
            }
        }
        if let Some(error) = failure {
            return Err(error);
        }
        left -= batch.min(left);
        batch = batch.saturating_mul(2);
    }
    Ok(())
}

/// Writes the event of a refusal once, however often it is tried: only the generated name differs.
fn report(ctx: &mut Context<'_>, set: &Replicated<'_>, state: &mut ReplicaSetState, error: &ApiError) {
    let reason = error.message.split_once("\" ").map_or(&*error.message, |(_, reason)| reason).to_owned();
    if state.reported.as_ref() != Some(&reason) {
        state.reported = Some(reason);
        let message = format!("Error creating: {}", error.message);
        let about = (set.owner.kind, set.owner.meta);
        ctx.events.warning(about, set.owner.controller, "FailedCreate", message);
    }
}

fn delete(ctx: &mut Context<'_>, set: &Replicated<'_>, active: &[Uid], count: usize, related: &[Uid]) {
    if count == 0 {
        return;
    }
    let mut order = active.to_vec();
    if count < order.len() {
        let all: Vec<Uid> = active.iter().chain(related).copied().collect();
        deletion_order(ctx.store(), &mut order, &all, ctx.server.now());
    }
    for uid in order.into_iter().take(count) {
        ctx.delete_with_event(set.owner, uid);
    }
}

fn count(ctx: &mut Context<'_>, set: &Replicated<'_>, active: &[Uid]) -> Counts {
    let mut counts = Counts::default();
    for &uid in active {
        let Some(pod) = ctx.pod(uid) else { continue };
        let labels = Rc::clone(&pod.meta.labels);
        let ready = pod.status.ready;
        counts.replicas += 1;
        counts.fully_labeled +=
            i32::from(set.template.labels.iter().all(|(key, value)| labels.get(key) == Some(value)));
        counts.ready += i32::from(ready);
        counts.available += i32::from(ready && ctx.available(uid, set.min_ready_seconds));
    }
    counts
}

/// The status as the API shows it.
pub(crate) fn status(set: &Replicated<'_>, state: &ReplicaSetState) -> WorkloadStatus {
    let Counts { replicas, fully_labeled, ready, available } = state.counts;
    let fields = Fields::default()
        .always("replicas", replicas)
        .some("fullyLabeledReplicas", fully_labeled)
        .some("readyReplicas", ready)
        .some("availableReplicas", available);
    let fields =
        if *set.owner.kind == Kind::ReplicaSet { fields.always("terminatingReplicas", 0) } else { fields };
    WorkloadStatus::new(set.owner, Some(set.replicas), replicas, fields, state.conditions.clone())
}
