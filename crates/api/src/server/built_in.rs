//! The objects that every cluster has before the first request.

use manifest::{Map, Tree, Value};

use super::Server;
use crate::server::resources::Resource;

/// Namespaces of a fresh cluster, in order of creation.
const NAMESPACES: [&str; 4] = ["kube-system", "kube-public", "kube-node-lease", "default"];

/// PriorityClasses of a fresh cluster (WL-ADM-PRIO-4).
const PRIORITY_CLASSES: [(&str, i64); 2] =
    [("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)];

/// Creates them. The `default` ServiceAccount of each namespace is not stored: admission takes it for present (WL-ADM-SA-1).
pub(super) fn install(server: &mut Server) {
    for name in NAMESPACES {
        put(server, "v1", "Namespace", name, []);
    }
    for (name, value) in PRIORITY_CLASSES {
        put(server, "scheduling.k8s.io/v1", "PriorityClass", name, [("value", Tree::added(value))]);
    }
    let port = map([
        ("name", Tree::added("https")),
        ("port", Tree::added(443)),
        ("protocol", Tree::added("TCP")),
        ("targetPort", Tree::added(6443)),
    ]);
    let spec = map([("clusterIP", Tree::added("10.96.0.1")), ("ports", Tree::added(vec![port]))]);
    put(server, "v1", "Service", "kubernetes", [("spec", spec)]);
    server.take_warnings();
}

fn put<const N: usize>(
    server: &mut Server,
    api_version: &str,
    kind: &str,
    name: &str,
    fields: [(&str, Tree); N],
) {
    let Some(resource) = server.resource(api_version, kind) else { return };
    let mut tree = map([
        ("apiVersion", Tree::added(api_version)),
        ("kind", Tree::added(kind)),
        ("metadata", metadata(&resource, name)),
    ]);
    for (key, value) in fields {
        if let Value::Map(entries) = &mut tree.value {
            entries.insert(key, value);
        }
    }
    server.create_built_in(&resource, tree);
}

fn metadata(resource: &Resource, name: &str) -> Tree {
    let mut metadata = map([("name", Tree::added(name))]);
    if let (Value::Map(entries), true) = (&mut metadata.value, resource.namespaced) {
        entries.insert("namespace", Tree::added("default"));
    }
    metadata
}

fn map<const N: usize>(fields: [(&str, Tree); N]) -> Tree {
    Tree::added(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map>())
}
