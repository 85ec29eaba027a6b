//! What all ways in look at: the nodes and their addresses, what is taken, and who restricts whom.

use std::rc::Rc;

use api::decode::typed::label_selector;
use api::labels::Selector;
use api::server::Store;
use api::types::{IpFamily, Kind, Node, NodeAddressType, Pod, PodPhase, Protocol, Service, Uid};
use manifest::sorted::{SortedMap, SortedSet};

use crate::bind::{BindConflict, bind_conflicts};
use crate::controller::{Controller, controllers};
use crate::endpoints::{family_of, is_proxied};
use crate::images::listeners;
use crate::load_balancer;
use crate::route::{Note, RouteState};
use crate::settings::Settings;
use crate::url::Hints;

/// The store with what was derived from it once.
pub(crate) struct View<'a> {
    pub(crate) store: &'a Store,
    pub(crate) settings: Settings,
    /// Allocated node ports.
    pub(crate) node_ports: SortedSet<(u16, Protocol)>,
    /// Processes that cannot bind, by pod.
    pub(crate) conflicts: SortedMap<Uid, Vec<BindConflict>>,
    /// Addresses of LoadBalancer Services, each with the nodes that it leads to when these are the nodes' own.
    pub(crate) load_balancers: SortedMap<Uid, load_balancer::Assignment>,
    /// Ingress controllers.
    pub(crate) controllers: Vec<Controller<'a>>,
    /// Host ports on all addresses of a node that the CNI plugin maps, and the pods that they lead to.
    pub(crate) mapped: SortedMap<(&'a str, u16, Protocol), &'a Pod>,
    /// External IPs with port, and their Services.
    pub(crate) external: SortedMap<(&'a str, u16, Protocol), &'a Service>,
    nodes: SortedMap<&'a str, &'a Node>,
    policies: Vec<(Rc<str>, Selector, Rc<str>)>,
}

impl<'a> View<'a> {
    pub(crate) fn new(store: &'a Store, settings: Settings) -> Self {
        let services = store.services();
        let node_ports = services
            .flat_map(|service| service.ports.iter().map(|port| (port.node_port, port.protocol)))
            .filter(|(port, _)| *port != 0)
            .collect();
        let mut conflicts: SortedMap<Uid, Vec<BindConflict>> = SortedMap::new();
        for conflict in bind_conflicts(store) {
            conflicts.entry(conflict.pod).or_default().push(conflict);
        }
        let nodes = store.nodes.values().map(|node| (&*node.meta.name, &**node)).collect();
        let policies = store.objects.values().filter_map(|object| {
            let policy = matches!(&object.kind, Kind::Other(kind) if &**kind == "NetworkPolicy");
            let spec = object.tree.get("spec").filter(|_| policy)?;
            let types = spec.list_at(&["policyTypes"]);
            let ingress = types.is_empty() || types.iter().any(|name| name.as_str() == Some("Ingress"));
            let selector = label_selector(spec, "podSelector").unwrap_or_default();
            ingress.then(|| (Rc::clone(&object.meta.namespace), selector, Rc::clone(&object.meta.name)))
        });
        let policies = policies.collect();
        let controllers = controllers(store, settings);
        let load_balancers = load_balancer::assign(store, settings, &controllers);
        let mapped = if settings.host_ports { mapped(store) } else { SortedMap::new() };
        let external = external(store);
        Self {
            store,
            settings,
            node_ports,
            conflicts,
            load_balancers,
            controllers,
            mapped,
            external,
            nodes,
            policies,
        }
    }

    /// The node of that name.
    pub(crate) fn node(&self, name: &str) -> Option<&'a Node> {
        self.nodes.get(name).copied()
    }

    /// The node of a pod.
    pub(crate) fn node_of(&self, pod: &Pod) -> Option<&'a Node> {
        self.node(pod.node.as_deref()?)
    }

    /// Nodes in order of creation that answer at all.
    pub(crate) fn ready_nodes(&self) -> impl Iterator<Item = &'a Node> {
        self.store.nodes.values().map(Rc::as_ref).filter(|node| node.ready)
    }

    /// Whether the nodes have addresses of both families.
    pub(crate) fn is_dual_stack(&self) -> bool {
        let families = |node| [IpFamily::IPv4, IpFamily::IPv6].map(|family| address(node, family).is_some());
        self.ready_nodes().any(|node| families(node) == [true, true])
    }

    /// The flag of a policy that restricts who reaches a pod (EXP-NETPOL-5). It does not hold under hostNetwork (EXP-NETPOL-3).
    pub(crate) fn policy_note(&self, pod: &Pod) -> Option<Note> {
        let mut policies = self.policies.iter().filter(|_| !pod.spec.host_network);
        policies
            .find(|(namespace, selector, _)| {
                *namespace == pod.meta.namespace && selector.matches(&pod.meta.labels)
            })
            .map(|(_, _, name)| Note::NetworkPolicy(name.to_string()))
    }
}

