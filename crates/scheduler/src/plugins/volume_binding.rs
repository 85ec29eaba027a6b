//! VolumeBinding: claims are bound, or can be bound on the node (SCH-VOL-2 to SCH-VOL-6).

use std::rc::Rc;

use api::types::{Node, PersistentVolume, PersistentVolumeClaim, Pod, VolumeBindingMode, VolumeSource};

use super::{Plugin, node_affinity};
use crate::attempt::Code;
use crate::listers::Listers;
use crate::verdict::Verdict;

/// Reasons of the filter (SCH-VOL-5, SCH-VOL-6).
pub(crate) const REASONS: &[&str] = &[
    "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)",
    "node(s) didn't match PersistentVolume's node affinity",
    "node(s) didn't find available persistent volumes to bind",
];

/// A provisioner of this name provisions nothing.
const NO_PROVISIONER: &str = "kubernetes.io/no-provisioner";

/// A claim by name, and the volume that it gets; `None` where one is to be provisioned.
pub(crate) type Binding = (Rc<str>, Option<Rc<str>>);

/// The claims of a pod.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// Bound to a volume.
    pub(crate) bound: Vec<Rc<PersistentVolumeClaim>>,
    /// Wait for the choice of a node; the smallest request first.
    waiting: Vec<Rc<PersistentVolumeClaim>>,
}

/// Looks the claims up. An error turns the pod down as a whole (SCH-VOL-2 to SCH-VOL-4).
pub(crate) fn pre_filter(pod: &Pod, listers: &Listers) -> Result<Claims, String> {
    let mut claims = Claims::default();
    let mut all = Vec::new();
    for volume in &pod.spec.volumes {
        let (name, ephemeral) = match &volume.source {
            VolumeSource::Claim(name) => (name.clone(), false),
            VolumeSource::Ephemeral => (format!("{}-{}", pod.meta.name, volume.name), true),
            _ => continue,
        };
        let claim = listers.claim(&pod.meta.namespace, &name).ok_or_else(|| {
            if ephemeral {
                format!(
                    "waiting for ephemeral volume controller to create the persistentvolumeclaim \"{name}\""
                )
            } else {
                format!("persistentvolumeclaim \"{name}\" not found")
            }
        })?;
        if claim.meta.deleting {
            return Err(format!("persistentvolumeclaim \"{name}\" is being deleted"));
        }
        all.push(Rc::clone(claim));
    }
    for claim in all {
        if !claim.volume_name.is_empty() {
            claims.bound.push(claim);
        } else if waits(&claim, listers) {
            claims.waiting.push(claim);
        } else {
            return Err("pod has unbound immediate PersistentVolumeClaims".to_owned());
        }
    }
    claims.waiting.sort_by_key(|claim| claim.request.value());
    Ok(claims)
}

/// Whether the claim's class delays binding; a claim without a class, or of an unknown one, does not wait (SCH-VOL-4).
fn waits(claim: &PersistentVolumeClaim, listers: &Listers) -> bool {
    let class = claim.storage_class.as_deref().and_then(|name| listers.storage_class(name));
    class.is_some_and(|class| class.binding_mode == VolumeBindingMode::WaitForFirstConsumer)
}

/// Turns down a node that a bound volume does not reach, or on which no volume can be found (SCH-VOL-5, SCH-VOL-6).
pub(crate) fn filter(claims: &Claims, listers: &Listers, node: &Node) -> Option<Verdict> {
    let mut verdict =
        Verdict { plugin: Plugin::VolumeBinding, code: Code::UnschedulableAndUnresolvable, reasons: 0 };
    for claim in &claims.bound {
        match listers.volume(&claim.volume_name) {
            None => return Some(Verdict { reasons: 1, ..verdict }),
            Some(volume) if !reaches(volume, node) => verdict.reasons |= 1 << 1,
            Some(_) => {}
        }
    }
    if bind(claims, listers, node).is_none() {
        verdict.reasons |= 1 << 2;
    }
    (verdict.reasons != 0).then_some(verdict)
}

/// What the waiting claims get on the node; `None` when some claim gets nothing.
pub(crate) fn bind(claims: &Claims, listers: &Listers, node: &Node) -> Option<Vec<Binding>> {
    let mut bindings: Vec<Binding> = Vec::new();
    for claim in &claims.waiting {
        let free = listers.volumes.iter().filter(|volume| {
            let taken = bindings.iter().any(|(_, bound)| bound.as_ref() == Some(&volume.meta.name));
            !taken && suits(volume, claim) && reaches(volume, node)
        });
        // A volume that is reserved for this claim comes first, then the smallest that is large enough.
        let best = free.min_by_key(|volume| (volume.claim.is_none(), volume.capacity.value()));
        if best.is_none() && !is_provisioned(claim, listers) {
            return None;
        }
        bindings.push((Rc::clone(&claim.meta.name), best.map(|volume| Rc::clone(&volume.meta.name))));
    }
    Some(bindings)
}

fn is_provisioned(claim: &PersistentVolumeClaim, listers: &Listers) -> bool {
    let class = claim.storage_class.as_deref().and_then(|name| listers.storage_class(name));
    class.is_some_and(|class| !class.provisioner.is_empty() && class.provisioner != NO_PROVISIONER)
}

fn suits(volume: &PersistentVolume, claim: &PersistentVolumeClaim) -> bool {
    let free = volume
        .claim
        .as_ref()
        .is_none_or(|(namespace, name)| **namespace == *claim.meta.namespace && **name == *claim.meta.name);
    free && !volume.meta.deleting
        && volume.capacity.value() >= claim.request.value()
        && Some(volume.storage_class.as_str()) == claim.storage_class.as_deref()
        && claim.access_modes.iter().all(|mode| volume.access_modes.contains(mode))
}

fn reaches(volume: &PersistentVolume, node: &Node) -> bool {
    volume.node_affinity.as_ref().is_none_or(|terms| node_affinity::any_term_matches(terms, node))
}
