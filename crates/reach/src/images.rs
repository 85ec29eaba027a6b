//! What images listen on by default (EXP section 14): the best knowledge where no port is declared.
//!
//! The table is data, [`TABLE`]; [`listeners`] reads it for one container, with what its environment and arguments move.

use std::sync::OnceLock;

use api::types::{Container, Protocol};
use manifest::sorted::SortedMap;

/// See the head of the file for its form.
const TABLE: &str = include_str!("images.txt");

/// A port that a program opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Port.
    pub port: u16,
    /// Transport.
    pub protocol: Protocol,
    /// Scheme of its URLs (EXP-URL-2).
    pub scheme: &'static str,
    /// Path of a health check; empty when none is known.
    pub health: &'static str,
    /// The address it listens on is the loopback one (EXP-HN-5).
    pub loopback: bool,
    /// Several processes may listen on it (EXP-HN-8).
    pub shared: bool,
}

/// What an image opens, and what moves its main port.
struct Entry {
    /// What stands before the last part of the repository; empty for any.
    vendor: &'static str,
    /// What the tag contains; empty for any.
    tag: &'static str,
    ports: Vec<Listener>,
    switches: &'static str,
}

/// What the image of a container opens, the main port first; empty when nothing is known.
pub fn listeners(container: &Container) -> Vec<Listener> {
    let Some(entry) = entry(&container.image) else { return Vec::new() };
    let mut found = entry.ports.clone();
    if let Some((port, loopback)) = moved(container, entry.switches) {
        if found.is_empty() {
            found.push(Listener::plain(port, Protocol::Tcp));
        }
        (found[0].port, found[0].loopback) = (port, loopback);
    }
    found
}

impl Listener {
    /// A port of which nothing else is known.
    pub(crate) fn plain(port: u16, protocol: Protocol) -> Self {
        Self { port, protocol, scheme: "", health: "", loopback: false, shared: false }
    }

    /// Reads `port[/protocol] scheme [path]`.
    fn read(text: &'static str, shared: bool) -> Option<Self> {
        let mut words = text.split_whitespace();
        let port = words.next()?;
        let (number, protocol) = match port.strip_suffix("/udp") {
            Some(number) => (number, Protocol::Udp),
            None => (port, Protocol::Tcp),
        };
        let (scheme, health) = (words.next()?, words.next().unwrap_or(""));
        Some(Self { scheme, health, shared, ..Self::plain(number.parse().ok()?, protocol) })
    }
}

/// The table by the last part of the repository, read once; entries of one part in the order of the file.
fn table() -> &'static SortedMap<&'static str, Vec<Entry>> {
    static ENTRIES: OnceLock<SortedMap<&'static str, Vec<Entry>>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        let mut entries: SortedMap<&str, Vec<Entry>> = SortedMap::new();
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        for (names, rest) in lines.filter_map(|line| line.split_once('=')) {
            let shared = rest.ends_with("!reuseport");
            let (ports, switches) = rest.trim_end_matches("!reuseport").split_once(';').unwrap_or((rest, ""));
            let ports = ports.trim_end_matches("!reuseport").split(',');
            let ports: Vec<_> = ports.filter_map(|port| Listener::read(port, shared)).collect();
            for name in names.split_whitespace() {
                let (name, tag) = name.split_once(':').unwrap_or((name, ""));
                let (vendor, last) = name.rsplit_once('/').unwrap_or(("", name));
                entries.entry(last).or_default().push(Entry { vendor, tag, ports: ports.clone(), switches });
            }
        }
        entries
    })
}

/// The scheme of the images whose main port this is, when they agree (EXP-URL-1).
pub(crate) fn scheme_of(port: u16, protocol: Protocol) -> Option<&'static str> {
    let mains = table().values().flatten().filter_map(|entry| entry.ports.first());
    let mut schemes =
        mains.filter(|main| main.port == port && main.protocol == protocol).map(|main| main.scheme);
    let first = schemes.next()?;
    schemes.all(|scheme| scheme == first).then_some(first)
}

/// The first entry for an image: by its name, by its vendor alone, or the one for any.
fn entry(image: &str) -> Option<&'static Entry> {
    let image = image.split('@').next().unwrap_or(image);
    let (before, last) = image.rsplit_once('/').unwrap_or(("", image));
    let (last, tag) = last.split_once(':').unwrap_or((last, ""));
    let fits = |entry: &&Entry| {
        let vendor =
            before.strip_suffix(entry.vendor).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
        (vendor || entry.vendor.is_empty()) && tag.contains(entry.tag)
    };
    [last, "*"].into_iter().find_map(|key| table().get(key)?.iter().find(fits))
}

