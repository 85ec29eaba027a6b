//! What the scheduler is told during a replay: nodes, pods under their recorded names, and the objects that plugins look up.

use std::collections::BTreeMap;
use std::rc::Rc;

use api::decode::typed;
use api::int_or_string::{IntOrString, Rounding};
use api::labels::Selector;
use api::server::{Server, Store, Typed};
use api::types::{Kind, Node, OwnerRef, Pod, PodDisruptionBudget, Uid};
use manifest::{Map, Number, Tree, Value};
use scheduler::{DisruptionBudget, Listers, Options, Scheduler, Trace};

use super::claims::Binding;
use super::compare_attempts::from_trace;
use super::identity::{Identities, Identity, target};
use super::record::{Attempt, Record};
use super::replay::{Engine, Nominated, Placed};

/// Identities of pods in the replay start here, above those of the objects they refer to.
const FIRST_POD: u64 = 1 << 40;

/// The cluster of one stage without its pods.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    nodes: Vec<Rc<Node>>,
    listers: Listers,
    budgets: Vec<Rc<PodDisruptionBudget>>,
}

/// Pods that can stand for recorded ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    pods: Vec<(String, Option<Identity>, Pod)>,
}

/// Our scheduler in the state of a replay.
#[derive(Debug)]
pub(super) struct Following<'a> {
    world: World,
    /// The nodes as they are in the end, then as they may have been on the way; each with claims bound, or not yet.
    phases: Vec<(Vec<Rc<Node>>, bool)>,
    /// The claims that this stage binds.
    binding: Binding,
    /// Our own pods, and the recorded ones that stand in for what we do not make.
    pools: [&'a Pool; 2],
    /// Who the recorded pods are.
    identities: &'a Identities,
    /// Recorded nodes of the pods: where a pod of a DaemonSet belongs when the attempts do not tell.
    ended_on: &'a BTreeMap<String, String>,
}

impl Pool {
    /// Adds the pods of our run at the end of a stage.
    pub(super) fn add_ours(&mut self, server: &Server, identities: &Identities) {
        for pod in server.store().pods.values() {
            let key = format!("{}/{}", pod.meta.namespace, pod.meta.name);
            self.pods.push((key.clone(), identities.get(&key).cloned(), pod.clone()));
        }
    }

    /// Adds the recorded pods, as far as they were recorded in full.
    pub(super) fn add_recorded(&mut self, record: &Record, identities: &Identities) {
        for object in record.objects.iter().filter(|object| object["kind"] == "Pod") {
            let tree = Rc::new(to_tree(object));
            let mut meta = typed::meta(&tree);
            let owner = tree.list_at(&["metadata", "ownerReferences"]).first();
            meta.owner = owner.map(|owner| {
                let (kind, name) = (owner.str_at(&["kind"]), owner.str_at(&["name"]));
                Rc::new(OwnerRef {
                    kind: kind_of(kind),
                    name: name.into(),
                    uid: owner_uid(&meta.namespace, kind, name),
                })
            });
            let key = format!("{}/{}", meta.namespace, meta.name);
            let mut spec = tree.get("spec").map(typed::pod_spec).unwrap_or_default();
            spec.node_name.clear();
            let pod = Pod { meta, spec: Rc::new(spec), tree, ..Pod::default() };
            self.pods.push((key.clone(), identities.get(&key).cloned(), pod));
        }
    }

    /// The pod of exactly that name, or one of the same identity; `on` picks the one for a node.
    pub(super) fn find(&self, key: &str, identity: Option<&Identity>, on: Option<&str>) -> Option<&Pod> {
        let exact = self.pods.iter().rev().find(|(name, _, _)| name == key);
        let same = |(_, other, _): &&(String, Option<Identity>, Pod)| {
            identity.is_some() && other.as_ref() == identity
        };
        let meant = |entry: &&(String, Option<Identity>, Pod)| {
            same(entry) && on.is_some() && meant_for(&entry.2) == on
        };
        let found =
            exact.or_else(|| self.pods.iter().find(meant)).or_else(|| self.pods.iter().rev().find(same));
        found.map(|(_, _, pod)| pod)
    }
}

/// The node that a pod of a DaemonSet is made for.
fn meant_for(pod: &Pod) -> Option<&str> {
    let terms = pod.spec.affinity.node.as_ref()?.required.as_ref()?;
    let field = terms.first()?.match_fields.first()?;
    field.values.first().map(String::as_str)
}

