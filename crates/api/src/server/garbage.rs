//! Dependents follow their owner (background deletion).

use super::Server;
use crate::types::Uid;
use manifest::sorted::SortedSet;

impl Server {
    /// Deletes everything whose owner is gone, until nothing changes. How many objects went.
    pub fn collect_garbage(&mut self) -> usize {
        let mut total = 0;
        loop {
            let owners = self.store.objects.keys().chain(self.store.nodes.keys());
            let alive: SortedSet<Uid> = owners.chain(self.store.pods.keys()).copied().collect();
            let objects = self.store.objects.values().map(|object| &object.meta);
            let metas = objects.chain(self.store.pods.values().map(|pod| &pod.meta));
            let owned = metas.filter_map(|meta| Some((meta.uid, meta.owner.as_ref()?.uid)));
            let orphans: Vec<Uid> =
                owned.filter(|(_, owner)| !alive.contains(owner)).map(|(uid, _)| uid).collect();
            if orphans.is_empty() {
                return total;
            }
            total += orphans.len();
            for uid in orphans {
                self.delete(uid);
            }
        }
    }
}
