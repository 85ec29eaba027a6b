//! The admission plugins that are on by default, in their order (WL-ADM-1). One file a plugin.
//!
//! [`mutate`] runs after defaulting and before the name is generated; [`validate`] after validation, quota last (WL-ADM-2).
//!
//! DIFFERENCE: the token volume of WL-ADM-SA-2 is not added, because it has no influence on placement or routes.

mod claim_resize;
mod default_classes;
mod limit_ranger;
mod namespace_lifecycle;
mod pod_security;
mod priority;
mod resource_quota;
mod runtime_class;
mod service_account;
mod storage_protection;
mod tolerations;

use manifest::Tree;

use super::Server;
use super::error::ApiError;
use super::request::Request;
use crate::types::Kind;
use crate::validation::Warning;

pub(super) use default_classes::default_storage_class;
pub(super) use limit_ranger::quantity;
pub(super) use resource_quota::{Change, Uses, count as count_in_quota, status as quota_status};

/// Mutating admission of a new object.
pub(super) fn mutate(server: &Server, request: &Request, tree: &mut Tree) -> Result<(), ApiError> {
    namespace_lifecycle::admit(server, request)?;
    match request.resource.store_kind() {
        Kind::Pod => mutate_pod(server, request, tree)?,
        Kind::PersistentVolumeClaim => {
            default_classes::storage_class(server, tree);
            storage_protection::claim(tree);
        }
        Kind::PersistentVolume => storage_protection::volume(tree),
        Kind::Ingress => default_classes::ingress_class(server, tree),
        _ => {}
    }
    Ok(())
}

/// Mutating admission of a new pod, the user's or a controller's.
pub(super) fn mutate_pod(server: &Server, request: &Request, pod: &mut Tree) -> Result<(), ApiError> {
    namespace_lifecycle::admit(server, request)?;
    limit_ranger::fill_in(server, request, pod);
    service_account::admit(server, request, pod)?;
    priority::admit(server, request, pod)?;
    tolerations::admit(pod);
    runtime_class::admit(server, request, pod)
}

/// Mutating admission of a changed object.
pub(super) fn mutate_update(request: &Request, tree: &mut Tree, old: &Tree) {
    if request.resource.store_kind() == Kind::Pod {
        priority::keep(tree, old);
        tolerations::admit(tree);
    }
}

/// Validating admission of a new (`old` is `None`) or changed object, and quota. Warnings of PodSecurity are added.
pub(super) fn validate(
    server: &Server,
    request: &Request,
    tree: &Tree,
    old: Option<&Tree>,
    warnings: &mut Vec<Warning>,
) -> Result<(), ApiError> {
    // Claims may grow beyond their range; what a pod asks for does not change.
    if old.is_none() || request.resource.store_kind() != Kind::Pod {
        limit_ranger::validate(server, request, tree)?;
    }
    pod_security::validate(server, request, tree, old, warnings)?;
    if request.resource.store_kind() == Kind::PriorityClass {
        priority::only_one_default(server, request, tree)?;
    }
    if old.is_none() && request.resource.store_kind() == Kind::Pod {
        runtime_class::validate(server, request, tree)?;
    }
    if let (Kind::PersistentVolumeClaim, Some(old)) = (request.resource.store_kind(), old) {
        claim_resize::validate(server, request, tree, old)?;
    }
    resource_quota::validate(server, request, tree, old)
}
