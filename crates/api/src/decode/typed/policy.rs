//! Kinds about the cluster: Node, Namespace, PriorityClass and PodDisruptionBudget.

use manifest::Tree;

use super::pod::{effect, preemption_policy};
use super::read::{self, flag, int, list, resource_list, text, texts};
use crate::types::{
    ContainerImage, Meta, Namespace, Node, NodeAddress, NodeAddressType, PodDisruptionBudget, PriorityClass,
    Taint, TaintEffect,
};

pub(super) fn namespace(meta: Meta) -> Namespace {
    Namespace { meta }
}

pub(super) fn priority_class(meta: Meta, tree: &Tree) -> PriorityClass {
    PriorityClass {
        meta,
        value: int(tree, "value", 0),
        global_default: flag(tree, "globalDefault"),
        preemption_policy: preemption_policy(tree),
    }
}

pub(super) fn pod_disruption_budget(meta: Meta, tree: &Tree) -> PodDisruptionBudget {
    let Some(spec) = tree.get("spec") else {
        return PodDisruptionBudget { meta, ..PodDisruptionBudget::default() };
    };
    PodDisruptionBudget {
        meta,
        selector: read::selector(spec, "selector"),
        min_available: read::int_or_string(spec, "minAvailable"),
        max_unavailable: read::int_or_string(spec, "maxUnavailable"),
        unhealthy_may_go: spec.str_at(&["unhealthyPodEvictionPolicy"]) == "AlwaysAllow",
    }
}

/// Conditions, the status that is not good, and the taint that it becomes (SCH-NODE-5).
const BAD_CONDITIONS: [(&str, &str, &str); 6] = [
    ("Ready", "False", "not-ready"),
    ("Ready", "Unknown", "unreachable"),
    ("MemoryPressure", "True", "memory-pressure"),
    ("DiskPressure", "True", "disk-pressure"),
    ("PIDPressure", "True", "pid-pressure"),
    ("NetworkUnavailable", "True", "network-unavailable"),
];

/// A Node; give it the whole tree, status included. Without a Ready condition it counts as ready. The taints that the node
/// controllers derive from a cordon and from a condition that is not good are added (SCH-NODE-4, SCH-NODE-5).
pub fn node(meta: Meta, tree: &Tree) -> Node {
    let empty = Tree::map();
    let spec = tree.get("spec").unwrap_or(&empty);
    let status = tree.get("status").unwrap_or(&empty);
    let unschedulable = flag(spec, "unschedulable");
    let condition = |kind: &str| {
        let mut conditions = status.list_at(&["conditions"]).iter();
        conditions
            .find(|condition| condition.str_at(&["type"]) == kind)
            .map(|found| found.str_at(&["status"]))
    };
    let mut taints = list(spec, "taints", |taint| Taint {
        key: text(taint, "key"),
        value: text(taint, "value"),
        effect: effect(taint).unwrap_or(TaintEffect::NoSchedule),
    });
    let mut add = |key: &str, effect| {
        let key = format!("node.kubernetes.io/{key}");
        if !taints.iter().any(|taint| taint.key == key && taint.effect == effect) {
            taints.push(Taint { key, value: String::new(), effect });
        }
    };
    if unschedulable {
        add("unschedulable", TaintEffect::NoSchedule);
    }
    for (kind, bad, key) in BAD_CONDITIONS {
        if condition(kind) == Some(bad) {
            add(key, TaintEffect::NoSchedule);
            if kind == "Ready" {
                add(key, TaintEffect::NoExecute);
            }
        }
    }
    Node {
        meta,
        capacity: resource_list(status, "capacity"),
        allocatable: resource_list(status, "allocatable"),
        taints,
        unschedulable,
        ready: condition("Ready").is_none_or(|status| status == "True"),
        addresses: status.list_at(&["addresses"]).iter().filter_map(address).collect(),
        images: list(status, "images", |image| ContainerImage {
            names: texts(image, "names"),
            size: int(image, "sizeBytes", 0),
        }),
    }
}

/// An address; the kinds for names in DNS lead nowhere here.
fn address(tree: &Tree) -> Option<NodeAddress> {
    let kind = match tree.str_at(&["type"]) {
        "InternalIP" => NodeAddressType::InternalIP,
        "ExternalIP" => NodeAddressType::ExternalIP,
        "Hostname" => NodeAddressType::Hostname,
        _ => return None,
    };
    Some(NodeAddress { kind, address: tree.str_at(&["address"]).into() })
}
