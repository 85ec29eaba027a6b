//! Counters: how many pods of some set are on each node and in each domain, kept up to date as pods come and go.
//!
//! Spreading and pod affinity ask such questions for every pod. Counting anew would cost more with every pod placed; a
//! counter costs a little for each pod that it counts, and nothing for the rest.

use std::rc::Rc;

use api::labels::Labels;

use super::topology::{Domains, KeyId, NO_DOMAIN};
use super::tree::Slot;
use crate::listers::Listers;
use crate::plugins::inter_pod_affinity::terms::{PodSet, Role, Term};

/// Number of a counter.
pub(crate) type CounterId = usize;

/// Which pods are counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counted {
    /// Pods that are in all of these sets.
    In(Vec<PodSet>),
    /// Likewise, without those that are being deleted (SCH-SPREAD-4).
    Alive(PodSet),
    /// Pods that have this term; one that has it twice counts twice.
    Holding(Role, Term),
}

impl Counted {
    /// Whether pods of this namespace and these labels are counted. Holders of terms are counted by [`super::Cache`].
    pub(crate) fn matches(&self, namespace: &Rc<str>, labels: &Labels, listers: &Listers) -> bool {
        match self {
            Self::In(sets) => sets.iter().all(|set| set.contains(namespace, labels, listers)),
            Self::Alive(set) => set.contains(namespace, labels, listers),
            Self::Holding(..) => false,
        }
    }

    /// Whether labels of namespaces decide.
    pub(crate) fn selects_namespaces(&self) -> bool {
        match self {
            Self::In(sets) => sets.iter().any(|set| set.namespace_selector.is_some()),
            Self::Alive(_) => false,
            Self::Holding(_, term) => term.pods.namespace_selector.is_some(),
        }
    }
}

/// Counts by domain, over some of the nodes.
#[derive(Debug)]
pub(crate) struct View {
    /// Distinguishes the views of a counter.
    pub(crate) scope: Scope,
    /// The domain of each slot that counts.
    domain_of: Domains,
    /// Pods by domain.
    pub(crate) counts: Vec<u32>,
    /// The domains that have a node in scope.
    pub(crate) present: Vec<u32>,
    /// Pods in all domains.
    pub(crate) total: u64,
}

/// What a view covers: the topology key, and which nodes count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) key: KeyId,
    /// Number of the eligibility of nodes, 0 for "all that have the key".
    pub(crate) eligibility: usize,
    /// Nodes without the key count under the empty value.
    pub(crate) missing_is_empty: bool,
}

impl View {
    pub(crate) fn new(scope: Scope, domain_of: Domains, domains: usize, per_node: &[u32]) -> Self {
        let mut counts = vec![0; domains];
        let mut has_node = vec![false; domains];
        let mut total = 0;
        for (slot, &domain) in domain_of.iter().enumerate().filter(|(_, domain)| **domain != NO_DOMAIN) {
            let pods = per_node.get(slot).copied().unwrap_or(0);
            counts[domain as usize] += pods;
            has_node[domain as usize] = true;
            total += u64::from(pods);
        }
        let present = (0..domains as u32).filter(|&domain| has_node[domain as usize]).collect();
        Self { scope, domain_of, counts, present, total }
    }

    /// The smallest count of a domain that has a node in scope.
    pub(crate) fn min(&self) -> u32 {
        if self.present.len() == self.counts.len() {
            return self.counts.iter().copied().min().unwrap_or(0);
        }
        self.present.iter().map(|&domain| self.counts[domain as usize]).min().unwrap_or(0)
    }
}

/// A counter.
#[derive(Debug)]
pub(crate) struct Counter {
    pub(crate) counted: Counted,
    /// Pods by slot.
    pub(crate) per_node: Vec<u32>,
    pub(crate) views: Vec<View>,
}

impl Counter {
    pub(crate) fn new(counted: Counted) -> Self {
        Self { counted, per_node: Vec::new(), views: Vec::new() }
    }

    pub(crate) fn on_node(&self, slot: Slot) -> u32 {
        self.per_node.get(slot as usize).copied().unwrap_or(0)
    }

    pub(crate) fn add(&mut self, slot: Slot) {
        self.change(slot, |count| *count += 1, |total| *total += 1);
    }

    pub(crate) fn subtract(&mut self, slot: Slot) {
        self.change(slot, |count| *count = count.saturating_sub(1), |total| *total = total.saturating_sub(1));
    }

    fn change(&mut self, slot: Slot, count: impl Fn(&mut u32), total: impl Fn(&mut u64)) {
        let slot = slot as usize;
        if self.per_node.len() <= slot {
            self.per_node.resize(slot + 1, 0);
        }
        count(&mut self.per_node[slot]);
        for view in &mut self.views {
            let domain = view.domain_of.get(slot).copied().unwrap_or(NO_DOMAIN);
            if domain != NO_DOMAIN {
                count(&mut view.counts[domain as usize]);
                total(&mut view.total);
            }
        }
    }
}
