//! Constraints with `whenUnsatisfiable: ScheduleAnyway`, and those that the system adds.

use api::labels::Selector;
use api::types::UnsatisfiableAction;

use super::super::MAX_NODE_SCORE;
use super::{counted, eligibility, keys, picks_nodes};
use crate::cache::counter::CounterId;
use crate::cache::topology::{KeyId, NO_DOMAIN};
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

/// Stands for the score of a node that is ignored; no sum is as small.
pub(crate) const IGNORED: i64 = i64::MIN;

impl SoftConstraints {
    /// The raw scores of the feasible nodes, [`IGNORED`] for those that lack a key of the pod's own constraints (SCH-S-SPREAD-4).
    /// `None` without constraints: the plugin is skipped.
    pub(crate) fn score(&self, cache: &Cache, feasible: &[Slot]) -> Option<Vec<i64>> {
        if self.constraints.is_empty() {
            return None;
        }
        let lacks = |constraint: &SoftConstraint, slot| cache.topology.domain(constraint.key, slot).is_none();
        let ignored =
            |slot| self.explicit && self.constraints.iter().any(|constraint| lacks(constraint, slot));
        let scored: Vec<Slot> = feasible.iter().copied().filter(|&slot| !ignored(slot)).collect();
        let mut sums = vec![0.0; scored.len()];
        for constraint in &self.constraints {
            constraint.add_to(cache, &scored, &mut sums);
        }
        let mut rounded = sums.into_iter().map(|sum| sum.round() as i64);
        if scored.len() == feasible.len() {
            return Some(rounded.collect());
        }
        let next = |&slot: &Slot| if ignored(slot) { IGNORED } else { rounded.next().unwrap_or(IGNORED) };
        Some(feasible.iter().map(next).collect())
    }
}

impl SoftConstraint {
    /// Adds count times weight to the sum of each node that has the key (SCH-S-SPREAD-7).
    fn add_to(&self, cache: &Cache, scored: &[Slot], sums: &mut [f64]) {
        let domain_of = &**cache.topology.key(self.key).domain_of;
        let skew = f64::from(self.max_skew - 1);
        let weight = ln((self.size(cache, scored) + 2) as f64);
        match self.counts {
            Counts::Node(counter) => {
                let counter = cache.get_counter(counter);
                for (&slot, sum) in scored.iter().zip(sums) {
                    if domain_of[slot as usize] != NO_DOMAIN {
                        *sum += f64::from(counter.on_node(slot)) * weight + skew;
                    }
                }
            }
            Counts::Domain(view) => {
                let counts = &cache.get_view(view).counts;
                for (&slot, sum) in scored.iter().zip(sums) {
                    if let Some(&count) = counts.get(domain_of[slot as usize] as usize) {
                        *sum += f64::from(count) * weight + skew;
                    }
                }
            }
        }
    }

    /// Number of domains among the scored nodes (SCH-S-SPREAD-5): the more there are, the more a count weighs.
    fn size(&self, cache: &Cache, scored: &[Slot]) -> usize {
        if matches!(self.counts, Counts::Node(_)) {
            return scored.len();
        }
        let key = cache.topology.key(self.key);
        // The last entry stands for "no such label", which counts as the value "".
        let mut seen = vec![false; key.domains + 1];
        let missing = key.empty.map_or(key.domains, |empty| empty as usize);
        let mut size = 0;
        for &slot in scored {
            let domain = cache.topology.domain(self.key, slot).unwrap_or(missing);
            size += usize::from(!std::mem::replace(&mut seen[domain], true));
        }
        size
    }
}

/// Fewer is better; over the nodes that are not ignored, which get 0 (SCH-S-SPREAD-8).
pub(crate) fn normalize(raw: i64, min: i64, max: i64) -> i64 {
    match raw {
        IGNORED => 0,
        _ if max == 0 => MAX_NODE_SCORE,
        _ => MAX_NODE_SCORE * (max + min - raw) / max,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listers::Listers;
    use crate::scheduler::Trace;
    use crate::testing::{bind, pod, scheduler, scores};
    use api::types::{Meta, PodSpec, Service};
    use std::rc::Rc;

    fn check(name: &str, zones: [&str; 3], placed: [u64; 3], expected: &[(i64, i64)]) {
        let names = ["n1", "n2", "n3"];
        let mut scheduler = scheduler(&[(names[0], zones[0]), (names[1], zones[1]), (names[2], zones[2])]);
        let selector = Selector::from_labels(&pod(0, &[("app", "web")], PodSpec::default()).meta.labels);
        let meta = Meta { namespace: "default".into(), ..Meta::default() };
        let service = Rc::new(Service { meta, selector: Some(selector), ..Service::default() });
        scheduler.set_listers(Listers { services: Rc::new(vec![service]), ..Listers::default() });
        for (index, count) in placed.into_iter().enumerate() {
            for replica in 0..count {
                let replica = pod(100 * index as u64 + replica, &[("app", "web")], PodSpec::default());
                bind(&mut scheduler, &replica, names[index]);
            }
        }
        let attempt = scheduler.schedule(&pod(1000, &[("app", "web")], PodSpec::default()), Trace::Full);
        // Zones interleave the nodes; the expectation is by name.
        let mut by_name: Vec<_> =
            attempt.feasible.iter().zip(scores(&attempt, "PodTopologySpread")).collect();
        by_name.sort();
        let found: Vec<_> = by_name.into_iter().map(|(_, score)| score).collect();
        assert_eq!(found, expected, "{name}");
        let stranger = scheduler.schedule(&pod(1001, &[("app", "other")], PodSpec::default()), Trace::Full);
        assert_eq!(scores(&stranger, "PodTopologySpread"), [], "nothing selects this pod");
    }

    #[test]
    fn the_system_spreads_pods_of_a_service() {
        check("SCH-V-7", ["", "", ""], [1, 0, 0], &[(4, 50), (2, 100), (2, 100)]);
        check("SCH-V-8", ["", "", ""], [2, 1, 0], &[(5, 40), (4, 60), (2, 100)]);
        check("SCH-V-9", ["a", "a", "b"], [1, 0, 0], &[(9, 66), (7, 88), (6, 100)]);
    }
}
