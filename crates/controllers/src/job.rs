//! Job: pods until enough of them have succeeded.

use std::rc::Rc;

use api::server::ApiError;
use api::types::{Job, Kind, Pod, PodPhase, Uid};
use manifest::sorted::SortedSet;
use manifest::{Map, Tree};

use crate::claim::is_active;
use crate::context::{Context, DraftCache, Owner, generated, map, pod_tree, set_metadata};
use crate::status::{Condition, Conditions, Field, Fields, WorkloadStatus};

const INDEX: &str = "batch.kubernetes.io/job-completion-index";
const FAILURES: &str = "batch.kubernetes.io/job-index-failure-count";
const FINALIZER: &str = "batch.kubernetes.io/job-tracking";

/// What the controller remembers of one Job.
#[derive(Clone, Debug, Default)]
pub(crate) struct JobState {
    draft: DraftCache,
    counts: Counts,
    conditions: Conditions,
    /// `status.completedIndexes`.
    completed: String,
    /// The last refusal.
    pub(crate) error: Option<Rc<str>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    active: i32,
    ready: i32,
    terminating: i32,
    succeeded: i32,
    failed: i32,
}

fn owner(job: &Job) -> Owner<'_> {
    Owner { kind: &Kind::Job, meta: &job.meta, controller: "job-controller" }
}

/// How many pods should be active (WL-JOB-2).
fn wanted_active(parallelism: i32, completions: Option<i32>, succeeded: i32, active: i32) -> i32 {
    match completions {
        Some(completions) => parallelism.min(completions.saturating_sub(succeeded)).max(0),
        None if succeeded > 0 => active,
        None => parallelism,
    }
}

/// One sync.
pub(crate) fn sync(ctx: &mut Context<'_>, job: &Job, state: &mut JobState) {
    if job.meta.deleting || job.managed_elsewhere {
        return;
    }
    let pods = ctx.pods_of(job.meta.uid);
    let before = (state.counts, state.conditions.clone());
    let active: Vec<Uid> = pods.iter().copied().filter(|uid| ctx.pod(*uid).is_some_and(is_active)).collect();
    state.counts = count(ctx, &pods, &active);
    let succeeded = pods.iter().filter_map(|uid| ctx.pod(*uid));
    let succeeded = succeeded.filter(|pod| pod.status.phase == PodPhase::Succeeded).filter_map(index_of);
    state.completed = intervals(&succeeded.collect());
    for &uid in &pods {
        untrack(ctx, uid);
    }
    let finished = ["Complete", "Failed"].iter().any(|kind| state.conditions.get(kind).is_some());
    if !finished {
        step(ctx, job, state, &pods, &active);
    }
    ctx.changed |= before != (state.counts, state.conditions.clone());
}

/// Indexes as the status lists them: three or more in a row as the first and the last.
fn intervals(indexes: &SortedSet<i32>) -> String {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for &index in indexes {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == index => *last = index,
            _ => runs.push((index, index)),
        }
    }
    let texts = runs.into_iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first},{last}"),
        _ => format!("{first}-{last}"),
    });
    texts.collect::<Vec<_>>().join(",")
}

/// A pod that has ended is counted and needs to be tracked no more.
fn untrack(ctx: &mut Context<'_>, uid: Uid) {
    let is_tracked = |pod: &Pod| {
        let mut finalizers = pod.tree.list_at(&["metadata", "finalizers"]).iter();
        finalizers.any(|finalizer| finalizer.as_str() == Some(FINALIZER))
    };
    if !ctx.pod(uid).is_some_and(|pod| pod.status.phase.is_terminal() && is_tracked(pod)) {
        return;
    }
    let Some(pod) = ctx.server.pod_mut(uid) else { return };
    let metadata = Rc::make_mut(&mut pod.tree).at_mut(&["metadata"]).and_then(Tree::as_map_mut);
    let Some(metadata) = metadata else { return };
    let mut rest = metadata.remove("finalizers").unwrap_or_default();
    if let Some(list) = rest.as_list_mut() {
        list.retain(|finalizer| finalizer.as_str() != Some(FINALIZER));
        if !list.is_empty() {
            metadata.insert("finalizers", rest);
        }
    }
}

