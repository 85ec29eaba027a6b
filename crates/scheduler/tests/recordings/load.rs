//! Reads recordings: JSON to trees, and trees to nodes, pods and listers.
#![expect(clippy::disallowed_methods, reason = "a test reads files")]

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use api::decode::typed::{self, meta, pod_spec, typed};
use api::labels::{Operator, Requirement, Selector};
use api::server::Typed;
use api::types::{Kind, Node, OwnerRef, Pod, Uid};
use manifest::sorted::SortedMap;
use manifest::{Map, Number, Tree, Value};
use scheduler::{DisruptionBudget, Listers};
use serde_json::Value as Json;

pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) nodes: Vec<Json>,
    /// The record of the first command, then those of the steps.
    pub(crate) records: Vec<Json>,
}

pub(crate) fn scenarios(folder: &Path) -> Vec<Scenario> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut paths: Vec<_> =
        entries.filter_map(|entry| Some(entry.ok()?.path().join("result.json"))).collect();
    paths.sort();
    paths.retain(|path| path.is_file());
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a recording can be read");
            let mut result: Json = serde_json::from_str(&text).expect("a recording is JSON");
            let take = |value: &mut Json| value.take().as_array().cloned().unwrap_or_default();
            let steps = take(&mut result["steps"]);
            let nodes = take(&mut result["nodes"]);
            let name = result["scenario"].as_str().unwrap_or_default().to_owned();
            Scenario { name, nodes, records: std::iter::once(result).chain(steps).collect() }
        })
        .collect()
}

pub(crate) fn tree(json: &Json) -> Tree {
    let value = match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Number(match (number.as_i64(), number.as_u64()) {
            (Some(int), _) => Number::Int(int),
            (None, Some(uint)) => Number::Uint(uint),
            (None, None) => Number::Float(number.as_f64().unwrap_or_default()),
        }),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(tree).collect()),
        Json::Object(fields) => {
            let mut map = Map::default();
            fields.iter().for_each(|(key, value)| map.insert(key.clone(), tree(value)));
            Value::Map(map)
        }
    };
    Tree::added(value)
}

/// A node of a recording, which has its own short form.
pub(crate) fn node(json: &Json) -> Rc<Node> {
    let object = serde_json::json!({
        "metadata": { "name": json["name"], "labels": json["labels"] },
        "spec": { "taints": json["taints"], "unschedulable": json["unschedulable"] },
        "status": { "allocatable": json["allocatable"], "capacity": json["capacity"], "images": json["images"] },
    });
    let tree = tree(&object);
    Rc::new(typed::node(meta(&tree), &tree))
}

pub(crate) fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_default()
}

/// Identities, by what the object is called.
#[derive(Default)]
pub(crate) struct Uids(BTreeMap<String, Uid>);

impl Uids {
    pub(crate) fn of(&mut self, kind: &str, namespace: &str, name: &str) -> Uid {
        let next = Uid(self.0.len() as u64 + 1);
        *self.0.entry(format!("{kind}/{namespace}/{name}")).or_insert(next)
    }
}

/// The pods of a record by namespace/name; one recorded object stands for all pods of its owner.
pub(crate) fn pods(record: &Json, uids: &mut Uids) -> BTreeMap<String, Pod> {
    let objects = record["objects"].as_array().cloned().unwrap_or_default();
    let representative = |pod: &Json| {
        let owner = &pod["owner"];
        objects.iter().filter(|object| object["kind"] == "Pod").find(|object| {
            let metadata = &object["metadata"];
            metadata["namespace"] == pod["namespace"]
                && if owner.is_null() {
                    metadata["name"] == pod["name"]
                } else {
                    let reference = &metadata["ownerReferences"][0];
                    let labels = &metadata["labels"];
                    let same = |label: &str| labels[label] == pod["labels"][label];
                    reference["kind"] == owner["kind"]
                        && reference["name"] == owner["name"]
                        && same("controller-revision-hash")
                }
        })
    };
    let all = record["pods"].as_array().cloned().unwrap_or_default();
    all.iter()
        .filter_map(|pod| {
            let object = representative(pod)?;
            let (namespace, name) = (text(pod, "namespace"), text(pod, "name"));
            let mut object = object.clone();
            if object["metadata"]["name"] != pod["name"] {
                // A DaemonSet's pods are pinned to their nodes one by one.
                object = pin(object, pod);
            }
            object["metadata"]["labels"] = pod["labels"].clone();
            let tree = tree(&object);
            let mut spec = pod_spec(tree.get("spec")?);
            spec.node_name.clear();
            let mut meta = meta(&tree);
            meta.name = name.into();
            meta.uid = uids.of("Pod", namespace, name);
            let owner = &pod["owner"];
            meta.owner = (!owner.is_null()).then(|| {
                let (kind, name) = (text(owner, "kind"), text(owner, "name"));
                let uid = uids.of(kind, namespace, name);
                Rc::new(OwnerRef { kind: Kind::Other(kind.into()), name: name.into(), uid })
            });
            let pod = Pod { meta, spec: Rc::new(spec), ..Pod::default() };
            Some((format!("{namespace}/{name}"), pod))
        })
        .collect()
}

