//! Small changes that controllers and kubectl make without sending the whole object.

use std::rc::Rc;

use manifest::{Map, Tree, Value};

use super::request::{as_map, map_mut, metadata_mut};
use super::resources::Resource;
use super::store::{Object, Typed};
use super::{Server, admission};
use crate::decode::typed::typed;
use crate::labels::Labels;
use crate::types::{Node, OwnerRef, Taint, TaintEffect, Uid};

/// The taint of cordoned nodes (SCH-NODE-4).
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// Labels as they stand in `metadata`.
pub(crate) fn labels_tree(labels: &Labels) -> Tree {
    let entry = |(key, value): (&String, &String)| (key.clone(), Tree::added(value.as_str()));
    Tree::added(labels.iter().map(entry).collect::<Map>())
}

impl Server {
    /// Sets `spec.replicas` of a Deployment, ReplicaSet, StatefulSet or ReplicationController, and the parallelism of a Job.
    /// The template stays the same shared tree. Whether the object has replicas.
    pub fn set_replicas(&mut self, uid: Uid, replicas: i32) -> bool {
        let Some(object) = self.store.objects.get_mut(&uid) else { return false };
        let field = match &mut object.typed {
            Typed::Deployment(typed) => (&mut Rc::make_mut(typed).replicas, "replicas"),
            Typed::ReplicaSet(typed) => (&mut Rc::make_mut(typed).replicas, "replicas"),
            Typed::StatefulSet(typed) => (&mut Rc::make_mut(typed).replicas, "replicas"),
            Typed::ReplicationController(typed) => (&mut Rc::make_mut(typed).replicas, "replicas"),
            Typed::Job(typed) => (&mut Rc::make_mut(typed).parallelism, "parallelism"),
            _ => return false,
        };
        *field.0 = replicas;
        map_mut(Rc::make_mut(&mut object.tree), "spec").insert(field.1, Tree::added(i64::from(replicas)));
        true
    }

    /// Changes the tree of an object that is neither Pod nor Node, and its typed form with it.
    pub fn change(&mut self, uid: Uid, change: impl FnOnce(&mut Tree)) {
        self.quota_uses.forget();
        if let Some(object) = self.store.objects.get_mut(&uid) {
            change(Rc::make_mut(&mut object.tree));
            object.typed = typed(&object.kind, object.meta.clone(), &object.tree);
        }
    }

    /// Gives a claim the class that is the default now, as the volume controller does with claims that came before it.
    /// Whether there is one.
    pub fn assign_default_class(&mut self, claim: Uid) -> bool {
        let class = admission::default_storage_class(self).map(|class| Rc::clone(&class.name));
        if let Some(class) = &class {
            self.change(claim, |tree| {
                map_mut(tree, "spec").insert("storageClassName", Tree::added(&**class));
            });
        }
        class.is_some()
    }

    /// Sets an annotation of an object that is neither Pod nor Node, for example `deployment.kubernetes.io/revision`.
    pub fn annotate(&mut self, uid: Uid, key: &str, value: &str) {
        self.change_metadata(uid, "annotations", key, Some(value));
    }

    /// Removes an annotation of an object that is neither Pod nor Node.
    pub fn remove_annotation(&mut self, uid: Uid, key: &str) {
        self.change_metadata(uid, "annotations", key, None);
    }

    /// Sets a label of an object that is neither Pod nor Node.
    pub fn set_label(&mut self, uid: Uid, key: &str, value: &str) {
        self.change_metadata(uid, "labels", key, Some(value));
    }

    /// Gives an object that is neither Pod nor Node to a controller, or to none.
    pub fn set_owner(&mut self, uid: Uid, owner: Option<Rc<OwnerRef>>) {
        if let Some(object) = self.store.objects.get_mut(&uid) {
            object.meta.owner = owner;
            sync_typed_meta(object);
        }
    }

    fn change_metadata(&mut self, uid: Uid, field: &'static str, key: &str, value: Option<&str>) {
        let Some(object) = self.store.objects.get_mut(&uid) else { return };
        let fields = metadata_mut(Rc::make_mut(&mut object.tree));
        let map = as_map(fields.or_insert_with(field, Tree::map));
        match value {
            Some(value) => map.insert(key, Tree::added(value)),
            None => drop(map.remove(key)),
        }
        if map.is_empty() {
            fields.remove(field);
        }
        let labels = if field == "labels" { &mut object.meta.labels } else { &mut object.meta.annotations };
        let labels: &mut Labels = Rc::make_mut(labels);
        match value {
            Some(value) => labels.insert(key.to_owned(), value.to_owned()),
            None => labels.remove(key),
        };
        sync_typed_meta(object);
    }

