//! Object metadata and kinds.

use std::fmt;
use std::rc::Rc;

use crate::labels::Labels;

/// Identifies a stored object for its whole life; never used twice. Also the order of creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(pub u64);

/// The kinds that are simulated; all others are [`Kind::Other`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the kinds")]
pub enum Kind {
    Namespace,
    Node,
    Pod,
    Deployment,
    ReplicaSet,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
    ReplicationController,
    Service,
    Ingress,
    IngressClass,
    PriorityClass,
    PodDisruptionBudget,
    PersistentVolume,
    PersistentVolumeClaim,
    StorageClass,
    /// Accepted and listed, not simulated.
    Other(Rc<str>),
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(kind) => f.write_str(kind),
            known => write!(f, "{known:?}"),
        }
    }
}

/// The controller that owns an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerRef {
    /// Its kind.
    pub kind: Kind,
    /// Its name, in the same namespace.
    pub name: Rc<str>,
    /// Its identity.
    pub uid: Uid,
}

/// Metadata of a stored object. Strings are shared: pods of one owner differ only in name and identity.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// Name.
    pub name: Rc<str>,
    /// Namespace; empty for cluster-scoped kinds.
    pub namespace: Rc<str>,
    /// Identity, and order of creation.
    pub uid: Uid,
    /// Labels.
    pub labels: Rc<Labels>,
    /// Annotations.
    pub annotations: Rc<Labels>,
    /// The owning controller.
    pub owner: Option<Rc<OwnerRef>>,
    /// Simulated time of creation, in milliseconds.
    pub created: u64,
    /// A deletion timestamp is set.
    pub deleting: bool,
}
