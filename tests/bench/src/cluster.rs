//! Nodes and pods for the scheduler alone.

use std::collections::BTreeMap;
use std::rc::Rc;

use api::labels::{Labels, Selector};
use api::quantity::Quantity;
use api::types::{
    Container, Meta, Node, Pod, PodAffinityTerm, PodSpec, ResourceList, Resources, Service, Uid,
};
use rules::SortedMap;
use scheduler::{ClusterEvent, Listers, Options, Queue, Scheduler, Trace};

use crate::{Kind, Scene};

const MI: i64 = 1 << 20;
const HOSTNAME: &str = "kubernetes.io/hostname";

/// A cluster whose pods all wait in the queue.
#[derive(Debug)]
pub struct Cluster {
    scheduler: Scheduler,
    queue: Queue,
    waiting: BTreeMap<Uid, Pod>,
}

impl Cluster {
    pub(crate) fn new(scene: &Scene) -> Self {
        let mut scheduler = Scheduler::new(Options::default());
        for index in 0..scene.nodes {
            scheduler.add_node(Rc::new(node(index)));
        }
        scheduler.set_listers(listers(scene.kind));
        let mut queue = Queue::new();
        let waiting: BTreeMap<Uid, Pod> = pods(scene).map(|pod| (pod.meta.uid, pod)).collect();
        for pod in waiting.values() {
            queue.add(pod, 0);
        }
        Self { scheduler, queue, waiting }
    }

    /// The simulation's loop: one cycle for each pod of the queue, and a bound pod for each that found a node.
    pub(crate) fn place(&mut self) -> u32 {
        let mut placed = 0;
        while let Some(popped) = self.queue.pop(0) {
            let Some(pod) = self.waiting.get_mut(&popped.uid) else { continue };
            let attempt = self.scheduler.schedule(pod, Trace::Outcome);
            if attempt.chosen.is_none() {
                self.queue.failed(pod, &attempt.unschedulable_plugins, 0);
                continue;
            }
            pod.node = attempt.chosen;
            self.queue.remove(popped.uid);
            self.scheduler.add_pod(pod);
            self.queue.event(&ClusterEvent::PodAdded(pod), 0);
            placed += 1;
        }
        placed
    }
}

fn labels<const N: usize>(pairs: [(&str, &str); N]) -> Rc<Labels> {
    Rc::new(pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
}

fn amounts<const N: usize>(pairs: [(&str, Quantity); N]) -> ResourceList {
    pairs.into_iter().map(|(name, amount)| (name.to_owned(), amount)).collect()
}

fn node(index: u32) -> Node {
    let name = format!("node-{}", index + 1);
    let labels = labels([(HOSTNAME, &name), ("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "amd64")]);
    let allocatable = amounts([
        ("cpu", Quantity::whole(4)),
        ("memory", Quantity::whole(32 * 1024 * MI)),
        ("pods", Quantity::whole(110)),
    ]);
    Node {
        meta: Meta { name: name.as_str().into(), labels, ..Meta::default() },
        capacity: allocatable.clone(),
        allocatable,
        ready: true,
        ..Node::default()
    }
}

fn listers(kind: Kind) -> Listers {
    let namespaces = [("default".into(), Rc::default())].into_iter().collect::<SortedMap<_, _>>();
    let services = (kind == Kind::Service).then(|| {
        let meta = Meta { name: "web".into(), namespace: "default".into(), ..Meta::default() };
        Rc::new(Service {
            meta,
            selector: Some(Selector::from_labels(&labels([("app", "web")]))),
            ..Service::default()
        })
    });
    Listers {
        services: Rc::new(services.into_iter().collect()),
        namespaces: Rc::new(namespaces),
        ..Listers::default()
    }
}

/// Pods as a controller makes them: those of a group share labels and spec.
fn pods(scene: &Scene) -> impl Iterator<Item = Pod> {
    let groups = if scene.kind == Kind::AntiAffinity { 5 } else { 1 };
    let templates: Vec<(Rc<Labels>, Rc<PodSpec>)> = (0..groups)
        .map(|group| {
            let labels = labels([("app", "web"), ("group", &group.to_string())]);
            let spec = Rc::new(spec(scene.kind, &labels));
            (labels, spec)
        })
        .collect();
    let per_group = scene.pods.div_ceil(groups);
    let kind = scene.kind;
    (0..scene.pods).map(move |index| {
        let (labels, shared) = &templates[(index / per_group) as usize];
        let spec = if kind == Kind::Bare { Rc::new(spec(kind, labels)) } else { Rc::clone(shared) };
        let meta = Meta {
            name: format!("web-{index}").into(),
            namespace: "default".into(),
            uid: Uid(u64::from(index) + 1),
            labels: Rc::clone(labels),
            ..Meta::default()
        };
        Pod { meta, spec, ..Pod::default() }
    })
}

fn spec(kind: Kind, labels: &Labels) -> PodSpec {
    let cpu = if kind == Kind::Pending { 5_000 } else { 100 };
    let requests = amounts([("cpu", Quantity::milli(cpu)), ("memory", Quantity::whole(500 * MI))]);
    let container = Container {
        name: "web".to_owned(),
        image: "nginx".to_owned(),
        resources: Resources { requests, ..Resources::default() },
        ..Container::default()
    };
    let mut spec = PodSpec { containers: vec![container], ..PodSpec::default() };
    if kind == Kind::AntiAffinity {
        spec.affinity.pod_anti.required.push(PodAffinityTerm {
            selector: Some(Selector::from_labels(labels)),
            topology_key: HOSTNAME.to_owned(),
            ..PodAffinityTerm::default()
        });
    }
    spec
}
