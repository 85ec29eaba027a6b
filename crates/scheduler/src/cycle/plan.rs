//! Plans: what filters and scores of a class look up, resolved to counters once.

use std::rc::Rc;

use crate::cache::{Cache, ViewRef};
use crate::class::ClassId;
use crate::plugins::inter_pod_affinity::{self, RequiredTerms};
use crate::plugins::pod_topology_spread::{self, HardConstraint, SoftConstraints};

/// What the filters of a class look up.
#[derive(Debug)]
pub(crate) struct FilterPlan {
    version: u32,
    pub(crate) spread: Vec<HardConstraint>,
    pub(crate) affinity: RequiredTerms,
}

/// What the scores of a class look up. It is made only when there is a choice: a DaemonSet's pods never need it.
#[derive(Debug)]
pub(crate) struct ScorePlan {
    version: u32,
    pub(crate) spread: SoftConstraints,
    pub(crate) affinity: Vec<(i64, ViewRef)>,
}

impl Cache {
    /// The filter plan of a class.
    pub(crate) fn filter_plan(&mut self, id: ClassId) -> Rc<FilterPlan> {
        self.bound_views();
        if let Some(plan) = self.state(id).filter_plan.as_ref().filter(|plan| plan.version == self.version) {
            return Rc::clone(plan);
        }
        let class = Rc::clone(&self.state(id).class);
        let plan = Rc::new(FilterPlan {
            version: self.version,
            spread: pod_topology_spread::hard_constraints(self, &class),
            affinity: inter_pod_affinity::required_terms(self, &class),
        });
        self.state_mut(id).filter_plan = Some(Rc::clone(&plan));
        plan
    }

    /// The score plan of a class.
    pub(crate) fn score_plan(&mut self, id: ClassId) -> Rc<ScorePlan> {
        if let Some(plan) = self.state(id).score_plan.as_ref().filter(|plan| plan.version == self.version) {
            return Rc::clone(plan);
        }
        let class = Rc::clone(&self.state(id).class);
        let plan = Rc::new(ScorePlan {
            version: self.version,
            spread: pod_topology_spread::soft_constraints(self, &class),
            affinity: inter_pod_affinity::scoring_terms(self, &class),
        });
        self.state_mut(id).score_plan = Some(Rc::clone(&plan));
        plan
    }
}
