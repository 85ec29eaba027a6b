//! The containers of a Pod or of a pod template.

use api::quantity::Quantity;
use manifest::Tree;

use super::Page;
use crate::kubectl::tree::{at_or, int, is, joined, none_if_empty, pairs, shown, sorted_by};

/// Containers, with their statuses where there are any: the Pod and the list in its status.
pub(super) fn containers(
    label: &str,
    containers: &[Tree],
    statuses: Option<(&Tree, &str)>,
    space: &str,
    page: &mut Page,
) {
    let none = if containers.is_empty() { " <none>" } else { "" };
    page.line(0, &format!("{space}{label}:{none}"));
    let name_indent = if space.is_empty() { "" } else { " " };
    for container in containers {
        let name = container.str_at(&["name"]);
        let status = statuses.and_then(|(pod, field)| {
            pod.list_at(&["status", field]).iter().find(|status| status.str_at(&["name"]) == name)
        });
        page.line(1, &format!("{name_indent}{name}:"));
        if let Some(status) = status {
            page.field(2, "Container ID", status.str_at(&["containerID"]));
        }
        page.field(2, "Image", container.str_at(&["image"]));
        if let Some(status) = status {
            page.field(2, "Image ID", status.str_at(&["imageID"]));
        }
        for (field, label) in [("containerPort", "Port"), ("hostPort", "Host Port")] {
            let ports = ports(container, field);
            let plural = if ports.contains(',') { "s" } else { "" };
            page.field(2, &format!("{label}{plural}"), &none_if_empty(ports));
        }
        page.some(2, "SeccompProfile", container.str_at(&["securityContext", "seccompProfile", "type"]));
        for (field, label) in [("command", "Command:"), ("args", "Args:")] {
            let words = container.list_at(&[field]);
            if !words.is_empty() {
                page.line(2, label);
                for line in words
                    .iter()
                    .map(shown)
                    .flat_map(|word| word.split('\n').map(str::to_owned).collect::<Vec<_>>())
                {
                    page.line(3, &line);
                }
            }
        }
        if let Some(status) = status {
            state("State", status.get("state"), page);
            if status.at(&["lastState", "terminated"]).is_some() {
                state("Last State", status.get("lastState"), page);
            }
            page.field(2, "Ready", if is(status, &["ready"]) { "True" } else { "False" });
            page.field(2, "Restart Count", &int(status, &["restartCount"]).to_string());
        }
        if let Some(resources) = container.get("resources") {
            amounts(resources, 2, page);
        }
        for (field, label) in
            [("livenessProbe", "Liveness"), ("readinessProbe", "Readiness"), ("startupProbe", "Startup")]
        {
            if let Some(probe) = container.get(field) {
                page.field(2, label, &probe_text(probe));
            }
        }
        environment(container, statuses.map(|(pod, _)| pod), page);
        mounts(container, page);
    }
}

fn ports(container: &Tree, field: &str) -> String {
    let port = |port: &Tree| {
        let name = port.str_at(&["name"]);
        let name = if name.is_empty() { String::new() } else { format!(" ({name})") };
        format!("{}/{}{name}", int(port, &[field]), port.str_at(&["protocol"]))
    };
    container.list_at(&["ports"]).iter().map(port).collect::<Vec<_>>().join(", ")
}

/// Limits and requests.
pub(super) fn amounts(resources: &Tree, level: usize, page: &mut Page) {
    for (field, label) in [("limits", "Limits:"), ("requests", "Requests:")] {
        let list = pairs(resources.get(field));
        if !list.is_empty() {
            page.line(level, label);
            for (name, amount) in &list {
                page.field(level + 1, name, amount);
            }
        }
    }
}

fn state(name: &str, state: Option<&Tree>, page: &mut Page) {
    let of = |kind: &str| state.and_then(|state| state.get(kind));
    if let Some(running) = of("running") {
        page.field(2, name, "Running");
        page.time(3, "Started", running, &["startedAt"]);
    } else if let Some(terminated) = of("terminated") {
        page.field(2, name, "Terminated");
        page.some(3, "Reason", terminated.str_at(&["reason"]));
        page.some(3, "Message", terminated.str_at(&["message"]));
        page.field(3, "Exit Code", &int(terminated, &["exitCode"]).to_string());
        page.time(3, "Started", terminated, &["startedAt"]);
        page.time(3, "Finished", terminated, &["finishedAt"]);
    } else {
        page.field(2, name, "Waiting");
        page.some(3, "Reason", of("waiting").map_or("", |waiting| waiting.str_at(&["reason"])));
    }
}

fn probe_text(probe: &Tree) -> String {
    let seconds = |field| int(probe, &[field]);
    let attributes = format!(
        "delay={}s timeout={}s period={}s #success={} #failure={}",
        seconds("initialDelaySeconds"),
        seconds("timeoutSeconds"),
        seconds("periodSeconds"),
        seconds("successThreshold"),
        seconds("failureThreshold")
    );
    if let Some(exec) = probe.get("exec") {
        return format!("exec [{}] {attributes}", joined(exec.list_at(&["command"]), " "));
    }
    if let Some(http) = probe.get("httpGet") {
        let (scheme, host) = (http.str_at(&["scheme"]).to_lowercase(), http.str_at(&["host"]));
        let (port, path) = (at_or(http, &["port"], ""), http.str_at(&["path"]));
        return format!("http-get {scheme}://{host}:{port}{path} {attributes}");
    }
    if let Some(tcp) = probe.get("tcpSocket") {
        return format!("tcp-socket {}:{} {attributes}", tcp.str_at(&["host"]), at_or(tcp, &["port"], ""));
    }
    if let Some(grpc) = probe.get("grpc") {
        return format!("grpc <pod>:{} {} {attributes}", int(grpc, &["port"]), grpc.str_at(&["service"]));
    }
    format!("unknown {attributes}")
}

