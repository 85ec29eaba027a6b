//! The endpoints of a Service (EXP-EP rules), as the EndpointSlice controller writes them and kube-proxy reads them.

use std::rc::Rc;

use api::int_or_string::IntOrString;
use api::server::Store;
use api::types::{ClusterIp, IpFamily, Pod, Protocol, Service, ServicePort, ServiceType, Uid};
use manifest::sorted::SortedMap;

/// A port of a slice: that of the pods, under the name that the Service gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EndpointPort {
    /// Name of the Service's port; empty when it has none.
    pub name: String,
    /// Transport.
    pub protocol: Protocol,
    /// Number on the pods.
    pub port: u16,
    /// `appProtocol` of the Service's port.
    pub app_protocol: String,
}

/// A pod of a Service (EXP-EP-2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The pod.
    pub pod: Uid,
    /// Its address of the slice's family.
    pub address: Rc<str>,
    /// Its node.
    pub node: Option<Rc<str>>,
    /// Takes new connections.
    pub ready: bool,
    /// The pod is ready, terminating or not.
    pub serving: bool,
    /// The pod is being deleted.
    pub terminating: bool,
}

/// Pods with the same ports, at most 100.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Family of the addresses.
    pub family: IpFamily,
    /// Ports that all of them have; empty when none could be found.
    pub ports: Vec<EndpointPort>,
    /// The pods, in order of creation.
    pub endpoints: Vec<Endpoint>,
}

/// A pod that answers for a port of a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The pod.
    pub pod: Uid,
    /// Its port.
    pub port: u16,
    /// Its address.
    pub address: Rc<str>,
    /// Its node.
    pub node: Option<Rc<str>>,
}

/// All endpoints of a Service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// One slice or more per family and set of ports; an empty one per family when there is no endpoint at all.
    pub slices: Vec<Slice>,
}

/// The most endpoints of a slice.
const MAX_ENDPOINTS: usize = 100;

/// The endpoints of a Service. None at all without a selector (EXP-EP-6) and for ExternalName (EXP-EP-9).
pub fn endpoints(store: &Store, service: &Service) -> Endpoints {
    let Some(selector) = &service.selector else { return Endpoints::default() };
    if service.service_type == ServiceType::ExternalName {
        return Endpoints::default();
    }
    let mut slices = Vec::new();
    for &family in &service.ip_families {
        let mut by_ports: SortedMap<Vec<EndpointPort>, Vec<Endpoint>> = SortedMap::new();
        for (&uid, pod) in &store.pods {
            if pod.meta.namespace != service.meta.namespace || pod.status.phase.is_terminal() {
                continue;
            }
            let Some(address) = pod.status.pod_ips.iter().find(|ip| family_of(ip) == family) else {
                continue;
            };
            if selector.matches(&pod.meta.labels) {
                let ports = service.ports.iter().filter_map(|port| endpoint_port(pod, port)).collect();
                by_ports.entry(ports).or_default().push(endpoint(uid, pod, address, service));
            }
        }
        if by_ports.is_empty() {
            by_ports.insert(Vec::new(), Vec::new());
        }
        for (ports, endpoints) in by_ports {
            let mut rest = endpoints.into_iter().peekable();
            loop {
                let endpoints = rest.by_ref().take(MAX_ENDPOINTS).collect();
                slices.push(Slice { family, ports: ports.clone(), endpoints });
                if rest.peek().is_none() {
                    break;
                }
            }
        }
    }
    Endpoints { slices }
}

/// The family of an address, by its look.
pub fn family_of(ip: &str) -> IpFamily {
    if ip.contains(':') { IpFamily::IPv6 } else { IpFamily::IPv4 }
}

fn endpoint(uid: Uid, pod: &Pod, address: &Rc<str>, service: &Service) -> Endpoint {
    let (serving, terminating) = (pod.status.ready, pod.meta.deleting);
    Endpoint {
        pod: uid,
        address: Rc::clone(address),
        node: pod.node.clone(),
        ready: serving && !terminating || service.publish_not_ready_addresses,
        serving,
        terminating,
    }
}

/// A numeric target port is taken as it is; a name is looked up among regular containers, then sidecars (EXP-EP-5).
fn endpoint_port(pod: &Pod, port: &ServicePort) -> Option<EndpointPort> {
    let number = match &port.target_port {
        IntOrString::Int(number) => u16::try_from(*number).ok()?,
        IntOrString::String(name) => {
            let mut ports = pod.spec.port_holders().flat_map(|container| &container.ports);
            ports.find(|found| found.name == *name && found.protocol == port.protocol)?.container_port
        }
    };
    let (name, app_protocol) = (port.name.clone(), port.app_protocol.clone());
    Some(EndpointPort { name, protocol: port.protocol, port: number, app_protocol })
}

impl Endpoints {
    /// The endpoints of one port and family: ready ones, else those that still serve while they terminate (EXP-EP-3).
    pub fn answering(&self, family: IpFamily, port: &ServicePort) -> Vec<Answer> {
        let of = |wanted: fn(&Endpoint) -> bool| -> Vec<Answer> {
            let slices = self.slices.iter().filter(|slice| slice.family == family);
            let found = slices.flat_map(|slice| {
                let target =
                    slice.ports.iter().find(|at| at.name == port.name && at.protocol == port.protocol);
                let endpoints = target.map(|target| (target.port, &slice.endpoints));
                endpoints.into_iter().flat_map(|(port, endpoints)| endpoints.iter().map(move |at| (port, at)))
            });
            let wanted = found.filter(|(_, endpoint)| wanted(endpoint));
            let answer = |(port, at): (u16, &Endpoint)| Answer {
                pod: at.pod,
                port,
                address: Rc::clone(&at.address),
                node: at.node.clone(),
            };
            wanted.map(answer).collect()
        };
        let ready = of(|endpoint| endpoint.ready);
        if ready.is_empty() { of(|endpoint| endpoint.serving && endpoint.terminating) } else { ready }
    }

    /// Whether some pod has the port, ready or not.
    pub fn has_port(&self, port: &ServicePort) -> bool {
        self.slices
            .iter()
            .any(|slice| slice.ports.iter().any(|at| at.name == port.name && at.protocol == port.protocol))
    }
}

/// Whether kube-proxy has rules for a Service at all (EXP-EP-8, EXP-EP-9).
pub(crate) fn is_proxied(service: &Service) -> bool {
    matches!(service.cluster_ip, ClusterIp::Address(_)) && service.service_type != ServiceType::ExternalName
}