/// Points the node affinity of a DaemonSet's pod to its own node, which is the one it was bound to.
fn pin(mut object: Json, pod: &Json) -> Json {
    let terms =
        "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    if let (Some(Json::Array(terms)), "DaemonSet") = (object.pointer_mut(terms), text(&pod["owner"], "kind"))
    {
        for field in terms.iter_mut().filter_map(|term| term["matchFields"][0]["values"].as_array_mut()) {
            *field = vec![pod["target"].clone()];
        }
    }
    object
}

/// Services, selectors and budgets of a record.
pub(crate) fn listers(record: &Json, uids: &mut Uids, pods: &[&Pod]) -> Listers {
    let mut listers = Listers::default();
    let (mut services, mut selectors, mut budgets, mut claims, mut namespaces) =
        (vec![], SortedMap::new(), vec![], vec![], SortedMap::new());
    let objects = record["objects"].as_array().cloned().unwrap_or_default();
    let selector_of = |name: &str| {
        let deployment = objects
            .iter()
            .find(|object| object["kind"] == "Deployment" && object["metadata"]["name"] == name);
        typed::label_selector(
            &tree(&deployment.map_or(Json::Null, |object| object["spec"].clone())),
            "selector",
        )
    };
    for object in &objects {
        let tree = Rc::new(tree(object));
        let meta = meta(&tree);
        let uid = uids.of(text(object, "kind"), &meta.namespace, &meta.name);
        let kind = match text(object, "kind") {
            "Service" => Kind::Service,
            "StatefulSet" => Kind::StatefulSet,
            "ReplicationController" => Kind::ReplicationController,
            "ReplicaSet" => Kind::ReplicaSet,
            "PodDisruptionBudget" => Kind::PodDisruptionBudget,
            "PersistentVolumeClaim" => Kind::PersistentVolumeClaim,
            "Namespace" => Kind::Namespace,
            other => Kind::Other(other.into()),
        };
        match typed(&kind, meta.clone(), &tree) {
            Typed::Service(service) => services.push(service),
            Typed::StatefulSet(set) => drop(selectors.insert(uid, set.selector.clone())),
            Typed::ReplicationController(set) => drop(selectors.insert(uid, set.selector.clone())),
            Typed::ReplicaSet(set) if object["spec"].is_object() => {
                selectors.insert(uid, set.selector.clone());
            }
            Typed::ReplicaSet(_) => {
                // Recorded without its body: the Deployment's selector and the hash of the template.
                let hash = object["metadata"]["labels"]["pod-template-hash"].as_str().unwrap_or_default();
                let mut selector =
                    selector_of(text(&object["metadata"]["ownerReferences"][0], "name")).unwrap_or_default();
                let values = vec![hash.to_owned()];
                selector.requirements.push(Requirement {
                    key: "pod-template-hash".into(),
                    operator: Operator::In,
                    values,
                });
                selectors.insert(uid, selector);
            }
            Typed::PodDisruptionBudget(budget) => {
                let selects = |pod: &&&Pod| {
                    let selector: Option<&Selector> = budget.selector.as_ref();
                    pod.meta.namespace == meta.namespace
                        && selector.is_some_and(|selector| selector.matches(&pod.meta.labels))
                };
                let healthy = pods.iter().filter(selects).count() as i32;
                let wanted = object["spec"]["minAvailable"].as_i64().unwrap_or(0) as i32;
                budgets.push(DisruptionBudget {
                    namespace: Rc::clone(&meta.namespace),
                    selector: budget.selector.clone(),
                    disruptions_allowed: (healthy - wanted).max(0),
                });
            }
            Typed::PersistentVolumeClaim(claim) => claims.push(claim),
            Typed::Namespace(namespace) => {
                namespaces.insert(Rc::clone(&namespace.meta.name), Rc::clone(&namespace.meta.labels));
            }
            _ => {}
        }
    }
    listers.services = Rc::new(services);
    listers.owner_selectors = Rc::new(selectors);
    listers.budgets = Rc::new(budgets);
    listers.claims = Rc::new(claims);
    listers.namespaces = Rc::new(namespaces);
    listers
}
