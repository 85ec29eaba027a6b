//! The volume controller: claims that bind at once get an existing volume that fits. Nothing here provisions volumes.

use std::rc::Rc;

use api::server::{Object, Server, Store, Typed};
use api::types::{AccessMode, Kind, PersistentVolume, PersistentVolumeClaim, Uid, VolumeBindingMode};

/// Binds what can be bound at once, in order of creation. Whether anything was bound.
pub(crate) fn sync(server: &mut Server) -> bool {
    let unbound: Vec<Rc<PersistentVolumeClaim>> = server
        .store()
        .persistent_volume_claims()
        .filter(|claim| claim.volume_name.is_empty())
        .cloned()
        .collect();
    let mut bound = false;
    for claim in unbound {
        if waits_for_consumer(server.store(), &claim) && !is_reserved(server.store(), &claim) {
            continue;
        }
        if let Some(volume) = volume_for(server.store(), &claim) {
            bind(server, claim.meta.uid, volume);
            bound = true;
        }
    }
    bound
}

/// Binds a claim to the volume that the scheduler chose for its first pod (SCH-VOL-5). Both by name.
pub fn bind_claim(server: &mut Server, namespace: &str, claim: &str, volume: &str) {
    let claim = server.find_kind(&Kind::PersistentVolumeClaim, namespace, claim);
    let volume = server.find_kind(&Kind::PersistentVolume, "", volume);
    if let (Some(claim), Some(volume)) = (claim, volume) {
        bind(server, claim, volume);
    }
}

fn waits_for_consumer(store: &Store, claim: &PersistentVolumeClaim) -> bool {
    let name = claim.storage_class.as_deref().unwrap_or("");
    store.storage_classes().any(|class| {
        &*class.meta.name == name && class.binding_mode == VolumeBindingMode::WaitForFirstConsumer
    })
}

fn is_for(volume: &PersistentVolume, claim: &PersistentVolumeClaim) -> bool {
    let wanted = (&*claim.meta.namespace, &*claim.meta.name);
    volume.claim.as_ref().is_some_and(|(namespace, name)| (&**namespace, &**name) == wanted)
}

fn is_reserved(store: &Store, claim: &PersistentVolumeClaim) -> bool {
    store.persistent_volumes().any(|volume| is_for(volume, claim))
}

/// The volume reserved for the claim, otherwise the smallest free one that is large enough.
fn volume_for(store: &Store, claim: &PersistentVolumeClaim) -> Option<Uid> {
    if let Some(volume) = store.persistent_volumes().find(|volume| is_for(volume, claim)) {
        return Some(volume.meta.uid);
    }
    let class = claim.storage_class.as_deref().unwrap_or("");
    let modes = |volume: &PersistentVolume| {
        claim.access_modes.iter().all(|mode: &AccessMode| volume.access_modes.contains(mode))
    };
    store
        .persistent_volumes()
        .filter(|volume| volume.claim.is_none() && volume.storage_class == class)
        .filter(|volume| volume.capacity >= claim.request && modes(volume))
        .min_by_key(|volume| (volume.capacity, volume.meta.uid))
        .map(|volume| volume.meta.uid)
}

fn bind(server: &mut Server, claim: Uid, volume: Uid) {
    let name = |uid| server.meta(uid).map(|meta| (meta.namespace.to_string(), meta.name.to_string()));
    let (Some(claim_name), Some((_, volume_name))) = (name(claim), name(volume)) else { return };
    let objects = &mut server.store_mut().objects;
    if let Some(Object { typed: Typed::PersistentVolumeClaim(typed), .. }) = objects.get_mut(&claim) {
        Rc::make_mut(typed).volume_name = volume_name;
    }
    if let Some(Object { typed: Typed::PersistentVolume(typed), .. }) = objects.get_mut(&volume) {
        Rc::make_mut(typed).claim = Some(claim_name);
    }
}
