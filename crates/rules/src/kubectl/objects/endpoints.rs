//! EndpointSlices and Endpoints of Services with a selector, as their controllers write them (EXP-EP rules).
//!
//! DIFFERENCE: those of the Service `kubernetes` are missing: no API server runs at an address here.

use std::rc::Rc;

use api::labels::Labels;
use api::server::uid_text;
use api::types::{ClusterIp, IpFamily, Node, Service, Uid};
use manifest::Tree;
use reach::{Endpoint, EndpointPort, Slice};

use super::{Cluster, derived_metadata};
use crate::kubectl::tree::{list, map, set, sorted_by, text};

/// All EndpointSlices.
pub(super) fn slices(cluster: &Cluster<'_>) -> Vec<Tree> {
    let store = cluster.server().store();
    let mut trees = Vec::new();
    for service in store.services() {
        for (index, slice) in reach::endpoints(store, service).slices.into_iter().enumerate() {
            trees.push(slice_tree(cluster, service, index as u64, &slice));
        }
    }
    trees
}

fn slice_tree(cluster: &Cluster<'_>, service: &Service, index: u64, slice: &Slice) -> Tree {
    let name = format!("{}-{}", service.meta.name, suffix(service.meta.uid, index));
    let mut labels = Labels::clone(&service.meta.labels);
    labels.insert("kubernetes.io/service-name".into(), service.meta.name.to_string());
    labels.insert("endpointslice.kubernetes.io/managed-by".into(), "endpointslice-controller.k8s.io".into());
    if service.cluster_ip == ClusterIp::Headless {
        labels.insert("service.kubernetes.io/headless".into(), String::new());
    }
    let mut tree = map(vec![
        ("addressType", text(&format!("{:?}", slice.family))),
        ("apiVersion", text("discovery.k8s.io/v1")),
        ("endpoints", list(slice.endpoints.iter().map(|endpoint| endpoint_tree(cluster, service, endpoint)))),
        ("kind", text("EndpointSlice")),
        ("metadata", derived_metadata(&name, &service.meta, &labels)),
        ("ports", list(slice.ports.iter().map(port_tree))),
    ]);
    let owner = map(vec![
        ("apiVersion", text("v1")),
        ("blockOwnerDeletion", Tree::added(true)),
        ("controller", Tree::added(true)),
        ("kind", text("Service")),
        ("name", text(&service.meta.name)),
        ("uid", text(&uid_text(service.meta.uid))),
    ]);
    set(&mut tree, &["metadata", "ownerReferences"], list([owner]));
    tree
}

fn port_tree(port: &EndpointPort) -> Tree {
    let mut fields = vec![
        ("name", text(&port.name)),
        ("port", Tree::added(i64::from(port.port))),
        ("protocol", text(&port.protocol.to_string())),
    ];
    if !port.app_protocol.is_empty() {
        fields.push(("appProtocol", text(&port.app_protocol)));
    }
    map(fields)
}

fn endpoint_tree(cluster: &Cluster<'_>, service: &Service, endpoint: &Endpoint) -> Tree {
    let conditions =
        [("ready", endpoint.ready), ("serving", endpoint.serving), ("terminating", endpoint.terminating)];
    let conditions = conditions.into_iter().map(|(field, is)| (field, Tree::added(is))).collect();
    let mut fields = vec![("addresses", list([text(&endpoint.address)])), ("conditions", map(conditions))];
    if let Some(name) = &endpoint.node {
        fields.push(("nodeName", text(name)));
        let of_name = |node: &&Rc<Node>| node.meta.name == *name;
        let node = cluster.server().store().nodes.values().find(of_name);
        if let Some(zone) = node.and_then(|node| node.meta.labels.get("topology.kubernetes.io/zone")) {
            fields.push(("zone", text(zone)));
        }
    }
    let spec = cluster.server().store().pods.get(&endpoint.pod).and_then(|pod| pod.tree.get("spec"));
    let in_spec = |field| spec.map_or("", |spec| spec.str_at(&[field]));
    if !in_spec("hostname").is_empty() && in_spec("subdomain") == &*service.meta.name {
        fields.push(("hostname", text(in_spec("hostname"))));
    }
    fields.push(("targetRef", target(cluster, endpoint)));
    map(fields)
}

fn target(cluster: &Cluster<'_>, endpoint: &Endpoint) -> Tree {
    let meta = cluster.server().meta(endpoint.pod).cloned().unwrap_or_default();
    map(vec![
        ("kind", text("Pod")),
        ("name", text(&meta.name)),
        ("namespace", text(&meta.namespace)),
        ("uid", text(&uid_text(endpoint.pod))),
    ])
}

/// All Endpoints. Addresses stand in their own order, ready ones apart from the others.
pub(super) fn endpoints(cluster: &Cluster<'_>) -> Vec<Tree> {
    let store = cluster.server().store();
    let with_selector = store.services().filter(|service| service.selector.is_some());
    let tree = |service: &Rc<Service>| {
        let mut slices = reach::endpoints(store, service).slices;
        let family = *service.ip_families.first().unwrap_or(&IpFamily::IPv4);
        slices.retain(|slice| slice.family == family && !slice.endpoints.is_empty());
        // Slices end at 100 endpoints, subsets do not.
        slices.dedup_by(|next, kept| {
            let same = next.ports == kept.ports;
            if same {
                kept.endpoints.append(&mut next.endpoints);
            }
            same
        });
        let subsets: Vec<Tree> = slices.iter().map(|slice| subset(cluster, slice)).collect();
        let mut fields = vec![
            ("apiVersion", text("v1")),
            ("kind", text("Endpoints")),
            ("metadata", derived_metadata(&service.meta.name, &service.meta, &service.meta.labels)),
        ];
        if !subsets.is_empty() {
            fields.push(("subsets", list(subsets)));
        }
        map(fields)
    };
    with_selector.map(tree).collect()
}

fn subset(cluster: &Cluster<'_>, slice: &Slice) -> Tree {
    let sorted =
        sorted_by(slice.endpoints.iter().collect(), |endpoint: &&Endpoint| endpoint.address.to_string());
    let addresses = |ready: bool| -> Vec<Tree> {
        let of = sorted.iter().filter(|endpoint| endpoint.ready == ready);
        of.map(|endpoint| {
            let mut fields = vec![("ip", text(&endpoint.address)), ("targetRef", target(cluster, endpoint))];
            fields.extend(endpoint.node.as_ref().map(|node| ("nodeName", text(node))));
            map(fields)
        })
        .collect()
    };
    let mut fields = Vec::new();
    for (field, addresses) in [("addresses", addresses(true)), ("notReadyAddresses", addresses(false))] {
        if !addresses.is_empty() {
            fields.push((field, list(addresses)));
        }
    }
    if !slice.ports.is_empty() {
        fields.push(("ports", list(slice.ports.iter().map(port_tree))));
    }
    map(fields)
}

/// Five characters from the alphabet of generated names (WL-NAME-1), always the same for a slice.
fn suffix(service: Uid, index: u64) -> String {
    const ALPHABET: &[u8; 16] = b"bcdfghjklmnpqrst";
    let digits = uid_text(Uid(service.0 ^ (index + 1) << 40));
    let digits = digits.chars().filter_map(|digit| digit.to_digit(16)).take(5);
    digits.map(|digit| char::from(ALPHABET[digit as usize])).collect()
}
