//! Which requests a rule of a route matches, and which of several rules is preferred (EXP-GW-6, EXP-GW-7).

use manifest::Tree;

use super::hosts::match_hostname;
use crate::ingress_match::prefixes;
use crate::request::Request;
use crate::route::{self, Rule};

/// How a path is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PathMatch {
    Exact(String),
    /// Element by element; `/` is all.
    Prefix(String),
    /// DIFFERENCE: expressions are not evaluated; one matches only what stands before its first special character.
    Expression(String),
}

/// A match of a rule: all of its conditions hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) path: PathMatch,
    /// Empty for any.
    pub(super) method: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) query: Vec<(String, String)>,
}

impl Default for Match {
    fn default() -> Self {
        let path = PathMatch::Prefix("/".to_owned());
        Self { path, method: String::new(), headers: Vec::new(), query: Vec::new() }
    }
}

impl Match {
    /// A match of an HTTPRoute.
    pub(super) fn http(tree: &Tree) -> Self {
        let value = match tree.str_at(&["path", "value"]) {
            "" => "/".to_owned(),
            value => value.to_owned(),
        };
        let path = match tree.str_at(&["path", "type"]) {
            "Exact" => PathMatch::Exact(value),
            "RegularExpression" => PathMatch::Expression(value),
            _ => PathMatch::Prefix(value),
        };
        let method = tree.str_at(&["method"]).to_owned();
        Self { path, method, headers: pairs(tree, "headers"), query: pairs(tree, "queryParams") }
    }

    /// A match of a GRPCRoute: its service and method are the path (EXP-GW-9).
    pub(super) fn grpc(tree: &Tree) -> Self {
        let part = |key| tree.str_at(&["method", key]);
        let (service, method) = (part("service"), part("method"));
        let path = match (service, method) {
            ("", "") => PathMatch::Prefix("/".to_owned()),
            _ if part("type") == "RegularExpression" => PathMatch::Expression(format!("/{service}/{method}")),
            (service, "") => PathMatch::Prefix(format!("/{service}")),
            (service, method) => PathMatch::Exact(format!("/{service}/{method}")),
        };
        Self { path, headers: pairs(tree, "headers"), ..Self::default() }
    }

    /// What it looks for, as the report has it.
    pub(super) fn rule(&self, host: &str) -> Rule {
        let (path_match, path) = match &self.path {
            PathMatch::Exact(path) => (route::PathMatch::Exact, path),
            PathMatch::Prefix(path) => (route::PathMatch::Prefix, path),
            PathMatch::Expression(path) => (route::PathMatch::Expression, path),
        };
        let Self { method, headers, query, .. } = self.clone();
        Rule { host: host.to_owned(), path: path.clone(), path_match, method, headers, query }
    }

    /// The match of a rule of the report.
    fn of(rule: &Rule) -> Self {
        let path = rule.path.clone();
        let path = match rule.path_match {
            route::PathMatch::Exact => PathMatch::Exact(path),
            route::PathMatch::Expression => PathMatch::Expression(path),
            route::PathMatch::Prefix | route::PathMatch::Default => PathMatch::Prefix(path),
        };
        let Rule { method, headers, query, .. } = rule.clone();
        Self { path, method, headers, query }
    }

    /// A path that it matches.
    pub(super) fn example(&self) -> &str {
        match &self.path {
            PathMatch::Exact(path) | PathMatch::Prefix(path) => path,
            PathMatch::Expression(expression) => literal(expression),
        }
    }

    pub(super) fn fits(&self, request: &Request) -> bool {
        let path = match &self.path {
            PathMatch::Exact(path) => *path == request.path,
            PathMatch::Prefix(prefix) => prefixes(prefix, &request.path),
            PathMatch::Expression(expression) => literal(expression) == request.path,
        };
        let header = |(name, value): &(String, String)| {
            request.headers.iter().any(|(key, given)| key.eq_ignore_ascii_case(name) && given == value)
        };
        path && (self.method.is_empty() || self.method == request.method)
            && self.headers.iter().all(header)
            && self.query.iter().all(|pair| request.query.contains(pair))
    }

    /// The order of preference among matches for one host: Exact, then the longest path, a method, more headers, more query
    /// parameters.
    pub(super) fn rank(&self) -> (bool, usize, bool, usize, usize) {
        let (exact, length) = match &self.path {
            PathMatch::Exact(path) => (true, path.len()),
            PathMatch::Prefix(path) | PathMatch::Expression(path) => (false, path.len()),
        };
        (exact, length, !self.method.is_empty(), self.headers.len(), self.query.len())
    }

    /// What a request needs besides host and path, for people.
    pub(super) fn conditions(&self) -> Vec<String> {
        let mut conditions = Vec::new();
        if let PathMatch::Expression(expression) = &self.path {
            conditions.push(format!("path ~ {expression}"));
        }
        conditions.extend((!self.method.is_empty()).then(|| format!("method {}", self.method)));
        conditions.extend(self.headers.iter().map(|(name, value)| format!("{name}: {value}")));
        conditions.extend(self.query.iter().map(|(name, value)| format!("?{name}={value}")));
        conditions
    }
}

/// How well a rule of the report fits a request (EXP-GW-7); `None` when it does not.
pub(crate) fn rank(rule: &Rule, request: &Request) -> Option<impl Ord> {
    let (host, matching) = (host_rank(&rule.host, &request.host)?, Match::of(rule));
    matching.fits(request).then(|| (host, matching.rank()))
}

/// How well a host name fits: those without wildcard first, then the longest.
pub(super) fn host_rank(rule: &str, host: &str) -> Option<(bool, usize)> {
    match_hostname(rule, host).then(|| (!rule.is_empty() && !rule.starts_with('*'), rule.len()))
}

/// What stands before the first special character of an expression, at least `/`.
fn literal(expression: &str) -> &str {
    let literal =
        expression.trim_start_matches('^').split(['(', '[', '*', '\\', '^', '$', '|', '{', '.', '+', '?']);
    literal.into_iter().next().filter(|text| text.starts_with('/')).unwrap_or("/")
}

fn pairs(tree: &Tree, key: &str) -> Vec<(String, String)> {
    let pair = |tree: &Tree| (tree.str_at(&["name"]).to_owned(), tree.str_at(&["value"]).to_owned());
    tree.list_at(&[key]).iter().map(pair).collect()
}
