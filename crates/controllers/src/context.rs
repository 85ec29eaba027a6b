//! What every controller works with during one sync: the API server, the pod index and the event log.

use std::rc::Rc;

use api::server::{ApiError, PodChanges, PodDraft, PodName, Server, Store};
use api::types::{Kind, Meta, OwnerRef, Pod, PodTemplate, Uid};
use manifest::{Map, Tree};

use crate::event::Events;
use crate::index::PodIndex;

/// One pass of the controllers over the API server.
pub(crate) struct Context<'a> {
    /// The API server.
    pub(crate) server: &'a mut Server,
    /// Pods by owner.
    pub(crate) index: &'a mut PodIndex,
    /// What has happened to pods since the last pass.
    pub(crate) changes: PodChanges,
    /// Event log.
    pub(crate) events: &'a mut Events,
    /// Something was written.
    pub(crate) changed: bool,
    /// The most pods that may exist.
    pub(crate) max_pods: usize,
    /// That limit was met.
    pub(crate) capped: bool,
    /// The next moment at which time alone changes something.
    pub(crate) wake: Option<u64>,
}

/// The owner of pods, as its controller presents it.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a> {
    /// Kind.
    pub(crate) kind: &'a Kind,
    /// Metadata.
    pub(crate) meta: &'a Meta,
    /// Name of the controller in events.
    pub(crate) controller: &'static str,
}

impl Owner<'_> {
    /// The reference that its pods carry.
    pub(crate) fn reference(&self) -> Rc<OwnerRef> {
        let Meta { name, uid, .. } = self.meta;
        Rc::new(OwnerRef { kind: self.kind.clone(), name: Rc::clone(name), uid: *uid })
    }

    /// Base of the pods' names (WL-NAME-2).
    pub(crate) fn base(&self) -> Rc<str> {
        format!("{}-", self.meta.name).into()
    }
}

impl Context<'_> {
    /// What is stored.
    pub(crate) fn store(&self) -> &Store {
        self.server.store()
    }

    /// The stored pod.
    pub(crate) fn pod(&self, uid: Uid) -> Option<&Pod> {
        self.server.store().pods.get(&uid)
    }

    /// The pods of an owner, in order of creation.
    pub(crate) fn pods_of(&mut self, owner: Uid) -> Vec<Uid> {
        self.index.refresh(self.server.store());
        self.index.pods_of(self.server.store(), owner)
    }

    /// Creates a pod and writes no event.
    pub(crate) fn create_pod(&mut self, draft: &PodDraft) -> Result<Uid, ApiError> {
        let created = self.server.create_pod(draft)?;
        self.changed = true;
        Ok(created)
    }

    /// Whether another pod may exist. Beyond the limit nothing is created; [`crate::Controllers::capped`] tells.
    pub(crate) fn has_room(&mut self) -> bool {
        let room = self.server.store().pods.len() < self.max_pods;
        self.capped |= !room;
        room
    }

    /// Creates a pod with the events of the common pod control (WL-META-3).
    pub(crate) fn create_with_event(&mut self, owner: Owner<'_>, draft: &PodDraft) -> Result<Uid, ApiError> {
        let about = (owner.kind, owner.meta);
        match self.create_pod(draft) {
            Ok(uid) => {
                let store = self.server.store();
                let name = || store.pods.get(&uid).map_or("", |pod| &*pod.meta.name);
                let message = || format!("Created pod: {}", name());
                self.events.normal(about, owner.controller, "SuccessfulCreate", message);
                Ok(uid)
            }
            Err(error) => Err(error),
        }
    }

    /// Deletes a pod with the event of the common pod control (WL-META-3).
    pub(crate) fn delete_with_event(&mut self, owner: Owner<'_>, pod: Uid) {
        let Some(name) = self.pod(pod).map(|pod| Rc::clone(&pod.meta.name)) else { return };
        self.delete(pod);
        let about = (owner.kind, owner.meta);
        self.events.normal(about, owner.controller, "SuccessfulDelete", || format!("Deleted pod: {name}"));
    }

    /// Deletes an object. Pods go at once: nothing here needs a grace period.
    pub(crate) fn delete(&mut self, uid: Uid) {
        self.server.delete(uid);
        self.changed = true;
    }

    /// Creates an object that `owner` controls.
    pub(crate) fn create_owned(&mut self, owner: Owner<'_>, tree: Tree) -> Result<(), ApiError> {
        self.server.create_owned(&owner.reference(), tree)?;
        self.changed = true;
        Ok(())
    }

    /// Sets `spec.replicas`.
    pub(crate) fn scale(&mut self, uid: Uid, replicas: i32) {
        self.server.set_replicas(uid, replicas);
        self.changed = true;
    }

    /// Sets an annotation; nothing happens when it has that value.
    pub(crate) fn annotate(&mut self, uid: Uid, key: &str, value: &str) {
        let annotations = self.server.meta(uid).map(|meta| &meta.annotations);
        if annotations.is_some_and(|annotations| annotations.get(key).is_none_or(|old| old != value)) {
            self.server.annotate(uid, key, value);
            self.changed = true;
        }
    }

    /// Whether a ready pod counts as available after `seconds` of readiness; asks to be woken when it will.
    pub(crate) fn available(&mut self, pod: Uid, seconds: i32) -> bool {
        let now = self.server.now();
        let Some(pod) = self.pod(pod) else { return false };
        if !pod.status.ready || pod.meta.deleting {
            return false;
        }
        let since = pod.status.started + u64::from(seconds.unsigned_abs()) * 1_000;
        if since > now {
            self.wake_at(since);
        }
        since <= now
    }

    /// Asks to be called again at a time.
    pub(crate) fn wake_at(&mut self, time: u64) {
        self.wake = Some(self.wake.map_or(time, |wake| wake.min(time)));
    }
}

