//! Routes from outside to pods: the ways in, their URLs and what answers (EXP rules).
//!
//! [`routes`] is the entry: the stored objects and what surrounds the cluster, to one row per way in. One file per way.
//! [`bind_conflicts`] tells which processes cannot start because their port is taken, which no scheduler sees.

mod backend;
mod bind;
mod controller;
mod endpoints;
mod entrance;
mod external_ip;
mod forward;
mod gateway;
mod host_network;
mod host_port;
mod images;
mod ingress;
mod ingress_match;
mod load_balancer;
mod node_port;
mod request;
mod route;
mod rule;
mod settings;
#[cfg(test)]
mod tests;
mod url;
mod view;

use api::server::Store;
use manifest::sorted::SortedMap;

pub use bind::{BindConflict, Daemon, Holder, bind_conflicts, daemon_at, node_daemon};
pub use endpoints::{Answer, Endpoint, EndpointPort, Endpoints, Slice, endpoints, family_of};
pub use entrance::{Entrance, entrances};
pub use forward::{Forward, forwards};
pub use gateway::match_hostname;
pub use images::{Listener, listeners};
pub use ingress_match::{HostMatch, match_host, match_path};
pub use load_balancer::load_balancer_addresses;
pub use request::Request;
pub use route::{MAX_URLS, Note, PathMatch, Route, RouteKind, RouteState, Rule};
pub use rule::choose;
pub use settings::{IngressExposure, LoadBalancer, Settings};

/// All ways in: those of pods in order of creation, then those of Services, of Ingresses, and of routes to Gateways.
pub fn routes(store: &Store, settings: &Settings) -> Vec<Route> {
    let view = view::View::new(store, *settings);
    let mut out = Vec::new();
    for (&uid, pod) in &store.pods {
        host_network::routes(&view, uid, pod, &mut out);
        host_port::routes(&view, pod, &mut out);
    }
    for service in store.services().filter(|service| endpoints::is_proxied(service)) {
        let front = backend::Front { view: &view, service, endpoints: endpoints(store, service) };
        node_port::routes(&front, &mut out);
        load_balancer::routes(&front, &mut out);
        external_ip::routes(&front, &mut out);
    }
    ingress::routes(&view, &mut out);
    gateway::routes(&view, &mut out);
    note_same_urls(&mut out);
    out
}

/// Two objects with one URL are in one another's way (EXP-URL-6). What is blocked already has its reason, and which of two rules
/// behind one door is obeyed was decided there.
fn note_same_urls(routes: &mut [Route]) {
    let mut by_url: SortedMap<(&str, &str), Vec<usize>> = SortedMap::new();
    for (index, route) in routes.iter().enumerate() {
        if !route.url.is_empty() && matches!(route.state, RouteState::Reachable | RouteState::NotReady) {
            by_url.entry((&route.url, &route.protocol)).or_default().push(index);
        }
    }
    let mut notes: Vec<(usize, String)> = Vec::new();
    for indexes in by_url.values() {
        let (first, rest) =
            indexes.split_first().map_or((None, &[][..]), |(first, rest)| (Some(*first), rest));
        let Some(first) = first else { continue };
        let others = rest.iter().filter(|&&index| {
            let (one, other) = (&routes[first], &routes[index]);
            one.source != other.source && (one.rule.is_none() || other.rule.is_none())
        });
        for (count, &index) in others.enumerate() {
            notes.extend((count == 0).then(|| (first, routes[index].source.clone())));
            notes.push((index, routes[first].source.clone()));
        }
    }
    for (index, other) in notes {
        routes[index].notes.insert(0, Note::SameUrl(other));
    }
}
