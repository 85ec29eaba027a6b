//! Volumes of pods (DEF-POD-4), claims, persistent volumes and storage classes (DEF-OTH-5).

use manifest::{Map, Tree};

use super::set::{each, inside, missing, object, quantity, resource_list, unset};

/// Mode 0644.
const FILE_MODE: i64 = 0o644;

/// A volume of a pod.
pub(super) fn volume(volume: &mut Tree) {
    let has_source = volume
        .as_map()
        .is_some_and(|map| map.iter().any(|entry| entry.key != "name" && !entry.value.is_null()));
    if !has_source {
        missing(volume, "emptyDir", Map::default());
    }
    inside(volume, &["emptyDir"], |source| quantity(source, "sizeLimit"));
    for key in ["secret", "configMap", "downwardAPI", "projected"] {
        inside(volume, &[key], |source| missing(source, "defaultMode", FILE_MODE));
    }
    inside(volume, &["downwardAPI"], downward_items);
    inside(volume, &["projected"], |projected| {
        each(projected, "sources", |source| {
            inside(source, &["serviceAccountToken"], |token| missing(token, "expirationSeconds", 3600));
            inside(source, &["downwardAPI"], downward_items);
        });
    });
    inside(volume, &["ephemeral", "volumeClaimTemplate", "spec"], claim_spec);
    let policy =
        if super::pod::is_latest(volume.str_at(&["image", "reference"])) { "Always" } else { "IfNotPresent" };
    inside(volume, &["image"], |image| unset(image, "pullPolicy", policy));
    disk(volume);
}

/// Sources that pods and persistent volumes share.
fn disk(source: &mut Tree) {
    inside(source, &["hostPath"], |path| missing(path, "type", ""));
    inside(source, &["iscsi"], |iscsi| unset(iscsi, "iscsiInterface", "default"));
    inside(source, &["rbd"], |rbd| {
        unset(rbd, "pool", "rbd");
        unset(rbd, "user", "admin");
        unset(rbd, "keyring", "/etc/ceph/keyring");
    });
}

fn downward_items(source: &mut Tree) {
    each(source, "items", |item| {
        inside(item, &["fieldRef"], field_ref);
        inside(item, &["resourceFieldRef"], resource_field_ref);
    });
}

/// A reference to a field of the pod.
pub(super) fn field_ref(reference: &mut Tree) {
    unset(reference, "apiVersion", "v1");
}

/// A reference to a resource of a container: its divisor is always written.
pub(super) fn resource_field_ref(reference: &mut Tree) {
    missing(reference, "divisor", "0");
    quantity(reference, "divisor");
}

/// A claim, also one inside a template.
pub(super) fn persistent_volume_claim(claim: &mut Tree) {
    if let Some(spec) = object(claim, "spec") {
        claim_spec(spec);
    }
    if let Some(status) = object(claim, "status") {
        unset(status, "phase", "Pending");
    }
}

fn claim_spec(spec: &mut Tree) {
    missing(spec, "volumeMode", "Filesystem");
    if let Some(resources) = object(spec, "resources") {
        resource_list(resources, "limits");
        resource_list(resources, "requests");
    }
}

/// A persistent volume.
pub(super) fn persistent_volume(volume: &mut Tree) {
    if let Some(spec) = object(volume, "spec") {
        resource_list(spec, "capacity");
        unset(spec, "persistentVolumeReclaimPolicy", "Retain");
        missing(spec, "volumeMode", "Filesystem");
        disk(spec);
    }
    if let Some(status) = object(volume, "status") {
        unset(status, "phase", "Pending");
    }
}

/// A storage class.
pub(super) fn storage_class(class: &mut Tree) {
    missing(class, "reclaimPolicy", "Delete");
    missing(class, "volumeBindingMode", "Immediate");
}
