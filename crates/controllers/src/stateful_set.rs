//! StatefulSet: pods with a name each, one after another.
//!
//! [`sync`] does what one sync of the real controller does: it walks the ordinals upwards, then the surplus downwards, then
//! the update downwards, and stops at the first pod that must be waited for.

use std::rc::Rc;

use api::server::{PodDraft, PodName};
use api::types::{Kind, Pod, PodManagement, PodPhase, PodTemplate, StatefulSet, StatefulSetUpdate, Uid};
use manifest::Tree;
use manifest::sorted::SortedMap;

use crate::context::{Context, Owner, map, pod_tree, set_metadata};
use crate::hash::template_hash;
use crate::stateful_claims::{self, Place};
use crate::stateful_members::{Counts, Members, REVISION, revision_of, running_and_ready};
use crate::status::{Conditions, Fields, WorkloadStatus};

/// What the controller remembers of one StatefulSet.
#[derive(Clone, Debug, Default)]
pub(crate) struct StatefulSetState {
    /// What pods below the partition, and pods that wait for the update, are made of.
    current: Option<Revision>,
    update: Option<Revision>,
    members: Members,
    counts: Counts,
    reported: Option<Rc<str>>,
}

#[derive(Clone, Debug)]
struct Revision {
    name: Rc<str>,
    template: PodTemplate,
}

pub(crate) fn owner(set: &StatefulSet) -> Owner<'_> {
    Owner { kind: &Kind::StatefulSet, meta: &set.meta, controller: "statefulset-controller" }
}

/// One sync.
pub(crate) fn sync(ctx: &mut Context<'_>, set: &Rc<StatefulSet>, state: &mut StatefulSetState) {
    revise(ctx, set, state);
    let name = |revision: &Option<Revision>| revision.as_ref().map(|revision| Rc::clone(&revision.name));
    let names = [name(&state.current), name(&state.update)];
    let mut members = std::mem::take(&mut state.members);
    members.refresh(ctx, set, [names[0].as_deref(), names[1].as_deref()]);
    let before = std::mem::replace(&mut state.counts, members.counts);
    if !set.meta.deleting {
        step(ctx, set, state, &mut members);
    }
    if complete_update(ctx, set, state) {
        members.forget_all();
    }
    state.members = members;
    ctx.changed |= before != state.counts;
}

/// Takes in a changed template.
fn revise(ctx: &mut Context<'_>, set: &StatefulSet, state: &mut StatefulSetState) {
    let same = |revision: &Revision| {
        Rc::ptr_eq(&revision.template.tree, &set.template.tree) || revision.template.tree == set.template.tree
    };
    if state.update.as_ref().is_some_and(same) {
        return;
    }
    let name = format!("{}-{}", set.meta.name, template_hash(&set.template.tree)).into();
    let revision = Revision { name, template: set.template.clone() };
    state.current.get_or_insert_with(|| revision.clone());
    state.update = Some(revision);
    ctx.changed = true;
}

/// The ordinal in a pod's name, if it is one of the set's.
pub(crate) fn ordinal(set: &StatefulSet, pod: &Pod) -> Option<i64> {
    let digits = pod.meta.name.strip_prefix(&*set.meta.name)?.strip_prefix('-')?;
    (digits == "0" || !digits.starts_with(['0', '+'])).then(|| digits.parse().ok()).flatten()
}

/// Whether the set waits for this pod.
fn healthy(ctx: &mut Context<'_>, set: &StatefulSet, uid: Uid) -> bool {
    let ready = ctx.pod(uid).is_some_and(|pod| running_and_ready(pod) && !pod.meta.deleting);
    ready && ctx.available(uid, set.min_ready_seconds)
}

fn step(ctx: &mut Context<'_>, set: &StatefulSet, state: &mut StatefulSetState, members: &mut Members) {
    let ordered = set.pod_management == PodManagement::OrderedReady;
    let start = i64::from(set.ordinals_start);
    let end = start + i64::from(set.replicas);
    let mut failed = false;
    members.steady = members.steady.max(start);
    for ordinal in members.steady..end {
        let pod = members.by_ordinal.get(&ordinal).copied();
        match replica(ctx, set, state, pod, ordinal) {
            Progress::Full => return,
            Progress::Waits if ordered => return,
            Progress::Made if members.steady == ordinal => {
                members.steady += i64::from(pod.is_some_and(|uid| healthy(ctx, set, uid)));
            }
            Progress::Waits | Progress::Made => {}
            Progress::Failed => failed = true,
        }
        if failed && (ordered || ends_batch(ordinal - start + 1)) {
            return;
        }
    }
    let pods = &members.by_ordinal;
    if !failed && remove_surplus(ctx, set, pods, start..end) {
        roll(ctx, set, state, pods, start..end);
    }
}

/// What became of one replica.
enum Progress {
    /// All is well, as far as a set that does not wait is concerned.
    Made,
    /// An ordered set waits for it.
    Waits,
    /// It was refused.
    Failed,
    /// There may be no more pods.
    Full,
}

