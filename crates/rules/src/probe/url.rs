//! What is typed into the tester, taken apart: `http://node-2:30080/`, `10.0.0.12:8086`, `redis://[2001:db8::1]`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reach::Request;
use serde::{Deserialize, Serialize};

/// A URL as far as it decides where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url {
    /// In lower case.
    pub(super) scheme: String,
    pub(super) host: Host,
    pub(super) port: u16,
    /// From its first slash, without dot segments.
    pub(super) path: String,
    /// What follows the question mark.
    pub(super) query: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Host {
    Ip(IpAddr),
    /// In lower case, without the dot at the end.
    Name(String),
}

/// Why a text is no URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UrlError {
    /// There is nothing, or no host.
    NoHost,
    /// This cannot be a host name or an address.
    Host(String),
    /// This is no port from 1 to 65535.
    Port(String),
    /// The scheme has no usual port, and none is given.
    NoPort(String),
}

/// Schemes with their usual ports.
const PORTS: [(&str, u16); 26] = [
    ("amqp", 5672),
    ("amqps", 5671),
    ("bolt", 7687),
    ("dns", 53),
    ("ftp", 21),
    ("http", 80),
    ("https", 443),
    ("ldap", 389),
    ("ldaps", 636),
    ("mongodb", 27017),
    ("mqtt", 1883),
    ("mqtts", 8883),
    ("mysql", 3306),
    ("nats", 4222),
    ("neo4j", 7687),
    ("postgres", 5432),
    ("postgresql", 5432),
    ("redis", 6379),
    ("rediss", 6379),
    ("sip", 5060),
    ("sips", 5061),
    ("smtp", 25),
    ("ssh", 22),
    ("telnet", 23),
    ("ws", 80),
    ("wss", 443),
];

impl Url {
    /// Reads a text. Without a scheme it is HTTP, and each scheme has its usual port.
    pub(super) fn parse(text: &str) -> Result<Self, UrlError> {
        let text = text.trim();
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
            _ => ("http".to_owned(), text.strip_prefix("//").unwrap_or(text)),
        };
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        // A name and a password before the host do not decide where it goes.
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = split_port(authority)?;
        let host = Host::parse(host)?;
        let usual = PORTS.iter().find(|(known, _)| *known == scheme).map(|(_, port)| *port);
        let port = match port {
            "" => usual.ok_or_else(|| UrlError::NoPort(scheme.clone()))?,
            port => read_port(port).ok_or_else(|| UrlError::Port(port.to_owned()))?,
        };
        let rest = rest.split('#').next().unwrap_or("");
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Ok(Self { scheme, host, port, path: without_dots(&path.replace('\\', "/")), query: query.to_owned() })
    }

    /// `TCP`, `UDP` or `SCTP`.
    pub(super) fn protocol(&self) -> &'static str {
        match self.scheme.as_str() {
            "udp" | "dns" => "UDP",
            "sctp" => "SCTP",
            _ => "TCP",
        }
    }

    /// `http` or `https` when the client speaks it.
    pub(super) fn http(&self) -> Option<&'static str> {
        match self.scheme.as_str() {
            "http" | "ws" | "grpc" => Some("http"),
            "https" | "wss" | "grpcs" => Some("https"),
            _ => None,
        }
    }

    /// What a controller sees.
    pub(super) fn request(&self) -> Request {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let method = if self.scheme.starts_with("grpc") { "POST" } else { "GET" };
        Request {
            method: method.to_owned(),
            query: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            ..Request::get(&self.host.to_string(), &self.path)
        }
    }

    /// The same by HTTPS, on its usual port.
    pub(super) fn secure(&self) -> Self {
        Self { scheme: "https".to_owned(), port: 443, ..self.clone() }
    }
}

impl std::fmt::Display for Url {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let usual = PORTS.iter().any(|(known, port)| *known == self.scheme && *port == self.port);
        let (open, close) = if matches!(self.host, Host::Ip(IpAddr::V6(_))) { ("[", "]") } else { ("", "") };
        write!(formatter, "{}://{open}{}{close}", self.scheme, self.host)?;
        if !usual {
            write!(formatter, ":{}", self.port)?;
        }
        write!(formatter, "{}", self.path)?;
        if self.query.is_empty() { Ok(()) } else { write!(formatter, "?{}", self.query) }
    }
}

