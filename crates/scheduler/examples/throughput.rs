//! How many pods a second the scheduler places: `cargo run --profile native -p scheduler --example throughput`.
#![expect(clippy::print_stdout, reason = "the figures are the point")]
#![expect(clippy::disallowed_types, reason = "a benchmark needs the clock")]

use std::rc::Rc;
use std::time::Instant;

use api::labels::{Labels, Selector};
use api::quantity::Quantity;
use api::types::{
    Affinity, Container, Meta, Node, Pod, PodAffinity, PodAffinityTerm, PodSpec, Resources, Service, Uid,
};
use scheduler::{Listers, Options, Scheduler, Trace};

fn labels(pairs: &[(&str, &str)]) -> Rc<Labels> {
    Rc::new(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
}

fn cluster(nodes: usize) -> Scheduler {
    let mut scheduler = Scheduler::new(Options::default());
    for index in 0..nodes {
        let name = format!("node-{index}");
        let zone = format!("zone-{}", index % 3);
        let labels = labels(&[("kubernetes.io/hostname", &name), ("topology.kubernetes.io/zone", &zone)]);
        let mut node =
            Node { meta: Meta { name: name.into(), labels, ..Meta::default() }, ..Node::default() };
        node.allocatable.insert("cpu".into(), Quantity::whole(32));
        node.allocatable.insert("memory".into(), Quantity::whole(128 << 30));
        node.allocatable.insert("pods".into(), Quantity::whole(110));
        scheduler.add_node(Rc::new(node));
    }
    scheduler
}

fn spec() -> PodSpec {
    let mut resources = Resources::default();
    resources.requests.insert("cpu".into(), Quantity::milli(100));
    resources.requests.insert("memory".into(), Quantity::whole(128 << 20));
    PodSpec { containers: vec![Container { resources, ..Container::default() }], ..PodSpec::default() }
}

/// Pods of `owners` owners with `each` replicas, one owner after the other.
fn place(what: &str, mut scheduler: Scheduler, owners: usize, each: usize, spec: &PodSpec) {
    let begin = Instant::now();
    let (mut placed, mut uid) = (0, 0);
    for owner in 0..owners {
        let labels = labels(&[("app", &format!("app-{owner}"))]);
        let spec = Rc::new(spec.clone());
        let namespace: Rc<str> = "default".into();
        for replica in 0..each {
            uid += 1;
            let name = format!("app-{owner}-{replica}");
            let meta = Meta {
                name: name.into(),
                namespace: Rc::clone(&namespace),
                uid: Uid(uid),
                labels: Rc::clone(&labels),
                ..Meta::default()
            };
            let mut pod = Pod { meta, spec: Rc::clone(&spec), ..Pod::default() };
            pod.node = scheduler.schedule(&pod, Trace::Outcome).chosen;
            if pod.node.is_some() {
                scheduler.add_pod(&pod);
                placed += 1;
            }
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "{what}: {placed} of {uid} placed in {seconds:.3} s, {:.0} pods/s",
        f64::from(uid as u32) / seconds
    );
}

fn services(count: usize) -> Listers {
    let service = |index: usize| {
        let labels = labels(&[("app", &format!("app-{index}"))]);
        let meta =
            Meta { name: format!("app-{index}").into(), namespace: "default".into(), ..Meta::default() };
        Rc::new(Service { meta, selector: Some(Selector::from_labels(&labels)), ..Service::default() })
    };
    Listers { services: Rc::new((0..count).map(service).collect()), ..Listers::default() }
}

fn main() {
    // A word of a scenario's name runs only those scenarios.
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let plain = spec();
    let term = PodAffinityTerm {
        selector: Some(Selector::from_labels(&labels(&[("app", "app-0")]))),
        topology_key: "kubernetes.io/hostname".into(),
        ..PodAffinityTerm::default()
    };
    let pod_anti = PodAffinity { required: vec![term], ..PodAffinity::default() };
    let alone = PodSpec { affinity: Affinity { pod_anti, ..Affinity::default() }, ..plain.clone() };
    let scenarios = [
        ("1,000 nodes, plain", 1000, 0, 1, 5000, &plain),
        ("1,000 nodes, behind a Service", 1000, 1, 1, 5000, &plain),
        ("5,000 nodes, plain", 5000, 0, 1, 10_000, &plain),
        ("1,000 nodes, each pod alone on its node", 1000, 0, 1, 5000, &alone),
        ("5,000 nodes, 1,500 owners behind Services", 5000, 1500, 1500, 100, &plain),
    ];
    for (what, nodes, served, owners, each, spec) in
        scenarios.into_iter().filter(|(what, ..)| what.contains(&wanted))
    {
        let mut scheduler = cluster(nodes);
        scheduler.set_listers(services(served));
        place(what, scheduler, owners, each, spec);
    }
}
