//! The path of a request: decode, default, mutating admission, name, allocation, validation, validating admission, store
//! (PIPE-2). The first stage that fails decides (PIPE-3).

use std::rc::Rc;

use manifest::{Map, Tree, Value};

use super::error::{ApiError, Reason};
use super::pipeline::Structural;
use super::pods::pod_resource;
use super::resources::Resource;
use super::store::Object;
use super::{Server, admission, pipeline, qos, service, strategy};
use crate::labels::Labels;
use crate::types::{Kind, Meta, OwnerRef, Pod, PodStatus, ScheduledCondition, Uid};
use crate::validation::recorded;

/// What the stages of one request share.
pub(super) struct Request {
    pub(super) resource: Resource,
    /// Empty for cluster-scoped resources.
    pub(super) namespace: Rc<str>,
    /// The name; until one is generated the `generateName` (WL-META-4).
    pub(super) name: Rc<str>,
}

impl Server {
    /// Creates an object of any kind, as a POST does.
    pub fn create(&mut self, tree: Tree) -> Result<Uid, ApiError> {
        self.create_for(None, tree)
    }

    /// Creates an object that a controller owns: ReplicaSet, Job, PersistentVolumeClaim. The tree names the namespace.
    /// Pods go through [`Server::create_pod`].
    pub fn create_owned(&mut self, owner: &Rc<OwnerRef>, tree: Tree) -> Result<Uid, ApiError> {
        let before = self.warnings.len();
        let created = self.create_for(Some(owner), tree);
        self.warnings.truncate(before);
        created
    }

    fn create_for(&mut self, owner: Option<&Rc<OwnerRef>>, mut tree: Tree) -> Result<Uid, ApiError> {
        let mut request = self.request(&mut tree)?;
        let custom = self.structural(&request.resource);
        pipeline::decode(&request.resource, custom.as_ref(), &tree)?;
        pipeline::default(&request.resource, custom.as_ref(), &mut tree);
        admission::mutate(self, &request, &mut tree)?;
        let uid = self.next_uid();
        if tree.str_at(&["metadata", "name"]).is_empty() && !request.name.is_empty() {
            request.name = self.generate_name(&request.name);
            metadata_mut(&mut tree).insert("name", Tree::added(&*request.name));
        }
        strategy::prepare_for_create(&request, &mut tree, uid);
        if kind_is_service(&request) {
            self.allocations.allocate(&request, &mut tree, uid, None)?;
        }
        let (resource, name) = (&request.resource, &*request.name);
        let taken = self.find(resource, &request.namespace, name).is_some();
        let causes = pipeline::validate(resource, custom.as_ref(), &tree);
        if !causes.is_empty() {
            return Err(ApiError::invalid(resource, name, causes));
        }
        let mut warnings = pipeline::warnings(resource, &tree, None);
        let admitted = admission::validate(self, &request, &tree, None, &mut warnings);
        self.warnings.extend(recorded(warnings));
        admitted?;
        if names_a_version(&tree) {
            let why = "resourceVersion should not be set on objects to be created";
            return Err(ApiError::new(Reason::Unknown, why));
        }
        if taken {
            return Err(ApiError::already_exists(resource, name));
        }
        strategy::after_read(&request, &mut tree);
        let mut meta = self.meta_of(&request, &tree, uid);
        if let Some(owner) = owner {
            meta.owner = Some(Rc::clone(owner));
        }
        self.put(resource, meta, tree);
        Ok(uid)
    }

    /// The schema of a custom resource.
    fn structural(&self, resource: &Resource) -> Option<Structural> {
        let definition = self.index.definition_of(resource).filter(|_| !resource.is_built_in())?;
        Some(Structural::new(self.tree(definition)?, resource))
    }

    /// Stores what every cluster has: no admission, no validation.
    pub(super) fn create_built_in(&mut self, resource: &Resource, mut tree: Tree) {
        let Ok(request) = self.request(&mut tree) else { return };
        pipeline::default(resource, None, &mut tree);
        let uid = self.next_uid();
        strategy::prepare_for_create(&request, &mut tree, uid);
        if kind_is_service(&request) && self.allocations.allocate(&request, &mut tree, uid, None).is_err() {
            return;
        }
        let meta = self.meta_of(&request, &tree, uid);
        self.put(resource, meta, tree);
    }

