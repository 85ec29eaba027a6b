//! Cluster IPs and node ports (ALLOC rules). Automatic values are random in a cluster; here they are a hash of who asks, in the
//! same band, so that the same manifest always gives the same addresses.

use std::net::Ipv4Addr;

use manifest::sorted::SortedMap;
use manifest::{Tree, Value};

use super::error::{ApiError, Cause, Reason};
use super::naming;
use super::request::{Request, as_map, map_mut};
use crate::types::Uid;
use crate::{codes, validation};

/// The service network, 10.96.0.0/12.
const NETWORK: u32 = 0x0a60_0000;
const NETWORK_SIZE: u32 = 1 << 20;
/// The first addresses are handed out automatically only when nothing else is left (ALLOC-8).
const STATIC_ADDRESSES: u32 = 256;

const FIRST_PORT: u16 = 30000;
const LAST_PORT: u16 = 32767;
/// Likewise for node ports: 30000 to 30085 (ALLOC-2).
const FIRST_DYNAMIC_PORT: u16 = 30086;

/// What is taken, and by whom.
#[derive(Debug, Default)]
pub(super) struct Allocations {
    addresses: SortedMap<u32, Uid>,
    ports: SortedMap<u16, Uid>,
}

/// One Service that asks. Ports taken in the course of the request are its own too.
struct Claim<'a> {
    taken: &'a Allocations,
    uid: Uid,
    /// Sets the start of automatic choices.
    seed: u64,
    ports: Vec<u16>,
    /// Ports that the Service held before an update.
    held: Vec<u16>,
}

impl Allocations {
    /// Remembers what a stored Service holds.
    pub(super) fn record(&mut self, uid: Uid, service: &Tree) {
        self.release(uid);
        for address in service.list_at(&["spec", "clusterIPs"]).iter().filter_map(Tree::as_str) {
            if let Ok(address) = address.parse::<Ipv4Addr>() {
                self.addresses.insert(address.to_bits(), uid);
            }
        }
        let check = service.at(&["spec", "healthCheckNodePort"]).and_then(Tree::as_i64);
        for port in node_ports(service).into_iter().chain(check).filter_map(|port| u16::try_from(port).ok()) {
            self.ports.insert(port, uid);
        }
    }

    /// Forgets what a Service held.
    pub(super) fn release(&mut self, uid: Uid) {
        self.addresses.retain(|_, holder| *holder != uid);
        self.ports.retain(|_, holder| *holder != uid);
    }

    /// Fills in families, addresses and ports of a new (`old` is `None`) or changed Service. Runs before validation, and its
    /// first error is the only one reported (ALLOC-1).
    pub(super) fn allocate(
        &self,
        request: &Request,
        service: &mut Tree,
        uid: Uid,
        old: Option<&Tree>,
    ) -> Result<(), ApiError> {
        let seed = naming::hash(format!("{}/{}", request.namespace, request.name).as_bytes(), 0);
        let held = old.map(node_ports).unwrap_or_default();
        let held = held.into_iter().filter_map(|port| u16::try_from(port).ok()).collect();
        let mut claim = Claim { taken: self, uid, seed, ports: Vec::new(), held };
        families(request, service, old)?;
        claim.cluster_ip(request, service, old)?;
        claim.node_ports(request, service, old.is_some())?;
        claim.health_check(service, old)
    }
}

