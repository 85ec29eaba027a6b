//! From an address and a port to something a user can open or type (EXP-URL rules).

use api::types::Protocol;

use crate::images;

/// What is known about the process behind a port, best first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hints<'a> {
    /// appProtocol of the Service port; empty when none.
    pub(crate) app_protocol: &'a str,
    /// Names of the Service port and of the container port.
    pub(crate) names: [&'a str; 2],
    /// Scheme of the image's listener; empty when not known.
    pub(crate) image: &'a str,
    /// Port of the process.
    pub(crate) port: u16,
    /// Transport.
    pub(crate) protocol: Protocol,
    /// Path of a health check, from the image or from the readiness probe; empty when none.
    pub(crate) health: String,
}

/// Names that are schemes as they are; the rest of the words that mean HTTP is in [`word`].
const SCHEMES: [&str; 24] = [
    "amqp",
    "amqps",
    "bolt",
    "dns",
    "fastcgi",
    "ftp",
    "grpc",
    "http",
    "https",
    "ldap",
    "mongodb",
    "mqtt",
    "mqtts",
    "mysql",
    "nats",
    "postgresql",
    "redis",
    "sctp",
    "sip",
    "smtp",
    "ssh",
    "tcp",
    "tls",
    "udp",
];

/// The scheme, first hit wins (EXP-URL-1).
pub(crate) fn scheme(hints: &Hints<'_>) -> &'static str {
    word(hints.app_protocol)
        .or_else(|| hints.names.into_iter().find_map(named))
        .or_else(|| word(hints.image))
        .or_else(|| numbered(hints.port, hints.protocol))
        .unwrap_or(match hints.protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
            Protocol::Sctp => "sctp",
        })
}

/// A word that says the scheme.
fn word(word: &str) -> Option<&'static str> {
    let alias = match word.to_ascii_lowercase().as_str() {
        "kubernetes.io/h2c" | "kubernetes.io/ws" | "http2" | "h2c" | "ws" | "web" => "http",
        "kubernetes.io/wss" | "wss" | "tls-http" => "https",
        "mongo" => "mongodb",
        "postgres" => "postgresql",
        other => return SCHEMES.into_iter().find(|scheme| *scheme == other),
    };
    Some(alias)
}

/// A port name: all of it, its first part, or its last part when that is HTTP.
fn named(name: &str) -> Option<&'static str> {
    let last = name.rsplit('-').next().filter(|last| matches!(*last, "http" | "https"));
    word(name).or_else(|| word(name.split('-').next()?)).or_else(|| word(last?))
}

/// Well-known port numbers.
fn numbered(port: u16, protocol: Protocol) -> Option<&'static str> {
    if port == 53 {
        return Some("dns");
    }
    if protocol != Protocol::Tcp {
        return images::scheme_of(port, protocol);
    }
    Some(match port {
        443 | 8443 | 9443 | 6443 | 10250 => "https",
        80 | 81 | 591 | 3000 | 4200 | 5000 | 5601 | 8000..=8090 | 8181 | 8888 | 9000 | 9090 | 9200 => "http",
        22 => "ssh",
        25 | 1025 => "smtp",
        1883 => "mqtt",
        3306 => "mysql",
        4222 => "nats",
        5432 => "postgresql",
        5672 => "amqp",
        6379 => "redis",
        7687 => "bolt",
        27017 => "mongodb",
        _ => return images::scheme_of(port, protocol),
    })
}

