//! The hops of a route: who takes the packet in, what rewrites it, and who may answer.

use std::net::IpAddr;

use reach::{Route, RouteKind, RouteState};

use super::door::Door;
use super::packet::{Packet, owner, pod};
use super::url::Url;
use super::{Hop, HopKind, Place, Rewrite};
use crate::report::{NodeReport, Report};

impl Hop {
    pub(super) fn client() -> Self {
        Self::one(HopKind::Client, "", "")
    }

    pub(super) fn one(kind: HopKind, label: &str, address: &str) -> Self {
        Self { kind, places: vec![Place::new(label, address)] }
    }
}

impl Place {
    fn new(label: &str, address: &str) -> Self {
        Self { label: label.to_owned(), address: address.to_owned() }
    }
}

/// The way that a route of the report takes, for a picture; nothing when there is no such route.
pub fn way(report: &Report, route: usize) -> Vec<Hop> {
    let Some(route) = report.routes.get(route) else { return Vec::new() };
    let mut hops = vec![Hop::client()];
    let Some(rule) = &route.rule else {
        hops.extend(of_route(report, route, None));
        return hops;
    };
    if !rule.host.is_empty() {
        let host = Url::parse(&route.url).map_or_else(|_| rule.host.clone(), |url| url.host.to_string());
        hops.push(Hop::one(HopKind::Name, &host, &route.address));
    }
    if let Ok(ip) = route.address.parse() {
        hops.extend(Door::hops_of(report, Packet::new(report, ip, route.port, &route.protocol), route));
    }
    hops.push(by_rule(route));
    hops.extend(pods(report, route, None));
    hops
}

/// What a route makes of a packet, at one node or at any of its own.
pub(super) fn of_route(report: &Report, route: &Route, at: Option<(&NodeReport, IpAddr)>) -> Vec<Hop> {
    let mut hops = Vec::new();
    let address = at.map_or_else(|| route.address.clone(), |(_, ip)| ip.to_string());
    let ip: Option<IpAddr> = address.parse().ok();
    let socket = ip.map_or_else(String::new, |ip| std::net::SocketAddr::new(ip, route.port).to_string());
    let is_of_node = ip.is_some_and(|ip| owner(report, ip).is_some());
    if route.kind == RouteKind::LoadBalancer && !is_of_node {
        hops.push(Hop::one(HopKind::LoadBalancer, "", &socket));
    }
    match at {
        Some((node, ip)) => hops.push(Hop::one(HopKind::Node, &node.name, &ip.to_string())),
        None => hops.extend(nodes(report, &route.nodes, ip)),
    }
    let rewrite = match route.kind {
        RouteKind::HostNetwork => Rewrite::HostNetwork,
        RouteKind::HostPort => Rewrite::HostPort,
        RouteKind::NodePort => Rewrite::NodePort,
        RouteKind::LoadBalancer => Rewrite::LoadBalancer,
        RouteKind::ExternalIp => Rewrite::ExternalIp,
        RouteKind::Ingress | RouteKind::Gateway => Rewrite::Http,
    };
    let any = at.is_none() && is_of_node && route.nodes.len() > 1;
    let outer = if any { format!(":{}", route.port) } else { socket.clone() };
    hops.push(Hop::one(HopKind::Rule(rewrite), &route.source, &outer));
    let mut end = pods(report, route, at.map(|(node, _)| node));
    if let (RouteKind::HostNetwork, Some(end)) = (route.kind, &mut end) {
        // The process has all addresses of its node.
        end.places.iter_mut().for_each(|place| place.address.clone_from(&socket));
    }
    hops.extend(end);
    hops
}

/// The rule of a controller that decides.
pub(super) fn by_rule(route: &Route) -> Hop {
    let reads_path = !["TCP", "TLS", "UDP"].iter().any(|kind| route.source.starts_with(kind));
    let address = route.rule.as_ref().map_or_else(String::new, |rule| {
        format!("{}{}", rule.host, if reads_path { &rule.path } else { "" })
    });
    Hop::one(HopKind::Rule(Rewrite::Http), &route.source, &address)
}

/// The nodes that take traffic in, with their addresses in the family of the outer one.
pub(super) fn nodes(report: &Report, names: &[String], outer: Option<IpAddr>) -> Option<Hop> {
    let is_v4 = outer.is_none_or(|ip| ip.is_ipv4());
    let place = |name: &String| {
        let node = report.nodes.iter().find(|node| node.name == *name);
        let all = node.map(|node| &*node.addresses).unwrap_or_default();
        let external = node.map(|node| &node.external_ip);
        let fits = |ip: &IpAddr| ip.is_ipv4() == is_v4;
        let mut own = external.into_iter().chain(all).filter_map(|ip| ip.parse().ok()).filter(fits);
        let meant = all.iter().filter_map(|ip| ip.parse().ok()).find(|ip| Some(*ip) == outer);
        let address = meant.or_else(|| own.next()).map_or_else(String::new, |ip| ip.to_string());
        Place::new(name, &address)
    };
    let places: Vec<Place> = names.iter().map(place).collect();
    (!places.is_empty()).then_some(Hop { kind: HopKind::Node, places })
}

/// The pods that may answer: at one node under the policy Local its own.
pub(super) fn pods(report: &Report, route: &Route, at: Option<&NodeReport>) -> Option<Hop> {
    let of_service =
        matches!(route.kind, RouteKind::NodePort | RouteKind::LoadBalancer | RouteKind::ExternalIp);
    let local = at.filter(|_| of_service && route.client_ip_kept == Some(true));
    let is_local = |name: &str| {
        let node = pod(report, name).and_then(|index| report.nodes.get(index as usize));
        local.is_none_or(|local| node.is_none_or(|node| node.name == local.name))
    };
    if of_service && route.state == RouteState::Blocked {
        return None;
    }
    let count = route.pods.len().max(route.targets.len());
    let text = |list: &[String], index: usize| list.get(index).cloned().unwrap_or_default();
    let all = (0..count)
        .map(|index| Place { label: text(&route.pods, index), address: text(&route.targets, index) });
    let places: Vec<Place> = all.filter(|place| is_local(&place.label)).collect();
    (!places.is_empty()).then_some(Hop { kind: HopKind::Pod, places })
}