impl Claim<'_> {
    /// ALLOC-8, ALLOC-9.
    fn cluster_ip(&self, request: &Request, service: &mut Tree, old: Option<&Tree>) -> Result<(), ApiError> {
        if service_type(service) == "ExternalName" {
            return Ok(());
        }
        let mut wanted = service.str_at(&["spec", "clusterIP"]).to_owned();
        // A changed address is left to validation, which refuses any change.
        let kept = old.is_some_and(|old| !old.str_at(&["spec", "clusterIP"]).is_empty());
        if let Ok(address) = wanted.parse::<Ipv4Addr>()
            && !kept
        {
            let number = address.to_bits();
            let why = match self.taken.addresses.get(&number) {
                Some(&holder) if holder != self.uid => "provided IP is already allocated",
                _ if !in_network(number) => "the provided network does not match the current range",
                _ => "",
            };
            if !why.is_empty() {
                let text = format!("Invalid value: [\"{wanted}\"]: failed to allocate IP {wanted}: {why}");
                let mut cause = Cause::new("spec.clusterIPs", text, codes::CLUSTER_IP);
                cause.span = service.at(&["spec", "clusterIP"]).and_then(|value| value.span);
                return Err(ApiError::invalid(&request.resource, &request.name, vec![cause]));
            }
        } else if wanted.is_empty() {
            let Some(address) = self.free_address() else {
                return Err(ApiError::internal("failed to allocate a serviceIP: range is full"));
            };
            wanted = Ipv4Addr::from_bits(address).to_string();
        }
        let spec = map_mut(service, "spec");
        if spec.get("clusterIP").and_then(Tree::as_str) != Some(&wanted) {
            spec.insert("clusterIP", Tree::added(&*wanted));
        }
        spec.or_insert_with("clusterIPs", || Tree::added(vec![Tree::added(wanted)]));
        Ok(())
    }

    fn free_address(&self) -> Option<u32> {
        let dynamic = NETWORK_SIZE - STATIC_ADDRESSES - 2;
        let start = (self.seed % u64::from(dynamic)) as u32;
        let above = (0..dynamic).map(|step| NETWORK + STATIC_ADDRESSES + 1 + (start + step) % dynamic);
        let below = (1..=STATIC_ADDRESSES).map(|offset| NETWORK + offset);
        above.chain(below).find(|address| !self.taken.addresses.contains_key(address))
    }

    /// ALLOC-3 to ALLOC-6, ALLOC-10.
    fn node_ports(&mut self, request: &Request, service: &mut Tree, is_update: bool) -> Result<(), ApiError> {
        if !needs_node_ports(service) {
            return Ok(());
        }
        let automatic = allocates_node_ports(service);
        let Some(list) = service.at_mut(&["spec", "ports"]).and_then(Tree::as_list_mut) else {
            return Ok(());
        };
        let mut by_port: SortedMap<i64, i64> = SortedMap::new();
        let mut seen: Vec<(String, i64)> = Vec::new();
        for index in 0..list.len() {
            let port = list[index].get("port").and_then(Tree::as_i64).unwrap_or(0);
            let given = node_port(&list[index]);
            let known = if is_update { None } else { by_port.get(&port).copied() };
            let chosen = match (given, known) {
                (0, _) if !automatic => continue,
                (0, Some(shared)) => shared,
                (0, None) => {
                    // A later entry of the same port may name the number (ALLOC-4).
                    let named = if is_update {
                        0
                    } else {
                        list.iter()
                            .filter(|other| other.get("port").and_then(Tree::as_i64) == Some(port))
                            .map(node_port)
                            .find(|&number| number != 0)
                            .unwrap_or(0)
                    };
                    if named == 0 {
                        self.free_port()?
                    } else {
                        self.take(request, named, index, &list[index])?
                    }
                }
                (given, Some(shared)) if given == shared => shared,
                // An update looks at the numbers alone: those that it held or has taken are its own.
                (given, _) if is_update && self.is_own(given) => given,
                (given, _) => self.take(request, given, index, &list[index])?,
            };
            by_port.entry(port).or_insert(chosen);
            let entry = (list[index].str_at(&["protocol"]).to_owned(), chosen);
            if is_update && seen.contains(&entry) {
                let why = format!("duplicate nodePort: {{{} {}}}", entry.0, entry.1);
                return Err(ApiError::new(Reason::Unknown, why));
            }
            seen.push(entry);
            if given == 0 {
                as_map(&mut list[index]).insert("nodePort", Tree::added(chosen));
            }
        }
        Ok(())
    }

    /// Takes a node port that was asked for.
    fn take(&mut self, request: &Request, number: i64, index: usize, port: &Tree) -> Result<i64, ApiError> {
        let Err((why, code)) = self.try_take(number) else { return Ok(number) };
        let path = format!("spec.ports[{index}].nodePort");
        let mut cause = Cause::new(path, format!("Invalid value: {number}: {why}"), code);
        cause.span = port.get("nodePort").and_then(|value| value.span);
        Err(ApiError::invalid(&request.resource, &request.name, vec![cause]))
    }

    fn try_take(&mut self, number: i64) -> Result<(), (String, &'static str)> {
        let port = u16::try_from(number).ok().filter(|port| (FIRST_PORT..=LAST_PORT).contains(port));
        let Some(port) = port else {
            let range = format!("The range of valid ports is {FIRST_PORT}-{LAST_PORT}");
            return Err((format!("provided port is not in the valid range. {range}"), codes::NODEPORT_RANGE));
        };
        if self.is_taken(port) {
            return Err(("provided port is already allocated".to_owned(), codes::NODEPORT_TAKEN));
        }
        self.ports.push(port);
        Ok(())
    }

    fn is_own(&self, number: i64) -> bool {
        u16::try_from(number).is_ok_and(|port| self.ports.contains(&port) || self.held.contains(&port))
    }

    fn is_taken(&self, port: u16) -> bool {
        self.is_own(port.into()) || self.taken.ports.contains_key(&port)
    }

    fn free_port(&mut self) -> Result<i64, ApiError> {
        let dynamic = LAST_PORT - FIRST_DYNAMIC_PORT + 1;
        let start = (self.seed % u64::from(dynamic)) as u16;
        let above = (0..dynamic).map(|step| FIRST_DYNAMIC_PORT + (start + step) % dynamic);
        let Some(port) = above.chain(FIRST_PORT..FIRST_DYNAMIC_PORT).find(|&port| !self.is_taken(port))
        else {
            return Err(ApiError::internal("failed to allocate a nodePort: range is full"));
        };
        self.ports.push(port);
        Ok(i64::from(port))
    }

    /// ALLOC-7.
    fn health_check(&mut self, service: &mut Tree, old: Option<&Tree>) -> Result<(), ApiError> {
        if !needs_health_check(service) || old.is_some_and(needs_health_check) {
            return Ok(());
        }
        let given = service.at(&["spec", "healthCheckNodePort"]).and_then(Tree::as_i64).unwrap_or(0);
        if given == 0 {
            let port = self.free_port()?;
            map_mut(service, "spec").insert("healthCheckNodePort", Tree::added(port));
            return Ok(());
        }
        self.try_take(given).map_err(|(why, _)| {
            ApiError::internal(&format!("failed to allocate requested HealthCheck NodePort {given}: {why}"))
        })
    }
}

