//! objects: as the server returns them, field by field. One object is one unit.
//!
//! Left aside is what differs from run to run: identities and times, invented names, the node of a pod (that is `outcome`),
//! and allocated addresses and ports, which must be of the same band and unique. Of objects whose body was not recorded only
//! the metadata counts, and one pod stands for all of one owner and revision.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use serde_json::{Map, Value, json};

use super::compare_outcome::Agreement;
use super::diff;
use super::names::Names;
use super::score::{Outcome, sides};

/// The kinds that a recording lists. Others are neither missing nor superfluous.
const LISTED: [&str; 27] = [
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "Ingress",
    "IngressClass",
    "Job",
    "LimitRange",
    "Namespace",
    "NetworkPolicy",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "PriorityClass",
    "ReplicaSet",
    "ReplicationController",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "RuntimeClass",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
    "StorageClass",
];

/// Kinds of which only the metadata is recorded, whoever owns them.
const METADATA_ONLY: [&str; 3] = ["ConfigMap", "Secret", "ServiceAccount"];

/// Metadata that differs from run to run.
const VOLATILE: [&str; 8] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "managedFields",
    "selfLink",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

/// One side: the objects, and the names that its run invented.
pub(super) type Side<'a> = (&'a [Value], &'a Names);

/// Kind, namespace and name with invented parts replaced.
type Key = (String, String, String);

/// Compares the objects of a stage. `given` is all text that the user gave: a value that stands there is not allocated.
pub(super) fn compare(
    stage: &str,
    recorded: Side<'_>,
    ours: Side<'_>,
    given: &str,
    agreement: Agreement,
) -> Outcome {
    let mut outcome = Outcome::default();
    let duplicates = duplicates(ours.0);
    let mut left = by_key(recorded);
    let mut right = by_key(ours);
    if agreement == Agreement::AnyVictim {
        let kept: BTreeSet<Key> = left.keys().filter(|key| right.contains_key(*key)).cloned().collect();
        left = unnamed_survivors(left, &kept);
        right = unnamed_survivors(right, &kept);
    }
    for (key, theirs) in &mut left {
        let mine = right.entry(key.clone()).or_default();
        // Two templates of one workload have the same key: equal ones belong together, the others in order.
        theirs.sort_by_key(|object| {
            !mine.iter().any(|candidate| differs(object, candidate, given, &duplicates).is_none())
        });
        for object in theirs {
            let equal =
                mine.iter().position(|candidate| differs(object, candidate, given, &duplicates).is_none());
            let candidate = (!mine.is_empty()).then(|| mine.remove(equal.unwrap_or(0)));
            let difference = match candidate {
                Some(candidate) => differs(object, &candidate, given, &duplicates),
                None => Some(sides("object", "exists", "does not")),
            };
            outcome.count(unit(stage, key), difference);
        }
    }
    for (key, surplus) in right.iter().filter(|(key, _)| LISTED.contains(&&*key.0)) {
        for _ in surplus {
            outcome.count(unit(stage, key), Some(sides("object", "does not exist", "does")));
        }
    }
    outcome
}

fn unit(stage: &str, (kind, namespace, name): &Key) -> String {
    format!("{stage}, {kind} {namespace}/{name}")
}

fn by_key((objects, names): Side<'_>) -> BTreeMap<Key, Vec<Value>> {
    let mut grouped: BTreeMap<Key, Vec<Value>> = BTreeMap::new();
    for object in objects {
        let object = normal_form(object, names);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let metadata = &object["metadata"];
        let key = (text(&object["kind"]), text(&metadata["namespace"]), text(&metadata["name"]));
        grouped.entry(key).or_default().push(object);
    }
    grouped
}

/// Bare pods that only one side has, under one name: of equal victims each side preempted another one.
fn unnamed_survivors(objects: BTreeMap<Key, Vec<Value>>, kept: &BTreeSet<Key>) -> BTreeMap<Key, Vec<Value>> {
    let mut renamed: BTreeMap<Key, Vec<Value>> = BTreeMap::new();
    for (mut key, mut group) in objects {
        let bare = |object: &Value| object["metadata"]["ownerReferences"].is_null();
        if key.0 == "Pod" && !kept.contains(&key) && group.iter().all(bare) {
            "*".clone_into(&mut key.2);
            for metadata in
                group.iter_mut().filter_map(|object| object.pointer_mut("/metadata")?.as_object_mut())
            {
                metadata.insert("name".into(), "*".into());
            }
        }
        renamed.entry(key).or_default().append(&mut group);
    }
    renamed
}

