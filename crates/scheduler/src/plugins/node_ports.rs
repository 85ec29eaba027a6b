//! NodePorts: host ports are free or taken (SCH-PORTS rules).

use std::rc::Rc;

use api::types::{PodSpec, Protocol};
use manifest::sorted::SortedSet;

use super::Plugin;
use crate::attempt::Code;
use crate::cache::node::NodeInfo;
use crate::verdict::Verdict;

/// All addresses of the node.
const ANY: &str = "0.0.0.0";

/// A host port that a pod holds; the address comes last, so that one key's addresses lie together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HostPort {
    protocol: Protocol,
    port: u16,
    ip: Rc<str>,
}

/// The host ports of a pod: those of containers and sidecars, once each (SCH-PORTS-1).
pub(crate) fn wanted(spec: &PodSpec) -> Vec<HostPort> {
    let ports = spec.port_holders().flat_map(|container| &container.ports).filter(|port| port.host_port > 0);
    let keys = ports.map(|port| HostPort {
        protocol: port.protocol,
        port: port.host_port,
        ip: if port.host_ip.is_empty() { ANY } else { &port.host_ip }.into(),
    });
    keys.collect::<SortedSet<_>>().into_iter().collect()
}

/// Turns down a node on which one of the ports is taken (SCH-PORTS-8).
pub(crate) fn filter(wanted: &[HostPort], node: &NodeInfo) -> Option<Verdict> {
    wanted
        .iter()
        .any(|port| conflicts(port, &node.ports))
        .then(|| Verdict::new(Plugin::NodePorts, Code::Unschedulable))
}

/// Whether the port is taken: the wildcard address meets every address of the same protocol and port (SCH-PORTS-4).
pub(crate) fn conflicts(port: &HostPort, taken: &SortedSet<HostPort>) -> bool {
    let lowest = HostPort { ip: "".into(), ..port.clone() };
    taken
        .range(lowest..)
        .take_while(|held| (held.protocol, held.port) == (port.protocol, port.port))
        .any(|held| held.ip == port.ip || &*held.ip == ANY || &*port.ip == ANY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::types::{Container, ContainerPort};

    fn port(protocol: Protocol, port: u16, ip: &str) -> HostPort {
        HostPort { protocol, port, ip: ip.into() }
    }

    #[test]
    fn conflicts_by_protocol_port_and_address() {
        use Protocol::{Tcp, Udp};
        let table = [
            // SCH-V-13.
            (port(Udp, 53, ANY), port(Tcp, 53, ANY), false),
            (port(Tcp, 80, ANY), port(Tcp, 80, ANY), true),
            (port(Tcp, 80, ANY), port(Udp, 80, ANY), false),
            (port(Tcp, 80, ANY), port(Tcp, 81, ANY), false),
            // SCH-V-14.
            (port(Tcp, 80, "127.0.0.1"), port(Tcp, 80, "10.0.0.1"), false),
            (port(Tcp, 80, "127.0.0.1"), port(Tcp, 80, "127.0.0.1"), true),
            (port(Tcp, 80, "127.0.0.1"), port(Tcp, 80, ANY), true),
            (port(Tcp, 80, ANY), port(Tcp, 80, "10.0.0.1"), true),
            (port(Tcp, 80, ANY), port(Tcp, 80, "::"), true),
            (port(Tcp, 80, "::"), port(Tcp, 80, "::1"), false),
        ];
        for (wanted, held, expected) in table {
            assert_eq!(conflicts(&wanted, &SortedSet::from([held.clone()])), expected, "{wanted:?} {held:?}");
        }
    }

    #[test]
    fn sidecars_hold_ports_and_init_containers_do_not() {
        let container = |host_port, sidecar| Container {
            sidecar,
            ports: vec![ContainerPort { host_port, container_port: host_port, ..ContainerPort::default() }],
            ..Container::default()
        };
        let spec = PodSpec {
            containers: vec![container(80, false), container(0, false)],
            init_containers: vec![container(81, true), container(82, false)],
            ..PodSpec::default()
        };
        assert_eq!(wanted(&spec), [port(Protocol::Tcp, 80, ANY), port(Protocol::Tcp, 81, ANY)]);
    }
}
