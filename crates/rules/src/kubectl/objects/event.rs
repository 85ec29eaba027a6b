//! Events as the API server keeps them: the same one again is counted, not repeated.

use api::server::uid_text;
use api::types::Kind;
use manifest::Tree;
use manifest::sorted::SortedMap;

use super::Cluster;
use crate::kubectl::time::stamp;
use crate::kubectl::tree::{map, sorted_by, text};
use crate::simulation::Event;

/// What makes two events the same: the object, its reason and its text.
type Key<'a> = (&'a Kind, &'a str, &'a str, &'a str, &'a str);

/// All events, in no particular order.
pub(super) fn trees(cluster: &Cluster<'_>) -> Vec<Tree> {
    trees_of(cluster, |_| true)
}

/// Those that are wanted: the trees of the others are not even made.
fn trees_of(cluster: &Cluster<'_>, is_wanted: impl Fn(&Event) -> bool) -> Vec<Tree> {
    let events = cluster.run.simulation.events();
    let mut counted: SortedMap<Key<'_>, (usize, u64, i64)> = SortedMap::new();
    let mut order = Vec::new();
    for (index, event) in events.iter().enumerate().filter(|(_, event)| is_wanted(event)) {
        let key = (&event.kind, &*event.namespace, &*event.name, event.reason, &*event.message);
        let entry = counted.entry(key).or_insert((index, event.time, 0));
        if entry.2 == 0 {
            order.push(key);
        }
        (entry.1, entry.2) = (event.time, entry.2 + 1);
    }
    let tree = |key| {
        counted.get(&key).map(|&(first, last, count)| tree(cluster, &events[first], first, last, count))
    };
    order.into_iter().filter_map(tree).collect()
}

fn tree(cluster: &Cluster<'_>, event: &Event, index: usize, last: u64, count: i64) -> Tree {
    // Events of cluster-scoped objects live in `default`.
    let namespace = if event.namespace.is_empty() { "default" } else { &event.namespace };
    let (first, last) = (text(&stamp(event.time)), text(&stamp(last)));
    // Kubernetes adds the time in nanoseconds, which no two events of an object share.
    let name =
        format!("{}.{:016x}", event.name, 0x1886_0000_0000_0000 + event.time * 1_000_000 + index as u64);
    let metadata = map(vec![
        ("creationTimestamp", first.clone()),
        ("name", text(&name)),
        ("namespace", text(namespace)),
    ]);
    map(vec![
        ("apiVersion", text("v1")),
        ("count", Tree::added(count)),
        ("firstTimestamp", first),
        ("involvedObject", involved(cluster, event)),
        ("kind", text("Event")),
        ("lastTimestamp", last),
        ("message", text(&event.message)),
        ("metadata", metadata),
        ("reason", text(event.reason)),
        ("reportingComponent", text(event.from)),
        ("source", map(vec![("component", text(event.from))])),
        ("type", text(if event.warning { "Warning" } else { "Normal" })),
    ])
}

fn involved(cluster: &Cluster<'_>, event: &Event) -> Tree {
    let server = cluster.server();
    let uid = server.find_kind(&event.kind, &event.namespace, &event.name);
    let object = uid.and_then(|uid| server.object(uid));
    let mut fields = vec![
        ("apiVersion", text(object.map_or("v1", |object| &object.api_version))),
        ("kind", text(&event.kind.to_string())),
        ("name", text(&event.name)),
    ];
    if !event.namespace.is_empty() {
        fields.push(("namespace", text(&event.namespace)));
    }
    fields.extend(uid.map(|uid| ("uid", text(&uid_text(uid)))));
    map(fields)
}

/// The events about an object, the oldest first.
pub(in crate::kubectl) fn about(cluster: &Cluster<'_>, object: &Tree) -> Vec<Tree> {
    let (kind, name) = (object.str_at(&["kind"]), object.str_at(&["metadata", "name"]));
    let namespace = object.str_at(&["metadata", "namespace"]);
    let created = object.str_at(&["metadata", "creationTimestamp"]);
    let mut events = trees_of(cluster, |event| {
        *event.name == *name && *event.namespace == *namespace && event.kind.to_string() == kind
    });
    // An older object of that name had another identity.
    events.retain(|event| event.str_at(&["firstTimestamp"]) >= created);
    // kubectl sorts by the time of the last one.
    sorted_by(events, |event| event.str_at(&["lastTimestamp"]).to_owned())
}
