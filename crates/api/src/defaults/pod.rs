//! Pods and the templates of pods (DEF-POD rules).

use manifest::Tree;

use super::pod_resources;
use super::set::{each, inside, is_zero, missing, object, resource_list, unset};
use super::volumes;

/// Defaults of a Pod: those of every pod spec, and those that appear on Pods alone (DEF-POD-5 to DEF-POD-8).
pub fn pod(tree: &mut Tree) {
    let Some(spec) = object(tree, "spec") else { return };
    pod_spec(spec);
    for list in ["containers", "initContainers"] {
        each(spec, list, pod_resources::requests_from_limits);
    }
    pod_resources::pod_level(spec);
    missing(spec, "enableServiceLinks", true);
    if spec.get("hostNetwork").and_then(Tree::as_bool) == Some(true) {
        for list in ["containers", "initContainers"] {
            each(spec, list, |container| each(container, "ports", host_port));
        }
    }
}

/// Defaults of a template; give it the spec that holds it under `template`.
pub fn pod_template(workload_spec: &mut Tree) {
    let Some(template) = object(workload_spec, "template") else { return };
    object(template, "metadata");
    if let Some(spec) = object(template, "spec") {
        pod_spec(spec);
    }
}

/// What Pods and templates share (DEF-POD-1 to DEF-POD-4).
fn pod_spec(spec: &mut Tree) {
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        each(spec, list, container);
    }
    each(spec, "volumes", volumes::volume);
    unset(spec, "restartPolicy", "Always");
    missing(spec, "terminationGracePeriodSeconds", 30);
    unset(spec, "dnsPolicy", "ClusterFirst");
    missing(spec, "securityContext", manifest::Map::default());
    unset(spec, "schedulerName", "default-scheduler");
    resource_list(spec, "overhead");
    inside(spec, &["resources"], |resources| {
        resource_list(resources, "limits");
        resource_list(resources, "requests");
    });
    service_account(spec);
    drop_disabled(spec);
}

/// The registries drop what belongs to feature gates that are off in 1.36: ContainerStopSignals, ClusterTrustBundleProjection,
/// PodCertificateRequest and GenericWorkload.
fn drop_disabled(spec: &mut Tree) {
    let remove = |tree: &mut Tree, key: &str| tree.as_map_mut().and_then(|map| map.remove(key)).is_some();
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        each(spec, list, |container| {
            let lifecycle = container.get_mut("lifecycle");
            if lifecycle.is_some_and(|hooks| remove(hooks, "stopSignal") && is_zero(hooks)) {
                remove(container, "lifecycle");
            }
        });
    }
    each(spec, "volumes", |volume| {
        inside(volume, &["projected"], |projected| {
            each(projected, "sources", |source| {
                remove(source, "clusterTrustBundle");
                remove(source, "podCertificate");
            });
        });
    });
    remove(spec, "schedulingGroup");
}

/// The deprecated field and its successor always agree; the successor decides (DEF-POD-8).
fn service_account(spec: &mut Tree) {
    let name = [spec.str_at(&["serviceAccountName"]), spec.str_at(&["serviceAccount"])];
    let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or("").to_owned();
    if !name.is_empty() {
        unset(spec, "serviceAccountName", name.clone());
        if spec.str_at(&["serviceAccount"]) != name
            && let Some(map) = spec.as_map_mut()
        {
            map.insert("serviceAccount", Tree::added(name));
        }
    }
}

fn container(container: &mut Tree) {
    let policy = if is_latest(container.str_at(&["image"])) { "Always" } else { "IfNotPresent" };
    each(container, "ports", |port| unset(port, "protocol", "TCP"));
    each(container, "env", |variable| {
        inside(variable, &["valueFrom", "fieldRef"], volumes::field_ref);
        inside(variable, &["valueFrom", "resourceFieldRef"], volumes::resource_field_ref);
    });
    if let Some(resources) = object(container, "resources") {
        resource_list(resources, "limits");
        resource_list(resources, "requests");
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        inside(container, &[probe], |probe| {
            handler(probe);
            unset(probe, "timeoutSeconds", 1);
            unset(probe, "periodSeconds", 10);
            unset(probe, "successThreshold", 1);
            unset(probe, "failureThreshold", 3);
        });
    }
    for hook in ["postStart", "preStop"] {
        inside(container, &["lifecycle", hook], handler);
    }
    unset(container, "terminationMessagePath", "/dev/termination-log");
    unset(container, "terminationMessagePolicy", "File");
    unset(container, "imagePullPolicy", policy);
}

