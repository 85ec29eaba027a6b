//! Controllers of Ingresses and Gateways: whether a packet gets to one, and what it makes of the request.

use reach::{Entrance, Note, Route, RouteKind, RouteState, choose};

use super::hops::{by_rule, nodes, of_route, pods};
use super::packet::{self, Packet, reaches};
use super::url::Url;
use super::{Hop, HopKind, Outcome, Place, Rewrite, follow};
use crate::report::Report;

/// A port at which a controller answers.
pub(super) struct Door<'a> {
    report: &'a Report,
    packet: Packet<'a>,
    /// The route by which packets get to the controller's pods, when it is one of the manifest.
    taken: Option<&'a Route>,
    /// Nodes that take the traffic in.
    nodes: &'a [String],
    /// namespace/name of the controller's pods; none when it is assumed.
    pods: &'a [String],
    /// The routes that are told apart here.
    routes: Vec<&'a Route>,
    /// It speaks TLS.
    secure: bool,
}

/// Node ports, as an API server hands them out by default.
const NODE_PORTS: std::ops::RangeInclusive<u16> = 30000..=32767;

impl<'a> Door<'a> {
    /// The door that a packet comes to; `taken` is the index of the route that takes it first.
    pub(super) fn at(report: &'a Report, packet: Packet<'a>, taken: Option<usize>) -> Option<Self> {
        let taken = taken.map(|index| &report.routes[index]);
        let entrance = report.entrances.iter().find(|entrance| is_at(report, entrance, packet, taken));
        let is_candidate = |route: &&Route| {
            let here = match (route.kind, entrance) {
                (RouteKind::Ingress, Some(at)) => {
                    route.address == at.address && [at.http, at.https].contains(&route.port)
                }
                (RouteKind::Gateway, Some(at)) => route.address == at.address && route.port == packet.port,
                (RouteKind::Gateway, None) => {
                    taken.is_none()
                        && (route.port, &*route.protocol) == (packet.port, packet.protocol)
                        && reaches(report, &route.address, &route.nodes, packet)
                }
                _ => false,
            };
            let is_void = |note: &Note| matches!(note, Note::EarlierRule(_) | Note::ListenerConflict(_));
            here && route.port != 0 && route.rule.is_some() && !route.notes.iter().any(is_void)
        };
        let routes: Vec<&Route> = report.routes.iter().filter(is_candidate).collect();
        let nodes = entrance.map(|entrance| &*entrance.nodes).or_else(|| Some(&*routes.first()?.nodes))?;
        let secure = match entrance {
            Some(entrance) => packet.port == entrance.https && packet.port != entrance.http,
            None => {
                routes.iter().any(|route| route.url.starts_with("https:") || route.url.starts_with("tls:"))
            }
        };
        let pods = entrance.map(|entrance| &*entrance.pods).unwrap_or_default();
        Some(Self { report, packet, taken, nodes, pods, routes, secure })
    }

    /// The hops to the controller of a route of the report.
    pub(super) fn hops_of(report: &'a Report, packet: Packet<'a>, route: &'a Route) -> Vec<Hop> {
        let found = Self::at(report, packet, packet::take(report, packet));
        let unknown = || Self {
            report,
            packet,
            taken: None,
            nodes: &route.nodes,
            pods: &[],
            routes: Vec::new(),
            secure: false,
        };
        found.unwrap_or_else(unknown).hops()
    }

    /// From outside to the controller: by the route to its pods, by its balancer, or at the node itself.
    fn hops(&self) -> Vec<Hop> {
        let Packet { ip, port, node, .. } = self.packet;
        if let Some(route) = self.taken {
            let mut hops = of_route(self.report, route, node.map(|node| (node, ip)));
            if let Some(last) = hops.last_mut().filter(|last| last.kind == HopKind::Pod) {
                last.kind = HopKind::Controller;
            }
            return hops;
        }
        let mut hops = Vec::new();
        let socket = self.packet.socket();
        if let Some(node) = node {
            hops.push(Hop::one(HopKind::Node, &node.name, &ip.to_string()));
            let is_rewritten = NODE_PORTS.contains(&port);
            hops.extend(is_rewritten.then(|| Hop::one(HopKind::Rule(Rewrite::NodePort), "", &socket)));
        } else {
            hops.push(Hop::one(HopKind::LoadBalancer, "", &socket));
            hops.extend(nodes(self.report, self.nodes, Some(ip)));
        }
        let places: Vec<Place> =
            self.pods.iter().map(|pod| Place { label: pod.clone(), ..Place::default() }).collect();
        let places = if places.is_empty() { vec![Place::default()] } else { places };
        hops.push(Hop { kind: HopKind::Controller, places });
        hops
    }

    /// What the controller makes of a request, and the index of the route that decides.
    pub(super) fn open(&self, url: &Url, hops: &mut Vec<Hop>) -> (Outcome, Option<usize>) {
        hops.extend(self.hops());
        let reads = self.routes.is_empty() || self.routes.iter().any(|route| packet::http(route).is_some());
        match url.http() {
            None if reads => return (Outcome::Answers, None),
            Some(own) if reads && (own == "https") != self.secure => {
                let other = if self.secure { "https" } else { "http" };
                return (Outcome::WrongScheme(other.to_owned()), None);
            }
            _ => {}
        }
        let Some(route) = choose(&self.routes, &url.request()) else {
            // A listener that reads no HTTP cannot say so.
            return (if reads { Outcome::NotFound } else { Outcome::Refused }, None);
        };
        let index = self.report.routes.iter().position(|at| std::ptr::eq(at, route));
        hops.push(by_rule(route));
        // DIFFERENCE: as ingress-nginx does; other controllers redirect only when told to (EXP-ING-40).
        if url.http() == Some("http") && route.notes.contains(&Note::TlsTerminated) {
            let secure = url.secure();
            hops.push(Hop::one(HopKind::Redirect, "308", &secure.to_string()));
            let rest = follow(self.report, &secure);
            hops.extend(rest.hops.into_iter().skip(1));
            return (rest.outcome, rest.route.map(|index| index as usize).or(index));
        }
        let outcome = answer(route);
        if outcome == Outcome::Answers {
            hops.extend(pods(self.report, route, None));
        }
        (outcome, index)
    }
}

/// Whether packets get to a controller. One of the manifest is reached by the routes to its pods; one that is assumed has what
/// nobody else takes.
fn is_at(report: &Report, entrance: &Entrance, packet: Packet<'_>, taken: Option<&Route>) -> bool {
    let own = |route: &Route| route.pods.iter().any(|pod| entrance.pods.contains(pod));
    let gets_there = if entrance.pods.is_empty() { taken.is_none() } else { taken.is_some_and(own) };
    gets_there
        && packet.protocol == "TCP"
        && [entrance.http, entrance.https].contains(&packet.port)
        && reaches(report, &entrance.address, &entrance.nodes, packet)
}

/// What a route behind a controller answers (EXP-ING-30, EXP-GW-8).
fn answer(route: &Route) -> Outcome {
    let is_empty = |note: &Note| {
        matches!(
            note,
            Note::NoReadyEndpoints | Note::SelectsNothing | Note::NoSelector | Note::NamedPortMissing(_)
        )
    };
    match (route.state, route.kind) {
        (RouteState::Reachable | RouteState::NotReady, _) => Outcome::Answers,
        (_, RouteKind::Gateway) if !route.notes.iter().any(is_empty) => Outcome::ServerError,
        _ => Outcome::Unavailable,
    }
}
