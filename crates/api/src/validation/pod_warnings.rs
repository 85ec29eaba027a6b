//! Warnings about pods and pod templates (WARN-POD, WARN-RES).

use manifest::sorted::SortedMap;

use super::codes;
use super::field::{Field, quote};
use super::overlap;
use super::pod_os;
use super::resources;
use super::warnings::{self, Warnings};

const DEPRECATED_LABELS: &[(&str, &str)] = &[
    ("beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead"),
    ("beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead"),
    (
        "failure-domain.beta.kubernetes.io/region",
        "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
    ),
    (
        "failure-domain.beta.kubernetes.io/zone",
        "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
    ),
    (
        "beta.kubernetes.io/instance-type",
        "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
    ),
    ("app.kubernetes.io/created-by", "deprecated since v1.9"),
    (
        "scheduler.alpha.kubernetes.io/preferAvoidPods",
        "deprecated since v1.22; use Taints and Tolerations instead",
    ),
    ("node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead"),
];

/// What to use instead of an old node label (WARN-POD-6).
pub(crate) fn deprecated_node_label(key: &str) -> Option<&'static str> {
    DEPRECATED_LABELS.iter().find(|(known, _)| *known == key).map(|(_, message)| *message)
}

const DEPRECATED_ANNOTATIONS: &[(&str, &str)] = &[
    (
        "scheduler.alpha.kubernetes.io/critical-pod",
        "non-functional in v1.16+; use the \"priorityClassName\" field instead",
    ),
    ("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
    (
        "security.alpha.kubernetes.io/unsafe-sysctls",
        "non-functional in v1.11+; use the \"sysctls\" field instead",
    ),
];

/// Volume sources that are on their way out: JSON name, name in the path, text.
const DEPRECATED_VOLUMES: &[(&str, &str, &str)] = &[
    ("photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

/// A Pod, or a template with its path.
pub(crate) fn pod(out: &mut Warnings, pod: &Field<'_>) {
    let (spec, notes) = (pod.child("spec"), pod.at("metadata.annotations"));
    node_labels(out, &spec);
    for (key, detail) in DEPRECATED_ANNOTATIONS {
        let note = notes.key(key);
        if note.exists() {
            out.at(&note, codes::WARN_DEPRECATED, detail);
        }
    }
    for volume in spec.child("volumes").items() {
        for (name, shown, detail) in DEPRECATED_VOLUMES {
            let source = volume.child(name);
            if source.exists() {
                out.at(&source.shown_as(&volume, shown), codes::WARN_DEPRECATED, detail);
            }
        }
        let claim = volume.at("ephemeral.volumeClaimTemplate.spec");
        if claim.exists() {
            warnings::claim_spec(out, &claim);
        }
    }
    for volume in spec.child("volumes").items() {
        overlap::files(out, &volume);
    }
    repeated(out, &spec.child("hostAliases"), "ip", "ip");
    repeated(out, &spec.child("imagePullSecrets"), "name", "name");
    for secret in spec.child("imagePullSecrets").items() {
        let name = secret.child("name");
        if name.str().is_empty() {
            out.at(&name, codes::REQUIRED, "invalid empty name \"\"");
        }
    }
    for name in ["memory", "ephemeral-storage"] {
        fraction(out, &spec.child("overhead").key(name));
    }
    let seccomp = notes.key("seccomp.security.alpha.kubernetes.io/pod");
    if seccomp.exists() && !spec.at("securityContext.seccompProfile").exists() {
        out.at(
            &seccomp,
            codes::WARN_DEPRECATED,
            "non-functional in v1.27+; use the \"seccompProfile\" field instead",
        );
    }
    for container in pod_os::all_containers(&spec) {
        container_warnings(out, pod, &container, &notes);
    }
    ports(out, &spec);
    let grace = spec.child("terminationGracePeriodSeconds");
    if grace.number() < 0 {
        out.at(
            &grace,
            codes::NUMBER_RANGE,
            "must be >= 0; negative values are invalid and will be treated as 1",
        );
    }
    null_selectors(out, &spec.child("affinity"));
    for server in spec.at("dnsConfig.nameservers").items() {
        warnings::address_warning(out, &server);
    }
    for alias in spec.child("hostAliases").items() {
        warnings::address_warning(out, &alias.child("ip"));
    }
}

/// WARN-POD-5, WARN-POD-6.
fn node_labels(out: &mut Warnings, spec: &Field<'_>) {
    for (key, entry) in spec.child("nodeSelector").entries() {
        if let Some(message) = deprecated_node_label(key) {
            out.at(&entry, codes::WARN_DEPRECATED, message);
        }
    }
    let affinity = spec.at("affinity.nodeAffinity");
    for term in affinity.at("requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms").items() {
        node_selector_term(out, &term);
    }
    for term in affinity.child("preferredDuringSchedulingIgnoredDuringExecution").items() {
        let preference = term.child("preference");
        for requirement in preference.child("matchExpressions").items() {
            key_warning(out, &requirement.child("key"));
            for value in requirement.child("values").items() {
                for problem in super::names::label_value(value.str()) {
                    out.at(&value, codes::LABEL_VALUE, &format!("{} is invalid, {problem}", value.str()));
                }
            }
        }
    }
    for constraint in spec.child("topologySpreadConstraints").items() {
        key_warning(out, &constraint.child("topologyKey"));
        let selector = constraint.child("labelSelector");
        if !selector.exists() {
            out.at(&selector, codes::WARN_NULL_SELECTOR, "a null labelSelector results in matching no pod");
        }
    }
}

fn key_warning(out: &mut Warnings, key: &Field<'_>) {
    if let Some(message) = deprecated_node_label(key.str()) {
        out.at(key, codes::WARN_DEPRECATED, &format!("{} is {message}", key.str()));
    }
}

/// Old labels in a node selector term.
pub(crate) fn node_selector_term(out: &mut Warnings, term: &Field<'_>) {
    for requirement in term.child("matchExpressions").items() {
        key_warning(out, &requirement.child("key"));
    }
}

fn null_selectors(out: &mut Warnings, affinity: &Field<'_>) {
    for kind in ["podAffinity", "podAntiAffinity"] {
        let kind = affinity.child(kind);
        let required = kind.child("requiredDuringSchedulingIgnoredDuringExecution").items();
        let preferred = kind.child("preferredDuringSchedulingIgnoredDuringExecution").items();
        let terms = required.into_iter().chain(preferred.iter().map(|term| term.child("podAffinityTerm")));
        for selector in terms.map(|term| term.child("labelSelector")).filter(|selector| !selector.exists()) {
            out.at(&selector, codes::WARN_NULL_SELECTOR, "a null labelSelector results in matching no pod");
        }
    }
}

fn repeated(out: &mut Warnings, list: &Field<'_>, name: &str, what: &str) {
    let mut seen: Vec<&str> = Vec::new();
    for item in list.items() {
        let field = item.child(name);
        if seen.contains(&field.str()) {
            out.at(&field, codes::WARN_DUPLICATE, &format!("duplicate {what} {}", quote(field.str())));
        } else {
            seen.push(field.str());
        }
    }
}

/// WARN-RES-1.
pub(crate) fn fraction(out: &mut Warnings, field: &Field<'_>) {
    if let Some(amount) = resources::amount(field).filter(|amount| amount.milli_value() % 1000 != 0) {
        let detail =
            format!("fractional byte value {} is invalid, must be an integer", quote(&amount.to_string()));
        out.at(field, codes::WARN_FRACTION, &detail);
    }
}

fn container_warnings(out: &mut Warnings, pod: &Field<'_>, container: &Field<'_>, notes: &Field<'_>) {
    let name = container.child("name").str();
    let context = container.child("securityContext");
    let seccomp = notes.key(&format!("container.seccomp.security.alpha.kubernetes.io/{name}"));
    if seccomp.exists() && !context.child("seccompProfile").exists() {
        out.at(
            &seccomp,
            codes::WARN_DEPRECATED,
            "non-functional in v1.27+; use the \"seccompProfile\" field instead",
        );
    }
    let armor = notes.key(&format!("container.apparmor.security.beta.kubernetes.io/{name}"));
    let has_field =
        context.child("appArmorProfile").exists() || pod.at("spec.securityContext.appArmorProfile").exists();
    if armor.exists() && !has_field {
        out.at(
            &armor,
            codes::WARN_DEPRECATED,
            "deprecated since v1.30; use the \"appArmorProfile\" field instead",
        );
    }
    for resource in ["memory", "ephemeral-storage"] {
        for list in ["limits", "requests"] {
            fraction(out, &container.child("resources").child(list).key(resource));
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for variable in container.child("env").items() {
        let (name, value) = (variable.child("name").str(), variable.child("value").str());
        if !seen.contains(&name) {
            seen.push(name);
            continue;
        }
        let reference = format!("$({name})");
        if variable.child("valueFrom").exists() || value == reference || !value.contains(&reference) {
            let name = quote(name);
            let detail =
                format!("hides previous definition of {name}, which may be dropped when using apply");
            out.at(&variable, codes::WARN_DUPLICATE_ENV, &detail);
        }
    }
}

/// What matters of a port when it is compared with others.
struct Declared<'a> {
    field: Field<'a>,
    number: i64,
    protocol: &'a str,
    host_port: i64,
    host_ip: &'a str,
}

impl<'a> Declared<'a> {
    fn of(field: Field<'a>) -> Self {
        Self {
            number: field.child("containerPort").number(),
            protocol: field.child("protocol").str(),
            host_port: field.child("hostPort").number(),
            host_ip: field.child("hostIP").str(),
            field,
        }
    }

    /// How two ports with the same number and protocol relate.
    fn relation(&self, other: &Self) -> Option<&'static str> {
        if self.number != other.number || self.protocol != other.protocol {
            None
        } else if self.host_ip == other.host_ip && self.host_port == other.host_port {
            Some("duplicate")
        } else if self.host_port == 0 || other.host_port == 0 {
            Some("overlapping")
        } else if self.host_port == other.host_port && self.host_ip.is_empty() != other.host_ip.is_empty() {
            Some("dangerously ambiguous")
        } else {
            None
        }
    }
}

/// WARN-POD-1 to WARN-POD-3.
fn ports(out: &mut Warnings, spec: &Field<'_>) {
    let mut all: Vec<Declared<'_>> = Vec::new();
    for container in pod_os::all_containers(spec) {
        for port in container.child("ports").items().into_iter().map(Declared::of) {
            if !port.host_ip.is_empty() && port.host_port == 0 {
                let detail = format!("hostIP set without hostPort: {}", printed(&port.field));
                out.at(&port.field, codes::WARN_HOST_IP, &detail);
            }
            for other in &all {
                if out.is_full() {
                    break;
                }
                if let Some(relation) = port.relation(other) {
                    let detail = format!("{relation} port definition with {}", other.field.path());
                    out.at(&port.field, codes::WARN_DUPLICATE_PORT, &detail);
                }
            }
            all.push(port);
        }
    }
    let mut named: SortedMap<&str, &Field<'_>> = SortedMap::new();
    for port in all.iter().map(|port| &port.field) {
        let name = port.child("name").str();
        if let Some(first) = named.get(name) {
            let (shown, first) = (quote(name), first.path());
            let detail = format!(
                "duplicate port name {shown} with {first}, services and probes that select ports by name will use {first}"
            );
            out.at(port, codes::WARN_DUPLICATE_PORT, &detail);
        } else if !name.is_empty() {
            named.insert(name, port);
        }
    }
}

/// A port as Go's `%+v` prints it.
fn printed(port: &Field<'_>) -> String {
    format!(
        "{{Name:{} HostPort:{} ContainerPort:{} Protocol:{} HostIP:{}}}",
        port.child("name").str(),
        port.child("hostPort").number(),
        port.child("containerPort").number(),
        port.child("protocol").str(),
        port.child("hostIP").str()
    )
}
