//! Views: the counts of a counter by domain, over the nodes that count.

use std::rc::Rc;

use api::types::PodSpec;

use super::Cache;
use super::counter::{Counted, CounterId, Scope, View};
use super::topology::{Domains, KeyId, NO_DOMAIN};
use super::tree::Slot;
use crate::plugins::{node_affinity, taint_toleration};

/// Views of this many different eligibilities are kept before they are started anew.
const MANY: usize = 4096;

/// Which nodes count for a spread constraint (SCH-SPREAD-2).
#[derive(Clone, Debug, Default)]
pub(crate) struct Eligibility {
    /// Nodes need all of these keys, ascending.
    pub(crate) keys: Vec<KeyId>,
    /// Nodes must match this pod's nodeSelector and required affinity.
    pub(crate) matching: Option<Rc<PodSpec>>,
    /// This pod must tolerate the node's taints.
    pub(crate) tolerated_by: Option<Rc<PodSpec>>,
}

impl Eligibility {
    fn is_same(&self, other: &Self) -> bool {
        let same = |left: &Option<Rc<PodSpec>>, right: &Option<Rc<PodSpec>>| match (left, right) {
            (Some(left), Some(right)) => Rc::ptr_eq(left, right),
            (left, right) => left.is_none() && right.is_none(),
        };
        self.keys == other.keys
            && same(&self.matching, &other.matching)
            && same(&self.tolerated_by, &other.tolerated_by)
    }

    fn is_everything(&self, key: KeyId) -> bool {
        self.keys.iter().all(|&other| other == key) && self.matching.is_none() && self.tolerated_by.is_none()
    }
}

/// The eligibilities in use; their numbers start at 1.
pub(super) type Eligibilities = Vec<Eligibility>;

/// A view of a counter. It stays valid as long as [`Cache::version`] does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ViewRef {
    pub(crate) counter: CounterId,
    pub(crate) key: KeyId,
    view: usize,
}

impl Cache {
    /// The number of a topology key.
    pub(crate) fn topology_key(&mut self, name: &str) -> KeyId {
        self.topology.id(name, &self.nodes)
    }

    /// A view of the counter by this key, over the eligible nodes. `missing_is_empty`: nodes without the key count under the
    /// value "" (SCH-S-SPREAD-5).
    pub(crate) fn view(
        &mut self,
        counted: Counted,
        key: KeyId,
        eligibility: &Eligibility,
        missing_is_empty: bool,
    ) -> ViewRef {
        let id = self.counter(counted);
        let missing_is_empty = missing_is_empty && self.topology.key(key).empty.is_some();
        let scope = Scope { key, eligibility: self.eligibility(key, eligibility), missing_is_empty };
        let view = self.counters[id].views.iter().position(|view| view.scope == scope);
        let view = view.unwrap_or_else(|| {
            let domain_of = self.scoped_domains(&scope);
            let domains = self.topology.key(key).domains;
            let owner = &mut self.counters[id];
            owner.views.push(View::new(scope, domain_of, domains, &owner.per_node));
            owner.views.len() - 1
        });
        ViewRef { counter: id, key, view }
    }

    /// A view over all nodes that have the key.
    pub(crate) fn plain_view(&mut self, counted: Counted, key: KeyId) -> ViewRef {
        self.view(counted, key, &Eligibility::default(), false)
    }

    pub(crate) fn get_view(&self, view: ViewRef) -> &View {
        &self.counters[view.counter].views[view.view]
    }

    /// Pods in the node's domain; `None` when the node does not have the key.
    pub(crate) fn in_domain(&self, view: ViewRef, slot: Slot) -> Option<u32> {
        self.topology.domain(view.key, slot).map(|domain| self.get_view(view).counts[domain])
    }

    fn eligibility(&mut self, key: KeyId, eligibility: &Eligibility) -> usize {
        if eligibility.is_everything(key) {
            return 0;
        }
        let known = self.eligibilities.iter().position(|other| other.is_same(eligibility));
        known.map_or_else(
            || {
                self.eligibilities.push(eligibility.clone());
                self.eligibilities.len()
            },
            |index| index + 1,
        )
    }

    fn scoped_domains(&self, scope: &Scope) -> Domains {
        let key = self.topology.key(scope.key);
        let eligibility = scope.eligibility.checked_sub(1).map(|index| &self.eligibilities[index]);
        if eligibility.is_none() && !scope.missing_is_empty {
            return Rc::clone(&key.domain_of);
        }
        let missing = if scope.missing_is_empty { key.empty.unwrap_or(NO_DOMAIN) } else { NO_DOMAIN };
        let domain = |slot: usize| {
            let Some(node) = &self.nodes[slot].node else { return NO_DOMAIN };
            let eligible = eligibility.is_none_or(|eligibility| {
                let has = |&key: &KeyId| self.topology.domain(key, slot as Slot).is_some();
                let Eligibility { keys, matching, tolerated_by } = eligibility;
                keys.iter().all(has)
                    && matching.as_ref().is_none_or(|spec| node_affinity::matches(spec, node))
                    && tolerated_by.as_ref().is_none_or(|spec| taint_toleration::tolerates_node(spec, node))
            });
            match key.domain_of[slot] {
                _ if !eligible => NO_DOMAIN,
                NO_DOMAIN => missing,
                domain => domain,
            }
        };
        Rc::new((0..self.nodes.len()).map(domain).collect())
    }

    /// Drops what was derived from the labels and taints of nodes. Plans made before are out of date.
    pub(super) fn forget_views(&mut self) {
        self.version = self.version.wrapping_add(1);
        self.topology.clear();
        self.eligibilities.clear();
        for counter in &mut self.counters {
            counter.views.clear();
        }
    }

    /// Keeps the number of views bounded when very many pods have node selectors of their own.
    pub(crate) fn bound_views(&mut self) {
        if self.eligibilities.len() > MANY {
            self.forget_views();
        }
    }
}
