//! PersistentVolumeClaimResize: a claim grows only when its class says that its volumes can.

use manifest::Tree;

use super::limit_ranger::quantity;
use crate::server::Server;
use crate::server::error::ApiError;
use crate::server::request::Request;

/// That the claim is bound was seen by the validation before.
pub(super) fn validate(server: &Server, request: &Request, claim: &Tree, old: &Tree) -> Result<(), ApiError> {
    let size = |claim: &Tree| claim.at(&["spec", "resources", "requests", "storage"]).and_then(quantity);
    let class = claim.str_at(&["spec", "storageClassName"]);
    let mut classes = server.objects_in("storageclasses.storage.k8s.io", "");
    let can_grow = classes.any(|object| {
        *object.meta.name == *class
            && object.tree.get("allowVolumeExpansion").and_then(Tree::as_bool) == Some(true)
    });
    if size(claim) <= size(old) || can_grow {
        return Ok(());
    }
    let why = "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";
    Err(ApiError::forbidden(&request.resource, &request.name, why))
}
