//! Each rule as a manifest and what it becomes.

use manifest::Tree;

use super::{apply, merge_label_keys, stored};
use crate::types::Kind;

fn tree(text: &str) -> Tree {
    let document = manifest::parse(&format!("# yaml\n{text}")).documents.pop().expect("a document");
    document.content.expect("it can be read")
}

#[track_caller]
fn check(kind: &Kind, text: &str, expected: &str) {
    let mut found = tree(text);
    apply(kind, &mut found);
    stored(kind, &mut found);
    assert_eq!(found.to_json(), tree(expected).to_json(), "{text}");
}

/// What every pod spec gets, and what Pods get besides.
const SPEC: &str = "restartPolicy: Always, terminationGracePeriodSeconds: 30, dnsPolicy: ClusterFirst, securityContext: {}, \
                    schedulerName: default-scheduler";
const CONTAINER: &str = "terminationMessagePath: /dev/termination-log, terminationMessagePolicy: File, imagePullPolicy: IfNotPresent";

#[test]
fn pods() {
    let table = [
        ("image: 'a:1'", "resources: {}", ""),
        (
            "image: 'a:1', ports: [{containerPort: 80}]",
            "resources: {}, ports: [{containerPort: 80, protocol: TCP}]",
            "",
        ),
        (
            "image: 'a:1', ports: [{containerPort: 80, hostPort: 0}]",
            "resources: {}, ports: [{containerPort: 80, hostPort: 80, protocol: TCP}]",
            "hostNetwork: true",
        ),
        (
            "image: 'a:1', resources: {limits: {cpu: 1, memory: 1024Mi}, requests: {cpu: 0.5}}",
            "resources: {limits: {cpu: '1', memory: 1Gi}, requests: {cpu: 500m, memory: 1Gi}}",
            "",
        ),
        (
            "image: 'a:1', readinessProbe: {httpGet: {port: 80}, periodSeconds: 5}",
            "resources: {}, readinessProbe: {httpGet: {path: /, port: 80, scheme: HTTP}, timeoutSeconds: 1, \
             periodSeconds: 5, successThreshold: 1, failureThreshold: 3}",
            "",
        ),
        (
            "image: 'a:1', env: [{name: A, value: ''}, {name: B, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]",
            "resources: {}, env: [{name: A}, {name: B, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: status.podIP}}}]",
            "",
        ),
    ];
    for (written, added, spec) in table {
        let image = "image: 'a:1'";
        check(
            &Kind::Pod,
            &format!(
                "{{spec: {{{spec}{} containers: [{{{written}}}]}}}}",
                if spec.is_empty() { "" } else { "," }
            ),
            &format!(
                "{{spec: {{{SPEC}, enableServiceLinks: true, {spec}{} containers: [{{{image}, {added}, {CONTAINER}}}]}}}}",
                if spec.is_empty() { "" } else { "," }
            ),
        );
    }
}

#[test]
fn templates_get_less_than_pods() {
    check(
        &Kind::Deployment,
        "{spec: {replicas: null, template: {metadata: {creationTimestamp: null}, spec: {hostNetwork: true, \
         containers: [{image: 'a:1', ports: [{containerPort: 80}], resources: {limits: {cpu: 1}}}]}}}, status: {}}",
        &format!(
            "{{spec: {{replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {{type: RollingUpdate, \
             rollingUpdate: {{maxUnavailable: 25%, maxSurge: 25%}}}}, template: {{metadata: {{}}, spec: {{{SPEC}, \
             hostNetwork: true, containers: [{{image: 'a:1', {CONTAINER}, ports: [{{containerPort: 80, protocol: TCP}}], \
             resources: {{limits: {{cpu: '1'}}}}}}]}}}}}}}}"
        ),
    );
}

#[test]
fn images_without_a_tag_are_pulled_each_time() {
    let table = [
        ("nginx", true),
        ("nginx:latest", true),
        ("localhost:5000/nginx", true),
        ("REGISTRY/nginx", true),
        ("nginx:1", false),
        ("nginx@sha256:0000", false),
        ("nginx:latest@sha256:0000", true),
        ("Nginx", false),
        ("nginx:", false),
        ("", false),
    ];
    for (image, expected) in table {
        assert_eq!(super::pod::is_latest(image), expected, "{image}");
    }
}

