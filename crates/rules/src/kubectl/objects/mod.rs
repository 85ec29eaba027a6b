//! What the API server answers: each object as one whole tree, with the status that controllers and kubelets report and the
//! metadata that the server adds. Printers read nothing else.

mod endpoints;
pub(super) mod event;
mod node;
mod pod;

use std::rc::Rc;

use api::labels::Selector;
use api::server::{Object, Resource, Server, Typed, uid_text};
use api::types::{Kind, Meta, Uid};
use controllers::{Condition, Field, WorkloadStatus};
use manifest::Tree;
use manifest::sorted::SortedMap;

use crate::analyze::Run;
use crate::assemble::settings;
use crate::input::Input;
use crate::kubectl::resource::resources;
use crate::kubectl::time;
use crate::kubectl::tree::{int, labels, list, map, pairs, set, sorted_by, text};

/// A finished run, as clients of the API server see it.
pub(super) struct Cluster<'a> {
    pub(super) input: &'a Input,
    pub(super) run: &'a Run,
}

/// Which objects of a resource are wanted.
#[derive(Clone, Copy, Default)]
pub(super) struct Wanted<'a> {
    /// `None`: of all namespaces.
    pub(super) namespace: Option<&'a str>,
    /// `None`: whatever its name.
    pub(super) name: Option<&'a str>,
    /// By its labels.
    pub(super) labels: Option<&'a Selector>,
}

impl Wanted<'_> {
    /// Whether an object with this metadata is wanted. Cluster-scoped objects have no namespace to differ in.
    fn takes(&self, meta: &Meta) -> bool {
        self.namespace.is_none_or(|namespace| meta.namespace.is_empty() || *meta.namespace == *namespace)
            && self.name.is_none_or(|name| *meta.name == *name)
            && self.labels.is_none_or(|selector| selector.matches(&meta.labels))
    }

    /// The same for an object that is not stored.
    fn takes_tree(&self, tree: &Tree) -> bool {
        let labels = pairs(tree.at(&["metadata", "labels"]));
        let meta = Meta {
            name: tree.str_at(&["metadata", "name"]).into(),
            namespace: tree.str_at(&["metadata", "namespace"]).into(),
            labels: Rc::new(labels.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
            ..Meta::default()
        };
        self.takes(&meta)
    }
}

impl Cluster<'_> {
    pub(super) fn server(&self) -> &Server {
        self.run.simulation.server()
    }

    /// The simulated clock, in milliseconds.
    pub(super) fn now(&self) -> u64 {
        self.server().now()
    }

    /// How long ago the time at a path of a tree was.
    pub(super) fn since(&self, tree: &Tree, path: &[&str]) -> String {
        time::since(self.now(), tree.str_at(path))
    }

    /// The objects of a resource, in the order in which the API server lists them: by namespace/name, bytewise.
    pub(super) fn list(&self, resource: &Resource, wanted: Wanted<'_>) -> Vec<Tree> {
        let store = self.server().store();
        let mut found: Vec<Tree> = match resource.store_kind() {
            Kind::Pod => {
                let pods = store.pods.values().filter(|pod| wanted.takes(&pod.meta));
                let kubelets = pod::Kubelets::new(store);
                pods.map(|pod| self.finished(pod::tree(self.server(), &kubelets, pod), &pod.meta)).collect()
            }
            Kind::Node => {
                let nodes = store.nodes.values().filter(|node| wanted.takes(&node.meta));
                nodes.map(|node| self.finished(node::tree(self.server(), node), &node.meta)).collect()
            }
            _ => self.stored(resource, wanted),
        };
        let derived = match (&*resource.group, &*resource.plural) {
            ("" | "events.k8s.io", "events") => event::trees(self),
            ("", "endpoints") => endpoints::endpoints(self),
            ("discovery.k8s.io", "endpointslices") => endpoints::slices(self),
            _ => Vec::new(),
        };
        found.extend(derived.into_iter().filter(|tree| wanted.takes_tree(tree)));
        let key = |tree: &Tree| {
            [tree.str_at(&["metadata", "namespace"]), "/", tree.str_at(&["metadata", "name"])].concat()
        };
        sorted_by(found, key)
    }

    /// Objects other than Pods and Nodes.
    fn stored(&self, resource: &Resource, wanted: Wanted<'_>) -> Vec<Tree> {
        let objects = self.server().store().objects.values();
        let is_of = |object: &&Object| {
            let group = api::server::split_api_version(&object.api_version).0;
            object.kind.to_string() == resource.kind && group == resource.group && wanted.takes(&object.meta)
        };
        let found: Vec<&Object> = objects.filter(is_of).collect();
        if found.is_empty() {
            return Vec::new();
        }
        let statuses = Statuses::new(self);
        let with_status = |object: &Object| {
            let mut tree = Tree::clone(&object.tree);
            statuses.write(object, &mut tree);
            self.finished(tree, &object.meta)
        };
        found.into_iter().map(with_status).collect()
    }

    /// Adds what the API server knows of an object besides its fields.
    pub(super) fn finished(&self, mut tree: Tree, meta: &Meta) -> Tree {
        set(&mut tree, &["metadata", "uid"], text(&uid_text(meta.uid)));
        set(&mut tree, &["metadata", "creationTimestamp"], text(&time::stamp(meta.created)));
        if meta.deleting {
            // Since when is not kept; the kubelet that would finish it does not answer.
            set(&mut tree, &["metadata", "deletionTimestamp"], text(&time::stamp(self.now())));
            let grace = tree.at(&["spec", "terminationGracePeriodSeconds"]).cloned();
            set(
                &mut tree,
                &["metadata", "deletionGracePeriodSeconds"],
                grace.unwrap_or_else(|| Tree::added(0)),
            );
        }
        if let Some(owner) = &meta.owner
            && tree.at(&["metadata", "ownerReferences"]).is_none()
        {
            let object = self.server().object(owner.uid);
            let reference = map(vec![
                ("apiVersion", text(object.map_or("v1", |object| &object.api_version))),
                ("blockOwnerDeletion", Tree::added(true)),
                ("controller", Tree::added(true)),
                ("kind", text(&owner.kind.to_string())),
                ("name", text(&owner.name)),
                ("uid", text(&uid_text(owner.uid))),
            ]);
            set(&mut tree, &["metadata", "ownerReferences"], list([reference]));
        }
        tree
    }

    /// The one object of that name.
    pub(super) fn find(&self, resource: &Resource, namespace: &str, name: &str) -> Option<Tree> {
        let wanted = Wanted { namespace: Some(namespace), name: Some(name), labels: None };
        self.list(resource, wanted).pop()
    }

    /// The resource of that plural in a group.
    pub(super) fn resource(&self, group: &str, plural: &str) -> Option<Resource> {
        resources(self.server())
            .into_iter()
            .find(|resource| resource.group == group && resource.plural == plural)
    }
}

