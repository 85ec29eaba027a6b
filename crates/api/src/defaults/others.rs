//! Everything that makes no pods (DEF-OTH rules); PodTemplates make none either.

use manifest::{Entry, Map, Tree, Value, base64};

use super::pod_template;
use super::set::{each, inside, is_zero, missing, object, quantity, resource_list, unset};

const RBAC: &str = "rbac.authorization.k8s.io";

pub(super) fn namespace(tree: &mut Tree) {
    let name = tree.str_at(&["metadata", "name"]).to_owned();
    if !name.is_empty()
        && let Some(labels) = object(tree, "metadata").and_then(|metadata| object(metadata, "labels"))
        && let Some(map) = labels.as_map_mut()
    {
        map.insert("kubernetes.io/metadata.name", Tree::added(name));
    }
}

pub(super) fn node(tree: &mut Tree) {
    inside(tree, &["status"], |status| {
        resource_list(status, "capacity");
        resource_list(status, "allocatable");
        if let Some(capacity) = status.get("capacity").cloned() {
            missing(status, "allocatable", capacity.value);
        }
    });
}

pub(super) fn ingress_class(tree: &mut Tree) {
    inside(tree, &["spec", "parameters"], |parameters| missing(parameters, "scope", "Cluster"));
}

pub(super) fn priority_class(tree: &mut Tree) {
    missing(tree, "preemptionPolicy", "PreemptLowerPriority");
    missing(tree, "value", 0);
}

/// Kinds that are accepted and not simulated.
pub(super) fn other(kind: &str, tree: &mut Tree) {
    match kind {
        "PodTemplate" => pod_template(tree),
        "Secret" => {
            unset(tree, "type", "Opaque");
            fold_string_data(tree);
        }
        "NetworkPolicy" => inside(tree, &["spec"], network_policy),
        "ResourceQuota" => inside(tree, &["spec"], |spec| resource_list(spec, "hard")),
        "LimitRange" => inside(tree, &["spec"], |spec| each(spec, "limits", limit)),
        "RuntimeClass" => inside(tree, &["overhead"], |overhead| resource_list(overhead, "podFixed")),
        "HorizontalPodAutoscaler" => inside(tree, &["spec"], autoscaler),
        "Endpoints" => each(tree, "subsets", |subset| {
            each(subset, "ports", |port| unset(port, "protocol", "TCP"));
        }),
        "EndpointSlice" => each(tree, "ports", |port| {
            missing(port, "name", "");
            missing(port, "protocol", "TCP");
        }),
        "RoleBinding" | "ClusterRoleBinding" => {
            if let Some(role) = object(tree, "roleRef") {
                unset(role, "apiGroup", RBAC);
            }
            each(tree, "subjects", |subject| {
                if matches!(subject.str_at(&["kind"]), "User" | "Group") {
                    unset(subject, "apiGroup", RBAC);
                }
            });
        }
        _ => {}
    }
}

/// `stringData` is for writing only: it becomes part of `data`, where it takes the place of what has the same key.
fn fold_string_data(secret: &mut Tree) {
    let strings = secret.as_map_mut().and_then(|map| map.remove("stringData"));
    let Some(strings) = strings.filter(|strings| !is_zero(strings)) else { return };
    let Some(data) = object(secret, "data") else { return };
    data.span = data.span.or(strings.span);
    for entry in strings.as_map().into_iter().flatten() {
        let text = entry.value.as_str().unwrap_or_default();
        let value = Tree { value: base64::encode(text.as_bytes()).into(), span: entry.value.span };
        if let Some(data) = data.as_map_mut() {
            data.insert_entry(Entry { value, ..entry.clone() });
        }
    }
}

fn network_policy(spec: &mut Tree) {
    for direction in ["ingress", "egress"] {
        each(spec, direction, |rule| each(rule, "ports", |port| missing(port, "protocol", "TCP")));
    }
    if spec.list_at(&["policyTypes"]).is_empty() {
        let egress = spec.get("egress").is_some_and(|rules| !is_zero(rules));
        let types = if egress { &["Ingress", "Egress"][..] } else { &["Ingress"] };
        unset(spec, "policyTypes", types.iter().map(|name| Tree::added(*name)).collect::<Vec<_>>());
    }
}

/// Limits of containers fill one another in: limit from maximum, request from limit, then from minimum.
fn limit(limit: &mut Tree) {
    for key in ["default", "defaultRequest", "max", "min", "maxLimitRequestRatio"] {
        resource_list(limit, key);
    }
    if limit.str_at(&["type"]) != "Container" {
        return;
    }
    for (from, to) in [("max", "default"), ("default", "defaultRequest"), ("min", "defaultRequest")] {
        let Some(amounts) = limit.get(from).and_then(Tree::as_map).cloned() else { continue };
        let Some(target) = object(limit, to) else { continue };
        for entry in &amounts {
            missing(target, &entry.key, entry.value.value.clone());
        }
    }
}

/// Scales on 80 % cpu when nothing else is said.
fn autoscaler(spec: &mut Tree) {
    missing(spec, "minReplicas", 1);
    each(spec, "metrics", |metric| {
        for source in ["resource", "containerResource", "pods", "object", "external"] {
            inside(metric, &[source, "target"], |target| {
                quantity(target, "value");
                quantity(target, "averageValue");
            });
        }
    });
    if spec.list_at(&["metrics"]).is_empty() && spec.get("targetCPUUtilizationPercentage").is_none() {
        let target = map(vec![("type", "Utilization".into()), ("averageUtilization", 80.into())]);
        let source = map(vec![("name", "cpu".into()), ("target", target)]);
        let metric = map(vec![("type", "Resource".into()), ("resource", source)]);
        unset(spec, "metrics", vec![Tree::added(metric)]);
    }
    inside(spec, &["behavior"], behavior);
}

fn map(entries: Vec<(&str, Value)>) -> Value {
    let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), Tree::added(value)));
    Value::Map(entries.collect::<Map>())
}

/// Whoever writes a rule for one direction gets the usual rest for both (`SetDefaults_HorizontalPodAutoscalerBehavior`).
fn behavior(behavior: &mut Tree) {
    let policy = |(kind, value): &(&str, i64)| {
        let entries =
            vec![("type", (*kind).into()), ("value", (*value).into()), ("periodSeconds", 15.into())];
        Tree::added(map(entries))
    };
    for (direction, policies) in
        [("scaleUp", &[("Pods", 4), ("Percent", 100)][..]), ("scaleDown", &[("Percent", 100)])]
    {
        let Some(rules) = object(behavior, direction) else { continue };
        missing(rules, "selectPolicy", "Max");
        missing(rules, "policies", policies.iter().map(policy).collect::<Vec<_>>());
        if direction == "scaleUp" {
            missing(rules, "stabilizationWindowSeconds", 0);
        }
        quantity(rules, "tolerance");
    }
}
