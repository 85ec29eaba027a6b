//! The order in which nodes are looked at: one from each zone in turn (SCH-ORDER-2).

use std::rc::Rc;

use api::labels::Labels;

/// Number of a node in the cache; a name keeps its slot.
pub(crate) type Slot = u32;

/// Labels that name region and zone; those of old clusters come first.
const REGION: [&str; 2] = ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"];
const ZONE: [&str; 2] = ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"];

/// Nodes by zone, in order of appearance.
#[derive(Debug, Default)]
pub(crate) struct NodeTree {
    zones: Vec<(Rc<str>, Vec<Slot>)>,
}

impl NodeTree {
    pub(crate) fn add(&mut self, slot: Slot, labels: &Labels) {
        let zone = zone_key(labels);
        match self.zones.iter_mut().find(|(name, _)| **name == *zone) {
            Some((_, nodes)) => nodes.push(slot),
            None => self.zones.push((zone.into(), vec![slot])),
        }
    }

    pub(crate) fn remove(&mut self, slot: Slot) {
        for (_, nodes) in &mut self.zones {
            nodes.retain(|&node| node != slot);
        }
        self.zones.retain(|(_, nodes)| !nodes.is_empty());
    }

    /// A node whose zone changed goes to the end of its new zone; otherwise it keeps its place.
    pub(crate) fn update(&mut self, slot: Slot, old: &Labels, new: &Labels) {
        if zone_key(old) != zone_key(new) {
            self.remove(slot);
            self.add(slot, new);
        }
    }

    pub(crate) fn order(&self) -> Vec<Slot> {
        let longest = self.zones.iter().map(|(_, nodes)| nodes.len()).max().unwrap_or(0);
        (0..longest)
            .flat_map(|turn| self.zones.iter().filter_map(move |(_, nodes)| nodes.get(turn).copied()))
            .collect()
    }
}

fn zone_key(labels: &Labels) -> String {
    let first = |keys: [&str; 2]| keys.iter().find_map(|key| labels.get(*key)).map_or("", String::as_str);
    let (region, zone) = (first(REGION), first(ZONE));
    if region.is_empty() && zone.is_empty() { String::new() } else { format!("{region}:\0:{zone}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_take_turns() {
        let labels = |zone: &str| {
            let zone = (!zone.is_empty()).then(|| (ZONE[1].to_owned(), zone.to_owned()));
            zone.into_iter().collect::<Labels>()
        };
        let mut tree = NodeTree::default();
        for (slot, zone) in [(0, "b"), (1, "b"), (2, "a"), (3, ""), (4, "b"), (5, "a")] {
            tree.add(slot, &labels(zone));
        }
        assert_eq!(tree.order(), [0, 2, 3, 1, 5, 4]);
        tree.update(1, &labels("b"), &labels("a"));
        assert_eq!(tree.order(), [0, 2, 3, 4, 5, 1]);
        tree.remove(3);
        assert_eq!(tree.order(), [0, 2, 4, 5, 1]);
    }
}
