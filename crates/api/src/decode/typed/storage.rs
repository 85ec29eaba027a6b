//! PersistentVolume, PersistentVolumeClaim and StorageClass.

use manifest::Tree;

use super::pod::node_selector_terms;
use super::read::{self, list, requirements, text};
use crate::types::{
    AccessMode, ClaimPhase, Meta, NodeSelectorTerm, PersistentVolume, PersistentVolumeClaim, StorageClass,
    VolumeBindingMode,
};

/// The annotation that named the class before there was a field, on volumes and claims.
const CLASS_ANNOTATION: &str = "volume.beta.kubernetes.io/storage-class";

/// The annotation by which the volume controller knows that it has bound a claim.
const BOUND_ANNOTATION: &str = "pv.kubernetes.io/bind-completed";

pub(super) fn persistent_volume_claim(meta: Meta, tree: &Tree) -> PersistentVolumeClaim {
    let class = tree.at(&["spec", "storageClassName"]).and_then(Tree::as_str).map(str::to_owned);
    let volume_name = tree.str_at(&["spec", "volumeName"]).to_owned();
    let bound = !volume_name.is_empty() && meta.annotations.contains_key(BOUND_ANNOTATION);
    PersistentVolumeClaim {
        storage_class: meta.annotations.get(CLASS_ANNOTATION).cloned().or(class),
        volume_name,
        phase: match tree.str_at(&["status", "phase"]) {
            "Lost" => ClaimPhase::Lost,
            _ if bound => ClaimPhase::Bound,
            _ => ClaimPhase::Pending,
        },
        selector: tree.get("spec").and_then(|spec| read::selector(spec, "selector")),
        block: is_block(tree),
        access_modes: access_modes(tree),
        request: read::quantity(tree.at(&["spec", "resources", "requests", "storage"])),
        meta,
    }
}

pub(super) fn persistent_volume(meta: Meta, tree: &Tree) -> PersistentVolume {
    let class = tree.str_at(&["spec", "storageClassName"]);
    let annotated = meta.annotations.get(CLASS_ANNOTATION).cloned();
    PersistentVolume {
        storage_class: annotated.unwrap_or_else(|| class.to_owned()),
        access_modes: access_modes(tree),
        capacity: read::quantity(tree.at(&["spec", "capacity", "storage"])),
        node_affinity: tree.at(&["spec", "nodeAffinity", "required"]).map(node_selector_terms),
        claim: tree.at(&["spec", "claimRef"]).map(|claim| (text(claim, "namespace"), text(claim, "name"))),
        claim_uid: tree.str_at(&["spec", "claimRef", "uid"]).to_owned(),
        block: is_block(tree),
        meta,
    }
}

fn is_block(tree: &Tree) -> bool {
    tree.str_at(&["spec", "volumeMode"]) == "Block"
}

fn access_modes(tree: &Tree) -> Vec<AccessMode> {
    let modes = tree.list_at(&["spec", "accessModes"]).iter();
    modes
        .filter_map(|mode| match mode.as_str()? {
            "ReadWriteOnce" => Some(AccessMode::ReadWriteOnce),
            "ReadOnlyMany" => Some(AccessMode::ReadOnlyMany),
            "ReadWriteMany" => Some(AccessMode::ReadWriteMany),
            "ReadWriteOncePod" => Some(AccessMode::ReadWriteOncePod),
            _ => None,
        })
        .collect()
}

pub(super) fn storage_class(meta: Meta, tree: &Tree) -> StorageClass {
    let default = |key: &str| meta.annotations.get(key).is_some_and(|value| value == "true");
    let is_default = default("storageclass.kubernetes.io/is-default-class")
        || default("storageclass.beta.kubernetes.io/is-default-class");
    StorageClass {
        provisioner: text(tree, "provisioner"),
        binding_mode: match tree.str_at(&["volumeBindingMode"]) {
            "WaitForFirstConsumer" => VolumeBindingMode::WaitForFirstConsumer,
            _ => VolumeBindingMode::Immediate,
        },
        is_default,
        allowed_topologies: list(tree, "allowedTopologies", |term| NodeSelectorTerm {
            match_expressions: requirements(term, "matchLabelExpressions"),
            match_fields: Vec::new(),
        }),
        meta,
    }
}
