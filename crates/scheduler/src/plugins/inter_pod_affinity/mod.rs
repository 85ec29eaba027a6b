//! InterPodAffinity: pods attract and repel each other within domains (SCH-IPA, SCH-S-IPA rules).

pub(crate) mod terms;

use super::{MAX_NODE_SCORE, Plugin};
use crate::attempt::Code;
use crate::cache::counter::Counted;
use crate::cache::tree::Slot;
use crate::cache::{Cache, ViewRef};
use crate::class::Class;
use crate::verdict::Verdict;
use terms::{PodSet, Role, Term};

/// Reasons of the filter, in the order of its checks (SCH-IPA-1).
pub(crate) const REASONS: &[&str] = &[
    "node(s) didn't match pod affinity rules",
    "node(s) didn't match pod anti-affinity rules",
    "node(s) didn't satisfy existing pods anti-affinity rules",
];

/// The required terms that concern a class.
#[derive(Debug)]
pub(crate) struct RequiredTerms {
    /// One view for each affinity term of the pod, all over the pods that match all the terms (SCH-IPA-4).
    affinity: Vec<ViewRef>,
    /// The pod matches all its own affinity terms (SCH-IPA-5).
    matches_itself: bool,
    /// One for each anti-affinity term of the pod (SCH-IPA-7).
    anti: Vec<ViewRef>,
    /// Anti-affinity terms of other pods that match this one: the pods that have them (SCH-IPA-8).
    forbidding: Vec<ViewRef>,
}

/// The terms of the class and of placed pods that filter.
pub(crate) fn required_terms(cache: &mut Cache, class: &Class) -> RequiredTerms {
    let (affinity, anti) = (&class.terms.affinity, &class.terms.anti);
    let all: Vec<PodSet> = affinity.iter().map(|term| term.pods.clone()).collect();
    let matches_itself = all.iter().all(|set| set.contains(&class.namespace, &class.labels, &cache.listers));
    RequiredTerms {
        affinity: affinity.iter().map(|term| term_view(cache, term, Counted::In(all.clone()))).collect(),
        matches_itself,
        anti: anti.iter().map(|term| term_view(cache, term, Counted::In(vec![term.pods.clone()]))).collect(),
        forbidding: held_terms(cache, class, |role| role == Role::Forbid)
            .into_iter()
            .map(|(_, view)| view)
            .collect(),
    }
}

/// The preferred terms of the class, and the terms of placed pods that score, with their weights (SCH-S-IPA-1, SCH-S-IPA-2).
pub(crate) fn scoring_terms(cache: &mut Cache, class: &Class) -> Vec<(i64, ViewRef)> {
    let own = class.terms.preferred.iter();
    let mut terms: Vec<_> = own
        .map(|(weight, term)| (*weight, term_view(cache, term, Counted::In(vec![term.pods.clone()]))))
        .collect();
    let held = held_terms(cache, class, |role| role != Role::Forbid);
    terms.extend(held.into_iter().filter_map(|(role, view)| match role {
        Role::Score(weight) => Some((weight, view)),
        Role::Forbid => None,
    }));
    terms
}

fn term_view(cache: &mut Cache, term: &Term, counted: Counted) -> ViewRef {
    let key = cache.topology_key(&term.topology_key);
    cache.plain_view(counted, key)
}

/// Views of the holders of terms that match the class.
fn held_terms(cache: &mut Cache, class: &Class, wanted: impl Fn(Role) -> bool) -> Vec<(Role, ViewRef)> {
    let matching: Vec<_> = cache
        .counters()
        .filter_map(|(_, counter)| match &counter.counted {
            Counted::Holding(role, term)
                if wanted(*role) && term.pods.contains(&class.namespace, &class.labels, &cache.listers) =>
            {
                Some((*role, term.clone()))
            }
            _ => None,
        })
        .collect();
    matching
        .into_iter()
        .map(|(role, term)| (role, term_view(cache, &term, Counted::Holding(role, term.clone()))))
        .collect()
}

impl RequiredTerms {
    /// PreFilter: whether there is anything to filter by (SCH-IPA-10).
    pub(crate) fn is_active(&self, cache: &Cache) -> bool {
        let matched = |view: &ViewRef| cache.get_view(*view).total > 0;
        !self.affinity.is_empty() || !self.anti.is_empty() || self.forbidding.iter().any(matched)
    }

    /// The first check that fails decides (SCH-IPA-1).
    pub(crate) fn filter(&self, cache: &Cache, slot: Slot) -> Option<Verdict> {
        let occupied = |view: &ViewRef| cache.in_domain(*view, slot).is_some_and(|pods| pods > 0);
        if !self.affinity_allows(cache, slot) {
            let code = Code::UnschedulableAndUnresolvable;
            return Some(Verdict::with_reason(Plugin::InterPodAffinity, code, 0));
        }
        if self.anti.iter().any(occupied) {
            return Some(Verdict::with_reason(Plugin::InterPodAffinity, Code::Unschedulable, 1));
        }
        let forbidden = self.forbidding.iter().any(occupied);
        forbidden.then(|| Verdict::with_reason(Plugin::InterPodAffinity, Code::Unschedulable, 2))
    }

