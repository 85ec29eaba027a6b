//! LoadBalancer: an address from a provider, in front of the Service's ports (EXP-LB rules).

use std::rc::Rc;

use api::labels::Selector;
use api::server::Store;
use api::types::{ClusterIp, IpFamily, Protocol, Service, ServiceType, TrafficPolicy, Uid};
use manifest::sorted::{SortedMap, SortedSet};

use crate::backend::Front;
use crate::controller::{Controller, assumed_exposure, controllers};
use crate::endpoints::family_of;
use crate::gateway::balanced;
use crate::route::{Note, Route, RouteKind, RouteState};
use crate::settings::{IngressExposure, LoadBalancer, Settings};
use crate::view::{address, addresses};

/// Addresses of the pool in each family: 203.0.113.10 and 2001:db8::10 onwards, from the ranges for documentation.
const POOL: std::ops::Range<u32> = 10..251;

/// What the provider gave to a Service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// Addresses, each with its node when it is a node's own.
    pub(crate) addresses: Vec<(String, Option<String>)>,
    /// Why there are none.
    pub(crate) pending: Option<Note>,
}

/// The addresses of the Services of type LoadBalancer, by Service, as they would stand in their status.
pub fn load_balancer_addresses(store: &Store, settings: &Settings) -> SortedMap<Uid, Vec<String>> {
    let addresses = |given: Assignment| given.addresses.into_iter().map(|(address, _)| address).collect();
    let given = assign(store, *settings, &controllers(store, *settings));
    given.into_iter().map(|(uid, given)| (uid, addresses(given))).collect()
}

/// The first address of the pool belongs to the assumed Ingress controller when it is exposed that way.
pub(crate) fn ingress_address(store: &Store, settings: Settings, family: IpFamily) -> Option<String> {
    match settings.load_balancer {
        LoadBalancer::None => None,
        LoadBalancer::Pool => Some(pool_address(family, POOL.start)),
        LoadBalancer::NodeAddresses => store
            .nodes
            .values()
            .filter(|node| node.ready)
            .find_map(|node| address(node, family))
            .map(str::to_owned),
    }
}

/// What somebody asks of the provider.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Empty for the provider of the cluster.
    pub(crate) class: String,
    pub(crate) families: Vec<IpFamily>,
    pub(crate) ports: Vec<(u16, Protocol)>,
    /// An address; empty when any will do.
    pub(crate) wish: String,
    /// With whom it shares its address: the key of the annotation, and the selector when only the same pods may share it.
    pub(crate) shared: Option<(String, Option<Selector>)>,
}

impl Wanted {
    fn of(service: &Service) -> Self {
        let key = SHARED_IP.iter().find_map(|key| service.meta.annotations.get(*key));
        let local = service.external_traffic_policy == TrafficPolicy::Local;
        let pods = local.then(|| service.selector.clone().unwrap_or_default());
        Self {
            class: service.load_balancer_class.clone(),
            families: service.ip_families.clone(),
            ports: service.ports.iter().map(|port| (port.port, port.protocol)).collect(),
            wish: service.load_balancer_ip.clone(),
            shared: key.map(|key| (key.clone(), pods)),
        }
    }
}

/// Annotations by which Services share an address of the pool, as in MetalLB (EXP-LB-8).
const SHARED_IP: [&str; 2] = ["metallb.io/allow-shared-ip", "metallb.universe.tf/allow-shared-ip"];

