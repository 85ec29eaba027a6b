//! Pods of controllers. All replicas of one template share their tree, spec and labels: what defaulting, admission and
//! validation made of it is remembered by the identity of the tree.

use std::rc::Rc;

use manifest::Tree;
use manifest::sorted::SortedMap;

use super::error::ApiError;
use super::request::{Request, metadata_mut};
use super::resources::Resource;
use super::{Server, admission, pipeline, qos};
use crate::defaults::merge_label_keys;
use crate::labels::Labels;
use crate::types::{Meta, OwnerRef, Pod, PodSpec, PodStatus, Uid};

/// How a new pod gets its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PodName {
    /// `generateName`: this base, cut to 58 characters, and five characters (WL-NAME-1), deterministic here.
    Generate(Rc<str>),
    /// This name.
    Exact(Rc<str>),
}

/// A pod that a controller wants.
#[derive(Clone, Debug)]
pub struct PodDraft {
    /// Namespace of the owner.
    pub namespace: Rc<str>,
    /// The owner.
    pub owner: Rc<OwnerRef>,
    /// Name.
    pub name: PodName,
    /// `metadata` (labels, annotations, finalizers) and `spec` as the controller sends them. Passing the same `Rc` again is what
    /// makes thousands of replicas cheap: defaulting, admission and validation are remembered by its identity.
    pub tree: Rc<Tree>,
}

/// What became of a draft's tree up to validation.
#[derive(Clone, Debug)]
struct Admitted {
    tree: Rc<Tree>,
    spec: Rc<PodSpec>,
    labels: Rc<Labels>,
    annotations: Rc<Labels>,
}

/// A draft's tree by address, and its namespace.
type DraftKey = (usize, Rc<str>);

/// Labels by address, and the node that adds to them.
type LabelsKey = (usize, Rc<str>);

/// The labels before (kept alive for their address) and after.
type SharedLabels = (Rc<Labels>, Rc<Labels>);

/// Draft trees are kept alive here, so that their addresses stay theirs.
#[derive(Debug, Default)]
pub(super) struct PodMemo {
    admitted: SortedMap<DraftKey, (Rc<Tree>, Result<Admitted, ApiError>)>,
    bound_labels: SortedMap<LabelsKey, SharedLabels>,
}

/// Above this many entries the memo starts anew: StatefulSets send another tree for each pod.
const MAX_ENTRIES: usize = 1024;

impl PodMemo {
    /// What admission reads may have changed.
    pub(super) fn forget(&mut self) {
        self.admitted.clear();
    }

    /// `labels` with `more` of `node`, shared by all pods that have the same labels and node.
    pub(super) fn with_labels(&mut self, labels: &Rc<Labels>, node: &Rc<str>, more: &Labels) -> Rc<Labels> {
        if self.bound_labels.len() > MAX_ENTRIES {
            self.bound_labels.clear();
        }
        let key = (Rc::as_ptr(labels) as usize, Rc::clone(node));
        let (_, merged) = self.bound_labels.entry(key).or_insert_with(|| {
            let mut merged = Labels::clone(labels);
            merged.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
            (Rc::clone(labels), Rc::new(merged))
        });
        Rc::clone(merged)
    }
}

impl Server {
    /// The pods of a namespace, sorted by name.
    pub fn pods_in(&self, namespace: &str) -> impl Iterator<Item = &Pod> {
        self.index.range("pods", namespace).filter_map(|uid| self.store.pods.get(&uid))
    }

