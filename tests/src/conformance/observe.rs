//! Brings our API server's state to the form of a recording.

use std::collections::BTreeMap;

use api::server::{Server, Typed};
use api::types::{Kind, Meta, ScheduledCondition, Uid};
use manifest::Tree;
use serde_json::{Value, json};

use super::record::{Owner, Pod, Record, Workload};

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

/// What our server shows. Command, endpoints and attempts are the caller's.
pub(super) fn observe(server: &Server) -> Record {
    let pods = pods(server);
    Record { objects: objects(server), workloads: workloads(server, &pods), pods, ..Record::default() }
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
        labels: pod.meta.labels.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect(),
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
    let listed = |kind: &Kind, meta: &Meta| {
        !BUILT_IN.iter().any(|(built_in, name)| *name == &*meta.name && kind.to_string() == *built_in)
    };
    let others = server.store().objects.values().filter(|object| listed(&object.kind, &object.meta));
    let others = others.map(|object| described(&object.tree, &object.kind, &object.meta));
    let pods = &server.store().pods;
    let chosen = representatives(server).into_iter().filter_map(|uid| pods.get(&uid));
    let pods = chosen.map(|pod| described(&pod.tree, &Kind::Pod, &pod.meta));
    others.chain(pods).collect()
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
            let values = values.iter().map(|(key, value)| (key.to_string(), Value::from(value.to_string())));
            metadata[field] = Value::Object(values.collect());
        }
    }
    object
}

fn workloads(server: &Server, pods: &[Pod]) -> Vec<Workload> {
    let mut found = Vec::new();
    let of = |kind: &str, meta: &Meta, wanted: Option<i64>| {
        let own = Owner { kind: kind.into(), name: meta.name.to_string() };
        let mine = |owner: &Option<Owner>| owner.as_ref() == Some(&own);
        let belongs = |pod: &&Pod| pod.namespace == *meta.namespace && (mine(&pod.owner) || mine(&pod.root));
        Workload {
            kind: own.kind.clone(),
            namespace: meta.namespace.to_string(),
            name: own.name.clone(),
            owner: direct_owner(meta),
            wanted,
            created: pods.iter().filter(belongs).count() as i64,
        }
    };
    for object in server.store().objects.values() {
        let kind = object.kind.to_string();
        let wanted = match &object.typed {
            Typed::Deployment(typed) => Some(i64::from(typed.replicas)),
            Typed::ReplicaSet(typed) => Some(i64::from(typed.replicas)),
            Typed::StatefulSet(typed) => Some(i64::from(typed.replicas)),
            Typed::ReplicationController(typed) => Some(i64::from(typed.replicas)),
            Typed::DaemonSet(_) => {
                object.tree.at(&["status", "desiredNumberScheduled"]).and_then(Tree::as_i64)
            }
            Typed::Job(_) | Typed::CronJob(_) => None,
            _ => continue,
        };
        found.push(of(&kind, &object.meta, wanted));
    }
    found
}
