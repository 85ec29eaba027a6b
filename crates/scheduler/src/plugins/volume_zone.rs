//! VolumeZone: a volume with zone labels stays in its zone (SCH-VOL-7).

use api::types::Node;

use super::Plugin;
use super::volume_binding::Claims;
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

/// Turns down a node that shares a zone or region label with no bound volume's. A node without any such label passes.
pub(crate) fn filter(claims: &Claims, listers: &Listers, node: &Node) -> Option<Verdict> {
    let labels = &node.meta.labels;
    if !LABELS.iter().any(|(label, _)| labels.contains_key(*label)) {
        return None;
    }
    let volumes = claims.bound.iter().filter_map(|claim| listers.volume(&claim.volume_name));
    let mut wanted = volumes.flat_map(|volume| {
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
