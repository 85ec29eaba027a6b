//! A stand-in for the kubelets: bound pods run and are ready, at once.
//!
//! DIFFERENCE: pods with a `nodeName` of the user are run without the kubelet's own admission (SCH-DIRECT-2), as in the
//! recordings.

use std::rc::Rc;

use api::types::{Kind, NodeAddressType, Pod, PodPhase, Uid};
use manifest::sorted::{SortedMap, SortedSet};

use super::Simulation;

/// What the stand-in does differently for some pods.
#[derive(Clone, Debug, Default)]
pub struct Kubelet {
    /// Pods with this annotation run and never get ready.
    pub never_ready: Option<String>,
    /// Pods with this annotation succeed at once.
    pub complete: Option<String>,
    /// Pods that cannot bind a port of their node crash again and again (EXP-HN-8).
    pub bind_conflicts: bool,
}

/// State of the stand-in.
#[derive(Debug, Default)]
pub(super) struct KubeletState {
    options: Kubelet,
    /// Pods that were bound and do not run yet.
    starting: Vec<Uid>,
    /// Pods that could not bind a port when last tried.
    crashing: SortedSet<Uid>,
    /// The range of pod addresses of each node that there ever was, and the last part of its newest pod's address.
    addresses: SortedMap<Rc<str>, (u32, u32)>,
    /// Nodes that do not answer.
    lost: SortedSet<Rc<str>>,
}

impl KubeletState {
    pub(super) fn new(options: Kubelet) -> Self {
        Self { options, ..Self::default() }
    }

    /// A node stops to answer.
    pub(super) fn lose(&mut self, node: &Rc<str>) {
        self.lost.insert(Rc::clone(node));
    }

    /// Whether a node does not answer.
    pub(super) fn is_lost(&self, node: &str) -> bool {
        self.lost.contains(node)
    }

    /// A node answers again; whether it was lost.
    pub(super) fn find(&mut self, node: &str) -> bool {
        self.lost.remove(node)
    }

    /// A pod has a node.
    pub(super) fn bound(&mut self, pod: Uid) {
        self.starting.push(pod);
    }
}

impl Simulation {
    /// Starts what was bound; whether anything started.
    pub(super) fn run_kubelet(&mut self) -> bool {
        let (mut changed, mut on_host) = (false, false);
        for uid in std::mem::take(&mut self.kubelet.starting) {
            let started = self.start(uid);
            changed |= started;
            on_host |= started && self.server.store().pods.get(&uid).is_some_and(|pod| pod.spec.host_network);
        }
        if self.kubelet.options.bind_conflicts && (on_host || !self.kubelet.crashing.is_empty()) {
            changed |= self.try_ports();
        }
        changed
    }

    fn start(&mut self, uid: Uid) -> bool {
        let Some(pod) = self.server.store().pods.get(&uid) else { return false };
        let Some(name) = &pod.node else { return false };
        let found = self.server.find_kind(&Kind::Node, "", name);
        let Some(node) = found.and_then(|uid| self.server.store().nodes.get(&uid)) else {
            // The node may still join (SCH-DIRECT-1).
            self.kubelet.starting.push(uid);
            return false;
        };
        if self.kubelet.lost.contains(name) {
            self.kubelet.starting.push(uid);
            return false;
        }
        let old = pod.clone();
        let ips: Vec<Rc<str>> = if pod.spec.host_network {
            node.addresses_of(NodeAddressType::InternalIP).cloned().collect()
        } else {
            let name = Rc::clone(name);
            vec![self.next_address(&name).into()]
        };
        let now = self.server.now();
        let (complete, never) = (&self.kubelet.options.complete, &self.kubelet.options.never_ready);
        let Some(pod) = self.server.pod_mut(uid) else { return false };
        let succeeded = has(pod, complete.as_deref());
        pod.status.phase = if succeeded { PodPhase::Succeeded } else { PodPhase::Running };
        pod.status.ready = !succeeded && !has(pod, never.as_deref());
        pod.status.pod_ips = ips;
        pod.status.started = now;
        let pod = pod.clone();
        if succeeded {
            self.pod_changed(&old, &pod);
        } else {
            // A mere status helps no other pod.
            self.pod_started(pod);
        }
        true
    }

    /// An address for a pod on that node. Nodes get their ranges in order of creation.
    fn next_address(&mut self, node: &Rc<str>) -> String {
        let ranges = &mut self.kubelet.addresses;
        if !ranges.contains_key(node) {
            for node in self.server.store().nodes.values() {
                let next = ranges.len() as u32;
                ranges.entry(Rc::clone(&node.meta.name)).or_insert((next, 1));
            }
        }
        let (range, last) = ranges.entry(Rc::clone(node)).or_insert((0, 1));
        pod_ip(*range, last)
    }

    /// Lets every process under hostNetwork bind its ports: those that find one taken crash, and are started again until it is
    /// free (EXP-HN-8). Whether one recovered.
    fn try_ports(&mut self) -> bool {
        let conflicts = reach::bind_conflicts(self.server.store());
        let crashing: SortedSet<Uid> = conflicts.iter().map(|conflict| conflict.pod).collect();
        let before = std::mem::replace(&mut self.kubelet.crashing, crashing);
        for uid in &self.kubelet.crashing {
            if let Some(pod) = self.server.pod_mut(*uid) {
                pod.status.ready = false;
                pod.status.waiting_reason = Some(CRASHING);
                pod.status.restarts = pod.status.restarts.max(1);
            }
        }
        let mut recovered = false;
        for uid in before.iter().filter(|uid| !self.kubelet.crashing.contains(*uid)) {
            if let Some(pod) = self.server.pod_mut(*uid) {
                pod.status.ready = !has(pod, self.kubelet.options.never_ready.as_deref());
                pod.status.waiting_reason = None;
                recovered = true;
            }
        }
        recovered
    }
}

/// What `kubectl get pods` shows of a container that fails again and again (WL-PRINT-3).
const CRASHING: &str = "CrashLoopBackOff";

/// Whether a pod has an annotation; `None` is one that no pod has.
fn has(pod: &Pod, annotation: Option<&str>) -> bool {
    annotation.is_some_and(|key| pod.meta.annotations.contains_key(key))
}

/// The address of a pod: the node's index in the third place, counted up in the fourth.
fn pod_ip(node: u32, last: &mut u32) -> String {
    *last += 1;
    let (high, low) = (node / 256, node % 256);
    let second = if high == 0 { 244 } else { 16 + high };
    format!("10.{second}.{low}.{}", *last % 256)
}
