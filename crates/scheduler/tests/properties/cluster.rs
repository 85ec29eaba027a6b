//! A cluster with a scheduler that sees everything happen, and plain lists of what is there.

use std::collections::BTreeMap;
use std::rc::Rc;

use api::labels::{Labels, Selector};
use api::types::{Meta, Node, Pod, PodSpec, Service, Uid};
use scheduler::{Attempt, DisruptionBudget, Listers, Options, Rejection, Scheduler, Score};

use crate::random::{Random, labels};

pub(crate) struct Cluster {
    pub(crate) scheduler: Scheduler,
    pub(crate) nodes: Vec<Rc<Node>>,
    /// Bound pods.
    pub(crate) pods: Vec<Pod>,
    listers: Listers,
    templates: Vec<(Rc<PodSpec>, Rc<Labels>)>,
    created: u64,
    start_index: u32,
}

impl Cluster {
    pub(crate) fn random(random: &mut Random) -> Self {
        let nodes: Vec<_> =
            (0..3 + random.below(8)).map(|index| Rc::new(random.node(&format!("node-{index}")))).collect();
        let templates = (0..8).map(|_| (Rc::new(random.spec()), Rc::new(random.labels()))).collect();
        let mut cluster = Self {
            scheduler: Scheduler::default(),
            nodes,
            pods: Vec::new(),
            listers: Listers::default(),
            templates,
            created: 0,
            start_index: 0,
        };
        cluster.set_listers(random);
        cluster.scheduler = cluster.fresh();
        cluster
    }

    /// A scheduler that is told of everything at once.
    pub(crate) fn fresh(&self) -> Scheduler {
        let mut scheduler = Scheduler::new(Options { seed: 0, start_index: self.start_index });
        for node in &self.nodes {
            scheduler.add_node(Rc::clone(node));
        }
        scheduler.set_listers(self.listers.clone());
        for pod in &self.pods {
            scheduler.add_pod(pod);
        }
        scheduler
    }

    fn set_listers(&mut self, random: &mut Random) {
        let selector = Some(Selector::from_labels(&labels(&[("app", "web")])));
        let meta = Meta { name: "web".into(), namespace: "default".into(), ..Meta::default() };
        let service = Service { meta, selector: selector.clone(), ..Service::default() };
        let budget = DisruptionBudget {
            namespace: "default".into(),
            selector,
            disruptions_allowed: random.below(3) as i32,
        };
        self.listers.services = Rc::new(if random.once_in(2) { vec![Rc::new(service)] } else { vec![] });
        self.listers.budgets = Rc::new(vec![budget]);
    }

    /// A new pod of some template; now and then of a new one.
    pub(crate) fn pod(&mut self, random: &mut Random) -> Pod {
        if random.once_in(10) {
            let index = random.below(self.templates.len());
            self.templates[index] = (Rc::new(random.spec()), Rc::new(random.labels()));
        }
        let (spec, labels) = random.pick(&self.templates).clone();
        self.created += 1;
        let name = format!("pod-{}", self.created);
        let meta = Meta {
            name: name.into(),
            namespace: "default".into(),
            uid: Uid(self.created),
            labels,
            ..Meta::default()
        };
        let mut pod = Pod { meta, spec, ..Pod::default() };
        pod.status.started = self.created;
        pod
    }

    /// Something happens to the cluster, or nothing.
    pub(crate) fn disturb(&mut self, random: &mut Random) {
        match random.below(12) {
            0 => {
                let index = random.below(self.nodes.len());
                let mut node = (*self.nodes[index]).clone();
                random.change_node(&mut node);
                self.nodes[index] = Rc::new(node);
                self.scheduler.update_node(Rc::clone(&self.nodes[index]));
            }
            1 if self.nodes.len() > 2 => {
                let node = self.nodes.remove(random.below(self.nodes.len()));
                self.scheduler.remove_node(&node.meta.name);
            }
            2 => {
                let node = Rc::new(random.node(&format!("late-{}", self.created)));
                self.scheduler.add_node(Rc::clone(&node));
                self.nodes.push(node);
            }
            3 => {
                self.set_listers(random);
                self.scheduler.set_listers(self.listers.clone());
            }
            4 | 5 if !self.pods.is_empty() => {
                let pod = self.pods.remove(random.below(self.pods.len()));
                self.scheduler.remove_pod(pod.meta.uid);
            }
            6 if !self.pods.is_empty() => {
                let index = random.below(self.pods.len());
                self.pods[index].meta.deleting = true;
                self.scheduler.update_pod(&self.pods[index]);
            }
            7 if !self.pods.is_empty() => {
                let index = random.below(self.pods.len());
                self.pods[index].meta.labels = Rc::new(random.labels());
                self.scheduler.update_pod(&self.pods[index]);
            }
            8 if !self.pods.is_empty() => {
                let index = random.below(self.pods.len());
                self.pods[index].status.started += 1000;
                self.scheduler.update_pod(&self.pods[index]);
            }
            _ => {}
        }
    }

    /// Binds the pod where the attempt wants it; what preemption would do is left undone.
    pub(crate) fn follow(&mut self, mut pod: Pod, attempt: &Attempt) {
        let looked_at = attempt.feasible.len() + attempt.rejected.len();
        if pod.status.nominated_node.is_none() {
            self.start_index = (attempt.start_index + looked_at as u32) % attempt.nodes;
        }
        if let Some(node) = &attempt.chosen {
            pod.node = Some(Rc::clone(node));
            self.scheduler.add_pod(&pod);
            self.pods.push(pod);
        }
    }

    /// Removes the pod of that namespace/name.
    pub(crate) fn evict(&mut self, name: &str) -> Option<Pod> {
        let index =
            self.pods.iter().position(|pod| name.strip_prefix("default/") == Some(&*pod.meta.name))?;
        let pod = self.pods.remove(index);
        self.scheduler.remove_pod(pod.meta.uid);
        Some(pod)
    }
}

pub(crate) fn names(names: &[Rc<str>]) -> Vec<String> {
    let mut names: Vec<String> = names.iter().map(ToString::to_string).collect();
    names.sort();
    names
}

/// An attempt without the order in which nodes were looked at.
#[derive(Debug, PartialEq)]
pub(crate) struct Sorted {
    feasible: Vec<String>,
    rejected: BTreeMap<Rc<str>, Rejection>,
    scores: BTreeMap<(Rc<str>, Rc<str>), Score>,
    totals: BTreeMap<Rc<str>, i64>,
    best: Vec<String>,
    message: String,
    plugins: Vec<Rc<str>>,
    preempts: bool,
}

pub(crate) fn sorted(attempt: &Attempt) -> Sorted {
    let mut scores = BTreeMap::new();
    for plugin in &attempt.scores {
        for (node, score) in attempt.feasible.iter().zip(&plugin.scores) {
            scores.insert((Rc::clone(node), Rc::clone(&plugin.plugin)), *score);
        }
    }
    Sorted {
        feasible: names(&attempt.feasible),
        rejected: attempt.rejected.iter().cloned().collect(),
        scores,
        totals: attempt.feasible.iter().cloned().zip(attempt.totals.iter().copied()).collect(),
        best: names(&attempt.best),
        message: attempt.message.clone(),
        plugins: attempt.unschedulable_plugins.clone(),
        preempts: attempt.preemption.is_some(),
    }
}
