//! What images listen on by default (EXP section 14): the best knowledge where no port is declared.
//!
//! The table is data, [`TABLE`]; [`listeners`] reads it for one container, with what its environment and arguments move.

use api::types::{Container, Protocol};

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

/// What the image of a container opens, the main port first; empty when nothing is known.
pub fn listeners(container: &Container) -> Vec<Listener> {
    let Some((ports, switches, shared)) = entry(&container.image) else { return Vec::new() };
    let mut found: Vec<Listener> = ports.split(',').filter_map(|port| listener(port, shared)).collect();
    if let Some((port, loopback)) = moved(container, switches) {
        match found.first_mut() {
            Some(main) => (main.port, main.loopback) = (port, loopback),
            None => found.push(Listener {
                port,
                protocol: Protocol::Tcp,
                scheme: "",
                health: "",
                loopback,
                shared: false,
            }),
        }
    }
    found
}

/// One `port[/protocol] scheme [path]`.
fn listener(text: &'static str, shared: bool) -> Option<Listener> {
    let mut words = text.split_whitespace();
    let (port, protocol) = match words.next()?.split_once('/') {
        Some((port, _)) => (port, Protocol::Udp),
        None => (text.split_whitespace().next()?, Protocol::Tcp),
    };
    Some(Listener {
        port: port.parse().ok()?,
        protocol,
        scheme: words.next().unwrap_or(""),
        health: words.next().unwrap_or(""),
        loopback: false,
        shared,
    })
}

/// Ports, switches and whether ports are shared, of the first entry for an image.
fn entry(image: &str) -> Option<(&'static str, &'static str, bool)> {
    let image = image.split('@').next().unwrap_or(image);
    let start = image.rfind('/').map_or(0, |slash| slash + 1);
    let (repository, tag) = match image[start..].find(':') {
        Some(colon) => (&image[..start + colon], &image[start + colon + 1..]),
        None => (image, ""),
    };
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).find_map(|(names, rest)| {
        names.split_whitespace().any(|name| is_named(name, repository, tag)).then(|| {
            let shared = rest.contains("!reuseport");
            let rest = rest.trim_end_matches("!reuseport");
            let (ports, switches) = rest.split_once(';').unwrap_or((rest, ""));
            (ports, switches, shared)
        })
    })
}

/// Whether a repository ends in a name of the table, and the tag has the part that the name wants.
fn is_named(name: &str, repository: &str, tag: &str) -> bool {
    let (name, part) = name.split_once(':').unwrap_or((name, ""));
    let ends = |repository: &str, name: &str| {
        repository.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    let named = match name.strip_suffix("/*") {
        Some(vendor) => repository.rsplit_once('/').is_some_and(|(before, _)| ends(before, vendor)),
        None => name == "*" || ends(repository, name),
    };
    named && tag.contains(part)
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
        let table: [(&str, &[&str], &[(&str, &str)], &str); 7] = [
            ("influxdb", &[], &[("INFLUXD_HTTP_BIND_ADDRESS", ":9999")], "9999/TCP http /ping"),
            ("hashicorp/http-echo", &["-listen=:8080", "-text=hi"], &[], "8080/TCP http"),
            ("redis", &["redis-server", "--port", "6380"], &[], "6380/TCP redis"),
            ("prom/node-exporter", &["--web.listen-address=0.0.0.0:9101"], &[], "9101/TCP http /metrics"),
            (
                "etcd",
                &["--listen-client-urls=http://0.0.0.0:12379"],
                &[],
                "12379/TCP http /health, 2380/TCP http",
            ),
            ("example.com/app", &[], &[("PORT", "3000")], "3000/TCP"),
            ("influxdb", &[], &[("PORT", "3000")], "8086/TCP http /ping"),
        ];
        for (image, arguments, env, expected) in table {
            assert_eq!(ports(&container(image, arguments, env)), expected, "{image} {arguments:?} {env:?}");
        }
        let local = container("prom/node-exporter", &["--web.listen-address=127.0.0.1:9100"], &[]);
        assert!(listeners(&local)[0].loopback);
    }

    #[test]
    fn every_line_of_the_table_can_be_read() {
        for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (_, rest) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
            let ports = rest.trim_end_matches("!reuseport").split(';').next().unwrap_or("");
            for port in ports.split(',').filter(|port| !port.trim().is_empty()) {
                let words: Vec<_> = port.split_whitespace().collect();
                let read = words[0].trim_end_matches("/udp").parse::<u16>().is_ok();
                assert!(read && (2..=3).contains(&words.len()), "{line}");
            }
        }
    }
}
