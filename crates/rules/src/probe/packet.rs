//! Which route takes a packet: the rules of Services and host ports, then the processes on the node's own addresses.

use std::net::IpAddr;

use reach::{Note, Route, RouteKind, RouteState};

use super::Outcome;
use crate::report::{NodeReport, Report};

/// What decides about a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet<'a> {
    pub(super) ip: IpAddr,
    pub(super) port: u16,
    /// `TCP`, `UDP` or `SCTP`.
    pub(super) protocol: &'a str,
    /// The node that has the address.
    pub(super) node: Option<&'a NodeReport>,
}

impl<'a> Packet<'a> {
    pub(super) fn new(report: &'a Report, ip: IpAddr, port: u16, protocol: &'a str) -> Self {
        Self { ip, port, protocol, node: owner(report, ip) }
    }

    /// Address and port.
    pub(super) fn socket(self) -> String {
        std::net::SocketAddr::new(self.ip, self.port).to_string()
    }
}

/// The node that has an address.
pub(super) fn owner(report: &Report, ip: IpAddr) -> Option<&NodeReport> {
    report.nodes.iter().find(|node| node.addresses.iter().any(|address| address.parse() == Ok(ip)))
}

/// Whether a packet gets to something that listens at `address`, and when that is a node's, on all of `nodes` alike.
pub(super) fn reaches(report: &Report, address: &str, nodes: &[String], packet: Packet<'_>) -> bool {
    let Ok(own) = address.parse::<IpAddr>() else { return false };
    let is_among = packet.node.is_some_and(|node| nodes.contains(&node.name));
    own == packet.ip || is_among && own.is_ipv4() == packet.ip.is_ipv4() && owner(report, own).is_some()
}

/// The index of the route that takes a packet before any controller sees it.
pub(super) fn take(report: &Report, packet: Packet<'_>) -> Option<usize> {
    let routes = report.routes.iter().enumerate().filter(|(_, route)| accepts(report, route, packet));
    // Of equals the first wins, but somebody who answers before somebody who does not.
    let order = |route: &Route| {
        let kind = match route.kind {
            RouteKind::NodePort => 0,
            RouteKind::LoadBalancer => 1,
            RouteKind::ExternalIp => 2,
            RouteKind::HostPort => 3,
            RouteKind::HostNetwork | RouteKind::Ingress | RouteKind::Gateway => 4,
        };
        (kind, route.state)
    };
    routes.min_by_key(|(_, route)| order(route)).map(|(index, _)| index)
}

/// Whether the rule or the socket of a route is for the packet.
fn accepts(report: &Report, route: &Route, packet: Packet<'_>) -> bool {
    if route.port != packet.port || route.protocol != packet.protocol {
        return false;
    }
    let has = |is: fn(&Note) -> bool| route.notes.iter().any(is);
    let reaches = |nodes: &[String]| reaches(report, &route.address, nodes, packet);
    match route.kind {
        RouteKind::Ingress | RouteKind::Gateway => false,
        RouteKind::NodePort => {
            // Nodes that drop the packet have the rule as well.
            reaches(&route.nodes) || drops(route).is_some_and(reaches)
        }
        RouteKind::ExternalIp => reaches(&[]),
        // A rule that is not written takes nothing.
        RouteKind::HostPort if has(|note| matches!(note, Note::NoPortmap | Note::SidecarNotMapped)) => false,
        RouteKind::HostPort if has(|note| matches!(note, Note::OnlyHostIp(_))) => reaches(&[]),
        RouteKind::LoadBalancer | RouteKind::HostPort => reaches(&route.nodes),
        // Of processes that find the port taken the other one counts.
        RouteKind::HostNetwork => {
            let deaf = has(|note| matches!(note, Note::LoopbackOnly | Note::PortTakenByNode(_)));
            !deaf && reaches(&route.nodes)
        }
    }
}

/// The nodes that drop the packets of a route (EXP-NODEPORT-5).
fn drops(route: &Route) -> Option<&[String]> {
    route.notes.iter().find_map(|note| match note {
        Note::TimesOutOn(nodes) => Some(&**nodes),
        _ => None,
    })
}

/// What becomes of a packet that a route took at a node.
pub(super) fn outcome(route: &Route, node: Option<&NodeReport>) -> Outcome {
    let dropped = node.is_some_and(|node| drops(route).is_some_and(|names| names.contains(&node.name)));
    match route.state {
        _ if dropped => Outcome::TimesOut,
        RouteState::Reachable | RouteState::NotReady => Outcome::Answers,
        RouteState::Blocked | RouteState::Pending => Outcome::Refused,
    }
}

/// `http` or `https` when the process of a route speaks it.
pub(super) fn http(route: &Route) -> Option<&str> {
    route.url.split_once("://").map(|(scheme, _)| scheme).filter(|scheme| matches!(*scheme, "http" | "https"))
}

/// The route whose balancer asks this port of the node, and whether the node has a pod for it (EXP-LB-7).
pub(super) fn health_check(report: &Report, node: &NodeReport, port: u16) -> Option<(usize, bool)> {
    let asks = |route: &Route| route.notes.contains(&Note::HealthCheckPort(port));
    let index = report.routes.iter().position(asks)?;
    let route = &report.routes[index];
    let pods = route.pods.iter().filter_map(|name| pod(report, name));
    let local = pods.filter_map(|node| report.nodes.get(node as usize)).any(|at| at.name == node.name);
    Some((index, local))
}

/// The index of the node of a pod by namespace/name.
pub(super) fn pod(report: &Report, name: &str) -> Option<u32> {
    let (namespace, name) = name.split_once('/')?;
    let found = report.pods.iter().find(|pod| pod.name == name && pod.namespace == namespace);
    found.and_then(|pod| pod.node)
}
