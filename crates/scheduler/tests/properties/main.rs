//! What holds for every cluster, tried on random ones.

mod cluster;
mod random;
mod rules;

use std::rc::Rc;

use api::types::{Node, Pod};
use cluster::{Cluster, names, sorted};
use random::Random;
use scheduler::{Attempt, Trace};

const SEEDS: u64 = 30;
const STEPS: usize = 50;

/// The scheduler that has seen everything happen says the same as one that is told of the outcome only. What it remembers
/// between cycles therefore never shows.
#[test]
fn memory_changes_nothing() {
    for seed in 1..=SEEDS {
        let mut random = Random(seed);
        let mut cluster = Cluster::random(&mut random);
        for step in 0..STEPS {
            cluster.disturb(&mut random);
            let pod = cluster.pod(&mut random);
            let fresh = cluster.fresh().schedule(&pod, Trace::Full);
            let brief = cluster.fresh().schedule(&pod, Trace::Outcome);
            let attempt = cluster.scheduler.schedule(&pod, Trace::Full);
            assert_eq!(sorted(&attempt), sorted(&fresh), "seed {seed}, step {step}");
            let outcome = |attempt: &Attempt| {
                (
                    attempt.message.clone(),
                    attempt.preemption.clone(),
                    attempt.best_count,
                    attempt.feasible_count,
                )
            };
            assert_eq!(outcome(&brief), outcome(&fresh), "seed {seed}, step {step}");
            cluster.follow(pod, &attempt);
        }
    }
}

/// A failure is the answer for the next pod only as long as nothing changes.
#[test]
fn no_failure_outlives_its_reason() {
    let outcome = |attempt: Attempt| (attempt.message, attempt.preemption, attempt.feasible_count);
    let mut failures = 0;
    for seed in 1..=SEEDS {
        let mut random = Random(seed);
        let mut cluster = Cluster::random(&mut random);
        let mut failed: Option<Pod> = None;
        for step in 0..STEPS {
            cluster.disturb(&mut random);
            if let Some(pod) = &failed {
                let fresh = cluster.fresh().schedule(pod, Trace::Full);
                let attempt = cluster.scheduler.schedule(pod, Trace::Outcome);
                assert_eq!(outcome(attempt), outcome(fresh), "seed {seed}, step {step}");
            }
            let pod = cluster.pod(&mut random);
            let attempt = cluster.scheduler.schedule(&pod, Trace::Outcome);
            if attempt.chosen.is_none() && attempt.preemption.is_none() {
                failures += 1;
                failed = Some(pod);
            } else {
                cluster.follow(pod, &attempt);
            }
        }
    }
    assert!(failures > 100, "{failures} failures prove little");
}

#[test]
fn no_placement_breaks_a_rule() {
    for seed in 1..=SEEDS {
        let mut random = Random(seed);
        let mut cluster = Cluster::random(&mut random);
        for step in 0..STEPS {
            let pod = cluster.pod(&mut random);
            let attempt = cluster.scheduler.schedule(&pod, Trace::Full);
            for node in &cluster.nodes {
                let feasible = attempt.feasible.contains(&node.meta.name);
                let broken = rules::broken(&cluster, &pod, node);
                assert_eq!(
                    broken.is_none(),
                    feasible,
                    "seed {seed}, step {step}, {}: {broken:?}\n{:?}",
                    node.meta.name,
                    attempt.rejected
                );
            }
            cluster.follow(pod, &attempt);
        }
    }
}

#[test]
fn the_same_input_gives_the_same_output() {
    let run = |seed: u64| {
        let mut random = Random(seed);
        let mut cluster = Cluster::random(&mut random);
        let mut attempts = Vec::new();
        for _ in 0..STEPS {
            cluster.disturb(&mut random);
            let pod = cluster.pod(&mut random);
            let attempt = cluster.scheduler.schedule(&pod, Trace::Full);
            cluster.follow(pod, &attempt);
            attempts.push(attempt);
        }
        attempts
    };
    for seed in 1..=10 {
        assert_eq!(run(seed), run(seed), "seed {seed}");
    }
}

/// Spread constraints apart (a new domain is an empty one), a new node takes nothing from the others.
#[test]
fn a_new_node_takes_no_node_away() {
    for seed in 1..=SEEDS {
        let mut random = Random(seed);
        let mut cluster = Cluster::random(&mut random);
        for step in 0..STEPS / 2 {
            let pod = cluster.pod(&mut random);
            let attempt = cluster.scheduler.schedule(&pod, Trace::Full);
            if pod.spec.topology_spread.is_empty() {
                let new: Rc<Node> = Rc::new(random.node("new"));
                let mut larger = cluster.fresh();
                larger.add_node(Rc::clone(&new));
                let mut feasible = names(&larger.schedule(&pod, Trace::Full).feasible);
                feasible.retain(|name| *name != *new.meta.name);
                assert_eq!(feasible, names(&attempt.feasible), "seed {seed}, step {step}");
            }
            cluster.follow(pod, &attempt);
        }
    }
}

/// A preemption evicts pods of lower priority only, and makes room: the next attempt takes the nominated node.
#[test]
fn preemption_makes_room() {
    let mut preemptions = 0;
    for seed in 1..=SEEDS {
        let mut random = Random(seed);
        let mut cluster = Cluster::random(&mut random);
        for step in 0..STEPS {
            let mut pod: Pod = cluster.pod(&mut random);
            let attempt = cluster.scheduler.schedule(&pod, Trace::Full);
            let Some(preemption) = attempt.preemption.clone() else {
                cluster.follow(pod, &attempt);
                continue;
            };
            preemptions += 1;
            for victim in &preemption.victims {
                let victim = cluster.evict(victim).expect("a victim is a placed pod");
                assert!(victim.spec.priority < pod.spec.priority, "seed {seed}, step {step}");
            }
            cluster.scheduler.nominate(&pod, &preemption.node);
            pod.status.nominated_node = Some(Rc::clone(&preemption.node));
            let again = cluster.scheduler.schedule(&pod, Trace::Full);
            assert_eq!(again.chosen, Some(preemption.node), "seed {seed}, step {step}");
            cluster.follow(pod, &again);
        }
    }
    assert!(preemptions > 20, "{preemptions} preemptions prove little");
}
