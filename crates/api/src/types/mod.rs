//! The kinds that are simulated, as typed objects. They hold what controllers, scheduler and routes look at, after
//! defaulting; everything else stays in the tree of the stored object.

mod meta;
mod network;
mod node;
mod pod;
mod policy;
mod storage;
mod workload;

pub use meta::{Kind, Meta, OwnerRef, Uid};
pub use network::{
    Backend, BackendPort, ClusterIp, Ingress, IngressClass, IngressPath, IngressRule, IngressTls, IpFamily,
    PathType, Service, ServicePort, ServiceType, TrafficPolicy,
};
pub use node::{ContainerImage, Node, NodeAddress, NodeAddressType, Taint, TaintEffect};
pub use pod::{
    Affinity, Container, ContainerPort, InclusionPolicy, NodeAffinity, NodeSelectorTerm, Pod, PodAffinity,
    PodAffinityTerm, PodPhase, PodSpec, PodStatus, PreemptionPolicy, PreferredNodeTerm, Probe, Protocol,
    ResourceList, Resources, RestartPolicy, ScheduledCondition, Toleration, TolerationOperator,
    TopologySpreadConstraint, UnsatisfiableAction, Volume, VolumeSource, WeightedPodAffinityTerm,
};
pub use policy::{Namespace, PodDisruptionBudget, PriorityClass};
pub use storage::{
    AccessMode, ClaimPhase, PersistentVolume, PersistentVolumeClaim, StorageClass, VolumeBindingMode,
};
pub use workload::{
    ClaimRetention, ConcurrencyPolicy, CronJob, DaemonSet, DaemonSetUpdate, Deployment, DeploymentStrategy,
    Job, PodManagement, PodTemplate, ReplicaSet, ReplicationController, StatefulSet, StatefulSetUpdate,
};
