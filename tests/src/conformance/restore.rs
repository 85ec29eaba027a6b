//! The recorded state as a store of ours, for what is worked out from a store alone.

use std::collections::BTreeMap;
use std::rc::Rc;

use api::decode::typed;
use api::server::{Object, Store};
use api::types::{PodPhase, PodStatus, Uid};
use serde_json::Value;

use super::identity::Identities;
use super::own::NEVER_READY;
use super::recording::{Stage, list_of, map_of};
use super::world::{Pool, kind_of, node, to_tree};

/// Nodes, objects and pods of a stage. Pods get the spec of the one that was recorded for their owner.
pub(super) fn store(stage: &Stage, nodes: &[Value], pool: &Pool, identities: &Identities) -> Store {
    let mut store = Store::default();
    let mut next = 0;
    let mut uid = || {
        next += 1;
        Uid(next)
    };
    for value in nodes {
        store.nodes.insert(uid(), Rc::new(node(value)));
    }
    for value in stage.record.objects.iter().filter(|object| object["kind"] != "Pod") {
        let tree = Rc::new(to_tree(value));
        let kind = kind_of(tree.str_at(&["kind"]));
        let mut meta = typed::meta(&tree);
        meta.uid = uid();
        let typed = typed::typed(&kind, meta.clone(), &tree);
        let api_version = tree.str_at(&["apiVersion"]).into();
        store.objects.insert(meta.uid, Object { kind, api_version, meta, tree, typed });
    }
    for value in list_of(&stage.whole["pods"]) {
        let text = |key: &str| value[key].as_str().unwrap_or_default();
        let key = format!("{}/{}", text("namespace"), text("name"));
        let on = value["nodeName"].as_str();
        let Some(mut pod) = pool.find(&key, identities.get(&key), on).cloned() else { continue };
        let labels: BTreeMap<String, String> =
            map_of(&value["labels"], |label| label.as_str().unwrap_or_default().to_owned());
        pod.meta.labels = Rc::new(labels.into_iter().collect());
        pod.meta.name = text("name").into();
        pod.meta.uid = uid();
        pod.node = on.map(Into::into);
        let phase = match text("phase") {
            "Running" => PodPhase::Running,
            "Succeeded" => PodPhase::Succeeded,
            "Failed" => PodPhase::Failed,
            _ => PodPhase::Pending,
        };
        pod.status = PodStatus {
            phase,
            ready: phase == PodPhase::Running && !pod.meta.annotations.contains_key(NEVER_READY),
            pod_ips: value["podIP"].as_str().map(Into::into).into_iter().collect(),
            ..PodStatus::default()
        };
        store.pods.insert(pod.meta.uid, pod);
    }
    store
}