/// An object without what differs from run to run.
fn normal_form(object: &Value, names: &Names) -> Value {
    let mut object = names.normalize_value(object);
    let Some(fields) = object.as_object_mut() else { return object };
    fields.remove("apiVersion");
    if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
        normalize_metadata(metadata);
    }
    match fields.get("kind").and_then(Value::as_str) {
        Some("Pod") => normalize_pod(fields),
        Some("PersistentVolume") => normalize_volume(&mut object),
        _ => {}
    }
    object
}

/// Drops from a volume which version of the claim it was bound to, and when.
fn normalize_volume(volume: &mut Value) {
    for (parent, volatile) in
        [("/spec/claimRef", &["uid", "resourceVersion"][..]), ("/status", &["lastPhaseTransitionTime"])]
    {
        if let Some(parent) = volume.pointer_mut(parent).and_then(Value::as_object_mut) {
            parent.retain(|key, _| !volatile.contains(&key.as_str()));
        }
    }
}

fn normalize_metadata(metadata: &mut Map<String, Value>) {
    metadata.retain(|key, _| !VOLATILE.contains(&key.as_str()));
    if let Some(owners) = metadata.get_mut("ownerReferences").and_then(Value::as_array_mut) {
        for owner in owners {
            *owner = json!({"kind": owner["kind"], "name": owner["name"]});
        }
    }
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
    metadata.retain(|key, value| {
        !(["annotations", "labels"].contains(&key.as_str()) && value.as_object().is_some_and(Map::is_empty))
    });
}

/// Labels that a pod takes over from its node when it is bound.
const NODE_LABELS: [&str; 2] = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

/// Lifts the QoS class out of the status, and drops the node, what follows from it, and the mounted token.
fn normalize_pod(pod: &mut Map<String, Value>) {
    if let Some(status) = pod.remove("status")
        && !status["qosClass"].is_null()
    {
        pod.insert("qosClass".into(), status["qosClass"].clone());
    }
    if let Some(metadata) = pod.get_mut("metadata").and_then(Value::as_object_mut) {
        if let Some(labels) = metadata.get_mut("labels").and_then(Value::as_object_mut) {
            labels.retain(|key, _| !NODE_LABELS.contains(&key.as_str()));
        }
        normalize_metadata(metadata);
    }
    let of_daemon_set =
        pod.get("metadata").is_some_and(|metadata| metadata["ownerReferences"][0]["kind"] == "DaemonSet");
    let Some(spec) = pod.get_mut("spec").and_then(Value::as_object_mut) else { return };
    spec.remove("nodeName");
    drop_named(spec, "volumes");
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        let containers = spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten();
        for container in containers.filter_map(Value::as_object_mut) {
            drop_named(container, "volumeMounts");
        }
    }
    if of_daemon_set && let Some(affinity) = spec.get_mut("affinity") {
        replace_target(affinity);
    }
}

fn drop_named(parent: &mut Map<String, Value>, list: &str) {
    let Some(items) = parent.get_mut(list).and_then(Value::as_array_mut) else { return };
    let is_token =
        |item: &Value| item["name"].as_str().is_some_and(|name| name.starts_with("kube-api-access-"));
    let before = items.len();
    items.retain(|item| !is_token(item));
    if items.is_empty() && before > 0 {
        parent.remove(list);
    }
}

/// The node that a pod of a DaemonSet is meant for: another one for each.
fn replace_target(affinity: &mut Value) {
    let terms = affinity
        .pointer_mut("/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms");
    for term in terms.and_then(Value::as_array_mut).into_iter().flatten() {
        for field in term.get_mut("matchFields").and_then(Value::as_array_mut).into_iter().flatten() {
            if field["key"] == "metadata.name" {
                field["values"] = json!(["<node>"]);
            }
        }
    }
}