    /// Replaces an object, as a PUT or a patch does. Nothing happens to name and namespace.
    pub fn update(&mut self, uid: Uid, mut tree: Tree) -> Result<(), ApiError> {
        let request = self.request(&mut tree)?;
        let resource = &request.resource;
        let name = &*request.name;
        let (Some(old), Some(old_meta)) = (self.tree(uid), self.meta(uid).cloned()) else {
            return Err(ApiError::not_found(resource, name));
        };
        let custom = self.structural(resource);
        pipeline::decode(resource, custom.as_ref(), &tree)?;
        pipeline::default(resource, custom.as_ref(), &mut tree);
        admission::mutate_update(&request, &mut tree, &old);
        strategy::prepare_for_update(&request, &mut tree, &old, uid);
        if kind_is_service(&request) {
            service::prepare_for_update(&mut tree, &old);
            self.allocations.allocate(&request, &mut tree, uid, Some(&old))?;
        }
        let causes = pipeline::validate_update(resource, custom.as_ref(), &tree, &old);
        if !causes.is_empty() {
            return Err(ApiError::invalid(resource, name, causes));
        }
        let mut warnings = pipeline::warnings(resource, &tree, Some(&old));
        let admitted = admission::validate(self, &request, &tree, Some(&old), &mut warnings);
        self.warnings.extend(recorded(warnings));
        admitted?;
        if names_a_version(&tree) {
            return Err(ApiError::conflict(resource, name));
        }
        strategy::after_read(&request, &mut tree);
        let fresh = self.meta_of(&request, &tree, uid);
        let meta = Meta {
            labels: fresh.labels,
            annotations: fresh.annotations,
            owner: fresh.owner.or(old_meta.owner),
            ..old_meta
        };
        self.put(resource, meta, tree);
        Ok(())
    }

    /// Removes an object at once; what it owns stays until [`Server::collect_garbage`]. A namespace takes its content with
    /// it. Whether there was one.
    pub fn delete(&mut self, uid: Uid) -> bool {
        let Some(meta) = self.meta(uid).cloned() else { return false };
        let object = self.store.objects.remove(&uid);
        let pod = self.store.pods.remove(&uid);
        if let Some(pod) = &pod {
            self.pod_changes.note(uid, pod);
        }
        self.store.nodes.remove(&uid);
        let resource = match &object {
            Some(object) => self.resource(&object.api_version, &object.kind.to_string()),
            None if pod.is_some() => Some(pod_resource()),
            None => self.resource("v1", "Node"),
        };
        if let Some(resource) = &resource {
            self.index.remove(&resource.group_resource(), &meta.namespace, &meta.name, uid);
        }
        if pod.is_none() {
            self.pod_memo.forget();
        }
        self.allocations.release(uid);
        if let Some(Object { kind: Kind::Namespace, .. }) = &object {
            self.delete_namespaced(&meta.name);
        }
        let ended = pod.as_ref().is_some_and(|pod| pod.status.phase.is_terminal());
        let tree = pod.map(|pod| pod.tree).or(object.map(|object| object.tree));
        match (resource, tree) {
            _ if ended => {}
            (Some(resource), Some(tree)) => {
                self.count_in_quotas(&resource, &meta.namespace, &tree, admission::Change::Removed);
            }
            _ => self.refresh_quotas(&meta.namespace),
        }
        true
    }

    fn delete_namespaced(&mut self, namespace: &str) {
        let objects = self.store.objects.values().map(|object| &object.meta);
        let all = objects.chain(self.store.pods.values().map(|pod| &pod.meta));
        let inside: Vec<Uid> =
            all.filter(|meta| &*meta.namespace == namespace).map(|meta| meta.uid).collect();
        for uid in inside {
            self.delete(uid);
        }
    }

    /// Finds the resource and completes the metadata: the namespace `default` (DEF-OTH-6), none for cluster-scoped kinds.
    pub(super) fn request(&self, tree: &mut Tree) -> Result<Request, ApiError> {
        let resource =
            self.resource(tree.str_at(&["apiVersion"]), tree.str_at(&["kind"])).ok_or_else(|| {
                ApiError::new(Reason::NotFound, "the server could not find the requested resource")
            })?;
        let metadata = metadata_mut(tree);
        let written = metadata.get("namespace").and_then(Tree::as_str).unwrap_or("");
        let namespace: Rc<str> = match (resource.namespaced, written) {
            (false, _) => "".into(),
            (true, "") => "default".into(),
            (true, written) => written.into(),
        };
        if !resource.namespaced {
            metadata.remove("namespace");
        } else if written.is_empty() {
            metadata.insert("namespace", Tree::added(&*namespace));
        }
        let written = |key| metadata.get(key).and_then(Tree::as_str).filter(|text| !text.is_empty());
        let name = written("name").or_else(|| written("generateName")).unwrap_or("").into();
        Ok(Request { resource, namespace, name })
    }

    /// Metadata as the typed objects have it.
    pub(super) fn meta_of(&self, request: &Request, tree: &Tree, uid: Uid) -> Meta {
        Meta {
            name: tree.str_at(&["metadata", "name"]).into(),
            namespace: Rc::clone(&request.namespace),
            uid,
            labels: Rc::new(strings_at(tree, &["metadata", "labels"])),
            annotations: Rc::new(strings_at(tree, &["metadata", "annotations"])),
            owner: self.owner_in(tree, &request.namespace),
            created: self.now,
            deleting: false,
        }
    }

    /// The controller that the tree's ownerReferences name, if it exists.
    fn owner_in(&self, tree: &Tree, namespace: &str) -> Option<Rc<OwnerRef>> {
        let is_controller = |owner: &&Tree| owner.get("controller").and_then(Tree::as_bool) == Some(true);
        let owner = tree.list_at(&["metadata", "ownerReferences"]).iter().find(is_controller)?;
        let resource = self.resource(owner.str_at(&["apiVersion"]), owner.str_at(&["kind"]))?;
        let name = owner.str_at(&["name"]);
        let uid = self.find(&resource, namespace, name)?;
        Some(Rc::new(OwnerRef { kind: resource.store_kind(), name: name.into(), uid }))
    }

