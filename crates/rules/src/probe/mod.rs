//! The route tester and the way of the packet: where a request from outside goes, hop by hop, and why it fails.
//!
//! Both are decided from a report alone: [`probe`] follows a URL as a client outside the cluster would send it (EXP-MOD-1),
//! [`way`] shows the hops of a route that the report lists. `url` reads the text, `names` resolves the host, `packet` tells which
//! rule takes a packet, `door` what a controller makes of a request, `hops` puts the way into words and addresses.
//!
//! An address that nobody has is routed nowhere: the client times out. So it does at a node that is not ready. At a ready node, a
//! port that nobody listens on is refused. Packet rules come before processes: those of Services, then host ports, then the
//! sockets of the node (EXP-HN-10, EXP-HP-4, EXP-XIP-3; for a node port that is a host port too, EXP-HP-9, the order is open).

mod door;
mod hops;
mod names;
mod packet;
#[cfg(test)]
mod tests;
mod url;

use std::net::IpAddr;

use reach::daemon_at;
use serde::{Deserialize, Serialize};

use crate::report::{NodeReport, Report};
use door::Door;
use packet::Packet;
use url::{Host, Url};

pub use hops::way;
pub use url::UrlError;

/// Where a request goes, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// From the client to the pods that may answer, or to where it fails.
    pub hops: Vec<Hop>,
    /// What the client sees.
    pub outcome: Outcome,
    /// The route of the report that decides; its notes say more. `None` when no route takes the request.
    pub route: Option<u32>,
}

/// What the client sees. Worded in [`crate::words`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// An answer, of one of the last hop's places.
    Answers,
    /// Connection refused: nobody listens, or no ready endpoint is behind the Service (EXP-EP-7).
    Refused,
    /// No reply at all: nobody has the address, or the node drops the packets (EXP-NODEPORT-5).
    TimesOut,
    /// The name cannot be resolved.
    NoSuchHost,
    /// 404 of the controller: no rule has host and path (EXP-ING-32, EXP-GW-8).
    NotFound,
    /// 503 of the controller: the backend has no ready pod (EXP-ING-30).
    Unavailable,
    /// 500 of a Gateway: the backend does not exist or may not be referred to (EXP-GW-8).
    ServerError,
    /// The address of a pod or the ClusterIP of a Service: there is no way to it from outside (EXP-MOD-3).
    Unreachable,
    /// The client's own machine, which is no part of the cluster.
    OwnMachine,
    /// The port speaks the other of `http` and `https`: this one.
    WrongScheme(String),
    /// The text is no URL.
    BadUrl(UrlError),
}

/// A station on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// What it is.
    pub kind: HopKind,
    /// Where it is: one place, or several of which any may be taken.
    pub places: Vec<Place>,
}

/// A place on the way. What is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its name, for example `node-1`, `default/web-0`, `Service default/web`.
    pub label: String,
    /// Its address, with the port from where that counts: `10.0.0.11`, `10.244.0.2:80`, `a.example.com/shop`.
    pub address: String,
}

/// Kinds of hops. Worded in [`crate::words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HopKind {
    /// Outside the cluster.
    Client,
    /// A host name and the address that it stands for.
    Name,
    /// The provider's balancer: its address.
    LoadBalancer,
    /// A node that takes the packet in.
    Node,
    /// What sends the packet on: who made the rule, and the address that is rewritten.
    Rule(Rewrite),
    /// A controller of Ingresses or Gateways: its pods.
    Controller,
    /// The answer sends the client elsewhere: status and URL.
    Redirect,
    /// A ClusterIP.
    Service,
    /// The pods that may answer.
    Pod,
    /// A daemon of the node itself.
    Daemon,
}

/// Rules that send a packet on (EXP-MOD-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rewrite {
    /// None: the process listens on the node's address (EXP-HN-1).
    HostNetwork,
    /// The CNI plugin's port map (EXP-HP-1).
    HostPort,
    /// kube-proxy's, for a node port.
    NodePort,
    /// kube-proxy's, for a balancer's address.
    LoadBalancer,
    /// kube-proxy's, for an external IP.
    ExternalIp,
    /// The controller's, by host and path.
    Http,
}

