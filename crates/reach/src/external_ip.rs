//! externalIPs: kube-proxy takes packets for these addresses, if somebody routes them to a node (EXP-XIP rules).

use crate::backend::Front;
use crate::endpoints::family_of;
use crate::route::{Note, Route, RouteKind};

/// One route per address and Service port. Addresses of a family that the Service lacks are ignored (EXP-V6-2).
pub(crate) fn routes(front: &Front<'_>, out: &mut Vec<Route>) {
    for ip in &front.service.external_ips {
        let family = family_of(ip);
        if !front.service.ip_families.contains(&family) {
            continue;
        }
        for port in &front.service.ports {
            let backend = front.backend(family, port);
            let (nodes, drops) = front.nodes(family, &backend);
            let mut route = front.route(RouteKind::ExternalIp, (ip, port.port), port.protocol, &backend);
            let mut owners = front.view.store.nodes.values();
            let owner = owners.find(|node| node.addresses.iter().any(|at| *at.address == **ip));
            route.notes.extend(owner.is_none().then_some(Note::NeedsRouting));
            route.notes.extend(front.policy_notes(drops));
            // A node's own address leads to that node alone.
            route.nodes = owner.map_or(nodes, |node| vec![node.meta.name.to_string()]);
            out.push(route);
        }
    }
}