    /// Stores an object, new or in place of the old one.
    fn put(&mut self, resource: &Resource, meta: Meta, mut tree: Tree) {
        pipeline::stored(resource, &mut tree);
        let kind = resource.store_kind();
        let uid = meta.uid;
        let namespace = Rc::clone(&meta.namespace);
        let is_new = self.meta(uid).is_none();
        self.index.insert(&resource.group_resource(), &meta.namespace, &meta.name, uid);
        if kind != Kind::Pod {
            self.pod_memo.forget();
        }
        match kind {
            Kind::Pod => {
                qos::write(&mut tree);
                let spec = Rc::new(pipeline::pod_spec(&tree));
                let old = self.store.pods.remove(&uid);
                let given = (!spec.node_name.is_empty()).then(|| Rc::from(&*spec.node_name));
                let (node, status) =
                    old.map_or_else(|| (given, PodStatus::default()), |old| (old.node, old.status));
                let pod = Pod { meta, spec, node, status, tree: Rc::new(tree) };
                self.pod_changes.note(uid, &pod);
                self.store.pods.insert(uid, pod);
            }
            Kind::Node => {
                self.store.nodes.insert(uid, Rc::new(pipeline::node(meta, &tree)));
                self.index.set_node_tree(uid, Rc::new(tree));
            }
            kind => {
                if kind == Kind::Service {
                    self.allocations.record(uid, &tree);
                }
                let served = strategy::served_by(&tree);
                if !served.is_empty() {
                    self.index.set_custom_resources(uid, served);
                }
                let tree = Rc::new(tree);
                let typed = pipeline::typed(resource, &meta, &tree);
                let api_version = resource.api_version().into();
                self.store.objects.insert(uid, Object { kind, api_version, meta, tree, typed });
            }
        }
        let pod = self.store.pods.get(&uid).map(|pod| &pod.tree);
        let stored = pod.or_else(|| Some(&self.store.objects.get(&uid)?.tree)).map(Rc::clone);
        match stored.filter(|_| is_new) {
            Some(tree) => self.count_in_quotas(resource, &namespace, &tree, admission::Change::Added),
            None => self.refresh_quotas(&namespace),
        }
    }

    /// Binds a pod to a node (SCH-DIRECT-1 for the user's own choice). The node's zone and region labels are copied onto the
    /// pod (WL-ADM-TOPO-1).
    pub fn bind(&mut self, pod: Uid, node: &Rc<str>) {
        let zone_labels = self.zone_labels(node);
        let Some(pod) = self.store.pods.get_mut(&pod) else { return };
        self.pod_changes.note(pod.meta.uid, pod);
        pod.node = Some(Rc::clone(node));
        pod.status.scheduled = ScheduledCondition::True;
        if !zone_labels.is_empty() {
            pod.meta.labels = self.pod_memo.with_labels(&pod.meta.labels, node, &zone_labels);
        }
    }

    fn zone_labels(&self, node: &str) -> Labels {
        const COPIED: [&str; 2] = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"];
        let Some(uid) = self.find_kind(&Kind::Node, "", node) else { return Labels::new() };
        let Some(node) = self.store.nodes.get(&uid) else { return Labels::new() };
        COPIED.iter().filter_map(|&key| Some((key.to_owned(), node.meta.labels.get(key)?.clone()))).collect()
    }
}

/// Whether the object says which version of it is meant (`k8s.io/apiserver/pkg/storage/etcd3`). Nobody can know one: those of a
/// server are its own, and here there are none.
fn names_a_version(tree: &Tree) -> bool {
    tree.str_at(&["metadata", "resourceVersion"]).parse::<u64>().is_ok_and(|version| version > 0)
}

fn kind_is_service(request: &Request) -> bool {
    request.resource.store_kind() == Kind::Service
}

/// The metadata of an object, made when it is missing or no mapping.
pub(super) fn metadata_mut(tree: &mut Tree) -> &mut Map {
    map_mut(tree, "metadata")
}

/// The mapping below `key`, made when it is missing or something else.
pub(super) fn map_mut<'a>(tree: &'a mut Tree, key: &str) -> &'a mut Map {
    let child = as_map(tree).or_insert_with(key, Tree::map);
    as_map(child)
}

/// The tree as a mapping; anything else is replaced by an empty one.
pub(super) fn as_map(tree: &mut Tree) -> &mut Map {
    if !matches!(tree.value, Value::Map(_)) {
        tree.value = Value::Map(Map::default());
    }
    match &mut tree.value {
        Value::Map(map) => map,
        _ => unreachable!("just made a mapping"),
    }
}

/// The string values of a mapping.
pub(super) fn strings_at(tree: &Tree, path: &[&str]) -> Labels {
    let Some(map) = tree.at(path).and_then(Tree::as_map) else { return Labels::new() };
    map.iter().filter_map(|entry| Some((entry.key.clone(), entry.value.as_str()?.to_owned()))).collect()
}
