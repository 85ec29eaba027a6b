//! Services (DEF-SVC rules), as far as no allocation is needed.

use manifest::{Map, Tree, Value};

use super::set::{each, missing, object, unset};

pub(super) fn service(tree: &mut Tree) {
    let Some(spec) = object(tree, "spec") else { return };
    unset(spec, "sessionAffinity", "None");
    session_affinity(spec);
    unset(spec, "type", "ClusterIP");
    each(spec, "ports", |port| {
        unset(port, "protocol", "TCP");
        let number = port.get("port").and_then(Tree::as_i64).unwrap_or(0);
        unset(port, "targetPort", number);
    });
    let service_type = spec.str_at(&["type"]).to_owned();
    let has_external_ips = !spec.list_at(&["externalIPs"]).is_empty();
    let external = match service_type.as_str() {
        "NodePort" | "LoadBalancer" => true,
        "ClusterIP" => has_external_ips,
        _ => false,
    };
    if external {
        unset(spec, "externalTrafficPolicy", "Cluster");
    }
    if matches!(service_type.as_str(), "ClusterIP" | "NodePort" | "LoadBalancer") {
        missing(spec, "internalTrafficPolicy", "Cluster");
    }
    if service_type == "LoadBalancer" {
        missing(spec, "allocateLoadBalancerNodePorts", true);
    }
}

/// A configuration without an affinity is thrown away, also one that the user gave (DEF-SVC-1).
fn session_affinity(spec: &mut Tree) {
    match spec.str_at(&["sessionAffinity"]) {
        "None" => {
            if let Some(map) = spec.as_map_mut() {
                map.remove("sessionAffinityConfig");
            }
        }
        "ClientIP" => {
            let client_ip =
                object(spec, "sessionAffinityConfig").and_then(|config| object(config, "clientIP"));
            if let Some(client_ip) = client_ip {
                missing(client_ip, "timeoutSeconds", 10_800);
            }
        }
        _ => {}
    }
}

/// The status of a new object with addresses: none yet (DEF-SVC-7).
pub(super) fn no_addresses() -> Tree {
    let entry = ("loadBalancer".to_owned(), Tree::map());
    Tree::added(Value::Map(Map::from_iter([entry])))
}