    /// Counts an object that was stored or removed in the ResourceQuotas of its namespace, and writes their status, as quota
    /// admission and the quota controller do.
    pub(super) fn count_in_quotas(
        &mut self,
        resource: &Resource,
        namespace: &str,
        tree: &Tree,
        change: admission::Change,
    ) {
        let quotas = self.objects_in("resourcequotas", namespace);
        let changed = quotas.filter(|quota| admission::count_in_quota(self, quota, resource, tree, change));
        let statuses = changed.map(|quota| (quota.meta.uid, admission::quota_status(self, quota))).collect();
        self.set_quota_statuses(statuses);
    }

    /// Counts everything in a namespace anew, in which an object has changed.
    pub(super) fn refresh_quotas(&mut self, namespace: &str) {
        self.quota_uses.forget();
        let quotas = self.objects_in("resourcequotas", namespace);
        let statuses = quotas.map(|quota| (quota.meta.uid, admission::quota_status(self, quota))).collect();
        self.set_quota_statuses(statuses);
    }

    fn set_quota_statuses(&mut self, statuses: Vec<(Uid, Tree)>) {
        for (uid, status) in statuses {
            if let Some(object) = self.store.objects.get_mut(&uid) {
                as_map(Rc::make_mut(&mut object.tree)).insert("status", status);
            }
        }
    }

    /// Adds a node that is known in its typed form only, as the simulated cluster makes them.
    pub fn create_node(&mut self, mut node: Node) -> Uid {
        let uid = self.next_uid();
        node.meta.uid = uid;
        node.meta.created = self.now;
        self.index.insert("nodes", "", &node.meta.name, uid);
        self.store.nodes.insert(uid, Rc::new(node));
        uid
    }

    /// Gives a node other labels.
    pub fn set_node_labels(&mut self, node: Uid, labels: Labels) {
        let map = labels_tree(&labels);
        self.change_node(
            node,
            |node| node.meta.labels = Rc::new(labels),
            |tree| metadata_mut(tree).insert("labels", map),
        );
    }

    /// Gives a node other taints.
    pub fn set_taints(&mut self, node: Uid, taints: Vec<Taint>) {
        let list = taints.iter().map(|taint| {
            let effect = format!("{:?}", taint.effect);
            let fields = [("key", &taint.key), ("value", &taint.value), ("effect", &effect)];
            let given = fields.into_iter().filter(|(_, text)| !text.is_empty());
            Tree::added(
                given.map(|(key, text)| (key.to_owned(), Tree::added(text.as_str()))).collect::<Map>(),
            )
        });
        let list = Tree::added(list.collect::<Vec<_>>());
        self.change_node(
            node,
            |node| node.taints = taints,
            |tree| map_mut(tree, "spec").insert("taints", list),
        );
    }

    /// Changes both forms of a node, as far as it has them.
    fn change_node(&mut self, node: Uid, typed: impl FnOnce(&mut Node), tree: impl FnOnce(&mut Tree)) {
        if let Some(node) = self.store.nodes.get_mut(&node) {
            typed(Rc::make_mut(node));
        }
        if let Some(mut found) = self.index.node_tree(node) {
            tree(Rc::make_mut(&mut found));
            self.index.set_node_tree(node, found);
        }
    }

    /// Cordons or uncordons a node (SCH-NODE-4): the field, and the taint that the node lifecycle controller keeps in step.
    /// Whether anything changed.
    pub fn set_unschedulable(&mut self, node: Uid, unschedulable: bool) -> bool {
        let Some(node_rc) = self.store.nodes.get_mut(&node) else { return false };
        if node_rc.unschedulable == unschedulable {
            return false;
        }
        let typed = Rc::make_mut(node_rc);
        typed.unschedulable = unschedulable;
        typed.taints.retain(|taint| taint.key != UNSCHEDULABLE);
        if unschedulable {
            let taint =
                Taint { key: UNSCHEDULABLE.into(), value: String::new(), effect: TaintEffect::NoSchedule };
            typed.taints.push(taint);
        }
        if let Some(mut tree) = self.index.node_tree(node) {
            let spec = map_mut(Rc::make_mut(&mut tree), "spec");
            spec.remove("unschedulable");
            if unschedulable {
                spec.insert("unschedulable", Tree::added(Value::Bool(true)));
            }
            self.index.set_node_tree(node, tree);
        }
        true
    }
}

/// Gives the typed form the metadata of the object.
fn sync_typed_meta(object: &mut Object) {
    macro_rules! sync {
        ($($kind:ident)*) => {
            match &mut object.typed {
                $(Typed::$kind(typed) => Rc::make_mut(typed).meta = object.meta.clone(),)*
                Typed::Other => {}
            }
        };
    }
    sync!(Namespace Deployment ReplicaSet StatefulSet DaemonSet Job CronJob ReplicationController Service Ingress
          IngressClass PriorityClass PodDisruptionBudget PersistentVolume PersistentVolumeClaim StorageClass);
}
