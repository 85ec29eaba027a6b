//! NodePort: the same port on every node (EXP-NODEPORT rules).

use crate::backend::Front;
use crate::route::{Route, RouteKind};
use crate::view::address;

/// One route per Service port and address family; its URL is that of the first node that answers.
pub(crate) fn routes(front: &Front<'_>, out: &mut Vec<Route>) {
    for &family in &front.service.ip_families {
        for port in front.service.ports.iter().filter(|port| port.node_port != 0) {
            let backend = front.backend(family, port);
            let (nodes, drops) = front.nodes(family, &backend);
            let first = nodes.first().and_then(|name| front.view.node(name));
            let ip = first.and_then(|node| address(node, family)).unwrap_or("");
            let mut route = front.route(RouteKind::NodePort, (ip, port.node_port), port.protocol, &backend);
            let addresses = nodes.iter().filter_map(|name| address(front.view.node(name)?, family));
            route.urls = backend.urls(addresses, port.node_port, port.protocol);
            route.notes.extend(front.policy_notes(drops));
            route.nodes = nodes;
            out.push(route);
        }
    }
}
