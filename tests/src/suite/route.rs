//! Expectations about routes: parts that are separated by ` | `.
//!
//! The first part is `KIND STATE URL`; of the answer to a request it is the object that answers. Others are `of SOURCE`,
//! `via NODES`, `to PODS`, `at URL` for each URL, `try COMMAND`, `client kept`, `client lost` or `client depends`, and the notes as
//! Rust prints them. Those that are named must be there.

use reach::Request;
use rules::Route;

/// The whole route, as a case would expect it.
pub(super) fn show(route: &Route) -> String {
    let head = format!("{:?} {:?} {}", route.kind, route.state, route.url);
    [head].into_iter().chain(parts(route)).collect::<Vec<_>>().join(" | ")
}

/// Whether it is the expected route.
pub(super) fn is(expected: &str, route: &Route) -> bool {
    let (head, rest) = split(expected);
    head == format!("{:?} {:?} {}", route.kind, route.state, route.url).trim_end() && has(&rest, route)
}

/// Whether it begins as told, and has the parts.
pub(super) fn begins(expected: &str, route: &Route) -> bool {
    let (head, rest) = split(expected);
    format!("{:?} {:?} {}", route.kind, route.state, route.url).starts_with(head) && has(&rest, route)
}

/// Whether the expected object answers.
pub(super) fn answers(expected: &str, route: &Route) -> bool {
    let (head, rest) = split(expected);
    head == route.source && has(&rest, route)
}

/// Reads `[METHOD] HOST/PATH[?QUERY] [HEADER=VALUE ...]`.
pub(super) fn request(text: &str) -> Option<Request> {
    let mut words = text.split_whitespace().peekable();
    let method = words.next_if(|word| !word.contains('/')).unwrap_or("GET");
    let target = words.next()?;
    let (target, query) = target.split_once('?').unwrap_or((target, ""));
    let (host, _) = target.split_once('/')?;
    let pair = |text: &str| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some(Request {
        method: method.to_owned(),
        query: query.split('&').filter_map(pair).collect(),
        headers: words.filter_map(pair).collect(),
        ..Request::get(host, &target[host.len()..])
    })
}

fn split(expected: &str) -> (&str, Vec<&str>) {
    let mut parts = expected.split(" | ").map(str::trim);
    (parts.next().unwrap_or(""), parts.collect())
}

fn has(expected: &[&str], route: &Route) -> bool {
    let parts = parts(route);
    expected.iter().all(|part| parts.iter().any(|found| found == part))
}

fn parts(route: &Route) -> Vec<String> {
    let client = match route.client_ip_kept {
        Some(true) => "client kept",
        Some(false) => "client lost",
        None => "client depends",
    };
    let mut parts = vec![
        format!("of {}", route.source),
        format!("via {}", route.nodes.join(" ")),
        format!("to {}", route.pods.join(" ")),
        format!("try {}", route.curl),
        client.to_owned(),
    ];
    parts.extend(route.urls.iter().map(|url| format!("at {url}")));
    parts.extend(route.notes.iter().map(|note| format!("{note:?}")));
    parts.iter().map(|part| part.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use rules::{Note, RouteKind, RouteState};

    use super::*;

    fn route() -> Route {
        Route {
            kind: RouteKind::NodePort,
            source: "Service default/web".into(),
            state: RouteState::Reachable,
            url: "http://10.0.0.11/".into(),
            urls: vec!["http://10.0.0.11/".into()],
            curl: String::new(),
            address: "10.0.0.11".into(),
            port: 80,
            target_port: 80,
            protocol: "TCP".into(),
            nodes: vec!["n1".into(), "n2".into()],
            pods: Vec::new(),
            targets: Vec::new(),
            rule: None,
            client_ip_kept: None,
            notes: vec![Note::SelectsNothing],
        }
    }

    #[test]
    fn every_part_that_is_named_counts() {
        let table = [
            ("NodePort Reachable http://10.0.0.11/", true),
            ("NodePort Reachable http://10.0.0.1", false),
            ("NodePort Reachable http://10.0.0.11/ | via n1 n2 | to | client depends | SelectsNothing", true),
            ("NodePort Reachable http://10.0.0.11/ | via n1", false),
            ("NodePort Reachable http://10.0.0.11/ | NoSelector", false),
        ];
        for (expected, right) in table {
            assert_eq!(is(expected, &route()), right, "{expected}");
        }
        assert!(begins("NodePort | SelectsNothing", &route()) && !begins("NodePort | NoSelector", &route()));
        assert!(answers("Service default/web | via n1 n2", &route()));
        assert!(!answers("Service default/other", &route()));
    }

    #[test]
    fn requests_are_read() {
        let expected = Request {
            method: "POST".into(),
            query: vec![("x".into(), "1".into())],
            headers: vec![("v".into(), "2".into())],
            ..Request::get("a.com", "/foo")
        };
        assert_eq!(request("POST a.com/foo?x=1 v=2"), Some(expected));
        assert_eq!(request("a.com/"), Some(Request::get("a.com", "/")));
        assert_eq!(request("/x"), Some(Request::get("", "/x")));
        assert_eq!(request("POST"), None);
    }
}
