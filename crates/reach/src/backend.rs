//! Who answers behind a port of a Service, and why nobody does: shared by all ways in that end at a Service.

use api::int_or_string::IntOrString;
use api::server::{Object, Store};
use api::types::{
    BackendPort, IpFamily, Kind, Pod, Protocol, Service, ServicePort, ServiceType, TrafficPolicy,
};
use manifest::Tree;
use manifest::sorted::SortedSet;

use crate::endpoints::{Answer, Endpoints, endpoints, family_of};
use crate::route::{MAX_URLS, Note, Route, RouteKind, RouteState};
use crate::url::{self, Hints};
use crate::view::{View, address, hints, pod_name};

/// A Service with its endpoints, computed once for all its routes.
pub(crate) struct Front<'a> {
    pub(crate) view: &'a View<'a>,
    pub(crate) service: &'a Service,
    pub(crate) endpoints: Endpoints,
}

/// What is behind one port in one family.
pub(crate) struct Backend<'a> {
    /// Pods that answer.
    pub(crate) answers: Vec<Answer>,
    /// State of a route that ends here.
    pub(crate) state: RouteState,
    /// Port of the processes; 0 when not known.
    pub(crate) target_port: u16,
    /// Addresses of the processes.
    pub(crate) targets: Vec<String>,
    /// Why nobody answers, or what to know.
    pub(crate) notes: Vec<Note>,
    /// What is known about the process.
    pub(crate) hints: Hints<'a>,
}

impl Backend<'_> {
    /// The URL of an address and port; empty without address.
    fn url(&self, (address, port): (&str, u16), protocol: Protocol) -> String {
        let scheme = url::shown(url::scheme(&self.hints), protocol);
        if address.is_empty() { String::new() } else { url::url(scheme, address, port, "/") }
    }

    /// The URLs of several addresses.
    pub(crate) fn urls<'b>(
        &self,
        addresses: impl Iterator<Item = &'b str>,
        port: u16,
        protocol: Protocol,
    ) -> Vec<String> {
        addresses.map(|address| self.url((address, port), protocol)).take(MAX_URLS).collect()
    }
}

