//! The admission plugins that are on by default, in their order (WL-ADM-1). One file a plugin.

mod namespace_lifecycle;

use manifest::Tree;

use super::Server;
use super::error::ApiError;
use super::request::Request;

/// Mutating admission of a new object.
pub(super) fn mutate(server: &mut Server, request: &Request, tree: &mut Tree) -> Result<(), ApiError> {
    namespace_lifecycle::admit(server, request)?;
    Ok(())
}

/// Mutating admission of a pod of a controller.
pub(super) fn mutate_pod(
    server: &Server,
    request: &Request,
    _tree: &mut Tree,
    _warnings: &mut Vec<String>,
) -> Result<(), ApiError> {
    namespace_lifecycle::admit(server, request)
}

/// Mutating admission of a changed object.
pub(super) fn mutate_update(
    _server: &Server,
    _request: &Request,
    _tree: &mut Tree,
    _old: &Tree,
) -> Result<(), ApiError> {
    Ok(())
}

/// Validating admission and quota, after validation.
pub(super) fn validate(
    _server: &mut Server,
    _request: &Request,
    _tree: &Tree,
    _old: Option<&Tree>,
) -> Result<(), ApiError> {
    Ok(())
}
