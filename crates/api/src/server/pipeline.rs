//! The stages of a request that live elsewhere in this crate, each behind one function.

use std::rc::Rc;

use manifest::Tree;

use super::error::{ApiError, Cause};
use super::resources::Resource;
use super::store::Typed;
use crate::decode::typed;
use crate::defaults;
use crate::types::{Meta, Node, PodSpec};

/// Strict decoding (DEC-1 to DEC-9).
pub(super) fn decode(_resource: &Resource, _tree: &Tree) -> Result<(), ApiError> {
    Ok(())
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
pub(super) fn validate(_resource: &Resource, _tree: &Tree) -> Vec<Cause> {
    Vec::new()
}

/// Validation of a changed object.
pub(super) fn validate_update(_resource: &Resource, _new: &Tree, _old: &Tree) -> Vec<Cause> {
    Vec::new()
}

/// Warnings of an accepted object.
pub(super) fn warnings(_resource: &Resource, _tree: &Tree) -> Vec<String> {
    Vec::new()
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
