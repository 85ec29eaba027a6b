//! The volume controller: claims that bind at once get an existing volume that fits. Nothing here provisions volumes.

use std::rc::Rc;

use api::server::{Object, Server, Store, Typed};
use api::types::{ClaimPhase, Kind, PersistentVolume, PersistentVolumeClaim, Uid, VolumeBindingMode};

/// Binds what can be bound at once, in order of creation, and notes which claims have lost their volume (SCH-VOL-3). Whether
/// anything changed.
pub(crate) fn sync(server: &mut Server) -> bool {
    let claims: Vec<Rc<PersistentVolumeClaim>> = server.store().persistent_volume_claims().cloned().collect();
    let mut changed = false;
    for claim in claims {
        changed |= match claim.phase {
            ClaimPhase::Pending => volume_for(server, &claim)
                .is_some_and(|volume| set_volume(server, &claim, volume, ClaimPhase::Bound)),
            ClaimPhase::Bound | ClaimPhase::Lost => keep(server, &claim),
        };
    }
    changed
}

/// Binds a claim to the volume that the scheduler chose for its first pod (SCH-VOL-5). Both by name.
pub fn bind_claim(server: &mut Server, namespace: &str, claim: &str, volume: &str) {
    let claim = server.find_kind(&Kind::PersistentVolumeClaim, namespace, claim);
    let volume = server.find_kind(&Kind::PersistentVolume, "", volume);
    let claim = claim.and_then(|claim| match &server.object(claim)?.typed {
        Typed::PersistentVolumeClaim(claim) => Some(Rc::clone(claim)),
        _ => None,
    });
    if let (Some(claim), Some(volume)) = (claim, volume) {
        set_volume(server, &claim, volume, ClaimPhase::Bound);
    }
}

/// A claim that has a volume keeps it, unless that is gone or another's.
fn keep(server: &mut Server, claim: &PersistentVolumeClaim) -> bool {
    match volume_named(server, &claim.volume_name) {
        Some(volume) if volume.claim_uid == Some(claim.meta.uid) && claim.phase == ClaimPhase::Bound => false,
        Some(volume) if volume.claim.is_none() || volume.is_for(claim) => {
            set_volume(server, claim, volume.meta.uid, ClaimPhase::Bound)
        }
        _ => claim.phase != ClaimPhase::Lost && set_volume(server, claim, Uid::default(), ClaimPhase::Lost),
    }
}

fn volume_named(server: &Server, name: &str) -> Option<Rc<PersistentVolume>> {
    match &server.object(server.find_kind(&Kind::PersistentVolume, "", name)?)?.typed {
        Typed::PersistentVolume(volume) => Some(Rc::clone(volume)),
        _ => None,
    }
}

fn waits_for_consumer(store: &Store, claim: &PersistentVolumeClaim) -> bool {
    store.storage_classes().any(|class| {
        &*class.meta.name == claim.class() && class.binding_mode == VolumeBindingMode::WaitForFirstConsumer
    })
}

/// The volume that the claim asks for by name, if it may have it. Otherwise the one with the fewest access modes that do; among
/// those the one that is reserved for the claim, then the smallest. A claim that waits for a pod gets a reserved one only.
fn volume_for(server: &Server, claim: &PersistentVolumeClaim) -> Option<Uid> {
    if !claim.volume_name.is_empty() {
        let volume = volume_named(server, &claim.volume_name)?;
        // Labels do not count when the volume is named.
        let wanted = PersistentVolumeClaim { selector: None, ..claim.clone() };
        let fits = volume.is_for(claim) || (volume.is_possible(claim) && volume.suits(&wanted));
        return fits.then_some(volume.meta.uid);
    }
    let waits = waits_for_consumer(server.store(), claim);
    let volumes = server.store().persistent_volumes().filter(|volume| {
        volume.is_possible(claim)
            && volume.allows(claim)
            && (volume.is_for(claim) || (!waits && volume.suits(claim)))
    });
    volumes
        .min_by_key(|volume| {
            (volume.access_modes.len(), !volume.is_for(claim), volume.capacity, volume.meta.uid)
        })
        .map(|volume| volume.meta.uid)
}

/// Writes phase and volume of a claim, and the claim of the volume.
fn set_volume(server: &mut Server, claim: &PersistentVolumeClaim, volume: Uid, phase: ClaimPhase) -> bool {
    let name = server.meta(volume).map(|meta| meta.name.to_string());
    let objects = &mut server.store_mut().objects;
    if let Some(Object { typed: Typed::PersistentVolume(typed), .. }) = objects.get_mut(&volume) {
        let typed = Rc::make_mut(typed);
        typed.claim = Some((claim.meta.namespace.to_string(), claim.meta.name.to_string()));
        typed.claim_uid = Some(claim.meta.uid);
    }
    if let Some(Object { typed: Typed::PersistentVolumeClaim(typed), .. }) = objects.get_mut(&claim.meta.uid)
    {
        let typed = Rc::make_mut(typed);
        typed.phase = phase;
        typed.volume_name = name.unwrap_or_else(|| claim.volume_name.clone());
    }
    true
}
