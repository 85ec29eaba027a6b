//! What an update of a Service keeps and drops: allocated values that the new version leaves out, and fields that its new type
//! does not have (ALLOC-10).

use manifest::sorted::SortedSet;
use manifest::{Map, Tree};

use super::allocation::{
    allocates_node_ports, needs_health_check, needs_node_ports, node_ports, service_type,
};
use super::request::{as_map, map_mut};

/// Runs before the allocation of an update.
pub(super) fn prepare_for_update(new: &mut Tree, old: &Tree) {
    drop_what_the_type_lacks(new, old);
    keep_allocated(new, old);
    follow_cluster_ip(new, old);
}

/// A field that is left as it was although the type changed is dropped; one that was changed stays and is validated.
fn drop_what_the_type_lacks(new: &mut Tree, old: &Tree) {
    let lost = |has: fn(&Tree) -> bool| has(old) && !has(new);
    let lost_ip = lost(has_cluster_ip);
    let held = node_ports(old);
    let lost_ports = lost(needs_node_ports) && node_ports(new).iter().all(|port| held.contains(port));
    let dropped = [
        ("clusterIP", lost_ip),
        ("clusterIPs", lost_ip),
        ("ipFamilies", lost_ip),
        ("ipFamilyPolicy", lost_ip),
        ("healthCheckNodePort", lost(needs_health_check)),
        ("allocateLoadBalancerNodePorts", lost(is_load_balancer)),
        ("loadBalancerClass", lost(is_load_balancer)),
        ("externalTrafficPolicy", lost(is_external)),
    ];
    let dropped = dropped.into_iter().filter(|&(field, lost)| lost && same(new, old, field));
    let dropped: Vec<_> = dropped.map(|(field, _)| field).collect();
    let spec = map_mut(new, "spec");
    for field in dropped {
        spec.remove(field);
    }
    if let (true, Some(ports)) = (lost_ports, spec.get_mut("ports").and_then(Tree::as_list_mut)) {
        for port in ports {
            as_map(port).remove("nodePort");
        }
    }
}

fn keep_allocated(new: &mut Tree, old: &Tree) {
    if has_cluster_ip(old) && has_cluster_ip(new) {
        copy_missing(new, old, "clusterIP");
        if same(new, old, "clusterIP") {
            copy_missing(new, old, "clusterIPs");
        }
    }
    if needs_health_check(old) && needs_health_check(new) {
        copy_missing(new, old, "healthCheckNodePort");
    }
    if !(allocates_node_ports(old) && allocates_node_ports(new)) {
        return;
    }
    let kept: SortedSet<i64> = node_ports(new).into_iter().collect();
    let by_name = |name: &str| {
        let named = old.list_at(&["spec", "ports"]).iter().find(|port| port.str_at(&["name"]) == name)?;
        named.get("nodePort").filter(|port| port.as_i64().is_some_and(|port| !kept.contains(&port))).cloned()
    };
    let Some(ports) = new.at_mut(&["spec", "ports"]).and_then(Tree::as_list_mut) else { return };
    for port in ports {
        if port.get("nodePort").and_then(Tree::as_i64).unwrap_or(0) == 0
            && let Some(number) = by_name(port.str_at(&["name"]))
        {
            as_map(port).insert("nodePort", number);
        }
    }
}

/// Whoever changes only `clusterIP` means the list, too.
fn follow_cluster_ip(new: &mut Tree, old: &Tree) {
    if same(new, old, "clusterIP") || !same(new, old, "clusterIPs") {
        return;
    }
    let single = new.str_at(&["spec", "clusterIP"]).to_owned();
    let spec = map_mut(new, "spec");
    if single.is_empty() {
        spec.remove("clusterIPs");
    } else {
        spec.insert("clusterIPs", Tree::added(vec![Tree::added(single)]));
    }
}

fn copy_missing(new: &mut Tree, old: &Tree, field: &str) {
    let given = |value: &&Tree| {
        !value.is_null() && value.as_str() != Some("") && !value.as_list().is_some_and(<[Tree]>::is_empty)
    };
    if let (None, Some(value)) = (new.at(&["spec", field]).filter(given), old.at(&["spec", field])) {
        let value = value.clone();
        let spec: &mut Map = map_mut(new, "spec");
        spec.insert(field, value);
    }
}

fn same(new: &Tree, old: &Tree, field: &str) -> bool {
    new.at(&["spec", field]) == old.at(&["spec", field])
}

fn has_cluster_ip(service: &Tree) -> bool {
    service_type(service) != "ExternalName"
}

fn is_load_balancer(service: &Tree) -> bool {
    service_type(service) == "LoadBalancer"
}

fn is_external(service: &Tree) -> bool {
    let external_ips = !service.list_at(&["spec", "externalIPs"]).is_empty();
    needs_node_ports(service) || service_type(service) == "ClusterIP" && external_ips
}
