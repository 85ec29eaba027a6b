//! What the API server adds to an object before it looks at it (DEF rules), and how it writes the object down afterwards.
//!
//! [`apply`] runs right after strict decoding and never fails. What it adds has no span, so that the page can show it apart.
//! Admission and the allocation of addresses and ports come later and are not here. [`stored`] drops what Go's encoding
//! leaves out; it runs last, because validation still tells an empty list from none.

pub(crate) mod custom;
mod others;
mod pod;
mod pod_resources;
mod service;
mod set;
mod stored;
#[cfg(test)]
mod tests;
mod volumes;
mod workload;

use manifest::Tree;

use crate::types::Kind;

pub(crate) use pod::merge_label_keys;
pub use pod::{pod, pod_template};
pub use stored::stored;
pub(crate) use stored::{is_dropped, is_user_map};

/// Adds the defaults of an object of this kind. Kinds without any stay as they are.
pub fn apply(kind: &Kind, tree: &mut Tree) {
    match kind {
        Kind::Pod => pod(tree),
        Kind::Deployment => workload::deployment(tree),
        Kind::ReplicaSet => workload::replica_set(tree),
        Kind::StatefulSet => workload::stateful_set(tree),
        Kind::DaemonSet => workload::daemon_set(tree),
        Kind::Job => workload::job(tree),
        Kind::CronJob => workload::cron_job(tree),
        Kind::ReplicationController => workload::replication_controller(tree),
        Kind::Service => service::service(tree),
        Kind::Namespace => others::namespace(tree),
        Kind::Node => others::node(tree),
        Kind::IngressClass => others::ingress_class(tree),
        Kind::PriorityClass => others::priority_class(tree),
        Kind::PersistentVolume => volumes::persistent_volume(tree),
        Kind::PersistentVolumeClaim => volumes::persistent_volume_claim(tree),
        Kind::StorageClass => volumes::storage_class(tree),
        Kind::Ingress | Kind::PodDisruptionBudget => {}
        Kind::Other(kind) => others::other(kind, tree),
    }
}
