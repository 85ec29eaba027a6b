//! The plugins of the default profile, one file each, in the order in which they run (SCH-PLUGINS-1).

pub(crate) mod default_preemption;
pub(crate) mod dynamic_resources;
pub(crate) mod image_locality;
pub(crate) mod inter_pod_affinity;
pub(crate) mod node_affinity;
pub(crate) mod node_name;
pub(crate) mod node_ports;
pub(crate) mod node_resources_balanced_allocation;
pub(crate) mod node_resources_fit;
pub(crate) mod node_unschedulable;
pub(crate) mod pod_topology_spread;
pub(crate) mod priority_sort;
pub(crate) mod scheduling_gates;
pub(crate) mod taint_toleration;
pub(crate) mod volume_binding;
pub(crate) mod volume_restrictions;
pub(crate) mod volume_zone;

/// The largest normalised score.
pub(crate) const MAX_NODE_SCORE: i64 = 100;

/// A plugin that filters or scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Plugin {
    NodeUnschedulable,
    NodeName,
    TaintToleration,
    NodeAffinity,
    NodePorts,
    NodeResourcesFit,
    VolumeRestrictions,
    VolumeBinding,
    VolumeZone,
    PodTopologySpread,
    InterPodAffinity,
    DynamicResources,
    DefaultPreemption,
    NodeResourcesBalancedAllocation,
    ImageLocality,
}

impl Plugin {
    /// Those that score by default, in order. VolumeBinding scores with an alpha feature only, so it always skips.
    pub(crate) const SCORING: [Self; 9] = [
        Self::TaintToleration,
        Self::NodeAffinity,
        Self::NodeResourcesFit,
        Self::VolumeBinding,
        Self::PodTopologySpread,
        Self::InterPodAffinity,
        Self::DynamicResources,
        Self::NodeResourcesBalancedAllocation,
        Self::ImageLocality,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NodeUnschedulable => "NodeUnschedulable",
            Self::NodeName => "NodeName",
            Self::TaintToleration => "TaintToleration",
            Self::NodeAffinity => "NodeAffinity",
            Self::NodePorts => "NodePorts",
            Self::NodeResourcesFit => "NodeResourcesFit",
            Self::VolumeRestrictions => "VolumeRestrictions",
            Self::VolumeBinding => "VolumeBinding",
            Self::VolumeZone => "VolumeZone",
            Self::PodTopologySpread => "PodTopologySpread",
            Self::InterPodAffinity => "InterPodAffinity",
            Self::DynamicResources => "DynamicResources",
            Self::DefaultPreemption => "DefaultPreemption",
            Self::NodeResourcesBalancedAllocation => "NodeResourcesBalancedAllocation",
            Self::ImageLocality => "ImageLocality",
        }
    }

    /// Weight of the score (SCH-PLUGINS-1).
    pub(crate) fn weight(self) -> i64 {
        match self {
            Self::TaintToleration => 3,
            Self::NodeAffinity
            | Self::PodTopologySpread
            | Self::InterPodAffinity
            | Self::DynamicResources => 2,
            _ => 1,
        }
    }

    /// The reasons that a filter gives, by the index that its verdicts use. NodeResourcesFit goes on with one for each
    /// resource that the pod wants.
    pub(crate) fn reasons(self) -> &'static [&'static str] {
        match self {
            Self::NodeUnschedulable => &["node(s) were unschedulable"],
            Self::NodeName => &["node(s) didn't match the requested node name"],
            Self::TaintToleration => &["node(s) had untolerated taint(s)"],
            Self::NodeAffinity => &["node(s) didn't match Pod's node affinity/selector"],
            Self::NodePorts => &["node(s) didn't have free ports for the requested pod ports"],
            Self::NodeResourcesFit => &["Too many pods"],
            Self::VolumeRestrictions => volume_restrictions::REASONS,
            Self::VolumeBinding => volume_binding::REASONS,
            Self::VolumeZone => &["node(s) had no available volume zone"],
            Self::PodTopologySpread => pod_topology_spread::REASONS,
            Self::InterPodAffinity => inter_pod_affinity::REASONS,
            Self::DefaultPreemption => default_preemption::REASONS,
            Self::DynamicResources | Self::NodeResourcesBalancedAllocation | Self::ImageLocality => &[],
        }
    }
}

/// 100 · score / max over the nodes that are scored, or its reverse (SCH-S-2).
pub(crate) fn default_normalize(score: i64, max: i64, reverse: bool) -> i64 {
    let score = if max == 0 { 0 } else { MAX_NODE_SCORE * score / max };
    if reverse { MAX_NODE_SCORE - score } else { score }
}
