//! What holds for every manifest, tried on random ones: nothing that was placed breaks a rule, and the same cluster ends the same.
//!
//! The rules are written once more as plainly as they can be, over the pods as they ended. What one decision of the scheduler may
//! be is tested where the scheduler is (`crates/scheduler/tests/properties`).

mod manifests;

use std::collections::BTreeMap;

use api::kubectl::Options;
use api::labels::Labels;
use api::server::Store;
use api::types::{Node, Pod, PodAffinityTerm, TaintEffect, TolerationOperator, UnsatisfiableAction};
use manifests::Manifest;
use rules::simulation::{Simulation, cluster_nodes};
use rules::{ClusterSpec, Input, analyze};

const SEEDS: u64 = 60;

fn cluster(manifest: &Manifest) -> ClusterSpec {
    let mut cluster = ClusterSpec { nodes: manifest.nodes, ..ClusterSpec::default() };
    cluster.zones = manifest.zones.iter().map(|zone| (*zone).to_owned()).collect();
    cluster.shape.cpu = "2".into();
    for (index, taint) in &manifest.taints {
        cluster.overrides.entry(*index).or_default().taints.push((*taint).to_owned());
    }
    cluster
}

/// The cluster at rest, and what kubectl printed.
fn settled(manifest: &Manifest) -> (Simulation, Vec<String>) {
    let mut simulation = Simulation::new(rules::simulation::Options::default());
    simulation.add_nodes(cluster_nodes(&cluster(manifest)));
    let applied = simulation.apply(&manifest.text(), &Options { strict: true, ..Options::default() });
    assert_eq!(applied.stderr, [""; 0], "{}", manifest.text());
    simulation.settle();
    assert!(!simulation.cut_short());
    (simulation, applied.stdout)
}

/// Nodes, and the pods on each.
struct Placed<'a> {
    nodes: BTreeMap<&'a str, (&'a Node, Vec<&'a Pod>)>,
}

impl<'a> Placed<'a> {
    fn of(store: &'a Store) -> Self {
        let on = |node: &Node| {
            store.pods.values().filter(|pod| pod.node.as_ref() == Some(&node.meta.name)).collect::<Vec<_>>()
        };
        Self { nodes: store.nodes.values().map(|node| (&*node.meta.name, (&**node, on(node)))).collect() }
    }

    fn pods(&self) -> impl Iterator<Item = (&'a Node, &'a Pod)> {
        self.nodes.values().flat_map(|(node, pods)| pods.iter().map(|pod| (*node, *pod)))
    }
}

fn sum(pods: &[&Pod], resource: &str) -> i64 {
    let containers = pods.iter().flat_map(|pod| &pod.spec.containers);
    containers
        .filter_map(|container| container.resources.requests.get(resource))
        .map(|amount| amount.milli_value())
        .sum()
}

fn no_node_is_over_committed(placed: &Placed<'_>) -> bool {
    placed.nodes.values().all(|(node, pods)| {
        let has = |resource: &str, used: i64| {
            used <= node.allocatable.get(resource).map_or(0, |amount| amount.milli_value())
        };
        has("cpu", sum(pods, "cpu"))
            && has("memory", sum(pods, "memory"))
            && has("pods", 1000 * pods.len() as i64)
    })
}

fn no_host_port_is_held_twice(placed: &Placed<'_>) -> bool {
    placed.nodes.values().all(|(_, pods)| {
        let ports = pods.iter().flat_map(|pod| &pod.spec.containers).flat_map(|container| &container.ports);
        let mut held: Vec<_> =
            ports.filter(|port| port.host_port > 0).map(|port| (port.protocol, port.host_port)).collect();
        held.sort_unstable();
        held.windows(2).all(|pair| pair[0] != pair[1])
    })
}

fn taints_are_tolerated(placed: &Placed<'_>) -> bool {
    placed.pods().all(|(node, pod)| {
        node.taints.iter().filter(|taint| taint.effect != TaintEffect::PreferNoSchedule).all(|taint| {
            pod.spec.tolerations.iter().any(|toleration| {
                let value =
                    toleration.operator == TolerationOperator::Exists || toleration.value == taint.value;
                toleration.key == taint.key
                    && toleration.effect.is_none_or(|effect| effect == taint.effect)
                    && value
            })
        })
    })
}

fn means(term: &PodAffinityTerm, owner: &Pod, other: &Pod) -> bool {
    owner.meta.namespace == other.meta.namespace
        && term.selector.as_ref().is_some_and(|selector| selector.matches(&other.meta.labels))
}

fn share_domain(term: &PodAffinityTerm, left: &Node, right: &Node) -> bool {
    let domain = |node: &Node| node.meta.labels.get(&term.topology_key).cloned();
    domain(left).is_some() && domain(left) == domain(right)
}

fn required_affinity_holds(placed: &Placed<'_>) -> bool {
    placed.pods().all(|(node, pod)| {
        pod.spec.affinity.pod.required.iter().all(|term| {
            placed.pods().any(|(place, other)| means(term, pod, other) && share_domain(term, node, place))
        })
    })
}

