//! What the scheduler knows of the cluster besides nodes and pods.

use std::rc::Rc;

use api::labels::{Labels, Selector};
use api::types::{PersistentVolume, PersistentVolumeClaim, Service, StorageClass, Uid};
use manifest::sorted::SortedMap;

/// A PodDisruptionBudget with the status that the disruption controller keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisruptionBudget {
    /// Namespace.
    pub namespace: Rc<str>,
    /// `None` and the empty selector match nothing here.
    pub selector: Option<Selector>,
    /// `status.disruptionsAllowed`.
    pub disruptions_allowed: i32,
}

/// The objects that plugins look up. Cloning copies reference counts only.
#[derive(Clone, Debug, Default)]
pub struct Listers {
    /// Services of all namespaces.
    pub services: Rc<Vec<Rc<Service>>>,
    /// Selectors of ReplicaSets, ReplicationControllers and StatefulSets, by the identity of the owner (SCH-S-SPREAD-2).
    pub owner_selectors: Rc<SortedMap<Uid, Selector>>,
    /// Disruption budgets.
    pub budgets: Rc<Vec<DisruptionBudget>>,
    /// Claims of all namespaces.
    pub claims: Rc<Vec<Rc<PersistentVolumeClaim>>>,
    /// Volumes.
    pub volumes: Rc<Vec<Rc<PersistentVolume>>>,
    /// Storage classes.
    pub storage_classes: Rc<Vec<Rc<StorageClass>>>,
    /// Labels of the namespaces, by name.
    pub namespaces: Rc<SortedMap<Rc<str>, Rc<Labels>>>,
}

impl Listers {
    /// The claim of that name.
    pub(crate) fn claim(&self, namespace: &str, name: &str) -> Option<&Rc<PersistentVolumeClaim>> {
        self.claims.iter().find(|claim| &*claim.meta.namespace == namespace && &*claim.meta.name == name)
    }

    /// The volume of that name.
    pub(crate) fn volume(&self, name: &str) -> Option<&Rc<PersistentVolume>> {
        self.volumes.iter().find(|volume| &*volume.meta.name == name)
    }

    /// The storage class of that name.
    pub(crate) fn storage_class(&self, name: &str) -> Option<&Rc<StorageClass>> {
        self.storage_classes.iter().find(|class| &*class.meta.name == name)
    }
}
