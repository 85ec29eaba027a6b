//! Field validation and warnings of the API server, on the spanned tree: after strict decoding, defaulting and mutating
//! admission (PIPE-2).
//!
//! [`validate`] and [`validate_update`] collect all field errors of an object in Kubernetes' order (PIPE-3); every message
//! is word for word that of the API server and points at its token. [`warnings`] says what an accepted object is warned
//! about. Inside, a check takes the [`errors::Errors`] so far and a [`field::Field`], which carries the path that
//! Kubernetes prints and the tree node there.

mod access;
mod affinity;
mod autoscaling;
mod cluster;
pub mod codes;
mod config;
mod container;
mod cron;
mod custom;
mod custom_text;
mod definition;
mod endpoints;
mod env;
mod errors;
mod field;
mod go_json;
mod ingress;
mod ip;
mod job;
mod job_policy;
mod key_pair;
mod meta;
pub(crate) mod names;
mod overlap;
mod paths;
mod pod;
mod pod_diff;
mod pod_os;
mod pod_shape;
mod pod_warnings;
mod policy;
mod ports;
mod probe;
mod profiles;
mod resources;
mod security;
mod service;
mod service_ip;
mod sources;
mod spread;
mod storage;
#[cfg(test)]
mod tests;
mod time_zone;
mod tolerations;
mod update;
mod volumes;
mod warnings;
mod webhook;
mod workloads;

pub use cron::CronSchedule;
pub(crate) use warnings::recorded;
pub use warnings::{Warning, warnings};

use manifest::Tree;

use crate::server::Cause;
use errors::Errors;
use field::Field;
use names::NameRule;

/// The field errors of an object that is about to be created; none when it is valid.
///
/// Kinds that [`body`] does not know have their metadata checked.
pub fn validate(kind: &str, api_version: &str, tree: &Tree) -> Vec<Cause> {
    let object = Field::root(tree);
    let mut errors = Errors::default();
    let metadata = object.child("metadata");
    // The strategy of a PodDisruptionBudget leaves metadata to the generic check, which comes last.
    let metadata_last = kind == "PodDisruptionBudget";
    if kind != "Pod" && !metadata_last {
        meta::object_meta(&mut errors, &metadata, name_rule(kind, api_version));
    }
    body(&mut errors, kind, &object);
    if metadata_last && errors.len() == 0 {
        meta::object_meta(&mut errors, &metadata, NameRule::PathSegment);
    }
    errors.into_causes()
}

/// What the allocator refuses about the IP families of a new or changed Service before it hands out anything (VAL-SVC-14).
pub(crate) fn single_stack(service: &Tree, old: Option<&Tree>) -> Vec<Cause> {
    let mut errors = Errors::default();
    let old = old.map(|old| Field::root(old).child("spec"));
    service_ip::single_stack(&mut errors, &Field::root(service).child("spec"), old.as_ref());
    errors.into_causes()
}

/// What the schema of a CustomResourceDefinition finds wrong with an object.
pub(crate) fn validate_custom(schema: &Tree, tree: &Tree) -> Vec<Cause> {
    let mut errors = Errors::default();
    custom::value(&mut errors, schema, &Field::root(tree));
    custom::list_types(&mut errors, schema, &Field::root(tree));
    errors.into_causes()
}

/// The field errors of an object that is about to replace `old` (UPD-1 to UPD-4).
pub fn validate_update(kind: &str, _api_version: &str, new: &Tree, old: &Tree) -> Vec<Cause> {
    let mut errors = Errors::default();
    update::update(&mut errors, kind, &Field::root(new), &Field::root(old));
    errors.into_causes()
}

/// Everything but metadata. A Pod brings its own, and updates check less of some kinds.
fn body(errors: &mut Errors, kind: &str, object: &Field<'_>) {
    let spec = object.child("spec");
    match kind {
        "Pod" => pod::pod(errors, object),
        "Deployment" => workloads::deployment(errors, &spec),
        "ReplicaSet" => workloads::replica_set(errors, &spec),
        "ReplicationController" => workloads::replication_controller(errors, &spec),
        "StatefulSet" => workloads::stateful_set(errors, &spec),
        "DaemonSet" => workloads::daemon_set(errors, &spec),
        "Job" => job::job(errors, object),
        "CronJob" => job::cron_job(errors, object),
        "PodTemplate" => pod::template(errors, &object.child("template")),
        "Service" => service::service(errors, object),
        "Ingress" => ingress::ingress(errors, object),
        "IngressClass" => ingress::ingress_class(errors, &spec),
        "NetworkPolicy" => policy::network_policy(errors, &spec),
        "PodDisruptionBudget" => policy::disruption_budget(errors, &spec),
        "ResourceQuota" => policy::resource_quota(errors, &spec),
        "LimitRange" => policy::limit_range(errors, &spec),
        "HorizontalPodAutoscaler" => autoscaling::autoscaler(errors, &spec, 1),
        "Node" => cluster::node(errors, object),
        "Namespace" => cluster::namespace(errors, object),
        "PriorityClass" => cluster::priority_class(errors, object),
        "RuntimeClass" => cluster::runtime_class(errors, object),
        "PersistentVolumeClaim" => storage::claim_spec(errors, &spec),
        "PersistentVolume" => storage::volume_spec(errors, &spec),
        "StorageClass" => storage::storage_class(errors, object),
        "ConfigMap" => config::config_map(errors, object),
        "Secret" => config::secret(errors, object),
        "Role" | "ClusterRole" => access::role(errors, kind, object),
        "RoleBinding" | "ClusterRoleBinding" => access::binding(errors, kind, object),
        "CustomResourceDefinition" => definition::definition(errors, object),
        "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
            webhook::configuration(errors, object);
        }
        "Endpoints" => endpoints::endpoints(errors, object),
        _ => {}
    }
}

/// VAL-NAME-3.
fn name_rule(kind: &str, api_version: &str) -> NameRule {
    match kind {
        "Namespace" | "StatefulSet" | "Service" => NameRule::Label,
        _ if api_version.starts_with("rbac.authorization.k8s.io/") => NameRule::PathSegment,
        _ => NameRule::Subdomain,
    }
}