#[test]
fn volumes() {
    let table = [
        ("{name: a}", "{name: a, emptyDir: {}}"),
        ("{name: a, secret: {secretName: s}}", "{name: a, secret: {secretName: s, defaultMode: 420}}"),
        ("{name: a, hostPath: {path: /x}}", "{name: a, hostPath: {path: /x, type: ''}}"),
        ("{name: a, emptyDir: {sizeLimit: 1024Mi}}", "{name: a, emptyDir: {sizeLimit: 1Gi}}"),
        (
            "{name: a, projected: {sources: [{serviceAccountToken: {path: t}}]}}",
            "{name: a, projected: {defaultMode: 420, sources: [{serviceAccountToken: {path: t, expirationSeconds: 3600}}]}}",
        ),
    ];
    for (written, expected) in table {
        let mut found = tree(&format!("{{spec: {{volumes: [{written}]}}}}"));
        apply(&Kind::Pod, &mut found);
        assert_eq!(found.list_at(&["spec", "volumes"]), [tree(expected)]);
    }
}

#[test]
fn fields_of_disabled_features_are_dropped() {
    let mut found = tree(
        "{spec: {schedulingGroup: {podGroupName: a}, containers: [{lifecycle: {stopSignal: SIGINT}}, {lifecycle: {stopSignal: SIGINT, preStop: {sleep: {seconds: 1}}}}], volumes: [{name: v, projected: {sources: [{clusterTrustBundle: {path: a}}, {podCertificate: {}}]}}]}}",
    );
    apply(&Kind::Pod, &mut found);
    assert!(found.at(&["spec", "schedulingGroup"]).is_none());
    let lifecycle = |index: usize| found.list_at(&["spec", "containers"])[index].get("lifecycle").cloned();
    assert_eq!(lifecycle(0), None);
    assert_eq!(lifecycle(1), Some(tree("{preStop: {sleep: {seconds: 1}}}")));
    let sources = found.list_at(&["spec", "volumes"])[0].list_at(&["projected", "sources"]);
    assert_eq!(sources, [tree("{}"), tree("{}")]);
}

#[test]
fn label_keys_are_merged_into_selectors() {
    let constraint = |selector: &str| format!("{{matchLabelKeys: [a, b], labelSelector: {selector}}}");
    let mut found = tree(&format!(
        "{{metadata: {{labels: {{a: x}}}}, spec: {{topologySpreadConstraints: [{}]}}}}",
        constraint("{matchLabels: {a: x}}")
    ));
    merge_label_keys(&mut found);
    let merged = constraint("{matchLabels: {a: x}, matchExpressions: [{key: a, operator: In, values: [x]}]}");
    assert_eq!(found.list_at(&["spec", "topologySpreadConstraints"]), [tree(&merged)]);
}

#[test]
fn pod_level_requests_come_from_containers_then_limits() {
    let mut found = tree(
        "{spec: {resources: {limits: {cpu: 2, memory: 1Gi}}, containers: [{resources: {requests: {cpu: 500m}}}, \
         {resources: {requests: {cpu: 250m}}}]}}",
    );
    apply(&Kind::Pod, &mut found);
    let expected = tree("{limits: {cpu: '2', memory: 1Gi}, requests: {cpu: 750m, memory: 1Gi}}");
    assert_eq!(found.at(&["spec", "resources"]), Some(&expected));
}

#[test]
fn pod_level_huge_pages_come_from_limits_of_containers() {
    let pages = |amount: u8| format!("{{resources: {{limits: {{hugepages-2Mi: {amount}Mi}}}}}}");
    for (own, expected) in [
        ("", ""),
        ("requests: {cpu: 1}", "requests: {cpu: '1', hugepages-2Mi: 6Mi}, limits: {hugepages-2Mi: 6Mi}"),
        ("requests: {hugepages-2Mi: 8Mi}", "requests: {hugepages-2Mi: 8Mi}"),
        ("limits: {hugepages-2Mi: 8Mi}", "requests: {hugepages-2Mi: 8Mi}, limits: {hugepages-2Mi: 8Mi}"),
    ] {
        let mut found = tree(&format!(
            "{{spec: {{resources: {{{own}}}, containers: [{}, {}], initContainers: [{}]}}}}",
            pages(2),
            pages(4),
            pages(4)
        ));
        apply(&Kind::Pod, &mut found);
        assert_eq!(found.at(&["spec", "resources"]), Some(&tree(&format!("{{{expected}}}"))), "{own}");
    }
}

