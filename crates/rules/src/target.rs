//! The workload whose text is changed, and what the text and its pods say about it.

use std::rc::Rc;

use api::server::Server;
use api::types::{ClusterIp, Kind, Pod, Service, ServiceType, Uid};
use manifest::sorted::SortedSet;
use manifest::{Span, TextEdit, Tree, parse};

use crate::analyze::Run;
use crate::edits::remove_keys;
use crate::input::Input;
use crate::places::containers;

/// A workload with one of its pods.
pub(crate) struct Target<'a> {
    pub(crate) text: &'a str,
    pub(crate) run: &'a Run,
    pub(crate) pod: &'a Pod,
    pub(crate) root: Uid,
    pub(crate) name: String,
    pub(crate) tree: Rc<Tree>,
}

impl<'a> Target<'a> {
    /// The workload of a pod.
    pub(crate) fn of(input: &'a Input, run: &'a Run, namespace: &str, name: &str) -> Option<Self> {
        let server = run.simulation.server();
        Self::of_pod(input, run, server.find_kind(&Kind::Pod, namespace, name)?)
    }

    /// The workload with its first pod; `None` while it has none.
    pub(crate) fn of_root(input: &'a Input, run: &'a Run, root: Uid) -> Option<Self> {
        let pods = &run.simulation.server().store().pods;
        Self::of_pod(input, run, *pods.keys().find(|&&pod| run.simulation.root(pod) == root)?)
    }

    fn of_pod(input: &'a Input, run: &'a Run, uid: Uid) -> Option<Self> {
        let server = run.simulation.server();
        let pod = server.store().pods.get(&uid)?;
        let root = run.simulation.root(uid);
        let name = server.meta(root)?.name.to_string();
        Some(Self { text: &input.text, run, pod, root, name, tree: server.tree(root)? })
    }

    pub(crate) fn server(&self) -> &'a Server {
        self.run.simulation.server()
    }

    /// What has the pods' `metadata` and `spec`: the template, or the pod itself.
    pub(crate) fn template(&self) -> &Tree {
        let paths: [&[&str]; 2] = [&["spec", "template"], &["spec", "jobTemplate", "spec", "template"]];
        paths.into_iter().find_map(|path| self.tree.at(path)).unwrap_or(&self.tree)
    }

    pub(crate) fn spec(&self) -> Option<&Tree> {
        self.template().get("spec")
    }

    /// The spec as it is written: what is stored lacks the falses and zeros that the API server drops.
    pub(crate) fn written_spec(&self) -> Option<Tree> {
        let span = self.spec()?.span?;
        let trees = parse(self.text).documents.into_iter().filter_map(|document| document.content.ok());
        trees.into_iter().find_map(|tree| subtree(&tree, span).cloned())
    }

    pub(crate) fn ports(&self) -> impl Iterator<Item = &Tree> {
        containers(self.template()).flat_map(|container| container.list_at(&["ports"]))
    }

    /// Takes hostPort and hostIP out, where they are written.
    pub(crate) fn without_host_ports(&self) -> Option<Vec<TextEdit>> {
        let edits = self.ports().map(|port| remove_keys(self.text, port, &["hostPort", "hostIP"]));
        edits.collect::<Option<Vec<_>>>().map(|edits| edits.into_iter().flatten().collect())
    }

    /// Takes hostNetwork out, and the dnsPolicy that is for it alone.
    pub(crate) fn without_host_network(&self) -> Option<Vec<TextEdit>> {
        let spec = self.spec()?;
        if !self.pod.spec.host_network {
            return Some(Vec::new());
        }
        let dns = spec.str_at(&["dnsPolicy"]) == WITH_HOST_NET;
        remove_keys(self.text, spec, if dns { &["hostNetwork", "dnsPolicy"] } else { &["hostNetwork"] })
    }

    /// The ports that a Service would have, each once: the declared ones; where there are none, those that the images are known to
    /// open.
    pub(crate) fn service_ports(&self) -> SortedSet<(u16, String)> {
        let containers = || self.pod.spec.containers.iter();
        let ports = containers().flat_map(|container| &container.ports);
        let declared: SortedSet<_> =
            ports.map(|port| (port.container_port, port.protocol.to_string())).collect();
        if !declared.is_empty() {
            return declared;
        }
        let known = containers().flat_map(reach::listeners).filter(|listener| !listener.loopback);
        known.map(|listener| (listener.port, listener.protocol.to_string())).collect()
    }

    /// The labels by which a Service may select the pods. Those that Kubernetes added are no choice: they differ from one Job to the
    /// next.
    pub(crate) fn labels(&self) -> Vec<(String, String)> {
        let written = |labels: &Tree| -> Vec<(String, String)> {
            let entries = labels.as_map().into_iter().flatten();
            let entries = entries.filter(|entry| entry.value.span.is_some());
            entries.filter_map(|entry| Some((entry.key.clone(), entry.value.as_str()?.to_owned()))).collect()
        };
        let selector = self.tree.at(&["spec", "selector", "matchLabels"]).map(written).unwrap_or_default();
        if selector.is_empty() {
            self.template().at(&["metadata", "labels"]).map(written).unwrap_or_default()
        } else {
            selector
        }
    }

    /// The Services with an address of their own that select the pods, in order of creation.
    pub(crate) fn services(&self) -> Vec<&'a Service> {
        let meta = &self.pod.meta;
        let selects = |service: &&Service| {
            service.meta.namespace == meta.namespace
                && matches!(service.cluster_ip, ClusterIp::Address(_))
                && service.service_type != ServiceType::ExternalName
                && service.selector.as_ref().is_some_and(|selector| selector.matches(&meta.labels))
        };
        self.server().store().services().map(Rc::as_ref).filter(selects).collect()
    }

    /// The workload's name for another object, with `suffix` when an object of that kind has it already. A Service's name is a DNS
    /// label that begins with a letter.
    pub(crate) fn free_name(&self, kind: &Kind, suffix: &str) -> String {
        const MAX: usize = 63;
        let taken = |name: &str| self.server().find_kind(kind, &self.pod.meta.namespace, name).is_some();
        let mut name = self.name.replace('.', "-");
        if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
            name.insert_str(0, "app-");
        }
        let name: String = name.chars().take(MAX - suffix.len() - 1).collect();
        let name = name.trim_end_matches('-');
        if taken(name) { format!("{name}-{suffix}") } else { name.to_owned() }
    }
}

/// The mapping at a place.
fn subtree(tree: &Tree, span: Span) -> Option<&Tree> {
    if tree.span == Some(span) && tree.as_map().is_some() {
        return Some(tree);
    }
    let values = tree.as_map().into_iter().flatten().map(|entry| &entry.value);
    values.chain(tree.as_list().into_iter().flatten()).find_map(|child| subtree(child, span))
}

/// The dnsPolicy of pods on the node's network that resolve the cluster's names.
pub(crate) const WITH_HOST_NET: &str = "ClusterFirstWithHostNet";