/// The scheme as it stands in a URL: name servers are told apart by their transport.
pub(crate) fn shown(scheme: &'static str, protocol: Protocol) -> &'static str {
    match (scheme, protocol) {
        ("dns", Protocol::Udp) => "udp",
        ("dns", _) => "tcp",
        (scheme, _) => scheme,
    }
}

/// The URL (EXP-URL-2, EXP-URL-3). `path` counts for HTTP only.
pub(crate) fn url(scheme: &str, host: &str, port: u16, path: &str) -> String {
    let host = bracketed(host);
    match (scheme, port) {
        ("http", 80) | ("https", 443) => format!("{scheme}://{host}{path}"),
        ("http" | "https", _) => format!("{scheme}://{host}:{port}{path}"),
        _ => format!("{scheme}://{host}:{port}"),
    }
}

/// A command that tries it.
pub(crate) fn command(scheme: &str, host: &str, port: u16, protocol: Protocol, health: &str) -> String {
    match scheme {
        "http" => format!("curl -v {}", url(scheme, host, port, or_root(health))),
        "https" => format!("curl -vk {}", url(scheme, host, port, or_root(health))),
        "grpc" => format!("grpcurl -plaintext {}:{port} list", bracketed(host)),
        "redis" => format!("redis-cli -h {host} -p {port} ping"),
        "postgresql" => format!("pg_isready -h {host} -p {port}"),
        "mysql" => format!("mysqladmin -h {host} -P {port} ping"),
        "dns" if protocol == Protocol::Tcp => format!("dig @{host} -p {port} +tcp kubernetes.io"),
        "dns" => format!("dig @{host} -p {port} kubernetes.io"),
        _ if protocol == Protocol::Udp => format!("nc -vzu {host} {port}"),
        _ if protocol == Protocol::Sctp => format!("ncat -v --sctp {host} {port}"),
        _ => format!("nc -vz {host} {port}"),
    }
}

fn or_root(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}

/// `--resolve` for a host that no name server knows; nothing for a bare address.
pub(crate) fn resolve(host: &str, port: u16, address: &str) -> Option<String> {
    (!host.is_empty()).then(|| format!("--resolve {host}:{port}:{}", bracketed(address)))
}

/// A word as the shell takes it literally.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,[]".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Address and port, as they are written together.
pub(crate) fn socket(host: &str, port: u16) -> String {
    format!("{}:{port}", bracketed(host))
}

/// An address as it stands in a URL (EXP-URL-3).
pub(crate) fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_hint_decides() {
        let table = [
            ("https", ["http", ""], "", 80, "https"),
            ("kubernetes.io/h2c", ["", ""], "", 1, "http"),
            ("", ["tls-http", ""], "", 80, "https"),
            ("", ["admin-https", ""], "", 80, "https"),
            ("", ["web", ""], "", 1, "http"),
            ("", ["main", "grpc-web"], "", 80, "grpc"),
            ("", ["main", ""], "redis", 80, "redis"),
            ("", ["", ""], "", 8086, "http"),
            ("", ["", ""], "", 9443, "https"),
            ("", ["", ""], "", 5432, "postgresql"),
            ("", ["", ""], "", 9100, "http"),
            ("", ["", ""], "", 9092, "tcp"),
            ("", ["", ""], "", 12345, "tcp"),
        ];
        for (app_protocol, names, image, port, expected) in table {
            let hints = Hints { app_protocol, names, image, port, ..Hints::default() };
            assert_eq!(scheme(&hints), expected, "{hints:?}");
        }
    }

    #[test]
    fn urls() {
        let table = [
            (("http", "10.0.0.11", 8086, "/"), "http://10.0.0.11:8086/"),
            (("http", "10.0.0.11", 80, "/"), "http://10.0.0.11/"),
            (("https", "a.example.com", 443, "/v1"), "https://a.example.com/v1"),
            (("http", "2001:db8::1", 8086, "/"), "http://[2001:db8::1]:8086/"),
            (("redis", "10.0.0.11", 6379, "/"), "redis://10.0.0.11:6379"),
            ((shown("dns", Protocol::Udp), "10.0.0.11", 53, "/"), "udp://10.0.0.11:53"),
            ((shown("dns", Protocol::Tcp), "10.0.0.11", 53, "/"), "tcp://10.0.0.11:53"),
        ];
        for ((scheme, host, port, path), expected) in table {
            assert_eq!(url(scheme, host, port, path), expected);
        }
    }

    #[test]
    fn words_for_the_shell() {
        for (word, expected) in
            [("http://[::1]/a", "http://[::1]/a"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("", "''")]
        {
            assert_eq!(quoted(word), expected);
        }
    }
}
