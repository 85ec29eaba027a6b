//! Ingress: HTTP by host and path, through a controller (EXP-ING rules).

use api::types::{Backend, Ingress, PathType};

use crate::backend::{Behind, behind_service};
use crate::controller::{Controller, Door};
use crate::ingress_match::{self, Target, literal, match_host};
use crate::request::{hosts, paths};
use crate::route::{MAX_URLS, Note, PathMatch, Route, RouteKind, RouteState, Rule};
use crate::url;
use crate::view::View;

/// The Ingresses of one controller, oldest first, and its door.
struct Served<'a> {
    ingresses: Vec<&'a Ingress>,
    door: Door,
}

/// One route per host and path, and one for the default backend (EXP-ING-50).
pub(crate) fn routes(view: &View<'_>, out: &mut Vec<Route>) {
    let served: Vec<Served<'_>> =
        view.controllers.iter().map(|controller| Served::new(view, controller)).collect();
    for ingress in view.store.ingresses() {
        let own =
            served.iter().find(|own| own.ingresses.iter().any(|at| std::ptr::eq(*at, &raw const **ingress)));
        let unserved = || Served { ingresses: vec![ingress], door: unserved(ingress, &view.controllers) };
        match own {
            Some(own) => own.rows(view, ingress, out),
            None => unserved().rows(view, ingress, out),
        }
    }
}

impl<'a> Served<'a> {
    fn new(view: &View<'a>, controller: &Controller<'_>) -> Self {
        let ingresses = view.store.ingresses().filter(|ingress| controller.serves(view, ingress));
        Self { ingresses: ingresses.map(|ingress| &**ingress).collect(), door: controller.door(view) }
    }

    fn rows(&self, view: &View<'_>, ingress: &'a Ingress, out: &mut Vec<Route>) {
        let target = |host, path, backend| Target { ingress, host, path, backend };
        for rule in &ingress.rules {
            let paths = rule.paths.iter().map(|path| target(&*rule.host, Some(path), &path.backend));
            let default = ingress.default_backend.as_ref().filter(|_| rule.paths.is_empty());
            out.extend(paths.map(|target| self.row(view, target)));
            out.extend(default.map(|backend| self.row(view, target(&rule.host, None, backend))));
        }
        if let Some(backend) = &ingress.default_backend {
            out.push(self.row(view, target("", None, backend)));
        }
    }

    /// A host and a path that lead to the target, and when there are none, whose rule answers instead (EXP-ING-23).
    fn request(&self, target: Target<'_>) -> (String, String, Option<Note>) {
        let paths = match target.path.map(|path| (path.path_type, &*path.path)) {
            None => paths("/"),
            Some((PathType::Exact, path)) => vec![path.to_owned()],
            Some((PathType::Prefix, path)) => paths(path),
            Some((PathType::ImplementationSpecific, path)) => paths(literal(path)),
        };
        let hosts = hosts(target.host);
        let answer = |host: &str, path: &str| ingress_match::answer(&self.ingresses, host, path);
        for host in &hosts {
            let own = |path: &&String| {
                answer(host, path).is_some_and(|found| std::ptr::eq(found.backend, target.backend))
            };
            if let Some(path) = paths.iter().find(own) {
                return (host.clone(), path.clone(), None);
            }
        }
        let other = answer(&hosts[0], &paths[0]).map(|other| Note::EarlierRule(source(other.ingress)));
        (hosts[0].clone(), paths[0].clone(), other)
    }

