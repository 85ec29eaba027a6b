//! Which pods have changed: controllers with many pods look at these only.

use super::Server;
use crate::types::{Kind, Pod, Uid};

/// What has happened to pods since it was last asked.
#[derive(Clone, Debug, Default)]
pub struct PodChanges {
    /// Anything may have changed.
    pub all: bool,
    /// A pod without a controller was created, changed or removed.
    pub orphans: bool,
    /// Pods of StatefulSets that were created, changed or removed: owner and pod.
    pub of_stateful_sets: Vec<(Uid, Uid)>,
}

impl PodChanges {
    pub(super) fn note(&mut self, uid: Uid, pod: &Pod) {
        match &pod.meta.owner {
            None => self.orphans = true,
            Some(owner) if owner.kind == Kind::StatefulSet => {
                self.of_stateful_sets.push((owner.uid, uid));
            }
            Some(_) => {}
        }
    }
}

impl Server {
    /// A stored pod, to be changed: status updates by scheduler, kubelet and controllers go this way.
    pub fn pod_mut(&mut self, uid: Uid) -> Option<&mut Pod> {
        self.quota_uses.forget();
        let pod = self.store.pods.get_mut(&uid)?;
        self.pod_changes.note(uid, pod);
        Some(pod)
    }

    /// What has happened to pods since the last call.
    pub fn take_pod_changes(&mut self) -> PodChanges {
        std::mem::take(&mut self.pod_changes)
    }
}
