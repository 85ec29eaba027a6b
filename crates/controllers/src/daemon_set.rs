//! DaemonSet: one pod on every node that wants one.

use std::rc::Rc;

use api::int_or_string::Rounding;
use api::types::{
    DaemonSet, DaemonSetUpdate, Kind, Node, Pod, PodPhase, PodSpec, Toleration, TolerationOperator, Uid,
};
use manifest::Tree;
use manifest::sorted::SortedMap;

use crate::claim;
use crate::context::{Context, Owner, generated, pod_tree, set_metadata};
use crate::daemon_node::{Decision, add_tolerations, added_tolerations, decide, pin};
use crate::hash::template_hash;
use crate::status::{Conditions, Fields, WorkloadStatus};

const REVISION: &str = "controller-revision-hash";

/// What the controller remembers of one DaemonSet.
#[derive(Clone, Debug, Default)]
pub(crate) struct DaemonSetState {
    template: Option<Template>,
    counts: Counts,
    pub(crate) error: Option<Rc<str>>,
}

/// What follows from the template, computed once.
#[derive(Clone, Debug)]
struct Template {
    of: Rc<Tree>,
    hash: Rc<str>,
    spec: Rc<PodSpec>,
    tolerations: Rc<[Toleration]>,
    /// Without the node's name.
    pod: Rc<Tree>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    desired: i32,
    current: i32,
    misscheduled: i32,
    ready: i32,
    available: i32,
    updated: i32,
    created: i32,
}

/// A node as the DaemonSet sees it.
struct Place {
    node: Rc<Node>,
    decision: Decision,
    /// Those that are bound first, then by age.
    pods: Vec<Uid>,
}

impl Place {
    /// The pods that are not on their way out.
    fn staying(&self, ctx: &Context<'_>) -> Vec<Uid> {
        let stays = |uid: &Uid| ctx.pod(*uid).is_some_and(|pod| !pod.meta.deleting);
        self.pods.iter().copied().filter(stays).collect()
    }
}

fn owner(set: &DaemonSet) -> Owner<'_> {
    Owner { kind: &Kind::DaemonSet, meta: &set.meta, controller: "daemonset-controller" }
}

/// One sync: place, roll, count.
pub(crate) fn sync(ctx: &mut Context<'_>, set: &DaemonSet, state: &mut DaemonSetState) {
    if set.meta.deleting {
        return;
    }
    let template = template(set, state);
    let places = places(ctx, set, &template);
    let changed = ctx.changed;
    ctx.changed = false;
    let mut create = manage(ctx, set, &places, &template);
    if let (false, DaemonSetUpdate::RollingUpdate { max_unavailable, max_surge }) = (ctx.changed, &set.update)
    {
        let desired = places.iter().filter(|place| place.decision.run).count() as i32;
        let amount =
            |value: &api::int_or_string::IntOrString| value.scaled(desired, Rounding::Up).unwrap_or(0);
        let (unavailable, surge) = (amount(max_unavailable), amount(max_surge));
        if surge > 0 {
            create.extend(surge_update(ctx, set, &places, &template, (surge, desired)));
        } else {
            update(ctx, set, &places, &template, unavailable.max(1));
        }
    }
    place(ctx, set, state, &template, &create);
    ctx.changed |= changed;
    let counts = count(ctx, set, &places, &template);
    ctx.changed |= counts != state.counts;
    state.counts = counts;
}

fn template(set: &DaemonSet, state: &mut DaemonSetState) -> Template {
    match &state.template {
        Some(template) if Rc::ptr_eq(&template.of, &set.template.tree) => template.clone(),
        _ => {
            let template = new_template(set);
            state.template = Some(template.clone());
            template
        }
    }
}

