//! `kubectl describe node`, with what its pods request.

use api::quantity::Quantity;
use api::types::{Container, Pod, PodSpec, ResourceList};
use manifest::Tree;

use super::Page;
use crate::kubectl::get::cells::roles;
use crate::kubectl::objects::Cluster;
use crate::kubectl::time::{rfc1123, since, stamp};
use crate::kubectl::tree::{at_or, is, none_if_empty, pairs, shown, sorted_by};
use crate::requests;

/// A Node.
pub(super) fn describe(cluster: &Cluster<'_>, node: &Tree, page: &mut Page) {
    let name = node.str_at(&["metadata", "name"]);
    page.field(0, "Name", name);
    page.field(0, "Roles", &none_if_empty(roles(node)));
    page.marks(node);
    page.time(0, "CreationTimestamp", node, &["metadata", "creationTimestamp"]);
    page.lines("Taints", &taints(node));
    page.field(0, "Unschedulable", if is(node, &["spec", "unschedulable"]) { "true" } else { "false" });
    // The lease is a kubelet's heartbeat, and no kubelet runs here.
    page.field(0, "Lease", &format!("Failed to get lease: leases.coordination.k8s.io \"{name}\" not found"));
    page.line(0, "Conditions:");
    page.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    page.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for condition in node.list_at(&["status", "conditions"]) {
        let field = |name: &str| condition.get(name).map(shown).unwrap_or_default();
        let time = |name: &str| rfc1123(condition.str_at(&[name]));
        page.line(
            1,
            &format!(
                "{} \t{} \t{} \t{} \t{} \t{}",
                field("type"),
                field("status"),
                time("lastHeartbeatTime"),
                time("lastTransitionTime"),
                field("reason"),
                field("message")
            ),
        );
    }
    page.line(0, "Addresses:");
    for address in node.list_at(&["status", "addresses"]) {
        page.field(1, address.str_at(&["type"]), address.str_at(&["address"]));
    }
    for (field, label) in [("capacity", "Capacity:"), ("allocatable", "Allocatable:")] {
        let amounts = pairs(node.at(&["status", field]));
        if !amounts.is_empty() {
            page.line(0, label);
            for (name, amount) in &amounts {
                page.field(1, name, amount);
            }
        }
    }
    page.line(0, "System Info:");
    for (label, field) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ] {
        page.field(1, label, node.str_at(&["status", "nodeInfo", field]));
    }
    page.some(0, "PodCIDR", node.str_at(&["spec", "podCIDR"]));
    page.some(0, "PodCIDRs", &crate::kubectl::tree::joined(node.list_at(&["spec", "podCIDRs"]), ","));
    page.some(0, "ProviderID", node.str_at(&["spec", "providerID"]));
    pods(cluster, node, page);
}

/// Sorted by effect and key.
fn taints(node: &Tree) -> Vec<String> {
    let taints = node.list_at(&["spec", "taints"]).iter().collect();
    let sorted = sorted_by(taints, |at: &&Tree| [at.str_at(&["effect"]), ",", at.str_at(&["key"])].concat());
    let text = |taint: &&Tree| {
        let (key, value, effect) =
            (taint.str_at(&["key"]), taint.str_at(&["value"]), taint.str_at(&["effect"]));
        if value.is_empty() { format!("{key}:{effect}") } else { format!("{key}={value}:{effect}") }
    };
    sorted.iter().map(text).collect()
}

fn pods(cluster: &Cluster<'_>, node: &Tree, page: &mut Page) {
    let name = node.str_at(&["metadata", "name"]);
    let store = cluster.server().store();
    let pods: Vec<&Pod> = store
        .pods
        .values()
        .filter(|pod| pod.node.as_deref() == Some(name) && !pod.status.phase.is_terminal())
        .collect();
    let pods = sorted_by(pods, |pod| format!("{}/{}", pod.meta.namespace, pod.meta.name));
    let allocatable = |resource: &str| {
        Quantity::parse(&at_or(node, &["status", "allocatable", resource], "0")).unwrap_or_default()
    };
    page.field(0, "Non-terminated Pods", &format!("({} in total)", pods.len()));
    page.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    page.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    let (mut all_requests, mut all_limits) = (ResourceList::new(), ResourceList::new());
    for pod in pods {
        let (requests, limits) = (requests::of_pod(&pod.spec), limits(&pod.spec));
        let cell = |list: &ResourceList, resource| share(list, resource, allocatable(resource));
        page.line(
            1,
            &format!(
                "{}\t{}\t\t{}\t{}\t{}\t{}\t{}",
                pod.meta.namespace,
                pod.meta.name,
                cell(&requests, "cpu"),
                cell(&limits, "cpu"),
                cell(&requests, "memory"),
                cell(&limits, "memory"),
                since(cluster.now(), &stamp(pod.meta.created))
            ),
        );
        add(&mut all_requests, &requests);
        add(&mut all_limits, &limits);
    }
    page.line(0, "Allocated resources:");
    page.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)");
    page.line(1, "Resource\tRequests\tLimits");
    page.line(1, "--------\t--------\t------");
    let known = pairs(node.at(&["status", "allocatable"]));
    let others = known
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !matches!(*name, "cpu" | "memory" | "ephemeral-storage" | "pods"));
    let (huge, extended): (Vec<&str>, Vec<&str>) = others.partition(|name| name.starts_with("hugepages-"));
    for resource in ["cpu", "memory", "ephemeral-storage"].into_iter().chain(huge) {
        let cell = |list: &ResourceList| share(list, resource, allocatable(resource));
        page.line(1, &format!("{resource}\t{}\t{}", cell(&all_requests), cell(&all_limits)));
    }
    for resource in extended {
        let cell = |list: &ResourceList| list.get(resource).copied().unwrap_or_default();
        page.line(1, &format!("{resource}\t{}\t{}", cell(&all_requests), cell(&all_limits)));
    }
}

/// `250m (6%)`: an amount and its share of what is allocatable, rounded down.
fn share(list: &ResourceList, resource: &str, allocatable: Quantity) -> String {
    let amount = list.get(resource).copied().unwrap_or_default();
    let number =
        |amount: Quantity| i128::from(if resource == "cpu" { amount.milli_value() } else { amount.value() });
    let percent = (number(amount) * 100).checked_div(number(allocatable)).unwrap_or(0);
    format!("{amount} ({percent}%)")
}

/// The limits of a pod, summed as requests are. A resource that one container does not limit still counts the others'.
fn limits(spec: &PodSpec) -> ResourceList {
    let limited = |container: &Container| {
        let mut container = container.clone();
        container.resources.requests.clone_from(&container.resources.limits);
        container
    };
    let mut resources = spec.resources.clone();
    resources.requests.clone_from(&resources.limits);
    // Overhead counts only where there is a limit.
    let mut sum = requests::of_pod(&PodSpec {
        containers: spec.containers.iter().map(limited).collect(),
        init_containers: spec.init_containers.iter().map(limited).collect(),
        resources,
        ..PodSpec::default()
    });
    for (name, amount) in &spec.overhead {
        if let Some(limit) = sum.get_mut(name).filter(|limit| !limit.is_zero()) {
            *limit += *amount;
        }
    }
    sum
}

fn add(total: &mut ResourceList, more: &ResourceList) {
    for (name, amount) in more {
        *total.entry(name.clone()).or_default() += *amount;
    }
}