fn required_anti_affinity_holds(placed: &Placed<'_>) -> bool {
    placed.pods().all(|(node, pod)| {
        pod.spec.affinity.pod_anti.required.iter().all(|term| {
            placed.pods().all(|(place, other)| {
                pod.meta.uid == other.meta.uid || !means(term, pod, other) || !share_domain(term, node, place)
            })
        })
    })
}

fn selects(pod: &Pod, labels: &Labels) -> bool {
    pod.spec.node_selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

fn node_selectors_hold(placed: &Placed<'_>) -> bool {
    placed.pods().all(|(node, pod)| selects(pod, &node.meta.labels))
}

fn no_domain_is_ahead(placed: &Placed<'_>) -> bool {
    placed.pods().all(|(_, pod)| {
        let hard = pod
            .spec
            .topology_spread
            .iter()
            .filter(|constraint| constraint.when_unsatisfiable == UnsatisfiableAction::DoNotSchedule);
        hard.into_iter().all(|constraint| {
            let mut counts: BTreeMap<&str, i32> = BTreeMap::new();
            for (node, pods) in placed.nodes.values().filter(|(node, _)| selects(pod, &node.meta.labels)) {
                let Some(domain) = node.meta.labels.get(&constraint.topology_key) else { continue };
                let kin = |other: &&&Pod| {
                    constraint.selector.as_ref().is_some_and(|selector| selector.matches(&other.meta.labels))
                };
                *counts.entry(domain).or_default() += pods.iter().filter(kin).count() as i32;
            }
            let (most, least) = (counts.values().max().unwrap_or(&0), counts.values().min().unwrap_or(&0));
            most - least <= constraint.max_skew
        })
    })
}

/// What must hold of pods on nodes.
type Rule = fn(&Placed<'_>) -> bool;

#[test]
fn no_cluster_ends_with_a_broken_rule() {
    let rules: [(&str, Rule); 7] = [
        ("no node is over-committed", no_node_is_over_committed),
        ("no host port is held twice", no_host_port_is_held_twice),
        ("taints are tolerated", taints_are_tolerated),
        ("node selectors hold", node_selectors_hold),
        ("required affinity holds", required_affinity_holds),
        ("required anti-affinity holds", required_anti_affinity_holds),
        ("no domain is ahead", no_domain_is_ahead),
    ];
    let (mut running, mut pending) = (0, 0);
    for seed in 1..=SEEDS {
        let manifest = Manifest::random(seed);
        let (simulation, _) = settled(&manifest);
        let store = simulation.server().store();
        let placed = Placed::of(store);
        for (rule, holds) in rules {
            assert!(holds(&placed), "seed {seed}: {rule}\n{}", manifest.text());
        }
        running += placed.pods().count();
        pending += store.pods.values().filter(|pod| pod.node.is_none()).count();
    }
    assert!(running > 500 && pending > 100, "{running} placed and {pending} Pending pods prove little");
}

#[test]
fn the_same_input_gives_the_same_report() {
    let report = |seed: u64| {
        let manifest = Manifest::random(seed);
        let report =
            analyze(&Input { text: manifest.text(), cluster: cluster(&manifest), ..Input::default() });
        serde_json::to_string(&report).expect("a report is plain data")
    };
    for seed in 1..=4 {
        assert!(report(seed) == report(seed), "seed {seed}");
    }
}

/// What a user sees of the outcome, whatever the order of lines. Suffixes of names are invented, and left out.
fn outcome(manifest: &Manifest) -> Vec<String> {
    let (simulation, mut lines) = settled(manifest);
    let store = simulation.server().store();
    let name = |uid| simulation.server().meta(uid).map_or("", |meta| &*meta.name);
    lines.extend(store.pods.values().map(|pod| {
        let root = simulation.root(pod.meta.uid);
        format!("pod of {}: {:?} {:?}", name(root), pod.node, pod.status.scheduled)
    }));
    let routes = reach::routes(store, &reach::Settings::default());
    lines.extend(routes.iter().map(|route| format!("{} {:?} {}", route.source, route.state, route.url)));
    lines.sort_unstable();
    lines
}

/// Pods queue in the order of the workloads. Where Services, budgets and configuration stand among them says nothing.
#[test]
fn the_place_of_other_documents_says_nothing() {
    for seed in 1..=SEEDS / 3 {
        let manifest = Manifest::random(seed);
        let expected = outcome(&manifest);
        for shuffle in 1..=2 {
            let shuffled = manifest.with_others_elsewhere(seed * 10 + shuffle);
            assert_eq!(outcome(&shuffled), expected, "seed {seed}.{shuffle}\n{}", shuffled.text());
        }
    }
}

/// How many pods a workload makes does not depend on its neighbours, and so not on their order.
#[test]
fn the_order_of_workloads_changes_no_number_of_replicas() {
    let made = |manifest: &Manifest| {
        let (simulation, _) = settled(manifest);
        let statuses = simulation.statuses().into_iter().filter(|status| status.owner.is_none());
        let mut made: Vec<_> = statuses.map(|status| (status.name, status.wanted, status.created)).collect();
        made.sort();
        made
    };
    for seed in 1..=SEEDS / 3 {
        let manifest = Manifest::random(seed);
        assert_eq!(made(&manifest.reversed()), made(&manifest), "seed {seed}");
    }
}