fn new_template(set: &DaemonSet) -> Template {
    let hash: Rc<str> = template_hash(&set.template.tree).into();
    let spec = set.template.tree.get("spec").map(api::decode::typed::pod_spec).unwrap_or_default();
    let exists = |(key, effect): (&str, _)| Toleration {
        key: key.into(),
        operator: TolerationOperator::Exists,
        effect: Some(effect),
        ..Toleration::default()
    };
    let tolerations =
        spec.tolerations.iter().cloned().chain(added_tolerations(spec.host_network).map(exists)).collect();
    let mut pod = pod_tree(&set.template);
    set_metadata(&mut pod, "labels", REVISION, &hash);
    set_metadata(&mut pod, "labels", "pod-template-generation", &set.template_generation.to_string());
    if let Some(spec) = pod.at_mut(&["spec"]).and_then(Tree::as_map_mut) {
        add_tolerations(spec);
    }
    Template { of: Rc::clone(&set.template.tree), hash, spec: Rc::new(spec), tolerations, pod: Rc::new(pod) }
}

/// The node that a daemon pod is on, or is meant for.
fn target(pod: &Pod) -> Option<&str> {
    let pinned = || {
        let term = pod.spec.affinity.node.as_ref()?.required.as_ref()?.first()?;
        term.match_fields.first()?.values.first().map(String::as_str)
    };
    pod.node.as_deref().or_else(pinned)
}

fn places(ctx: &mut Context<'_>, set: &DaemonSet, template: &Template) -> Vec<Place> {
    let mut by_node: SortedMap<String, Vec<Uid>> = SortedMap::new();
    for uid in claim::pods(ctx, owner(set), &set.selector, |_| true) {
        if let Some(node) = ctx.pod(uid).and_then(target) {
            by_node.entry(node.to_owned()).or_default().push(uid);
        }
    }
    for pods in by_node.values_mut() {
        pods.sort_by_key(|uid| ctx.pod(*uid).map(|pod| (pod.node.is_none(), pod.meta.created, pod.meta.uid)));
    }
    let nodes = ctx.store().nodes.values();
    nodes
        .map(|node| Place {
            node: Rc::clone(node),
            decision: decide(&template.spec, &template.tolerations, node),
            pods: by_node.remove(&*node.meta.name).unwrap_or_default(),
        })
        .collect()
}

fn is_updated(pod: &Pod, set: &DaemonSet, template: &Template) -> bool {
    pod.meta.labels.get(REVISION).is_some_and(|hash| **hash == *template.hash)
        || pod.meta.labels.get("pod-template-generation").and_then(|text| text.parse().ok())
            == Some(set.template_generation)
}

/// Makes missing pods and removes surplus ones (WL-DS-1, WL-DS-3, WL-DS-8). The nodes that need a pod.
fn manage<'a>(
    ctx: &mut Context<'_>,
    set: &DaemonSet,
    places: &'a [Place],
    template: &Template,
) -> Vec<&'a Place> {
    let surging = matches!(&set.update, DaemonSetUpdate::RollingUpdate { max_surge, .. }
        if max_surge.scaled(100, Rounding::Up).is_some_and(|surge| surge > 0));
    let mut create = Vec::new();
    for place in places {
        let staying = place.staying(ctx);
        if !place.decision.keep {
            for uid in staying {
                ctx.delete_with_event(owner(set), uid);
            }
            continue;
        }
        if place.decision.run && (place.pods.is_empty() || (surging && staying.is_empty())) {
            create.push(place);
        }
        let mut alive = Vec::new();
        for uid in staying {
            match ctx.pod(uid).map(|pod| pod.status.phase) {
                Some(phase) if phase.is_terminal() => replace_finished(ctx, set, uid, phase),
                _ => alive.push(uid),
            }
        }
        let surplus = if surging {
            surplus_of_surge(ctx, set, &alive, template)
        } else {
            alive.get(1..).unwrap_or_default().to_vec()
        };
        for uid in surplus {
            ctx.delete_with_event(owner(set), uid);
        }
    }
    create
}

