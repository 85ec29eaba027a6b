//! Which pods belong to which owner, kept up to date without reading every pod at each sync.

use std::ops::Bound;

use api::server::Store;
use api::types::Uid;
use manifest::sorted::{SortedMap, SortedSet};

use crate::ephemeral_volume;

/// Pods by owner. Identities only grow, so a refresh reads no pod twice; deleted pods leave when their owner is asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct PodIndex {
    by_owner: SortedMap<Uid, SortedSet<Uid>>,
    orphans: SortedSet<Uid>,
    with_ephemeral_volumes: SortedSet<Uid>,
    seen: Uid,
}

impl PodIndex {
    /// Takes in the pods that were created since the last time.
    pub(crate) fn refresh(&mut self, store: &Store) {
        for (&uid, pod) in store.pods.range((Bound::Excluded(self.seen), Bound::Unbounded)) {
            match &pod.meta.owner {
                Some(owner) => self.by_owner.entry(owner.uid).or_default().insert(uid),
                None => self.orphans.insert(uid),
            };
            if ephemeral_volume::has_any(pod) {
                self.with_ephemeral_volumes.insert(uid);
            }
            self.seen = uid;
        }
    }

    /// The pods of an owner that still exist, in order of creation.
    pub(crate) fn pods_of(&mut self, store: &Store, owner: Uid) -> Vec<Uid> {
        let Some(pods) = self.by_owner.get_mut(&owner) else { return Vec::new() };
        pods.retain(|uid| store.pods.contains_key(uid));
        pods.iter().copied().collect()
    }

    /// The pods without a controller that still exist, in order of creation.
    pub(crate) fn orphans(&mut self, store: &Store) -> &SortedSet<Uid> {
        self.orphans.retain(|uid| store.pods.contains_key(uid));
        &self.orphans
    }

    /// The pods with volumes that need a claim each, as far as they still exist.
    pub(crate) fn with_ephemeral_volumes(&mut self, store: &Store) -> Vec<Uid> {
        self.with_ephemeral_volumes.retain(|uid| store.pods.contains_key(uid));
        self.with_ephemeral_volumes.iter().copied().collect()
    }

    /// A pod was adopted.
    pub(crate) fn adopted(&mut self, pod: Uid, owner: Uid) {
        self.orphans.remove(&pod);
        self.by_owner.entry(owner).or_default().insert(pod);
    }

    /// A pod was released by its owner.
    pub(crate) fn released(&mut self, pod: Uid, owner: Uid) {
        if let Some(pods) = self.by_owner.get_mut(&owner) {
            pods.remove(&pod);
        }
        self.orphans.insert(pod);
    }

    /// Owners that have, or had, pods.
    pub(crate) fn owners(&self) -> impl Iterator<Item = Uid> {
        self.by_owner.keys().copied()
    }

    /// Forgets an owner.
    pub(crate) fn forget(&mut self, owner: Uid) {
        self.by_owner.remove(&owner);
    }
}