    fn row(&self, view: &View<'_>, target: Target<'_>) -> Route {
        let (door, Target { ingress, host: rule_host, path, backend }) = (&self.door, target);
        let behind = behind(view, ingress, backend);
        let (host, path_shown, earlier) = self.request(target);
        let tls = is_tls(ingress, rule_host);
        let (scheme, port) = if tls { ("https", door.https) } else { ("http", door.http) };
        let none = door.address.is_empty() || port == 0;
        let url_at = |shown: &str| url::url(scheme, shown, port, &path_shown);
        let mut urls = Vec::new();
        if !none && host.is_empty() {
            let addresses = std::iter::once(&door.address).chain(&door.others);
            urls.extend(addresses.map(|address| url_at(address)).take(MAX_URLS));
        } else if !none {
            urls.push(url_at(&host));
        }
        let url = urls.first().cloned().unwrap_or_default();
        let state = match door.state {
            _ if earlier.is_some() => RouteState::Blocked,
            RouteState::Reachable if none => RouteState::Blocked,
            RouteState::Reachable => behind.state,
            state => state,
        };
        let mut notes: Vec<Note> = earlier.into_iter().collect();
        notes.extend(door.notes.iter().cloned());
        notes.extend(behind.notes);
        notes.extend((path.is_none()).then_some(Note::DefaultBackend));
        notes.extend((host != rule_host).then(|| Note::WildcardHost(rule_host.to_owned())));
        if !host.is_empty() && !none {
            notes.push(Note::HostMustResolve { host: host.clone(), address: door.address.clone() });
        }
        notes.extend(tls.then_some(Note::TlsTerminated));
        notes.push(Note::ForwardedFor);
        Route {
            kind: RouteKind::Ingress,
            source: source(ingress),
            state,
            curl: command(&url, &host, door, port, tls),
            url,
            urls,
            address: door.address.clone(),
            port,
            target_port: behind.target_port,
            protocol: "TCP".to_owned(),
            nodes: door.nodes.clone(),
            pods: behind.pods,
            targets: behind.targets,
            rule: Some(rule(target)),
            client_ip_kept: Some(false),
            notes,
        }
    }
}

/// What the target looks for in a request.
fn rule(target: Target<'_>) -> Rule {
    let path_match = target.path.map_or(PathMatch::Default, |path| match path.path_type {
        PathType::Exact => PathMatch::Exact,
        PathType::Prefix => PathMatch::Prefix,
        PathType::ImplementationSpecific => PathMatch::Expression,
    });
    let path = target.path.map(|path| path.path.clone()).unwrap_or_default();
    Rule { host: target.host.to_owned(), path, path_match, ..Rule::default() }
}

fn source(ingress: &Ingress) -> String {
    format!("Ingress {}/{}", ingress.meta.namespace, ingress.meta.name)
}

/// Nobody serves the class (EXP-ING-1, EXP-ING-2).
fn unserved(ingress: &Ingress, controllers: &[Controller<'_>]) -> Door {
    let note = if controllers.is_empty() || ingress.class.is_empty() {
        Note::NoIngressController
    } else {
        Note::IngressClassUnserved(ingress.class.clone())
    };
    let (address, others, nodes) = (String::new(), Vec::new(), Vec::new());
    Door { address, others, http: 0, https: 0, nodes, state: RouteState::Blocked, notes: vec![note] }
}

/// curl that needs no name server.
fn command(url: &str, host: &str, door: &Door, port: u16, tls: bool) -> String {
    if url.is_empty() {
        return String::new();
    }
    let mut words = vec![if tls { "curl -vk" } else { "curl -v" }.to_owned()];
    words.extend(url::resolve(host, port, &door.address));
    words.push(url::quoted(url));
    words.join(" ")
}

/// The host is in a TLS entry, or an entry has no hosts and so means all of them (EXP-ING-40).
fn is_tls(ingress: &Ingress, rule_host: &str) -> bool {
    ingress.tls.iter().any(|tls| {
        let named = tls
            .hosts
            .iter()
            .any(|host| host.eq_ignore_ascii_case(rule_host) || match_host(host, rule_host).is_some());
        tls.hosts.is_empty() || !rule_host.is_empty() && named
    })
}

/// Follows a backend to the pods that answer (EXP-ING-30).
fn behind(view: &View<'_>, ingress: &Ingress, backend: &Backend) -> Behind {
    match backend {
        Backend::Service { name, port } => behind_service(view, &ingress.meta.namespace, name, port),
        Backend::Resource { kind, name } => Behind::broken(Note::ResourceBackend(format!("{kind} {name}"))),
    }
}
