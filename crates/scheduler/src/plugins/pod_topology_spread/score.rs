//! Constraints with `whenUnsatisfiable: ScheduleAnyway`, and those that the system adds.

use api::labels::Selector;
use api::types::UnsatisfiableAction;

use super::super::MAX_NODE_SCORE;
use super::{counted, eligibility, keys, picks_nodes};
use crate::cache::counter::CounterId;
use crate::cache::topology::KeyId;
use crate::cache::tree::Slot;
use crate::cache::{Cache, Eligibility, ViewRef};
use crate::class::Class;
use crate::ln::ln;

const HOSTNAME: &str = "kubernetes.io/hostname";

/// The system's constraints: topology key and maxSkew (SCH-S-SPREAD-1).
const SYSTEM_DEFAULT: [(&str, i32); 2] = [(HOSTNAME, 3), ("topology.kubernetes.io/zone", 5)];

/// Where the pods that a constraint counts are looked up.
#[derive(Debug)]
enum Counts {
    /// On the node itself: the hostname key.
    Node(CounterId),
    /// In the node's domain.
    Domain(ViewRef),
}

#[derive(Debug)]
struct SoftConstraint {
    key: KeyId,
    counts: Counts,
    max_skew: i32,
}

/// The constraints that score.
#[derive(Debug, Default)]
pub(crate) struct SoftConstraints {
    constraints: Vec<SoftConstraint>,
    /// The pod's own: nodes that lack a key are ignored (SCH-S-SPREAD-4).
    explicit: bool,
}

/// The constraints of the class that score (SCH-S-SPREAD-1).
pub(crate) fn soft_constraints(cache: &mut Cache, class: &Class) -> SoftConstraints {
    if class.spec.topology_spread.is_empty() {
        return system_default(cache, class);
    }
    let soft = |action| action == UnsatisfiableAction::ScheduleAnyway;
    let own: Vec<_> =
        class.spec.topology_spread.iter().filter(|constraint| soft(constraint.when_unsatisfiable)).collect();
    let keys = keys(cache, &own);
    let constraints = own
        .into_iter()
        .map(|constraint| {
            let eligibility = eligibility(class, constraint, &keys);
            let (key, selector) = (&constraint.topology_key, constraint.selector.as_ref());
            soft_constraint(cache, class, key, constraint.max_skew, selector, &eligibility, false)
        })
        .collect();
    SoftConstraints { constraints, explicit: true }
}

fn system_default(cache: &mut Cache, class: &Class) -> SoftConstraints {
    let Some(selector) = default_selector(cache, class) else { return SoftConstraints::default() };
    let matching = picks_nodes(class).then(|| std::rc::Rc::clone(&class.spec));
    let eligibility = Eligibility { matching, ..Eligibility::default() };
    let constraints = SYSTEM_DEFAULT
        .into_iter()
        .map(|(key, skew)| soft_constraint(cache, class, key, skew, Some(&selector), &eligibility, true))
        .collect();
    SoftConstraints { constraints, explicit: false }
}

fn soft_constraint(
    cache: &mut Cache,
    class: &Class,
    key: &str,
    max_skew: i32,
    selector: Option<&Selector>,
    eligibility: &Eligibility,
    missing_is_empty: bool,
) -> SoftConstraint {
    let counted = counted(class, selector);
    let id = cache.topology_key(key);
    let counts = if key == HOSTNAME {
        Counts::Node(cache.counter(counted))
    } else {
        Counts::Domain(cache.view(counted, id, eligibility, missing_is_empty))
    };
    SoftConstraint { key: id, counts, max_skew }
}

/// What selects the pod's kin: the Services that select it and its controlling owner (SCH-S-SPREAD-2).
fn default_selector(cache: &Cache, class: &Class) -> Option<Selector> {
    let listers = &cache.listers;
    let mut requirements = Vec::new();
    for service in listers.services.iter().filter(|service| service.meta.namespace == class.namespace) {
        if let Some(selector) = service.selector.as_ref().filter(|selector| selector.matches(&class.labels)) {
            requirements.extend(selector.requirements.iter().cloned());
        }
    }
    let owner = class.owner.and_then(|owner| listers.owner_selectors.get(&owner));
    requirements.extend(owner.iter().flat_map(|selector| selector.requirements.iter().cloned()));
    requirements.sort();
    requirements.dedup();
    (!requirements.is_empty()).then_some(Selector { requirements })
}

/// The weights of the constraints, for the nodes of one attempt.
#[derive(Debug)]
pub(crate) struct Spread<'a> {
    cache: &'a Cache,
    soft: &'a SoftConstraints,
    weights: Vec<f64>,
}

impl SoftConstraints {
    /// Without constraints the plugin is skipped.
    pub(crate) fn is_empty(&self) -> bool {
        self.constraints.is_empty()
    }

    fn ignores(&self, cache: &Cache, slot: Slot) -> bool {
        self.explicit
            && self.constraints.iter().any(|constraint| cache.topology.domain(constraint.key, slot).is_none())
    }

    /// PreScore: the more domains a constraint has among the feasible nodes, the more its counts weigh (SCH-S-SPREAD-5).
    pub(crate) fn pre_score<'a>(&'a self, cache: &'a Cache, feasible: &[Slot]) -> Spread<'a> {
        let scored = || feasible.iter().copied().filter(|&slot| !self.ignores(cache, slot));
        let size = |constraint: &SoftConstraint| match constraint.counts {
            Counts::Node(_) if self.explicit => scored().count(),
            Counts::Node(_) => feasible.len(),
            Counts::Domain(_) => {
                let key = cache.topology.key(constraint.key);
                // The last entry stands for "no such label", which counts as the value "".
                let mut seen = vec![false; key.domains + 1];
                let missing = key.empty.map_or(key.domains, |empty| empty as usize);
                let mut size = 0;
                for slot in scored() {
                    let domain = cache.topology.domain(constraint.key, slot).unwrap_or(missing);
                    size += usize::from(!std::mem::replace(&mut seen[domain], true));
                }
                size
            }
        };
        let weights = self.constraints.iter().map(|constraint| ln((size(constraint) + 2) as f64)).collect();
        Spread { cache, soft: self, weights }
    }
}

impl Spread<'_> {
    /// Weighted sum of the counts in the node's domains (SCH-S-SPREAD-7); `None` for a node that is ignored.
    pub(crate) fn score(&self, slot: Slot) -> Option<i64> {
        if self.soft.ignores(self.cache, slot) {
            return None;
        }
        let mut score = 0.0;
        for (constraint, weight) in self.soft.constraints.iter().zip(&self.weights) {
            if self.cache.topology.domain(constraint.key, slot).is_none() {
                continue;
            }
            let count = match constraint.counts {
                Counts::Node(counter) => self.cache.get_counter(counter).on_node(slot),
                Counts::Domain(view) => self.cache.in_domain(view, slot).unwrap_or(0),
            };
            score += f64::from(count) * weight + f64::from(constraint.max_skew - 1);
        }
        Some(score.round() as i64)
    }
}

/// Fewer is better; over the nodes that are not ignored (SCH-S-SPREAD-8).
pub(crate) fn normalize(raw: i64, min: i64, max: i64) -> i64 {
    if max == 0 { MAX_NODE_SCORE } else { MAX_NODE_SCORE * (max + min - raw) / max }
}