    /// Creates a pod for a controller. The error has the plain form of events (WL-META-4).
    pub fn create_pod(&mut self, draft: &PodDraft) -> Result<Uid, ApiError> {
        let mut request = pod_request(draft);
        let admitted = self.admitted(&request, draft)?;
        if let PodName::Generate(base) = &draft.name {
            request.name = self.generate_name(base);
            // A generated name that is taken is made anew, up to eight times in all.
            for _ in 1..8 {
                if self.find(&request.resource, &draft.namespace, &request.name).is_none() {
                    break;
                }
                request.name = self.generate_name(base);
            }
        }
        admission::validate(self, &request, &admitted.tree, None, &mut Vec::new())?;
        let name = request.name;
        if self.find(&request.resource, &draft.namespace, &name).is_some() {
            return Err(ApiError::already_exists(&request.resource, &name));
        }
        let uid = self.next_uid();
        self.index.insert("pods", &draft.namespace, &name, uid);
        let node = (!admitted.spec.node_name.is_empty()).then(|| Rc::from(&*admitted.spec.node_name));
        let meta = Meta {
            name,
            namespace: Rc::clone(&draft.namespace),
            uid,
            labels: admitted.labels,
            annotations: admitted.annotations,
            owner: Some(Rc::clone(&draft.owner)),
            created: self.now,
            deleting: false,
        };
        let pod = Pod { meta, spec: admitted.spec, node, status: PodStatus::default(), tree: admitted.tree };
        self.pod_changes.note(uid, &pod);
        let tree = Rc::clone(&pod.tree);
        self.store.pods.insert(uid, pod);
        self.count_in_quotas(&request.resource, &draft.namespace, &tree, admission::Change::Added);
        Ok(uid)
    }

    /// Defaulting, mutating admission and validation of the draft's tree, once for each tree.
    fn admitted(&mut self, request: &Request, draft: &PodDraft) -> Result<Admitted, ApiError> {
        let key = (Rc::as_ptr(&draft.tree) as usize, Rc::clone(&draft.namespace));
        if let Some((_, result)) = self.pod_memo.admitted.get(&key) {
            return result.clone();
        }
        if self.pod_memo.admitted.len() > MAX_ENTRIES {
            self.pod_memo.forget();
        }
        let result = self.admit_new(request, draft);
        self.pod_memo.admitted.insert(key, (Rc::clone(&draft.tree), result.clone()));
        result
    }

    fn admit_new(&self, request: &Request, draft: &PodDraft) -> Result<Admitted, ApiError> {
        let mut tree = Tree::clone(&draft.tree);
        let fields = super::request::as_map(&mut tree);
        fields.insert("apiVersion", Tree::added("v1"));
        fields.insert("kind", Tree::added("Pod"));
        let metadata = metadata_mut(&mut tree);
        metadata.insert("namespace", Tree::added(&*draft.namespace));
        // Mutating admission runs before the name is made, and says the base (WL-META-4); validation sees a name of its shape.
        let stand_in: Rc<str> = match &draft.name {
            PodName::Exact(name) => {
                metadata.insert("name", Tree::added(&**name));
                metadata.insert("generateName", Tree::added(format!("{}-", draft.owner.name)));
                Rc::clone(name)
            }
            PodName::Generate(base) => {
                metadata.insert("generateName", Tree::added(&**base));
                super::naming::generate(base, 0)
            }
        };
        pipeline::default(&request.resource, None, &mut tree);
        admission::mutate_pod(self, request, &mut tree)?;
        merge_label_keys(&mut tree);
        metadata_mut(&mut tree).insert("name", Tree::added(&*stand_in));
        let causes = pipeline::validate(&request.resource, None, &tree);
        if !causes.is_empty() {
            return Err(ApiError::invalid(&request.resource, &stand_in, causes));
        }
        metadata_mut(&mut tree).remove("name");
        pipeline::stored(&request.resource, &mut tree);
        qos::write(&mut tree);
        let meta = self.meta_of(request, &tree, Uid::default());
        let spec = Rc::new(pipeline::pod_spec(&tree));
        Ok(Admitted { tree: Rc::new(tree), spec, labels: meta.labels, annotations: meta.annotations })
    }
}

fn pod_request(draft: &PodDraft) -> Request {
    let (PodName::Generate(name) | PodName::Exact(name)) = &draft.name;
    Request { resource: pod_resource(), namespace: Rc::clone(&draft.namespace), name: Rc::clone(name) }
}

/// A pod's own tree: the shared one with its name.
pub(super) fn whole_tree(pod: &Pod) -> Rc<Tree> {
    let mut tree = Rc::clone(&pod.tree);
    if tree.at(&["metadata", "name"]).is_none() {
        metadata_mut(Rc::make_mut(&mut tree)).insert("name", Tree::added(&*pod.meta.name));
    }
    tree
}

/// The resource that all pods are of.
pub(super) fn pod_resource() -> Resource {
    Resource {
        group: "".into(),
        version: "v1".into(),
        kind: "Pod".into(),
        plural: "pods".into(),
        namespaced: true,
    }
}
