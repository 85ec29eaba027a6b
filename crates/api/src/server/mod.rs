//! The API server: a store of objects behind the path that every request takes (PIPE-2).
//!
//! Controllers, the scheduler loop and kubectl all work on one [`Server`], as they do in a cluster.

mod admission;
mod allocation;
mod built_in;
mod change;
mod error;
mod garbage;
mod index;
mod naming;
mod pipeline;
mod pod_changes;
mod pods;
mod qos;
mod request;
mod resources;
mod service;
mod store;
mod strategy;
#[cfg(test)]
mod tests;

pub(crate) use change::labels_tree;
pub use error::{ApiError, Cause, Reason, quote};
pub use naming::uid_text;
pub use pod_changes::PodChanges;
pub use pods::{PodDraft, PodName};
pub(crate) use resources::built_in;
pub(crate) use resources::gateway_api;
pub use resources::{GATEWAY_GROUP, Resource, is_named, split_api_version};
pub use store::{Object, Store, Typed};
pub(crate) use strategy::served_by as custom_resources;

use std::rc::Rc;

use manifest::Tree;

use self::allocation::Allocations;
use self::index::Index;
use self::pods::PodMemo;
use crate::types::{Kind, Meta, OwnerRef, Uid};
use crate::validation::Warning;

/// The API server.
///
/// Requests go through [`Server::create`], [`Server::update`] and [`Server::delete`]; controllers have the shorter ways
/// [`Server::create_pod`], [`Server::create_owned`], [`Server::set_replicas`] and [`Server::annotate`].
#[derive(Debug, Default)]
pub struct Server {
    store: Store,
    index: Index,
    pod_memo: PodMemo,
    pod_changes: PodChanges,
    quota_uses: admission::Uses,
    allocations: Allocations,
    warnings: Vec<Warning>,
    next_uid: u64,
    generated_names: u64,
    now: u64,
}

impl Server {
    /// A server with the objects that every cluster has.
    pub fn new() -> Self {
        let mut server = Self::default();
        built_in::install(&mut server);
        server
    }

    /// What is stored.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What is stored, to be changed. Objects are created and removed through the server's own methods only, and pods have
    /// [`Server::pod_mut`], which tells controllers which one has changed.
    pub fn store_mut(&mut self) -> &mut Store {
        self.pod_changes.all = true;
        self.quota_uses.forget();
        &mut self.store
    }

    /// Simulated time in milliseconds.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Lets time pass.
    pub fn advance(&mut self, milliseconds: u64) {
        self.now += milliseconds;
    }

    /// The warnings of the requests since the last call, in order (ERR-FMT-10).
    pub fn take_warnings(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }

    /// The resource of a kind, built in or of a stored CustomResourceDefinition.
    pub fn resource(&self, api_version: &str, kind: &str) -> Option<Resource> {
        let (group, version) = split_api_version(api_version);
        self.resources()
            .find(|resource| resource.kind == kind && resource.group == group && resource.version == version)
    }

    /// All resources that are served.
    pub fn resources(&self) -> impl Iterator<Item = Resource> {
        resources::built_in().chain(self.index.custom_resources().cloned())
    }

    /// Serves a custom resource without a CustomResourceDefinition, as if one without schema were installed.
    pub(crate) fn assume(&mut self, resource: Resource) {
        if !self.resources().any(|served| served == resource) {
            self.index.assume(resource);
        }
    }

    /// The object of that name; the namespace of cluster-scoped resources is ignored.
    pub fn find(&self, resource: &Resource, namespace: &str, name: &str) -> Option<Uid> {
        let namespace = if resource.namespaced { namespace } else { "" };
        let uid = self.index.get(&resource.group_resource(), namespace, name).filter(|&uid| self.exists(uid));
        uid.or_else(|| {
            let node = || self.store.nodes.iter().find(|(_, node)| &*node.meta.name == name);
            (resource.store_kind() == Kind::Node).then(node).flatten().map(|(&uid, _)| uid)
        })
    }

    /// The object of a simulated kind; the namespace of cluster-scoped kinds is ignored.
    pub fn find_kind(&self, kind: &Kind, namespace: &str, name: &str) -> Option<Uid> {
        let resource = resources::built_in().find(|resource| resource.store_kind() == *kind)?;
        self.find(&resource, namespace, name)
    }

    /// Whether something with that identity is stored.
    pub fn exists(&self, uid: Uid) -> bool {
        self.store.objects.contains_key(&uid)
            || self.store.pods.contains_key(&uid)
            || self.store.nodes.contains_key(&uid)
    }

    /// A stored object that is neither a Pod nor a Node.
    pub fn object(&self, uid: Uid) -> Option<&Object> {
        self.store.objects.get(&uid)
    }

    /// Metadata of whatever has that identity.
    pub fn meta(&self, uid: Uid) -> Option<&Meta> {
        let pod = || self.store.pods.get(&uid).map(|pod| &pod.meta);
        let node = || self.store.nodes.get(&uid).map(|node| &node.meta);
        self.store.objects.get(&uid).map(|object| &object.meta).or_else(pod).or_else(node)
    }

    /// The whole object as the server returns it; of a node that was added without a tree, `None`.
    pub fn tree(&self, uid: Uid) -> Option<Rc<Tree>> {
        let pod = || self.store.pods.get(&uid).map(pods::whole_tree);
        let node = || self.index.node_tree(uid);
        self.store.objects.get(&uid).map(|object| Rc::clone(&object.tree)).or_else(pod).or_else(node)
    }

    /// The manifest that was applied last to make the object what it is; `None` when it was not made by `kubectl apply`. A real
    /// kubectl keeps it as an annotation.
    pub(crate) fn last_applied(&self, uid: Uid) -> Option<Rc<Tree>> {
        self.index.last_applied(uid)
    }

    /// Remembers the manifest that was applied last.
    pub(crate) fn set_last_applied(&mut self, uid: Uid, manifest: Tree) {
        self.index.set_last_applied(uid, Rc::new(manifest));
    }

    /// The objects of a resource (for example `limitranges`) in a namespace, sorted by name. Not for Pods and Nodes.
    pub fn objects_in(&self, group_resource: &str, namespace: &str) -> impl Iterator<Item = &Object> {
        self.index.range(group_resource, namespace).filter_map(|uid| self.store.objects.get(&uid))
    }

    /// What an owned object says about its owner.
    pub fn owner_ref(&self, uid: Uid) -> Option<Rc<OwnerRef>> {
        let object = self.store.objects.get(&uid)?;
        Some(Rc::new(OwnerRef { kind: object.kind.clone(), name: Rc::clone(&object.meta.name), uid }))
    }

    /// The next identity.
    fn next_uid(&mut self) -> Uid {
        self.next_uid += 1;
        Uid(self.next_uid)
    }

    /// A name that is not taken, made of `base`.
    fn generate_name(&mut self, base: &str) -> Rc<str> {
        self.generated_names += 1;
        naming::generate(base, self.generated_names)
    }
}
