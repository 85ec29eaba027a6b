//! Requests that follow from limits (DEF-POD-5) and from the containers (DEF-POD-6).

use manifest::{Map, Tree};

use super::set::{missing, object};
use crate::decode::typed::pod_spec;
use crate::types::{PodSpec, ResourceList, Resources};

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

/// Pod-level resources where some are given (DEF-POD-6). Limits of huge pages are those of the containers together. When there
/// are limits, requests are what the containers request together, else the limits.
pub(super) fn pod_level(spec: &mut Tree) {
    let filled =
        |list: &str| spec.at(&["resources", list]).and_then(Tree::as_map).is_some_and(|map| !map.is_empty());
    if !filled("limits") && !filled("requests") {
        return;
    }
    let typed = pod_spec(spec);
    let Some(resources) = object(spec, "resources") else { return };
    for (name, amount) in of_containers(&typed, |resources| &resources.limits) {
        let requested = resources.at(&["requests", &name]).is_some();
        if is_huge_pages(&name)
            && !requested
            && let Some(limits) = object(resources, "limits")
        {
            missing(limits, &name, amount.to_string());
        }
    }
    let limits = resources.get("limits").and_then(Tree::as_map).cloned().unwrap_or_default();
    if limits.is_empty() {
        return;
    }
    let sum = of_containers(&typed, |resources| &resources.requests);
    let Some(requests) = object(resources, "requests") else { return };
    for resource in ["cpu", "memory"] {
        if let Some(amount) = sum.get(resource) {
            missing(requests, resource, amount.to_string());
        }
    }
    copy(&limits, requests, |name| matches!(name, "cpu" | "memory") || is_huge_pages(name));
}

fn is_huge_pages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

fn copy(from: &Map, to: &mut Tree, wanted: fn(&str) -> bool) {
    for entry in from.iter().filter(|entry| wanted(&entry.key)) {
        missing(to, &entry.key, entry.value.value.clone());
    }
}

/// What all containers request, or are limited to, together: regular ones and sidecars run at once, and each init container
/// runs beside the sidecars before it (SCH-FIT-1).
fn of_containers(spec: &PodSpec, list: fn(&Resources) -> &ResourceList) -> ResourceList {
    let mut total = ResourceList::new();
    for container in &spec.containers {
        add(&mut total, list(&container.resources));
    }
    let (mut sidecars, mut start) = (ResourceList::new(), ResourceList::new());
    for container in &spec.init_containers {
        let mut now = sidecars.clone();
        add(&mut now, list(&container.resources));
        if container.sidecar {
            add(&mut total, list(&container.resources));
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