impl Host {
    fn parse(text: &str) -> Result<Self, UrlError> {
        let wrong = || UrlError::Host(text.to_owned());
        let bracketed = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
        match bracketed.unwrap_or(text).parse::<Ipv6Addr>() {
            Ok(ip) => return Ok(Self::Ip(ip.to_canonical())),
            Err(_) if bracketed.is_some() => return Err(wrong()),
            Err(_) => {}
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        if name.is_empty() {
            return Err(UrlError::NoHost);
        }
        if let Ok(ip) = name.parse::<Ipv4Addr>() {
            return Ok(Self::Ip(ip.into()));
        }
        let is_label = |label: &str| {
            let fits = |c: char| !c.is_ascii() && !c.is_whitespace() && !c.is_control();
            let all = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_' || fits(c));
            all && (1..=63).contains(&label.len())
        };
        // A name that ends in a number would be an address.
        let last = name.rsplit('.').next().unwrap_or("");
        let numeric = last.bytes().all(|byte| byte.is_ascii_digit());
        if numeric || name.len() > 253 || !name.split('.').all(is_label) {
            return Err(wrong());
        }
        Ok(Self::Name(name.to_lowercase()))
    }
}

impl std::fmt::Display for Host {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ip(ip) => write!(formatter, "{ip}"),
            Self::Name(name) => formatter.write_str(name),
        }
    }
}

fn is_scheme(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(fits)
}

/// Host and port; the port may be empty.
fn split_port(authority: &str) -> Result<(&str, &str), UrlError> {
    if authority.starts_with('[') {
        let end = authority.find(']').ok_or_else(|| UrlError::Host(authority.to_owned()))?;
        let (host, port) = authority.split_at(end + 1);
        return match port.strip_prefix(':') {
            Some(port) => Ok((host, port)),
            None if port.is_empty() => Ok((host, "")),
            None => Err(UrlError::Host(authority.to_owned())),
        };
    }
    // An IPv6 address alone is understood without its brackets.
    let is_address = authority.parse::<Ipv6Addr>().is_ok();
    let parts = authority.split_once(':').filter(|_| !is_address);
    Ok(parts.unwrap_or((authority, "")))
}

fn read_port(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&port| digits && port != 0)
}

/// The path as clients send it: `.` and `..` are followed.
fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let all: Vec<&str> = path.split('/').skip(1).collect();
    for (index, part) in all.iter().enumerate() {
        let dots = matches!(*part, "." | "..");
        if *part == ".." {
            parts.pop();
        } else if !dots {
            parts.push(part);
        }
        if dots && index + 1 == all.len() {
            parts.push("");
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, UrlError>) {
        assert_eq!(Url::parse(text).map(|url| url.to_string()), expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn urls_that_can_be_read() {
        check("http://node-2:30080/", Ok("http://node-2:30080/"));
        check(" 10.0.0.12:8086 ", Ok("http://10.0.0.12:8086/"));
        check("//a.example.com", Ok("http://a.example.com/"));
        check("HTTPS://A.Example.COM.:443/Ab?c=d#e", Ok("https://a.example.com/Ab?c=d"));
        check("redis://[2001:DB8::1]", Ok("redis://[2001:db8::1]/"));
        check("http://[::ffff:10.0.0.1]:8080?a", Ok("http://10.0.0.1:8080/?a"));
        check("postgresql://me:se@cret@db:6000/x", Ok("postgresql://db:6000/x"));
        check("tcp://10.0.0.1:9", Ok("tcp://10.0.0.1:9/"));
        check("http://a/b/./c/../d", Ok("http://a/b/d"));
        check("http://a/b/..", Ok("http://a/"));
        check("http://a\\b", Ok("http://a/b"));
        check("2001:db8::1", Ok("http://[2001:db8::1]/"));
        check("localhost:8080", Ok("http://localhost:8080/"));
        check("http://a:/b", Ok("http://a/b"));
        check("http://\u{4f8b}\u{5b50}.cn", Ok("http://\u{4f8b}\u{5b50}.cn/"));
    }

    #[test]
    fn texts_that_are_no_url() {
        let host = |text: &str| Err(UrlError::Host(text.to_owned()));
        let port = |text: &str| Err(UrlError::Port(text.to_owned()));
        check("", Err(UrlError::NoHost));
        check("http://", Err(UrlError::NoHost));
        check("http:///path", Err(UrlError::NoHost));
        check("http://me@", Err(UrlError::NoHost));
        check("http://a b/", host("a b"));
        check("http://10.0.0", host("10.0.0"));
        check("http://10.0.0.256/", host("10.0.0.256"));
        check("http://a..b", host("a..b"));
        check("http://[::1", host("[::1"));
        check("http://[::1]8080", host("[::1]8080"));
        check("http://[fe80::1%eth0]", host("[fe80::1%eth0]"));
        check("http://a:0", port("0"));
        check("http://a:65536", port("65536"));
        check("http://a:+80", port("+80"));
        check("http://a:b:80", port("b:80"));
        check("http://[a]", host("[a]"));
        check("tcp://a", Err(UrlError::NoPort("tcp".to_owned())));
    }
}