/// An old pod and a new one may stand side by side while the old one is ready and the new one is not available yet.
fn surplus_of_surge(ctx: &mut Context<'_>, set: &DaemonSet, alive: &[Uid], template: &Template) -> Vec<Uid> {
    let (new, old) = by_revision(ctx, set, alive, template);
    let mut surplus: Vec<Uid> = old.iter().skip(1).chain(new.iter().skip(1)).copied().collect();
    if let (Some(&old), Some(&new)) = (old.first(), new.first()) {
        let is_ready = ctx.pod(old).is_some_and(|pod| pod.status.ready);
        if !is_ready || ctx.available(new, set.min_ready_seconds) {
            surplus.push(old);
        }
    }
    surplus
}

/// The pods of the present template, and the others.
fn by_revision(
    ctx: &Context<'_>,
    set: &DaemonSet,
    pods: &[Uid],
    template: &Template,
) -> (Vec<Uid>, Vec<Uid>) {
    let is_new = |uid: &Uid| ctx.pod(*uid).is_some_and(|pod| is_updated(pod, set, template));
    pods.iter().copied().partition(is_new)
}

fn replace_finished(ctx: &mut Context<'_>, set: &DaemonSet, uid: Uid, phase: PodPhase) {
    let Some(pod) = ctx.pod(uid) else { return };
    let pod =
        format!("daemon pod {}/{} on node {}", pod.meta.namespace, pod.meta.name, target(pod).unwrap_or(""));
    let about = (&Kind::DaemonSet, &set.meta);
    if phase == PodPhase::Failed {
        let message = format!("Found failed {pod}, will try to kill it");
        ctx.events.warning(about, "daemonset-controller", "FailedDaemonPod", message);
    } else {
        let message = || format!("Found succeeded {pod}, will try to delete it");
        ctx.events.normal(about, "daemonset-controller", "SucceededDaemonPod", message);
    }
    ctx.delete_with_event(owner(set), uid);
}

/// Deletes old pods, as many as may be unavailable (WL-DS-9).
fn update(
    ctx: &mut Context<'_>,
    set: &DaemonSet,
    places: &[Place],
    template: &Template,
    max_unavailable: i32,
) {
    let mut unavailable = 0;
    let mut replace = Vec::new();
    let mut candidates = Vec::new();
    for place in places {
        let [uid] = place.staying(ctx)[..] else {
            unavailable += i32::from(!place.pods.is_empty() || place.decision.run);
            continue;
        };
        let available = ctx.available(uid, set.min_ready_seconds);
        match (ctx.pod(uid).is_some_and(|pod| is_updated(pod, set, template)), available) {
            (true, available) => unavailable += i32::from(!available),
            (false, false) => replace.push(uid),
            (false, true) => candidates.push(uid),
        }
    }
    let room = usize::try_from(max_unavailable - unavailable).unwrap_or(0);
    for uid in replace.into_iter().chain(candidates.into_iter().take(room)) {
        ctx.delete_with_event(owner(set), uid);
    }
}

/// Adds new pods beside old ones and removes an old one when its successor is available (WL-DS-10). Where no pod should run any
/// more, an available one goes when as many as `desired` are available elsewhere. The nodes that get a pod.
fn surge_update<'a>(
    ctx: &mut Context<'_>,
    set: &DaemonSet,
    places: &'a [Place],
    template: &Template,
    (max_surge, desired): (i32, i32),
) -> Vec<&'a Place> {
    let (mut surging, mut available) = (0, 0);
    let (mut needed, mut candidates, mut misplaced) = (Vec::new(), Vec::new(), Vec::new());
    for place in places {
        let (new, old) = by_revision(ctx, set, &place.staying(ctx), template);
        if new.len() > 1 || old.len() > 1 {
            surging += 1;
            continue;
        }
        let mut is_available =
            |uid: Option<&Uid>| uid.is_some_and(|&uid| ctx.available(uid, set.min_ready_seconds));
        let oldest_available = is_available(old.first().or(new.first()));
        available += i32::from(oldest_available);
        match (old.first(), new.first(), place.decision.run) {
            (None, ..) => {}
            (Some(&old), new @ Some(_), _) if is_available(new) => ctx.delete_with_event(owner(set), old),
            (Some(_), Some(_), _) => surging += 1,
            (Some(&old), None, false) if oldest_available => misplaced.push(old),
            (Some(&old), None, false) => ctx.delete_with_event(owner(set), old),
            (Some(_), None, true) if oldest_available => candidates.push(place),
            (Some(_), None, true) => needed.push(place),
        }
    }
    let most = |count: i32| usize::try_from(count).unwrap_or(0);
    for uid in misplaced.into_iter().take(most(available - desired)) {
        ctx.delete_with_event(owner(set), uid);
    }
    needed.extend(candidates.into_iter().take(most(max_surge - surging)));
    needed
}

