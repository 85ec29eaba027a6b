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

/// Whether a path fits. Of ImplementationSpecific the part before the first special character is taken as Prefix (EXP-ING-22).
pub fn match_path(path_type: PathType, rule: &str, path: &str) -> bool {
    match path_type {
        PathType::Exact => rule == path,
        PathType::Prefix => prefixes(rule, path),
        PathType::ImplementationSpecific => prefixes(literal(rule), path),
    }
}

/// What stands before the first special character of a path that may be an expression.
pub(crate) fn literal(path: &str) -> &str {
    path.split(['(', '[', '*', '\\', '^', '$', '|', '{']).next().unwrap_or("")
}

/// Whether `path` begins with the elements of `prefix` (EXP-ING-21).
pub(crate) fn prefixes(prefix: &str, path: &str) -> bool {
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What answers a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) ingress: &'a Ingress,
    /// Host of the rule.
    pub(crate) host: &'a str,
    /// `None` for the default backend.
    pub(crate) path: Option<&'a IngressPath>,
    pub(crate) backend: &'a Backend,
}

/// The backend that answers a request to one controller: the best host, then among its paths the longest, then Exact. A host
/// whose paths do not fit, and no host at all, leave the default backend (EXP-ING-11, EXP-ING-32).
pub(crate) fn answer<'a>(ingresses: &[&'a Ingress], host: &str, path: &str) -> Option<Target<'a>> {
    let rules =
        || ingresses.iter().flat_map(|&ingress| ingress.rules.iter().map(move |rule| (ingress, rule)));
    let best = rules().filter_map(|(_, rule)| match_host(&rule.host, host)).max();
    let paths = rules()
        .filter(|(_, rule)| best.is_some() && match_host(&rule.host, host) == best)
        .flat_map(|(ingress, rule)| rule.paths.iter().map(move |path| (ingress, &*rule.host, path)));
    let fitting = paths.filter(|(_, _, at)| match_path(at.path_type, &at.path, path));
    // Of equals the first wins: the oldest Ingress.
    let order = |at: &IngressPath| (at.path.len(), at.path_type == PathType::Exact);
    let winner = fitting.reduce(|best, at| if order(at.2) > order(best.2) { at } else { best });
    let by_path = winner.map(|(ingress, host, path)| Target {
        ingress,
        host,
        path: Some(path),
        backend: &path.backend,
    });
    let default = |ingress: &&'a Ingress| {
        let backend = ingress.default_backend.as_ref()?;
        Some(Target { ingress, host: "", path: None, backend })
    };
    by_path.or_else(|| ingresses.iter().find_map(default))
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
            (PathType::ImplementationSpecific, "/foo(/|$)(.*)", "/foo/bar", true),
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
        let answer = answer(&[&ingress], "x.com", path).map(|target| target.backend.clone());
        assert_eq!(answer, Some(backend(expected)), "{paths:?} {path}");
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