/// Whether a batch ends after so many replicas: they are worked on in batches of 1, 2, 4 ... up to 500 (WL-ORDER-3).
fn ends_batch(done: i64) -> bool {
    if done <= 511 { (done + 1).unsigned_abs().is_power_of_two() } else { (done - 511) % 500 == 0 }
}

/// Makes or mends one replica.
fn replica(
    ctx: &mut Context<'_>,
    set: &StatefulSet,
    state: &mut StatefulSetState,
    pod: Option<Uid>,
    ordinal: i64,
) -> Progress {
    let Some((uid, pod)) = pod.and_then(|uid| Some((uid, ctx.pod(uid)?))) else {
        if !ctx.has_room() {
            return Progress::Full;
        }
        return match create(ctx, set, state, ordinal) {
            Ok(()) => Progress::Waits,
            Err(error) => refuse(ctx, set, state, ordinal, &error),
        };
    };
    let name = Rc::clone(&pod.meta.name);
    // A finished pod makes room for a new one of the same name (WL-SS-10).
    if pod.status.phase.is_terminal() {
        if !pod.meta.deleting {
            delete(ctx, set, uid);
        }
        return Progress::Waits;
    }
    if pod.status.phase == PodPhase::Pending
        && let Err(error) = stateful_claims::create(ctx, set, &name)
    {
        return refuse(ctx, set, state, ordinal, &error);
    }
    if set.pod_management == PodManagement::OrderedReady && !healthy(ctx, set, uid) {
        return Progress::Waits;
    }
    stateful_claims::retain(ctx, set, uid, Place::Wanted);
    Progress::Made
}

/// Deletes the pods beyond the last replica and before the first, from the highest ordinal down; an ordered set one at a time
/// (WL-SS-7). Whether the sync goes on.
fn remove_surplus(
    ctx: &mut Context<'_>,
    set: &StatefulSet,
    pods: &SortedMap<i64, Uid>,
    wanted: std::ops::Range<i64>,
) -> bool {
    let ordered = set.pod_management == PodManagement::OrderedReady;
    let condemned: Vec<Uid> =
        pods.range(..wanted.start).chain(pods.range(wanted.end..)).rev().map(|(_, &uid)| uid).collect();
    if condemned.is_empty() {
        return true;
    }
    for &uid in &condemned {
        stateful_claims::retain(ctx, set, uid, Place::Beyond);
    }
    // An ordered set only gets here when all its replicas are healthy.
    let first_unhealthy = condemned.iter().rev().copied().find(|&uid| !healthy(ctx, set, uid));
    for uid in condemned {
        let terminating = ctx.pod(uid).is_none_or(|pod| pod.meta.deleting);
        let waits = terminating || (!healthy(ctx, set, uid) && first_unhealthy != Some(uid));
        if ordered && waits {
            return false;
        }
        if !terminating {
            delete(ctx, set, uid);
        }
        if ordered {
            return false;
        }
    }
    true
}

/// Replaces one pod of an old revision, from the highest ordinal down (WL-SS-8).
fn roll(
    ctx: &mut Context<'_>,
    set: &StatefulSet,
    state: &StatefulSetState,
    pods: &SortedMap<i64, Uid>,
    ordinals: std::ops::Range<i64>,
) {
    let (StatefulSetUpdate::RollingUpdate { partition }, Some(update)) = (set.update, &state.update) else {
        return;
    };
    let first = ordinals.start + i64::from(partition);
    for ordinal in ordinals.rev().take_while(|&ordinal| ordinal >= first) {
        let Some(&uid) = pods.get(&ordinal) else { return };
        let is_old =
            ctx.pod(uid).is_some_and(|pod| revision_of(pod) != Some(&*update.name) && !pod.meta.deleting);
        if is_old {
            delete(ctx, set, uid);
            return;
        }
        if !healthy(ctx, set, uid) {
            return;
        }
    }
}

/// When every replica is there, of the new revision and ready, that one is the current one. Whether it was not before.
fn complete_update(ctx: &mut Context<'_>, set: &StatefulSet, state: &mut StatefulSetState) -> bool {
    let Counts { updated, replicas, ready, .. } = state.counts;
    let complete = [updated, replicas, ready].iter().all(|&count| count == set.replicas);
    let rolling = matches!(set.update, StatefulSetUpdate::RollingUpdate { .. });
    let names = |revision: &Option<Revision>| revision.as_ref().map(|revision| Rc::clone(&revision.name));
    let completes = rolling && complete && names(&state.current) != names(&state.update);
    if completes {
        state.current.clone_from(&state.update);
        state.counts.current = updated;
        ctx.changed = true;
    }
    completes
}

