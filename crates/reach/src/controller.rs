//! Ingress controllers: which of them the manifest brings, and where they listen (EXP-ING-1 to EXP-ING-5). Some serve Gateways
//! as well.

use api::server::Store;
use api::types::{Ingress, IpFamily, Pod, Service, ServicePort, ServiceType};

use crate::backend::Front;
use crate::bind::opened;
use crate::endpoints::{endpoints, family_of};
use crate::load_balancer::ingress_address;
use crate::route::{Note, RouteState};
use crate::settings::{IngressExposure, Settings};
use crate::view::{View, address, process_state};

/// A program that is known to be an Ingress controller.
struct Known {
    /// End of its repository.
    image: &'static str,
    /// Its name in IngressClasses.
    controller: &'static str,
    /// The class that it serves without any IngressClass.
    class: &'static str,
    /// Whether it serves Ingresses without a class.
    classless: bool,
    /// Its name in GatewayClasses, when it serves Gateways by the same door; empty when not.
    gateway: &'static str,
}

const KNOWN: [Known; 6] = [
    Known {
        image: "ingress-nginx/controller",
        controller: "k8s.io/ingress-nginx",
        class: "nginx",
        classless: false,
        gateway: "",
    },
    Known {
        image: "nginx/nginx-ingress",
        controller: "nginx.org/ingress-controller",
        class: "nginx",
        classless: false,
        gateway: "",
    },
    Known {
        image: "traefik",
        controller: "traefik.io/ingress-controller",
        class: "traefik",
        classless: true,
        gateway: "traefik.io/gateway-controller",
    },
    Known {
        image: "haproxytech/kubernetes-ingress",
        controller: "haproxy.org/ingress-controller/haproxy",
        class: "haproxy",
        classless: true,
        gateway: "",
    },
    Known {
        image: "haproxy-ingress",
        controller: "haproxy-ingress.github.io/controller",
        class: "haproxy",
        classless: false,
        gateway: "haproxy-ingress.github.io/controller",
    },
    Known {
        image: "kong/kubernetes-ingress-controller",
        controller: "ingress-controllers.konghq.com/kong",
        class: "kong",
        classless: false,
        gateway: "konghq.com/kic-gateway-controller",
    },
];

/// A controller that serves Ingresses.
pub(crate) struct Controller<'a> {
    /// `None` for the assumed one, which serves every class.
    known: Option<(&'static Known, bool)>,
    pub(crate) pods: Vec<&'a Pod>,
}

/// Where requests go in.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    /// Address; empty when there is none yet.
    pub(crate) address: String,
    /// The addresses of the other nodes, when it is that of a node.
    pub(crate) others: Vec<String>,
    /// Port for HTTP; 0 when none.
    pub(crate) http: u16,
    /// Port for HTTPS; 0 when none.
    pub(crate) https: u16,
    /// Nodes that take the traffic in.
    pub(crate) nodes: Vec<String>,
    /// Whether the controller answers there.
    pub(crate) state: RouteState,
    /// Why not.
    pub(crate) notes: Vec<Note>,
}

/// The setting, unless the manifest brings a controller of its own (EXP-ING-5).
pub(crate) fn assumed_exposure(store: &Store, settings: Settings) -> IngressExposure {
    let brought = store.pods.values().any(|pod| known(pod).is_some());
    if brought { IngressExposure::None } else { settings.ingress }
}

/// The controller that a pod runs.
fn known(pod: &Pod) -> Option<(&'static Known, bool)> {
    pod.spec.containers.iter().find_map(|container| {
        let found = KNOWN.iter().find(|known| is_of(&container.image, known.image))?;
        let flag = container.arguments.iter().any(|argument| {
            matches!(
                argument.as_str(),
                "--watch-ingress-without-class" | "--watch-ingress-without-class=true"
            )
        });
        Some((found, found.classless || flag))
    })
}

