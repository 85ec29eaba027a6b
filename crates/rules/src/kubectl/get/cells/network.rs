//! Services, Ingresses and endpoints (EXP-NODEPORT-2, EXP-LB-2, EXP-XIP-4, EXP-ING-42).

use manifest::Tree;

use crate::kubectl::get::columns::Row;
use crate::kubectl::tree::{at_or, int, len, none_if_empty, shown, some_of};

/// Without `-o wide` the addresses of a load balancer are cut to so many bytes.
const BALANCER_WIDTH: usize = 16;

pub(in crate::kubectl) fn cluster_ip(row: &Row<'_>) -> String {
    let first = row.tree.list_at(&["spec", "clusterIPs"]).first();
    first.map_or_else(|| "<none>".to_owned(), shown)
}

/// EXTERNAL-IP (EXP-LB-2, EXP-XIP-4).
pub(in crate::kubectl) fn external_ip(row: &Row<'_>) -> String {
    let own = row.tree.list_at(&["spec", "externalIPs"]).iter().map(shown);
    match row.tree.str_at(&["spec", "type"]) {
        "ExternalName" => row.tree.str_at(&["spec", "externalName"]).to_owned(),
        "LoadBalancer" => {
            let given = balancer_addresses(row);
            let all: Vec<String> =
                Some(given).filter(|given| !given.is_empty()).into_iter().chain(own).collect();
            if all.is_empty() { "<pending>".to_owned() } else { all.join(",") }
        }
        _ => none_if_empty(own.collect::<Vec<_>>().join(",")),
    }
}

/// The addresses in the status of a Service or an Ingress, sorted.
pub(in crate::kubectl) fn balancer_addresses(row: &Row<'_>) -> String {
    let ingress = row.tree.list_at(&["status", "loadBalancer", "ingress"]);
    let mut all: Vec<String> =
        ingress.iter().map(|at| at_or(at, &["ip"], at.str_at(&["hostname"]))).collect();
    all.sort();
    all.dedup();
    let mut joined = all.join(",");
    if !row.wide && joined.len() > BALANCER_WIDTH && joined.is_char_boundary(BALANCER_WIDTH - 3) {
        joined.truncate(BALANCER_WIDTH - 3);
        joined.push_str("...");
    }
    joined
}

pub(in crate::kubectl) fn gateway_address(row: &Row<'_>) -> String {
    let addresses = row.tree.list_at(&["status", "addresses"]).iter();
    addresses.map(|address| address.str_at(&["value"])).collect::<Vec<_>>().join(" ")
}

/// `80:31234/TCP` (EXP-NODEPORT-2).
pub(in crate::kubectl) fn service_ports(row: &Row<'_>) -> String {
    let port = |port: &Tree| {
        let (number, node) = (int(port, &["port"]), int(port, &["nodePort"]));
        let node = if node > 0 { format!(":{node}") } else { String::new() };
        format!("{number}{node}/{}", port.str_at(&["protocol"]))
    };
    none_if_empty(row.tree.list_at(&["spec", "ports"]).iter().map(port).collect::<Vec<_>>().join(","))
}

/// HOSTS (EXP-ING-42). The number of rules, with or without a host, is what the others are counted by.
pub(in crate::kubectl) fn ingress_hosts(row: &Row<'_>) -> String {
    let rules = row.tree.list_at(&["spec", "rules"]);
    let (mut hosts, mut more) = (Vec::new(), false);
    for rule in rules {
        more |= hosts.len() == 3;
        let host = rule.str_at(&["host"]);
        if !more && !host.is_empty() {
            hosts.push(host);
        }
    }
    match hosts.join(",") {
        none if none.is_empty() => "*".to_owned(),
        some if more => format!("{some} + {} more...", rules.len() - 3),
        all => all,
    }
}

pub(in crate::kubectl) fn ingress_ports(row: &Row<'_>) -> String {
    if row.tree.list_at(&["spec", "tls"]).is_empty() { "80" } else { "80, 443" }.to_owned()
}

pub(in crate::kubectl) fn class_parameters(row: &Row<'_>) -> String {
    let Some(parameters) = row.tree.at(&["spec", "parameters"]) else { return "<none>".to_owned() };
    let group = parameters.str_at(&["apiGroup"]);
    let dot = if group.is_empty() { "" } else { "." };
    format!("{}{dot}{group}/{}", parameters.str_at(&["kind"]), parameters.str_at(&["name"]))
}

/// `10.0.0.1:80`, `[::1]:80`.
pub(in crate::kubectl) fn host_port(address: &str, port: i64) -> String {
    if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}

pub(in crate::kubectl) fn endpoints(row: &Row<'_>) -> String {
    let mut all = Vec::new();
    for subset in row.tree.list_at(&["subsets"]) {
        let addresses: Vec<&str> =
            subset.list_at(&["addresses"]).iter().map(|address| address.str_at(&["ip"])).collect();
        let ports = subset.list_at(&["ports"]);
        if ports.is_empty() {
            all.extend(addresses.iter().map(|&address| address.to_owned()));
        }
        for port in ports {
            all.extend(addresses.iter().map(|address| host_port(address, int(port, &["port"]))));
        }
    }
    let has_subset = len(row.tree.get("subsets")) > 0;
    if has_subset { some_of(&all, 3) } else { "<none>".to_owned() }
}

pub(in crate::kubectl) fn slice_ports(row: &Row<'_>) -> String {
    let port = |port: &Tree| at_or(port, &["port"], &at_or(port, &["name"], "*"));
    unset_if_empty(some_of(&row.tree.list_at(&["ports"]).iter().map(port).collect::<Vec<_>>(), 3))
}

pub(in crate::kubectl) fn slice_endpoints(row: &Row<'_>) -> String {
    let endpoints = row.tree.list_at(&["endpoints"]).iter();
    let all: Vec<String> = endpoints.flat_map(|at| at.list_at(&["addresses"])).map(shown).collect();
    unset_if_empty(some_of(&all, 3))
}

fn unset_if_empty(text: String) -> String {
    if text.is_empty() { "<unset>".to_owned() } else { text }
}