/// What controllers report, by object.
struct Statuses {
    workloads: SortedMap<Uid, WorkloadStatus>,
    load_balancers: SortedMap<Uid, Vec<String>>,
    budgets: SortedMap<Uid, i32>,
}

impl Statuses {
    fn new(cluster: &Cluster<'_>) -> Self {
        let store = cluster.server().store();
        let statuses = cluster.run.simulation.statuses().into_iter();
        let allowed = controllers::budgets(store).into_iter().map(|budget| budget.disruptions_allowed);
        let budgets = store.pod_disruption_budgets().map(|budget| budget.meta.uid);
        Self {
            workloads: statuses.map(|status| (status.uid, status)).collect(),
            load_balancers: reach::load_balancer_addresses(store, &settings(cluster.input)),
            budgets: budgets.zip(allowed).collect(),
        }
    }

    fn write(&self, object: &Object, tree: &mut Tree) {
        if let Some(status) = self.workloads.get(&object.meta.uid) {
            set(tree, &["status"], workload(status, object));
        }
        match &object.typed {
            Typed::Namespace(_) => set(tree, &["status", "phase"], text("Active")),
            Typed::Service(_) => {
                let addresses = self.load_balancers.get(&object.meta.uid).map_or(&[][..], Vec::as_slice);
                if !addresses.is_empty() {
                    let ingress = |ip: &String| map(vec![("ip", text(ip)), ("ipMode", text("VIP"))]);
                    let ingress = list(addresses.iter().map(ingress));
                    set(tree, &["status", "loadBalancer", "ingress"], ingress);
                }
            }
            Typed::PodDisruptionBudget(_) => {
                let allowed = self.budgets.get(&object.meta.uid).copied().unwrap_or(0);
                set(tree, &["status", "disruptionsAllowed"], Tree::added(i64::from(allowed)));
            }
            Typed::Other if object.kind.to_string() == "HorizontalPodAutoscaler" => {
                let target = |field| tree.str_at(&["spec", "scaleTargetRef", field]).to_owned();
                let (kind, name) = (target("kind"), target("name"));
                let is_target = |status: &&WorkloadStatus| {
                    status.kind.to_string() == kind
                        && *status.name == *name
                        && status.namespace == object.meta.namespace
                };
                let current = self.workloads.values().find(is_target).map_or(0, |status| status.created);
                set(tree, &["status", "currentReplicas"], Tree::added(i64::from(current)));
            }
            _ => {}
        }
    }
}

/// The status of a workload. A Job that is not suspended has begun when it was created.
fn workload(status: &WorkloadStatus, object: &Object) -> Tree {
    let fields = status.fields.iter().map(|(name, field)| {
        let value = match field {
            Field::Count(count) => Tree::added(i64::from(*count)),
            Field::Name(name) => text(name),
            Field::Empty => Tree::map(),
        };
        (*name, value)
    });
    let mut tree = map(fields.collect());
    let condition = |condition: &Condition| {
        map(vec![
            ("lastTransitionTime", text(&time::stamp(object.meta.created))),
            ("message", text(&condition.message)),
            ("reason", text(condition.reason)),
            ("status", text(condition.status)),
            ("type", text(condition.kind)),
        ])
    };
    let conditions: Vec<Tree> = status.conditions.iter().map(condition).collect();
    if !conditions.is_empty() {
        set(&mut tree, &["conditions"], list(conditions));
    }
    if matches!(&object.typed, Typed::Job(job) if !job.suspend) {
        set(&mut tree, &["startTime"], text(&time::stamp(object.meta.created)));
    }
    tree
}

/// The replicas that an object wants.
pub(super) fn replicas(tree: &Tree) -> i64 {
    int(tree, &["spec", "replicas"])
}

/// Metadata of an object that is not stored.
pub(super) fn derived_metadata(name: &str, of: &Meta, more: &api::labels::Labels) -> Tree {
    map(vec![
        ("creationTimestamp", text(&time::stamp(of.created))),
        ("labels", labels(more)),
        ("name", text(name)),
        ("namespace", text(&of.namespace)),
    ])
}
