//! The volume controller: claims that bind at once get an existing volume that fits. Nothing here provisions volumes.

use std::rc::Rc;

use api::server::{Server, Store, Typed, uid_text};
use api::types::{
    ClaimPhase, Kind, PersistentVolume, PersistentVolumeClaim, StorageClass, Uid, VolumeBindingMode,
};
use manifest::Tree;

use crate::context::{map, set};

/// Written on a claim that has its volume for good.
const BIND_COMPLETED: &str = "pv.kubernetes.io/bind-completed";
/// Written on a claim or volume that did not choose the other itself.
const BOUND_BY_CONTROLLER: &str = "pv.kubernetes.io/bound-by-controller";
/// Written on a claim that waited for its first pod, when the pod's node is known but no volume is.
const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";
/// Written on a claim for which somebody outside is asked to make a volume: the provisioner's name.
const PROVISIONER: [&str; 2] =
    ["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"];
/// Provisioners that were part of Kubernetes, and the drivers that do their work now.
const MIGRATED: [(&str, &str); 7] = [
    ("aws-ebs", "ebs.csi.aws.com"),
    ("azure-disk", "disk.csi.azure.com"),
    ("azure-file", "file.csi.azure.com"),
    ("cinder", "cinder.csi.openstack.org"),
    ("gce-pd", "pd.csi.storage.gke.io"),
    ("portworx-volume", "pxd.portworx.com"),
    ("vsphere-volume", "csi.vsphere.vmware.com"),
];

/// Binds what can be bound at once, in order of creation, and notes which claims have lost their volume (SCH-VOL-3) and which
/// volumes their claim. Whether anything changed.
pub(crate) fn sync(server: &mut Server) -> bool {
    let claims: Vec<Rc<PersistentVolumeClaim>> = server.store().persistent_volume_claims().cloned().collect();
    let mut changed = false;
    for claim in claims {
        changed |= match claim.phase {
            ClaimPhase::Pending => match volume_for(server, &claim) {
                Some(volume) => {
                    bind(server, &claim, &volume);
                    true
                }
                None if claim.storage_class.is_none() && claim.volume_name.is_empty() => {
                    server.assign_default_class(claim.meta.uid)
                }
                None => ask_provisioner(server, &claim),
            },
            ClaimPhase::Bound | ClaimPhase::Lost => keep(server, &claim),
        };
    }
    let volumes: Vec<Rc<PersistentVolume>> = server.store().persistent_volumes().cloned().collect();
    for volume in volumes {
        changed |= set_phase(server, volume.meta.uid, phase_of(server, &volume));
    }
    changed
}

/// Binds a claim to the volume that the scheduler chose for its first pod (SCH-VOL-5). Both by name.
pub fn bind_claim(server: &mut Server, namespace: &str, claim: &str, volume: &str) {
    let claim = claim_named(server, namespace, claim);
    if let (Some(claim), Some(volume)) = (claim, volume_named(server, volume)) {
        bind(server, &claim, &volume);
        set_phase(server, volume.meta.uid, "Bound");
    }
}

/// Notes the node for which a volume is to be made for a claim that waited for its first pod.
pub fn select_node(server: &mut Server, namespace: &str, claim: &str, node: &str) {
    if let Some(uid) = server.find_kind(&Kind::PersistentVolumeClaim, namespace, claim) {
        server.annotate(uid, SELECTED_NODE, node);
    }
}

/// Notes on a claim that finds no volume and need not wait who is asked to make one; whether that was news.
fn ask_provisioner(server: &mut Server, claim: &PersistentVolumeClaim) -> bool {
    if !claim.volume_name.is_empty() || waits_for_consumer(server.store(), claim) {
        return false;
    }
    let class = class_of(server.store(), claim);
    let asked = class.and_then(|class| match class.provisioner.strip_prefix("kubernetes.io/") {
        Some(name) => {
            MIGRATED.iter().find(|(known, _)| *known == name).map(|(_, driver)| (*driver).to_owned())
        }
        None => Some(class.provisioner.clone()),
    });
    let Some(asked) = asked.filter(|asked| claim.meta.annotations.get(PROVISIONER[1]) != Some(asked)) else {
        return false;
    };
    for key in PROVISIONER {
        server.annotate(claim.meta.uid, key, &asked);
    }
    true
}

/// A claim that has a volume keeps it, unless that is gone or another's.
fn keep(server: &mut Server, claim: &PersistentVolumeClaim) -> bool {
    match volume_named(server, &claim.volume_name) {
        Some(volume) if volume.is_for(claim) && claim.phase == ClaimPhase::Bound => false,
        Some(volume) if volume.claim.is_none() || volume.is_for(claim) => {
            bind(server, claim, &volume);
            true
        }
        _ => set_phase(server, claim.meta.uid, "Lost"),
    }
}

