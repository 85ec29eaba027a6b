//! Port numbers and names, and what concerns the ports of containers (VAL-NUM-1, VAL-PORTNAME-1, VAL-PORT-1 to VAL-PORT-7).

use super::codes;
use super::errors::{Errors, range_text};
use super::field::{Field, quote};
use manifest::sorted::SortedSet;

/// The protocols, in the order in which they are listed.
pub(crate) const PROTOCOLS: &[&str] = &["SCTP", "TCP", "UDP"];

/// What is wrong with a port name (VAL-PORTNAME-1).
pub(crate) fn port_name(name: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if name.len() > 15 {
        errors.push("must be no more than 15 characters");
    }
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || !name.bytes().all(allowed) {
        errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if !name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        errors.push("must contain at least one letter (a-z)");
    }
    if name.contains("--") {
        errors.push("must not contain consecutive hyphens");
    }
    if name.starts_with('-') || name.ends_with('-') {
        errors.push("must not begin or end with a hyphen");
    }
    errors.into_iter().map(str::to_owned).collect()
}

/// The integer must be a port number; absent counts as 0.
pub(crate) fn port_number(errors: &mut Errors, field: &Field<'_>) {
    let port = field.number();
    if !(1..=65535).contains(&port) {
        errors.invalid(field, codes::PORT_RANGE, &port.to_string(), &range_text(1, 65535));
    }
}

/// A port number or a port name (VAL-PROBE-2, VAL-SVC-3).
pub(crate) fn port_number_or_name(errors: &mut Errors, field: &Field<'_>) {
    if field.tree().and_then(manifest::Tree::as_str).is_some() {
        errors.invalid_text(field, codes::PORT_NAME, port_name(field.str()));
    } else {
        port_number(errors, field);
    }
}

/// The ports of one container (VAL-PORT-1 to VAL-PORT-4).
pub(crate) fn container_ports(errors: &mut Errors, ports: &Field<'_>) {
    let mut names = SortedSet::new();
    for port in ports.items() {
        let name = port.child("name");
        if !name.str().is_empty() {
            let messages = port_name(name.str());
            if !messages.is_empty() {
                errors.invalid_text(&name, codes::PORT_NAME, messages);
            } else if !names.insert(name.str()) {
                errors.duplicate(&name, &name.quoted(), "");
            }
        }
        let container_port = port.child("containerPort");
        if container_port.number() == 0 {
            errors.required(&container_port, "");
        } else {
            port_number(errors, &container_port);
        }
        let host_port = port.child("hostPort");
        if host_port.number() != 0 {
            port_number(errors, &host_port);
        }
        errors.required_one_of(&port.child("protocol"), PROTOCOLS);
    }
}

/// No two of the containers may want the same host port (VAL-PORT-5). `shown` gives the path of a container by its
/// position in the slice, which for init containers is not its real one (VAL-PORT-6).
pub(crate) fn host_port_conflicts(errors: &mut Errors, containers: &[Field<'_>], list: &Field<'_>) {
    let mut seen = SortedSet::new();
    for (index, container) in containers.iter().enumerate() {
        for (port_index, port) in container.child("ports").items().iter().enumerate() {
            let host_port = port.child("hostPort");
            if host_port.number() == 0 {
                continue;
            }
            let protocol = port.child("protocol");
            let wanted = format!("{}/{}/{}", protocol.str(), port.child("hostIP").str(), host_port.number());
            if seen.contains(&wanted) {
                let path = format!("{}[{index}].ports[{port_index}].hostPort", list.path());
                errors.duplicate(&host_port.with_path(path), &quote(&wanted), "");
                errors.coded(codes::HOSTPORT_CONFLICT);
            } else {
                seen.insert(wanted);
            }
        }
    }
}

/// Whether the spec belongs to a Pod, in which defaulting has filled in host ports, or to a template, in which 0 is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A Pod.
    Pod,
    /// The template of a workload.
    Template,
}

/// Under `hostNetwork` host ports equal container ports (VAL-PORT-7).
pub(crate) fn host_network_ports(errors: &mut Errors, spec: &Field<'_>, owner: Owner) {
    if !spec.child("hostNetwork").is_true() {
        return;
    }
    for container in spec.child("containers").items() {
        for port in container.child("ports").items() {
            let host_port = port.child("hostPort");
            let unset_is_fine = owner == Owner::Template && host_port.number() == 0;
            if !unset_is_fine && host_port.number() != port.child("containerPort").number() {
                let value = host_port.number().to_string();
                let detail = "must match `containerPort` when `hostNetwork` is true";
                errors.invalid(&host_port, codes::HOSTPORT_MISMATCH, &value, detail);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::port_name;

    #[test]
    fn port_names() {
        let table: [(&str, &[&str]); 6] = [
            ("http", &[]),
            ("HTTP", &["must contain only", "must contain at least one letter"]),
            ("80", &["must contain at least one letter"]),
            ("a--b", &["must not contain consecutive"]),
            ("-a", &["must not begin"]),
            ("a-name-that-is-too-long", &["must be no more than 15 characters"]),
        ];
        for (name, starts) in table {
            let found = port_name(name);
            assert_eq!(found.len(), starts.len(), "{name}: {found:?}");
            assert!(
                found.iter().zip(starts).all(|(found, start)| found.starts_with(start)),
                "{name}: {found:?}"
            );
        }
    }
}
