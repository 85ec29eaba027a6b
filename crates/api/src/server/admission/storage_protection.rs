//! StorageObjectInUseProtection: the finalizers that keep volumes while they are used.

use manifest::Tree;

use crate::server::request::metadata_mut;

pub(super) fn claim(tree: &mut Tree) {
    add_finalizer(tree, "kubernetes.io/pvc-protection");
}

pub(super) fn volume(tree: &mut Tree) {
    add_finalizer(tree, "kubernetes.io/pv-protection");
}

fn add_finalizer(tree: &mut Tree, finalizer: &str) {
    let list = metadata_mut(tree).or_insert_with("finalizers", || Tree::added(Vec::new()));
    if let Some(list) = list.as_list_mut()
        && !list.iter().any(|present| present.as_str() == Some(finalizer))
    {
        list.push(Tree::added(finalizer));
    }
}
