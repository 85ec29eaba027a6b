//! Brings our API server's state to the form of a recording.

use std::collections::BTreeMap;

use api::server::{Server, Store};
use api::types::{Kind, Meta, ScheduledCondition, Service, Uid};
use controllers::WorkloadStatus;
use manifest::Tree;
use rules::simulation::Simulation;
use serde_json::{Value, json};

use super::record::{Owner, Pod, Record, Slice, Workload};

/// The objects of a fresh cluster, which recordings do not list: kind and name.
const BUILT_IN: [(&str, &str); 7] = [
    ("Namespace", "default"),
    ("Namespace", "kube-system"),
    ("Namespace", "kube-public"),
    ("Namespace", "kube-node-lease"),
    ("Service", "kubernetes"),
    ("PriorityClass", "system-cluster-critical"),
    ("PriorityClass", "system-node-critical"),
];

/// What our cluster shows. Command and attempts are not here.
pub(super) fn observe(simulation: &Simulation) -> Record {
    let server = simulation.server();
    Record {
        objects: objects(server),
        pods: pods(server),
        workloads: simulation.statuses().into_iter().map(workload).collect(),
        endpoints: server.store().services().flat_map(|service| slices(server.store(), service)).collect(),
        ..Record::default()
    }
}

/// The end of the chain of owners.
fn root(server: &Server, meta: &Meta) -> Option<Owner> {
    let mut owner = meta.owner.clone()?;
    while let Some(next) = server.meta(owner.uid).and_then(|meta| meta.owner.clone()) {
        owner = next;
    }
    Some(Owner { kind: owner.kind.to_string(), name: owner.name.to_string() })
}

fn pods(server: &Server) -> Vec<Pod> {
    let pod = |pod: &api::types::Pod| Pod {
        namespace: pod.meta.namespace.to_string(),
        name: pod.meta.name.to_string(),
        owner: direct_owner(&pod.meta),
        root: root(server, &pod.meta),
        node: pod.node.as_ref().map(ToString::to_string),
        phase: format!("{:?}", pod.status.phase),
        message: condition_message(&pod.status.scheduled),
        labels: pod.meta.labels.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
    };
    server.store().pods.values().map(pod).collect()
}

/// The message of the PodScheduled condition; `None` when there is none, or no condition.
fn condition_message(condition: &ScheduledCondition) -> Option<String> {
    match condition {
        ScheduledCondition::False { message, .. } => Some(message.to_string()),
        _ => None,
    }
}

fn direct_owner(meta: &Meta) -> Option<Owner> {
    let owner = meta.owner.as_ref()?;
    Some(Owner { kind: owner.kind.to_string(), name: owner.name.to_string() })
}

fn objects(server: &Server) -> Vec<Value> {
    let others = server.store().objects.values().filter(|object| !is_built_in(&object.kind, &object.meta));
    let others = others.map(|object| described(&object.tree, &object.kind, &object.meta));
    let pods = &server.store().pods;
    let chosen = representatives(server).into_iter().filter_map(|uid| pods.get(&uid));
    let pods = chosen.map(|pod| described(&pod.tree, &Kind::Pod, &pod.meta));
    others.chain(pods).collect()
}

fn is_built_in(kind: &Kind, meta: &Meta) -> bool {
    BUILT_IN.iter().any(|(built_in, name)| *name == &*meta.name && kind.to_string() == *built_in)
}

/// For each owner and revision the first pod by name; every pod without owner.
fn representatives(server: &Server) -> Vec<Uid> {
    let mut first: BTreeMap<(Option<Uid>, String, String), Uid> = BTreeMap::new();
    let mut pods: Vec<_> = server.store().pods.values().collect();
    pods.sort_by(|a, b| a.meta.name.cmp(&b.meta.name));
    let observed: BTreeMap<String, Pod> =
        self::pods(server).into_iter().map(|pod| (pod.key(), pod)).collect();
    for pod in pods {
        let owner = pod.meta.owner.as_ref().map(|owner| owner.uid);
        let key = format!("{}/{}", pod.meta.namespace, pod.meta.name);
        let revision = observed.get(&key).map(|pod| pod.revision().to_owned()).unwrap_or_default();
        let own = if owner.is_none() { key } else { String::new() };
        first.entry((owner, revision, own)).or_insert(pod.meta.uid);
    }
    first.into_values().collect()
}

/// The object with kind, name and owner, which live outside the tree of a pod.
fn described(tree: &Tree, kind: &Kind, meta: &Meta) -> Value {
    let mut object: Value = serde_json::from_str(&tree.to_json()).unwrap_or_default();
    if !object.is_object() {
        object = json!({});
    }
    object["kind"] = kind.to_string().into();
    if !object["metadata"].is_object() {
        object["metadata"] = json!({});
    }
    let metadata = &mut object["metadata"];
    metadata["name"] = (*meta.name).into();
    if !meta.namespace.is_empty() {
        metadata["namespace"] = (*meta.namespace).into();
    }
    if let (Some(owner), true) = (direct_owner(meta), metadata["ownerReferences"].is_null()) {
        metadata["ownerReferences"] = json!([{"kind": owner.kind, "name": owner.name}]);
    }
    for (field, values) in [("labels", &meta.labels), ("annotations", &meta.annotations)] {
        if !values.is_empty() {
            let values = values.iter().map(|(key, value)| (key.clone(), Value::from(value.clone())));
            metadata[field] = Value::Object(values.collect());
        }
    }
    object
}

/// Of Jobs and CronJobs recordings name no replicas wanted.
fn workload(status: WorkloadStatus) -> Workload {
    let counted = !matches!(status.kind, Kind::Job | Kind::CronJob);
    Workload {
        kind: status.kind.to_string(),
        namespace: status.namespace.to_string(),
        name: status.name.to_string(),
        owner: status.owner.map(|owner| Owner { kind: owner.kind.to_string(), name: owner.name.to_string() }),
        wanted: status.wanted.filter(|_| counted).map(i64::from),
        created: i64::from(status.created),
    }
}

/// The endpoints of a Service by family; that of the built-in Service is not recorded.
fn slices(store: &Store, service: &Service) -> Vec<Slice> {
    let mut by_family: BTreeMap<String, Slice> = BTreeMap::new();
    if is_built_in(&Kind::Service, &service.meta) {
        return Vec::new();
    }
    for slice in reach::endpoints(store, service).slices {
        let family = format!("{:?}", slice.family);
        let merged = by_family.entry(family.clone()).or_insert_with(|| Slice {
            namespace: service.meta.namespace.to_string(),
            service: service.meta.name.to_string(),
            family,
            ..Slice::default()
        });
        let ports = slice
            .ports
            .iter()
            .map(|port| (port.name.clone(), port.protocol.to_string(), i64::from(port.port)));
        let name = |pod| store.pods.get(&pod).map(|pod| pod.meta.name.to_string()).unwrap_or_default();
        let endpoints = slice.endpoints.iter().map(|endpoint| (name(endpoint.pod), endpoint.ready));
        merged.groups.entry(ports.collect()).or_default().extend(endpoints);
    }
    by_family.into_values().collect()
}
