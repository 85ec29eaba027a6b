//! Who answers behind a port of a Service, and why nobody does: shared by all ways in that end at a Service.

use api::int_or_string::IntOrString;
use api::server::{Object, Store};
use api::types::{IpFamily, Kind, Pod, Protocol, Service, ServicePort, TrafficPolicy};
use manifest::Tree;
use manifest::sorted::SortedSet;

use crate::endpoints::{Answer, Endpoints, family_of};
use crate::route::{Note, Route, RouteKind, RouteState};
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
    /// Why nobody answers, or what to know.
    pub(crate) notes: Vec<Note>,
    /// What is known about the process.
    pub(crate) hints: Hints<'a>,
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
        let (state, mut notes) = if by_hand.is_some() || pods.clone().any(|pod| pod.status.ready) {
            (RouteState::Reachable, Vec::new())
        } else if answers.is_empty() {
            (RouteState::Blocked, self.why_nobody(port))
        } else {
            (RouteState::NotReady, Vec::new())
        };
        notes.extend((!known).then_some(Note::TargetPortUndeclared(target_port)));
        notes.extend(first.and_then(|pod| self.view.policy_note(pod)));
        Backend { answers, state, target_port: by_hand.unwrap_or(target_port), notes, hints: found }
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
        let pods = backend.answers.iter().filter_map(|answer| self.view.store.pods.get(&answer.pod));
        let none = address.is_empty();
        Route {
            kind,
            source: format!("Service {}/{}", self.service.meta.namespace, self.service.meta.name),
            state: backend.state,
            url: if none { String::new() } else { url::url(scheme, address, port, "/") },
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
            client_ip_kept: Some(self.service.external_traffic_policy == TrafficPolicy::Local),
            notes: backend.notes.clone(),
        }
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

/// The target port of Endpoints or an EndpointSlice that somebody wrote for a Service without selector (EXP-EP-6).
fn by_hand(store: &Store, service: &Service, family: IpFamily, port: &ServicePort) -> Option<u16> {
    if service.selector.is_some() {
        return None;
    }
    let namespaced = store.objects.values().filter(|object| object.meta.namespace == service.meta.namespace);
    namespaced.filter_map(|object| written(object, service)).flatten().find_map(|(ports, addresses)| {
        let of_family = |address: &Tree| {
            let ip = address.as_str().unwrap_or_else(|| address.str_at(&["ip"]));
            !ip.is_empty() && family_of(ip) == family
        };
        let endpoint = addresses.iter().any(|address| {
            let slice = address.list_at(&["addresses"]);
            if slice.is_empty() { of_family(address) } else { slice.iter().any(of_family) }
        });
        let protocol = port.protocol.to_string();
        let mut ports = ports.iter().filter(|_| endpoint);
        let found =
            ports.find(|at| at.str_at(&["name"]) == port.name && at.str_at(&["protocol"]) == protocol)?;
        found.get("port")?.as_i64()?.try_into().ok()
    })
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
