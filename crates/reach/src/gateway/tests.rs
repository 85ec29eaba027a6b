//! Which rule answers which request (EXP-GW-6, EXP-GW-7).

use manifest::Tree;

use super::matches::{Match, host_rank};
use crate::request::Request;

fn tree(text: &str) -> Tree {
    let documents = manifest::parse(&format!("# yaml\n{text}")).documents;
    documents.into_iter().next().expect("a document").content.expect("the match can be read")
}

/// `matches` of an HTTPRoute; the answer is the index of the preferred one that fits.
#[track_caller]
fn check(matches: &[&str], request: &Request, expected: Option<usize>) {
    let matches: Vec<Match> = matches.iter().map(|text| Match::http(&tree(text))).collect();
    let fitting = matches.iter().enumerate().filter(|(_, at)| at.fits(request));
    let best = fitting.reduce(|best, at| if at.1.rank() > best.1.rank() { at } else { best });
    assert_eq!(best.map(|(index, _)| index), expected, "{matches:?} {request:?}");
}

#[test]
fn paths_then_method_headers_and_query() {
    let path = |kind: &str, value: &str| format!("{{path: {{type: {kind}, value: {value}}}}}");
    let (root, prefix, long) =
        (path("PathPrefix", "/"), path("PathPrefix", "/foo/"), path("PathPrefix", "/foo/bar"));
    let exact = path("Exact", "/foo");
    let table = [
        ("/foo", Some(3)),
        ("/foo/", Some(1)),
        ("/foo/bar/x", Some(2)),
        ("/foo/barrier", Some(1)),
        ("/food", Some(0)),
    ];
    for (path, expected) in table {
        check(&[&root, &prefix, &long, &exact], &Request::get("", path), expected);
    }
    check(&[&exact], &Request::get("", "/foo/"), None);
    let conditions = [
        "{}",
        "{headers: [{name: V, value: '2'}]}",
        "{method: POST}",
        "{queryParams: [{name: a, value: b}]}",
    ];
    let mut request = Request::get("", "/");
    check(&conditions, &request, Some(0));
    request.query = vec![("a".into(), "b".into())];
    check(&conditions, &request, Some(3));
    request.headers = vec![("v".into(), "2".into())];
    check(&conditions, &request, Some(1));
    request.method = "POST".into();
    check(&conditions, &request, Some(2));
}

#[test]
fn grpc_services_and_methods_are_paths() {
    let of = |text: &str, path: &str| Match::grpc(&tree(text)).fits(&Request::get("", path));
    assert!(of("{method: {service: a.B, method: Get}}", "/a.B/Get"));
    assert!(!of("{method: {service: a.B, method: Get}}", "/a.B/Put"));
    assert!(of("{method: {service: a.B}}", "/a.B/Put"));
    assert!(of("{}", "/a.B/Put"));
}

#[test]
fn hosts_without_wildcard_then_the_longest() {
    let hosts = ["", "*.com", "*.b.com", "a.b.com"];
    let ranks: Vec<_> = hosts.iter().map(|host| host_rank(host, "a.b.com")).collect();
    assert!(ranks.iter().all(Option::is_some) && ranks.is_sorted(), "{ranks:?}");
    assert_eq!(host_rank("*.c.com", "a.b.com"), None);
}
