//! Host names as a client outside resolves them: nodes by their names, and those that a rule of an Ingress or a Gateway route
//! names by the address of its controller (EXP-ING-50). Names of the cluster's own DNS are unknown outside.

use std::net::{IpAddr, Ipv4Addr};

use reach::{RouteKind, match_host, match_hostname};

use super::Outcome;
use crate::report::Report;

/// The address of a name in lower case.
pub(super) fn resolve(report: &Report, name: &str) -> Result<IpAddr, Outcome> {
    if name == "localhost" || name.ends_with(".localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    let node = report.nodes.iter().find(|node| node.name.eq_ignore_ascii_case(name));
    let of_node = node
        .and_then(|node| [&node.internal_ip, &node.external_ip].into_iter().find_map(|ip| ip.parse().ok()));
    of_node.or_else(|| of_rule(report, name)).ok_or(Outcome::NoSuchHost)
}

/// The address of the controller whose rule names the host best: without a wildcard, else by the longest.
fn of_rule(report: &Report, name: &str) -> Option<IpAddr> {
    let named = report.routes.iter().filter_map(|route| {
        let host = &route.rule.as_ref()?.host;
        let fits = match route.kind {
            RouteKind::Gateway => match_hostname(host, name),
            _ => match_host(host, name).is_some(),
        };
        let address: IpAddr = route.address.parse().ok().filter(|_| fits && !host.is_empty())?;
        Some(((!host.starts_with('*'), host.len()), address))
    });
    named.reduce(|best, at| if at.0 > best.0 { at } else { best }).map(|(_, address)| address)
}