/// How two objects of the same key differ.
fn differs(recorded: &Value, ours: &Value, given: &str, duplicates: &BTreeSet<String>) -> Option<String> {
    let (mut theirs, mut mine) = (recorded.clone(), ours.clone());
    let kind = theirs["kind"].as_str().unwrap_or_default().to_owned();
    let bare = theirs.as_object_mut().is_some_and(|fields| fields.remove("note").is_some());
    if let (Some(left), Some(right)) = (theirs.as_object_mut(), mine.as_object_mut()) {
        if bare || METADATA_ONLY.contains(&&*kind) {
            left.retain(|key, _| ["kind", "metadata"].contains(&key.as_str()));
            right.retain(|key, _| ["kind", "metadata"].contains(&key.as_str()));
        }
        if !left.contains_key("status") {
            right.remove("status");
        }
    }
    if kind == "Service" {
        adopt_allocated(&theirs, &mut mine, given, duplicates);
    }
    diff::difference(&theirs, &mine)
}

/// Puts the recorded value where ours was allocated as well, from the same band, and is unique.
fn adopt_allocated(recorded: &Value, ours: &mut Value, given: &str, duplicates: &BTreeSet<String>) {
    let ports = recorded["spec"]["ports"].as_array().map_or(0, Vec::len);
    let node_ports = (0..ports).map(|index| format!("/spec/ports/{index}/nodePort"));
    let paths = ["/spec/clusterIP", "/spec/clusterIPs/0", "/spec/healthCheckNodePort"].map(str::to_owned);
    for path in paths.into_iter().chain(node_ports) {
        let (Some(theirs), Some(mine)) = (recorded.pointer(&path), ours.pointer_mut(&path)) else { continue };
        let free =
            !given.contains(theirs.to_string().trim_matches('"')) && !duplicates.contains(&mine.to_string());
        if free && band(theirs).is_some() && band(theirs) == band(mine) {
            *mine = theirs.clone();
        }
    }
}

/// The band of an allocatable value: the lower part of a range is left to those who choose for themselves
/// (16 to 256 addresses of the Service range, 86 node ports of the default range).
fn band(value: &Value) -> Option<&'static str> {
    if let Some(port) = value.as_u64() {
        return match port {
            30_000..=30_085 => Some("static node port"),
            30_086..=32_767 => Some("dynamic node port"),
            _ => None,
        };
    }
    let address: Ipv4Addr = value.as_str()?.parse().ok()?;
    let offset = u32::from(address).checked_sub(u32::from(Ipv4Addr::new(10, 96, 0, 0)))?;
    match offset {
        1..=256 => Some("static address"),
        257..=0xf_fffe => Some("dynamic address"),
        _ => None,
    }
}

