//! The stages of a request that live elsewhere in this crate, each behind one function.

use std::rc::Rc;

use manifest::Tree;

use super::error::{ApiError, Cause, Reason};
use super::resources::Resource;
use super::store::Typed;
use crate::decode::{strict, typed};
use crate::defaults;
use crate::schema;
use crate::types::{Meta, Node, PodSpec};
use crate::validation::{self, Warning};

/// Strict decoding (DEC-1 to DEC-9). Custom resources have no schema here.
pub(super) fn decode(resource: &Resource, tree: &Tree) -> Result<(), ApiError> {
    let Resource { version, kind, .. } = resource;
    let Some(definition) = schema::lookup(&resource.api_version(), kind).filter(|_| resource.is_built_in())
    else {
        return Ok(());
    };
    strict::strict(tree, definition).map_err(|error| {
        let message =
            format!("{kind} in version \"{version}\" cannot be handled as a {kind}: {}", error.message);
        let causes = error.problems.into_iter();
        let causes = causes.map(|problem| Cause {
            span: problem.span,
            fix: problem.fix,
            ..Cause::new("", problem.message, problem.code)
        });
        ApiError { causes: causes.collect(), ..ApiError::new(Reason::BadRequest, message) }
    })
}

/// Defaulting (DEF rules).
pub(super) fn default(resource: &Resource, tree: &mut Tree) {
    defaults::apply(&resource.store_kind(), tree);
}

/// The object as it is written down and returned.
pub(super) fn stored(resource: &Resource, tree: &mut Tree) {
    defaults::stored(&resource.store_kind(), tree);
}

/// Validation of a new object.
pub(super) fn validate(resource: &Resource, tree: &Tree) -> Vec<Cause> {
    validation::validate(built_in_kind(resource), &resource.api_version(), tree)
}

/// Validation of a changed object.
pub(super) fn validate_update(resource: &Resource, new: &Tree, old: &Tree) -> Vec<Cause> {
    validation::validate_update(built_in_kind(resource), &resource.api_version(), new, old)
}

/// Warnings of an accepted object.
pub(super) fn warnings(resource: &Resource, tree: &Tree) -> Vec<Warning> {
    validation::warnings(built_in_kind(resource), &resource.api_version(), tree)
}

/// The kind that decides which rules hold. Custom resources may be named like built-in kinds.
fn built_in_kind(resource: &Resource) -> &str {
    if resource.is_built_in() { &resource.kind } else { "" }
}

/// The typed form of an object that is neither Pod nor Node.
pub(super) fn typed(resource: &Resource, meta: &Meta, tree: &Rc<Tree>) -> Typed {
    typed::typed(&resource.store_kind(), meta.clone(), tree)
}

/// The typed form of a pod's spec.
pub(super) fn pod_spec(pod: &Tree) -> PodSpec {
    pod.get("spec").map(typed::pod_spec).unwrap_or_default()
}

/// The typed form of a node.
pub(super) fn node(meta: Meta, tree: &Tree) -> Node {
    typed::node(meta, tree)
}