fn claim_named(server: &Server, namespace: &str, name: &str) -> Option<Rc<PersistentVolumeClaim>> {
    let uid = server.find_kind(&Kind::PersistentVolumeClaim, namespace, name)?;
    match &server.object(uid)?.typed {
        Typed::PersistentVolumeClaim(claim) => Some(Rc::clone(claim)),
        _ => None,
    }
}

fn volume_named(server: &Server, name: &str) -> Option<Rc<PersistentVolume>> {
    match &server.object(server.find_kind(&Kind::PersistentVolume, "", name)?)?.typed {
        Typed::PersistentVolume(volume) => Some(Rc::clone(volume)),
        _ => None,
    }
}

fn class_of<'a>(store: &'a Store, claim: &PersistentVolumeClaim) -> Option<&'a Rc<StorageClass>> {
    store.storage_classes().find(|class| &*class.meta.name == claim.class())
}

/// Whether a claim's class lets it wait for a pod, and none has been placed yet.
fn waits_for_consumer(store: &Store, claim: &PersistentVolumeClaim) -> bool {
    !claim.meta.annotations.contains_key(SELECTED_NODE)
        && class_of(store, claim)
            .is_some_and(|class| class.binding_mode == VolumeBindingMode::WaitForFirstConsumer)
}

/// The volume that the claim asks for by name, if it may have it. Otherwise the one with the fewest access modes that do; among
/// those the one that is reserved for the claim, then the smallest. A claim that waits for a pod gets a reserved one only.
fn volume_for(server: &Server, claim: &PersistentVolumeClaim) -> Option<Rc<PersistentVolume>> {
    if !claim.volume_name.is_empty() {
        let volume = volume_named(server, &claim.volume_name)?;
        // Labels do not count when the volume is named.
        let wanted = PersistentVolumeClaim { selector: None, ..claim.clone() };
        let fits = volume.is_for(claim) || (volume.is_possible(claim) && volume.suits(&wanted));
        return fits.then_some(volume);
    }
    let waits = waits_for_consumer(server.store(), claim);
    let volumes = server.store().persistent_volumes().filter(|volume| {
        volume.is_possible(claim)
            && volume.allows(claim)
            && (volume.is_for(claim) || (!waits && volume.suits(claim)))
    });
    let rank = |volume: &&Rc<PersistentVolume>| {
        (volume.access_modes.len(), !volume.is_for(claim), volume.capacity, volume.meta.uid)
    };
    volumes.min_by_key(rank).cloned()
}

/// Writes claim and volume into each other, as the controller does.
fn bind(server: &mut Server, claim: &PersistentVolumeClaim, volume: &PersistentVolume) {
    let (claim_uid, volume_uid) = (claim.meta.uid, volume.meta.uid);
    if !volume.is_for(claim) {
        server.annotate(volume_uid, BOUND_BY_CONTROLLER, "yes");
    }
    if *claim.volume_name != *volume.meta.name {
        server.annotate(claim_uid, BOUND_BY_CONTROLLER, "yes");
    }
    server.annotate(claim_uid, BIND_COMPLETED, "yes");
    let text = |text: &str| Tree::added(text);
    let reference = map(vec![
        ("kind", text("PersistentVolumeClaim")),
        ("namespace", text(&claim.meta.namespace)),
        ("name", text(&claim.meta.name)),
        ("uid", text(&uid_text(claim_uid))),
        ("apiVersion", text("v1")),
    ]);
    server.change(volume_uid, |tree| set(tree, "spec", "claimRef", reference));
    let stored = server.object(volume_uid).map(|object| Rc::clone(&object.tree)).unwrap_or_default();
    let of_volume = |key: &str| stored.at(&["spec", key]).cloned().unwrap_or_default();
    server.change(claim_uid, |tree| {
        set(tree, "spec", "volumeName", text(&volume.meta.name));
        set(tree, "status", "phase", text("Bound"));
        set(tree, "status", "accessModes", of_volume("accessModes"));
        set(tree, "status", "capacity", of_volume("capacity"));
    });
}

/// Whether a volume is free, somebody's, or was somebody's who is gone.
fn phase_of(server: &Server, volume: &PersistentVolume) -> &'static str {
    let Some((namespace, name)) = &volume.claim else { return "Available" };
    match claim_named(server, namespace, name) {
        _ if volume.claim_uid.is_empty() => "Available",
        Some(claim) if volume.is_for(&claim) => "Bound",
        _ => "Released",
    }
}

fn set_phase(server: &mut Server, uid: Uid, phase: &str) -> bool {
    let same = server.object(uid).is_none_or(|object| object.tree.str_at(&["status", "phase"]) == phase);
    if !same {
        server.change(uid, |tree| set(tree, "status", "phase", Tree::added(phase)));
    }
    !same
}