/// Cluster IPs and node ports (with protocol) that more than one of our Services holds, as JSON text.
fn duplicates(objects: &[Value]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut twice = BTreeSet::new();
    for service in objects.iter().filter(|object| object["kind"] == "Service") {
        let spec = &service["spec"];
        let ports = spec["ports"].as_array().into_iter().flatten();
        let node_ports = ports.map(|port| (port["nodePort"].to_string(), port["protocol"].to_string()));
        for (value, protocol) in node_ports.chain([(spec["clusterIP"].to_string(), String::new())]) {
            if !seen.insert((value.clone(), protocol)) {
                twice.insert(value);
            }
        }
    }
    twice
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(recorded: &[Value], ours: &[Value], given: &str) -> (u64, u64) {
        let names = Names::default();
        let tally = compare("stage 0", (recorded, &names), (ours, &names), given, Agreement::Full).tally;
        (tally.matched, tally.total)
    }

    fn service(name: &str, ip: &str, port: u64) -> Value {
        json!({"kind": "Service", "metadata": {"name": name, "namespace": "a"},
            "spec": {"clusterIP": ip, "clusterIPs": [ip], "ports": [{"nodePort": port, "protocol": "TCP"}]}})
    }

    #[test]
    fn allocated_values_count_by_band_and_uniqueness() {
        let recorded = [service("web", "10.99.1.2", 31_000)];
        assert_eq!(tally(&recorded, &[service("web", "10.96.1.1", 32_000)], ""), (1, 1));
        assert_eq!(tally(&recorded, &[service("web", "10.96.1.0", 32_000)], ""), (0, 1));
        assert_eq!(tally(&recorded, &[service("web", "10.96.1.1", 30_000)], ""), (0, 1));
        assert_eq!(tally(&recorded, &[service("web", "10.96.1.1", 32_000)], "nodePort: 31000"), (0, 1));
        let two = [service("web", "10.99.1.2", 31_000), service("api", "10.99.1.3", 31_001)];
        let same = [service("web", "10.99.1.2", 31_002), service("api", "10.99.1.3", 31_002)];
        assert_eq!(tally(&two, &same, ""), (0, 2));
    }

    #[test]
    fn a_volume_is_bound_to_a_claim_of_that_name() {
        let volume = |name: &str, uid: &str| {
            json!({"kind": "PersistentVolume", "metadata": {"name": "one"}, "status": {"phase": "Bound",
                "lastPhaseTransitionTime": uid}, "spec": {"claimRef": {"name": name, "uid": uid, "resourceVersion": uid}}})
        };
        assert_eq!(tally(&[volume("data", "1")], &[volume("data", "2")], ""), (1, 1));
        assert_eq!(tally(&[volume("data", "1")], &[volume("other", "1")], ""), (0, 1));
    }

    #[test]
    fn every_field_counts_and_volatile_metadata_does_not() {
        let recorded = json!({"kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 1}});
        let ours = |replicas: u64| {
            json!({"apiVersion": "apps/v1", "kind": "Deployment", "status": {"replicas": 0},
            "metadata": {"name": "web", "uid": "7", "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"}},
            "spec": {"replicas": replicas}})
        };
        assert_eq!(tally(std::slice::from_ref(&recorded), &[ours(1)], ""), (1, 1));
        assert_eq!(tally(std::slice::from_ref(&recorded), &[ours(2)], ""), (0, 1));
        assert_eq!(tally(&[recorded], &[], ""), (0, 1));
    }

    #[test]
    fn what_only_we_have_counts_unless_recordings_do_not_list_it() {
        let object = |kind: &str| json!({"kind": kind, "metadata": {"name": "x"}});
        assert_eq!(tally(&[], &[object("Pod")], ""), (0, 1));
        assert_eq!(tally(&[], &[object("ControllerRevision")], ""), (0, 0));
    }

    #[test]
    fn odd_objects_are_units_like_others() {
        let odd = [
            json!(null),
            json!("Pod"),
            json!({"kind": "Pod"}),
            json!({"kind": "Pod", "metadata": 3, "spec": []}),
        ];
        let (matched, total) = tally(&odd, &[], "");
        assert_eq!((matched, total), (0, 4));
        assert_eq!(tally(&odd, &odd, ""), (4, 4));
    }

    #[test]
    fn another_victim_is_as_good_only_where_real_runs_differed() {
        let names = Names::default();
        let pod = |name: &str| [json!({"kind": "Pod", "metadata": {"name": name}})];
        let matched = |agreement| {
            let tally = compare("stage 0", (&pod("a"), &names), (&pod("b"), &names), "", agreement).tally;
            (tally.matched, tally.total)
        };
        assert_eq!(matched(Agreement::Full), (0, 2));
        assert_eq!(matched(Agreement::AnyVictim), (1, 1));
    }

    #[test]
    fn pods_are_compared_without_node_and_token() {
        let recorded = json!({"kind": "Pod", "metadata": {"name": "x"}, "spec": {"containers": [{"name": "c"}]}, "qosClass": "BestEffort"});
        let ours = json!({"kind": "Pod", "metadata": {"name": "x"}, "status": {"qosClass": "BestEffort"}, "spec": {
            "nodeName": "n", "volumes": [{"name": "kube-api-access-1"}],
            "containers": [{"name": "c", "volumeMounts": [{"name": "kube-api-access-1"}]}]}});
        assert_eq!(tally(std::slice::from_ref(&recorded), &[ours], ""), (1, 1));
        let burstable = json!({"kind": "Pod", "metadata": {"name": "x"}, "spec": {"containers": [{"name": "c"}]}, "qosClass": "Burstable"});
        assert_eq!(tally(&[recorded], &[burstable], ""), (0, 1));
    }
}
