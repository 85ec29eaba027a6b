//! Constraints with `whenUnsatisfiable: DoNotSchedule`.

use api::types::UnsatisfiableAction;

use super::super::Plugin;
use super::{counted, eligibility, keys, matches_itself};
use crate::attempt::Code;
use crate::cache::tree::Slot;
use crate::cache::{Cache, ViewRef};
use crate::class::Class;
use crate::verdict::Verdict;

/// A constraint that filters.
#[derive(Debug)]
pub(crate) struct HardConstraint {
    view: ViewRef,
    max_skew: i64,
    min_domains: usize,
    /// 1 when the pod matches its own selector.
    itself: i64,
}

/// The constraints of the class that filter (SCH-SPREAD-1).
pub(crate) fn hard_constraints(cache: &mut Cache, class: &Class) -> Vec<HardConstraint> {
    let hard = |action| action == UnsatisfiableAction::DoNotSchedule;
    let constraints: Vec<_> =
        class.spec.topology_spread.iter().filter(|constraint| hard(constraint.when_unsatisfiable)).collect();
    let keys = keys(cache, &constraints);
    constraints
        .into_iter()
        .map(|constraint| {
            let key = cache.topology_key(&constraint.topology_key);
            let eligibility = eligibility(class, constraint, &keys);
            HardConstraint {
                view: cache.view(counted(class, constraint.selector.as_ref()), key, &eligibility, false),
                max_skew: i64::from(constraint.max_skew),
                min_domains: constraint
                    .min_domains
                    .map_or(1, |domains| usize::try_from(domains).unwrap_or(1)),
                itself: i64::from(matches_itself(class, constraint)),
            }
        })
        .collect()
}

/// The smallest count of a domain; 0 when there are fewer domains than minDomains (SCH-SPREAD-7).
pub(crate) fn minimum(cache: &Cache, constraint: &HardConstraint) -> i64 {
    let view = cache.get_view(constraint.view);
    if view.present.len() < constraint.min_domains { 0 } else { i64::from(view.min()) }
}

/// Turns down a node whose domain would get too far ahead (SCH-SPREAD-8). `minima`: one for each constraint.
pub(crate) fn filter(
    cache: &Cache,
    constraints: &[HardConstraint],
    minima: &[i64],
    slot: Slot,
) -> Option<Verdict> {
    constraints.iter().zip(minima).find_map(|(constraint, minimum)| {
        match cache.in_domain(constraint.view, slot) {
            None => {
                Some(Verdict::with_reason(Plugin::PodTopologySpread, Code::UnschedulableAndUnresolvable, 1))
            }
            Some(count) if i64::from(count) + constraint.itself - minimum > constraint.max_skew => {
                Some(Verdict::new(Plugin::PodTopologySpread, Code::Unschedulable))
            }
            Some(_) => None,
        }
    })
}
