//! Claims during a replay. A stage ends with claims bound that were not when the first pods that use them were tried.

use std::rc::Rc;

use api::types::{ClaimPhase, PersistentVolume, PersistentVolumeClaim, Pod, VolumeBindingMode, VolumeSource};
use manifest::sorted::SortedSet;
use scheduler::Listers;

/// Written where the controller chose, and not the user.
const BY_CONTROLLER: &str = "pv.kubernetes.io/bound-by-controller";

/// The claims that a stage binds: namespace and name.
#[derive(Clone, Debug, Default)]
pub(super) struct Binding {
    /// By the volume controller, at once.
    at_once: SortedSet<Name>,
    /// By the scheduler, for their first pod.
    for_pod: SortedSet<Name>,
}

type Name = (Rc<str>, Rc<str>);

fn name(claim: &PersistentVolumeClaim) -> Name {
    (Rc::clone(&claim.meta.namespace), Rc::clone(&claim.meta.name))
}

impl Binding {
    pub(super) fn between(before: Option<&Listers>, after: &Listers) -> Self {
        let bound = |listers: &Listers| {
            let claims = listers.claims.iter().filter(|claim| claim.phase == ClaimPhase::Bound);
            claims.cloned().collect::<Vec<_>>()
        };
        let old: SortedSet<Name> =
            before.map(bound).unwrap_or_default().iter().map(|claim| name(claim)).collect();
        let mut binding = Self::default();
        for claim in bound(after).iter().filter(|claim| !old.contains(&name(claim))) {
            let waits = after.storage_classes.iter().any(|class| {
                *class.meta.name == *claim.class()
                    && class.binding_mode == VolumeBindingMode::WaitForFirstConsumer
            });
            let names = if waits { &mut binding.for_pod } else { &mut binding.at_once };
            names.insert(name(claim));
        }
        binding
    }

    /// Whether some claim was bound while pods were already tried, nobody knows when.
    pub(super) fn at_once(&self) -> bool {
        !self.at_once.is_empty()
    }

    /// What the plugins saw when these pods were placed; `early`: before the volume controller did its part.
    pub(super) fn undone(&self, listers: &Listers, placed: &[Pod], early: bool) -> Listers {
        let in_use = |claim: &PersistentVolumeClaim| {
            placed.iter().any(|pod| {
                pod.meta.namespace == claim.meta.namespace
                    && pod.spec.volumes.iter().any(
                        |volume| matches!(&volume.source, VolumeSource::Claim(name) if **name == *claim.meta.name),
                    )
            })
        };
        let is_undone = |claim: &PersistentVolumeClaim| {
            let name = name(claim);
            (early && self.at_once.contains(&name)) || (self.for_pod.contains(&name) && !in_use(claim))
        };
        let undone: Vec<&Rc<PersistentVolumeClaim>> =
            listers.claims.iter().filter(|claim| is_undone(claim)).collect();
        if undone.is_empty() {
            return listers.clone();
        }
        let claims = listers
            .claims
            .iter()
            .map(|claim| if is_undone(claim) { unbound(claim) } else { Rc::clone(claim) });
        let volumes = listers.volumes.iter().map(|volume| {
            let used = undone.iter().any(|claim| *claim.volume_name == *volume.meta.name);
            if used { free(volume) } else { Rc::clone(volume) }
        });
        Listers { claims: Rc::new(claims.collect()), volumes: Rc::new(volumes.collect()), ..listers.clone() }
    }
}

fn unbound(claim: &PersistentVolumeClaim) -> Rc<PersistentVolumeClaim> {
    let mut claim = PersistentVolumeClaim { phase: ClaimPhase::Pending, ..claim.clone() };
    if claim.meta.annotations.contains_key(BY_CONTROLLER) {
        claim.volume_name.clear();
    }
    Rc::new(claim)
}

fn free(volume: &PersistentVolume) -> Rc<PersistentVolume> {
    let mut volume = PersistentVolume { claim_uid: String::new(), ..volume.clone() };
    if volume.meta.annotations.contains_key(BY_CONTROLLER) {
        volume.claim = None;
    }
    Rc::new(volume)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::types::{Meta, PodSpec, StorageClass, Volume};

    fn meta(name: &str) -> Meta {
        let labels = [(BY_CONTROLLER.to_owned(), "yes".to_owned())];
        Meta { name: name.into(), annotations: Rc::new(labels.into()), ..Meta::default() }
    }

    fn claim(class: &str) -> Rc<PersistentVolumeClaim> {
        Rc::new(PersistentVolumeClaim {
            meta: meta(class),
            storage_class: Some(class.into()),
            volume_name: format!("of-{class}"),
            phase: ClaimPhase::Bound,
            ..PersistentVolumeClaim::default()
        })
    }

    fn listers(bound: &[&str]) -> Listers {
        let volume = |class: &&str| {
            let claim = Some((String::new(), (*class).to_owned()));
            Rc::new(PersistentVolume {
                meta: meta(&format!("of-{class}")),
                claim,
                ..PersistentVolume::default()
            })
        };
        let later = StorageClass {
            meta: meta("later"),
            binding_mode: VolumeBindingMode::WaitForFirstConsumer,
            ..StorageClass::default()
        };
        Listers {
            claims: Rc::new(bound.iter().map(|class| claim(class)).collect()),
            volumes: Rc::new(bound.iter().map(volume).collect()),
            storage_classes: Rc::new(vec![Rc::new(later)]),
            ..Listers::default()
        }
    }

    /// Claims bound before the stage, pods placed, early, claims bound now.
    type Row<'a> = (&'a [&'a str], &'a [Pod], bool, &'a [&'a str]);

    #[test]
    fn claims_are_bound_one_by_one() {
        let after = listers(&["now", "later"]);
        let user = |class: &str| {
            let volumes = vec![Volume { name: "data".into(), source: VolumeSource::Claim(class.into()) }];
            Pod { spec: Rc::new(PodSpec { volumes, ..PodSpec::default() }), ..Pod::default() }
        };
        let table: [Row<'_>; 5] = [
            (&[], &[], false, &["now"]),
            (&[], &[], true, &[]),
            (&[], &[user("later")], false, &["now", "later"]),
            (&["now"], &[], true, &["now"]),
            (&["now", "later"], &[], true, &["now", "later"]),
        ];
        for (before, placed, early, expected) in table {
            let binding = Binding::between(Some(&listers(before)), &after);
            let listers = binding.undone(&after, placed, early);
            let is_bound = |claim: &&Rc<PersistentVolumeClaim>| claim.phase == ClaimPhase::Bound;
            let bound: Vec<&str> =
                listers.claims.iter().filter(is_bound).map(|claim| &*claim.meta.name).collect();
            assert_eq!(bound, expected, "{before:?}, {} placed, {early}", placed.len());
            let taken = listers.volumes.iter().filter(|volume| volume.claim.is_some()).count();
            assert_eq!(taken, expected.len());
        }
    }
}