/// Host ports of pods on nodes, as [`View::mapped`] has them.
fn mapped(store: &Store) -> SortedMap<(&str, u16, Protocol), &Pod> {
    let mut mapped = SortedMap::new();
    let mut pods =
        store.pods.values().filter(|pod| !pod.spec.host_network && !pod.status.phase.is_terminal());
    for (pod, node) in pods.by_ref().filter_map(|pod| Some((pod, pod.node.as_deref()?))) {
        let ports = pod.spec.containers.iter().flat_map(|container| &container.ports);
        for port in
            ports.filter(|port| port.host_port != 0 && matches!(&*port.host_ip, "" | "0.0.0.0" | "::"))
        {
            mapped.entry((node, port.host_port, port.protocol)).or_insert(pod);
        }
    }
    mapped
}

/// External IPs of Services, as [`View::external`] has them.
fn external(store: &Store) -> SortedMap<(&str, u16, Protocol), &Service> {
    let mut external = SortedMap::new();
    for service in store.services().map(Rc::as_ref).filter(|service| is_proxied(service)) {
        for ip in &service.external_ips {
            for port in &service.ports {
                external.entry((ip.as_str(), port.port, port.protocol)).or_insert(service);
            }
        }
    }
    external
}

/// The addresses under which a node is reached from outside: external ones if it has any, else internal ones, one of each
/// family (EXP-MOD-1).
pub(crate) fn addresses(node: &Node) -> Vec<&str> {
    let families = [IpFamily::IPv4, IpFamily::IPv6];
    families.into_iter().filter_map(|family| address(node, family)).collect()
}

/// The address of one family (EXP-MOD-1).
pub(crate) fn address(node: &Node, family: IpFamily) -> Option<&str> {
    let kinds = [NodeAddressType::ExternalIP, NodeAddressType::InternalIP];
    let mut found = kinds.into_iter().flat_map(|kind| node.addresses_of(kind));
    found.find(|ip| family_of(ip) == family).map(|ip| &**ip)
}

/// All addresses of one family, those from outside first: a process on all of them answers at each (EXP-HN-5, EXP-HP-3).
pub(crate) fn all_addresses(node: &Node, family: IpFamily) -> Vec<&str> {
    let kinds = [NodeAddressType::ExternalIP, NodeAddressType::InternalIP];
    let all = kinds.into_iter().flat_map(|kind| node.addresses_of(kind)).map(|ip| &**ip);
    let mut found = Vec::new();
    all.filter(|ip| family_of(ip) == family).for_each(|ip| {
        if !found.contains(&ip) {
            found.push(ip);
        }
    });
    found
}

/// namespace/name.
pub(crate) fn pod_name(pod: &Pod) -> String {
    format!("{}/{}", pod.meta.namespace, pod.meta.name)
}

/// Whether the process of a pod answers directly, whatever its Services say (EXP-POD-1 to EXP-POD-4).
pub(crate) fn process_state(pod: &Pod) -> (RouteState, Option<Note>) {
    if pod.node.is_none() {
        (RouteState::Blocked, Some(Note::PodPending))
    } else if pod.status.phase != PodPhase::Running || pod.status.waiting_reason.is_some() {
        (RouteState::Blocked, Some(Note::PodNotRunning))
    } else if pod.status.ready {
        (RouteState::Reachable, None)
    } else {
        (RouteState::NotReady, None)
    }
}

/// What a pod says about one of its ports: name, scheme and health check, and whether anything speaks for the port at all.
pub(crate) fn hints(pod: &Pod, port: u16, protocol: Protocol) -> (Hints<'_>, bool) {
    let mut hints = Hints { port, protocol, ..Hints::default() };
    let mut known = false;
    for container in pod.spec.port_holders() {
        let declared = container.ports.iter().find(|at| at.container_port == port && at.protocol == protocol);
        let image = listeners(container).into_iter().find(|at| at.port == port && at.protocol == protocol);
        if declared.is_none() && image.is_none() {
            continue;
        }
        known = true;
        hints.names[1] = declared.map_or("", |declared| &declared.name);
        if let Some(image) = image {
            hints.image = image.scheme;
            image.health.clone_into(&mut hints.health);
        }
        if let Some(probe) = &container.readiness_http
            && (probe.port == port.to_string() || !probe.port.is_empty() && probe.port == hints.names[1])
        {
            hints.health.clone_from(&probe.path);
        }
        // The container that declares the port knows best.
        if declared.is_some() {
            break;
        }
    }
    (hints, known)
}
