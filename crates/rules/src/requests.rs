//! What a pod requests, and what is left on a node.

use api::quantity::Quantity;
use api::types::{Node, Pod, PodSpec, ResourceList};

/// The requests of a pod: its containers and sidecars, or its largest init step, and the overhead (SCH-FIT-1).
pub(crate) fn of_pod(spec: &PodSpec) -> ResourceList {
    let mut running = ResourceList::new();
    for container in &spec.containers {
        add(&mut running, &container.resources.requests);
    }
    let mut sidecars = ResourceList::new();
    let mut peak = ResourceList::new();
    for container in &spec.init_containers {
        let mut step = sidecars.clone();
        add(&mut step, &container.resources.requests);
        raise(&mut peak, &step);
        if container.sidecar {
            sidecars = step;
        }
    }
    add(&mut running, &sidecars);
    raise(&mut running, &peak);
    for (name, amount) in &spec.resources.requests {
        running.insert(name.clone(), *amount);
    }
    add(&mut running, &spec.overhead);
    running
}

fn add(total: &mut ResourceList, more: &ResourceList) {
    for (name, amount) in more {
        *total.entry(name.clone()).or_default() += *amount;
    }
}

fn raise(total: &mut ResourceList, other: &ResourceList) {
    for (name, amount) in other {
        let entry = total.entry(name.clone()).or_default();
        *entry = (*entry).max(*amount);
    }
}

/// How much of a resource a node has left beside the pods given.
pub(crate) fn free<'a>(node: &Node, pods: impl Iterator<Item = &'a Pod>, resource: &str) -> Quantity {
    let zero = Quantity::default();
    let used: Quantity = pods.map(|pod| of_pod(&pod.spec).get(resource).copied().unwrap_or(zero)).sum();
    node.allocatable.get(resource).copied().unwrap_or(zero) - used
}
