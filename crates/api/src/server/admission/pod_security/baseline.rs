//! The checks of the baseline level, sorted by their identifier.

use manifest::Tree;
use manifest::sorted::SortedSet;

use super::pod::{PodView, container_sets};
use super::{Violation, containers, plural, quoted, setters};
use crate::server::error::quote;
use crate::server::request::strings_at;

/// Whether the checks that restricted ones replace are wanted too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Baseline,
    WithinRestricted,
}

type Check = fn(&PodView<'_>) -> Option<Violation>;

/// The checks, and whether the restricted level has a stricter one in their place.
const CHECKS: [(Check, bool); 12] = [
    (app_armor, false),
    (capabilities, true),
    (host_namespaces, false),
    (host_path_volumes, true),
    (host_ports, false),
    (host_probes, false),
    (privileged, false),
    (proc_mount, false),
    (selinux, false),
    (seccomp, true),
    (sysctls, false),
    (windows_host_process, false),
];

const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

const SYSCTLS: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

const SELINUX_TYPES: [&str; 5] =
    ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

pub(super) fn check(pod: &PodView<'_>, scope: Scope) -> Vec<Violation> {
    let wanted = CHECKS.iter().filter(|(_, is_replaced)| scope == Scope::Baseline || !is_replaced);
    wanted.filter_map(|(check, _)| check(pod)).collect()
}

fn violation(reason: impl Into<String>, detail: String) -> Option<Violation> {
    Some(Violation { reason: reason.into(), detail })
}

fn app_armor(pod: &PodView<'_>) -> Option<Violation> {
    let mut types = SortedSet::new();
    let mut is_bad = |profile: Option<&Tree>| {
        let kind = profile.map_or("", |profile| profile.str_at(&["type"]));
        let is_bad = !matches!(kind, "" | "RuntimeDefault" | "Localhost");
        if is_bad {
            types.insert(kind.to_owned());
        }
        is_bad
    };
    let by_pod = is_bad(pod.spec(&["securityContext", "appArmorProfile"]));
    let names = pod.names(|container| is_bad(container.at(&["securityContext", "appArmorProfile"])));
    let mut values: Vec<String> = types.into_iter().collect();
    let mut who = setters(by_pod, &names);
    let is_allowed =
        |value: &str| value.is_empty() || value == "runtime/default" || value.starts_with("localhost/");
    let annotations = strings_at(pod.tree, &["metadata", "annotations"]);
    let bad = annotations.iter().filter(|(key, value)| {
        key.starts_with("container.apparmor.security.beta.kubernetes.io/") && !is_allowed(value)
    });
    let bad: Vec<String> = bad.map(|(key, value)| format!("{key}={}", quote(value))).collect();
    if !bad.is_empty() {
        who = [who, plural("annotation", bad.len())]
            .into_iter()
            .filter(|one| !one.is_empty())
            .collect::<Vec<_>>()
            .join(" and ");
        values.extend(bad);
    }
    if values.is_empty() {
        return None;
    }
    let reason = plural("forbidden AppArmor profile", values.len());
    violation(reason, format!("{who} must not set AppArmor profile type to {}", quoted(values)))
}

fn capabilities(pod: &PodView<'_>) -> Option<Violation> {
    let mut extra = SortedSet::new();
    let names = pod.names(|container| {
        let added =
            container.list_at(&["securityContext", "capabilities", "add"]).iter().filter_map(Tree::as_str);
        let bad: Vec<_> = added.filter(|name| !CAPABILITIES.contains(name)).collect();
        extra.extend(bad.iter().copied());
        !bad.is_empty()
    });
    if names.is_empty() {
        return None;
    }
    let detail = format!(
        "{} must not include {} in securityContext.capabilities.add",
        containers(&names),
        quoted(extra)
    );
    violation("non-default capabilities", detail)
}

fn host_namespaces(pod: &PodView<'_>) -> Option<Violation> {
    let set = ["hostNetwork", "hostPID", "hostIPC"].into_iter().filter(|field| pod.is_set(&[field]));
    let set: Vec<String> = set.map(|field| format!("{field}=true")).collect();
    if set.is_empty() { None } else { violation("host namespaces", set.join(", ")) }
}

fn host_path_volumes(pod: &PodView<'_>) -> Option<Violation> {
    let volumes = pod.spec(&["volumes"]).and_then(Tree::as_list).unwrap_or(&[]).iter();
    let volumes: Vec<&str> = volumes
        .filter(|volume| volume.get("hostPath").is_some())
        .map(|volume| volume.str_at(&["name"]))
        .collect();
    if volumes.is_empty() {
        return None;
    }
    violation("hostPath volumes", format!("{} {}", plural("volume", volumes.len()), quoted(&volumes)))
}

fn host_ports(pod: &PodView<'_>) -> Option<Violation> {
    let mut ports = SortedSet::new();
    let names = pod.names(|container| {
        let all = container.list_at(&["ports"]).iter();
        let bad =
            all.filter_map(|port| port.get("hostPort").and_then(Tree::as_i64)).filter(|&port| port != 0);
        let bad: Vec<String> = bad.map(|port| port.to_string()).collect();
        let is_bad = !bad.is_empty();
        ports.extend(bad);
        is_bad
    });
    if names.is_empty() {
        return None;
    }
    let uses = if names.len() == 1 { "uses" } else { "use" };
    let list = ports.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    violation("hostPort", format!("{} {uses} {} {list}", containers(&names), plural("hostPort", ports.len())))
}

fn host_probes(pod: &PodView<'_>) -> Option<Violation> {
    const HANDLERS: [&[&str]; 5] = [
        &["livenessProbe"],
        &["readinessProbe"],
        &["startupProbe"],
        &["lifecycle", "postStart"],
        &["lifecycle", "preStop"],
    ];
    let mut hosts = SortedSet::new();
    let names = pod.names(|container| {
        let handlers = HANDLERS.iter().filter_map(|path| container.at(path));
        let found =
            handlers.flat_map(|handler| ["httpGet", "tcpSocket"].map(|kind| handler.str_at(&[kind, "host"])));
        let found: Vec<&str> = found.filter(|host| !host.is_empty()).collect();
        hosts.extend(found.iter().copied());
        !found.is_empty()
    });
    if names.is_empty() {
        return None;
    }
    let names: SortedSet<&str> = names.into_iter().collect();
    let names: Vec<&str> = names.into_iter().collect();
    let uses = if names.len() == 1 { "uses" } else { "use" };
    let what = plural("probe or lifecycle host", hosts.len());
    violation("probe or lifecycle host", format!("{} {uses} {what} {}", containers(&names), quoted(hosts)))
}

fn privileged(pod: &PodView<'_>) -> Option<Violation> {
    let names = pod.names(|container| container_sets(container, &["privileged"]));
    if names.is_empty() {
        return None;
    }
    violation("privileged", format!("{} must not set securityContext.privileged=true", containers(&names)))
}

fn proc_mount(pod: &PodView<'_>) -> Option<Violation> {
    if pod.has_user_namespace() {
        return None;
    }
    let mut types = SortedSet::new();
    let names = pod.names(|container| {
        let kind = container.str_at(&["securityContext", "procMount"]);
        let is_bad = !matches!(kind, "" | "Default");
        if is_bad {
            types.insert(kind);
        }
        is_bad
    });
    if names.is_empty() {
        return None;
    }
    let detail =
        format!("{} must not set securityContext.procMount to {}", containers(&names), quoted(types));
    violation("procMount", detail)
}

fn selinux(pod: &PodView<'_>) -> Option<Violation> {
    let (mut types, mut user, mut role) = (SortedSet::new(), false, false);
    let mut is_bad = |options: Option<&Tree>| {
        let Some(options) = options else { return false };
        let kind = options.str_at(&["type"]);
        let bad_type = !SELINUX_TYPES.contains(&kind);
        let (sets_user, sets_role) =
            (!options.str_at(&["user"]).is_empty(), !options.str_at(&["role"]).is_empty());
        if bad_type {
            types.insert(kind.to_owned());
        }
        user |= sets_user;
        role |= sets_role;
        bad_type || sets_user || sets_role
    };
    let by_pod = is_bad(pod.spec(&["securityContext", "seLinuxOptions"]));
    let names = pod.names(|container| is_bad(container.at(&["securityContext", "seLinuxOptions"])));
    let who = setters(by_pod, &names);
    if who.is_empty() {
        return None;
    }
    let types = (!types.is_empty()).then(|| format!("{} {}", plural("type", types.len()), quoted(types)));
    let user = user.then(|| "user may not be set".to_owned());
    let role = role.then(|| "role may not be set".to_owned());
    let what: Vec<String> = types.into_iter().chain(user).chain(role).collect();
    violation(
        "seLinuxOptions",
        format!("{who} set forbidden securityContext.seLinuxOptions: {}", what.join("; ")),
    )
}

fn seccomp(pod: &PodView<'_>) -> Option<Violation> {
    bad_seccomp(pod)
}

/// Profiles that are set to something that neither level allows.
pub(super) fn bad_seccomp(pod: &PodView<'_>) -> Option<Violation> {
    let mut types = SortedSet::new();
    let mut is_bad = |profile: Option<&Tree>| {
        let Some(profile) = profile else { return false };
        let kind = profile.str_at(&["type"]);
        let is_bad = !matches!(kind, "RuntimeDefault" | "Localhost");
        if is_bad {
            types.insert(kind.to_owned());
        }
        is_bad
    };
    let by_pod = is_bad(pod.spec(&["securityContext", "seccompProfile"]));
    let names = pod.names(|container| is_bad(container.at(&["securityContext", "seccompProfile"])));
    let who = setters(by_pod, &names);
    if who.is_empty() {
        return None;
    }
    violation(
        "seccompProfile",
        format!("{who} must not set securityContext.seccompProfile.type to {}", quoted(types)),
    )
}

fn sysctls(pod: &PodView<'_>) -> Option<Violation> {
    let all = pod.spec(&["securityContext", "sysctls"]).and_then(Tree::as_list).unwrap_or(&[]).iter();
    let bad: Vec<&str> =
        all.map(|one| one.str_at(&["name"])).filter(|name| !SYSCTLS.contains(name)).collect();
    if bad.is_empty() { None } else { violation("forbidden sysctls", bad.join(", ")) }
}

fn windows_host_process(pod: &PodView<'_>) -> Option<Violation> {
    let names = pod.names(|container| container_sets(container, &["windowsOptions", "hostProcess"]));
    let who = setters(pod.is_set(&["securityContext", "windowsOptions", "hostProcess"]), &names);
    if who.is_empty() {
        return None;
    }
    violation("hostProcess", format!("{who} must not set securityContext.windowsOptions.hostProcess=true"))
}
