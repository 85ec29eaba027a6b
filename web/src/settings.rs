//! Everything beside the text that decides a report and that the user can set.

use rules::{ClusterSpec, Input};

use crate::story::Story;

/// More nodes than this are refused: the schedulers of real clusters are tested up to here.
pub(crate) const MAX_NODES: u32 = 5_000;

/// Larger texts are kept but not analysed, in bytes.
pub(crate) const MAX_TEXT: usize = 1 << 20;

/// What the user has set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The simulated cluster.
    pub(crate) cluster: ClusterSpec,
    /// The choice among equal totals.
    pub(crate) seed: u64,
    /// As kubectl against an empty cluster.
    pub(crate) strict: bool,
    /// What happens after the manifest was applied.
    pub(crate) story: Story,
}

impl Settings {
    /// The default cluster with another number of nodes.
    pub(crate) fn with_nodes(nodes: u32) -> Self {
        Self { cluster: ClusterSpec { nodes, ..ClusterSpec::default() }, ..Self::default() }
    }

    /// What `analyze` is given for these settings; `explain` names the pod whose decision is wanted in full.
    pub(crate) fn input(&self, text: &str, explain: Option<&str>) -> Input {
        Input {
            text: self.story.base.as_deref().unwrap_or(text).to_owned(),
            cluster: self.cluster.clone(),
            seed: self.seed,
            strict: self.strict,
            explain: explain.map(str::to_owned).into_iter().collect(),
            actions: self.story.seen(text),
        }
    }
}
