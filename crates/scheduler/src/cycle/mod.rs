//! One scheduling cycle: PreFilter and Filter. Scores are in [`score`], what is remembered between cycles in [`plan`] and [`rows`].

pub(crate) mod plan;
pub(crate) mod rows;
pub(crate) mod score;

use std::rc::Rc;

use api::types::{PersistentVolume, Pod, Uid};

use crate::cache::Cache;
use crate::cache::tree::Slot;
use crate::class::{Class, ClassId};
use crate::plugins::node_affinity::{self, Restriction};
use crate::plugins::volume_binding::Claims;
use crate::plugins::{Plugin, pod_topology_spread, volume_binding, volume_restrictions, volume_zone};
use crate::verdict::Verdict;
use plan::FilterPlan;
use rows::{Row, Rows};

/// The pod of this cycle, with what PreFilter found out.
#[derive(Debug)]
pub(crate) struct Cycle {
    pub(crate) uid: Uid,
    pub(crate) class_id: ClassId,
    pub(crate) class: Rc<Class>,
    plan: Rc<FilterPlan>,
    /// The smallest count for each constraint that filters.
    minima: Vec<i64>,
    /// InterPodAffinity is not skipped. Decided once: a pod added for a trial does not change it (SCH-PLUGINS-3).
    affinity_active: bool,
    pub(crate) volumes: Option<Volumes>,
}

/// What the volume plugins know of the pod.
#[derive(Debug)]
pub(crate) struct Volumes {
    pub(crate) claims: Claims,
    /// Those whose labels may name a zone.
    zoned: Vec<Rc<PersistentVolume>>,
    /// Claims that one pod may use.
    exclusive: Vec<String>,
    exclusive_in_use: bool,
}

impl Cycle {
    /// PreFilter (SCH-PLUGINS-3). An error is the plugin that turns the pod down, and its reason.
    pub(crate) fn pre_filter(cache: &mut Cache, pod: &Pod) -> Result<Self, (Plugin, String)> {
        let class_id = cache.class_of(pod);
        let class = Rc::clone(&cache.state(class_id).class);
        if class.restriction == Restriction::Conflict {
            return Err((Plugin::NodeAffinity, node_affinity::CONFLICT.to_owned()));
        }
        let volumes = if class.has_volumes { Some(Volumes::pre_filter(cache, pod)?) } else { None };
        let plan = cache.filter_plan(class_id);
        let affinity_active = plan.affinity.is_active(cache);
        let mut cycle =
            Self { uid: pod.meta.uid, class_id, class, plan, minima: Vec::new(), affinity_active, volumes };
        cycle.refresh(cache);
        Ok(cycle)
    }

    /// Brings what was computed from placed pods up to date, after pods were added or removed for a trial.
    pub(crate) fn refresh(&mut self, cache: &Cache) {
        self.minima.clear();
        self.minima.extend(
            self.plan.spread.iter().map(|constraint| pod_topology_spread::minimum(cache, constraint)),
        );
        if let Some(volumes) = &mut self.volumes {
            volumes.exclusive_in_use =
                volume_restrictions::in_use(cache, &self.class.namespace, &volumes.exclusive);
        }
    }

    /// Filter: the first plugin that turns the node down decides (SCH-PLUGINS-2).
    pub(crate) fn filter(&self, cache: &Cache, slot: Slot) -> Option<Verdict> {
        Row::compute(cache, &self.class, slot).verdict.or_else(|| self.filter_others(cache, slot))
    }

    /// The same with the node's row; the row is returned when the node is feasible.
    pub(crate) fn filter_row(&self, cache: &Cache, rows: &mut Rows, slot: Slot) -> Result<Row, Verdict> {
        let row = *rows.get(cache, &self.class, slot);
        row.verdict.or_else(|| self.filter_others(cache, slot)).map_or(Ok(row), Err)
    }

    /// The plugins that look at more than the node.
    fn filter_others(&self, cache: &Cache, slot: Slot) -> Option<Verdict> {
        let volumes = self.volumes.as_ref().and_then(|volumes| volumes.filter(cache, &self.class, slot));
        volumes
            .or_else(|| pod_topology_spread::filter(cache, &self.plan.spread, &self.minima, slot))
            .or_else(|| if self.affinity_active { self.plan.affinity.filter(cache, slot) } else { None })
    }

    /// Filter with nominated pods of the same or a higher priority counted as present, and then without (SCH-PRE-8).
    pub(crate) fn filter_with_nominated(&mut self, cache: &mut Cache, slot: Slot) -> Option<Verdict> {
        let priority = self.class.spec.priority;
        let nominated = cache.nominations.iter().filter(|(uid, nomination)| {
            nomination.slot == slot && nomination.entry.priority >= priority && **uid != self.uid
        });
        let nominated: Vec<_> = nominated.map(|(_, nomination)| nomination.entry.clone()).collect();
        if !nominated.is_empty() {
            let ports = cache.nodes[slot as usize].ports.clone();
            let uids: Vec<Uid> = nominated.iter().map(|entry| entry.uid).collect();
            for entry in nominated {
                cache.place(slot, entry);
            }
            self.refresh(cache);
            let verdict = self.filter(cache, slot);
            for uid in uids {
                cache.take(slot, uid);
            }
            cache.nodes[slot as usize].ports = ports;
            self.refresh(cache);
            if verdict.is_some() {
                return verdict;
            }
        }
        self.filter(cache, slot)
    }
}

impl Volumes {
    fn pre_filter(cache: &Cache, pod: &Pod) -> Result<Self, (Plugin, String)> {
        let listers = &cache.listers;
        let exclusive = volume_restrictions::pre_filter(pod, listers)
            .map_err(|reason| (Plugin::VolumeRestrictions, reason))?;
        let claims =
            volume_binding::pre_filter(pod, listers).map_err(|reason| (Plugin::VolumeBinding, reason))?;
        let zoned = volume_zone::pre_filter(pod, listers).map_err(|reason| (Plugin::VolumeZone, reason))?;
        Ok(Self { claims, zoned, exclusive, exclusive_in_use: false })
    }

    fn filter(&self, cache: &Cache, class: &Class, slot: Slot) -> Option<Verdict> {
        let node = cache.nodes[slot as usize].node.as_ref()?;
        volume_restrictions::filter(cache, &class.spec, slot, self.exclusive_in_use)
            .or_else(|| volume_binding::filter(&self.claims, &cache.listers, node))
            .or_else(|| volume_zone::filter(&self.zoned, node))
    }
}

/// Number of feasible nodes after which the search ends (SCH-ORDER-1).
pub(crate) fn feasible_nodes_to_find(nodes: usize) -> usize {
    const MIN: usize = 100;
    if nodes < MIN {
        return nodes;
    }
    let percentage = 50_usize.saturating_sub(nodes / 125).max(5);
    (nodes * percentage / 100).max(MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_clusters_are_sampled() {
        // SCH-V-10.
        let table =
            [(50, 50), (99, 99), (100, 100), (125, 100), (200, 100), (1000, 420), (5000, 500), (10_000, 500)];
        for (nodes, expected) in table {
            assert_eq!(feasible_nodes_to_find(nodes), expected, "{nodes}");
        }
    }
}
