//! NamespaceLifecycle: nothing is created in a namespace that does not exist (WL-ADM-NS-1, CLI-10).

use crate::server::Server;
use crate::server::error::{ApiError, Reason};
use crate::server::request::Request;
use crate::types::Kind;

pub(super) fn admit(server: &Server, request: &Request) -> Result<(), ApiError> {
    let namespace = &*request.namespace;
    if namespace.is_empty() || server.find_kind(&Kind::Namespace, "", namespace).is_some() {
        return Ok(());
    }
    Err(ApiError::new(Reason::NotFound, format!("namespaces \"{namespace}\" not found")))
}
