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

/// Raw scores of one node.
#[derive(Clone, Copy, Debug, Default)]
struct Raw {
    taints: i64,
    affinity: i64,
    fit: i64,
    balanced: i64,
    images: i64,
    /// `None` for a node that spreading ignores.
    spread: Option<i64>,
    pods: i64,
}

/// The smallest and the largest raw score that normalisation looks at.
#[derive(Clone, Copy, Debug)]
struct Range {
    min: i64,
    max: i64,
}

impl Range {
    const EMPTY: Self = Self { min: i64::MAX, max: i64::MIN };

    fn include(&mut self, raw: i64) {
        self.min = self.min.min(raw);
        self.max = self.max.max(raw);
    }
}

/// The scores of one attempt.
#[derive(Debug)]
pub(crate) struct Board {
    raws: Vec<Raw>,
    taints: Range,
    affinity: Range,
    spread: Range,
    pods: Range,
    active: [bool; Plugin::SCORING.len()],
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
        let active = Plugin::SCORING.map(|plugin| match plugin {
            Plugin::NodeAffinity => node_affinity::scores(&class.spec),
            Plugin::VolumeBinding => false,
            Plugin::PodTopologySpread => !plan.spread.is_empty(),
            Plugin::InterPodAffinity => inter_pod_affinity::scores(cache, &plan.affinity),
            Plugin::NodeResourcesBalancedAllocation => node_resources_balanced_allocation::scores(class),
            _ => true,
        });
        let mut board = Self {
            raws: Vec::with_capacity(feasible.len()),
            taints: Range::EMPTY,
            affinity: Range::EMPTY,
            spread: Range::EMPTY,
            pods: Range::EMPTY,
            active,
            totals: Vec::new(),
        };
        let spread =
            board.is_active(Plugin::PodTopologySpread).then(|| plan.spread.pre_score(cache, feasible));
        let with_pods = board.is_active(Plugin::InterPodAffinity);
        for (&slot, row) in feasible.iter().zip(rows) {
            let raw = Raw {
                taints: i64::from(row.taints),
                affinity: i64::from(row.affinity),
                fit: i64::from(row.fit),
                balanced: i64::from(row.balanced),
                images: i64::from(row.images),
                spread: spread.as_ref().and_then(|spread| spread.score(slot)),
                pods: if with_pods { inter_pod_affinity::score(cache, &plan.affinity, slot) } else { 0 },
            };
            board.taints.include(raw.taints);
            board.affinity.include(raw.affinity);
            board.pods.include(raw.pods);
            if let Some(spread) = raw.spread {
                board.spread.include(spread);
            }
            board.raws.push(raw);
        }
        board.totals = board.raws.iter().map(|raw| board.total(raw)).collect();
        board
    }

    fn is_active(&self, plugin: Plugin) -> bool {
        Plugin::SCORING.iter().zip(self.active).any(|(scoring, active)| *scoring == plugin && active)
    }

    fn total(&self, raw: &Raw) -> i64 {
        let plugins = Plugin::SCORING.iter().zip(self.active).filter(|(_, active)| *active);
        plugins.map(|(&plugin, _)| self.score(plugin, raw).weighted).sum()
    }

    fn score(&self, plugin: Plugin, raw: &Raw) -> Score {
        let (raw, normalized) = match plugin {
            Plugin::TaintToleration => (raw.taints, default_normalize(raw.taints, self.taints.max, true)),
            Plugin::NodeAffinity => (raw.affinity, default_normalize(raw.affinity, self.affinity.max, false)),
            Plugin::NodeResourcesFit => (raw.fit, raw.fit),
            Plugin::NodeResourcesBalancedAllocation => (raw.balanced, raw.balanced),
            Plugin::ImageLocality => (raw.images, raw.images),
            Plugin::PodTopologySpread => match raw.spread {
                Some(spread) => {
                    (spread, pod_topology_spread::normalize(spread, self.spread.min, self.spread.max))
                }
                None => (0, 0),
            },
            Plugin::InterPodAffinity => {
                (raw.pods, inter_pod_affinity::normalize(raw.pods, self.pods.min, self.pods.max))
            }
            _ => (0, 0),
        };
        debug_assert!((0..=MAX_NODE_SCORE).contains(&normalized), "{plugin:?}: {normalized}");
        Score { raw, normalized, weighted: normalized * plugin.weight() }
    }

    /// Every score, by plugin, for the trace.
    pub(crate) fn scores(&self) -> Vec<PluginScores> {
        let active = Plugin::SCORING.iter().zip(self.active).filter(|(_, active)| *active);
        active
            .map(|(&plugin, _)| PluginScores {
                plugin: plugin.name().into(),
                weight: plugin.weight(),
                scores: self.raws.iter().map(|raw| self.score(plugin, raw)).collect(),
            })
            .collect()
    }

    /// The plugins that had nothing to score.
    pub(crate) fn skipped(&self) -> impl Iterator<Item = Plugin> {
        Plugin::SCORING.into_iter().zip(self.active).filter(|(_, active)| !active).map(|(plugin, _)| plugin)
    }
}