/// A pod that carries `template`, without the template's name (WL-META-1).
pub(crate) fn pod_tree(template: &PodTemplate) -> Tree {
    let mut metadata = Map::default();
    for key in ["labels", "annotations", "finalizers"] {
        if let Some(entry) =
            template.tree.at(&["metadata"]).and_then(Tree::as_map).and_then(|map| map.entry(key))
        {
            metadata.insert_entry(entry.clone());
        }
    }
    let mut pod = Map::default();
    pod.insert("metadata", Tree::added(metadata));
    if let Some(entry) = template.tree.as_map().and_then(|map| map.entry("spec")) {
        pod.insert_entry(entry.clone());
    }
    Tree::added(pod)
}

/// A mapping that no text holds.
pub(crate) fn map(fields: Vec<(&str, Tree)>) -> Tree {
    Tree::added(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map>())
}

/// Sets `metadata.<map>.<key>`.
pub(crate) fn set_metadata(pod: &mut Tree, map: &str, key: &str, value: &str) {
    let Some(metadata) = pod.at_mut(&["metadata"]).and_then(Tree::as_map_mut) else { return };
    if let Some(labels) = metadata.or_insert_with(map, Tree::map).as_map_mut() {
        labels.insert(key, Tree::added(value));
    }
}

/// Sets a field of `spec` or `status`.
pub(crate) fn set(tree: &mut Tree, part: &str, field: &str, value: Tree) {
    let part = tree.as_map_mut().and_then(|tree| tree.or_insert_with(part, Tree::map).as_map_mut());
    if let Some(part) = part {
        part.insert(field, value);
    }
}

/// Drafts that stay the same object while the template does: identical replicas share one tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct DraftCache {
    template: Option<Rc<Tree>>,
    tree: Rc<Tree>,
}

impl DraftCache {
    /// The draft for a template, made by `make` only when the template has changed.
    pub(crate) fn get(&mut self, template: &PodTemplate, make: impl FnOnce() -> Tree) -> Rc<Tree> {
        let same = |old: &Rc<Tree>| Rc::ptr_eq(old, &template.tree) || **old == *template.tree;
        if !self.template.as_ref().is_some_and(same) {
            self.tree = Rc::new(make());
        }
        self.template = Some(Rc::clone(&template.tree));
        Rc::clone(&self.tree)
    }
}

/// A draft with a generated name.
pub(crate) fn generated(
    owner: Owner<'_>,
    reference: &Rc<OwnerRef>,
    base: &Rc<str>,
    tree: Rc<Tree>,
) -> PodDraft {
    PodDraft {
        namespace: Rc::clone(&owner.meta.namespace),
        owner: Rc::clone(reference),
        name: PodName::Generate(Rc::clone(base)),
        tree,
    }
}
