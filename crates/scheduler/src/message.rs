//! The message of a pod that could not be scheduled (SCH-MSG rules).

use std::fmt::Write;
use std::rc::Rc;

use crate::class::Class;
use crate::resources::ResourceNames;
use crate::verdict::Verdict;
use manifest::sorted::SortedMap;

/// The message of a cluster without nodes (SCH-CYCLE-3).
pub(crate) const NO_NODES: &str = "no nodes available to schedule pods";

/// How many nodes gave each reason.
#[derive(Debug, Default)]
pub(crate) struct Histogram(SortedMap<Rc<str>, usize>);

impl Histogram {
    pub(crate) fn add(&mut self, reason: &str, nodes: usize) {
        if nodes > 0 {
            *self.0.entry(reason.into()).or_default() += nodes;
        }
    }

    /// Counts verdicts by all their reasons.
    pub(crate) fn add_verdicts(
        &mut self,
        verdicts: impl Iterator<Item = Verdict>,
        class: &Class,
        names: &ResourceNames,
    ) {
        let mut counts: SortedMap<Verdict, usize> = SortedMap::new();
        // Neighbours mostly agree: runs are counted before the map is asked.
        let mut run: Option<(Verdict, usize)> = None;
        for verdict in verdicts {
            match &mut run {
                Some((last, nodes)) if *last == verdict => *nodes += 1,
                _ => {
                    if let Some((last, nodes)) = run.replace((verdict, 1)) {
                        *counts.entry(last).or_default() += nodes;
                    }
                }
            }
        }
        if let Some((last, nodes)) = run {
            *counts.entry(last).or_default() += nodes;
        }
        for (verdict, nodes) in counts {
            for text in verdict.texts(class, names) {
                self.add(&text, nodes);
            }
        }
    }

    /// `3 reason, 4 other reason`, sorted as whole strings (SCH-MSG-3).
    fn text(&self) -> String {
        let mut parts: Vec<String> =
            self.0.iter().map(|(reason, nodes)| format!("{nodes} {reason}")).collect();
        parts.sort_unstable();
        parts.join(", ")
    }
}

/// What stands between the number of nodes and the PostFilter's part.
pub(crate) enum Reasons<'a> {
    /// Reasons by node.
    Nodes(&'a Histogram),
    /// The reason of a PreFilter, once (SCH-MSG-4).
    PreFilter(&'a str),
}

/// `0/3 nodes are available: <reasons>. <postfilter>` (SCH-MSG-2).
pub(crate) fn fit_error(nodes: usize, reasons: &Reasons<'_>, postfilter: &str) -> String {
    let mut message = format!("0/{nodes} nodes are available:");
    let reasons = match reasons {
        Reasons::Nodes(histogram) => histogram.text(),
        Reasons::PreFilter(text) => (*text).to_owned(),
    };
    // Writing to a String cannot fail.
    if !reasons.is_empty() {
        let _ = write!(message, " {reasons}.");
    }
    if !postfilter.is_empty() {
        let _ = write!(message, " {postfilter}");
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_sorted_as_whole_strings() {
        let mut histogram = Histogram::default();
        for (reason, nodes) in
            [("Insufficient cpu", 2), ("node(s) were unschedulable", 10), ("Too many pods", 0)]
        {
            histogram.add(reason, nodes);
        }
        assert_eq!(
            fit_error(12, &Reasons::Nodes(&histogram), "rest"),
            "0/12 nodes are available: 10 node(s) were unschedulable, 2 Insufficient cpu. rest"
        );
        assert_eq!(fit_error(1, &Reasons::PreFilter("text"), ""), "0/1 nodes are available: text.");
    }
}
