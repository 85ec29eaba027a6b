//! Terms of pod affinity and anti-affinity as values: which pods they mean, and in which domain.

use std::rc::Rc;

use api::labels::{Labels, Selector};
use api::types::{PodAffinityTerm, PodSpec, WeightedPodAffinityTerm};

use crate::listers::Listers;

/// hardPodAffinityWeight: what a required affinity term of a placed pod adds (SCH-S-IPA-2).
const HARD_POD_AFFINITY_WEIGHT: i64 = 1;

/// A set of pods: by namespace and labels (SCH-IPA-2).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PodSet {
    /// `None` matches nothing.
    pub(crate) selector: Option<Selector>,
    /// Namespaces by name.
    pub(crate) namespaces: Vec<Rc<str>>,
    /// Namespaces by label; the empty selector is all of them.
    pub(crate) namespace_selector: Option<Selector>,
}

impl PodSet {
    /// The pods that the term of a pod in `namespace` means (SCH-IPA-3).
    fn of(term: &PodAffinityTerm, namespace: &Rc<str>) -> Self {
        let namespaces = if term.namespaces.is_empty() && term.namespace_selector.is_none() {
            vec![Rc::clone(namespace)]
        } else {
            term.namespaces.iter().map(|name| Rc::from(name.as_str())).collect()
        };
        Self {
            selector: term.selector.clone(),
            namespaces,
            namespace_selector: term.namespace_selector.clone(),
        }
    }

    /// Whether a pod with these labels in this namespace is one of them.
    pub(crate) fn contains(&self, namespace: &Rc<str>, labels: &Labels, listers: &Listers) -> bool {
        let selected = || {
            self.namespace_selector.as_ref().is_some_and(|selector| {
                selector.is_empty()
                    || listers.namespaces.get(namespace).is_some_and(|labels| selector.matches(labels))
            })
        };
        (self.namespaces.contains(namespace) || selected())
            && self.selector.as_ref().is_some_and(|selector| selector.matches(labels))
    }
}

/// A term.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Term {
    pub(crate) pods: PodSet,
    pub(crate) topology_key: Rc<str>,
}

/// What a term of a placed pod does to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Required anti-affinity: keeps matching pods out of its domain (SCH-IPA-8).
    Forbid,
    /// Adds to the score of its domain for matching pods (SCH-S-IPA-1, SCH-S-IPA-2).
    Score(i64),
}

/// The terms of a pod.
#[derive(Clone, Debug, Default)]
pub(crate) struct PodTerms {
    pub(crate) affinity: Vec<Term>,
    pub(crate) anti: Vec<Term>,
    /// Preferred terms; anti-affinity has a negative weight.
    pub(crate) preferred: Vec<(i64, Term)>,
}

impl PodTerms {
    pub(crate) fn of(spec: &PodSpec, namespace: &Rc<str>) -> Self {
        let term = |term: &PodAffinityTerm| Term {
            pods: PodSet::of(term, namespace),
            topology_key: term.topology_key.as_str().into(),
        };
        let weighted = |sign: i64| {
            move |weighted: &WeightedPodAffinityTerm| {
                (sign * i64::from(weighted.weight), term(&weighted.term))
            }
        };
        let affinity = &spec.affinity;
        let attract = affinity.pod.preferred.iter().map(weighted(1));
        let repel = affinity.pod_anti.preferred.iter().map(weighted(-1));
        Self {
            affinity: affinity.pod.required.iter().map(term).collect(),
            anti: affinity.pod_anti.required.iter().map(term).collect(),
            preferred: attract.chain(repel).collect(),
        }
    }

    /// What the pod's terms do to others once it is placed.
    pub(crate) fn held(&self) -> impl Iterator<Item = (Role, &Term)> {
        let forbid = self.anti.iter().map(|term| (Role::Forbid, term));
        let hard = self.affinity.iter().map(|term| (Role::Score(HARD_POD_AFFINITY_WEIGHT), term));
        let soft = self.preferred.iter().map(|(weight, term)| (Role::Score(*weight), term));
        forbid.chain(hard).chain(soft)
    }
}
