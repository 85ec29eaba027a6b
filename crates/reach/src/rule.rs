//! Which of the rules behind one door a request takes, from the routes of a report alone.

use api::types::PathType;

use crate::gateway;
use crate::ingress_match::{match_host, match_path};
use crate::request::Request;
use crate::route::{PathMatch, Route, RouteKind, Rule};

/// The route that answers a request to the controller of these routes: that of an Ingress, else one to a Gateway. `None` where
/// it answers with 404.
pub fn choose<'a>(routes: &[&'a Route], request: &Request) -> Option<&'a Route> {
    let of = |kind| {
        let own = routes.iter().filter(move |route| route.kind == kind);
        own.filter_map(|route| Some((*route, route.rule.as_ref()?)))
    };
    of_ingresses(of(RouteKind::Ingress), request).or_else(|| of_gateways(of(RouteKind::Gateway), request))
}

/// The best host, then among its paths the longest, then Exact; a host whose paths do not fit leaves the default backend
/// (EXP-ING-11, EXP-ING-23, EXP-ING-32).
fn of_ingresses<'a>(
    routes: impl Iterator<Item = (&'a Route, &'a Rule)> + Clone,
    request: &Request,
) -> Option<&'a Route> {
    let is_default = |rule: &Rule| rule.path_match == PathMatch::Default;
    // The default backend itself is no rule with a host.
    let ruled = routes.clone().filter(|(_, rule)| !is_default(rule) || !rule.host.is_empty());
    let best = ruled.clone().filter_map(|(_, rule)| match_host(&rule.host, &request.host)).max();
    let fitting = ruled.filter(|(_, rule)| {
        best.is_some() && match_host(&rule.host, &request.host) == best && fits(rule, &request.path)
    });
    let order = |rule: &Rule| (rule.path.len(), rule.path_match == PathMatch::Exact);
    // Of equals the first wins: the oldest Ingress.
    let winner = fitting.reduce(|best, at| if order(at.1) > order(best.1) { at } else { best });
    let mut defaults = routes.filter(|(_, rule)| is_default(rule) && rule.host.is_empty());
    winner.or_else(|| defaults.next()).map(|(route, _)| route)
}

fn fits(rule: &Rule, path: &str) -> bool {
    let path_type = match rule.path_match {
        PathMatch::Default => return false,
        PathMatch::Exact => PathType::Exact,
        PathMatch::Prefix => PathType::Prefix,
        PathMatch::Expression => PathType::ImplementationSpecific,
    };
    match_path(path_type, &rule.path, path)
}

/// EXP-GW-7; the routes are in order of age.
fn of_gateways<'a>(
    routes: impl Iterator<Item = (&'a Route, &'a Rule)>,
    request: &Request,
) -> Option<&'a Route> {
    let ranked = routes.filter_map(|(route, rule)| Some((gateway::rank(rule, request)?, route)));
    ranked.reduce(|best, at| if at.0 > best.0 { at } else { best }).map(|(_, route)| route)
}