/// Whether an image is of a repository that ends so.
fn is_of(image: &str, end: &str) -> bool {
    let image = image.split('@').next().unwrap_or("");
    let start = image.rfind('/').map_or(0, |slash| slash + 1);
    let repository = image[start..].find(':').map_or(image, |colon| &image[..start + colon]);
    repository.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// Whether a pod has a container of such an image.
pub(crate) fn runs(pod: &Pod, repository: &str) -> bool {
    pod.spec.containers.iter().any(|container| is_of(&container.image, repository))
}

/// All controllers: those of the manifest, else the assumed one.
pub(crate) fn controllers(store: &Store, settings: Settings) -> Vec<Controller<'_>> {
    let mut found: Vec<Controller<'_>> = Vec::new();
    for pod in store.pods.values() {
        let Some((known, classless)) = known(pod) else { continue };
        let same =
            |other: &&mut Controller<'_>| other.known.is_some_and(|(other, _)| other.image == known.image);
        match found.iter_mut().find(same) {
            Some(controller) => controller.pods.push(pod),
            None => found.push(Controller { known: Some((known, classless)), pods: vec![pod] }),
        }
    }
    if found.is_empty() && settings.ingress != IngressExposure::None {
        found.push(Controller { known: None, pods: Vec::new() });
    }
    found
}

impl Controller<'_> {
    /// Its name in GatewayClasses and the class that it serves without any; `None` when it serves no Gateways.
    pub(crate) fn gateway(&self) -> Option<(&'static str, &'static str)> {
        self.known.map(|(known, _)| (known.gateway, known.class)).filter(|(name, _)| !name.is_empty())
    }

    /// Whether it serves an Ingress, by its class (EXP-ING-2).
    pub(crate) fn serves(&self, view: &View<'_>, ingress: &Ingress) -> bool {
        let Some((known, classless)) = self.known else { return true };
        if ingress.class.is_empty() {
            return classless;
        }
        let class = view.store.ingress_classes().find(|class| *class.meta.name == *ingress.class);
        class.map_or(ingress.class == known.class, |class| class.controller == known.controller)
    }

    /// Where it is reached (EXP-ING-3): by the address of a LoadBalancer Service, a node port, or host ports.
    pub(crate) fn door(&self, view: &View<'_>) -> Door {
        if self.known.is_none() {
            return assumed(view);
        }
        self.by_service(view).or_else(|| self.by_host_port(view)).unwrap_or_else(|| Door {
            address: String::new(),
            others: Vec::new(),
            http: 0,
            https: 0,
            nodes: Vec::new(),
            state: RouteState::Blocked,
            notes: self.reason().into_iter().chain([Note::NoIngressController]).collect(),
        })
    }

    /// Why no pod of it runs; none when one does.
    fn reason(&self) -> Option<Note> {
        let mut states = self.pods.iter().map(|pod| process_state(pod));
        let first = states.next()?;
        if first.1.is_none() || states.any(|(_, reason)| reason.is_none()) { None } else { first.1 }
    }

    fn by_service(&self, view: &View<'_>) -> Option<Door> {
        let doors = view.store.services().filter_map(|service| {
            let selector = service.selector.as_ref()?;
            let selected = self.pods.iter().any(|pod| {
                pod.meta.namespace == service.meta.namespace && selector.matches(&pod.meta.labels)
            });
            selected.then(|| Self::through(view, service)).flatten()
        });
        // An address is better than a port of every node.
        doors.min_by_key(|door| (door.http != 80 && door.https != 443, door.address.is_empty()))
    }

    fn through(view: &View<'_>, service: &Service) -> Option<Door> {
        let front = Front { view, service, endpoints: endpoints(view.store, service) };
        let given = view.load_balancers.get(&service.meta.uid).and_then(|given| given.addresses.first());
        let family =
            given.map_or(service.ip_families.first().copied().unwrap_or_default(), |(ip, _)| family_of(ip));
        let backend = front.backend(family, service.ports.first()?);
        let (nodes, _) = front.nodes(family, &backend);
        let first = nodes.first().and_then(|name| address(view.node(name)?, family));
        let ports = |outer: fn(&ServicePort) -> u16| {
            let ports = service.ports.iter().map(move |port| (port.name.as_str(), outer(port), port.port));
            pick(ports.filter(|(_, outer, _)| *outer != 0))
        };
        let (address, (http, https)) = match (service.service_type, given, first) {
            (ServiceType::LoadBalancer, Some((ip, _)), _) => (ip.clone(), ports(|port| port.port)),
            (ServiceType::LoadBalancer | ServiceType::NodePort, None, Some(ip)) => {
                (ip.to_owned(), ports(|port| port.node_port))
            }
            _ => return None,
        };
        let on_nodes = nodes.iter().filter_map(|name| address_of(view, name, family));
        let others = if given.is_some() { Vec::new() } else { on_nodes.skip(1).collect() };
        Some(Door { address, others, http, https, nodes, state: backend.state, notes: backend.notes })
    }

    fn by_host_port(&self, view: &View<'_>) -> Option<Door> {
        let mut door: Option<Door> = None;
        for pod in &self.pods {
            let Some(node) = view.node_of(pod) else { continue };
            let ports = pod.spec.containers.iter().flat_map(|container| {
                let declared = container.ports.iter().filter(|port| port.host_port != 0);
                let declared = declared.map(|port| (port.name.as_str(), port.host_port, port.container_port));
                let from_image =
                    (pod.spec.host_network && container.ports.is_empty()).then(|| opened(container).0);
                let from_image = from_image.into_iter().flatten().map(|at| (at.scheme, at.port, at.port));
                declared.chain(from_image).collect::<Vec<_>>()
            });
            let (http, https) = pick(ports);
            let (state, _) = process_state(pod);
            let Some(ip) = address(node, IpFamily::IPv4).or_else(|| address(node, IpFamily::IPv6)) else {
                continue;
            };
            if (http, https) == (0, 0) || state == RouteState::Blocked {
                continue;
            }
            let is_first = door.is_none();
            let door = door.get_or_insert_with(|| Door {
                address: ip.to_owned(),
                others: Vec::new(),
                http,
                https,
                nodes: Vec::new(),
                state,
                notes: Vec::new(),
            });
            if !is_first {
                door.others.push(ip.to_owned());
            }
            door.state = door.state.min(state);
            door.nodes.push(node.meta.name.to_string());
        }
        door
    }
}

