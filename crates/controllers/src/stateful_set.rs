//! StatefulSet: pods with a name each, one after another.
//!
//! [`sync`] does what one sync of the real controller does: it walks the ordinals upwards, then the surplus downwards, then
//! the update downwards, and stops at the first pod that must be waited for.

use std::rc::Rc;

use api::server::{ApiError, PodDraft, PodName};
use api::types::{Kind, Pod, PodManagement, PodPhase, PodTemplate, StatefulSet, StatefulSetUpdate, Uid};
use manifest::sorted::SortedMap;
use manifest::{Map, Tree};

use crate::claim;
use crate::context::{Context, Owner, pod_tree, set_metadata};
use crate::hash::template_hash;
use crate::status::{Conditions, Fields, WorkloadStatus};

const REVISION: &str = "controller-revision-hash";

/// What the controller remembers of one StatefulSet.
#[derive(Clone, Debug, Default)]
pub(crate) struct StatefulSetState {
    /// What pods below the partition, and pods that wait for the update, are made of.
    current: Option<Revision>,
    update: Option<Revision>,
    counts: Counts,
    reported: Option<Rc<str>>,
}

#[derive(Clone, Debug)]
struct Revision {
    name: Rc<str>,
    template: PodTemplate,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    replicas: i32,
    ready: i32,
    available: i32,
    current: i32,
    updated: i32,
}

fn owner(set: &StatefulSet) -> Owner<'_> {
    Owner { kind: &Kind::StatefulSet, meta: &set.meta, controller: "statefulset-controller" }
}

/// One sync.
pub(crate) fn sync(ctx: &mut Context<'_>, set: &StatefulSet, state: &mut StatefulSetState) {
    revise(ctx, set, state);
    let pods = claim::pods(ctx, owner(set), &set.selector, |pod| ordinal(set, pod).is_some());
    let mut by_ordinal: SortedMap<i64, Uid> = SortedMap::new();
    for &uid in &pods {
        if let Some(ordinal) = ctx.pod(uid).and_then(|pod| ordinal(set, pod)) {
            by_ordinal.entry(ordinal).or_insert(uid);
        }
    }
    let before = state.counts;
    count(ctx, set, state, &pods);
    if !set.meta.deleting {
        step(ctx, set, state, &by_ordinal);
    }
    complete_update(ctx, set, state);
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
fn ordinal(set: &StatefulSet, pod: &Pod) -> Option<i64> {
    let digits = pod.meta.name.strip_prefix(&*set.meta.name)?.strip_prefix('-')?;
    (digits == "0" || !digits.starts_with(['0', '+'])).then(|| digits.parse().ok()).flatten()
}

fn count(ctx: &mut Context<'_>, set: &StatefulSet, state: &mut StatefulSetState, pods: &[Uid]) {
    let mut counts = Counts::default();
    for &uid in pods {
        let available = ctx.available(uid, set.min_ready_seconds);
        let Some(pod) = ctx.pod(uid) else { continue };
        counts.replicas += 1;
        counts.ready += i32::from(running_and_ready(pod));
        counts.available += i32::from(running_and_ready(pod) && available);
        let is = |revision: &Option<Revision>| {
            i32::from(revision.as_ref().is_some_and(|revision| revision_of(pod) == Some(&*revision.name)))
        };
        if !pod.meta.deleting {
            counts.current += is(&state.current);
            counts.updated += is(&state.update);
        }
    }
    state.counts = counts;
}

fn revision_of(pod: &Pod) -> Option<&str> {
    pod.meta.labels.get(REVISION).map(String::as_str)
}

fn running_and_ready(pod: &Pod) -> bool {
    pod.status.phase == PodPhase::Running && pod.status.ready
}

/// Whether the set waits for this pod.
fn healthy(ctx: &mut Context<'_>, set: &StatefulSet, uid: Uid) -> bool {
    let ready = ctx.pod(uid).is_some_and(|pod| running_and_ready(pod) && !pod.meta.deleting);
    ready && ctx.available(uid, set.min_ready_seconds)
}

fn step(ctx: &mut Context<'_>, set: &StatefulSet, state: &mut StatefulSetState, pods: &SortedMap<i64, Uid>) {
    let ordered = set.pod_management == PodManagement::OrderedReady;
    let start = i64::from(set.ordinals_start);
    let end = start + i64::from(set.replicas);
    for ordinal in start..end {
        let Some(&uid) = pods.get(&ordinal) else {
            if !ctx.has_room() {
                return;
            }
            let created = create(ctx, set, state, ordinal);
            if let Err(error) = &created {
                refuse(ctx, set, state, ordinal, error);
            }
            if ordered || created.is_err() {
                return;
            }
            continue;
        };
        // A finished pod makes room for a new one of the same name (WL-SS-10).
        if ctx.pod(uid).is_some_and(|pod| pod.status.phase.is_terminal()) {
            delete(ctx, set, uid);
            return;
        }
        if ordered && !healthy(ctx, set, uid) {
            return;
        }
    }
    let condemned: Vec<Uid> =
        pods.range(end..).chain(pods.range(..start)).rev().map(|(_, &uid)| uid).collect();
    let first_unhealthy = pods.values().copied().find(|&uid| !healthy(ctx, set, uid));
    for uid in condemned {
        if ordered && !healthy(ctx, set, uid) && first_unhealthy != Some(uid) {
            return;
        }
        delete(ctx, set, uid);
        if ordered {
            return;
        }
    }
    roll(ctx, set, state, pods, start..end);
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
        let is_updated = ctx.pod(uid).is_some_and(|pod| revision_of(pod) == Some(&*update.name));
        if !is_updated {
            delete(ctx, set, uid);
            return;
        }
        if !healthy(ctx, set, uid) {
            return;
        }
    }
}

