//! DefaultStorageClass and DefaultIngressClass: who names no class gets the one that is annotated as the default
//! (WL-ADM-SC-1, WL-ADM-IC-1).

use std::cmp::Reverse;

use manifest::Tree;

use crate::server::Server;
use crate::server::request::{map_mut, strings_at};
use crate::types::Meta;

/// The newest default class, then the first by name.
fn newest<'a>(defaults: impl Iterator<Item = &'a Meta>) -> Option<&'a Meta> {
    defaults.min_by_key(|meta| (Reverse(meta.created), meta.name.clone()))
}

/// The class that claims without one get.
pub(in crate::server) fn default_storage_class(server: &Server) -> Option<&Meta> {
    let classes = server.store().storage_classes().filter(|class| class.is_default);
    newest(classes.map(|class| &class.meta))
}

pub(super) fn storage_class(server: &Server, claim: &mut Tree) {
    let beta = "volume.beta.kubernetes.io/storage-class";
    let named = claim.at(&["spec", "storageClassName"]).is_some();
    if named || strings_at(claim, &["metadata", "annotations"]).contains_key(beta) {
        return;
    }
    if let Some(class) = default_storage_class(server) {
        map_mut(claim, "spec").insert("storageClassName", Tree::added(&*class.name));
    }
}

pub(super) fn ingress_class(server: &Server, ingress: &mut Tree) {
    let old = "kubernetes.io/ingress.class";
    let named = ingress.at(&["spec", "ingressClassName"]).is_some();
    if named || strings_at(ingress, &["metadata", "annotations"]).contains_key(old) {
        return;
    }
    let classes = server.store().ingress_classes().filter(|class| class.is_default);
    if let Some(class) = newest(classes.map(|class| &class.meta)) {
        map_mut(ingress, "spec").insert("ingressClassName", Tree::added(&*class.name));
    }
}
