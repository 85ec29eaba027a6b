//! A request from outside, and examples of what the rules of Ingresses and Gateways match.

/// An HTTP request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Host name without port; empty when only an address is known.
    pub host: String,
    /// Path, from its first slash.
    pub path: String,
    /// For example `GET`.
    pub method: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// Names and values.
    pub query: Vec<(String, String)>,
}

impl Request {
    /// A GET.
    pub fn get(host: &str, path: &str) -> Self {
        let method = "GET".to_owned();
        Self { host: host.to_owned(), path: path.to_owned(), method, ..Self::default() }
    }
}

/// The labels that stand for the wildcard of a host name in a request, until one is found that no other rule has.
pub(crate) fn hosts(rule: &str) -> Vec<String> {
    match rule.strip_prefix('*') {
        Some(suffix) => ["www", "any", "other"].map(|label| format!("{label}{suffix}")).into(),
        None => vec![rule.to_owned()],
    }
}

/// Paths that a prefix matches, the plain one first.
pub(crate) fn paths(prefix: &str) -> Vec<String> {
    let plain = if prefix.is_empty() { "/" } else { prefix };
    let below = plain.trim_end_matches('/');
    vec![plain.to_owned(), format!("{below}/"), format!("{below}/any")]
}
