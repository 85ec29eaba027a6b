//! VolumeZone: a volume with zone labels stays in its zone (SCH-VOL-7).

use std::rc::Rc;

use api::types::{Node, PersistentVolume, Pod};

use super::Plugin;
use super::volume_restrictions::claims;
use crate::attempt::Code;
use crate::listers::Listers;
use crate::verdict::Verdict;

/// Each label with its successor, or with itself.
const LABELS: [(&str, &str); 4] = [
    ("topology.kubernetes.io/zone", "topology.kubernetes.io/zone"),
    ("topology.kubernetes.io/region", "topology.kubernetes.io/region"),
    ("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"),
    ("failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"),
];

/// The volumes of the claims that the pod names, as far as they have one. An error turns the pod down: such a volume is gone.
pub(crate) fn pre_filter(pod: &Pod, listers: &Listers) -> Result<Vec<Rc<PersistentVolume>>, String> {
    let claims = claims(&pod.spec).filter_map(|name| listers.claim(&pod.meta.namespace, name));
    let names = claims.map(|claim| &claim.volume_name).filter(|name| !name.is_empty());
    names
        .map(|name| {
            listers.volume(name).cloned().ok_or_else(|| format!("persistentvolume \"{name}\" not found"))
        })
        .collect()
}

/// Turns down a node that shares a zone or region label with no bound volume's. A node without any such label passes.
pub(crate) fn filter(volumes: &[Rc<PersistentVolume>], node: &Node) -> Option<Verdict> {
    let labels = &node.meta.labels;
    if !LABELS.iter().any(|(label, _)| labels.contains_key(*label)) {
        return None;
    }
    let mut wanted = volumes.iter().flat_map(|volume| {
        LABELS
            .iter()
            .filter_map(|(label, successor)| Some((label, successor, volume.meta.labels.get(*label)?)))
    });
    let elsewhere = wanted.any(|(label, successor, zones)| {
        let value = labels.get(*label).or_else(|| labels.get(*successor));
        // A regional disk names its zones with two underscores between them.
        !value.is_some_and(|value| zones.split("__").any(|zone| zone == value))
    });
    elsewhere.then(|| Verdict::new(Plugin::VolumeZone, Code::UnschedulableAndUnresolvable))
}