fn environment(container: &Tree, pod: Option<&Tree>, page: &mut Page) {
    let from = container.list_at(&["envFrom"]);
    if !from.is_empty() {
        page.line(2, "Environment Variables from:");
        for source in from {
            let (kind, reference) = match source.get("configMapRef") {
                Some(reference) => ("ConfigMap", Some(reference)),
                None => ("Secret", source.get("secretRef")),
            };
            let name = reference.map_or("", |reference| reference.str_at(&["name"]));
            let optional = reference.is_some_and(|reference| is(reference, &["optional"]));
            let prefix = source.str_at(&["prefix"]);
            let prefix = if prefix.is_empty() { String::new() } else { format!(" with prefix '{prefix}'") };
            page.line(3, &format!("{name}\t{kind}{prefix}\tOptional: {optional}"));
        }
    }
    let variables = container.list_at(&["env"]);
    page.line(2, if variables.is_empty() { "Environment:\t<none>" } else { "Environment:" });
    for variable in variables {
        let name = variable.str_at(&["name"]);
        let Some(source) = variable.get("valueFrom") else {
            for (index, line) in at_or(variable, &["value"], "").split('\n').enumerate() {
                let name = if index == 0 { format!("{name}:") } else { String::new() };
                page.line(3, &format!("{name}\t{line}"));
            }
            continue;
        };
        let text = if let Some(field) = source.get("fieldRef") {
            let path = field.str_at(&["fieldPath"]);
            let value = pod.map(|pod| field_value(pod, path)).unwrap_or_default();
            format!("{value} ({}:{path})", field.str_at(&["apiVersion"]))
        } else if let Some(field) = source.get("resourceFieldRef") {
            format!("{} ({})", resource_value(container, field), field.str_at(&["resource"]))
        } else {
            let (kind, key) = match source.get("secretKeyRef") {
                Some(key) => ("in secret", Some(key)),
                None => ("of config map", source.get("configMapKeyRef")),
            };
            let field = |field| key.map_or("", |key| key.str_at(&[field]));
            let optional = key.is_some_and(|key| is(key, &["optional"]));
            format!("<set to the key '{}' {kind} '{}'>\tOptional: {optional}", field("key"), field("name"))
        };
        page.field(3, name, &text);
    }
}

/// The value of `metadata.name`, `metadata.labels['app']`, `status.podIP` and so on.
fn field_value(pod: &Tree, path: &str) -> String {
    let (path, key) = path.split_once('[').map_or((path, None), |(path, key)| (path, Some(key)));
    let mut keys: Vec<&str> = path.split('.').collect();
    keys.extend(key.map(|key| key.trim_matches([']', '\'', '"'])));
    pod.at(&keys).map(shown).unwrap_or_default()
}

/// The amount that a `resourceFieldRef` names, in units of its divisor and rounded up.
fn resource_value(container: &Tree, field: &Tree) -> String {
    let resource = field.str_at(&["resource"]);
    let path: Vec<&str> = std::iter::once("resources").chain(resource.splitn(2, '.')).collect();
    let quantity = |text: String| Quantity::parse(&text).unwrap_or_default();
    let number = |amount: Quantity| {
        if matches!(resource, "limits.cpu" | "requests.cpu") { amount.milli_value() } else { amount.value() }
    };
    let amount = number(quantity(at_or(container, &path, "0")));
    let divisor = number(
        Some(quantity(at_or(field, &["divisor"], "1")))
            .filter(|by| !by.is_zero())
            .unwrap_or_else(|| quantity("1".to_owned())),
    );
    let value = amount.saturating_add(divisor - 1) / divisor.max(1);
    let is_unlimited = value == 0 && matches!(resource, "limits.cpu" | "limits.memory");
    if is_unlimited { "node allocatable".to_owned() } else { value.to_string() }
}

fn mounts(container: &Tree, page: &mut Page) {
    let mounts = container.list_at(&["volumeMounts"]).iter().collect();
    let mounts = sorted_by(mounts, |at: &&Tree| at.str_at(&["mountPath"]).to_owned());
    page.line(2, if mounts.is_empty() { "Mounts:\t<none>" } else { "Mounts:" });
    for mount in mounts {
        let mode = if is(mount, &["readOnly"]) { "ro" } else { "rw" };
        let sub = mount.str_at(&["subPath"]);
        let sub = if sub.is_empty() { String::new() } else { format!(",path={sub:?}") };
        let (path, name) = (mount.str_at(&["mountPath"]), mount.str_at(&["name"]));
        page.line(3, &format!("{path} from {name} ({mode}{sub})"));
    }
}
