//! Workloads to pods: what kube-controller-manager does, one controller a file.
//!
//! [`Controllers::reconcile`] runs one sync of every controller against the API server, in a fixed order. It is called again
//! and again, with scheduler and kubelet in between, until it reports that nothing changed.

mod claim;
mod context;
mod daemon_node;
mod daemon_set;
mod deployment;
mod deployment_annotations;
mod deployment_status;
mod disruption;
mod ephemeral_volume;
mod event;
mod hash;
mod index;
mod job;
mod replica_set;
mod rolling_update;
mod scale_down;
mod stateful_claims;
mod stateful_members;
mod stateful_set;
mod status;
mod volume_binding;

pub use disruption::{Budget, budgets, eviction_error};
pub use event::Event;
pub use status::{Condition, Conditions, Field, WorkloadStatus};
pub use volume_binding::{bind_claim, select_node};

use std::rc::Rc;

use api::server::{Server, Store, Typed};
use api::types::{Kind, ReplicaSet, Uid};
use manifest::sorted::SortedMap;

use context::{Context, Owner};
use daemon_set::DaemonSetState;
use deployment::DeploymentState;
use event::Events;
use index::PodIndex;
use job::JobState;
use replica_set::ReplicaSetState;
use stateful_set::StatefulSetState;

/// All controllers and what they remember between syncs.
#[derive(Clone, Debug, Default)]
pub struct Controllers {
    index: PodIndex,
    events: Events,
    deployments: SortedMap<Uid, DeploymentState>,
    replica_sets: SortedMap<Uid, ReplicaSetState>,
    stateful_sets: SortedMap<Uid, StatefulSetState>,
    daemon_sets: SortedMap<Uid, DaemonSetState>,
    jobs: SortedMap<Uid, JobState>,
    wake: Option<u64>,
    max_pods: Option<usize>,
    capped: bool,
}

impl Controllers {
    /// One sync of every workload in order of creation: pods come into being in the order of the documents (WL-ORDER-2).
    /// Whether anything changed.
    pub fn reconcile(&mut self, server: &mut Server) -> bool {
        let mut changed = self.collect_garbage(server);
        changed |= volume_binding::sync(server);
        self.index.refresh(server.store());
        let mut sets = sets_by_owner(server.store());
        let has_orphans = server.store().replica_sets().any(|set| set.meta.owner.is_none());
        let mut ctx = Context {
            changes: server.take_pod_changes(),
            server,
            index: &mut self.index,
            events: &mut self.events,
            changed,
            max_pods: self.max_pods.unwrap_or(usize::MAX),
            capped: false,
            wake: None,
        };
        let workloads: Vec<Typed> = ctx.store().objects.values().map(|object| object.typed.clone()).collect();
        for workload in workloads {
            match workload {
                Typed::Deployment(deployment) => {
                    let uid = deployment.meta.uid;
                    let mut owned = sets.remove(&uid).unwrap_or_default();
                    if has_orphans {
                        owned.extend(claim::orphaned_sets(
                            &mut ctx,
                            deployment::owner(&deployment),
                            &deployment,
                        ));
                        owned.sort_by_key(|set| set.meta.uid);
                    }
                    let state = self.deployments.entry(uid).or_default();
                    deployment::sync(&mut ctx, &deployment, owned, &self.replica_sets, state);
                    sync_sets(&mut ctx, uid, &mut self.replica_sets);
                }
                Typed::ReplicaSet(set) if !owned_by_deployment(ctx.store(), &set) => {
                    let state = self.replica_sets.entry(set.meta.uid).or_default();
                    replica_set::sync(&mut ctx, &(&*set).into(), state, &[]);
                }
                Typed::ReplicationController(set) => {
                    let state = self.replica_sets.entry(set.meta.uid).or_default();
                    replica_set::sync(&mut ctx, &(&*set).into(), state, &[]);
                }
                Typed::StatefulSet(set) => {
                    stateful_set::sync(&mut ctx, &set, self.stateful_sets.entry(set.meta.uid).or_default());
                }
                Typed::DaemonSet(set) => {
                    daemon_set::sync(&mut ctx, &set, self.daemon_sets.entry(set.meta.uid).or_default());
                }
                Typed::Job(job) => job::sync(&mut ctx, &job, self.jobs.entry(job.meta.uid).or_default()),
                _ => {}
            }
        }
        ephemeral_volume::sync(&mut ctx);
        self.capped |= ctx.capped;
        self.wake = ctx.wake;
        ctx.changed
    }

    /// The next moment, in simulated milliseconds, at which time alone changes something (minReadySeconds).
    pub fn wake(&self) -> Option<u64> {
        self.wake
    }

    /// Creates no more pods once so many exist: a simulation must end.
    pub fn limit_pods(&mut self, most: usize) {
        self.max_pods = Some(most);
    }

    /// Whether that limit kept pods from being created.
    pub fn capped(&self) -> bool {
        self.capped
    }

