//! VolumeBinding: claims are bound, or can be bound on the node (SCH-VOL-2 to SCH-VOL-6).

use std::rc::Rc;

use api::types::{
    ClaimPhase, Node, PersistentVolume, PersistentVolumeClaim, Pod, VolumeBindingMode, VolumeSource,
};

use super::{Plugin, node_affinity};
use crate::attempt::Code;
use crate::listers::Listers;
use crate::verdict::Verdict;

/// Reasons of the filter (SCH-VOL-5, SCH-VOL-6), in the order in which it gives them.
pub(crate) const REASONS: &[&str] = &[
    "node(s) didn't match PersistentVolume's node affinity",
    "node(s) didn't find available persistent volumes to bind",
    "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)",
];
const NODE_CONFLICT: u64 = 1;
const BIND_CONFLICT: u64 = 1 << 1;
const NO_VOLUME: u64 = 1 << 2;

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
        if claim.phase == ClaimPhase::Lost {
            let volume = &claim.volume_name;
            return Err(format!(
                "persistentvolumeclaim \"{name}\" bound to non-existent persistentvolume \"{volume}\""
            ));
        }
        if claim.meta.deleting {
            return Err(format!("persistentvolumeclaim \"{name}\" is being deleted"));
        }
        let is_owner = claim.meta.owner.as_ref().is_some_and(|owner| owner.uid == pod.meta.uid);
        if ephemeral && !is_owner {
            let (namespace, pod) = (&pod.meta.namespace, &pod.meta.name);
            return Err(format!(
                "PVC {namespace}/{name} was not created for pod {namespace}/{pod} (pod is not owner)"
            ));
        }
        all.push(Rc::clone(claim));
    }
    for claim in all {
        if claim.phase == ClaimPhase::Bound {
            claims.bound.push(claim);
        } else if claim.volume_name.is_empty() && waits(&claim, listers) {
            claims.waiting.push(claim);
        } else {
            return Err("pod has unbound immediate PersistentVolumeClaims".to_owned());
        }
    }
    claims.waiting.sort_by_key(|claim| claim.request.value());
    Ok(claims)
}

/// Whether the claim's class delays binding; a claim without a class, or of an unknown one, does not wait (SCH-VOL-4). Nor does
/// one that asks for a volume by name.
fn waits(claim: &PersistentVolumeClaim, listers: &Listers) -> bool {
    listers
        .storage_class(claim.class())
        .is_some_and(|class| class.binding_mode == VolumeBindingMode::WaitForFirstConsumer)
}

/// Turns down a node that a bound volume does not reach, or on which no volume can be found (SCH-VOL-5, SCH-VOL-6). Of the bound
/// claims the first that stands in the way gives its reason.
pub(crate) fn filter(claims: &Claims, listers: &Listers, node: &Node) -> Option<Verdict> {
    let bound = claims.bound.iter().map(|claim| match listers.volume(&claim.volume_name) {
        None => NO_VOLUME,
        Some(volume) if !reaches(volume, node) => NODE_CONFLICT,
        Some(_) => 0,
    });
    let mut reasons = bound.into_iter().find(|reason| *reason != 0).unwrap_or(0);
    if bind(claims, listers, node).is_none() {
        reasons |= BIND_CONFLICT;
    }
    let code = Code::UnschedulableAndUnresolvable;
    (reasons != 0).then_some(Verdict { plugin: Plugin::VolumeBinding, code, reasons })
}

/// What the waiting claims get on the node; `None` when some claim gets nothing.
pub(crate) fn bind(claims: &Claims, listers: &Listers, node: &Node) -> Option<Vec<Binding>> {
    let mut bindings: Vec<Binding> = Vec::new();
    for claim in &claims.waiting {
        let free = |volume: &&Rc<PersistentVolume>| {
            let taken = bindings.iter().any(|(_, bound)| bound.as_ref() == Some(&volume.meta.name));
            !taken && volume.storage_class == claim.class() && volume.is_possible(claim)
        };
        let mut volumes = listers.volumes.iter().filter(free);
        // A volume that is reserved for this claim is the only one that will do, otherwise the smallest that is large enough.
        let best = match volumes.clone().find(|volume| volume.is_for(claim)) {
            Some(reserved) => Some(reserved).filter(|volume| reaches(volume, node)),
            None => volumes
                .by_ref()
                .filter(|volume| volume.suits(claim) && reaches(volume, node))
                .min_by_key(|volume| volume.capacity),
        };
        if best.is_none() && !is_provisioned(claim, listers, node) {
            return None;
        }
        bindings.push((Rc::clone(&claim.meta.name), best.map(|volume| Rc::clone(&volume.meta.name))));
    }
    Some(bindings)
}

