//! The API server: a store of objects behind the path that every request takes (PIPE-2).
//!
//! Controllers, the scheduler loop and kubectl all work on one [`Server`], as they do in a cluster.

mod error;
mod store;

pub use error::{ApiError, Cause, Reason};
pub use store::{Object, Store, Typed};

use std::rc::Rc;

use manifest::Tree;

use crate::types::{Meta, OwnerRef, Uid};

/// How a new pod gets its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PodName {
    /// `generateName`: this base, cut to 58 characters, and five characters (WL-NAME-1), deterministic here.
    Generate(Rc<str>),
    /// This name.
    Exact(Rc<str>),
}

/// A pod that a controller wants.
#[derive(Clone, Debug)]
pub struct PodDraft {
    /// Namespace of the owner.
    pub namespace: Rc<str>,
    /// The owner.
    pub owner: Rc<OwnerRef>,
    /// Name.
    pub name: PodName,
    /// `metadata` (labels, annotations, finalizers) and `spec` as the controller sends them. Passing the same `Rc` again is what
    /// makes thousands of replicas cheap: defaulting, admission and validation are remembered by its identity.
    pub tree: Rc<Tree>,
}

/// The API server.
#[derive(Debug, Default)]
pub struct Server {
    store: Store,
    next_uid: u64,
    now: u64,
}

impl Server {
    /// What is stored.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What is stored, to be changed: status updates by scheduler, kubelet and controllers go this way.
    pub fn store_mut(&mut self) -> &mut Store {
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

    /// The next identity.
    fn next_uid(&mut self) -> Uid {
        self.next_uid += 1;
        Uid(self.next_uid)
    }

    /// Metadata for a new object.
    fn new_meta(&mut self, name: Rc<str>, namespace: Rc<str>) -> Meta {
        Meta { name, namespace, uid: self.next_uid(), created: self.now, ..Meta::default() }
    }
}
