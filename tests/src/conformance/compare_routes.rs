//! routes: every URL that we show for the recorded state, against what the recording itself holds; and the ways in of our own
//! run against those.
//!
//! Addresses of load balancers and controllers, schemes and what processes do are assumptions (docs/differences.md), and so are
//! not compared; nor are ports that come from an image.

use std::collections::{BTreeMap, BTreeSet};

use reach::{Note, PathMatch, Route, RouteKind};

use super::names::Names;
use super::recorded_ways::{Recorded, Ways, join};
use super::score::{Outcome, sides};

/// Compares the routes of the recorded state. One that only one side has is one more unit, and unmatched.
pub(super) fn compare(stage: &str, recorded: &Recorded<'_>, routes: &[Route]) -> Outcome {
    let theirs = recorded.ways();
    let (mut ours, mut odd) = (Ways::new(), Outcome::default());
    for route in routes.iter().filter(|route| !is_from_image(route)) {
        match way(route) {
            Ok((name, known)) => drop(ours.insert(name, known)),
            Err(why) => odd.count(format!("{stage}, {}", route.url), Some(why)),
        }
    }
    let keys: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
    for key in keys {
        let (left, right) = (theirs.get(key), ours.get(key));
        let show = |side: Option<&String>| side.map_or("(none)", String::as_str).to_owned();
        let difference = (left != right).then(|| sides("where and to whom", show(left), show(right)));
        odd.count(format!("{stage}, {key}"), difference);
    }
    odd
}

/// Compares the ways in of our own run with those of the recorded state: as many of each object, with the same ports. Node ports,
/// names and places differ from run to run, or are compared elsewhere.
pub(super) fn compare_own(
    stage: &str,
    (recorded, names): (&[Route], &Names),
    (ours, our_names): (&[Route], &Names),
) -> Outcome {
    let mut outcome = Outcome::default();
    let (theirs, ours) = (counted(recorded, names), counted(ours, our_names));
    let keys: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
    for key in keys {
        let count = |side: &BTreeMap<String, usize>| side.get(key).copied().unwrap_or(0);
        let (left, right) = (count(&theirs), count(&ours));
        let difference = (left != right).then(|| sides("how many", left, right));
        outcome.count(format!("{stage}, own {key}"), difference);
    }
    outcome
}

fn counted(routes: &[Route], names: &Names) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for route in routes {
        let port = if route.kind == RouteKind::NodePort { 0 } else { route.port };
        let scheme = route.url.split("://").next().unwrap_or("");
        let rule = route.rule.as_ref().map(|rule| format!(" {}{}", rule.host, rule.path)).unwrap_or_default();
        let source = names.normalize(&route.source);
        let inner = format!("{} {}", route.target_port, route.protocol);
        let key = format!("{:?} {source}{rule} {scheme} {port} to {inner}", route.kind);
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// What no recording tells.
fn is_from_image(route: &Route) -> bool {
    route.notes.iter().any(|note| matches!(note, Note::PortFromImage | Note::NoKnownPort))
}

/// A route in the form of the recorded ways, told by its URL where it has one.
fn way(route: &Route) -> Result<(String, String), String> {
    let (_, name) = route.source.split_once(' ').unwrap_or(("", &route.source));
    let (kind, pods) = (route.kind, join(&route.pods.iter().cloned().collect()));
    let mut places = Vec::new();
    for url in &route.urls {
        places.push(place(url).ok_or_else(|| format!("{url} has no host or port"))?);
    }
    if route.urls.first() != (!route.url.is_empty()).then_some(&route.url) {
        return Err(format!("the first of {:?} is not {}", route.urls, route.url));
    }
    if places.iter().any(|place| place.port != route.port) {
        return Err(format!("{:?} have another port than {}", route.urls, route.port));
    }
    let hosts: BTreeSet<String> = places.iter().map(|place| place.host.to_owned()).collect();
    let outer = format!("{}/{}", route.port, route.protocol);
    Ok(match kind {
        RouteKind::HostNetwork | RouteKind::HostPort => {
            if route.pods != [name] {
                return Err(format!("{} leads to {pods}", route.source));
            }
            let known = format!("on {} to {}", route.nodes.join(" "), route.target_port);
            (format!("{kind:?} {name} {outer} at {}", join(&hosts)), known)
        }
        RouteKind::NodePort => (format!("{kind:?} {name} {outer}"), format!("at {} to {pods}", join(&hosts))),
        RouteKind::LoadBalancer => (format!("{kind:?} {name} {outer}"), format!("to {pods}")),
        RouteKind::ExternalIp => {
            (format!("{kind:?} {name} {outer} at {}", join(&hosts)), format!("to {pods}"))
        }
        RouteKind::Ingress | RouteKind::Gateway => {
            let rule = route.rule.as_ref().ok_or("no rule")?;
            let path = if rule.path_match == PathMatch::Default { " default" } else { &rule.path };
            for place in &places {
                if !is_example(place, &rule.host, if path == " default" { "" } else { path }) {
                    return Err(format!("{} is no example of {}{path}", route.url, rule.host));
                }
            }
            let tls = route.notes.contains(&Note::TlsTerminated);
            let scheme = if tls { "https" } else { "http" };
            if places.iter().any(|place| place.scheme != scheme) {
                return Err(format!("{} should be {scheme}", route.url));
            }
            (format!("{kind:?} {name} {}{path}", rule.host), format!("by {scheme} to {pods}"))
        }
    })
}

/// The parts of a URL.
struct Place<'a> {
    scheme: &'a str,
    host: &'a str,
    port: u16,
    path: &'a str,
}