/// Creates the pods of some nodes; the first batch with an error is the last (WL-ORDER-3).
fn place(
    ctx: &mut Context<'_>,
    set: &DaemonSet,
    state: &mut DaemonSetState,
    template: &Template,
    places: &[&Place],
) {
    let (owner, reference, base) = (owner(set), owner(set).reference(), owner(set).base());
    let mut batch = 1;
    let mut rest = places;
    let mut error = None;
    while !rest.is_empty() && error.is_none() {
        let (now, later) = rest.split_at(batch.min(rest.len()));
        for place in now {
            if !ctx.has_room() {
                return;
            }
            let mut tree = Tree::clone(&template.pod);
            if let Some(spec) = tree.at_mut(&["spec"]).and_then(Tree::as_map_mut) {
                pin(spec, &place.node.meta.name);
            }
            let draft = generated(owner, &reference, &base, Rc::new(tree));
            if let Err(refusal) = ctx.create_with_event(owner, &draft) {
                error.get_or_insert(refusal.message);
            }
        }
        rest = later;
        batch *= 2;
    }
    let reason = |message: &str| message.split_once("\" ").map_or(message, |(_, reason)| reason).to_owned();
    match error {
        None if places.is_empty() && state.error.is_some() && ctx.changed => state.error = None,
        None if places.is_empty() => {}
        None => state.error = None,
        Some(message) => {
            if state.error.as_deref().map(reason) != Some(reason(&message)) {
                let text = format!("Error creating: {message}");
                ctx.events.warning((&Kind::DaemonSet, &set.meta), owner.controller, "FailedCreate", text);
                state.error = Some(message.into());
            }
        }
    }
}

/// Counts by nodes (WL-DS-11): the oldest pod of a node stands for it.
fn count(ctx: &mut Context<'_>, set: &DaemonSet, places: &[Place], template: &Template) -> Counts {
    let mut counts = Counts::default();
    for place in places {
        let pods: Vec<Uid> = place.pods.iter().copied().filter(|uid| ctx.pod(*uid).is_some()).collect();
        counts.created += pods.len() as i32;
        counts.desired += i32::from(place.decision.run);
        let Some(&first) = pods.first() else { continue };
        if !place.decision.run {
            counts.misscheduled += 1;
            continue;
        }
        counts.current += 1;
        if ctx.pod(first).is_some_and(|pod| pod.status.ready) {
            counts.ready += 1;
            counts.available += i32::from(ctx.available(first, set.min_ready_seconds));
        }
        let updated = |uid: &Uid| ctx.pod(*uid).is_some_and(|pod| is_updated(pod, set, template));
        counts.updated += i32::from(updated(&first));
    }
    counts
}

/// The status as the API shows it.
pub(crate) fn status(set: &DaemonSet, state: &DaemonSetState) -> WorkloadStatus {
    let Counts { desired, current, misscheduled, ready, available, updated, created } = state.counts;
    let fields = Fields::default()
        .always("currentNumberScheduled", current)
        .always("numberMisscheduled", misscheduled)
        .always("desiredNumberScheduled", desired)
        .always("numberReady", ready)
        .some("updatedNumberScheduled", updated)
        .some("numberAvailable", available)
        .some("numberUnavailable", desired - available);
    WorkloadStatus::new(owner(set), Some(desired), created, fields, Conditions::default())
}
