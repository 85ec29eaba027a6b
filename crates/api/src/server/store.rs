//! The stored objects.

use std::collections::BTreeMap;
use std::rc::Rc;

use manifest::Tree;
use manifest::sorted::SortedMap;

use crate::types::{
    CronJob, DaemonSet, Deployment, Ingress, IngressClass, Job, Kind, Meta, Namespace, Node,
    PersistentVolume, PersistentVolumeClaim, Pod, PodDisruptionBudget, PriorityClass, ReplicaSet,
    ReplicationController, Service, StatefulSet, StorageClass, Uid,
};

/// The typed form of a stored object.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are the kinds")]
pub enum Typed {
    Namespace(Rc<Namespace>),
    Deployment(Rc<Deployment>),
    ReplicaSet(Rc<ReplicaSet>),
    StatefulSet(Rc<StatefulSet>),
    DaemonSet(Rc<DaemonSet>),
    Job(Rc<Job>),
    CronJob(Rc<CronJob>),
    ReplicationController(Rc<ReplicationController>),
    Service(Rc<Service>),
    Ingress(Rc<Ingress>),
    IngressClass(Rc<IngressClass>),
    PriorityClass(Rc<PriorityClass>),
    PodDisruptionBudget(Rc<PodDisruptionBudget>),
    PersistentVolume(Rc<PersistentVolume>),
    PersistentVolumeClaim(Rc<PersistentVolumeClaim>),
    StorageClass(Rc<StorageClass>),
    /// Accepted and listed, not simulated.
    Other,
}

/// A stored object other than Pods and Nodes.
#[derive(Clone, Debug)]
pub struct Object {
    /// Kind.
    pub kind: Kind,
    /// `group/version` or `version`.
    pub api_version: Rc<str>,
    /// Metadata.
    pub meta: Meta,
    /// The whole object as the server returns it, after defaulting and admission.
    pub tree: Rc<Tree>,
    /// Its typed form.
    pub typed: Typed,
}

/// All objects. Identities order by creation.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// Pods.
    pub pods: BTreeMap<Uid, Pod>,
    /// Nodes.
    pub nodes: SortedMap<Uid, Rc<Node>>,
    /// Everything else.
    pub objects: SortedMap<Uid, Object>,
}

/// Adds, for a kind, the iterator over its typed objects in order of creation.
macro_rules! iterators {
    ($($name:ident: $kind:ident),* $(,)?) => {
        impl Store {
            $(
                #[doc = concat!("The stored ", stringify!($kind), " objects in order of creation.")]
                pub fn $name(&self) -> impl Iterator<Item = &Rc<$kind>> {
                    self.objects.values().filter_map(|object| match &object.typed {
                        Typed::$kind(typed) => Some(typed),
                        _ => None,
                    })
                }
            )*
        }
    };
}

iterators! {
    namespaces: Namespace, deployments: Deployment, replica_sets: ReplicaSet, stateful_sets: StatefulSet,
    daemon_sets: DaemonSet, jobs: Job, cron_jobs: CronJob, replication_controllers: ReplicationController,
    services: Service, ingresses: Ingress, ingress_classes: IngressClass, priority_classes: PriorityClass,
    pod_disruption_budgets: PodDisruptionBudget, persistent_volumes: PersistentVolume,
    persistent_volume_claims: PersistentVolumeClaim, storage_classes: StorageClass,
}
