//! Pods.

use manifest::Tree;

use super::read::{self, flag, int, list, option_int, resource_list, text, texts};
use crate::types::{
    Affinity, Container, ContainerPort, InclusionPolicy, NodeAffinity, NodeSelectorTerm, PodAffinity,
    PodAffinityTerm, PodSpec, PreemptionPolicy, PreferredNodeTerm, Probe, Protocol, Resources, RestartPolicy,
    TaintEffect, Toleration, TolerationOperator, TopologySpreadConstraint, UnsatisfiableAction, Volume,
    VolumeSource, WeightedPodAffinityTerm,
};

/// The `spec` of a Pod; give it that subtree.
pub fn pod_spec(spec: &Tree) -> PodSpec {
    PodSpec {
        containers: list(spec, "containers", container),
        init_containers: list(spec, "initContainers", container),
        host_network: flag(spec, "hostNetwork"),
        node_name: text(spec, "nodeName"),
        node_selector: read::labels(spec.get("nodeSelector")),
        affinity: spec.get("affinity").map(affinity).unwrap_or_default(),
        tolerations: list(spec, "tolerations", toleration),
        topology_spread: list(spec, "topologySpreadConstraints", spread),
        priority: int(spec, "priority", 0),
        preemption_policy: preemption_policy(spec),
        scheduler_name: text(spec, "schedulerName"),
        scheduling_gates: list(spec, "schedulingGates", |gate| text(gate, "name")),
        overhead: resource_list(spec, "overhead"),
        resources: resources(spec),
        volumes: list(spec, "volumes", volume),
        resource_claims: list(spec, "resourceClaims", |claim| text(claim, "name")),
        restart_policy: match spec.str_at(&["restartPolicy"]) {
            "OnFailure" => RestartPolicy::OnFailure,
            "Never" => RestartPolicy::Never,
            _ => RestartPolicy::Always,
        },
        dns_policy: text(spec, "dnsPolicy"),
        hostname: text(spec, "hostname"),
        subdomain: text(spec, "subdomain"),
    }
}

/// `preemptionPolicy` of a pod or a PriorityClass.
pub(super) fn preemption_policy(tree: &Tree) -> PreemptionPolicy {
    match tree.str_at(&["preemptionPolicy"]) {
        "Never" => PreemptionPolicy::Never,
        _ => PreemptionPolicy::PreemptLowerPriority,
    }
}

/// A protocol, TCP unless it says otherwise.
pub(super) fn protocol(tree: &Tree) -> Protocol {
    match tree.str_at(&["protocol"]) {
        "UDP" => Protocol::Udp,
        "SCTP" => Protocol::Sctp,
        _ => Protocol::Tcp,
    }
}

/// The terms of a NodeSelector.
pub(super) fn node_selector_terms(selector: &Tree) -> Vec<NodeSelectorTerm> {
    list(selector, "nodeSelectorTerms", node_term)
}

fn container(tree: &Tree) -> Container {
    let mut arguments = texts(tree, "command");
    arguments.extend(texts(tree, "args"));
    Container {
        name: text(tree, "name"),
        image: text(tree, "image"),
        ports: list(tree, "ports", |port| ContainerPort {
            name: text(port, "name"),
            container_port: int(port, "containerPort", 0),
            host_port: int(port, "hostPort", 0),
            host_ip: text(port, "hostIP"),
            protocol: protocol(port),
        }),
        resources: resources(tree),
        sidecar: tree.str_at(&["restartPolicy"]) == "Always",
        readiness_http: tree.at(&["readinessProbe", "httpGet"]).map(|get| Probe {
            path: text(get, "path"),
            port: read::int_or_string(get, "port").map(|port| port.to_string()).unwrap_or_default(),
        }),
        arguments,
        env: tree
            .list_at(&["env"])
            .iter()
            .filter(|variable| variable.get("valueFrom").is_none())
            .map(|variable| (text(variable, "name"), text(variable, "value")))
            .collect(),
    }
}

fn resources(tree: &Tree) -> Resources {
    let amounts =
        |key| tree.get("resources").map(|resources| resource_list(resources, key)).unwrap_or_default();
    Resources { requests: amounts("requests"), limits: amounts("limits") }
}

fn toleration(tree: &Tree) -> Toleration {
    Toleration {
        key: text(tree, "key"),
        operator: match tree.str_at(&["operator"]) {
            "Exists" => TolerationOperator::Exists,
            "Lt" => TolerationOperator::Lt,
            "Gt" => TolerationOperator::Gt,
            _ => TolerationOperator::Equal,
        },
        value: text(tree, "value"),
        effect: effect(tree),
        seconds: option_int(tree, "tolerationSeconds"),
    }
}

