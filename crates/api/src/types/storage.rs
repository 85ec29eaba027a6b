//! PersistentVolume, PersistentVolumeClaim and StorageClass, as far as they decide scheduling (SCH-VOL rules).

use super::meta::Meta;
use super::pod::NodeSelectorTerm;
use crate::labels::Selector;
use crate::quantity::Quantity;
use crate::server::uid_text;

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

/// What the volume controller made of a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClaimPhase {
    /// It has no volume yet, though it may name one.
    #[default]
    Pending,
    /// It has its volume for good.
    Bound,
    /// Its volume is gone, or is another claim's.
    Lost,
}

/// A stored PersistentVolumeClaim.
#[derive(Clone, Debug, Default)]
pub struct PersistentVolumeClaim {
    /// Metadata.
    pub meta: Meta,
    /// `None`: no class was given and there is no default one.
    pub storage_class: Option<String>,
    /// The volume that it has, or that it asks for; empty when none.
    pub volume_name: String,
    /// Whether it has the volume.
    pub phase: ClaimPhase,
    /// Access modes.
    pub access_modes: Vec<AccessMode>,
    /// Requested size.
    pub request: Quantity,
    /// Labels of volumes that will do; `None` when all will.
    pub selector: Option<Selector>,
    /// A block device and no file system.
    pub block: bool,
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
    /// A block device and no file system.
    pub block: bool,
    /// Required node affinity; `None` when absent.
    pub node_affinity: Option<Vec<NodeSelectorTerm>>,
    /// The claim it is bound to or reserved for: namespace and name.
    pub claim: Option<(String, String)>,
    /// Identity of the claim it is bound to; empty when it is only reserved, or free.
    pub claim_uid: String,
}

impl PersistentVolume {
    /// Whether it is bound to the claim, or reserved for it.
    pub fn is_for(&self, claim: &PersistentVolumeClaim) -> bool {
        let wanted = (&*claim.meta.namespace, &*claim.meta.name);
        self.claim.as_ref().is_some_and(|(namespace, name)| (&**namespace, &**name) == wanted)
            && (self.claim_uid.is_empty() || self.claim_uid == uid_text(claim.meta.uid))
    }

    /// Whether it is nobody else's, and of the size and kind that the claim wants. That much is asked of a reserved one too.
    pub fn is_possible(&self, claim: &PersistentVolumeClaim) -> bool {
        (self.claim.is_none() || self.is_for(claim))
            && !self.meta.deleting
            && self.capacity >= claim.request
            && self.block == claim.block
    }

    /// Whether it has the class, the labels and the access modes that the claim wants.
    pub fn suits(&self, claim: &PersistentVolumeClaim) -> bool {
        self.storage_class == claim.class()
            && claim.selector.as_ref().is_none_or(|selector| selector.matches(&self.meta.labels))
            && self.allows(claim)
    }

    /// Whether it has the access modes that the claim wants.
    pub fn allows(&self, claim: &PersistentVolumeClaim) -> bool {
        claim.access_modes.iter().all(|mode| self.access_modes.contains(mode))
    }
}

impl PersistentVolumeClaim {
    /// Its class; empty when it has none.
    pub fn class(&self) -> &str {
        self.storage_class.as_deref().unwrap_or_default()
    }
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
    /// `allowedTopologies`: the nodes on which it provisions; empty when on all.
    pub allowed_topologies: Vec<NodeSelectorTerm>,
}