impl<'a> Front<'a> {
    pub(crate) fn backend(&self, family: IpFamily, port: &'a ServicePort) -> Backend<'a> {
        let answers = self.endpoints.answering(family, port);
        let number = match &port.target_port {
            IntOrString::Int(number) => u16::try_from(*number).unwrap_or(0),
            IntOrString::String(_) => 0,
        };
        let target_port = answers.first().map_or(number, |answer| answer.port);
        let pods = answers.iter().filter_map(|answer| self.view.store.pods.get(&answer.pod));
        let first = pods.clone().next();
        let (mut found, known) = match first {
            Some(pod) => hints(pod, target_port, port.protocol),
            None => (unknown(port, target_port), true),
        };
        found.app_protocol = &port.app_protocol;
        found.names[0] = &port.name;
        let by_hand = by_hand(self.view.store, self.service, family, port);
        let (state, mut notes) = if !by_hand.is_empty() || pods.clone().any(|pod| pod.status.ready) {
            (RouteState::Reachable, Vec::new())
        } else if answers.is_empty() {
            (RouteState::Blocked, self.why_nobody(port))
        } else {
            (RouteState::NotReady, Vec::new())
        };
        notes.extend((!known).then_some(Note::TargetPortUndeclared(target_port)));
        notes.extend(first.and_then(|pod| self.view.policy_note(pod)));
        let target_port = by_hand.first().map_or(target_port, |(_, port)| *port);
        let pods = answers.iter().map(|answer| (&*answer.address, answer.port));
        let targets = pods.chain(by_hand).map(|(ip, port)| url::socket(ip, port)).collect();
        Backend { answers, state, target_port, targets, notes, hints: found }
    }

    /// Why a port has no answering endpoint.
    fn why_nobody(&self, port: &ServicePort) -> Vec<Note> {
        let Some(selector) = &self.service.selector else { return vec![Note::NoSelector] };
        let namespace = &self.service.meta.namespace;
        let selected: Vec<&Pod> = self
            .view
            .store
            .pods
            .values()
            .filter(|pod| pod.meta.namespace == *namespace && selector.matches(&pod.meta.labels))
            .collect();
        if selected.is_empty() {
            return vec![Note::SelectsNothing];
        }
        if let IntOrString::String(name) = &port.target_port
            && self.endpoints.slices.iter().any(|slice| !slice.endpoints.is_empty())
            && !self.endpoints.has_port(port)
        {
            return vec![Note::NamedPortMissing(name.clone())];
        }
        let mut notes = vec![Note::NoReadyEndpoints];
        if selected.iter().all(|pod| pod.node.is_none()) {
            notes.push(Note::PodPending);
        } else if selected.iter().any(|pod| pod.status.waiting_reason.is_some()) {
            notes.push(Note::PodNotRunning);
        }
        notes
    }

    /// The nodes that pass packets on, by the external traffic policy: all that have an address of the family, or those with an
    /// answering pod; and then the others, which drop the packets (EXP-NODEPORT-4 to EXP-NODEPORT-6).
    pub(crate) fn nodes(&self, family: IpFamily, backend: &Backend<'_>) -> (Vec<String>, Vec<String>) {
        let nodes = self.view.ready_nodes().filter(|node| address(node, family).is_some());
        let local =
            self.service.external_traffic_policy == TrafficPolicy::Local && !backend.answers.is_empty();
        let with_pod: SortedSet<&str> =
            backend.answers.iter().filter_map(|answer| answer.node.as_deref()).collect();
        nodes
            .map(|node| node.meta.name.to_string())
            .partition(|name| !local || with_pod.contains(name.as_str()))
    }

    /// The notes that every such route ends with: the source address, the nodes that drop, the family.
    pub(crate) fn policy_notes(&self, drops: Vec<String>) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.service.external_traffic_policy == TrafficPolicy::Cluster {
            notes.push(Note::SourceRewritten);
        } else if !drops.is_empty() {
            notes.push(Note::TimesOutOn(drops));
        }
        if self.service.ip_families.len() == 1 && self.view.is_dual_stack() {
            notes.push(Note::SingleStack);
        }
        notes
    }

    /// A route to the backend; the caller sets what its own way in decides.
    pub(crate) fn route(
        &self,
        kind: RouteKind,
        outer: (&str, u16),
        protocol: Protocol,
        backend: &Backend<'_>,
    ) -> Route {
        let (address, port) = outer;
        let scheme = url::scheme(&backend.hints);
        let url = backend.url(outer, protocol);
        let pods = backend.answers.iter().filter_map(|answer| self.view.store.pods.get(&answer.pod));
        let none = address.is_empty();
        Route {
            kind,
            source: format!("Service {}/{}", self.service.meta.namespace, self.service.meta.name),
            state: backend.state,
            urls: Vec::from_iter((!none).then(|| url.clone())),
            url,
            curl: if none {
                String::new()
            } else {
                url::command(scheme, address, port, protocol, &backend.hints.health)
            },
            address: address.to_owned(),
            port,
            target_port: backend.target_port,
            protocol: protocol.to_string(),
            nodes: Vec::new(),
            pods: pods.map(pod_name).collect(),
            targets: backend.targets.clone(),
            rule: None,
            client_ip_kept: Some(self.service.external_traffic_policy == TrafficPolicy::Local),
            notes: backend.notes.clone(),
        }
    }
}

/// What stands behind a rule of an Ingress or a Gateway route.
#[derive(Clone, Debug)]
pub(crate) struct Behind {
    pub(crate) state: RouteState,
    pub(crate) notes: Vec<Note>,
    pub(crate) target_port: u16,
    pub(crate) pods: Vec<String>,
    pub(crate) targets: Vec<String>,
    /// What the process speaks; empty when not known.
    pub(crate) scheme: &'static str,
}

impl Default for Behind {
    fn default() -> Self {
        let (notes, pods, targets) = (Vec::new(), Vec::new(), Vec::new());
        Self { state: RouteState::Blocked, notes, target_port: 0, pods, targets, scheme: "" }
    }
}

impl Behind {
    /// Nothing, for that reason.
    pub(crate) fn broken(note: Note) -> Self {
        Self { notes: vec![note], ..Self::default() }
    }
}

