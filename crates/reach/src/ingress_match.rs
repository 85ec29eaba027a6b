//! Which rule of an Ingress answers a request (EXP-ING-10 to EXP-ING-24).

use api::types::{Backend, Ingress, IngressPath, PathType};

/// How well a rule's host fits the host of a request (EXP-ING-11): the order is the preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostMatch {
    /// The rule has no host.
    Any,
    /// `*.` and one more label.
    Wildcard,
    /// Equal, letter case aside.
    Exact,
}

/// Whether and how a rule's host fits; `host` without port.
pub fn match_host(rule: &str, host: &str) -> Option<HostMatch> {
    if rule.is_empty() {
        return Some(HostMatch::Any);
    }
    if let Some(suffix) = rule.strip_prefix("*.") {
        let rest = host.split_once('.').filter(|(label, _)| !label.is_empty());
        return rest
            .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(suffix))
            .then_some(HostMatch::Wildcard);
    }
    rule.eq_ignore_ascii_case(host).then_some(HostMatch::Exact)
}

/// Whether a path fits. ImplementationSpecific is taken as Prefix (EXP-ING-22).
pub fn match_path(path_type: PathType, rule: &str, path: &str) -> bool {
    match path_type {
        PathType::Exact => rule == path,
        PathType::Prefix | PathType::ImplementationSpecific => {
            let rule = rule.strip_suffix('/').unwrap_or(rule);
            let path = path.strip_suffix('/').unwrap_or(path);
            path.strip_prefix(rule).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
    }
}

/// The backend that answers a request to one controller: the best host, then among its paths the longest, then Exact. A host
/// whose paths do not fit, and no host at all, leave the default backend.
pub fn answer<'a>(ingresses: &[&'a Ingress], host: &str, path: &str) -> Option<&'a Backend> {
    let rules = || ingresses.iter().flat_map(|ingress| &ingress.rules);
    let best = rules().filter_map(|rule| match_host(&rule.host, host)).max();
    let paths = rules()
        .filter(|rule| match_host(&rule.host, host) == best && best.is_some())
        .flat_map(|rule| &rule.paths);
    let fitting = paths.filter(|at| match_path(at.path_type, &at.path, path));
    // Of equals the first wins: the oldest Ingress.
    let order = |at: &IngressPath| (at.path.len(), at.path_type == PathType::Exact);
    let winner = fitting.reduce(|best, at| if order(at) > order(best) { at } else { best });
    winner
        .map(|at| &at.backend)
        .or_else(|| ingresses.iter().find_map(|ingress| ingress.default_backend.as_ref()))
}

#[cfg(test)]
mod tests {
    use api::types::{BackendPort, IngressRule};

    use super::*;

    #[test]
    fn paths() {
        use PathType::{Exact, Prefix};
        let table = [
            (Prefix, "/", "/any/thing", true),
            (Exact, "/foo", "/foo", true),
            (Exact, "/foo", "/bar", false),
            (Exact, "/foo", "/foo/", false),
            (Exact, "/foo/", "/foo", false),
            (Prefix, "/foo", "/foo", true),
            (Prefix, "/foo", "/foo/", true),
            (Prefix, "/foo/", "/foo", true),
            (Prefix, "/foo/", "/foo/", true),
            (Prefix, "/aaa/bb", "/aaa/bbb", false),
            (Prefix, "/aaa/bbb", "/aaa/bbb", true),
            (Prefix, "/aaa/bbb/", "/aaa/bbb", true),
            (Prefix, "/aaa/bbb", "/aaa/bbb/", true),
            (Prefix, "/aaa/bbb", "/aaa/bbb/ccc", true),
            (Prefix, "/aaa/bbb", "/aaa/bbbxyz", false),
        ];
        for (path_type, rule, path, expected) in table {
            assert_eq!(match_path(path_type, rule, path), expected, "{path_type:?} {rule} {path}");
        }
    }

    #[test]
    fn hosts() {
        let table = [
            ("", "a.example.com", Some(HostMatch::Any)),
            ("a.example.com", "A.Example.com", Some(HostMatch::Exact)),
            ("*.foo.com", "bar.foo.com", Some(HostMatch::Wildcard)),
            ("*.foo.com", "baz.bar.foo.com", None),
            ("*.foo.com", "foo.com", None),
        ];
        for (rule, host, expected) in table {
            assert_eq!(match_host(rule, host), expected, "{rule} {host}");
        }
    }

    fn backend(name: &str) -> Backend {
        Backend::Service { name: name.to_owned(), port: BackendPort::Number(80) }
    }

    /// `paths` as `Prefix /aaa`; the answer is the index of the path, or `default`.
    fn check(paths: &[(PathType, &str)], path: &str, expected: &str) {
        let at = |(index, &(path_type, path)): (usize, &(PathType, &str))| IngressPath {
            path: path.to_owned(),
            path_type,
            backend: backend(&index.to_string()),
        };
        let rule = IngressRule { host: String::new(), paths: paths.iter().enumerate().map(at).collect() };
        let default_backend = Some(backend("default"));
        let ingress = Ingress { rules: vec![rule], default_backend, ..Ingress::default() };
        assert_eq!(answer(&[&ingress], "x.com", path), Some(&backend(expected)), "{paths:?} {path}");
    }

    #[test]
    fn the_longest_path_wins_then_exact() {
        use PathType::{Exact, Prefix};
        let three = [(Prefix, "/"), (Prefix, "/aaa"), (Prefix, "/aaa/bbb")];
        check(&three[..2], "/aaa/ccc", "1");
        check(&three, "/aaa/bbb", "2");
        check(&three, "/ccc", "0");
        check(&[(Prefix, "/aaa")], "/ccc", "default");
        check(&[(Prefix, "/foo"), (Exact, "/foo")], "/foo", "1");
    }
}
