//! Deployment: one ReplicaSet per template, and the way from one to the next.
//!
//! [`sync`] follows the real controller step by step, so that conditions come in the same order and stop at the same reason:
//! a sync that makes a ReplicaSet ends there, one that scales ends there, and the next one sees the result.

use std::rc::Rc;

use api::types::{Deployment, DeploymentStrategy, Kind, ReplicaSet, Uid};
use manifest::sorted::SortedMap;
use manifest::{Map, Tree};

use crate::context::{Context, Owner, map, set};
use crate::deployment_annotations::{
    DESIRED, HISTORY, MAX, REVISION, annotated, copied_annotations, history, revision,
};
use crate::deployment_status::{Counts, Facts, roll_out_status};
use crate::hash::template_hash;
use crate::replica_set::ReplicaSetState;
use crate::rolling_update::{Limits, Rollout, Size, proportional};
use crate::status::{Condition, Conditions, Fields, WorkloadStatus};

const HASH: &str = "pod-template-hash";

/// What the controller remembers of one Deployment.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeploymentState {
    template: Option<(Rc<Tree>, Rc<str>)>,
    pub(crate) counts: Counts,
    pub(crate) conditions: Conditions,
    pub(crate) progressed: u64,
}

impl DeploymentState {
    /// Hash of the current template, computed once.
    fn hash(&mut self, deployment: &Deployment) -> Rc<str> {
        match &self.template {
            Some((tree, hash)) if Rc::ptr_eq(tree, &deployment.template.tree) => Rc::clone(hash),
            _ => {
                let hash: Rc<str> = template_hash(&deployment.template.tree).into();
                self.template = Some((Rc::clone(&deployment.template.tree), Rc::clone(&hash)));
                hash
            }
        }
    }
}

pub(crate) fn owner(deployment: &Deployment) -> Owner<'_> {
    Owner { kind: &Kind::Deployment, meta: &deployment.meta, controller: "deployment-controller" }
}

/// One sync. `sets` are the ReplicaSets that the Deployment owns, oldest first.
pub(crate) fn sync(
    ctx: &mut Context<'_>,
    deployment: &Deployment,
    sets: Vec<Rc<ReplicaSet>>,
    states: &SortedMap<Uid, ReplicaSetState>,
    state: &mut DeploymentState,
) {
    if deployment.meta.deleting {
        return;
    }
    let hash = state.hash(deployment);
    let is_current = |set: &Rc<ReplicaSet>| match set.meta.labels.get(HASH) {
        Some(label) => **label == *hash,
        // One that was adopted.
        None => set.template.tree == deployment.template.tree,
    };
    let current = sets.iter().position(is_current);
    let mut old = sets;
    let new = current.map(|at| old.remove(at));
    let mut sync =
        Sync { deployment, limits: Limits::of(&deployment.strategy, deployment.replicas), old, new, states };
    pause(ctx, deployment, state);
    if let Some(new) = &sync.new {
        sync.keep_revision(ctx, new, state);
    }
    if deployment.paused || sync.scaling() {
        sync.scale(ctx, state.counts.replicas);
        if deployment.paused {
            sync.clean_up(ctx);
        }
        sync.finish(ctx, state, true);
        return;
    }
    let done = match deployment.strategy {
        DeploymentStrategy::Recreate => sync.recreate(ctx, state, &hash),
        DeploymentStrategy::RollingUpdate { .. } => sync.roll(ctx, state, &hash),
    };
    if done {
        sync.finish(ctx, state, false);
    }
}

/// The Progressing condition says when a roll-out is paused and resumed (WL-DEP-12).
fn pause(ctx: &mut Context<'_>, deployment: &Deployment, state: &mut DeploymentState) {
    let reason = state.conditions.get("Progressing").map(|condition| condition.reason);
    if deployment.progress_deadline_seconds == i32::MAX || reason == Some("ProgressDeadlineExceeded") {
        return;
    }
    let paused = reason == Some("DeploymentPaused");
    let (reason, message) = match (deployment.paused, paused) {
        (true, false) => ("DeploymentPaused", "Deployment is paused"),
        (false, true) => ("DeploymentResumed", "Deployment is resumed"),
        _ => return,
    };
    state.conditions.set(Condition {
        kind: "Progressing",
        status: "Unknown",
        reason,
        message: message.into(),
    });
    ctx.changed = true;
}

/// One sync at work.
struct Sync<'a> {
    deployment: &'a Deployment,
    limits: Limits,
    /// Oldest first.
    old: Vec<Rc<ReplicaSet>>,
    new: Option<Rc<ReplicaSet>>,
    states: &'a SortedMap<Uid, ReplicaSetState>,
}