fn place(url: &str) -> Option<Place<'_>> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        _ => (authority, if scheme == "https" { 443 } else { 80 }),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    (!host.is_empty()).then_some(Place { scheme, host, port, path })
}

/// Whether a URL is one that a rule with that host and path answers.
fn is_example(place: &Place<'_>, host: &str, path: &str) -> bool {
    let host_fits = match host.strip_prefix('*') {
        Some(suffix) => place.host.split_once('.').is_some_and(|(_, rest)| rest == &suffix[1..]),
        None => host.is_empty() || place.host == host,
    };
    let literal = path.split(['(', '[', '*', '\\', '^', '$', '|', '{']).next().unwrap_or("");
    host_fits && place.path.starts_with(literal.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use reach::RouteState;
    use serde_json::{Value, json};

    use super::*;

    fn record() -> Value {
        json!({
            "pods": [{"namespace": "default", "name": "a", "nodeName": "n2", "phase": "Running", "hostIP": "10.0.0.12",
                "hostNetwork": false, "ports": [{"container": "c", "containerPort": 80, "hostPort": 8080, "protocol": "TCP"}]}],
            "objects": [
                {"kind": "Pod", "metadata": {"namespace": "default", "name": "a"}, "spec": {}},
                {"kind": "Service", "metadata": {"namespace": "default", "name": "web"}, "spec": {"type": "NodePort", "clusterIP": "10.96.0.9",
                    "ports": [{"port": 80, "protocol": "TCP", "nodePort": 30080}]}},
                {"kind": "Ingress", "metadata": {"namespace": "default", "name": "web"}, "spec": {"rules": [{"host": "a.com", "http": {"paths": [
                    {"path": "/x", "backend": {"service": {"name": "web", "port": {"number": 80}}}}]}}]}}],
            "endpoints": [{"namespace": "default", "service": "web", "addressType": "IPv4", "ports": [{"name": "", "protocol": "TCP", "port": 80}],
                "endpoints": [{"pod": "a", "node": "n2", "ready": true}]}],
        })
    }

    fn nodes() -> Vec<Value> {
        let node = |name: &str, ip: &str| json!({"name": name, "ready": true, "addresses": [{"type": "InternalIP", "address": ip}]});
        vec![node("n1", "10.0.0.11"), node("n2", "10.0.0.12")]
    }

    fn route(kind: RouteKind, source: &str, urls: &[&str], port: u16) -> Route {
        let urls: Vec<String> = urls.iter().map(ToString::to_string).collect();
        Route {
            kind,
            source: source.into(),
            state: RouteState::Reachable,
            url: urls[0].clone(),
            urls,
            curl: String::new(),
            address: String::new(),
            port,
            target_port: 80,
            protocol: "TCP".into(),
            nodes: vec!["n2".into()],
            pods: vec!["default/a".into()],
            targets: Vec::new(),
            rule: None,
            client_ip_kept: None,
            notes: Vec::new(),
        }
    }

    fn right() -> [Route; 3] {
        let both = ["http://10.0.0.11:30080/", "http://10.0.0.12:30080/"];
        let mut ingress = route(RouteKind::Ingress, "Ingress default/web", &["http://a.com/x"], 80);
        ingress.rule =
            Some(reach::Rule { host: "a.com".into(), path: "/x".into(), ..reach::Rule::default() });
        [
            route(RouteKind::HostPort, "Pod default/a", &["http://10.0.0.12:8080/"], 8080),
            route(RouteKind::NodePort, "Service default/web", &both, 30080),
            ingress,
        ]
    }

    fn misses(routes: &[Route]) -> usize {
        let (record, nodes) = (record(), nodes());
        compare("stage 0", &Recorded { record: &record, nodes: &nodes }, routes).misses.len()
    }

    #[test]
    fn every_part_of_a_url_counts() {
        assert_eq!(misses(&right()), 0);
        assert_eq!(misses(&right()[1..]), 1, "a way that is not shown");
        let wrong: [fn(&mut [Route; 3]); 9] = [
            |routes| routes[0].urls[0] = "http://10.0.0.11:8080/".into(),
            |routes| routes[0].nodes = vec!["n1".into()],
            |routes| routes[0].pods = vec!["default/b".into()],
            |routes| routes[0].target_port = 81,
            |routes| drop(routes[1].urls.pop()),
            |routes| routes[1].pods.clear(),
            |routes| routes[1].port = 30081,
            |routes| routes[2].url = "http://b.com/x".into(),
            |routes| routes[2].rule = Some(reach::Rule { host: "b.com".into(), ..reach::Rule::default() }),
        ];
        for (index, wrong) in wrong.into_iter().enumerate() {
            let mut routes = right();
            wrong(&mut routes);
            for route in &mut routes {
                if route.kind != RouteKind::Ingress {
                    route.url.clone_from(&route.urls[0]);
                }
            }
            assert_ne!(misses(&routes), 0, "{index}");
        }
    }

    #[test]
    fn own_ways_are_counted() {
        let names = Names::default();
        let misses = |ours: &[Route]| compare_own("stage 0", (&right(), &names), (ours, &names)).misses.len();
        assert_eq!(misses(&right()), 0);
        assert_eq!(misses(&right()[..2]), 1);
    }
}
