//! Gateways, routes and grants as this crate reads them from the stored objects (EXP-GW-2, EXP-GW-4).

use api::decode::typed::label_selector;
use api::labels::Selector;
use api::server::{GATEWAY_GROUP, Object, Store, split_api_version};
use api::types::{Kind, Protocol};
use manifest::Tree;

use super::attach::MAX_LISTENERS;

/// A Gateway.
pub(super) struct Gateway<'a> {
    pub(super) object: &'a Object,
    pub(super) listeners: Vec<Listener<'a>>,
}

/// A listener of a Gateway.
pub(super) struct Listener<'a> {
    pub(super) name: &'a str,
    pub(super) port: u16,
    /// `HTTP`, `HTTPS`, `TLS`, `TCP`, `UDP`.
    pub(super) protocol: &'a str,
    /// Empty for all.
    pub(super) hostname: &'a str,
    /// TLS ends at the backend.
    pub(super) passthrough: bool,
    /// `Same`, `All`, `Selector` or `None`: the namespaces of the routes.
    from: &'a str,
    selector: Selector,
    /// Kinds of routes; empty for those of the protocol.
    kinds: Vec<&'a str>,
}

/// The objects of one kind of the Gateway API, in order of creation.
pub(super) fn of_kind<'a>(store: &'a Store, kind: &'a str) -> impl Iterator<Item = &'a Object> {
    store.objects.values().filter(move |object| is_of_kind(object, kind))
}

fn is_of_kind(object: &Object, kind: &str) -> bool {
    matches!(&object.kind, Kind::Other(found) if &**found == kind)
        && split_api_version(&object.api_version).0 == GATEWAY_GROUP
}

/// The kind of a route of the Gateway API.
pub(super) fn route_kind(object: &Object) -> Option<&'static str> {
    const KINDS: [&str; 5] = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"];
    KINDS.into_iter().find(|kind| is_of_kind(object, kind))
}

impl<'a> Gateway<'a> {
    pub(super) fn new(object: &'a Object) -> Self {
        let listeners = object.tree.list_at(&["spec", "listeners"]).iter().take(MAX_LISTENERS);
        Self { object, listeners: listeners.map(Listener::new).collect() }
    }

    /// `spec.gatewayClassName`.
    pub(super) fn class(&self) -> &'a str {
        self.object.tree.str_at(&["spec", "gatewayClassName"])
    }

    /// The address that it wants; empty when it does not care.
    pub(super) fn wish(&self) -> &'a str {
        let mut addresses = self.object.tree.list_at(&["spec", "addresses"]).iter();
        let is_ip = |address: &&Tree| matches!(address.str_at(&["type"]), "" | "IPAddress");
        addresses.find(is_ip).map_or("", |address| address.str_at(&["value"]))
    }

    /// The listener that shares port and host name with this one, or its port with another protocol: neither works.
    pub(super) fn conflict(&self, listener: &Listener<'_>) -> Option<&Listener<'a>> {
        let transport = |protocol: &str| protocol == "UDP";
        self.listeners.iter().find(|other| {
            other.name != listener.name
                && other.port == listener.port
                && transport(other.protocol) == transport(listener.protocol)
                && ((other.protocol == "HTTP") != (listener.protocol == "HTTP")
                    || other.hostname.eq_ignore_ascii_case(listener.hostname))
        })
    }
}

impl<'a> Listener<'a> {
    fn new(tree: &'a Tree) -> Self {
        let allowed = tree.at(&["allowedRoutes", "namespaces"]);
        Self {
            name: tree.str_at(&["name"]),
            port: port_of(tree),
            protocol: tree.str_at(&["protocol"]),
            hostname: tree.str_at(&["hostname"]),
            passthrough: tree.str_at(&["tls", "mode"]) == "Passthrough",
            from: allowed
                .map(|allowed| allowed.str_at(&["from"]))
                .filter(|from| !from.is_empty())
                .unwrap_or("Same"),
            selector: allowed.and_then(|allowed| label_selector(allowed, "selector")).unwrap_or_default(),
            kinds: tree
                .list_at(&["allowedRoutes", "kinds"])
                .iter()
                .map(|kind| kind.str_at(&["kind"]))
                .collect(),
        }
    }

    pub(super) fn transport(&self) -> Protocol {
        if self.protocol == "UDP" { Protocol::Udp } else { Protocol::Tcp }
    }

    /// Whether a kind of route fits the protocol and is wanted (EXP-GW-2, EXP-GW-9).
    pub(super) fn takes(&self, kind: &str) -> bool {
        let fits = match self.protocol {
            "HTTP" | "HTTPS" => matches!(kind, "HTTPRoute" | "GRPCRoute"),
            "TLS" => kind == "TLSRoute" || kind == "TCPRoute" && !self.passthrough,
            "TCP" => kind == "TCPRoute",
            "UDP" => kind == "UDPRoute",
            _ => false,
        };
        fits && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }

    /// Whether routes of a namespace may attach.
    pub(super) fn admits(&self, store: &Store, own: &str, namespace: &str) -> bool {
        match self.from {
            "All" => true,
            "Same" => own == namespace,
            "Selector" => {
                let mut namespaces = store.namespaces();
                let found = namespaces.find(|found| *found.meta.name == *namespace);
                found.is_some_and(|found| self.selector.matches(&found.meta.labels))
            }
            _ => false,
        }
    }
}

/// The field `port`; 0 when there is none.
pub(super) fn port_of(tree: &Tree) -> u16 {
    tree.get("port").and_then(Tree::as_i64).and_then(|port| port.try_into().ok()).unwrap_or(0)
}

/// Whether a ReferenceGrant in the Service's namespace lets a route refer to it (EXP-GW-8).
pub(super) fn is_granted(store: &Store, route: &Object, kind: &str, namespace: &str, service: &str) -> bool {
    *route.meta.namespace == *namespace
        || of_kind(store, "ReferenceGrant").any(|grant| {
            let from = |from: &Tree| {
                from.str_at(&["group"]) == GATEWAY_GROUP
                    && from.str_at(&["kind"]) == kind
                    && from.str_at(&["namespace"]) == &*route.meta.namespace
            };
            let to = |to: &Tree| {
                to.str_at(&["group"]).is_empty()
                    && to.str_at(&["kind"]) == "Service"
                    && matches!(to.str_at(&["name"]), name if name.is_empty() || name == service)
            };
            *grant.meta.namespace == *namespace
                && grant.tree.list_at(&["spec", "from"]).iter().any(from)
                && grant.tree.list_at(&["spec", "to"]).iter().any(to)
        })
}