fn count(ctx: &Context<'_>, pods: &[Uid], active: &[Uid]) -> Counts {
    let phase = |wanted| {
        let is = |uid: &&Uid| ctx.pod(**uid).is_some_and(|pod| pod.status.phase == wanted);
        pods.iter().filter(is).count() as i32
    };
    Counts {
        active: active.len() as i32,
        terminating: pods.iter().filter(|uid| ctx.pod(**uid).is_some_and(is_terminating)).count() as i32,
        ready: active.iter().filter(|uid| ctx.pod(**uid).is_some_and(|pod| pod.status.ready)).count() as i32,
        succeeded: phase(PodPhase::Succeeded),
        failed: phase(PodPhase::Failed),
    }
}

/// Still runs, but is to go.
fn is_terminating(pod: &Pod) -> bool {
    pod.meta.deleting && !pod.status.phase.is_terminal()
}

fn step(ctx: &mut Context<'_>, job: &Job, state: &mut JobState, pods: &[Uid], active: &[Uid]) {
    let Counts { succeeded, failed, terminating, .. } = state.counts;
    if failed > job.backoff_limit {
        let text = "Job has reached the specified backoff limit";
        fail(ctx, job, state, active, "BackoffLimitExceeded", text);
        return;
    }
    let complete = match job.completions {
        Some(completions) => succeeded >= completions,
        None => succeeded > 0 && active.is_empty(),
    };
    if complete {
        for kind in ["SuccessCriteriaMet", "Complete"] {
            let message = "Reached expected number of succeeded pods".into();
            state.conditions.set(Condition { kind, status: "True", reason: "CompletionsReached", message });
        }
        ctx.events.normal((&Kind::Job, &job.meta), "job-controller", "Completed", || "Job completed".into());
        delete_all(ctx, job, active);
        return;
    }
    suspend(ctx, job, state);
    if job.suspend {
        delete_all(ctx, job, active);
        return;
    }
    let count = active.len() as i32;
    let wanted = wanted_active(job.parallelism, job.completions, succeeded, count);
    let surplus = surplus(ctx, job, active, usize::try_from(count - wanted).unwrap_or(0));
    let missing = wanted - count - if job.replaces_failed_only { terminating } else { 0 };
    if !surplus.is_empty() {
        delete_all(ctx, job, &surplus);
    } else if missing > 0 {
        match create(ctx, job, state, pods, missing) {
            Ok(()) => state.error = None,
            Err(error) => refuse(ctx, job, state, &error),
        }
    }
}

/// The active pods that go: of an indexed Job those of an index twice or beyond the last, and others until there are
/// `at_least` so many.
fn surplus(ctx: &Context<'_>, job: &Job, active: &[Uid], at_least: usize) -> Vec<Uid> {
    let mut taken = SortedSet::new();
    let is_surplus = |uid: &Uid| {
        let index = ctx.pod(*uid).and_then(index_of);
        job.indexed && !index.is_some_and(|index| index < job.completions.unwrap_or(0) && taken.insert(index))
    };
    let (mut surplus, mut rest): (Vec<Uid>, Vec<Uid>) = active.iter().copied().partition(is_surplus);
    if surplus.len() < at_least {
        crate::scale_down::job_deletion_order(ctx.store(), &mut rest, ctx.server.now());
        surplus.extend(rest.into_iter().take(at_least - surplus.len()));
    }
    surplus
}

/// The completion index of a pod.
fn index_of(pod: &Pod) -> Option<i32> {
    pod.meta.annotations.get(INDEX)?.parse().ok()
}

fn fail(
    ctx: &mut Context<'_>,
    job: &Job,
    state: &mut JobState,
    active: &[Uid],
    reason: &'static str,
    text: &'static str,
) {
    for kind in ["FailureTarget", "Failed"] {
        state.conditions.set(Condition { kind, status: "True", reason, message: text.into() });
    }
    ctx.events.warning((&Kind::Job, &job.meta), "job-controller", reason, text.to_owned());
    delete_all(ctx, job, active);
}