/// The port to which environment or arguments move the main one, and whether it listens on loopback only (EXP-IMG-1).
fn moved(container: &Container, switches: &str) -> Option<(u16, bool)> {
    switches.split_whitespace().find_map(|switch| {
        if let Some((_, value)) = container.env.iter().rev().find(|(name, _)| name == switch) {
            return address(value);
        }
        let mut arguments = container.arguments.iter();
        while let Some(argument) = arguments.next() {
            if !switch.starts_with('-') {
                break;
            }
            let value = match argument.strip_prefix(switch) {
                Some("") => arguments.next().map(String::as_str),
                Some(rest) => rest.strip_prefix('='),
                None => None,
            };
            if let Some(found) = value.and_then(address) {
                return Some(found);
            }
        }
        None
    })
}

/// Reads `8080`, `:8080`, `127.0.0.1:8080` or `http://0.0.0.0:8080`: the port, and whether it is on loopback.
fn address(text: &str) -> Option<(u16, bool)> {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let port: u16 = port.trim_end_matches('/').parse().ok()?;
    let loopback = host == "localhost" || host == "[::1]" || host.starts_with("127.");
    (port != 0).then_some((port, loopback))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(image: &str, arguments: &[&str], env: &[(&str, &str)]) -> Container {
        Container {
            image: image.to_owned(),
            arguments: arguments.iter().map(ToString::to_string).collect(),
            env: env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..Container::default()
        }
    }

    fn ports(container: &Container) -> String {
        let ports = listeners(container);
        let ports = ports.iter().map(|at| format!("{}/{} {} {}", at.port, at.protocol, at.scheme, at.health));
        ports.map(|port| port.trim_end().to_owned()).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn images_are_found_by_the_end_of_their_repository() {
        let table = [
            ("influxdb", "8086/TCP http /ping"),
            ("docker.io/library/influxdb:2.7", "8086/TCP http /ping"),
            ("localhost:5000/team/nginx@sha256:abc", "80/TCP http"),
            ("nginxinc/nginx-unprivileged:1", "8080/TCP http"),
            ("bitnami/nginx", "8080/TCP http, 8443/TCP https"),
            ("mynginx", ""),
            ("coredns/coredns:1.11", "53/TCP dns, 53/UDP dns"),
            ("quay.io/jupyter/scipy-notebook", "8888/TCP http /api"),
            ("wordpress:6-fpm-alpine", "9000/TCP fastcgi"),
            ("wordpress:6", "80/TCP http"),
            ("haproxy", ""),
            ("example.com/app", ""),
        ];
        for (image, expected) in table {
            assert_eq!(ports(&container(image, &[], &[])), expected, "{image}");
        }
    }

    #[test]
    fn switches_move_the_main_port() {
        let table = [
            ("influxdb", "INFLUXD_HTTP_BIND_ADDRESS", ":9999", "9999/TCP http /ping"),
            ("influxdb", "PORT", "3000", "8086/TCP http /ping"),
            ("example.com/app", "PORT", "3000", "3000/TCP"),
            ("hashicorp/http-echo", "-listen", ":8080", "8080/TCP http"),
            ("redis", "--port", "6380", "6380/TCP redis"),
            ("prom/node-exporter", "--web.listen-address", "0.0.0.0:9101", "9101/TCP http /metrics"),
            ("etcd", "--listen-client-urls", "http://0.0.0.0:12379", "12379/TCP http /health, 2380/TCP http"),
        ];
        for (image, switch, value, expected) in table {
            let check = |container| assert_eq!(ports(&container), expected, "{image} {switch} {value}");
            if switch.starts_with('-') {
                check(container(image, &["run", switch, value], &[]));
                check(container(image, &[&format!("{switch}={value}")], &[]));
            } else {
                check(container(image, &[], &[(switch, value)]));
            }
        }
        let local = container("prom/node-exporter", &["--web.listen-address=127.0.0.1:9100"], &[]);
        assert!(listeners(&local)[0].loopback);
    }

    #[test]
    fn every_line_of_the_table_can_be_read() {
        for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (names, rest) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
            let written = rest.split(';').next().unwrap_or("").trim_end_matches("!reuseport");
            let written = written.split(',').filter(|port| !port.trim().is_empty()).count();
            let (name, tag) =
                names.split_whitespace().next().and_then(|n| n.split_once(':')).unwrap_or((names, ""));
            let name = name.split_whitespace().next().unwrap_or("");
            let image = format!("{}:{tag}", name.replace('*', "any"));
            assert_eq!(listeners(&container(&image, &[], &[])).len(), written, "{line}");
        }
    }
}
