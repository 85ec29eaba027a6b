//! The stored objects as checks look at them.

use api::labels::{Labels, Selector};
use api::server::{Object, Store};
use api::types::{Kind, Meta};
use manifest::sorted::SortedMap;
use manifest::{Span, Tree};

use crate::LoadBalancerProvider;

/// What makes pods: a workload with a template, or a bare pod. Objects that another object made are left out.
#[derive(Debug)]
pub struct PodSource<'a> {
    /// Metadata of the workload or pod.
    pub meta: &'a Meta,
    /// Its kind.
    pub kind: Kind,
    /// The whole workload or pod.
    pub tree: &'a Tree,
    /// The pod spec in it.
    pub spec: &'a Tree,
    /// Labels of the pods.
    pub labels: Labels,
}

/// A declared container port, of whatever container.
#[derive(Debug)]
pub struct DeclaredPort<'a> {
    /// Its tree.
    pub tree: &'a Tree,
    /// Its name; empty when none.
    pub name: &'a str,
    /// containerPort.
    pub container_port: i64,
    /// The port taken on the node: hostPort, or containerPort under hostNetwork (DEF-POD-7); `None` when none is.
    pub host_port: Option<i64>,
    /// hostIP as written.
    pub host_ip: &'a str,
    /// Protocol.
    pub protocol: &'a str,
}

/// The stored objects, and the settings that advice depends on.
#[derive(Debug)]
pub struct Context<'a> {
    /// Everything stored.
    pub store: &'a Store,
    /// Whether LoadBalancer Services get addresses.
    pub load_balancer: LoadBalancerProvider,
    /// What makes pods, in order of creation.
    pub sources: Vec<PodSource<'a>>,
}

impl<'a> Context<'a> {
    /// Looks through the store once.
    pub fn new(store: &'a Store, load_balancer: LoadBalancerProvider) -> Self {
        let workloads = store.objects.values().filter_map(workload);
        let pods = store.pods.values().filter(|pod| pod.meta.owner.is_none()).filter_map(|pod| {
            let spec = pod.tree.get("spec")?;
            let labels = (*pod.meta.labels).clone();
            Some(PodSource { meta: &pod.meta, kind: Kind::Pod, tree: &pod.tree, spec, labels })
        });
        let mut sources: Vec<_> = workloads.chain(pods).collect();
        sources.sort_by_key(|source| source.meta.uid);
        Self { store, load_balancer, sources }
    }

    /// The sources whose pods a selector matches in a namespace.
    pub fn selected<'b>(
        &'b self,
        namespace: &'b str,
        selector: &'b Selector,
    ) -> impl Iterator<Item = &'b PodSource<'a>> {
        self.sources
            .iter()
            .filter(move |source| &*source.meta.namespace == namespace && selector.matches(&source.labels))
    }

    /// A stored object by kind, namespace and name.
    pub fn object(&self, kind: &Kind, namespace: &str, name: &str) -> Option<&'a Object> {
        self.store.objects.values().find(|object| {
            object.kind == *kind && &*object.meta.namespace == namespace && &*object.meta.name == name
        })
    }

    /// The stored objects of a kind.
    pub fn objects_of(&self, kind: &'a str) -> impl Iterator<Item = &'a Object> + use<'a> {
        self.store.objects.values().filter(move |object| object.kind.to_string() == kind)
    }
}

/// The source in a workload object, if it is one and nobody owns it.
fn workload(object: &Object) -> Option<PodSource<'_>> {
    if object.meta.owner.is_some() {
        return None;
    }
    let template = match object.kind {
        Kind::CronJob => object.tree.at(&["spec", "jobTemplate", "spec", "template"])?,
        Kind::Deployment
        | Kind::ReplicaSet
        | Kind::ReplicationController
        | Kind::StatefulSet
        | Kind::DaemonSet
        | Kind::Job => object.tree.at(&["spec", "template"])?,
        _ => return None,
    };
    Some(PodSource {
        meta: &object.meta,
        kind: object.kind.clone(),
        tree: &object.tree,
        spec: template.get("spec")?,
        labels: string_map(template.at(&["metadata", "labels"])),
    })
}

/// A mapping of strings.
pub(crate) fn string_map(tree: Option<&Tree>) -> SortedMap<String, String> {
    let entries = tree.and_then(Tree::as_map).into_iter().flatten();
    entries.filter_map(|entry| Some((entry.key.clone(), entry.value.as_str()?.to_owned()))).collect()
}

impl<'a> PodSource<'a> {
    /// `Deployment default/web`.
    pub fn title(&self) -> String {
        format!("{} {}/{}", self.kind, self.meta.namespace, self.meta.name)
    }

    /// Whether its pods use the node's network.
    pub fn host_network(&self) -> bool {
        self.spec.get("hostNetwork").and_then(Tree::as_bool) == Some(true)
    }

    /// Where it says so.
    pub fn host_network_span(&self) -> Option<Span> {
        let entry = self.spec.as_map()?.entry("hostNetwork")?;
        Some(entry.key_span?.to(entry.value.span?))
    }

    /// Regular containers and init containers.
    pub fn containers(&self) -> impl Iterator<Item = &'a Tree> + use<'a> {
        let spec = self.spec;
        spec.list_at(&["containers"]).iter().chain(spec.list_at(&["initContainers"]))
    }

    /// The ports that regular containers and sidecars declare (SCH-PORTS-1).
    pub fn ports(&self) -> impl Iterator<Item = DeclaredPort<'a>> + use<'a> {
        let (spec, host_network) = (self.spec, self.host_network());
        let sidecars = spec
            .list_at(&["initContainers"])
            .iter()
            .filter(|init| init.str_at(&["restartPolicy"]) == "Always");
        let ports = spec
            .list_at(&["containers"])
            .iter()
            .chain(sidecars)
            .flat_map(|container| container.list_at(&["ports"]));
        ports.map(move |tree| {
            let number = |key| tree.get(key).and_then(Tree::as_i64).filter(|&port| port > 0);
            let container_port = number("containerPort").unwrap_or(0);
            let implied = (host_network && container_port > 0).then_some(container_port);
            DeclaredPort {
                tree,
                name: tree.str_at(&["name"]),
                container_port,
                host_port: number("hostPort").or(implied),
                host_ip: tree.str_at(&["hostIP"]),
                protocol: Some(tree.str_at(&["protocol"]))
                    .filter(|protocol| !protocol.is_empty())
                    .unwrap_or("TCP"),
            }
        })
    }
}
