//! The control loop over time: API server, controllers, scheduler and a stand-in for the kubelets, one after the other until
//! nothing changes.
//!
//! A [`Simulation`] is made of nodes, is given commands one by one, and is settled after each. Everything that happened can
//! be read from it: objects, attempts, events, workload statuses. [`crate::analyze`] is a simulation and a report.

mod clock;
mod commands;
mod events;
mod incidents;
mod kubelet;
mod listers;
mod nodes;
mod placing;

pub(crate) use commands::MAX_NODES;
pub use events::Event;
pub use kubelet::Kubelet;
pub use nodes::{cluster_nodes, node_of};

use std::collections::BTreeMap;
use std::rc::Rc;

use api::server::Server;
use api::types::{Node, Uid};
use controllers::{Controllers, WorkloadStatus};
use manifest::sorted::{SortedMap, SortedSet};
use scheduler::{Attempt, Queue, Scheduler};

use events::EventLog;
use kubelet::KubeletState;
use placing::Known;

/// How a simulation differs from the next.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Choice among equal totals (SCH-TIE-3).
    pub seed: u64,
    /// Index of the node that the scheduler looks at first (SCH-ORDER-3).
    pub start_index: u32,
    /// Which attempts are kept in full.
    pub keep: Keep,
    /// The stand-in for the kubelets.
    pub kubelet: Kubelet,
}

/// Which attempts are kept.
#[derive(Clone, Debug, Default)]
pub enum Keep {
    /// Every one, with every verdict and score.
    All,
    /// The last of each Pending pod, for at most so many pods, and of the pods named (namespace/name).
    Pending {
        /// How many pods.
        most: usize,
        /// Pods whose decision is wanted although they are placed.
        named: SortedSet<String>,
    },
    /// None: only the outcome counts.
    #[default]
    None,
}

/// An attempt that was kept.
#[derive(Clone, Debug)]
pub struct AttemptRecord {
    /// The pod.
    pub pod: Uid,
    /// Number of this attempt for the pod, from 1.
    pub number: u32,
    /// Priority of the pod.
    pub priority: i32,
    /// Index of the command after which it was made; 0 is the first.
    pub step: u32,
    /// What the scheduler saw and decided.
    pub attempt: Rc<Attempt>,
}

/// Rounds times pods after which a simulation stops although something still changes: about two seconds.
const MAX_WORK: u64 = 4_000_000;

/// Pods times nodes that the scheduler scores at most: those of 150,000 pods on 5,000 nodes (docs/performance.md).
const MAX_SCORED: usize = 75_000_000;

/// The most pods in any cluster.
const MAX_PODS: usize = 150_000;

/// A cluster that runs.
#[derive(Debug)]
pub struct Simulation {
    server: Server,
    controllers: Controllers,
    scheduler: Scheduler,
    queue: Queue,
    kubelet: KubeletState,
    keep: Keep,
    known: BTreeMap<Uid, Known>,
    known_nodes: SortedMap<Uid, Rc<Node>>,
    seen: Uid,
    listers: listers::Seen,
    attempts: Vec<AttemptRecord>,
    last: SortedMap<Uid, AttemptRecord>,
    ties: BTreeMap<Uid, u32>,
    log: EventLog,
    failing: bool,
    /// How many nodes were generated so far.
    nodes_named: u32,
    step: u32,
    work: u64,
    unsettled: bool,
}

impl Simulation {
    /// A cluster without nodes.
    pub fn new(options: Options) -> Self {
        Self {
            server: Server::new(),
            controllers: Controllers::default(),
            scheduler: Scheduler::new(scheduler::Options {
                seed: options.seed,
                start_index: options.start_index,
            }),
            queue: Queue::new(),
            kubelet: KubeletState::new(options.kubelet),
            keep: options.keep,
            known: BTreeMap::new(),
            known_nodes: SortedMap::new(),
            seen: Uid::default(),
            listers: listers::Seen::default(),
            attempts: Vec::new(),
            last: SortedMap::new(),
            ties: BTreeMap::new(),
            log: EventLog::default(),
            failing: false,
            nodes_named: 0,
            step: 0,
            work: 0,
            unsettled: false,
        }
    }

