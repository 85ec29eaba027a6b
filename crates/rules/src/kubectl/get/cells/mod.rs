//! The cells of `kubectl get` that are worked out from more than one field.

mod network;
mod other;
mod pod;
mod workload;

pub(in crate::kubectl) use network::*;
pub(in crate::kubectl) use other::*;
pub(in crate::kubectl) use pod::*;
pub(in crate::kubectl) use workload::*;
