//! Trees to typed objects, once the server has finished with the tree.
//!
//! The tree is strictly decoded, defaulted and validated by then, so reading it is total: what is missing reads as its zero
//! value, as in Go, and nothing fails. Entered by [`typed`], [`pod_spec`], [`node`] and [`meta`].

mod network;
mod pod;
mod policy;
mod read;
mod storage;
#[cfg(test)]
mod tests;
mod workload;

use std::rc::Rc;

use manifest::Tree;

pub use pod::pod_spec;
pub use policy::node;
pub use read::selector as label_selector;

use crate::server::Typed;
use crate::types::{Kind, Meta};

/// The typed form of a stored object; [`Typed::Other`] for Pods and Nodes, which are stored apart, and for what is not simulated.
pub fn typed(kind: &Kind, meta: Meta, tree: &Rc<Tree>) -> Typed {
    match kind {
        Kind::Namespace => Typed::Namespace(Rc::new(policy::namespace(meta))),
        Kind::Deployment => Typed::Deployment(Rc::new(workload::deployment(meta, tree))),
        Kind::ReplicaSet => Typed::ReplicaSet(Rc::new(workload::replica_set(meta, tree))),
        Kind::StatefulSet => Typed::StatefulSet(Rc::new(workload::stateful_set(meta, tree))),
        Kind::DaemonSet => Typed::DaemonSet(Rc::new(workload::daemon_set(meta, tree))),
        Kind::Job => Typed::Job(Rc::new(workload::job(meta, tree))),
        Kind::CronJob => Typed::CronJob(Rc::new(workload::cron_job(meta, tree))),
        Kind::ReplicationController => {
            Typed::ReplicationController(Rc::new(workload::replication_controller(meta, tree)))
        }
        Kind::Service => Typed::Service(Rc::new(network::service(meta, tree))),
        Kind::Ingress => Typed::Ingress(Rc::new(network::ingress(meta, tree))),
        Kind::IngressClass => Typed::IngressClass(Rc::new(network::ingress_class(meta, tree))),
        Kind::PriorityClass => Typed::PriorityClass(Rc::new(policy::priority_class(meta, tree))),
        Kind::PodDisruptionBudget => {
            Typed::PodDisruptionBudget(Rc::new(policy::pod_disruption_budget(meta, tree)))
        }
        Kind::PersistentVolume => Typed::PersistentVolume(Rc::new(storage::persistent_volume(meta, tree))),
        Kind::PersistentVolumeClaim => {
            Typed::PersistentVolumeClaim(Rc::new(storage::persistent_volume_claim(meta, tree)))
        }
        Kind::StorageClass => Typed::StorageClass(Rc::new(storage::storage_class(meta, tree))),
        Kind::Pod | Kind::Node | Kind::Other(_) => Typed::Other,
    }
}

/// The metadata that a manifest can give: name, namespace, labels and annotations. Identity, owner and time are the store's.
pub fn meta(tree: &Tree) -> Meta {
    Meta {
        name: tree.str_at(&["metadata", "name"]).into(),
        namespace: tree.str_at(&["metadata", "namespace"]).into(),
        labels: Rc::new(read::labels(tree.at(&["metadata", "labels"]))),
        annotations: Rc::new(read::labels(tree.at(&["metadata", "annotations"]))),
        ..Meta::default()
    }
}
