//! Scoring: the raw scores of the feasible nodes, normalised over them, weighted and added up (SCH-S-1).

use crate::attempt::{PluginScores, Score};
use crate::cache::Cache;
use crate::cache::tree::Slot;
use crate::class::Class;
use crate::cycle::plan::ScorePlan;
use crate::cycle::rows::Row;
use crate::plugins::{
    MAX_NODE_SCORE, Plugin, default_normalize, inter_pod_affinity, node_affinity,
    node_resources_balanced_allocation, pod_topology_spread,
};

/// The scores that one plugin gave, in the order of the feasible nodes.
#[derive(Debug)]
struct Column {
    plugin: Plugin,
    raw: Vec<i64>,
    /// Smallest and largest raw score of the nodes that normalisation looks at.
    min: i64,
    max: i64,
}

impl Column {
    fn new(plugin: Plugin, raw: Vec<i64>) -> Self {
        // Nodes that spreading ignores do not count for its range.
        let counted = |raw: &&i64| **raw != pod_topology_spread::IGNORED;
        let (min, max) = raw
            .iter()
            .filter(counted)
            .fold((i64::MAX, i64::MIN), |(min, max), &raw| (min.min(raw), max.max(raw)));
        Self { plugin, raw, min, max }
    }

    fn normalize(&self, raw: i64) -> i64 {
        match self.plugin {
            Plugin::TaintToleration => default_normalize(raw, self.max, true),
            Plugin::NodeAffinity | Plugin::DynamicResources => default_normalize(raw, self.max, false),
            Plugin::PodTopologySpread => pod_topology_spread::normalize(raw, self.min, self.max),
            Plugin::InterPodAffinity => inter_pod_affinity::normalize(raw, self.min, self.max),
            _ => raw,
        }
    }

    fn score(&self, raw: i64) -> Score {
        let normalized = self.normalize(raw);
        debug_assert!((0..=MAX_NODE_SCORE).contains(&normalized), "{:?}: {normalized}", self.plugin);
        let raw = if raw == pod_topology_spread::IGNORED { 0 } else { raw };
        Score { raw, normalized, weighted: normalized * self.plugin.weight() }
    }

    /// Adds the weighted scores to the totals.
    fn add_to(&self, totals: &mut [i64]) {
        // Often a plugin has the same to say of all nodes.
        if let Some(&same) = self.raw.first().filter(|first| self.raw.iter().all(|raw| raw == *first)) {
            let weighted = self.score(same).weighted;
            for total in totals {
                *total += weighted;
            }
            return;
        }
        for (total, &raw) in totals.iter_mut().zip(&self.raw) {
            *total += self.score(raw).weighted;
        }
    }
}

/// The scores of one attempt.
#[derive(Debug)]
pub(crate) struct Board {
    columns: Vec<Column>,
    /// For each feasible node.
    pub(crate) totals: Vec<i64>,
}

impl Board {
    /// Scores the feasible nodes, whose rows are given in the same order.
    pub(crate) fn new(
        cache: &Cache,
        class: &Class,
        plan: &ScorePlan,
        feasible: &[Slot],
        rows: &[Row],
    ) -> Self {
        let by_row = |score: fn(&Row) -> i64| Some(rows.iter().map(score).collect());
        let raw = |plugin: Plugin| -> Option<Vec<i64>> {
            match plugin {
                Plugin::TaintToleration => by_row(|row| row.taints.into()),
                Plugin::NodeAffinity if node_affinity::scores(&class.spec) => {
                    by_row(|row| row.affinity.into())
                }
                Plugin::NodeResourcesFit => by_row(|row| row.fit.into()),
                Plugin::PodTopologySpread => plan.spread.score(cache, feasible),
                Plugin::InterPodAffinity => inter_pod_affinity::score(cache, &plan.affinity, feasible),
                Plugin::DynamicResources => Some(vec![0; feasible.len()]),
                Plugin::NodeResourcesBalancedAllocation
                    if node_resources_balanced_allocation::scores(class) =>
                {
                    by_row(|row| row.balanced.into())
                }
                Plugin::ImageLocality => by_row(|row| row.images.into()),
                _ => None,
            }
        };
        let scored = Plugin::SCORING.into_iter().filter_map(|plugin| Some((plugin, raw(plugin)?)));
        let columns: Vec<Column> = scored.map(|(plugin, raw)| Column::new(plugin, raw)).collect();
        let mut totals = vec![0; feasible.len()];
        for column in &columns {
            column.add_to(&mut totals);
        }
        Self { columns, totals }
    }

    /// Every score, by plugin, for the trace.
    pub(crate) fn scores(&self) -> Vec<PluginScores> {
        let scores = |column: &Column| PluginScores {
            plugin: column.plugin.name().into(),
            weight: column.plugin.weight(),
            scores: column.raw.iter().map(|&raw| column.score(raw)).collect(),
        };
        self.columns.iter().map(scores).collect()
    }

    /// The plugins that had nothing to score.
    pub(crate) fn skipped(&self) -> impl Iterator<Item = Plugin> {
        Plugin::SCORING
            .into_iter()
            .filter(|plugin| !self.columns.iter().any(|column| column.plugin == *plugin))
    }
}
