//! Namespace, PriorityClass and PodDisruptionBudget.

use super::meta::Meta;
use super::pod::PreemptionPolicy;
use crate::int_or_string::IntOrString;
use crate::labels::Selector;

/// A stored Namespace.
#[derive(Clone, Debug, Default)]
pub struct Namespace {
    /// Metadata.
    pub meta: Meta,
}

/// A stored PriorityClass.
#[derive(Clone, Debug, Default)]
pub struct PriorityClass {
    /// Metadata.
    pub meta: Meta,
    /// Priority of the pods that name it.
    pub value: i32,
    /// Used by pods that name none.
    pub global_default: bool,
    /// Preemption.
    pub preemption_policy: PreemptionPolicy,
}

/// A stored PodDisruptionBudget.
#[derive(Clone, Debug, Default)]
pub struct PodDisruptionBudget {
    /// Metadata.
    pub meta: Meta,
    /// `None` matches nothing.
    pub selector: Option<Selector>,
    /// At least this many stay.
    pub min_available: Option<IntOrString>,
    /// At most this many go.
    pub max_unavailable: Option<IntOrString>,
    /// `unhealthyPodEvictionPolicy: AlwaysAllow`: pods that are not ready may go in any case.
    pub unhealthy_may_go: bool,
}
