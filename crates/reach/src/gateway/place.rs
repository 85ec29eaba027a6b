//! Where a Gateway is reached: which controller serves its class, and the address that it gives (EXP-GW-1, EXP-GW-3).

use api::server::Store;
use api::types::{IpFamily, Pod, Uid};

use super::objects::{Gateway, Listener, of_kind};
use crate::controller::{Controller, Door, assumed, runs};
use crate::load_balancer::Wanted;
use crate::route::{Note, RouteState};
use crate::settings::{IngressExposure, Settings};
use crate::view::{View, process_state};

/// A controller that makes a LoadBalancer Service of its own for each Gateway: the end of its image's repository, its name in
/// GatewayClasses, and the class that it makes itself.
struct Known(&'static str, &'static str, &'static str);

const KNOWN: [Known; 5] = [
    Known("envoyproxy/gateway", "gateway.envoyproxy.io/gatewayclass-controller", ""),
    Known("istio/pilot", "istio.io/gateway-controller", "istio"),
    Known("nginx/nginx-gateway-fabric", "gateway.nginx.org/nginx-gateway-controller", "nginx"),
    Known("projectcontour/contour", "projectcontour.io/gateway-controller", ""),
    Known("kgateway-dev/kgateway", "kgateway.dev/kgateway", "kgateway"),
];

/// Where requests to a Gateway go in.
pub(super) struct Place {
    pub(super) address: String,
    /// The addresses of the other nodes, when it is that of a node.
    pub(super) others: Vec<String>,
    pub(super) nodes: Vec<String>,
    pub(super) state: RouteState,
    pub(super) notes: Vec<Note>,
    /// The ports for HTTP and HTTPS when they are not those of the listeners.
    ports: Option<(u16, u16)>,
}

impl Place {
    /// The port under which a listener is reached; 0 when it is not known.
    pub(super) fn port(&self, listener: &Listener<'_>) -> u16 {
        match (self.ports, listener.protocol, listener.port) {
            (None, _, port) => port,
            (Some((http, _)), "HTTP", 80) => http,
            (Some((_, https)), "HTTPS" | "TLS", 443) => https,
            (Some(_), ..) => 0,
        }
    }

    fn nowhere(note: Note) -> Self {
        let (address, others, nodes) = (String::new(), Vec::new(), Vec::new());
        Self { address, others, nodes, state: RouteState::Blocked, notes: vec![note], ports: None }
    }

    fn behind(door: Door, ports: Option<(u16, u16)>) -> Self {
        let Door { address, others, nodes, state, notes, .. } = door;
        Self { address, others, nodes, state, notes, ports }
    }
}

/// Who serves the class of a Gateway.
enum Server<'a> {
    /// A controller that makes a Service for each Gateway; none of the manifest when it is assumed.
    Balanced(Option<&'a Pod>),
    /// A controller with one door for all, by its index.
    Shared(usize),
    /// The assumed controller, on the nodes.
    Assumed,
    /// Nobody.
    Nobody(Note),
}

/// The controller that serves a Gateway: one of the manifest by its class, else the assumed one.
fn server<'a>(
    store: &'a Store,
    settings: Settings,
    controllers: &[Controller<'_>],
    gateway: &Gateway<'_>,
) -> Server<'a> {
    let wanted = gateway.class();
    let class = of_kind(store, "GatewayClass").find(|class| *class.meta.name == *wanted);
    let names = |controller: &str, own: &str| match class {
        Some(class) => class.tree.str_at(&["spec", "controllerName"]) == controller,
        None => !own.is_empty() && own == wanted,
    };
    let mut brought = false;
    for (index, controller) in controllers.iter().enumerate() {
        let Some((name, own)) = controller.gateway() else { continue };
        brought = true;
        if names(name, own) {
            return Server::Shared(index);
        }
    }
    for Known(image, name, own) in &KNOWN {
        let Some(pod) = store.pods.values().find(|pod| runs(pod, image)) else { continue };
        brought = true;
        if names(name, own) {
            return Server::Balanced(Some(pod));
        }
    }
    match settings.ingress {
        _ if brought => Server::Nobody(Note::GatewayClassUnserved(wanted.to_owned())),
        IngressExposure::None => Server::Nobody(Note::NoGatewayController),
        IngressExposure::LoadBalancer => Server::Balanced(None),
        IngressExposure::HostNetwork | IngressExposure::NodePort => Server::Assumed,
    }
}

/// Where a Gateway is reached.
pub(super) fn place(view: &View<'_>, gateway: &Gateway<'_>) -> Place {
    match server(view.store, view.settings, &view.controllers, gateway) {
        Server::Nobody(note) => Place::nowhere(note),
        Server::Shared(index) => {
            let door = view.controllers[index].door(view);
            let ports = Some((door.http, door.https));
            Place::behind(door, ports)
        }
        Server::Assumed => {
            let door = assumed(view);
            let ports =
                (view.settings.ingress == IngressExposure::NodePort).then_some((door.http, door.https));
            Place::behind(door, ports)
        }
        Server::Balanced(pod) => {
            if let Some(why) = pod.and_then(|pod| process_state(pod).1) {
                return Place::nowhere(why);
            }
            let given = view.load_balancers.get(&gateway.object.meta.uid).cloned().unwrap_or_default();
            let mut addresses = given.addresses.iter().map(|(address, _)| address.clone());
            let (address, others) = (addresses.next().unwrap_or_default(), addresses.collect());
            let own: Vec<String> = given.addresses.iter().filter_map(|(_, node)| node.clone()).collect();
            let all = || view.ready_nodes().map(|node| node.meta.name.to_string()).collect();
            let nodes = if address.is_empty() || !own.is_empty() { own } else { all() };
            let state = if address.is_empty() { RouteState::Pending } else { RouteState::Reachable };
            Place { address, others, nodes, state, notes: given.pending.into_iter().collect(), ports: None }
        }
    }
}

/// What Gateways ask of the provider of load balancers, as their controllers make a Service for each (EXP-GW-3).
pub(crate) fn balanced(
    store: &Store,
    settings: Settings,
    controllers: &[Controller<'_>],
) -> Vec<(Uid, Wanted)> {
    let gateways = of_kind(store, "Gateway").map(Gateway::new);
    let served = gateways
        .filter(|gateway| matches!(server(store, settings, controllers, gateway), Server::Balanced(_)))
        .map(|gateway| {
            let ports = gateway.listeners.iter().map(|listener| (listener.port, listener.transport()));
            let wanted = Wanted {
                families: vec![IpFamily::IPv4],
                ports: ports.collect(),
                wish: gateway.wish().to_owned(),
                ..Wanted::default()
            };
            (gateway.object.meta.uid, wanted)
        });
    served.collect()
}