/// Where a request to a URL goes.
pub fn probe(report: &Report, url: &str) -> Probe {
    match Url::parse(url) {
        Ok(url) => follow(report, &url),
        Err(error) => Probe { hops: vec![Hop::client()], outcome: Outcome::BadUrl(error), route: None },
    }
}

fn follow(report: &Report, url: &Url) -> Probe {
    let mut hops = vec![Hop::client()];
    let ip = match &url.host {
        Host::Ip(ip) => Ok(*ip),
        Host::Name(name) => {
            let found = names::resolve(report, name);
            let address = found.as_ref().map_or_else(|_| String::new(), ToString::to_string);
            hops.push(Hop::one(HopKind::Name, name, &address));
            found
        }
    };
    let (outcome, route) = match ip {
        Err(outcome) => (outcome, None),
        Ok(ip) if is_own(ip) => (Outcome::OwnMachine, None),
        Ok(ip) => {
            let packet = Packet::new(report, ip, url.port, url.protocol());
            deliver(report, url, packet, &mut hops)
        }
    };
    Probe { hops, outcome, route: route.map(|index| index as u32) }
}

/// Addresses of the machine that the client runs on.
fn is_own(ip: IpAddr) -> bool {
    ip.is_loopback() || ip.is_unspecified()
}

/// The network of ClusterIPs, 10.96.0.0/12.
fn is_of_services(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V4(ip) if ip.octets()[0] == 10 && ip.octets()[1] & 0xf0 == 96)
}

/// Follows a packet from the client on.
fn deliver(report: &Report, url: &Url, packet: Packet<'_>, hops: &mut Vec<Hop>) -> (Outcome, Option<usize>) {
    let node = packet.node;
    let taken = packet::take(report, packet);
    if let Some(door) = Door::at(report, packet, taken) {
        return door.open(url, hops);
    }
    if let Some(index) = taken {
        let route = &report.routes[index];
        hops.extend(hops::of_route(report, route, node.map(|node| (node, packet.ip))));
        let outcome = match (packet::outcome(route, node), url.http(), packet::http(route)) {
            (Outcome::Answers, Some(own), Some(other)) if own != other => {
                Outcome::WrongScheme(other.to_owned())
            }
            (outcome, ..) => outcome,
        };
        return (outcome, Some(index));
    }
    let Some(node) = node else { return (nowhere(report, packet, hops), None) };
    hops.push(Hop::one(HopKind::Node, &node.name, &packet.ip.to_string()));
    at_node(report, node, packet, hops)
}

/// A packet to a node that no route takes.
fn at_node(
    report: &Report,
    node: &NodeReport,
    packet: Packet<'_>,
    hops: &mut Vec<Hop>,
) -> (Outcome, Option<usize>) {
    if !node.ready {
        return (Outcome::TimesOut, None);
    }
    if packet.protocol != "TCP" {
        return (Outcome::Refused, None);
    }
    // Balancers ask here whether the node has a pod of the Service (EXP-LB-7).
    if let Some((index, healthy)) = packet::health_check(report, node, packet.port) {
        hops.push(Hop::one(HopKind::Daemon, "kube-proxy", &packet.socket()));
        return (if healthy { Outcome::Answers } else { Outcome::Unavailable }, Some(index));
    }
    match daemon_at(node.control_plane, packet.port) {
        Some(daemon) if !daemon.loopback => {
            hops.push(Hop::one(HopKind::Daemon, daemon.name, &packet.socket()));
            (Outcome::Answers, None)
        }
        _ => (Outcome::Refused, None),
    }
}

/// A packet to an address that no node has and no route takes.
fn nowhere(report: &Report, packet: Packet<'_>, hops: &mut Vec<Hop>) -> Outcome {
    let address = packet.socket();
    if let Some(pod) = report.pods.iter().find(|pod| pod.ip.parse() == Ok(packet.ip)) {
        hops.push(Hop::one(HopKind::Pod, &format!("{}/{}", pod.namespace, pod.name), &address));
        Outcome::Unreachable
    } else if is_of_services(packet.ip) {
        hops.push(Hop::one(HopKind::Service, "", &address));
        Outcome::Unreachable
    } else {
        Outcome::TimesOut
    }
}
