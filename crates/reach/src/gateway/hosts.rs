//! Host names of the Gateway API (EXP-GW-5): a wildcard stands for one or more labels, where that of an Ingress stands for one.

/// Whether a host fits a rule's; `host` without port.
pub fn match_hostname(rule: &str, host: &str) -> bool {
    match rule.strip_prefix('*') {
        Some(suffix) => ends_below(host, suffix),
        None => rule.is_empty() || rule.eq_ignore_ascii_case(host),
    }
}

/// Whether `host` is `suffix` with something before it.
fn ends_below(host: &str, suffix: &str) -> bool {
    let start = host.len().checked_sub(suffix.len()).filter(|&start| start > 0);
    start.and_then(|start| host.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

/// What a listener's and a route's host name have in common; empty stands for all, `None` for nothing.
pub(super) fn shared<'a>(listener: &'a str, route: &'a str) -> Option<&'a str> {
    let within = |outer: &str, inner: &str| {
        let rest = inner.strip_prefix('*').unwrap_or(inner);
        outer.strip_prefix('*').is_some_and(|suffix| ends_below(rest, suffix))
    };
    match (listener, route) {
        ("", host) | (host, "") => Some(host),
        (listener, route) if listener.eq_ignore_ascii_case(route) || within(listener, route) => Some(route),
        (listener, route) => within(route, listener).then_some(listener),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_one_or_more_labels() {
        let table = [
            ("", "a.example.com", true),
            ("A.example.com", "a.Example.com", true),
            ("*.example.com", "a.example.com", true),
            ("*.example.com", "a.b.Example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", ".example.com", false),
            ("*.example.com", "aexample.com", false),
            ("a.example.com", "b.example.com", false),
        ];
        for (rule, host, expected) in table {
            assert_eq!(match_hostname(rule, host), expected, "{rule} {host}");
        }
    }

    #[test]
    fn a_listener_and_a_route_share_the_narrower() {
        let table = [
            ("", "", Some("")),
            ("", "a.example.com", Some("a.example.com")),
            ("*.example.com", "", Some("*.example.com")),
            ("*.example.com", "a.b.example.com", Some("a.b.example.com")),
            ("*.example.com", "*.b.example.com", Some("*.b.example.com")),
            ("a.example.com", "*.example.com", Some("a.example.com")),
            ("*.example.com", "*.Example.com", Some("*.Example.com")),
            ("*.example.com", "example.com", None),
            ("*.a.com", "*.b.com", None),
        ];
        for (listener, route, expected) in table {
            assert_eq!(shared(listener, route), expected, "{listener} {route}");
        }
    }
}