fn delete_all(ctx: &mut Context<'_>, job: &Job, pods: &[Uid]) {
    for &uid in pods {
        ctx.delete_with_event(owner(job), uid);
    }
}

/// The Suspended condition follows `spec.suspend` (WL-JOB-5).
fn suspend(ctx: &mut Context<'_>, job: &Job, state: &mut JobState) {
    let suspended = state.conditions.get("Suspended").is_some_and(|condition| condition.status == "True");
    let (status, reason, event, text) = match (job.suspend, suspended) {
        (true, false) => ("True", "JobSuspended", "Suspended", "Job suspended"),
        (false, true) => ("False", "JobResumed", "Resumed", "Job resumed"),
        _ => return,
    };
    state.conditions.set(Condition { kind: "Suspended", status, reason, message: text.into() });
    ctx.events.normal((&Kind::Job, &job.meta), "job-controller", event, || text.to_owned());
}

/// Creates pods in batches of 1, 2, 4 ... (WL-ORDER-3); an indexed Job fills its lowest missing indexes (WL-JOB-4).
fn create(
    ctx: &mut Context<'_>,
    job: &Job,
    state: &mut JobState,
    pods: &[Uid],
    count: i32,
) -> Result<(), ApiError> {
    let (owner, reference) = (owner(job), owner(job).reference());
    let shared = state.draft.get(&job.template, || job_pod(job));
    let mut indexes = missing_indexes(ctx, job, pods);
    let mut left = count;
    let mut batch = 1;
    while left > 0 {
        let mut failure = None;
        for _ in 0..batch.min(left) {
            if !ctx.has_room() {
                return Ok(());
            }
            let draft = if job.indexed {
                let Some(index) = indexes.next() else { return failure.map_or(Ok(()), Err) };
                let base = indexed_base(&job.meta.name, index).into();
                generated(owner, &reference, &base, Rc::new(indexed_pod(job, &shared, index)))
            } else {
                generated(owner, &reference, &owner.base(), Rc::clone(&shared))
            };
            if let Err(error) = ctx.create_with_event(owner, &draft) {
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

/// Base of the names of an index's pods: the Job's part is cut, so that the index stays (WL-JOB-4).
fn indexed_base(job: &str, index: i32) -> String {
    const MAX: usize = 58;
    let end = format!("-{index}-");
    format!("{}{end}", job.get(..MAX - end.len()).unwrap_or(job))
}

fn missing_indexes(ctx: &Context<'_>, job: &Job, pods: &[Uid]) -> impl Iterator<Item = i32> + use<> {
    let taken: SortedSet<i32> = pods
        .iter()
        .filter_map(|uid| ctx.pod(*uid))
        .filter(|pod| pod.status.phase != PodPhase::Failed)
        .filter(|pod| job.replaces_failed_only || !is_terminating(pod))
        .filter_map(index_of)
        .collect();
    let indexes = if job.indexed { job.completions.unwrap_or(0) } else { 0 };
    (0..indexes).filter(move |index| !taken.contains(index))
}

/// The pod of a Job (WL-JOB-1): the API server has put the labels into the template.
fn job_pod(job: &Job) -> Tree {
    let mut pod = pod_tree(&job.template);
    if let Some(metadata) = pod.at_mut(&["metadata"]).and_then(Tree::as_map_mut) {
        let finalizers = metadata.or_insert_with("finalizers", || Tree::added(Vec::new()));
        if let Some(list) = finalizers.as_list_mut()
            && !list.iter().any(|finalizer| finalizer.as_str() == Some(FINALIZER))
        {
            list.push(Tree::added(FINALIZER));
        }
    }
    pod
}

/// The pod of one index (WL-JOB-4).
fn indexed_pod(job: &Job, shared: &Tree, index: i32) -> Tree {
    let mut pod = shared.clone();
    let text = index.to_string();
    set_metadata(&mut pod, "labels", INDEX, &text);
    set_metadata(&mut pod, "annotations", INDEX, &text);
    if job.counts_failures_per_index {
        set_metadata(&mut pod, "annotations", FAILURES, "0");
    }
    let Some(spec) = pod.at_mut(&["spec"]).and_then(Tree::as_map_mut) else { return pod };
    spec.insert("hostname", Tree::added(format!("{}-{index}", job.meta.name)));
    for list in ["initContainers", "containers"] {
        let containers = spec.get_mut(list).and_then(Tree::as_list_mut);
        for container in containers.into_iter().flatten().filter_map(Tree::as_map_mut) {
            add_index_env(container);
        }
    }
    pod
}

fn add_index_env(container: &mut Map) {
    let env = container.or_insert_with("env", || Tree::added(Vec::new()));
    let Some(env) = env.as_list_mut() else { return };
    if env.iter().any(|entry| entry.str_at(&["name"]) == "JOB_COMPLETION_INDEX") {
        return;
    }
    let path = Tree::added(format!("metadata.labels['{INDEX}']"));
    let source = map(vec![("fieldRef", map(vec![("apiVersion", Tree::added("v1")), ("fieldPath", path)]))]);
    env.push(map(vec![("name", Tree::added("JOB_COMPLETION_INDEX")), ("valueFrom", source)]));
}

fn refuse(ctx: &mut Context<'_>, job: &Job, state: &mut JobState, error: &ApiError) {
    let reason = |message: &str| message.split_once("\" ").map_or(message, |(_, reason)| reason).to_owned();
    if state.error.as_deref().map(reason) != Some(reason(&error.message)) {
        let text = format!("Error creating: {}", error.message);
        ctx.events.warning((&Kind::Job, &job.meta), "job-controller", "FailedCreate", text);
        state.error = Some(error.message.as_str().into());
    }
}

/// The status as the API shows it.
pub(crate) fn status(job: &Job, state: &JobState) -> WorkloadStatus {
    let Counts { active, ready, terminating, succeeded, failed } = state.counts;
    let finished = state.conditions.get("Complete").is_some();
    let mut fields = Fields::default()
        .some("active", active)
        .some("succeeded", succeeded)
        .some("failed", failed)
        .always("terminating", terminating)
        .always("ready", ready);
    fields.0.push(("uncountedTerminatedPods", Field::Empty));
    fields = fields.name("completedIndexes", &state.completed.as_str().into());
    let wanted = wanted_active(job.parallelism, job.completions, succeeded, active);
    let wanted = if job.suspend || finished { 0 } else { wanted };
    WorkloadStatus::new(owner(job), Some(wanted), active, fields, state.conditions.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_an_index_keep_the_index() {
        let long = "j".repeat(60);
        for (job, index, expected) in
            [("pi", 0, "pi-0-".to_owned()), (&long, 12, format!("{}-12-", "j".repeat(54)))]
        {
            assert_eq!(indexed_base(job, index), expected);
        }
    }

    #[test]
    fn indexes_in_a_row() {
        for (indexes, expected) in [
            (&[][..], ""),
            (&[0], "0"),
            (&[0, 1], "0,1"),
            (&[0, 1, 2], "0-2"),
            (&[0, 2, 3, 5, 6, 7, 9], "0,2,3,5-7,9"),
        ] {
            assert_eq!(intervals(&indexes.iter().copied().collect()), expected);
        }
    }

    #[test]
    fn waves() {
        let table = [
            ((2, Some(5), 0, 0), 2),
            ((2, Some(5), 4, 0), 1),
            ((5, Some(2), 0, 0), 2),
            ((0, Some(2), 0, 0), 0),
            ((3, None, 0, 0), 3),
            ((3, None, 1, 2), 2),
            ((1, None, 1, 2), 2),
            ((1, Some(1), 2, 0), 0),
        ];
        for ((parallelism, completions, succeeded, active), wanted) in table {
            let computed = wanted_active(parallelism, completions, succeeded, active);
            assert_eq!(computed, wanted, "{parallelism} {completions:?} {succeeded} {active}");
        }
    }
}
