//! LoadBalancer: an address from a provider, in front of the Service's ports (EXP-LB rules).

use api::server::Store;
use api::types::{ClusterIp, IpFamily, Service, ServiceType, TrafficPolicy, Uid};
use manifest::sorted::{SortedMap, SortedSet};

use crate::backend::Front;
use crate::endpoints::family_of;
use crate::ingress::assumed_exposure;
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
    assign(store, *settings).into_iter().map(|(uid, given)| (uid, addresses(given))).collect()
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

/// Gives addresses in order of creation (EXP-LB-12).
pub(crate) fn assign(store: &Store, settings: Settings) -> SortedMap<Uid, Assignment> {
    let for_ingress = assumed_exposure(store, settings) == IngressExposure::LoadBalancer;
    let mut pool: SortedSet<u32> = POOL.collect();
    let mut busy = SortedSet::new();
    if for_ingress {
        pool.remove(&POOL.start);
        let nodes = store.nodes.values();
        busy.extend(
            nodes.flat_map(|node| [80, 443].map(|port| (node.meta.name.clone(), port, "TCP".to_owned()))),
        );
    }
    let holders = store.pods.values().filter(|pod| !pod.status.phase.is_terminal());
    busy.extend(holders.filter_map(|pod| Some((pod.node.clone()?, &pod.spec))).flat_map(|(node, spec)| {
        let ports =
            spec.port_holders().flat_map(|container| &container.ports).filter(|port| port.host_port != 0);
        ports.map(move |port| (node.clone(), port.host_port, port.protocol.to_string())).collect::<Vec<_>>()
    }));
    let services = store.services().filter(|service| service.service_type == ServiceType::LoadBalancer);
    let assigned = services.map(|service| {
        let class = &service.load_balancer_class;
        let given = match settings.load_balancer {
            _ if !class.is_empty() => {
                Assignment { pending: Some(Note::LoadBalancerClass(class.clone())), ..Assignment::default() }
            }
            LoadBalancer::None => Assignment { pending: Some(Note::NoLoadBalancer), ..Assignment::default() },
            LoadBalancer::Pool => from_pool(service, &mut pool),
            LoadBalancer::NodeAddresses => {
                let wanted: Vec<_> =
                    service.ports.iter().map(|port| (port.port, port.protocol.to_string())).collect();
                let mut addresses_of_nodes = Vec::new();
                for node in store.nodes.values().filter(|node| node.ready) {
                    let keys: Vec<_> = wanted
                        .iter()
                        .map(|(port, protocol)| (node.meta.name.clone(), *port, protocol.clone()))
                        .collect();
                    // The balancer's own pod needs all the ports on the node (EXP-LB-10).
                    if keys.iter().all(|key| !busy.contains(key)) {
                        busy.extend(keys);
                        let of_service = addresses(node).into_iter().filter(|ip| has_family(service, ip));
                        let name = node.meta.name.to_string();
                        addresses_of_nodes.extend(of_service.map(|ip| (ip.to_owned(), Some(name.clone()))));
                    }
                }
                let pending = addresses_of_nodes.is_empty().then_some(Note::PoolExhausted);
                Assignment { addresses: addresses_of_nodes, pending }
            }
        };
        (service.meta.uid, given)
    });
    assigned.collect()
}

fn has_family(service: &Service, ip: &str) -> bool {
    service.ip_families.contains(&family_of(ip))
}

/// One address per family of the Service; a wish inside the pool is granted while it is free (EXP-LB-11).
fn from_pool(service: &Service, pool: &mut SortedSet<u32>) -> Assignment {
    let wish = pool.iter().copied().find(|&number| {
        let families = [IpFamily::IPv4, IpFamily::IPv6];
        families.into_iter().any(|family| pool_address(family, number) == service.load_balancer_ip)
    });
    let Some(number) = wish.or_else(|| pool.first().copied()) else {
        return Assignment { pending: Some(Note::PoolExhausted), ..Assignment::default() };
    };
    pool.remove(&number);
    let families = service.ip_families.iter().map(|&family| (pool_address(family, number), None));
    Assignment { addresses: families.collect(), pending: None }
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
            out.push(route);
        }
    }
}

/// EXP-LB-6.
fn is_everywhere(range: &str) -> bool {
    matches!(range.trim(), "0.0.0.0/0" | "::/0")
}