    /// The events since the last call.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.events.take()
    }

    /// The status of every workload, as of the last sync, in order of creation.
    pub fn statuses(&self, store: &Store) -> Vec<WorkloadStatus> {
        store.objects.values().filter_map(|object| self.status(&object.typed)).collect()
    }

    /// The error that keeps a workload's pods from being created, if any.
    pub fn creation_error(&self, store: &Store, workload: Uid) -> Option<Rc<str>> {
        let of_set = |uid: Uid| {
            let condition = self.replica_sets.get(&uid)?.conditions.get("ReplicaFailure")?;
            Some(Rc::clone(&condition.message))
        };
        match &store.objects.get(&workload)?.typed {
            Typed::Deployment(deployment) => {
                let conditions = &self.deployments.get(&deployment.meta.uid)?.conditions;
                Some(Rc::clone(&conditions.get("ReplicaFailure")?.message))
            }
            Typed::ReplicaSet(_) | Typed::ReplicationController(_) => of_set(workload),
            Typed::StatefulSet(_) => stateful_set::error(self.stateful_sets.get(&workload)?),
            Typed::DaemonSet(_) => self.daemon_sets.get(&workload)?.error.clone(),
            Typed::Job(_) => self.jobs.get(&workload)?.error.clone(),
            _ => None,
        }
    }

    fn status(&self, workload: &Typed) -> Option<WorkloadStatus> {
        Some(match workload {
            Typed::Deployment(deployment) => {
                deployment::status(deployment, self.deployments.get(&deployment.meta.uid)?)
            }
            Typed::ReplicaSet(set) => {
                replica_set::status(&(&**set).into(), self.replica_sets.get(&set.meta.uid)?)
            }
            Typed::ReplicationController(set) => {
                replica_set::status(&(&**set).into(), self.replica_sets.get(&set.meta.uid)?)
            }
            Typed::StatefulSet(set) => stateful_set::status(set, self.stateful_sets.get(&set.meta.uid)?),
            Typed::DaemonSet(set) => daemon_set::status(set, self.daemon_sets.get(&set.meta.uid)?),
            Typed::Job(job) => job::status(job, self.jobs.get(&job.meta.uid)?),
            // No pods until a time of its schedule has passed (WL-CJ-1), and time stands still here.
            Typed::CronJob(job) => {
                let owner = Owner { kind: &Kind::CronJob, meta: &job.meta, controller: "cronjob-controller" };
                WorkloadStatus::new(owner, None, 0, status::Fields::default(), Conditions::default())
            }
            _ => return None,
        })
    }

    /// Deletes what belonged to deleted owners, and forgets them.
    fn collect_garbage(&mut self, server: &mut Server) -> bool {
        let store = server.store();
        let gone: Vec<Uid> = self.index.owners().filter(|uid| !store.objects.contains_key(uid)).collect();
        let owner_gone = |owner: Uid| {
            let Store { objects, nodes, pods } = store;
            !objects.contains_key(&owner) && !nodes.contains_key(&owner) && !pods.contains_key(&owner)
        };
        let stray = store
            .objects
            .values()
            .any(|object| object.meta.owner.as_ref().is_some_and(|owner| owner_gone(owner.uid)));
        if gone.is_empty() && !stray {
            return false;
        }
        for owner in gone {
            self.index.forget(owner);
            self.replica_sets.remove(&owner);
            self.stateful_sets.remove(&owner);
            self.daemon_sets.remove(&owner);
            self.jobs.remove(&owner);
        }
        self.deployments.retain(|uid, _| server.store().objects.contains_key(uid));
        server.collect_garbage() > 0
    }
}

/// Whether the ReplicaSet has a Deployment now; it may just have been adopted.
fn owned_by_deployment(store: &Store, set: &ReplicaSet) -> bool {
    let owner = store.objects.get(&set.meta.uid).and_then(|object| object.meta.owner.as_ref());
    owner.is_some_and(|owner| owner.kind == Kind::Deployment)
}

fn sets_by_owner(store: &Store) -> SortedMap<Uid, Vec<Rc<ReplicaSet>>> {
    let mut sets: SortedMap<Uid, Vec<Rc<ReplicaSet>>> = SortedMap::new();
    for set in store.replica_sets() {
        if let Some(owner) = &set.meta.owner {
            sets.entry(owner.uid).or_default().push(Rc::clone(set));
        }
    }
    sets
}

/// Syncs the ReplicaSets of a Deployment, those that its own sync has just made or scaled among them.
fn sync_sets(ctx: &mut Context<'_>, deployment: Uid, states: &mut SortedMap<Uid, ReplicaSetState>) {
    let is_owned =
        |set: &&Rc<ReplicaSet>| set.meta.owner.as_ref().is_some_and(|owner| owner.uid == deployment);
    let sets: Vec<Rc<ReplicaSet>> = ctx.store().replica_sets().filter(is_owned).cloned().collect();
    for set in &sets {
        let related: Vec<Uid> = if sets.len() > 1 {
            sets.iter()
                .filter(|other| other.meta.uid != set.meta.uid)
                .flat_map(|other| ctx.pods_of(other.meta.uid))
                .collect()
        } else {
            Vec::new()
        };
        replica_set::sync(ctx, &(&**set).into(), states.entry(set.meta.uid).or_default(), &related);
    }
}
