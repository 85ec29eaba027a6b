//! A route of the report for each match of a rule: its address, its URL, and the backends behind it (EXP-GW-6 to EXP-GW-10).

use api::types::BackendPort;
use manifest::Tree;

use super::Table;
use super::attach::{Entry, Loose};
use super::matches::PathMatch;
use super::objects::{Listener, is_granted, port_of};
use crate::backend::{Behind, behind_service};
use crate::request::{Request, hosts, paths};
use crate::route::{MAX_URLS, Note, Route, RouteKind, RouteState};
use crate::url::{self, quoted, resolve};

/// A route that attaches to nothing.
pub(super) fn loose(loose: &Loose<'_>) -> Route {
    Route {
        source: format!("{} {}/{}", loose.kind, loose.route.meta.namespace, loose.route.meta.name),
        notes: vec![loose.why.clone()],
        ..Route::nowhere(RouteKind::Gateway)
    }
}

impl Table<'_> {
    /// The row of an entry.
    pub(super) fn row(&self, entry: &Entry<'_>) -> Route {
        let (gateway, place) = (&self.gateways[entry.at.0], &self.places[entry.at.0]);
        let listener = &gateway.listeners[entry.at.1];
        let behind = self.behind(entry);
        let port = place.port(listener);
        let is_http = matches!(listener.protocol, "HTTP" | "HTTPS");
        let (request, earlier) = self.request(entry, listener);
        let scheme = scheme(listener, &behind);
        let known = !place.address.is_empty() && port != 0;
        let at = |host: &String| url::url(scheme, host, port, &target(&request));
        let urls: Vec<String> = match (known, request.host.is_empty()) {
            (false, _) => Vec::new(),
            (true, false) => vec![at(&request.host)],
            (true, true) => {
                std::iter::once(&place.address).chain(&place.others).map(at).take(MAX_URLS).collect()
            }
        };
        let url = urls.first().cloned().unwrap_or_default();
        let conflict = gateway.conflict(listener).map(|other| Note::ListenerConflict(other.name.to_owned()));
        let mut notes: Vec<Note> = conflict.into_iter().chain(earlier).collect();
        let broken = !notes.is_empty();
        notes.extend(place.notes.iter().cloned());
        notes.extend((port == 0).then_some(Note::ListenerPortUnknown(listener.port)));
        let state = match place.state {
            _ if broken => RouteState::Blocked,
            RouteState::Reachable if behind.state == RouteState::Reachable && !known => RouteState::Pending,
            RouteState::Reachable => behind.state,
            state => state,
        };
        notes.extend(behind.notes);
        let conditions = entry.matching.conditions();
        notes.extend((!conditions.is_empty()).then_some(Note::OnlyRequests(conditions)));
        notes.extend(entry.host.starts_with('*').then(|| Note::WildcardSuffix(entry.host.to_owned())));
        if known && !request.host.is_empty() {
            notes.push(Note::HostMustResolve { host: request.host.clone(), address: place.address.clone() });
        }
        notes.extend(is_http.then_some(Note::ForwardedFor));
        Route {
            kind: RouteKind::Gateway,
            source: format!("{} {}/{}", entry.kind, entry.route.meta.namespace, entry.route.meta.name),
            state,
            curl: if known {
                command(entry, scheme, &request, (&place.address, port), &url)
            } else {
                String::new()
            },
            url,
            urls,
            address: place.address.clone(),
            port,
            target_port: behind.target_port,
            protocol: listener.transport().to_string(),
            nodes: place.nodes.clone(),
            pods: behind.pods,
            targets: behind.targets,
            rule: Some(entry.matching.rule(entry.host)),
            client_ip_kept: Some(false),
            notes,
        }
    }

    /// A request that this entry answers, and when there is none, whose rule answers instead.
    fn request(&self, entry: &Entry<'_>, listener: &Listener<'_>) -> (Request, Option<Note>) {
        let matching = &entry.matching;
        let paths = match &matching.path {
            PathMatch::Prefix(prefix) => paths(prefix),
            PathMatch::Exact(_) | PathMatch::Expression(_) => vec![matching.example().to_owned()],
        };
        let method = if matching.method.is_empty() { "GET" } else { &matching.method };
        let request = |host: &str, path: &str| Request {
            method: method.to_owned(),
            headers: matching.headers.clone(),
            query: matching.query.clone(),
            ..Request::get(host, path)
        };
        let hosts = hosts(entry.host);
        let answer = |request: &Request| self.answer(entry.at.0, listener.port, request);
        let all = hosts.iter().flat_map(|host| paths.iter().map(move |path| request(host, path)));
        let own =
            all.into_iter().find(|request| answer(request).is_some_and(|found| std::ptr::eq(found, entry)));
        if let Some(own) = own {
            return (own, None);
        }
        let first = request(&hosts[0], &paths[0]);
        let other = answer(&first).map(|other| {
            let meta = &other.route.meta;
            Note::EarlierRule(format!("{} {}/{}", other.kind, meta.namespace, meta.name))
        });
        (first, other)
    }

    /// Follows the backends of a rule, by their weights (EXP-GW-8).
    fn behind(&self, entry: &Entry<'_>) -> Behind {
        let backends = entry.rule.map(|rule| rule.list_at(&["backendRefs"])).unwrap_or_default();
        let filters = entry.rule.map(|rule| rule.list_at(&["filters"])).unwrap_or_default();
        if filters.iter().any(|filter| filter.str_at(&["type"]) == "RequestRedirect") {
            return Behind {
                state: RouteState::Reachable,
                notes: vec![Note::Redirects],
                ..Behind::default()
            };
        }
        let weighted: Vec<(&Tree, i64)> = backends.iter().map(|backend| (backend, weight(backend))).collect();
        let total: i64 = weighted.iter().map(|(_, weight)| weight).sum();
        if total == 0 {
            return Behind::broken(Note::NoBackend);
        }
        let mut sum = Behind::default();
        let (mut failing, mut state) = (0, None::<RouteState>);
        for (backend, weight) in weighted.iter().filter(|(_, weight)| *weight > 0) {
            let one = self.backend(entry, backend);
            failing += if one.state == RouteState::Blocked { *weight } else { 0 };
            state = Some(state.map_or(one.state, |state| state.min(one.state)));
            if sum.target_port == 0 {
                (sum.target_port, sum.scheme) = (one.target_port, one.scheme);
            }
            sum.pods.extend(one.pods);
            sum.targets.extend(one.targets);
            sum.notes
                .extend(one.notes.into_iter().filter(|note| !sum.notes.contains(note)).collect::<Vec<_>>());
        }
        sum.state = state.unwrap_or(RouteState::Blocked);
        if backends.len() > 1 {
            let shares =
                weighted.iter().map(|(at, weight)| format!("{} {weight}/{total}", at.str_at(&["name"])));
            sum.notes.push(Note::Weights(shares.collect()));
        }
        if failing > 0 && failing < total {
            sum.notes.insert(0, Note::ShareFails(format!("{failing}/{total}")));
        }
        sum
    }

    fn backend(&self, entry: &Entry<'_>, backend: &Tree) -> Behind {
        let (kind, name) = (backend.str_at(&["kind"]), backend.str_at(&["name"]));
        if !matches!(kind, "" | "Service") || !backend.str_at(&["group"]).is_empty() {
            return Behind::broken(Note::ResourceBackend(format!("{kind} {name}")));
        }
        let namespace = match backend.str_at(&["namespace"]) {
            "" => &*entry.route.meta.namespace,
            namespace => namespace,
        };
        if !is_granted(self.view.store, entry.route, entry.kind, namespace, name) {
            return Behind::broken(Note::ReferenceNotGranted(format!("{namespace}/{name}")));
        }
        behind_service(self.view, namespace, name, &BackendPort::Number(port_of(backend)))
    }
}