impl Sync<'_> {
    fn size(&self, set: &ReplicaSet) -> Size {
        let available = self.states.get(&set.meta.uid).map_or(0, |state| state.counts.available);
        Size { spec: set.replicas, available }
    }

    fn all(&self) -> impl Iterator<Item = &Rc<ReplicaSet>> {
        self.old.iter().chain(&self.new)
    }

    /// Whether `spec.replicas` has changed since the ReplicaSets were last scaled.
    fn scaling(&self) -> bool {
        let wanted = self.deployment.replicas.to_string();
        let stale =
            |set: &ReplicaSet| set.meta.annotations.get(DESIRED).is_some_and(|desired| *desired != wanted);
        self.all().any(|set| set.replicas > 0 && stale(set))
    }

    /// Scales without a roll-out: the only active ReplicaSet, or all in proportion. `existing` are the pods of the Deployment.
    fn scale(&self, ctx: &mut Context<'_>, existing: i32) {
        let replicas = self.deployment.replicas;
        let mut active: Vec<&Rc<ReplicaSet>> = self.all().filter(|set| set.replicas > 0).collect();
        let newest = self.new.iter().chain(self.old.iter().max_by_key(|set| set.meta.uid)).next();
        match (&active[..], newest) {
            ([only], _) => self.resize(ctx, only, replicas),
            ([], Some(newest)) => self.resize(ctx, newest, replicas),
            ([], None) => {}
            _ => {
                let saturated = |set: &Rc<ReplicaSet>| {
                    set.replicas == replicas
                        && self.size(set).available == replicas
                        && annotated(set, DESIRED) == Some(replicas)
                };
                if self.new.as_ref().is_some_and(saturated) {
                    self.old.iter().for_each(|set| self.resize(ctx, set, 0));
                    return;
                }
                if self.deployment.strategy == DeploymentStrategy::Recreate {
                    return;
                }
                let allowed = if replicas > 0 { replicas.saturating_add(self.limits.surge) } else { 0 };
                let growing =
                    active.iter().fold(0, |sum: i32, set| sum.saturating_add(set.replicas)) < allowed;
                active.sort_by_key(|set| {
                    let age = if growing { u64::MAX - set.meta.uid.0 } else { set.meta.uid.0 };
                    (-i64::from(set.replicas), age)
                });
                // Without a note of what was allowed when a set was last scaled, the present size stands for it.
                let before =
                    |set: &ReplicaSet| annotated(set, MAX).filter(|max| *max != 0).unwrap_or(existing);
                let sizes: Vec<(i32, i32)> = active.iter().map(|set| (set.replicas, before(set))).collect();
                for (set, size) in active.iter().zip(proportional(&sizes, replicas, allowed)) {
                    self.resize(ctx, set, size);
                    self.note_sizes(ctx, set);
                }
            }
        }
    }

    /// Gives a ReplicaSet another size, with the event of WL-DEP-2.
    fn resize(&self, ctx: &mut Context<'_>, set: &ReplicaSet, replicas: i32) {
        if set.replicas == replicas {
            return;
        }
        ctx.scale(set.meta.uid, replicas);
        self.note_sizes(ctx, set);
        let way = if replicas > set.replicas { "up" } else { "down" };
        let (from, name) = (set.replicas, &set.meta.name);
        ctx.events.normal(
            (&Kind::Deployment, &self.deployment.meta),
            "deployment-controller",
            "ScalingReplicaSet",
            || format!("Scaled {way} replica set {name} from {from} to {replicas}"),
        );
    }

    fn note_sizes(&self, ctx: &mut Context<'_>, set: &ReplicaSet) {
        let replicas = self.deployment.replicas;
        ctx.annotate(set.meta.uid, DESIRED, &replicas.to_string());
        ctx.annotate(set.meta.uid, MAX, &replicas.saturating_add(self.limits.surge).to_string());
    }

    /// The revision that follows those of the old ReplicaSets.
    fn next_revision(&self) -> String {
        (self.old.iter().map(|set| revision(set)).max().unwrap_or(0) + 1).to_string()
    }

    /// An existing ReplicaSet of the current template follows the Deployment's annotations and `minReadySeconds`, and gets the
    /// newest revision when it is the current one again.
    fn keep_revision(&self, ctx: &mut Context<'_>, new: &ReplicaSet, state: &mut DeploymentState) {
        let uid = new.meta.uid;
        for (key, value) in copied_annotations(self.deployment) {
            ctx.annotate(uid, key, value);
        }
        let seconds = self.deployment.min_ready_seconds;
        if new.min_ready_seconds != seconds {
            ctx.server.change(uid, |tree| {
                set(tree, "spec", "minReadySeconds", Tree::added(i64::from(seconds)));
            });
            ctx.changed = true;
        }
        let (own, next) = (new.meta.annotations.get(REVISION), self.next_revision());
        let revision = match own {
            Some(own) if own.parse::<u64>().unwrap_or(0) >= next.parse().unwrap_or(0) => own.clone(),
            Some(own) => {
                ctx.annotate(uid, HISTORY, &history(new.meta.annotations.get(HISTORY), own));
                next
            }
            None => next,
        };
        ctx.annotate(uid, REVISION, &revision);
        ctx.annotate(self.deployment.meta.uid, REVISION, &revision);
        if state.conditions.get("Progressing").is_none()
            && self.deployment.progress_deadline_seconds != i32::MAX
        {
            let message = format!("Found new replica set \"{}\"", new.meta.name);
            Self::progressing(ctx, state, "FoundNewReplicaSet", message);
        }
    }

    fn progressing(ctx: &mut Context<'_>, state: &mut DeploymentState, reason: &'static str, text: String) {
        state.conditions.set(Condition { kind: "Progressing", status: "True", reason, message: text.into() });
        state.progressed = ctx.server.now();
        ctx.changed = true;
    }

    /// Makes the ReplicaSet of the current template (WL-DEP-1); the sync ends with it.
    fn make(&self, ctx: &mut Context<'_>, state: &mut DeploymentState, hash: &str, replicas: i32) {
        let deployment = self.deployment;
        let revision = self.next_revision();
        let mut end = deployment.meta.name.len().min(252 - hash.len());
        while !deployment.meta.name.is_char_boundary(end) {
            end -= 1;
        }
        let name = format!("{}-{hash}", &deployment.meta.name[..end]);
        let tree = self.replica_set_tree(ctx, &name, hash, replicas, &revision);
        match ctx.create_owned(owner(deployment), tree) {
            Ok(()) => {
                ctx.annotate(deployment.meta.uid, REVISION, &revision);
                if replicas > 0 {
                    ctx.events.normal(
                        (&Kind::Deployment, &deployment.meta),
                        "deployment-controller",
                        "ScalingReplicaSet",
                        || format!("Scaled up replica set {name} from 0 to {replicas}"),
                    );
                }
                if deployment.progress_deadline_seconds != i32::MAX {
                    Self::progressing(
                        ctx,
                        state,
                        "NewReplicaSetCreated",
                        format!("Created new replica set \"{name}\""),
                    );
                }
            }
            Err(error) => {
                let message = format!("Failed to create new replica set \"{name}\": {}", error.message);
                let condition = Condition {
                    kind: "Progressing",
                    status: "False",
                    reason: "ReplicaSetCreateError",
                    message: message.into(),
                };
                if state.conditions.get("Progressing") != Some(&condition) {
                    let about = (&Kind::Deployment, &deployment.meta);
                    ctx.events.warning(
                        about,
                        "deployment-controller",
                        "ReplicaSetCreateError",
                        condition.message.to_string(),
                    );
                    state.conditions.replace(condition);
                    ctx.changed = true;
                }
            }
        }
    }

    fn replica_set_tree(
        &self,
        ctx: &Context<'_>,
        name: &str,
        hash: &str,
        replicas: i32,
        revision: &str,
    ) -> Tree {
        let deployment = self.deployment;
        let mut annotations = Map::default();
        for (key, value) in copied_annotations(deployment) {
            annotations.insert(key, Tree::added(value));
        }
        annotations.insert(DESIRED, Tree::added(deployment.replicas.to_string()));
        annotations
            .insert(MAX, Tree::added(deployment.replicas.saturating_add(self.limits.surge).to_string()));
        annotations.insert(REVISION, Tree::added(revision));
        let hash = || Tree::added(hash);
        let mut labels: Map = deployment
            .template
            .labels
            .iter()
            .map(|(key, value)| (key.clone(), Tree::added(value.as_str())))
            .collect();
        labels.insert(HASH, hash());
        let mut template = (*deployment.template.tree).clone();
        if let Some(template) = template.as_map_mut() {
            let metadata = template.or_insert_with("metadata", Tree::map);
            if let Some(metadata) = metadata.as_map_mut() {
                let labels = metadata.or_insert_with("labels", Tree::map);
                labels.as_map_mut().into_iter().for_each(|labels| labels.insert(HASH, hash()));
            }
        }
        let stored = ctx.store().objects.get(&deployment.meta.uid);
        let mut selector = stored
            .and_then(|object| object.tree.at(&["spec", "selector"]))
            .cloned()
            .unwrap_or_else(Tree::map);
        if let Some(selector) = selector.as_map_mut() {
            let labels = selector.or_insert_with("matchLabels", Tree::map);
            labels.as_map_mut().into_iter().for_each(|labels| labels.insert(HASH, hash()));
        }
        map(vec![
            ("apiVersion", Tree::added("apps/v1")),
            ("kind", Tree::added("ReplicaSet")),
            (
                "metadata",
                map(vec![
                    ("name", Tree::added(name)),
                    ("namespace", Tree::added(&*deployment.meta.namespace)),
                    ("labels", Tree::added(labels)),
                    ("annotations", Tree::added(annotations)),
                ]),
            ),
            (
                "spec",
                map(vec![
                    ("replicas", Tree::added(i64::from(replicas))),
                    ("minReadySeconds", Tree::added(i64::from(deployment.min_ready_seconds))),
                    ("selector", selector),
                    ("template", template),
                ]),
            ),
        ])
    }

    /// One step of a rolling update (WL-DEP-5, WL-DEP-6). False when the sync ended with a new ReplicaSet.
    fn roll(&mut self, ctx: &mut Context<'_>, state: &mut DeploymentState, hash: &str) -> bool {
        let old = self.old.iter().map(|set| self.size(set)).collect();
        let new = self.new.as_ref().map(|set| self.size(set)).unwrap_or_default();
        let rollout = Rollout { replicas: self.deployment.replicas, limits: self.limits, new, old };
        let grown = rollout.grow();
        let Some(new) = &self.new else {
            self.make(ctx, state, hash, grown);
            return false;
        };
        if grown == new.replicas {
            for (set, size) in self.old.iter().zip(rollout.shrink()) {
                self.resize(ctx, set, size);
            }
        } else {
            self.resize(ctx, new, grown);
        }
        true
    }

    /// One step of Recreate (WL-DEP-7). False when the sync ended with a new ReplicaSet.
    fn recreate(&mut self, ctx: &mut Context<'_>, state: &mut DeploymentState, hash: &str) -> bool {
        if self.old.iter().any(|set| set.replicas > 0) {
            self.old.iter().for_each(|set| self.resize(ctx, set, 0));
            return true;
        }
        let uids: Vec<Uid> = self.old.iter().map(|set| set.meta.uid).collect();
        let alive = |ctx: &mut Context<'_>, set: &Uid| {
            let pods = ctx.pods_of(*set);
            pods.iter().filter_map(|uid| ctx.pod(*uid)).any(|pod| !pod.status.phase.is_terminal())
        };
        if uids.iter().any(|set| alive(ctx, set)) {
            return true;
        }
        let Some(new) = &self.new else {
            self.make(ctx, state, hash, self.deployment.replicas);
            return false;
        };
        self.resize(ctx, new, self.deployment.replicas);
        true
    }

    /// Status, then old ReplicaSets beyond the history limit go when a roll-out is complete (WL-DEP-13).
    fn finish(&self, ctx: &mut Context<'_>, state: &mut DeploymentState, scaling: bool) {
        let facts = Facts {
            deployment: self.deployment,
            limits: self.limits,
            new: self.new.as_deref(),
            sets: self
                .all()
                .filter_map(|set| Some((set.meta.uid, self.states.get(&set.meta.uid)?)))
                .collect(),
            total: self.all().fold(0, |sum, set| sum.saturating_add(set.replicas)),
            estimate_progress: !scaling,
            now: ctx.server.now(),
        };
        ctx.changed |= roll_out_status(&facts, state);
        if !scaling && state.counts.complete(self.deployment) {
            self.clean_up(ctx);
        }
    }

    /// Deletes the old ReplicaSets of the lowest revisions beyond the history limit, unless they have pods.
    fn clean_up(&self, ctx: &mut Context<'_>) {
        let keep = usize::try_from(self.deployment.revision_history_limit).unwrap_or(0);
        let mut old: Vec<&Rc<ReplicaSet>> = self.old.iter().collect();
        old.sort_by_key(|set| revision(set));
        for set in &old[..old.len().saturating_sub(keep)] {
            let pods = self.states.get(&set.meta.uid).map_or(0, |state| state.counts.replicas);
            if set.replicas == 0 && pods == 0 {
                ctx.delete(set.meta.uid);
            }
        }
    }
}

/// The status as the API shows it.
pub(crate) fn status(deployment: &Deployment, state: &DeploymentState) -> WorkloadStatus {
    let Counts { replicas, updated, ready, available, unavailable } = state.counts;
    let fields = Fields::default()
        .some("replicas", replicas)
        .some("updatedReplicas", updated)
        .some("readyReplicas", ready)
        .some("availableReplicas", available)
        .some("unavailableReplicas", unavailable)
        .always("terminatingReplicas", 0);
    WorkloadStatus::new(
        owner(deployment),
        Some(deployment.replicas),
        replicas,
        fields,
        state.conditions.clone(),
    )
}
