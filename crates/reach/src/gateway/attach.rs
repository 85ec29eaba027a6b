//! Routes to listeners: what each parentRef leads to, and why to nothing (EXP-GW-4).

use api::server::{GATEWAY_GROUP, Object, Store};
use manifest::Tree;

use super::hosts::shared;
use super::matches::Match;
use super::objects::{Gateway, port_of, route_kind};
use crate::route::Note;

/// What the API takes at most; without its definitions nobody refuses more.
const MAX_PARENTS: usize = 32;
const MAX_HOSTNAMES: usize = 16;
pub(super) const MAX_LISTENERS: usize = 64;
/// Host names, rules and listeners multiply. The API's own limits allow more, people do not write it.
const MAX_ENTRIES: usize = 4_000;

/// A rule of a route at one listener under one host name: what it matches, and its backends.
pub(super) struct Entry<'a> {
    pub(super) route: &'a Object,
    pub(super) kind: &'static str,
    /// Indexes of the Gateway and of its listener.
    pub(super) at: (usize, usize),
    /// Empty for all.
    pub(super) host: &'a str,
    pub(super) matching: Match,
    /// `None` for a route without rules.
    pub(super) rule: Option<&'a Tree>,
}

/// A route that a parentRef does not attach.
pub(super) struct Loose<'a> {
    pub(super) route: &'a Object,
    pub(super) kind: &'static str,
    pub(super) why: Note,
}

/// What the routes of the store attach to, and what they fail to; the oldest first, then by namespace and name (EXP-GW-7).
#[derive(Default)]
pub(super) struct Attached<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    pub(super) loose: Vec<Loose<'a>>,
}

/// Attaches all routes.
pub(super) fn attach<'a>(store: &'a Store, gateways: &[Gateway<'a>]) -> Attached<'a> {
    let mut attached = Attached::default();
    let routes = store.objects.values().filter_map(|route| Some((route_kind(route)?, route)));
    let mut routes: Vec<(&'static str, &Object)> = routes.collect();
    routes.sort_by_key(|(_, route)| (route.meta.created, &route.meta.namespace, &route.meta.name));
    for (kind, route) in routes {
        for parent in route.tree.list_at(&["spec", "parentRefs"]).iter().take(MAX_PARENTS) {
            let (group, wanted) = (parent.str_at(&["group"]), parent.str_at(&["kind"]));
            // A parent of another kind, such as a Service of a mesh, is no way in.
            if !matches!(group, "" | GATEWAY_GROUP) || !matches!(wanted, "" | "Gateway") {
                continue;
            }
            let before = attached.entries.len();
            let why = listeners(store, gateways, route, kind, parent, &mut attached.entries);
            if attached.entries.len() == before
                && let Some(why) = why
            {
                attached.loose.push(Loose { route, kind, why });
            }
        }
    }
    attached
}

/// Adds the entries at all listeners that a parentRef means. The answer tells why there are none.
fn listeners<'a>(
    store: &Store,
    gateways: &[Gateway<'a>],
    route: &'a Object,
    kind: &'static str,
    parent: &Tree,
    entries: &mut Vec<Entry<'a>>,
) -> Option<Note> {
    let namespace = match parent.str_at(&["namespace"]) {
        "" => &*route.meta.namespace,
        namespace => namespace,
    };
    let name = parent.str_at(&["name"]);
    let full = || format!("{namespace}/{name}");
    let is_meant = |gateway: &Gateway<'_>| {
        *gateway.object.meta.namespace == *namespace && *gateway.object.meta.name == *name
    };
    let Some(index) = gateways.iter().position(is_meant) else { return Some(Note::GatewayMissing(full())) };
    let (section, port) = (parent.str_at(&["sectionName"]), port_of(parent));
    let mut why = match section {
        "" if port == 0 => Note::ListenerMissing(full()),
        "" => Note::ListenerMissing(format!("{} {port}", full())),
        section => Note::ListenerMissing(format!("{} {section}", full())),
    };
    for (at, listener) in gateways[index].listeners.iter().enumerate() {
        if !section.is_empty() && listener.name != section || port != 0 && listener.port != port {
            continue;
        }
        if !listener.takes(kind) {
            why = Note::RouteKindNotAllowed(kind.to_owned());
            continue;
        }
        if !listener.admits(store, namespace, &route.meta.namespace) {
            why = Note::RouteNotAllowed(route.meta.namespace.to_string());
            continue;
        }
        let hosts = hosts(route, kind, listener.hostname);
        if hosts.is_empty() {
            why = Note::NoSharedHostname(listener.hostname.to_owned());
        }
        for host in hosts {
            let rules = route.tree.list_at(&["spec", "rules"]);
            let none = rules.is_empty().then_some(None);
            for rule in rules.iter().map(Some).chain(none) {
                let entry = |matching| Entry { route, kind, at: (index, at), host, matching, rule };
                let room = MAX_ENTRIES.saturating_sub(entries.len());
                entries.extend(matches(rule, kind).into_iter().map(entry).take(room));
            }
        }
    }
    Some(why)
}

/// The host names that route and listener have in common (EXP-GW-5). Those of TCP and UDP do not count.
fn hosts<'a>(route: &'a Object, kind: &str, listener: &'a str) -> Vec<&'a str> {
    let named = route.tree.list_at(&["spec", "hostnames"]);
    if matches!(kind, "TCPRoute" | "UDPRoute") {
        return vec![""];
    }
    if named.is_empty() {
        return vec![listener];
    }
    named
        .iter()
        .take(MAX_HOSTNAMES)
        .filter_map(Tree::as_str)
        .filter_map(|host| shared(listener, host))
        .collect()
}

/// The matches of a rule, one that matches all when there are none (EXP-GW-6).
fn matches(rule: Option<&Tree>, kind: &str) -> Vec<Match> {
    let read = match kind {
        "HTTPRoute" => Match::http,
        "GRPCRoute" => Match::grpc,
        _ => return vec![Match::default()],
    };
    let matches = rule.map(|rule| rule.list_at(&["matches"])).unwrap_or_default();
    if matches.is_empty() { vec![Match::default()] } else { matches.iter().map(read).collect() }
}
