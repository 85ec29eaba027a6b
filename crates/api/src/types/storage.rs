//! PersistentVolume, PersistentVolumeClaim and StorageClass, as far as they decide scheduling (SCH-VOL rules).

use super::meta::Meta;
use super::pod::NodeSelectorTerm;
use crate::quantity::Quantity;

/// How a volume may be mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum AccessMode {
    ReadWriteOnce,
    ReadOnlyMany,
    ReadWriteMany,
    ReadWriteOncePod,
}

/// When a claim is bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum VolumeBindingMode {
    #[default]
    Immediate,
    WaitForFirstConsumer,
}

/// A stored PersistentVolumeClaim.
#[derive(Clone, Debug, Default)]
pub struct PersistentVolumeClaim {
    /// Metadata.
    pub meta: Meta,
    /// `None`: no class was given and there is no default one.
    pub storage_class: Option<String>,
    /// The volume it is bound to; empty when none.
    pub volume_name: String,
    /// Access modes.
    pub access_modes: Vec<AccessMode>,
    /// Requested size.
    pub request: Quantity,
}

/// A stored PersistentVolume.
#[derive(Clone, Debug, Default)]
pub struct PersistentVolume {
    /// Metadata; zone and region labels count (SCH-VOL-7).
    pub meta: Meta,
    /// Class; empty when none.
    pub storage_class: String,
    /// Access modes.
    pub access_modes: Vec<AccessMode>,
    /// Size.
    pub capacity: Quantity,
    /// Required node affinity; `None` when absent.
    pub node_affinity: Option<Vec<NodeSelectorTerm>>,
    /// The claim it is bound to or reserved for: namespace and name.
    pub claim: Option<(String, String)>,
}

/// A stored StorageClass.
#[derive(Clone, Debug, Default)]
pub struct StorageClass {
    /// Metadata.
    pub meta: Meta,
    /// Name of the provisioner; `kubernetes.io/no-provisioner` provisions nothing.
    pub provisioner: String,
    /// When its claims are bound.
    pub binding_mode: VolumeBindingMode,
    /// Annotated as the default.
    pub is_default: bool,
}
