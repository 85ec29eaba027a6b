//! Routes from outside to pods: the ways in, their URLs and what answers (EXP rules).
//!
//! [`routes`] is the entry: the stored objects and what surrounds the cluster, to one row per way in. One file per way.
//! [`bind_conflicts`] tells which processes cannot start because their port is taken, which no scheduler sees.

mod backend;
mod bind;
mod controller;
mod endpoints;
mod external_ip;
mod host_network;
mod host_port;
mod images;
mod ingress;
mod ingress_match;
mod load_balancer;
mod node_port;
mod route;
mod settings;
#[cfg(test)]
mod tests;
mod url;
mod view;

use api::server::Store;

pub use bind::{BindConflict, Holder, bind_conflicts, node_daemon};
pub use endpoints::{Answer, Endpoint, EndpointPort, Endpoints, Slice, endpoints, family_of};
pub use images::{Listener, listeners};
pub use ingress_match::{HostMatch, answer, match_host, match_path};
pub use load_balancer::load_balancer_addresses;
pub use route::{Note, Route, RouteKind, RouteState};
pub use settings::{IngressExposure, LoadBalancer, Settings};

/// All ways in: those of pods in order of creation, then those of Services, then those of Ingresses.
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
    let controllers = controller::controllers(&view);
    for ingress in store.ingresses() {
        ingress::routes(&view, &controllers, ingress, &mut out);
    }
    out
}