/// Makes a pod of a DaemonSet one for another node.
fn retarget(pod: &mut Pod, node: &str) {
    let spec = Rc::make_mut(&mut pod.spec);
    let terms = spec.affinity.node.as_mut().and_then(|affinity| affinity.required.as_mut());
    for field in terms.into_iter().flatten().flat_map(|term| &mut term.match_fields) {
        field.values = vec![node.to_owned()];
    }
}

impl<'a> Following<'a> {
    /// In the cluster of a stage that came after another. A node that was cordoned or uncordoned first has its new field and
    /// its old taints, until the node lifecycle controller follows (SCH-NODE-4).
    pub(super) fn new(
        world: World,
        before: Option<&World>,
        pools: [&'a Pool; 2],
        identities: &'a Identities,
        ended_on: &'a BTreeMap<String, String>,
    ) -> Self {
        let half = |node: &Rc<Node>| {
            let old =
                before.and_then(|before| before.nodes.iter().find(|old| old.meta.name == node.meta.name));
            let old = old.filter(|old| old.unschedulable != node.unschedulable)?;
            Some(Rc::new(Node { taints: old.taints.clone(), ..Node::clone(node) }))
        };
        let nodes = world.nodes.clone();
        let half_way: Vec<Rc<Node>> =
            nodes.iter().map(|node| half(node).unwrap_or_else(|| Rc::clone(node))).collect();
        let changed = nodes.iter().any(|node| half(node).is_some());
        let binding = Binding::between(before.map(|before| &before.listers), &world.listers);
        let nodes = if changed { vec![nodes, half_way] } else { vec![nodes] };
        let early = if binding.at_once() { &[false, true][..] } else { &[false] };
        let phases = nodes
            .into_iter()
            .flat_map(|nodes| early.iter().map(move |early| (nodes.clone(), *early)))
            .collect();
        Self { world, phases, binding, pools, identities, ended_on }
    }

    /// The pod under its recorded name; `on` is where it belongs or is placed.
    fn pod(&self, key: &str, on: Option<&str>) -> Option<Pod> {
        let identity = self.identities.get(key);
        let mut pod = self.pools.iter().find_map(|pool| pool.find(key, identity, on))?.clone();
        let (namespace, name) = key.split_once('/')?;
        if let (Some(node), true) = (on, is_of_daemon_set(&pod)) {
            retarget(&mut pod, node);
        }
        pod.meta.name = name.into();
        pod.meta.namespace = namespace.into();
        pod.meta.deleting = false;
        pod.node = None;
        pod.status = api::types::PodStatus::default();
        Some(pod)
    }

    /// The disruption controller's figure for the pods that are placed: the replay knows no other.
    fn budgets(&self, placed: &[Pod]) -> Vec<DisruptionBudget> {
        let one = |budget: &Rc<PodDisruptionBudget>| {
            let covered = |pod: &&Pod| {
                let matches =
                    budget.selector.as_ref().is_some_and(|selector| selector.matches(&pod.meta.labels));
                pod.meta.namespace == budget.meta.namespace && matches
            };
            let healthy = placed.iter().filter(covered).count() as i32;
            let share = |value: &IntOrString| value.scaled(healthy, Rounding::Up).unwrap_or_default();
            let needed = match (&budget.min_available, &budget.max_unavailable) {
                (Some(min), _) => share(min),
                (None, Some(max)) => healthy - share(max),
                (None, None) => healthy,
            };
            DisruptionBudget {
                namespace: Rc::clone(&budget.meta.namespace),
                selector: budget.selector.clone(),
                disruptions_allowed: (healthy - needed).max(0),
            }
        };
        self.world.budgets.iter().map(one).collect()
    }
}

fn is_of_daemon_set(pod: &Pod) -> bool {
    pod.meta.owner.as_ref().is_some_and(|owner| owner.kind == Kind::DaemonSet)
}

impl Engine for Following<'_> {
    fn phases(&self) -> usize {
        self.phases.len()
    }

