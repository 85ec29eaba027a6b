//! VolumeRestrictions: disks and claims that only one pod may use (SCH-VOL-1, SCH-VOL-9).

use std::rc::Rc;

use api::types::{AccessMode, Pod, PodSpec, VolumeSource};

use super::Plugin;
use crate::attempt::Code;
use crate::cache::Cache;
use crate::cache::tree::Slot;
use crate::listers::Listers;
use crate::verdict::Verdict;

/// Reasons of the filter.
pub(crate) const REASONS: &[&str] = &[
    "node(s) had no available disk",
    "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod",
];

/// The ReadWriteOncePod claims of the pod; an error when one of its claims does not exist (SCH-VOL-2).
pub(crate) fn pre_filter(pod: &Pod, listers: &Listers) -> Result<Vec<String>, String> {
    let mut exclusive = Vec::new();
    for name in claims(&pod.spec) {
        let claim = listers.claim(&pod.meta.namespace, name);
        let claim = claim.ok_or_else(|| format!("persistentvolumeclaim \"{name}\" not found"))?;
        if claim.access_modes.contains(&AccessMode::ReadWriteOncePod) {
            exclusive.push(name.to_owned());
        }
    }
    Ok(exclusive)
}

/// Whether any placed pod uses one of these claims.
pub(crate) fn in_use(cache: &Cache, namespace: &Rc<str>, exclusive: &[String]) -> bool {
    let entries = || cache.order.iter().flat_map(|&slot| &cache.nodes[slot as usize].pods);
    !exclusive.is_empty()
        && entries().any(|entry| {
            let class = &cache.state(entry.class).class;
            class.namespace == *namespace
                && claims(&class.spec).any(|name| exclusive.iter().any(|claim| claim == name))
        })
}

/// Turns down a node where another pod has the disk (SCH-VOL-1), and every node while a ReadWriteOncePod claim is in use.
pub(crate) fn filter(cache: &Cache, spec: &PodSpec, slot: Slot, exclusive_in_use: bool) -> Option<Verdict> {
    let verdict = |index| Verdict::with_reason(Plugin::VolumeRestrictions, Code::Unschedulable, index);
    let taken = |own: &VolumeSource| {
        let entries = &cache.nodes[slot as usize].pods;
        entries.iter().any(|entry| {
            let volumes = &cache.state(entry.class).class.spec.volumes;
            volumes.iter().any(|volume| disks_conflict(own, &volume.source))
        })
    };
    if spec
        .volumes
        .iter()
        .any(|volume| matches!(volume.source, VolumeSource::Disk { .. }) && taken(&volume.source))
    {
        return Some(verdict(0));
    }
    exclusive_in_use.then(|| verdict(1))
}

/// Whether the volumes are the same disk and not both read-only. An rbd volume has monitors, and is another's when it shares one.
pub(crate) fn disks_conflict(left: &VolumeSource, right: &VolumeSource) -> bool {
    let VolumeSource::Disk { identity, monitors, read_only } = left else { return false };
    match right {
        VolumeSource::Disk { identity: other, monitors: others, read_only: other_read_only } => {
            identity == other
                && (monitors == others || monitors.iter().any(|monitor| others.contains(monitor)))
                && !(*read_only && *other_read_only)
        }
        _ => false,
    }
}

/// The claims that the pod names.
pub(crate) fn claims(spec: &PodSpec) -> impl Iterator<Item = &str> {
    spec.volumes.iter().filter_map(|volume| match &volume.source {
        VolumeSource::Claim(name) => Some(name.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_only_disks_are_shared() {
        let rbd = |identity: &str, monitors: &[&str], read_only| VolumeSource::Disk {
            identity: identity.into(),
            monitors: monitors.iter().map(ToString::to_string).collect(),
            read_only,
        };
        let disk = |identity: &str, read_only| rbd(identity, &[], read_only);
        let table = [
            (disk("a", false), disk("a", false), true),
            (disk("a", true), disk("a", false), true),
            (disk("a", true), disk("a", true), false),
            (disk("a", false), disk("b", false), false),
            (disk("a", false), VolumeSource::Other, false),
            (rbd("a", &["m", "n"], false), rbd("a", &["n", "o"], false), true),
            (rbd("a", &["m", "n"], false), rbd("a", &["o"], false), false),
        ];
        for (left, right, expected) in table {
            assert_eq!(disks_conflict(&left, &right), expected, "{left:?} {right:?}");
        }
    }
}
