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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduler::Trace;
    use crate::testing::{bind, pod, scheduler};
    use api::labels::Selector;
    use api::types::{InclusionPolicy, PodSpec, TopologySpreadConstraint};

    const LABELS: [(&str, &str); 1] = [("app", "web")];

    fn spec(min_domains: Option<i32>) -> PodSpec {
        let constraint = TopologySpreadConstraint {
            max_skew: 1,
            topology_key: "topology.kubernetes.io/zone".into(),
            when_unsatisfiable: UnsatisfiableAction::DoNotSchedule,
            selector: Some(Selector::from_labels(&pod(0, &LABELS, PodSpec::default()).meta.labels)),
            min_domains,
            node_affinity_policy: InclusionPolicy::Honor,
            node_taints_policy: InclusionPolicy::Ignore,
        };
        PodSpec { topology_spread: vec![constraint], ..PodSpec::default() }
    }

    fn check(placed: &[&str], min_domains: Option<i32>, feasible: &[&str]) {
        let mut scheduler = scheduler(&[("a1", "a"), ("b1", "b"), ("none", "")]);
        for (uid, node) in placed.iter().enumerate() {
            bind(&mut scheduler, &pod(uid as u64, &LABELS, PodSpec::default()), node);
        }
        let attempt = scheduler.schedule(&pod(100, &LABELS, spec(min_domains)), Trace::Full);
        let names: Vec<&str> = attempt.feasible.iter().map(|name| &**name).collect();
        assert_eq!(names, feasible, "{placed:?} {min_domains:?}");
        let missing = attempt
            .rejected
            .iter()
            .find(|(node, _)| &**node == "none")
            .map(|(_, verdict)| verdict.reasons.len());
        assert_eq!(missing, Some(1), "a node without the key is turned down");
    }

    #[test]
    fn no_domain_gets_ahead() {
        check(&[], None, &["a1", "b1"]);
        check(&["a1"], None, &["b1"]);
        check(&["a1", "b1"], None, &["a1", "b1"]);
        check(&["none", "none"], None, &["a1", "b1"]);
        // Two domains are fewer than three: the minimum is 0.
        check(&["a1", "b1"], Some(3), &[]);
        check(&["a1"], Some(3), &["b1"]);
    }
}
