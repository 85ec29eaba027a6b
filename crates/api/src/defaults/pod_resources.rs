//! Requests that follow from limits (DEF-POD-5) and from the containers (DEF-POD-6).

use manifest::{Map, Tree};

use super::set::{missing, object};
use crate::decode::typed::pod_spec;
use crate::types::{PodSpec, ResourceList};

/// Each limit without a request becomes a request (DEF-POD-5).
pub(super) fn requests_from_limits(container: &mut Tree) {
    let limits = container.at(&["resources", "limits"]).and_then(Tree::as_map).cloned().unwrap_or_default();
    if limits.is_empty() {
        return;
    }
    let requests = object(container, "resources").and_then(|resources| object(resources, "requests"));
    if let Some(requests) = requests {
        copy(&limits, requests, |_| true);
    }
}

/// Pod-level requests: what the containers request together, else the pod-level limit (DEF-POD-6).
/// DIFFERENCE: pod-level limits of huge pages are not derived from the containers' limits.
pub(super) fn pod_level(spec: &mut Tree) {
    let limits = spec.at(&["resources", "limits"]).and_then(Tree::as_map).cloned().unwrap_or_default();
    if limits.is_empty() {
        return;
    }
    let sum = of_containers(&pod_spec(spec));
    let Some(requests) = object(spec, "resources").and_then(|resources| object(resources, "requests")) else {
        return;
    };
    for resource in ["cpu", "memory"] {
        if let Some(amount) = sum.get(resource) {
            missing(requests, resource, amount.to_string());
        }
    }
    copy(&limits, requests, |name| matches!(name, "cpu" | "memory") || name.starts_with("hugepages-"));
}

fn copy(from: &Map, to: &mut Tree, wanted: fn(&str) -> bool) {
    for entry in from.iter().filter(|entry| wanted(&entry.key)) {
        missing(to, &entry.key, entry.value.value.clone());
    }
}

/// What all containers request together: regular ones and sidecars run at once, and each init container runs beside the
/// sidecars before it (SCH-FIT-1).
fn of_containers(spec: &PodSpec) -> ResourceList {
    let mut total = ResourceList::new();
    for container in &spec.containers {
        add(&mut total, &container.resources.requests);
    }
    let (mut sidecars, mut start) = (ResourceList::new(), ResourceList::new());
    for container in &spec.init_containers {
        let mut now = sidecars.clone();
        add(&mut now, &container.resources.requests);
        if container.sidecar {
            add(&mut total, &container.resources.requests);
            sidecars = now.clone();
        }
        at_least(&mut start, &now);
    }
    at_least(&mut total, &start);
    total
}

fn add(sum: &mut ResourceList, amounts: &ResourceList) {
    for (name, amount) in amounts {
        *sum.entry(name.clone()).or_default() += *amount;
    }
}

fn at_least(most: &mut ResourceList, amounts: &ResourceList) {
    for (name, amount) in amounts {
        let entry = most.entry(name.clone()).or_insert(*amount);
        *entry = (*entry).max(*amount);
    }
}