/// 1 when it is not given.
fn weight(backend: &Tree) -> i64 {
    backend.get("weight").and_then(Tree::as_i64).unwrap_or(1).clamp(0, 1_000_000)
}

/// EXP-GW-10.
fn scheme(listener: &Listener<'_>, behind: &Behind) -> &'static str {
    match listener.protocol {
        "HTTP" => "http",
        "HTTPS" => "https",
        "TLS" if listener.passthrough && behind.scheme == "https" => "https",
        "TLS" => "tls",
        "UDP" => "udp",
        _ => "tcp",
    }
}

/// Path and query.
fn target(request: &Request) -> String {
    let pairs: Vec<String> = request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if pairs.is_empty() { request.path.clone() } else { format!("{}?{}", request.path, pairs.join("&")) }
}

/// A command that needs no name server.
fn command(
    entry: &Entry<'_>,
    scheme: &str,
    request: &Request,
    (address, port): (&str, u16),
    url: &str,
) -> String {
    let (host, is_tls) = (&request.host, scheme == "https");
    match scheme {
        "http" | "https" if entry.kind == "GRPCRoute" => {
            let security = if is_tls { "-insecure" } else { "-plaintext" };
            let authority = if host.is_empty() { String::new() } else { format!(" -authority {host}") };
            format!("grpcurl {security}{authority} {}:{port} list", url::bracketed(address))
        }
        "http" | "https" => {
            let mut words = vec![if is_tls { "curl -vk" } else { "curl -v" }.to_owned()];
            words.extend((request.method != "GET").then(|| format!("-X {}", quoted(&request.method))));
            let headers = request.headers.iter().map(|(name, value)| format!("{name}: {value}"));
            words.extend(headers.map(|header| format!("-H {}", quoted(&header))));
            words.extend(resolve(host, port, address));
            words.push(quoted(url));
            words.join(" ")
        }
        "tls" => {
            let name = if host.is_empty() { String::new() } else { format!(" -servername {host}") };
            format!("openssl s_client -connect {}:{port}{name}", url::bracketed(address))
        }
        "udp" => format!("nc -vzu {address} {port}"),
        _ => format!("nc -vz {address} {port}"),
    }
}
