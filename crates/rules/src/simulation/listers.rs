//! What the scheduler looks up besides nodes and pods, handed over when it has changed.

use std::rc::Rc;

use api::server::{Object, Typed};
use api::types::Uid;
use manifest::sorted::SortedMap;
use scheduler::{ClusterEvent, DisruptionBudget, Listers};

use super::Simulation;

/// What was handed over last.
#[derive(Debug, Default)]
pub(super) struct Seen {
    objects: Vec<(Uid, Typed)>,
    budgets: Vec<DisruptionBudget>,
}

impl Simulation {
    /// Hands the listers over when an object that they show was added, changed or removed.
    pub(super) fn update_listers(&mut self) {
        let store = self.server.store();
        let objects: Vec<(Uid, Typed)> = store.objects.values().filter_map(shown).collect();
        let same_objects = same(&self.listers.objects, &objects);
        let budgets: Vec<DisruptionBudget> = controllers::budgets(store)
            .into_iter()
            .map(|budget| DisruptionBudget {
                namespace: budget.namespace,
                selector: budget.selector,
                disruptions_allowed: budget.disruptions_allowed,
            })
            .collect();
        if same_objects && self.listers.budgets == budgets {
            return;
        }
        let selectors = store.objects.iter().filter_map(|(uid, object)| {
            Some((
                *uid,
                match &object.typed {
                    Typed::ReplicaSet(set) => set.selector.clone(),
                    Typed::ReplicationController(set) => set.selector.clone(),
                    Typed::StatefulSet(set) => set.selector.clone(),
                    _ => return None,
                },
            ))
        });
        let namespaces: SortedMap<_, _> = store
            .namespaces()
            .map(|namespace| (Rc::clone(&namespace.meta.name), Rc::clone(&namespace.meta.labels)))
            .collect();
        let listers = Listers {
            services: Rc::new(store.services().cloned().collect()),
            owner_selectors: Rc::new(selectors.collect()),
            budgets: Rc::new(budgets.clone()),
            claims: Rc::new(store.persistent_volume_claims().cloned().collect()),
            volumes: Rc::new(store.persistent_volumes().cloned().collect()),
            storage_classes: Rc::new(store.storage_classes().cloned().collect()),
            namespaces: Rc::new(namespaces),
        };
        self.scheduler.set_listers(listers);
        if !same_objects {
            let now = self.server.now();
            self.queue.event(&ClusterEvent::StorageChanged, now);
            self.queue.event(&ClusterEvent::NamespaceChanged, now);
        }
        self.listers = Seen { objects, budgets };
    }
}

/// An object that plugins look up, with its identity.
fn shown(object: &Object) -> Option<(Uid, Typed)> {
    let looked_up = matches!(
        object.typed,
        Typed::Service(_)
            | Typed::PersistentVolumeClaim(_)
            | Typed::PersistentVolume(_)
            | Typed::StorageClass(_)
            | Typed::Namespace(_)
            | Typed::ReplicaSet(_)
            | Typed::ReplicationController(_)
            | Typed::StatefulSet(_)
    );
    looked_up.then(|| (object.meta.uid, object.typed.clone()))
}

/// Whether the same objects are there, unchanged. Selectors of workloads never change, whatever else does.
fn same(old: &[(Uid, Typed)], new: &[(Uid, Typed)]) -> bool {
    let unchanged = |old: &Typed, new: &Typed| match (old, new) {
        (Typed::Service(old), Typed::Service(new)) => Rc::ptr_eq(old, new),
        (Typed::PersistentVolumeClaim(old), Typed::PersistentVolumeClaim(new)) => Rc::ptr_eq(old, new),
        (Typed::PersistentVolume(old), Typed::PersistentVolume(new)) => Rc::ptr_eq(old, new),
        (Typed::StorageClass(old), Typed::StorageClass(new)) => Rc::ptr_eq(old, new),
        (Typed::Namespace(old), Typed::Namespace(new)) => Rc::ptr_eq(old, new),
        _ => true,
    };
    old.len() == new.len()
        && old.iter().zip(new).all(|(old, new)| old.0 == new.0 && unchanged(&old.1, &new.1))
}
