//! A class of pods: everything that the scheduler reads from a pod, compiled once for all pods that share it.
//!
//! Pods of one owner share spec and labels by reference, so the class is found by identity of the two. Whatever is the
//! same for all pods of a class is computed for the class: requests, ports, affinity terms, which counters count its pods.

use std::rc::Rc;

use api::labels::Labels;
use api::types::{Pod, PodSpec, Uid, VolumeSource};

use crate::plugins::inter_pod_affinity::terms::PodTerms;
use crate::plugins::node_affinity::{self, Restriction};
use crate::plugins::node_ports::{self, HostPort};
use crate::resources::{PodRequests, ResourceNames};

/// Number of a class in the cache; reused when a class has no pods left.
pub(crate) type ClassId = u32;

/// What pods of the same spec, labels, namespace and owner have in common.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) spec: Rc<PodSpec>,
    pub(crate) labels: Rc<Labels>,
    pub(crate) namespace: Rc<str>,
    /// The controlling owner, whose selector spreads by default.
    pub(crate) owner: Option<Uid>,
    pub(crate) requests: PodRequests,
    /// Resources requested above 0, by index: what NodeResourcesFit checks.
    pub(crate) wanted: Vec<(usize, i64)>,
    pub(crate) ports: Vec<HostPort>,
    /// Terms of pod affinity and anti-affinity, with namespaces resolved.
    pub(crate) terms: PodTerms,
    /// Names to which node affinity restricts the search.
    pub(crate) restriction: Restriction,
    /// Why no node can be scored.
    pub(crate) score_error: Option<String>,
    /// Some volume may decide where the pod goes.
    pub(crate) has_volumes: bool,
}

impl Class {
    pub(crate) fn of(pod: &Pod, names: &mut ResourceNames) -> Self {
        let spec = Rc::clone(&pod.spec);
        let requests = PodRequests::of(&spec, names);
        Self {
            wanted: requests.actual.positive().collect(),
            requests,
            ports: node_ports::wanted(&spec),
            terms: PodTerms::of(&spec, &pod.meta.namespace),
            restriction: node_affinity::pre_filter(&spec),
            score_error: node_affinity::pre_score(&spec),
            has_volumes: spec
                .volumes
                .iter()
                .any(|volume| !matches!(volume.source, VolumeSource::Other | VolumeSource::Image(_))),
            labels: Rc::clone(&pod.meta.labels),
            namespace: Rc::clone(&pod.meta.namespace),
            owner: pod.meta.owner.as_ref().map(|owner| owner.uid),
            spec,
        }
    }

    /// Whether the pod belongs to this class.
    pub(crate) fn is_of(&self, pod: &Pod) -> bool {
        Rc::ptr_eq(&self.spec, &pod.spec)
            && Rc::ptr_eq(&self.labels, &pod.meta.labels)
            && self.namespace == pod.meta.namespace
            && self.owner == pod.meta.owner.as_ref().map(|owner| owner.uid)
    }

    /// Identity by which classes are looked up; unique as long as the class holds on to spec and labels.
    pub(crate) fn key(pod: &Pod) -> (usize, usize) {
        (Rc::as_ptr(&pod.spec) as usize, Rc::as_ptr(&pod.meta.labels) as usize)
    }
}