    fn affinity_allows(&self, cache: &Cache, slot: Slot) -> bool {
        let mut all_matched = true;
        for &view in &self.affinity {
            match cache.in_domain(view, slot) {
                None => return false,
                Some(0) => all_matched = false,
                Some(_) => {}
            }
        }
        // The first pod of a series matches itself and finds nobody anywhere (SCH-IPA-5).
        all_matched
            || (self.matches_itself && self.affinity.iter().all(|&view| cache.get_view(view).total == 0))
    }
}

/// Sum over the terms of weight times pods in the node's domain (SCH-S-IPA-4). `None` when no pod anywhere matches any term:
/// the plugin is skipped (SCH-S-IPA-3).
pub(crate) fn score(cache: &Cache, terms: &[(i64, ViewRef)], feasible: &[Slot]) -> Option<Vec<i64>> {
    let mut sums = None;
    for (weight, view) in terms.iter().filter(|(_, view)| cache.get_view(*view).total > 0) {
        let sums = sums.get_or_insert_with(|| vec![0; feasible.len()]);
        for (sum, &slot) in sums.iter_mut().zip(feasible) {
            *sum += weight * i64::from(cache.in_domain(*view, slot).unwrap_or(0));
        }
    }
    sums
}

/// Stretches the scores over 0 to 100, in floating point as kube-scheduler does (SCH-S-IPA-4).
pub(crate) fn normalize(raw: i64, min: i64, max: i64) -> i64 {
    if max == min { 0 } else { (MAX_NODE_SCORE as f64 * ((raw - min) as f64 / (max - min) as f64)) as i64 }
}

#[cfg(test)]
mod tests {
    use crate::scheduler::Trace;
    use crate::testing::{bind, pod, scheduler, scores};
    use api::labels::Selector;
    use api::types::{Affinity, PodAffinity, PodAffinityTerm, PodSpec, WeightedPodAffinityTerm};

    const ZONE: &str = "topology.kubernetes.io/zone";
    const NODES: [(&str, &str); 3] = [("a1", "a"), ("a2", "a"), ("b1", "b")];

    fn term(app: &str) -> PodAffinityTerm {
        let labels = pod(0, &[("app", app)], PodSpec::default()).meta.labels;
        PodAffinityTerm {
            selector: Some(Selector::from_labels(&labels)),
            topology_key: ZONE.into(),
            ..PodAffinityTerm::default()
        }
    }

    fn spec(toward: Vec<PodAffinityTerm>, away: Vec<PodAffinityTerm>) -> PodSpec {
        let [pod, pod_anti] =
            [toward, away].map(|required| PodAffinity { required, ..PodAffinity::default() });
        PodSpec { affinity: Affinity { pod, pod_anti, ..Affinity::default() }, ..PodSpec::default() }
    }

    fn check(
        what: &str,
        placed: (&str, PodSpec),
        incoming: (&str, PodSpec),
        expected: Result<&[&str], &str>,
    ) {
        let mut scheduler = scheduler(&NODES);
        bind(&mut scheduler, &pod(1, &[("app", placed.0)], placed.1), "a1");
        let attempt = scheduler.schedule(&pod(2, &[("app", incoming.0)], incoming.1), Trace::Full);
        let mut feasible: Vec<&str> = attempt.feasible.iter().map(|name| &**name).collect();
        feasible.sort_unstable();
        match expected {
            Ok(nodes) => assert_eq!(feasible, nodes, "{what}"),
            Err(message) => assert!(attempt.message.contains(message), "{what}: {}", attempt.message),
        }
    }

    #[test]
    fn required_terms() {
        let plain = PodSpec::default;
        check("towards", ("db", plain()), ("web", spec(vec![term("db")], vec![])), Ok(&["a1", "a2"]));
        check("away", ("db", plain()), ("web", spec(vec![], vec![term("db")])), Ok(&["b1"]));
        check("kept away", ("db", spec(vec![], vec![term("web")])), ("web", plain()), Ok(&["b1"]));
        check(
            "first of a series",
            ("db", plain()),
            ("web", spec(vec![term("web")], vec![])),
            Ok(&["a1", "a2", "b1"]),
        );
        check(
            "nobody to go to",
            ("db", plain()),
            ("web", spec(vec![term("cache")], vec![])),
            Err("3 node(s) didn't match pod affinity rules"),
        );
    }

    #[test]
    fn preferred_terms_of_both_sides_score() {
        let mut attracted = spec(vec![term("web")], vec![]);
        attracted.affinity.pod.preferred.push(WeightedPodAffinityTerm { weight: 10, term: term("web") });
        let mut repelled = PodSpec::default();
        repelled.affinity.pod_anti.preferred.push(WeightedPodAffinityTerm { weight: 4, term: term("db") });
        let mut scheduler = scheduler(&NODES);
        bind(&mut scheduler, &pod(1, &[("app", "db")], attracted), "a1");
        let attempt = scheduler.schedule(&pod(2, &[("app", "web")], repelled), Trace::Full);
        // 10 preferred and 1 required of the placed pod, less 4 of the incoming one; b1 is second in the order.
        assert_eq!(scores(&attempt, "InterPodAffinity"), [(7, 100), (0, 0), (7, 100)]);
    }
}
