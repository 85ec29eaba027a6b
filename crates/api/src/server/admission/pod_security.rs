//! PodSecurity.

use manifest::Tree;

use crate::server::Server;
use crate::server::error::ApiError;
use crate::server::request::Request;
use crate::validation::Warning;

pub(super) fn validate(
    _server: &Server,
    _request: &Request,
    _tree: &Tree,
    _warnings: &mut Vec<Warning>,
) -> Result<(), ApiError> {
    Ok(())
}