fn address_of(view: &View<'_>, node: &str, family: IpFamily) -> Option<String> {
    address(view.node(node)?, family).map(str::to_owned)
}

/// The ports for HTTP and HTTPS among (name, outer, inner).
fn pick<'a>(ports: impl Iterator<Item = (&'a str, u16, u16)>) -> (u16, u16) {
    let (mut http, mut https) = (0, 0);
    for (name, outer, inner) in ports {
        if http == 0 && (matches!(name, "http" | "web") || outer == 80 || inner == 80) {
            http = outer;
        } else if https == 0 && (matches!(name, "https" | "websecure") || outer == 443 || inner == 443) {
            https = outer;
        }
    }
    (http, https)
}

/// The door of the assumed controller, by the setting (EXP-ING-5).
pub(crate) fn assumed(view: &View<'_>) -> Door {
    let is_worker =
        |labels: &api::labels::Labels| !labels.contains_key("node-role.kubernetes.io/control-plane");
    let mut nodes: Vec<_> = view.ready_nodes().filter(|node| is_worker(&node.meta.labels)).collect();
    if nodes.is_empty() || view.settings.ingress != IngressExposure::HostNetwork {
        nodes = view.ready_nodes().collect();
    }
    let family = if nodes.iter().any(|node| address(node, IpFamily::IPv4).is_some()) {
        IpFamily::IPv4
    } else {
        IpFamily::IPv6
    };
    let mut on_nodes = nodes.iter().filter_map(|node| address(node, family)).map(str::to_owned);
    let (first, mut others) = (on_nodes.next().unwrap_or_default(), on_nodes.collect());
    let (address, http, https) = match view.settings.ingress {
        IngressExposure::NodePort => (first, 30080, 30443),
        IngressExposure::LoadBalancer => {
            others = Vec::new();
            (ingress_address(view.store, view.settings, family).unwrap_or_default(), 80, 443)
        }
        IngressExposure::HostNetwork | IngressExposure::None => (first, 80, 443),
    };
    let pending = address.is_empty();
    Door {
        address,
        others,
        http,
        https,
        nodes: nodes.iter().map(|node| node.meta.name.to_string()).collect(),
        state: if pending { RouteState::Pending } else { RouteState::Reachable },
        notes: pending.then_some(Note::NoLoadBalancer).into_iter().collect(),
    }
}