    fn attempt(
        &mut self,
        recorded: &Attempt,
        placed: &Placed,
        nominated: &Nominated,
        phase: usize,
    ) -> Option<Attempt> {
        let belongs = self.ended_on.get(&recorded.pod).map(String::as_str);
        let on = target(recorded).map(String::as_str).or(belongs);
        let mut tried = self.pod(&recorded.pod, on)?;
        tried.meta.uid = Uid(FIRST_POD);
        let mut pods = Vec::new();
        let victims = recorded.preemption.as_ref().map(|(_, victims)| victims);
        for (index, (key, place)) in placed.iter().enumerate() {
            let node = &place.node;
            let mut pod = self.pod(key, Some(node))?;
            // Start times are whole seconds: among pods of one stage, which is the latest is left to chance (SCH-PRE-6).
            let is_victim = victims.is_some_and(|victims| victims.contains(key));
            pod.status.started = (place.since as u64) * 60_000 + if is_victim { 1_000 } else { 0 };
            pod.meta.uid = Uid(FIRST_POD + 1 + index as u64);
            pod.node = Some(node.as_str().into());
            pod.status.phase = api::types::PodPhase::Running;
            pods.push(pod);
        }
        let mut scheduler =
            Scheduler::new(Options { start_index: recorded.start_index, ..Options::default() });
        let (nodes, early) = &self.phases[phase];
        for node in nodes {
            scheduler.add_node(Rc::clone(node));
        }
        let budgets = Rc::new(self.budgets(&pods));
        let listers = self.binding.undone(&self.world.listers, &pods, *early);
        scheduler.set_listers(Listers { budgets, ..listers });
        for pod in &pods {
            scheduler.add_pod(pod);
        }
        for (index, (key, node)) in nominated.iter().enumerate() {
            if *key == recorded.pod {
                scheduler.nominate(&tried, node);
                tried.status.nominated_node = Some(node.as_str().into());
            } else if let Some(mut pod) = self.pod(key, None) {
                pod.meta.uid = Uid(FIRST_POD * 2 + index as u64);
                scheduler.nominate(&pod, node);
            }
        }
        Some(from_trace(&scheduler.schedule(&tried, Trace::Full)))
    }
}

impl World {
    /// Of our own run at the end of a stage.
    pub(super) fn ours(server: &Server) -> Self {
        let store = server.store();
        Self { nodes: store.nodes.values().cloned().collect(), ..Self::of_objects(store) }
    }

    fn of_objects(store: &Store) -> Self {
        let selectors =
            store.objects.iter().filter_map(|(uid, object)| Some((*uid, pod_selector(&object.typed)?)));
        let labels = |namespace: &Rc<api::types::Namespace>| {
            (Rc::clone(&namespace.meta.name), Rc::clone(&namespace.meta.labels))
        };
        let listers = Listers {
            services: Rc::new(store.services().cloned().collect()),
            owner_selectors: Rc::new(selectors.collect()),
            budgets: Rc::default(),
            claims: Rc::new(store.persistent_volume_claims().cloned().collect()),
            volumes: Rc::new(store.persistent_volumes().cloned().collect()),
            storage_classes: Rc::new(store.storage_classes().cloned().collect()),
            namespaces: Rc::new(store.namespaces().map(labels).collect()),
        };
        Self { nodes: Vec::new(), listers, budgets: store.pod_disruption_budgets().cloned().collect() }
    }

    /// Of recorded nodes and objects, where our own run could not be made.
    pub(super) fn recorded(nodes: &[serde_json::Value], record: &Record) -> Self {
        let mut store = Store::default();
        for (index, value) in record.objects.iter().enumerate() {
            let mut tree = to_tree(value);
            let kind = kind_of(tree.str_at(&["kind"]));
            complete_replica_set(&mut tree, &record.objects);
            let mut meta = typed::meta(&tree);
            meta.uid = match kind {
                Kind::ReplicaSet | Kind::ReplicationController | Kind::StatefulSet => {
                    owner_uid(&meta.namespace, &kind.to_string(), &meta.name)
                }
                _ => Uid(index as u64 + 1),
            };
            let tree = Rc::new(tree);
            let typed = typed::typed(&kind, meta.clone(), &tree);
            let object =
                api::server::Object { kind, api_version: "".into(), meta: meta.clone(), tree, typed };
            store.objects.insert(meta.uid, object);
        }
        let mut world = Self::of_objects(&store);
        let namespaces = Rc::make_mut(&mut world.listers.namespaces);
        for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
            let label = [("kubernetes.io/metadata.name".to_owned(), name.to_owned())];
            namespaces.entry(name.into()).or_insert_with(|| Rc::new(label.into()));
        }
        world.nodes = nodes.iter().map(|node| Rc::new(self::node(node))).collect();
        world
    }
}