/// What a probe or hook does (DEF-POD-3).
fn handler(handler: &mut Tree) {
    inside(handler, &["httpGet"], |get| {
        unset(get, "path", "/");
        unset(get, "scheme", "HTTP");
    });
    inside(handler, &["grpc"], |grpc| missing(grpc, "service", ""));
}

/// DEF-POD-7.
fn host_port(port: &mut Tree) {
    if let Some(container_port) = port.get("containerPort").and_then(Tree::as_i64) {
        unset(port, "hostPort", container_port);
    }
}

/// Whether the image is pulled each time: its tag is `latest`, or it has neither tag nor digest. A reference that cannot be
/// read has no tag (DEF-POD-2).
pub(super) fn is_latest(image: &str) -> bool {
    let (name, digest) = image.split_once('@').map_or((image, ""), |(name, digest)| (name, digest));
    let path_start = name.rfind('/').map_or(0, |slash| slash + 1);
    let (path, tag) = match name[path_start..].find(':') {
        Some(colon) => (&name[..path_start + colon], &name[path_start + colon + 1..]),
        None => (name, ""),
    };
    // The first part is a registry when it looks like a host name; those may have capital letters and a port.
    let (registry, path) = path.split_once('/').unwrap_or(("", path));
    let is_host =
        registry.contains(['.', ':']) || registry == "localhost" || registry.to_lowercase() != registry;
    let readable =
        path.split('/').chain((!is_host && !registry.is_empty()).then_some(registry)).all(is_path_component);
    readable && (tag == "latest" || tag.is_empty() && digest.is_empty() && !name.ends_with(':'))
}

fn is_path_component(part: &str) -> bool {
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = part.as_bytes();
    bytes.iter().all(|byte| plain(byte) || b"._-".contains(byte))
        && bytes.first().is_some_and(plain)
        && bytes.last().is_some_and(plain)
}

/// Writes `matchLabelKeys` and `mismatchLabelKeys` of a new Pod into its selectors (SCH-SPREAD-6, SCH-IPA-9). This is no
/// default: the registry does it once, before it validates the Pod.
pub(crate) fn merge_label_keys(pod: &mut Tree) {
    let labels = pod.at(&["metadata", "labels"]).cloned().unwrap_or_default();
    let Some(spec) = pod.get_mut("spec") else { return };
    each(spec, "topologySpreadConstraints", |constraint| merge(constraint, "matchLabelKeys", "In", &labels));
    for side in ["podAffinity", "podAntiAffinity"] {
        inside(spec, &["affinity", side], |affinity| {
            let both = |term: &mut Tree| {
                merge(term, "matchLabelKeys", "In", &labels);
                merge(term, "mismatchLabelKeys", "NotIn", &labels);
            };
            each(affinity, "requiredDuringSchedulingIgnoredDuringExecution", both);
            each(affinity, "preferredDuringSchedulingIgnoredDuringExecution", |preferred| {
                inside(preferred, &["podAffinityTerm"], both);
            });
        });
    }
}

fn merge(term: &mut Tree, keys: &str, operator: &str, labels: &Tree) {
    let requirements: Vec<Tree> = term
        .list_at(&[keys])
        .iter()
        .filter_map(|key| {
            let value = labels.get(key.as_str()?)?.clone();
            let entries = [
                ("key".to_owned(), Tree::added(key.as_str()?)),
                ("operator".to_owned(), Tree::added(operator)),
                ("values".to_owned(), Tree::added(vec![Tree { span: None, ..value }])),
            ];
            Some(Tree::added(entries.into_iter().collect::<manifest::Map>()))
        })
        .collect();
    let Some(selector) = term.get_mut("labelSelector").and_then(Tree::as_map_mut) else { return };
    if let Some(list) = selector.or_insert_with("matchExpressions", || Tree::added(Vec::new())).as_list_mut()
    {
        list.extend(requirements);
        if list.is_empty() {
            selector.remove("matchExpressions");
        }
    }
}
