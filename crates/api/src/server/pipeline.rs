//! The stages of a request that live elsewhere in this crate, each behind one function.

use std::rc::Rc;

use manifest::Tree;

use super::error::{ApiError, Cause, Reason};
use super::resources::Resource;
use super::store::Typed;
use crate::decode::{self, strict, typed};
use crate::defaults;
use crate::schema;
use crate::types::{Meta, Node, PodSpec};
use crate::validation::{self, Warning};

/// The schema of a custom resource: that of its version in the CustomResourceDefinition.
pub(super) struct Structural {
    definition: Rc<Tree>,
    version: Rc<str>,
}

impl Structural {
    pub(super) fn new(definition: Rc<Tree>, resource: &Resource) -> Self {
        Self { definition, version: (*resource.version).into() }
    }

    fn schema(&self) -> Option<&Tree> {
        let mut versions = self.definition.list_at(&["spec", "versions"]).iter();
        let version = versions.find(|version| version.str_at(&["name"]) == &*self.version)?;
        version.at(&["schema", "openAPIV3Schema"])
    }
}

/// Strict decoding (DEC-1 to DEC-9), of custom resources by their own schema.
pub(super) fn decode(resource: &Resource, custom: Option<&Structural>, tree: &Tree) -> Result<(), ApiError> {
    let Resource { version, kind, .. } = resource;
    let decoded = match (custom, schema::lookup(&resource.api_version(), kind)) {
        (Some(custom), _) => custom.schema().map_or(Ok(()), |schema| decode::custom::strict(tree, schema)),
        (None, Some(definition)) if resource.is_built_in() => strict::strict(tree, definition),
        _ => Ok(()),
    };
    decoded.map_err(|error| {
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

/// What Go reads into the empty places of an object, and defaulting (DEF rules).
pub(super) fn default(resource: &Resource, custom: Option<&Structural>, tree: &mut Tree) {
    if let Some(custom) = custom {
        custom.schema().into_iter().for_each(|schema| defaults::custom::apply(schema, tree));
        return;
    }
    let definition = schema::lookup(&resource.api_version(), &resource.kind);
    if let Some(definition) = definition.filter(|_| resource.is_built_in()) {
        decode::nulls::fill(tree, definition);
    }
    defaults::apply(&resource.store_kind(), tree);
}

/// The object as it is written down and returned.
pub(super) fn stored(resource: &Resource, tree: &mut Tree) {
    defaults::stored(&resource.store_kind(), tree);
}

/// Validation of a new object.
pub(super) fn validate(resource: &Resource, custom: Option<&Structural>, tree: &Tree) -> Vec<Cause> {
    let mut causes = validation::validate(built_in_kind(resource), &resource.api_version(), tree);
    causes.extend(by_schema(custom, tree));
    causes
}

fn by_schema(custom: Option<&Structural>, tree: &Tree) -> Vec<Cause> {
    custom
        .and_then(Structural::schema)
        .map(|schema| validation::validate_custom(schema, tree))
        .unwrap_or_default()
}

/// Validation of a changed object.
pub(super) fn validate_update(
    resource: &Resource,
    custom: Option<&Structural>,
    new: &Tree,
    old: &Tree,
) -> Vec<Cause> {
    let mut causes = validation::validate_update(built_in_kind(resource), &resource.api_version(), new, old);
    causes.extend(by_schema(custom, new));
    causes
}

/// Warnings of an accepted object; `old`: what it replaces.
pub(super) fn warnings(resource: &Resource, tree: &Tree, old: Option<&Tree>) -> Vec<Warning> {
    validation::warnings(built_in_kind(resource), &resource.api_version(), tree, old)
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
