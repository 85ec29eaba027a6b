//! Places in the text of what decides about a pod: ports, requests, tolerations, rules.

use manifest::{Entry, Span, Tree};

/// The entry of a key in a mapping.
fn entry<'a>(tree: &'a Tree, key: &str) -> Option<&'a Entry> {
    tree.as_map()?.entry(key)
}

/// The place of an entry: of its key and value together.
fn whole(entry: &Entry) -> Option<Span> {
    match (entry.key_span, entry.value.span) {
        (Some(key), Some(value)) => Some(key.to(value)),
        (key, value) => key.or(value),
    }
}

/// All containers of a pod or template.
pub(crate) fn containers(pod: &Tree) -> impl Iterator<Item = &Tree> {
    ["containers", "initContainers"].into_iter().flat_map(|list| pod.list_at(&["spec", list]))
}

/// Where a pod takes a host port: the number itself, or `hostNetwork`.
pub(crate) fn host_port(pod: &Tree, port: u16) -> Option<Span> {
    let host_network = pod.at(&["spec", "hostNetwork"]).and_then(Tree::as_bool) == Some(true);
    let number = |tree: &Tree, key: &str| {
        let value = tree.get(key)?;
        (value.as_i64() == Some(i64::from(port))).then_some(value.span).flatten()
    };
    let ports = || containers(pod).flat_map(|container| container.list_at(&["ports"]));
    let declared = ports()
        .find_map(|tree| number(tree, "hostPort"))
        .or_else(|| ports().filter(|_| host_network).find_map(|tree| number(tree, "containerPort")));
    declared.or_else(|| spec_entry(pod, "hostNetwork"))
}

/// The first request (or limit) of a resource.
pub(crate) fn request(pod: &Tree, resource: &str) -> Option<Span> {
    ["requests", "limits"].into_iter().find_map(|list| {
        containers(pod).find_map(|container| container.at(&["resources", list, resource])?.span)
    })
}

/// A field of the pod's spec; when it is not in the text, the key `spec` under which it would be.
pub(crate) fn spec_field(pod: &Tree, field: &str) -> Option<Span> {
    spec_entry(pod, field).or_else(|| entry(pod, "spec")?.key_span)
}

fn spec_entry(pod: &Tree, field: &str) -> Option<Span> {
    whole(entry(pod.get("spec")?, field)?)
}

/// The rule by which a pod chooses nodes: selector, or affinity.
pub(crate) fn node_rule(pod: &Tree) -> Option<Span> {
    spec_entry(pod, "nodeSelector").or_else(|| whole(entry(pod.at(&["spec", "affinity"])?, "nodeAffinity")?))
}

/// The rule by which a pod keeps near to or away from others.
pub(crate) fn pod_rule(pod: &Tree, plugin: &str) -> Option<Span> {
    if plugin == "PodTopologySpread" {
        return spec_entry(pod, "topologySpreadConstraints");
    }
    let affinity = pod.at(&["spec", "affinity"])?;
    ["podAntiAffinity", "podAffinity"].into_iter().find_map(|key| whole(entry(affinity, key)?))
}