/// The effect of a taint or toleration.
pub(super) fn effect(tree: &Tree) -> Option<TaintEffect> {
    match tree.str_at(&["effect"]) {
        "NoSchedule" => Some(TaintEffect::NoSchedule),
        "PreferNoSchedule" => Some(TaintEffect::PreferNoSchedule),
        "NoExecute" => Some(TaintEffect::NoExecute),
        _ => None,
    }
}

fn spread(tree: &Tree) -> TopologySpreadConstraint {
    let policy = |key: &str, otherwise| match tree.str_at(&[key]) {
        "Honor" => InclusionPolicy::Honor,
        "Ignore" => InclusionPolicy::Ignore,
        _ => otherwise,
    };
    TopologySpreadConstraint {
        max_skew: int(tree, "maxSkew", 0),
        topology_key: text(tree, "topologyKey"),
        when_unsatisfiable: match tree.str_at(&["whenUnsatisfiable"]) {
            "ScheduleAnyway" => UnsatisfiableAction::ScheduleAnyway,
            _ => UnsatisfiableAction::DoNotSchedule,
        },
        selector: read::selector(tree, "labelSelector"),
        min_domains: option_int(tree, "minDomains"),
        node_affinity_policy: policy("nodeAffinityPolicy", InclusionPolicy::Honor),
        node_taints_policy: policy("nodeTaintsPolicy", InclusionPolicy::Ignore),
    }
}

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

fn affinity(tree: &Tree) -> Affinity {
    Affinity {
        node: tree.get("nodeAffinity").map(|node| NodeAffinity {
            required: node.get(REQUIRED).map(node_selector_terms),
            preferred: list(node, PREFERRED, |item| PreferredNodeTerm {
                weight: int(item, "weight", 0),
                term: item.get("preference").map(node_term).unwrap_or_default(),
            }),
        }),
        pod: tree.get("podAffinity").map(pod_affinity).unwrap_or_default(),
        pod_anti: tree.get("podAntiAffinity").map(pod_affinity).unwrap_or_default(),
    }
}

fn node_term(tree: &Tree) -> NodeSelectorTerm {
    NodeSelectorTerm {
        match_expressions: read::requirements(tree, "matchExpressions"),
        match_fields: read::requirements(tree, "matchFields"),
    }
}

fn pod_affinity(tree: &Tree) -> PodAffinity {
    PodAffinity {
        required: list(tree, REQUIRED, pod_term),
        preferred: list(tree, PREFERRED, |item| WeightedPodAffinityTerm {
            weight: int(item, "weight", 0),
            term: item.get("podAffinityTerm").map(pod_term).unwrap_or_default(),
        }),
    }
}

fn pod_term(tree: &Tree) -> PodAffinityTerm {
    PodAffinityTerm {
        selector: read::selector(tree, "labelSelector"),
        namespaces: texts(tree, "namespaces"),
        namespace_selector: read::selector(tree, "namespaceSelector"),
        topology_key: text(tree, "topologyKey"),
    }
}

/// A volume (SCH-VOL-1).
fn volume(tree: &Tree) -> Volume {
    let disk = |key: &str, name: &[&str]| {
        let source = tree.get(key)?;
        let parts: Vec<_> = name.iter().map(|part| source.str_at(&[part])).collect();
        // An EBS volume is never shared, read-only or not.
        let read_only = key != "awsElasticBlockStore" && flag(source, "readOnly");
        let identity = format!("{key}:{}", parts.join("/"));
        Some(VolumeSource::Disk { identity, monitors: texts(source, "monitors"), read_only })
    };
    let source = tree
        .at(&["persistentVolumeClaim"])
        .map(|claim| VolumeSource::Claim(text(claim, "claimName")))
        .or_else(|| tree.get("ephemeral").map(|_| VolumeSource::Ephemeral))
        .or_else(|| disk("gcePersistentDisk", &["pdName"]))
        .or_else(|| disk("awsElasticBlockStore", &["volumeID"]))
        .or_else(|| disk("rbd", &["pool", "image"]))
        .or_else(|| disk("iscsi", &["iqn"]))
        .or_else(|| tree.get("image").map(|image| VolumeSource::Image(text(image, "reference"))));
    Volume { name: text(tree, "name"), source: source.unwrap_or(VolumeSource::Other) }
}
