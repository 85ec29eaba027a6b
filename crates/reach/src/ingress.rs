//! Ingress: HTTP by host and path, through a controller (EXP-ING rules).

use api::types::{Backend, BackendPort, Ingress, IngressPath, IpFamily, PathType, Service, ServiceType};

use crate::backend::Front;
use crate::controller::{Controller, Door};
use crate::endpoints::endpoints;
use crate::ingress_match::match_host;
use crate::route::{Note, Route, RouteKind, RouteState};
use crate::url;
use crate::view::{View, pod_name};

pub(crate) use crate::controller::assumed_exposure;

/// What a backend amounts to.
struct Behind {
    state: RouteState,
    notes: Vec<Note>,
    target_port: u16,
    pods: Vec<String>,
}

/// One route per host and path, and one for the default backend (EXP-ING-50).
pub(crate) fn routes(
    view: &View<'_>,
    controllers: &[Controller<'_>],
    ingress: &Ingress,
    out: &mut Vec<Route>,
) {
    let controller = controllers.iter().find(|controller| controller.serves(view, ingress));
    let door = controller.map_or_else(|| unserved(ingress, controllers), |controller| controller.door(view));
    for rule in &ingress.rules {
        for path in &rule.paths {
            let mut route = route(view, ingress, &door, &rule.host, Some(path), &path.backend);
            if let Some(other) = controller.and_then(|controller| earlier(view, controller, &rule.host, path))
            {
                route.state = RouteState::Blocked;
                route.notes.insert(0, Note::EarlierRule(source(other)));
            }
            out.push(route);
        }
        if let (true, Some(backend)) = (rule.paths.is_empty(), &ingress.default_backend) {
            out.push(route(view, ingress, &door, &rule.host, None, backend));
        }
    }
    if let Some(backend) = &ingress.default_backend {
        out.push(route(view, ingress, &door, "", None, backend));
    }
}

/// The Ingress of the same controller that has a rule for the very host and path already: of equals the oldest Ingress is obeyed,
/// and in one Ingress the first (EXP-ING-23).
fn earlier<'a>(
    view: &View<'a>,
    controller: &Controller<'_>,
    host: &str,
    path: &IngressPath,
) -> Option<&'a Ingress> {
    let normal = |path: &'_ IngressPath| {
        let text = match path.path_type {
            PathType::Prefix => path.path.trim_end_matches('/'),
            PathType::Exact | PathType::ImplementationSpecific => &path.path,
        };
        (path.path_type, text.to_owned())
    };
    for ingress in view.store.ingresses().filter(|ingress| controller.serves(view, ingress)) {
        for rule in ingress.rules.iter().filter(|rule| rule.host.eq_ignore_ascii_case(host)) {
            for other in &rule.paths {
                if std::ptr::eq(other, path) {
                    return None;
                }
                if normal(other) == normal(path) {
                    return Some(ingress);
                }
            }
        }
    }
    None
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
    let (address, nodes) = (String::new(), Vec::new());
    Door { address, http: 0, https: 0, nodes, state: RouteState::Blocked, notes: vec![note] }
}

fn route(
    view: &View<'_>,
    ingress: &Ingress,
    door: &Door,
    rule_host: &str,
    path: Option<&IngressPath>,
    backend: &Backend,
) -> Route {
    let behind = behind(view, ingress, backend);
    let tls = is_tls(ingress, rule_host);
    let (scheme, port) = if tls { ("https", door.https) } else { ("http", door.http) };
    let host = rule_host.strip_prefix('*').map_or_else(|| rule_host.to_owned(), |rest| format!("www{rest}"));
    let shown = if host.is_empty() { &door.address } else { &host };
    let none = door.address.is_empty() || port == 0;
    let url = if none { String::new() } else { url::url(scheme, shown, port, &request_path(path)) };
    let state = if door.state == RouteState::Reachable { behind.state } else { door.state };
    let mut notes = door.notes.clone();
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
        state: if none && state == RouteState::Reachable { RouteState::Blocked } else { state },
        curl: command(&url, &host, door, port, tls),
        url,
        address: door.address.clone(),
        port,
        target_port: behind.target_port,
        protocol: "TCP".to_owned(),
        nodes: door.nodes.clone(),
        pods: behind.pods,
        client_ip_kept: Some(false),
        notes,
    }
}

/// curl that needs no name server.
fn command(url: &str, host: &str, door: &Door, port: u16, tls: bool) -> String {
    if url.is_empty() {
        return String::new();
    }
    let flags = if tls { "-vk" } else { "-v" };
    let address =
        if door.address.contains(':') { format!("[{}]", door.address) } else { door.address.clone() };
    if host.is_empty() {
        format!("curl {flags} {url}")
    } else {
        format!("curl {flags} --resolve {host}:{port}:{address} {url}")
    }
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

/// A path that the rule matches; of a regular expression only what stands before its first special character.
fn request_path(path: Option<&IngressPath>) -> String {
    let Some(path) = path else { return "/".to_owned() };
    let text = match path.path_type {
        PathType::ImplementationSpecific => {
            path.path.split(['(', '[', '*', '\\', '^', '$', '|', '{']).next().unwrap_or("")
        }
        PathType::Exact | PathType::Prefix => &path.path,
    };
    if text.is_empty() { "/".to_owned() } else { text.to_owned() }
}

/// Follows a backend to the pods that answer (EXP-ING-30, EXP-ING-31).
fn behind(view: &View<'_>, ingress: &Ingress, backend: &Backend) -> Behind {
    let broken =
        |note| Behind { state: RouteState::Blocked, notes: vec![note], target_port: 0, pods: Vec::new() };
    let (name, wanted) = match backend {
        Backend::Service { name, port } => (name, port),
        Backend::Resource { kind, name } => return broken(Note::ResourceBackend(format!("{kind} {name}"))),
    };
    let mut services = view.store.services();
    let found = services
        .find(|service| service.meta.namespace == ingress.meta.namespace && *service.meta.name == **name);
    let Some(service) = found else { return broken(Note::ServiceMissing(name.clone())) };
    if service.service_type == ServiceType::ExternalName {
        return Behind { state: RouteState::Reachable, notes: Vec::new(), target_port: 0, pods: Vec::new() };
    }
    let fits = |port: &&api::types::ServicePort| match wanted {
        BackendPort::Number(number) => port.port == *number,
        BackendPort::Name(name) => port.name == *name,
    };
    let Some(port) = service.ports.iter().find(fits) else {
        let port = match wanted {
            BackendPort::Number(number) => number.to_string(),
            BackendPort::Name(name) => name.clone(),
        };
        return broken(Note::ServicePortMissing { service: name.clone(), port });
    };
    let front = Front { view, service: service as &Service, endpoints: endpoints(view.store, service) };
    let family = service.ip_families.first().copied().unwrap_or(IpFamily::IPv4);
    let backend = front.backend(family, port);
    let pods = backend.answers.iter().filter_map(|answer| view.store.pods.get(&answer.pod));
    Behind {
        state: backend.state,
        pods: pods.map(pod_name).collect(),
        target_port: backend.target_port,
        notes: backend.notes,
    }
}