/// When every pod is of the new revision and ready, that one is the current one.
fn complete_update(ctx: &mut Context<'_>, set: &StatefulSet, state: &mut StatefulSetState) {
    let Counts { updated, replicas, ready, .. } = state.counts;
    let rolling = matches!(set.update, StatefulSetUpdate::RollingUpdate { .. });
    let names = |revision: &Option<Revision>| revision.as_ref().map(|revision| Rc::clone(&revision.name));
    if rolling && updated == replicas && ready == replicas && names(&state.current) != names(&state.update) {
        state.current.clone_from(&state.update);
        state.counts.current = updated;
        ctx.changed = true;
    }
}

fn create(
    ctx: &mut Context<'_>,
    set: &StatefulSet,
    state: &mut StatefulSetState,
    ordinal: i64,
) -> Result<(), ApiError> {
    let below_partition = match set.update {
        StatefulSetUpdate::RollingUpdate { partition } => {
            ordinal < i64::from(set.ordinals_start) + i64::from(partition)
        }
        StatefulSetUpdate::OnDelete => false,
    };
    let revision = if below_partition { &state.current } else { &state.update };
    let Some(revision) = revision.clone() else { return Ok(()) };
    let name: Rc<str> = format!("{}-{ordinal}", set.meta.name).into();
    for template in &set.volume_claim_templates {
        claim(ctx, set, template, &name)?;
    }
    let draft = PodDraft {
        namespace: Rc::clone(&set.meta.namespace),
        owner: owner(set).reference(),
        name: PodName::Exact(Rc::clone(&name)),
        tree: Rc::new(pod(set, &revision, &name, ordinal)),
    };
    ctx.create_pod(&draft)?;
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
    let templates =
        || set.volume_claim_templates.iter().map(|template| template.str_at(&["metadata", "name"]));
    if let (true, Some(volumes)) = (
        templates().next().is_some(),
        spec.or_insert_with("volumes", || Tree::added(Vec::new())).as_list_mut(),
    ) {
        volumes.retain(|volume| !templates().any(|template| template == volume.str_at(&["name"])));
        for template in templates() {
            let claim: Map =
                [("claimName".to_owned(), Tree::added(format!("{template}-{name}")))].into_iter().collect();
            let volume = [("name", Tree::added(template)), ("persistentVolumeClaim", Tree::added(claim))];
            volumes.push(Tree::added(
                volume.map(|(key, value)| (key.to_owned(), value)).into_iter().collect::<Map>(),
            ));
        }
    }
    pod
}

/// Makes the claim of a pod unless it exists; it belongs to nobody and stays (WL-SS-4).
fn claim(ctx: &mut Context<'_>, set: &StatefulSet, template: &Rc<Tree>, pod: &str) -> Result<(), ApiError> {
    let name = format!("{}-{pod}", template.str_at(&["metadata", "name"]));
    if ctx.server.find_kind(&Kind::PersistentVolumeClaim, &set.meta.namespace, &name).is_some() {
        return Ok(());
    }
    let mut tree = Tree::clone(template);
    let Some(fields) = tree.as_map_mut() else { return Ok(()) };
    fields.insert("apiVersion", Tree::added("v1"));
    fields.insert("kind", Tree::added("PersistentVolumeClaim"));
    fields.remove("status");
    if let Some(metadata) = fields.or_insert_with("metadata", Tree::map).as_map_mut() {
        metadata.insert("name", Tree::added(name.as_str()));
        metadata.insert("namespace", Tree::added(&*set.meta.namespace));
        if let Some(labels) = metadata.or_insert_with("labels", Tree::map).as_map_mut() {
            for requirement in &set.selector.requirements {
                if let (api::labels::Operator::In, [value]) = (requirement.operator, &requirement.values[..])
                {
                    labels.insert(requirement.key.clone(), Tree::added(value.as_str()));
                }
            }
        }
    }
    ctx.server.create(tree)?;
    ctx.changed = true;
    let message = || format!("Create Claim {name} Pod {pod} in StatefulSet {} success", set.meta.name);
    ctx.events.normal((&Kind::StatefulSet, &set.meta), "statefulset-controller", "SuccessfulCreate", message);
    Ok(())
}

fn refuse(
    ctx: &mut Context<'_>,
    set: &StatefulSet,
    state: &mut StatefulSetState,
    ordinal: i64,
    error: &ApiError,
) {
    if state.reported.as_deref() == Some(&*error.message) {
        return;
    }
    state.reported = Some(error.message.as_str().into());
    let name = &set.meta.name;
    let message =
        format!("Create Pod {name}-{ordinal} in StatefulSet {name} failed error: {}", error.message);
    ctx.events.warning((&Kind::StatefulSet, &set.meta), "statefulset-controller", "FailedCreate", message);
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
