//! Names to identities, and what the typed store has no room for.

use std::collections::BTreeMap;
use std::rc::Rc;

use manifest::Tree;
use manifest::sorted::SortedMap;

use super::resources::Resource;
use crate::types::Uid;

/// Lookups by name. An entry may outlive its object: who asks checks that the object exists.
#[derive(Debug, Default)]
pub(super) struct Index {
    names: BTreeMap<String, Uid>,
    node_trees: SortedMap<Uid, Rc<Tree>>,
    last_applied: SortedMap<Uid, Rc<Tree>>,
    custom_resources: SortedMap<Uid, Vec<Resource>>,
    /// Custom resources that nobody has defined.
    assumed: Vec<Resource>,
}

fn key(group_resource: &str, namespace: &str, name: &str) -> String {
    [group_resource, namespace, name].join("/")
}

impl Index {
    pub(super) fn get(&self, group_resource: &str, namespace: &str, name: &str) -> Option<Uid> {
        self.names.get(&key(group_resource, namespace, name)).copied()
    }

    pub(super) fn insert(&mut self, group_resource: &str, namespace: &str, name: &str, uid: Uid) {
        self.names.insert(key(group_resource, namespace, name), uid);
    }

    pub(super) fn remove(&mut self, group_resource: &str, namespace: &str, name: &str, uid: Uid) {
        let key = key(group_resource, namespace, name);
        if self.names.get(&key) == Some(&uid) {
            self.names.remove(&key);
        }
        self.node_trees.remove(&uid);
        self.last_applied.remove(&uid);
        self.custom_resources.remove(&uid);
    }

    /// The identities of one resource in one namespace, sorted by name.
    pub(super) fn range(&self, group_resource: &str, namespace: &str) -> impl Iterator<Item = Uid> {
        let prefix = key(group_resource, namespace, "");
        let from = self.names.range(prefix.clone()..);
        from.take_while(move |(key, _)| key.starts_with(&prefix)).map(|(_, &uid)| uid)
    }

    pub(super) fn node_tree(&self, uid: Uid) -> Option<Rc<Tree>> {
        self.node_trees.get(&uid).map(Rc::clone)
    }

    pub(super) fn set_node_tree(&mut self, uid: Uid, tree: Rc<Tree>) {
        self.node_trees.insert(uid, tree);
    }

    pub(super) fn last_applied(&self, uid: Uid) -> Option<Rc<Tree>> {
        self.last_applied.get(&uid).map(Rc::clone)
    }

    pub(super) fn set_last_applied(&mut self, uid: Uid, manifest: Rc<Tree>) {
        self.last_applied.insert(uid, manifest);
    }

    pub(super) fn set_custom_resources(&mut self, definition: Uid, resources: Vec<Resource>) {
        self.custom_resources.insert(definition, resources);
    }

    pub(super) fn assume(&mut self, resource: Resource) {
        self.assumed.push(resource);
    }

    /// Defined ones, then assumed ones.
    pub(super) fn custom_resources(&self) -> impl Iterator<Item = &Resource> {
        self.custom_resources.values().flatten().chain(&self.assumed)
    }

    /// The CustomResourceDefinition that serves a resource.
    pub(super) fn definition_of(&self, resource: &Resource) -> Option<Uid> {
        self.custom_resources.iter().find(|(_, served)| served.contains(resource)).map(|(&uid, _)| uid)
    }
}