/// Whether the claim's class has somebody who makes a volume for this node.
fn is_provisioned(claim: &PersistentVolumeClaim, listers: &Listers, node: &Node) -> bool {
    listers.storage_class(claim.class()).is_some_and(|class| {
        let topologies = &class.allowed_topologies;
        !class.provisioner.is_empty()
            && class.provisioner != NO_PROVISIONER
            && (topologies.is_empty() || node_affinity::any_term_matches(topologies, node))
    })
}

fn reaches(volume: &PersistentVolume, node: &Node) -> bool {
    volume.node_affinity.as_ref().is_none_or(|terms| node_affinity::any_term_matches(terms, node))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plugins::volume_zone;
    use crate::testing::{node, pod};
    use api::labels::{Labels, Operator, Requirement, Selector};
    use api::quantity::Quantity;
    use api::types::{Meta, NodeSelectorTerm, PodSpec, StorageClass, Uid, Volume};

    fn meta(name: &str) -> Meta {
        Meta { name: name.into(), namespace: "default".into(), ..Meta::default() }
    }

    fn claim(class: Option<&str>, volume: &str) -> PersistentVolumeClaim {
        PersistentVolumeClaim {
            meta: meta("data"),
            storage_class: class.map(ToOwned::to_owned),
            volume_name: volume.into(),
            phase: if volume.is_empty() { ClaimPhase::Pending } else { ClaimPhase::Bound },
            request: Quantity::whole(5),
            ..PersistentVolumeClaim::default()
        }
    }

    fn volume(name: &str, capacity: i64, host: Option<&str>) -> PersistentVolume {
        let requirement = |host: &str| Requirement {
            key: "kubernetes.io/hostname".into(),
            operator: Operator::In,
            values: vec![host.into()],
        };
        let term = |host: &str| {
            vec![NodeSelectorTerm { match_expressions: vec![requirement(host)], match_fields: vec![] }]
        };
        PersistentVolume {
            meta: meta(name),
            storage_class: "local".into(),
            capacity: Quantity::whole(capacity),
            node_affinity: host.map(term),
            ..PersistentVolume::default()
        }
    }

    fn listers(claim: Option<PersistentVolumeClaim>, volumes: Vec<PersistentVolume>) -> Listers {
        let class = |name: &str, provisioner: &str, binding_mode| {
            Rc::new(StorageClass {
                meta: meta(name),
                provisioner: provisioner.into(),
                binding_mode,
                ..StorageClass::default()
            })
        };
        let (now, later) = (VolumeBindingMode::Immediate, VolumeBindingMode::WaitForFirstConsumer);
        Listers {
            claims: Rc::new(claim.into_iter().map(Rc::new).collect()),
            volumes: Rc::new(volumes.into_iter().map(Rc::new).collect()),
            storage_classes: Rc::new(vec![
                Rc::new(StorageClass {
                    allowed_topologies: volume("", 0, Some("b")).node_affinity.unwrap_or_default(),
                    ..StorageClass::clone(&class("zonal", "csi.example.com", later))
                }),
                class("local", NO_PROVISIONER, later),
                class("cloud", "csi.example.com", later),
                class("now", "csi.example.com", now),
            ]),
            ..Listers::default()
        }
    }

    fn user(source: VolumeSource) -> Pod {
        pod(1, &[], PodSpec { volumes: vec![Volume { name: "data".into(), source }], ..PodSpec::default() })
    }

    #[test]
    fn claims_that_turn_the_pod_down() {
        let mut deleting = claim(Some("local"), "");
        deleting.meta.deleting = true;
        let data = || VolumeSource::Claim("data".into());
        let lost = PersistentVolumeClaim { phase: ClaimPhase::Lost, ..claim(None, "gone") };
        let asking = PersistentVolumeClaim { phase: ClaimPhase::Pending, ..claim(Some("local"), "here") };
        let table = [
            (data(), None, "persistentvolumeclaim \"data\" not found"),
            (
                VolumeSource::Ephemeral,
                None,
                "waiting for ephemeral volume controller to create the persistentvolumeclaim \"pod-1-data\"",
            ),
            (data(), Some(deleting), "persistentvolumeclaim \"data\" is being deleted"),
            (
                data(),
                Some(lost),
                "persistentvolumeclaim \"data\" bound to non-existent persistentvolume \"gone\"",
            ),
            (
                VolumeSource::Ephemeral,
                Some(PersistentVolumeClaim { meta: meta("pod-1-data"), ..claim(None, "") }),
                "PVC default/pod-1-data was not created for pod default/pod-1 (pod is not owner)",
            ),
            (data(), Some(asking), "pod has unbound immediate PersistentVolumeClaims"),
            (data(), Some(claim(None, "")), "pod has unbound immediate PersistentVolumeClaims"),
            (data(), Some(claim(Some("now"), "")), "pod has unbound immediate PersistentVolumeClaims"),
            (data(), Some(claim(Some("unknown"), "")), "pod has unbound immediate PersistentVolumeClaims"),
        ];
        for (source, claim, expected) in table {
            let result = pre_filter(&user(source), &listers(claim, vec![])).map(|_| ());
            assert_eq!(result, Err(expected.to_owned()));
        }
    }

    #[test]
    fn nodes_that_have_a_volume() {
        let here = || volume("here", 5, Some("a"));
        let there = || volume("there", 5, Some("b"));
        let local = || claim(Some("local"), "");
        let reserved = PersistentVolume { claim: Some(("default".into(), "data".into())), ..there() };
        let mine = PersistentVolumeClaim { meta: Meta { uid: Uid(7), ..meta("data") }, ..local() };
        let former = PersistentVolume { claim_uid: "of another claim".into(), ..reserved.clone() };
        let red = Labels::from([("tier".to_owned(), "red".to_owned())]);
        let choosy = || PersistentVolumeClaim { selector: Some(Selector::from_labels(&red)), ..local() };
        let mut labelled = here();
        labelled.meta.labels = Rc::new(red.clone());
        let block = || PersistentVolume { block: true, ..here() };
        let table = [
            ("bound here", claim(None, "here"), vec![here()], None),
            ("bound elsewhere", claim(None, "there"), vec![there()], Some(NODE_CONFLICT)),
            ("bound to nothing", claim(None, "gone"), vec![], Some(NO_VOLUME)),
            ("found", local(), vec![here()], None),
            ("too small", local(), vec![volume("small", 4, None)], Some(BIND_CONFLICT)),
            ("elsewhere", local(), vec![there()], Some(BIND_CONFLICT)),
            ("reserved elsewhere", mine.clone(), vec![here(), reserved], Some(BIND_CONFLICT)),
            ("of a claim that is gone", mine, vec![here(), former], None),
            ("without the label", choosy(), vec![here()], Some(BIND_CONFLICT)),
            ("with the label", choosy(), vec![labelled], None),
            ("a block device", local(), vec![block()], Some(BIND_CONFLICT)),
            ("provisioned", claim(Some("cloud"), ""), vec![], None),
            ("provisioned on other nodes", claim(Some("zonal"), ""), vec![], Some(BIND_CONFLICT)),
        ];
        for (what, claim, volumes, expected) in table {
            let listers = listers(Some(claim), volumes);
            let claims = pre_filter(&user(VolumeSource::Claim("data".into())), &listers).unwrap_or_default();
            let verdict = filter(&claims, &listers, &node("a"));
            assert_eq!(verdict.map(|verdict| verdict.reasons), expected, "{what}");
        }
    }

    #[test]
    fn the_smallest_volume_that_is_large_enough() {
        let volumes = vec![volume("large", 9, None), volume("small", 4, None), volume("right", 6, None)];
        let listers = listers(Some(claim(Some("local"), "")), volumes);
        let claims = pre_filter(&user(VolumeSource::Claim("data".into())), &listers).unwrap_or_default();
        assert_eq!(bind(&claims, &listers, &node("a")), Some(vec![("data".into(), Some("right".into()))]));
    }

    #[test]
    fn volumes_stay_in_their_zone() {
        let zone = |value: &str| Labels::from([("topology.kubernetes.io/zone".to_owned(), value.to_owned())]);
        for (volume_zone, node_zone, fits) in
            [("a", Some("a"), true), ("a__b", Some("b"), true), ("a", Some("b"), false), ("a", None, true)]
        {
            let mut volume = volume("here", 5, None);
            volume.meta.labels = Rc::new(zone(volume_zone));
            let listers = listers(Some(claim(None, "here")), vec![volume]);
            let pod = user(VolumeSource::Claim("data".into()));
            let volumes = volume_zone::pre_filter(&pod, &listers).unwrap_or_default();
            let mut node = node("a");
            node.meta.labels = Rc::new(node_zone.map(zone).unwrap_or_default());
            let verdict = volume_zone::filter(&volumes, &node);
            assert_eq!(verdict.is_none(), fits, "{volume_zone} {node_zone:?}");
        }
    }

    #[test]
    fn a_volume_that_is_gone_turns_the_pod_down() {
        let listers = listers(Some(claim(None, "gone")), vec![]);
        let pod = user(VolumeSource::Claim("data".into()));
        let result = volume_zone::pre_filter(&pod, &listers).map(|volumes| volumes.len());
        assert_eq!(result, Err("persistentvolume \"gone\" not found".to_owned()));
    }
}