#[test]
fn other_workloads() {
    let pods = format!("template: {{metadata: {{}}, spec: {{{SPEC}}}}}");
    let table = [
        (
            Kind::StatefulSet,
            "replicas: 1, podManagementPolicy: OrderedReady, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: \
             0}}, revisionHistoryLimit: 10, persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Retain}",
        ),
        (
            Kind::DaemonSet,
            "updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}, revisionHistoryLimit: 10",
        ),
        (
            Kind::Job,
            "completions: 1, parallelism: 1, backoffLimit: 6, completionMode: NonIndexed, suspend: false, manualSelector: \
             false, podReplacementPolicy: TerminatingOrFailed",
        ),
        (Kind::ReplicaSet, "replicas: 1"),
    ];
    for (kind, added) in table {
        check(&kind, "{spec: {}}", &format!("{{spec: {{{added}, {pods}}}}}"));
    }
}

#[test]
fn strategies_of_stateful_sets() {
    let rest = "replicas: 1, podManagementPolicy: OrderedReady, revisionHistoryLimit: 10, persistentVolumeClaimRetentionPolicy: \
                {whenDeleted: Retain, whenScaled: Retain}";
    let table = [
        ("{rollingUpdate: {maxUnavailable: 2}}", "{type: RollingUpdate, rollingUpdate: {partition: 0}}"),
        (
            "{rollingUpdate: {partition: 1, maxUnavailable: 0%}}",
            "{type: RollingUpdate, rollingUpdate: {partition: 1}}",
        ),
        ("{type: OnDelete, rollingUpdate: {maxUnavailable: 1}}", "{type: OnDelete, rollingUpdate: {}}"),
        ("{type: OnDelete}", "{type: OnDelete}"),
        ("{type: RollingUpdate}", "{type: RollingUpdate}"),
        ("{type: RollingUpdate, rollingUpdate: {}}", "{type: RollingUpdate, rollingUpdate: {partition: 0}}"),
    ];
    for (written, expected) in table {
        let template = format!("template: {{metadata: {{}}, spec: {{{SPEC}}}}}");
        check(
            &Kind::StatefulSet,
            &format!("{{spec: {{updateStrategy: {written}}}}}"),
            &format!("{{spec: {{updateStrategy: {expected}, {rest}, {template}}}}}"),
        );
    }
}

#[test]
fn services() {
    let table = [
        (
            "{ports: [{port: 80}]}",
            "ports: [{port: 80, targetPort: 80, protocol: TCP}], sessionAffinity: None, type: ClusterIP",
        ),
        (
            "{type: LoadBalancer, selector: {}}",
            "type: LoadBalancer, sessionAffinity: None, externalTrafficPolicy: Cluster, allocateLoadBalancerNodePorts: true",
        ),
        (
            "{sessionAffinity: ClientIP, externalIPs: [192.0.2.1]}",
            "sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 10800}}, type: ClusterIP, \
             externalIPs: [192.0.2.1], externalTrafficPolicy: Cluster",
        ),
    ];
    for (written, expected) in table {
        check(
            &Kind::Service,
            &format!("{{spec: {written}, status: {{x: 1}}}}"),
            &format!(
                "{{spec: {{{expected}, internalTrafficPolicy: Cluster}}, status: {{loadBalancer: {{}}}}}}"
            ),
        );
    }
}

#[test]
fn other_kinds() {
    let other = |kind: &str| Kind::Other(kind.into());
    let table = [
        (
            Kind::Namespace,
            "{metadata: {name: a}}",
            "{metadata: {name: a, labels: {kubernetes.io/metadata.name: a}}}",
        ),
        (
            Kind::PriorityClass,
            "{value: 5, globalDefault: false}",
            "{value: 5, preemptionPolicy: PreemptLowerPriority}",
        ),
        (
            Kind::Node,
            "{status: {capacity: {cpu: 4000m}}}",
            "{status: {capacity: {cpu: '4'}, allocatable: {cpu: '4'}}}",
        ),
        (other("Secret"), "{data: {a: eA==}}", "{data: {a: eA==}, type: Opaque}"),
        (
            other("NetworkPolicy"),
            "{spec: {egress: [{}]}}",
            "{spec: {egress: [{}], policyTypes: [Ingress, Egress]}}",
        ),
        (
            other("LimitRange"),
            "{spec: {limits: [{type: Container, max: {cpu: 2}, default: {memory: 1Gi}}]}}",
            "{spec: {limits: [{type: Container, max: {cpu: '2'}, default: {cpu: '2', memory: 1Gi}, \
             defaultRequest: {cpu: '2', memory: 1Gi}}]}}",
        ),
    ];
    for (kind, written, expected) in table {
        check(&kind, written, expected);
    }
}

#[test]
fn added_values_have_no_span() {
    let mut found = tree("{spec: {replicas: 2}}");
    apply(&Kind::Deployment, &mut found);
    let span = |key: &str| found.at(&["spec", key]).and_then(|value| value.span);
    assert!(span("replicas").is_some() && span("strategy").is_none());
}