    /// The API server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The API server, for commands; [`Simulation::settle`] takes notice of what they changed.
    pub fn server_mut(&mut self) -> &mut Server {
        &mut self.server
    }

    /// Adds nodes.
    pub fn add_nodes(&mut self, nodes: impl IntoIterator<Item = Node>) {
        for node in nodes {
            self.nodes_named += 1;
            self.server.create_node(node);
        }
    }

    /// Begins the next command: events and attempts carry its index.
    pub fn next_step(&mut self) {
        self.step += 1;
    }

    /// Lets controllers, scheduler and kubelets work until nothing changes any more.
    pub fn settle(&mut self) {
        self.work = 0;
        self.complete_nodes();
        self.controllers.limit_pods(max_pods(self.server.store().nodes.len()));
        self.notice_changes();
        while self.work < MAX_WORK {
            if !self.round() && !self.pass_time() {
                return;
            }
            self.work += 200 + self.server.store().pods.len() as u64;
        }
        self.unsettled = true;
    }

    /// One turn of everybody; whether anything changed.
    fn round(&mut self) -> bool {
        let mut changed = self.controllers.reconcile(&mut self.server);
        self.log.take_in(self.controllers.take_events(), self.server.now(), self.step);
        changed |= self.notice();
        changed |= self.place();
        changed |= self.run_kubelet();
        changed
    }

    /// The attempts that were kept, in order.
    pub fn attempts(&self) -> &[AttemptRecord] {
        &self.attempts
    }

    /// The last kept attempt of a pod.
    pub fn last_attempt(&self, pod: Uid) -> Option<&AttemptRecord> {
        self.last.get(&pod)
    }

    /// How many nodes shared the best total when a pod was placed; 1 when there was no choice.
    pub fn ties(&self, pod: Uid) -> u32 {
        self.ties.get(&pod).copied().unwrap_or(1)
    }

    /// What happened, in order.
    pub fn events(&self) -> &[Event] {
        self.log.all()
    }

    /// The status of every workload, in order of creation.
    pub fn statuses(&self) -> Vec<WorkloadStatus> {
        self.controllers.statuses(self.server.store())
    }

    /// The error that keeps a workload's pods from being created.
    pub fn creation_error(&self, workload: Uid) -> Option<Rc<str>> {
        self.controllers.creation_error(self.server.store(), workload)
    }

    /// The nodes in the scheduler's order (SCH-ORDER-2).
    pub fn node_order(&self) -> Vec<Rc<str>> {
        self.scheduler.node_order()
    }

    /// Whether a limit of the simulation, and not the cluster, ended it.
    pub fn cut_short(&self) -> bool {
        self.unsettled || self.controllers.capped()
    }

    /// The workload at the root of a pod: the Deployment rather than its ReplicaSet, the pod itself when it is bare.
    pub fn root(&self, pod: Uid) -> Uid {
        root(&self.server, pod)
    }
}

/// The most pods that are simulated on so many nodes: a cycle scores about as many nodes as SCH-ORDER-1 says.
fn max_pods(nodes: usize) -> usize {
    let scored = if nodes <= 100 {
        nodes.max(1)
    } else {
        (nodes * 50usize.saturating_sub(nodes / 125).max(5) / 100).max(100)
    };
    (MAX_SCORED / scored).max(2 * nodes + 1_000).min(MAX_PODS)
}

/// The object at the root of the chain of owners.
fn root(server: &Server, mut uid: Uid) -> Uid {
    for _ in 0..4 {
        match server.meta(uid).and_then(|meta| meta.owner.as_ref()) {
            Some(owner) if server.exists(owner.uid) => uid = owner.uid,
            _ => break,
        }
    }
    uid
}