/// Follows a port of a Service to the pods that answer; without kube-proxy, so that headless ones do as well (EXP-ING-30,
/// EXP-ING-31).
pub(crate) fn behind_service(view: &View<'_>, namespace: &str, name: &str, wanted: &BackendPort) -> Behind {
    let mut services = view.store.services();
    let found = services.find(|service| *service.meta.namespace == *namespace && *service.meta.name == *name);
    let Some(service) = found else { return Behind::broken(Note::ServiceMissing(name.to_owned())) };
    if service.service_type == ServiceType::ExternalName {
        return Behind { state: RouteState::Reachable, ..Behind::default() };
    }
    let fits = |port: &&ServicePort| match wanted {
        BackendPort::Number(number) => port.port == *number,
        BackendPort::Name(name) => port.name == *name,
    };
    let Some(port) = service.ports.iter().find(fits) else {
        let port = match wanted {
            BackendPort::Number(number) => number.to_string(),
            BackendPort::Name(name) => name.clone(),
        };
        return Behind::broken(Note::ServicePortMissing { service: name.to_owned(), port });
    };
    let front = Front { view, service, endpoints: endpoints(view.store, service) };
    let family = service.ip_families.first().copied().unwrap_or(IpFamily::IPv4);
    let backend = front.backend(family, port);
    let pods = backend.answers.iter().filter_map(|answer| view.store.pods.get(&answer.pod));
    Behind {
        state: backend.state,
        pods: pods.map(pod_name).collect(),
        targets: backend.targets,
        target_port: backend.target_port,
        scheme: url::scheme(&backend.hints),
        notes: backend.notes,
    }
}

/// What the Service alone tells about the process.
fn unknown(port: &ServicePort, target_port: u16) -> Hints<'_> {
    let name = match &port.target_port {
        IntOrString::String(name) => name,
        IntOrString::Int(_) => "",
    };
    let number = if target_port == 0 { port.port } else { target_port };
    Hints { port: number, protocol: port.protocol, names: ["", name], ..Hints::default() }
}

/// The addresses and ports of Endpoints and EndpointSlices that somebody wrote for a Service without selector (EXP-EP-6).
fn by_hand<'a>(
    store: &'a Store,
    service: &Service,
    family: IpFamily,
    port: &ServicePort,
) -> Vec<(&'a str, u16)> {
    if service.selector.is_some() {
        return Vec::new();
    }
    let protocol = port.protocol.to_string();
    let mut out = Vec::new();
    let namespaced = store.objects.values().filter(|object| object.meta.namespace == service.meta.namespace);
    for (ports, addresses) in namespaced.filter_map(|object| written(object, service)).flatten() {
        let mut ports = ports.iter();
        let found =
            ports.find(|at| at.str_at(&["name"]) == port.name && at.str_at(&["protocol"]) == protocol);
        let number = found.and_then(|found| found.get("port")?.as_i64()?.try_into().ok());
        let Some(number) = number else { continue };
        let ips = addresses.iter().flat_map(|address| {
            let slice = address.list_at(&["addresses"]).iter().filter_map(Tree::as_str);
            slice.chain([address.str_at(&["ip"])])
        });
        let of_family = ips.filter(|ip| !ip.is_empty() && family_of(ip) == family);
        out.extend(of_family.map(|ip| (ip, number)));
    }
    out
}

/// Ports and addresses that an object gives to a Service.
fn written<'a>(object: &'a Object, service: &Service) -> Option<Vec<(&'a [Tree], &'a [Tree])>> {
    let Kind::Other(kind) = &object.kind else { return None };
    match &**kind {
        "Endpoints" if object.meta.name == service.meta.name => {
            let subsets = object.tree.list_at(&["subsets"]).iter();
            Some(subsets.map(|subset| (subset.list_at(&["ports"]), subset.list_at(&["addresses"]))).collect())
        }
        "EndpointSlice" => {
            let of = object.meta.labels.get("kubernetes.io/service-name");
            let named = of.is_some_and(|name| **name == *service.meta.name);
            named.then(|| vec![(object.tree.list_at(&["ports"]), object.tree.list_at(&["endpoints"]))])
        }
        _ => None,
    }
}