/// The selector by which a workload owns pods.
fn pod_selector(typed: &Typed) -> Option<Selector> {
    match typed {
        Typed::ReplicaSet(workload) => Some(workload.selector.clone()),
        Typed::ReplicationController(workload) => Some(workload.selector.clone()),
        Typed::StatefulSet(workload) => Some(workload.selector.clone()),
        _ => None,
    }
}

/// Gives a ReplicaSet that was recorded without body the selector that a Deployment gives it: its own and the hash.
fn complete_replica_set(tree: &mut Tree, objects: &[serde_json::Value]) {
    let metadata = tree.get("metadata").cloned().unwrap_or_default();
    let hash = metadata.str_at(&["labels", "pod-template-hash"]);
    let (false, Some(owner)) = (hash.is_empty(), metadata.list_at(&["ownerReferences"]).first()) else {
        return;
    };
    let deployment = objects.iter().find(|object| {
        object["kind"] == "Deployment"
            && object["metadata"]["name"] == owner.str_at(&["name"])
            && object["metadata"]["namespace"] == metadata.str_at(&["namespace"])
    });
    let Some(deployment) = deployment else { return };
    let mut selector = deployment["spec"]["selector"].clone();
    let Some(labels) = selector.pointer_mut("/matchLabels").and_then(serde_json::Value::as_object_mut) else {
        return;
    };
    labels.insert("pod-template-hash".into(), hash.into());
    if let Some(map) = tree.as_map_mut() {
        map.insert("spec", to_tree(&serde_json::json!({"selector": selector})));
    }
}

/// A recorded node, which is a flat form of the object.
pub(super) fn node(value: &serde_json::Value) -> Node {
    let tree = to_tree(&node_object(value));
    typed::node(typed::meta(&tree), &tree)
}

/// A recorded node as a Node object.
pub(super) fn node_object(value: &serde_json::Value) -> serde_json::Value {
    let ready = if value["ready"] == false { "False" } else { "True" };
    serde_json::json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": value["name"], "labels": value["labels"]},
        "spec": {"taints": value["taints"], "unschedulable": value["unschedulable"]},
        "status": {
            "capacity": value["capacity"],
            "allocatable": value["allocatable"],
            "addresses": value["addresses"],
            "images": value["images"],
            "conditions": [{"type": "Ready", "status": ready}],
        },
    })
}

/// An identity for an owner that exists in a recording only, below those of the pods and above those of other objects.
fn owner_uid(namespace: &str, kind: &str, name: &str) -> Uid {
    let text = format!("{kind}/{namespace}/{name}");
    let hash = text.bytes().fold(7_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    Uid((1 << 32) + hash % (1 << 32))
}

pub(super) fn kind_of(kind: &str) -> Kind {
    let known = [
        Kind::Namespace,
        Kind::Deployment,
        Kind::ReplicaSet,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::Service,
        Kind::Ingress,
        Kind::IngressClass,
        Kind::PodDisruptionBudget,
        Kind::PersistentVolume,
        Kind::PersistentVolumeClaim,
        Kind::StorageClass,
    ];
    known.into_iter().find(|known| known.to_string() == kind).unwrap_or_else(|| Kind::Other(kind.into()))
}

/// JSON as a tree without places.
pub(super) fn to_tree(value: &serde_json::Value) -> Tree {
    match value {
        serde_json::Value::Null => Tree::default(),
        serde_json::Value::Bool(value) => Tree::added(*value),
        serde_json::Value::Number(number) => {
            let other = || {
                number
                    .as_u64()
                    .map_or_else(|| Number::Float(number.as_f64().unwrap_or_default()), Number::Uint)
            };
            Tree::added(Value::Number(number.as_i64().map_or_else(other, Number::Int)))
        }
        serde_json::Value::String(text) => Tree::added(text.as_str()),
        serde_json::Value::Array(items) => Tree::added(items.iter().map(to_tree).collect::<Vec<_>>()),
        serde_json::Value::Object(map) => {
            Tree::added(map.iter().map(|(key, value)| (key.clone(), to_tree(value))).collect::<Map>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_node_becomes_one_of_ours() {
        let recorded = serde_json::json!({"name": "node-1", "labels": {"a": "b"}, "ready": false, "unschedulable": true,
            "allocatable": {"pods": "3"}, "addresses": [{"type": "InternalIP", "address": "10.0.0.11"}]});
        let node = node(&recorded);
        assert_eq!((&*node.meta.name, node.ready, node.unschedulable), ("node-1", false, true));
        assert_eq!((node.taints.len(), node.allocatable.len(), node.addresses.len()), (3, 1, 1));
    }
}