/// Families of a single-stack IPv4 cluster (DEF-SVC-6); what asks for others is refused before anything is filled in (VAL-SVC-14).
fn families(request: &Request, service: &mut Tree, old: Option<&Tree>) -> Result<(), ApiError> {
    let spec = map_mut(service, "spec");
    for list in ["clusterIPs", "ipFamilies"] {
        if spec.get(list).and_then(Tree::as_list).is_some_and(<[Tree]>::is_empty) {
            spec.remove(list);
        }
    }
    let single = spec.get("clusterIP").and_then(Tree::as_str).filter(|address| !address.is_empty());
    if let Some(single) = single.map(str::to_owned) {
        spec.or_insert_with("clusterIPs", || Tree::added(vec![Tree::added(single)]));
    }
    if service_type(service) == "ExternalName" {
        return Ok(());
    }
    let has_selector =
        service.at(&["spec", "selector"]).and_then(Tree::as_map).is_some_and(|map| !map.is_empty());
    let selectorless_headless = service.str_at(&["spec", "clusterIP"]) == "None" && !has_selector;
    let spec = map_mut(service, "spec");
    let default = if selectorless_headless { "RequireDualStack" } else { "SingleStack" };
    let policy = || {
        let before = old.map_or("", |old| old.str_at(&["spec", "ipFamilyPolicy"]));
        Tree::added(if before.is_empty() { default } else { before })
    };
    let is_single = spec.or_insert_with("ipFamilyPolicy", policy).as_str() == Some("SingleStack");
    for list in ["clusterIPs", "ipFamilies"] {
        // Whoever asks for one family and leaves the lists alone gives up the second of each.
        if is_single
            && old.is_some_and(|old| old.at(&["spec", list]) == spec.get(list))
            && let Some(Value::List(list)) = spec.get_mut(list).map(|tree| &mut tree.value)
        {
            list.truncate(1);
        }
    }
    let causes = validation::single_stack(service, old);
    if !causes.is_empty() {
        return Err(ApiError::invalid(&request.resource, &request.name, causes));
    }
    let families =
        map_mut(service, "spec").or_insert_with("ipFamilies", || Tree::added(vec![Tree::added("IPv4")]));
    if let (true, false, Value::List(list)) = (selectorless_headless, is_single, &mut families.value)
        && let [only] = &list[..]
    {
        let other = if only.as_str() == Some("IPv6") { "IPv4" } else { "IPv6" };
        list.push(Tree::added(other));
    }
    Ok(())
}

fn in_network(address: u32) -> bool {
    address > NETWORK && address < NETWORK + NETWORK_SIZE - 1
}

/// `spec.type`.
pub(super) fn service_type(service: &Tree) -> &str {
    service.str_at(&["spec", "type"])
}

/// Whether the type comes with node ports.
pub(super) fn needs_node_ports(service: &Tree) -> bool {
    matches!(service_type(service), "NodePort" | "LoadBalancer")
}

/// Whether missing node ports are filled in (ALLOC-3).
pub(super) fn allocates_node_ports(service: &Tree) -> bool {
    let switch = service.at(&["spec", "allocateLoadBalancerNodePorts"]).and_then(Tree::as_bool);
    service_type(service) == "NodePort" || service_type(service) == "LoadBalancer" && switch != Some(false)
}

/// Whether the Service has a health check port (ALLOC-7).
pub(super) fn needs_health_check(service: &Tree) -> bool {
    service_type(service) == "LoadBalancer" && service.str_at(&["spec", "externalTrafficPolicy"]) == "Local"
}

/// The node ports of a Service that are set.
pub(super) fn node_ports(service: &Tree) -> Vec<i64> {
    service.list_at(&["spec", "ports"]).iter().map(node_port).filter(|&port| port != 0).collect()
}

fn node_port(port: &Tree) -> i64 {
    port.get("nodePort").and_then(Tree::as_i64).unwrap_or(0)
}
