//! Tests over the whole, data first: what is compared lies in `suite/`, `conformance/` and `corpus/`, how it is compared lies here.
//!
//! - [`conformance`] compares with recordings of a real control plane and keeps the score,
//! - [`corpus`] runs over manifests that real projects publish,
//! - [`fuzz`] holds what must be true of any input, and mutates manifests,
//! - [`suite`] reads manifests that carry their expectations.

pub mod conformance;
pub mod corpus;
pub mod fuzz;
pub mod suite;

mod guard;
