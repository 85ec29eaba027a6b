//! What ways in a recording holds, worked out from its objects, pods, nodes and EndpointSlices alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::recording::list_of;

/// A way in as both sides tell it: its name, and what is known of it.
pub(super) type Ways = BTreeMap<String, String>;

/// One recorded state.
pub(super) struct Recorded<'a> {
    /// A record of the result.
    pub(super) record: &'a Value,
    pub(super) nodes: &'a [Value],
}

/// Pods and nodes of the endpoints that take connections.
#[derive(Default)]
struct Ready {
    pods: BTreeSet<String>,
    nodes: BTreeSet<String>,
}

impl Recorded<'_> {
    /// All ways in whose ports are declared.
    pub(super) fn ways(&self) -> Ways {
        let mut ways = Ways::new();
        for pod in self.pods() {
            self.of_pod(pod, &mut ways);
        }
        for object in self.objects("Service") {
            self.of_service(object, &mut ways);
        }
        for object in self.objects("Ingress") {
            self.of_ingress(object, &mut ways);
        }
        ways
    }

    /// The pods that hold something.
    fn pods(&self) -> impl Iterator<Item = &Value> {
        let is_over = |pod: &&Value| matches!(pod["phase"].as_str(), Some("Succeeded" | "Failed"));
        list_of(&self.record["pods"]).iter().filter(move |pod| pod["nodeName"].is_string() && !is_over(pod))
    }

    fn objects(&self, kind: &str) -> impl Iterator<Item = &Value> {
        list_of(&self.record["objects"]).iter().filter(move |object| object["kind"] == kind)
    }

    /// Names of the pod's init containers, each with whether it is a sidecar.
    fn init_containers(&self, pod: &Value) -> BTreeMap<&str, bool> {
        let revision = |labels: &Value| {
            (labels["pod-template-hash"].clone(), labels["controller-revision-hash"].clone())
        };
        let stands_for = |object: &&Value| {
            let (metadata, owner) = (&object["metadata"], &object["metadata"]["ownerReferences"][0]);
            metadata["namespace"] == pod["namespace"]
                && if pod["owner"].is_object() {
                    owner["kind"] == pod["owner"]["kind"]
                        && owner["name"] == pod["owner"]["name"]
                        && revision(&metadata["labels"]) == revision(&pod["labels"])
                } else {
                    metadata["name"] == pod["name"]
                }
        };
        let object = self.objects("Pod").find(stands_for);
        let containers = object.map(|object| list_of(&object["spec"]["initContainers"])).unwrap_or_default();
        containers.iter().map(|at| (text(at, "name"), at["restartPolicy"] == "Always")).collect()
    }

    fn of_pod(&self, pod: &Value, ways: &mut Ways) {
        let init = self.init_containers(pod);
        let kind = if pod["hostNetwork"] == true { "HostNetwork" } else { "HostPort" };
        for port in list_of(&pod["ports"]) {
            let sidecar = init.get(text(port, "container"));
            if sidecar == Some(&false) || port["hostPort"].as_u64().unwrap_or(0) == 0 {
                continue;
            }
            let address = match text(port, "hostIP") {
                // The recorded nodes have no IPv6 addresses.
                "::" if kind == "HostPort" => continue,
                specific if kind == "HostPort" && !matches!(specific, "" | "0.0.0.0") => specific,
                _ => text(pod, "hostIP"),
            };
            let name = format!("{kind} {}/{}", text(pod, "namespace"), text(pod, "name"));
            ways.insert(
                format!("{name} {}/{} at {address}", port["hostPort"], protocol(port)),
                format!("on {} to {}", text(pod, "nodeName"), port["containerPort"]),
            );
        }
    }

    fn of_service(&self, service: &Value, ways: &mut Ways) {
        let spec = &service["spec"];
        if spec["type"] == "ExternalName" || spec["clusterIP"] == "None" {
            return;
        }
        let name = full_name(service);
        for port in list_of(&spec["ports"]) {
            let ready = self.ready(service, text(port, "name"), protocol(port));
            let pods = join(&ready.pods);
            if let Some(number) = port["nodePort"].as_u64().filter(|number| *number != 0) {
                let local = spec["externalTrafficPolicy"] == "Local" && !ready.nodes.is_empty();
                let nodes = self.nodes.iter().filter(|node| node["ready"] != false);
                let nodes = nodes.filter(|node| !local || ready.nodes.contains(text(node, "name")));
                let addresses: BTreeSet<String> = nodes.map(internal_ip).collect();
                ways.insert(
                    format!("NodePort {name} {number}/{}", protocol(port)),
                    format!("at {} to {pods}", join(&addresses)),
                );
            }
            let outer = format!("{}/{}", port["port"], protocol(port));
            if spec["type"] == "LoadBalancer" {
                ways.insert(format!("LoadBalancer {name} {outer}"), format!("to {pods}"));
            }
            let families = list_of(&spec["ipFamilies"]);
            let of_family = |ip: &&str| families.iter().any(|at| (at == "IPv6") == ip.contains(':'));
            for ip in list_of(&spec["externalIPs"]).iter().filter_map(Value::as_str).filter(of_family) {
                ways.insert(format!("ExternalIp {name} {outer} at {ip}"), format!("to {pods}"));
            }
        }
    }

    fn of_ingress(&self, ingress: &Value, ways: &mut Ways) {
        let spec = &ingress["spec"];
        let name = full_name(ingress);
        let scheme = |host: &str| {
            let tls = list_of(&spec["tls"]).iter().any(|tls| {
                let hosts = list_of(&tls["hosts"]);
                let covers = |named: &str| match named.strip_prefix("*.") {
                    Some(suffix) => host.split_once('.').is_some_and(|(_, rest)| rest == suffix),
                    None => false,
                };
                hosts.is_empty()
                    || hosts
                        .iter()
                        .filter_map(Value::as_str)
                        .any(|named| !host.is_empty() && (named.eq_ignore_ascii_case(host) || covers(named)))
            });
            if tls { "https" } else { "http" }
        };
        let mut add = |host: &str, path: &str, backend: &Value| {
            let pods = self.behind(ingress, backend);
            ways.insert(format!("Ingress {name} {host}{path}"), format!("by {} to {pods}", scheme(host)));
        };
        for rule in list_of(&spec["rules"]) {
            let host = text(rule, "host");
            for path in list_of(&rule["http"]["paths"]) {
                add(host, text(path, "path"), &path["backend"]);
            }
            if list_of(&rule["http"]["paths"]).is_empty() && spec["defaultBackend"].is_object() {
                add(host, " default", &spec["defaultBackend"]);
            }
        }
        if spec["defaultBackend"].is_object() {
            add("", " default", &spec["defaultBackend"]);
        }
    }

    /// The pods behind a backend, as [`join`] writes them.
    fn behind(&self, ingress: &Value, backend: &Value) -> String {
        let (wanted, service) = (&backend["service"], text(&backend["service"], "name"));
        let namespace = text(&ingress["metadata"], "namespace");
        let is_meant = |object: &&Value| {
            object["metadata"]["name"] == service && object["metadata"]["namespace"] == namespace
        };
        let Some(service) = self.objects("Service").find(is_meant) else { return String::new() };
        let fits = |port: &&Value| match wanted["port"]["number"].as_u64() {
            Some(number) => port["port"] == number,
            None => port["name"] == wanted["port"]["name"],
        };
        let Some(port) = list_of(&service["spec"]["ports"]).iter().find(fits) else { return String::new() };
        join(&self.ready(service, text(port, "name"), protocol(port)).pods)
    }

    /// The ready endpoints of a port, from the EndpointSlices of the Service's first family.
    fn ready(&self, service: &Value, name: &str, protocol: &str) -> Ready {
        let metadata = &service["metadata"];
        let family = service["spec"]["ipFamilies"][0].as_str().unwrap_or("IPv4");
        let slices = list_of(&self.record["endpoints"]).iter().filter(|slice| {
            slice["namespace"] == metadata["namespace"]
                && slice["service"] == metadata["name"]
                && slice["addressType"] == family
                && list_of(&slice["ports"]).iter().any(|port| {
                    port["name"].as_str().unwrap_or_default() == name && port["protocol"] == protocol
                })
        });
        let mut ready = Ready::default();
        for endpoint in slices.flat_map(|slice| list_of(&slice["endpoints"])) {
            // An endpoint that somebody wrote has no pod.
            if endpoint["ready"] == true && endpoint["pod"].is_string() {
                ready.pods.insert(format!("{}/{}", text(metadata, "namespace"), text(endpoint, "pod")));
                ready.nodes.insert(text(endpoint, "node").to_owned());
            }
        }
        ready
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn protocol(port: &Value) -> &str {
    port["protocol"].as_str().unwrap_or("TCP")
}

fn full_name(object: &Value) -> String {
    format!("{}/{}", text(&object["metadata"], "namespace"), text(&object["metadata"], "name"))
}

fn internal_ip(node: &Value) -> String {
    let mut addresses = list_of(&node["addresses"]).iter();
    let internal = addresses.find(|at| at["type"] == "InternalIP");
    internal.map_or_else(String::new, |at| text(at, "address").to_owned())
}

/// A set in one line.
pub(super) fn join(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