fn create(
    ctx: &mut Context<'_>,
    set: &StatefulSet,
    state: &mut StatefulSetState,
    ordinal: i64,
) -> Result<(), String> {
    let below_partition = match set.update {
        StatefulSetUpdate::RollingUpdate { partition } => {
            ordinal < i64::from(set.ordinals_start) + i64::from(partition)
        }
        StatefulSetUpdate::OnDelete => false,
    };
    let revision = if below_partition { &state.current } else { &state.update };
    let Some(revision) = revision.clone() else { return Ok(()) };
    let name: Rc<str> = format!("{}-{ordinal}", set.meta.name).into();
    stateful_claims::create(ctx, set, &name)?;
    let draft = PodDraft {
        namespace: Rc::clone(&set.meta.namespace),
        owner: owner(set).reference(),
        name: PodName::Exact(Rc::clone(&name)),
        tree: Rc::new(pod(set, &revision, &name, ordinal)),
    };
    let uid = ctx.create_pod(&draft).map_err(|error| error.message)?;
    stateful_claims::retain(ctx, set, uid, Place::Wanted);
    state.reported = None;
    let message = || format!("Create Pod {name} in StatefulSet {} successful", set.meta.name);
    ctx.events.normal((&Kind::StatefulSet, &set.meta), "statefulset-controller", "SuccessfulCreate", message);
    Ok(())
}

/// The pod of one ordinal (WL-SS-2, WL-SS-4).
fn pod(set: &StatefulSet, revision: &Revision, name: &str, ordinal: i64) -> Tree {
    let mut pod = pod_tree(&revision.template);
    set_metadata(&mut pod, "labels", "statefulset.kubernetes.io/pod-name", name);
    set_metadata(&mut pod, "labels", "apps.kubernetes.io/pod-index", &ordinal.to_string());
    set_metadata(&mut pod, "labels", REVISION, &revision.name);
    let Some(spec) = pod.at_mut(&["spec"]).and_then(Tree::as_map_mut) else { return pod };
    spec.insert("hostname", Tree::added(name));
    if !set.service_name.is_empty() {
        spec.insert("subdomain", Tree::added(set.service_name.as_str()));
    }
    if set.volume_claim_templates.is_empty() {
        return pod;
    }
    let claims = set.volume_claim_templates.iter().map(|template| {
        let claim = map(vec![("claimName", Tree::added(stateful_claims::name_of(template, name)))]);
        let volume = Tree::added(template.str_at(&["metadata", "name"]));
        map(vec![("name", volume), ("persistentVolumeClaim", claim)])
    });
    let mut claims: Vec<Tree> = claims.collect();
    let volumes = spec.or_insert_with("volumes", || Tree::added(Vec::new()));
    if let Some(volumes) = volumes.as_list_mut() {
        let is_claim = |volume: &Tree| claims.iter().any(|claim| claim.get("name") == volume.get("name"));
        volumes.retain(|volume| !is_claim(volume));
        claims.append(volumes);
        *volumes = claims;
    }
    pod
}

/// Notes and reports that a replica was refused.
fn refuse(
    ctx: &mut Context<'_>,
    set: &StatefulSet,
    state: &mut StatefulSetState,
    ordinal: i64,
    error: &str,
) -> Progress {
    if state.reported.as_deref() != Some(error) {
        state.reported = Some(error.into());
        let name = &set.meta.name;
        let message = format!("Create Pod {name}-{ordinal} in StatefulSet {name} failed error: {error}");
        let about = (&Kind::StatefulSet, &set.meta);
        ctx.events.warning(about, "statefulset-controller", "FailedCreate", message);
    }
    Progress::Failed
}

fn delete(ctx: &mut Context<'_>, set: &StatefulSet, uid: Uid) {
    let Some(name) = ctx.pod(uid).map(|pod| Rc::clone(&pod.meta.name)) else { return };
    ctx.delete(uid);
    let message = || format!("Delete Pod {name} in StatefulSet {} successful", set.meta.name);
    ctx.events.normal((&Kind::StatefulSet, &set.meta), "statefulset-controller", "SuccessfulDelete", message);
}

/// The error that keeps pods from being made.
pub(crate) fn error(state: &StatefulSetState) -> Option<Rc<str>> {
    state.reported.clone()
}

/// The status as the API shows it.
pub(crate) fn status(set: &StatefulSet, state: &StatefulSetState) -> WorkloadStatus {
    let Counts { replicas, ready, available, current, updated } = state.counts;
    let name = |revision: &Option<Revision>| {
        revision.as_ref().map_or_else(|| "".into(), |revision| Rc::clone(&revision.name))
    };
    let fields = Fields::default()
        .always("replicas", replicas)
        .some("readyReplicas", ready)
        .some("currentReplicas", current)
        .some("updatedReplicas", updated)
        .name("currentRevision", &name(&state.current))
        .name("updateRevision", &name(&state.update))
        .always("collisionCount", 0)
        .always("availableReplicas", available);
    WorkloadStatus::new(owner(set), Some(set.replicas), replicas, fields, Conditions::default())
}