/// Gives addresses in order of creation (EXP-LB-12), to Services and to the Gateways whose controller makes one.
pub(crate) fn assign(
    store: &Store,
    settings: Settings,
    controllers: &[Controller<'_>],
) -> SortedMap<Uid, Assignment> {
    let services = store.services().filter(|service| service.service_type == ServiceType::LoadBalancer);
    let mut wanted: Vec<(Uid, Wanted)> =
        services.map(|service| (service.meta.uid, Wanted::of(service))).collect();
    wanted.extend(balanced(store, settings, controllers));
    wanted.sort_by_key(|(uid, _)| *uid);
    let for_ingress = assumed_exposure(store, settings) == IngressExposure::LoadBalancer;
    let mut pool = Pool::new(for_ingress);
    let mut busy = BusyPorts::new(store, for_ingress);
    let pending = |note| Assignment { pending: Some(note), ..Assignment::default() };
    let given = wanted.into_iter().map(|(uid, wanted)| {
        let given = match settings.load_balancer {
            _ if !wanted.class.is_empty() => pending(Note::LoadBalancerClass(wanted.class)),
            LoadBalancer::None => pending(Note::NoLoadBalancer),
            LoadBalancer::Pool => pool.give(wanted),
            LoadBalancer::NodeAddresses => busy.give(store, &wanted),
        };
        (uid, given)
    });
    given.collect()
}

/// The addresses that are free, and those that are given to somebody who shares.
struct Pool {
    free: SortedSet<u32>,
    shared: Vec<(u32, Wanted)>,
}

impl Pool {
    fn new(for_ingress: bool) -> Self {
        let start = POOL.start + u32::from(for_ingress);
        Self { free: (start..POOL.end).collect(), shared: Vec::new() }
    }

    /// One address per family; one that may be shared, else a wish inside the pool while it is free, else the first (EXP-LB-11).
    fn give(&mut self, wanted: Wanted) -> Assignment {
        let wish = self.free.iter().copied().find(|&number| {
            let families = [IpFamily::IPv4, IpFamily::IPv6];
            families.into_iter().any(|family| pool_address(family, number) == wanted.wish)
        });
        let Some(number) = self.common(&wanted).or(wish).or_else(|| self.free.first().copied()) else {
            return Assignment { pending: Some(Note::PoolExhausted), ..Assignment::default() };
        };
        self.free.remove(&number);
        let families = wanted.families.iter().map(|&family| (pool_address(family, number), None));
        let given = Assignment { addresses: families.collect(), pending: None };
        if wanted.shared.is_some() {
            self.shared.push((number, wanted));
        }
        given
    }

    /// The address of others with the same key, other ports, and policy Cluster or the same pods.
    fn common(&self, wanted: &Wanted) -> Option<u32> {
        wanted.shared.as_ref()?;
        let candidates = self.shared.iter().filter(|(_, other)| other.shared == wanted.shared);
        let mut numbers = candidates.map(|(number, _)| *number);
        numbers.find(|number| {
            let mut here = self.shared.iter().filter(|(at, _)| at == number);
            here.all(|(_, other)| !other.ports.iter().any(|port| wanted.ports.contains(port)))
        })
    }
}

/// The ports of nodes that the pods of a balancer cannot have.
struct BusyPorts(SortedSet<(Rc<str>, u16, Protocol)>);

impl BusyPorts {
    fn new(store: &Store, for_ingress: bool) -> Self {
        let mut busy = SortedSet::new();
        if for_ingress {
            let nodes = store.nodes.values();
            busy.extend(
                nodes.flat_map(|node| [80, 443].map(|port| (node.meta.name.clone(), port, Protocol::Tcp))),
            );
        }
        let holders = store.pods.values().filter(|pod| !pod.status.phase.is_terminal());
        for (node, spec) in holders.filter_map(|pod| Some((pod.node.as_ref()?, &pod.spec))) {
            let ports = spec.port_holders().flat_map(|container| &container.ports);
            let ports = ports.filter(|port| port.host_port != 0);
            busy.extend(ports.map(|port| (Rc::clone(node), port.host_port, port.protocol)));
        }
        Self(busy)
    }

    /// The addresses of the nodes where the balancer's own pod finds all its ports free (EXP-LB-10).
    fn give(&mut self, store: &Store, wanted: &Wanted) -> Assignment {
        let mut given = Assignment::default();
        for node in store.nodes.values().filter(|node| node.ready) {
            let ports = wanted.ports.iter();
            let keys: Vec<_> =
                ports.map(|&(port, protocol)| (node.meta.name.clone(), port, protocol)).collect();
            if keys.iter().all(|key| !self.0.contains(key)) {
                self.0.extend(keys);
                let own = addresses(node).into_iter().filter(|ip| wanted.families.contains(&family_of(ip)));
                let name = node.meta.name.to_string();
                given.addresses.extend(own.map(|ip| (ip.to_owned(), Some(name.clone()))));
            }
        }
        given.pending = given.addresses.is_empty().then_some(Note::PortsTaken);
        given
    }
}

fn pool_address(family: IpFamily, number: u32) -> String {
    match family {
        IpFamily::IPv4 => format!("203.0.113.{number}"),
        IpFamily::IPv6 => format!("2001:db8::{number}"),
    }
}

/// One route per Service port and family; its port is that of the Service, not the node port (EXP-LB-4).
pub(crate) fn routes(front: &Front<'_>, out: &mut Vec<Route>) {
    let service = front.service;
    if service.service_type != ServiceType::LoadBalancer || service.cluster_ip == ClusterIp::Headless {
        return;
    }
    let given = front.view.load_balancers.get(&service.meta.uid).cloned().unwrap_or_default();
    for &family in &service.ip_families {
        for port in &service.ports {
            let backend = front.backend(family, port);
            // A provider's balancer knows which nodes to leave out.
            let (nodes, _) = front.nodes(family, &backend);
            let mut own = given.addresses.iter().filter(|(ip, node)| {
                // Under Local only nodes with a pod are published.
                family_of(ip) == family && node.as_ref().is_none_or(|node| nodes.contains(node))
            });
            let address = own.clone().next().map_or("", |(ip, _)| ip);
            let mut route =
                front.route(RouteKind::LoadBalancer, (address, port.port), port.protocol, &backend);
            route.urls = backend.urls(own.clone().map(|(ip, _)| &**ip), port.port, port.protocol);
            route.nodes = if own.clone().any(|(_, node)| node.is_some()) {
                own.by_ref().filter_map(|(_, node)| node.clone()).collect()
            } else {
                nodes
            };
            let local = service.external_traffic_policy == TrafficPolicy::Local;
            route.client_ip_kept = local.then_some(true);
            if let Some(pending) = given.pending.clone() {
                route.state = RouteState::Pending;
                route.nodes = Vec::new();
                route.notes.insert(0, pending);
            }
            let open = service.load_balancer_source_ranges.iter().any(|range| is_everywhere(range));
            if !service.load_balancer_source_ranges.is_empty() && !open {
                route.notes.push(Note::SourceRanges(service.load_balancer_source_ranges.clone()));
            }
            if service.health_check_node_port != 0 {
                route.notes.push(Note::HealthCheckPort(service.health_check_node_port));
            }
            out.push(route);
        }
    }
}

/// EXP-LB-6.
fn is_everywhere(range: &str) -> bool {
    matches!(range.trim(), "0.0.0.0/0" | "::/0")
}
