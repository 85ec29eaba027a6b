//! Manifests and the lines that the API server answers, through defaulting as in a request.

use manifest::Tree;

use super::{Warning, validate, validate_update, warnings};
use crate::defaults;
use crate::types::Kind;

fn read(yaml: &str) -> (String, String, Tree) {
    let document = manifest::parse(yaml).documents.remove(0);
    let mut tree = document.content.unwrap();
    let (kind, version) = (tree.str_at(&["kind"]).to_owned(), tree.str_at(&["apiVersion"]).to_owned());
    let known = match &*kind {
        "Pod" => Kind::Pod,
        "Deployment" => Kind::Deployment,
        "StatefulSet" => Kind::StatefulSet,
        "DaemonSet" => Kind::DaemonSet,
        "ReplicationController" => Kind::ReplicationController,
        "Job" => Kind::Job,
        "CronJob" => Kind::CronJob,
        "Service" => Kind::Service,
        "Ingress" => Kind::Ingress,
        "Node" => Kind::Node,
        _ => Kind::Other(kind.as_str().into()),
    };
    defaults::apply(&known, &mut tree);
    if known == Kind::Pod {
        defaults::merge_label_keys(&mut tree);
    }
    (kind, version, tree)
}

/// Wherever a line ends in `…`, the text may go on.
fn compare(found: &[String], expected: &[&str], yaml: &str) {
    assert_eq!(found.len(), expected.len(), "{yaml}\n{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        match expected.strip_suffix('…') {
            Some(start) => assert!(found.starts_with(start), "{found}\n{expected}"),
            None => assert_eq!(found, expected),
        }
    }
}

#[track_caller]
pub(super) fn check(yaml: &str, expected: &[&str]) {
    let (kind, version, tree) = read(yaml);
    let causes = validate(&kind, &version, &tree);
    assert!(causes.iter().all(|cause| super::codes::ALL.contains(&cause.code)));
    assert!(causes.iter().all(|cause| cause.span.is_some()), "every error points somewhere");
    let lines: Vec<String> = causes.iter().map(ToString::to_string).collect();
    compare(&lines, expected, yaml);
}

/// A Pod with this spec (in flow style) beside a valid container.
#[track_caller]
pub(super) fn check_spec(spec: &str, expected: &[&str]) {
    let yaml = format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: web}}, spec: {{containers: [{{name: app, image: nginx}}], {spec}}}}}"
    );
    check(&yaml, expected);
}

/// A Pod with this container (in flow style).
#[track_caller]
pub(super) fn check_container(container: &str, expected: &[&str]) {
    let yaml = format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: web}}, spec: {{containers: [{{name: app, image: nginx, {container}}}]}}}}"
    );
    check(&yaml, expected);
}

#[test]
fn containers() {
    check_container("ports: [{containerPort: 80}]", &[]);
    check_container(
        "ports: [{containerPort: 70000}]",
        &[
            "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
        ],
    );
    check_container(
        "env: [{name: A, valueFrom: {}}]",
        &[
            "spec.containers[0].env[0].valueFrom: Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
        ],
    );
    check_container(
        "env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.nope}}}]",
        &[
            "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.nope\": error converting fieldPath: field label not supported: spec.nope",
        ],
    );
    check_container(
        "resources: {requests: {cpus: 1}}",
        &[
            "spec.containers[0].resources.requests[cpus]: Invalid value: \"cpus\": must be a standard resource type or fully qualified",
            "spec.containers[0].resources.requests[cpus]: Invalid value: \"cpus\": must be a standard resource for containers",
        ],
    );
    check_container(
        "resources: {requests: {example.com/gpu: 1}, limits: {example.com/gpu: 2}}",
        &[
            "spec.containers[0].resources.requests: Invalid value: \"1\": must be equal to example.com/gpu limit of 2",
        ],
    );
    check_container(
        "securityContext: {privileged: true, allowPrivilegeEscalation: false}",
        &["spec.containers[0].securityContext: Invalid value: {\"Capabilities\":null,\"Privileged\":true,…"],
    );
    check_container(
        "livenessProbe: {successThreshold: 2, tcpSocket: {}}",
        &[
            "spec.containers[0].livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive",
            "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
        ],
    );
}

#[test]
fn pod_specs() {
    check_spec(
        "hostNetwork: true, initContainers: [{name: app, image: x, livenessProbe: {exec: {}}}]",
        &[
            "spec.initContainers[0].name: Duplicate value: \"app\"",
            "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
        ],
    );
    check_spec(
        "dnsPolicy: None",
        &["spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"],
    );
    check_spec(
        "hostNetwork: true, hostUsers: false, hostPID: true",
        &[
            "spec.hostNetwork: Forbidden: when `hostUsers` is false",
            "spec.HostPID: Forbidden: when `hostUsers` is false",
        ],
    );
    check_spec(
        "topologySpreadConstraints: [{maxSkew: 0, topologyKey: z, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}, {maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}]",
        &[
            "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
            "spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: \"{z, DoNotSchedule}\"",
        ],
    );
    check_spec(
        "schedulingGates: [{name: a}, {name: a}], nodeName: node",
        &[
            "spec.schedulingGates[1]: Duplicate value: \"a\"",
            "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
        ],
    );
    check_spec(
        "volumes: [{name: v, hostPath: {path: /a/../b}, secret: {}}]",
        &[
            "spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
            "spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type",
        ],
    );
}

#[test]
fn workloads() {
    let pod = "spec: {containers: [{name: app, image: nginx}]}";
    check(
        &format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web}}, spec: {{template: {{metadata: {{labels: {{app: web}}}}, {pod}}}}}}}"
        ),
        &[
            "spec.selector: Required value",
            "spec.template.metadata.labels: Invalid value: {\"app\":\"web\"}: `selector` does not match template `labels`",
        ],
    );
    let selected = format!(
        "selector: {{matchLabels: {{app: web}}}}, template: {{metadata: {{labels: {{app: web}}}}, {pod}}}"
    );
    check(
        &format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web}}, spec: {{strategy: {{type: X}}, progressDeadlineSeconds: 5, minReadySeconds: 5, {selected}}}}}"
        ),
        &[
            "spec.strategy: Unsupported value: {\"Type\":\"X\",\"RollingUpdate\":null}: supported values: \"Recreate\", \"RollingUpdate\"",
            "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds",
        ],
    );
    check(
        &format!(
            "{{apiVersion: apps/v1, kind: DaemonSet, metadata: {{name: web}}, spec: {{updateStrategy: {{rollingUpdate: {{maxSurge: 1}}}}, {selected}}}}}"
        ),
        &[
            "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
        ],
    );
    check(
        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web.a}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: x, volumeMounts: [{name: data, mountPath: /d}]}]}}, volumeClaimTemplates: [{metadata: {name: data}, spec: {}}]}}",
        &[
            "metadata.name: Invalid value: \"web.a\": must not contain dots",
            "spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required",
            "spec.volumeClaimTemplates[0].spec.resources[storage]: Required value",
        ],
    );
    check(
        &format!(
            "{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: c}}, spec: {{schedule: '* * * *', concurrencyPolicy: X, jobTemplate: {{spec: {{completionMode: Indexed, template: {{{pod}}}}}}}}}}}"
        ),
        &[
            "spec.schedule: Invalid value: \"* * * *\": expected exactly 5 fields, found 4: [* * * *]",
            "spec.concurrencyPolicy: Unsupported value: \"X\": supported values: \"Allow\", \"Forbid\", \"Replace\"",
            "spec.jobTemplate.spec.completions: Required value: when completion mode is Indexed",
            "spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"",
        ],
    );
}

#[test]
fn services_and_ingresses() {
    let service =
        |spec: &str| format!("{{apiVersion: v1, kind: Service, metadata: {{name: web}}, spec: {{{spec}}}}}");
    check(
        &service("ports: [{port: 80, name: a}, {port: 80, name: b, targetPort: HTTP}]"),
        &[
            "spec.ports[1].targetPort: Invalid value: \"HTTP\": must contain only alpha-numeric…",
            "spec.ports[1].targetPort: Invalid value: \"HTTP\": must contain at least one letter (a-z)",
            "spec.ports[1]: Duplicate value: {\"Name\":\"\",\"Protocol\":\"TCP\",\"AppProtocol\":null,\"Port\":80,\"TargetPort\":0,\"NodePort\":0}",
        ],
    );
    check(
        &service("type: ExternalName, externalName: a.b., clusterIP: None"),
        &["spec.clusterIPs: Forbidden: may not be set for ExternalName services"],
    );
    check(
        &service("ports: [{port: 80}], loadBalancerSourceRanges: [10.0.0.1/8]"),
        &[
            "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
            "spec.LoadBalancerSourceRanges[0]: Invalid value: \"10.0.0.1/8\": must not have bits set beyond the prefix length",
        ],
    );
    check(
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web}, spec: {}}",
        &["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"],
    );
    check(
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web}, spec: {rules: [{http: {paths: [{path: /a/., pathType: Prefix, backend: {service: {name: s, port: {name: a, number: 1}}}}]}}]}}",
        &[
            "spec.rules[0].http.paths[0].path: Invalid value: \"/a/.\": cannot end with '/.'",
            "spec.rules[0].http.paths[0].backend: Invalid value: \"\": cannot set both port name & port number",
        ],
    );
}

#[test]
fn other_kinds() {
    check(
        "{apiVersion: v1, kind: PodTemplate, metadata: {name: t}, template: {spec: {containers: [{name: app}]}}}",
        &["template.spec.containers[0].image: Required value"],
    );
    check(
        "{apiVersion: v1, kind: Node, metadata: {name: node}, spec: {taints: [{key: a, value: b, effect: NoSchedule}, {key: a, value: b, effect: NoSchedule}]}}",
        &[
            "metadata.taints[1]: Duplicate value: {\"Key\":\"a\",\"Value\":\"b\",\"Effect\":\"NoSchedule\",\"TimeAdded\":null}: taints must be unique by key and effect pair",
        ],
    );
    check(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {'a b': x}}",
        &[
            "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
        ],
    );
    check(
        "{apiVersion: v1, kind: Secret, metadata: {name: c}, type: kubernetes.io/tls, data: {tls.crt: YQ==}}",
        &["data[tls.key]: Required value"],
    );
    check(
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: p}, spec: {minAvailable: 1, maxUnavailable: 1, selector: {matchLabels: {a: b}}}}",
        &[
            "spec: Invalid value: {\"MinAvailable\":1,\"Selector\":{\"matchLabels\":{\"a\":\"b\"}},\"MaxUnavailable\":1,\"UnhealthyPodEvictionPolicy\":null}: minAvailable and maxUnavailable cannot be both set",
        ],
    );
    check(
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}]}}",
        &[
            "spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: \"11.0.0.0/16\": must be a strict subset of `cidr`",
        ],
    );
    check(
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: p}, spec: {accessModes: [Some]}}",
        &[
            "spec.accessModes: Unsupported value: \"Some\": supported values: \"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\"",
            "spec.resources[storage]: Required value",
        ],
    );
    check(
        "{apiVersion: v1, kind: LimitRange, metadata: {name: l}, spec: {limits: [{type: Container, min: {cpu: 2}, max: {cpu: 1}}]}}",
        &[
            "spec.limits[0].min[cpu]: Invalid value: \"2\": min value 2 is greater than max value 1",
            "spec.limits[0].defaultRequest[cpu]: Invalid value: \"1\": min value 2 is greater than default request value 1",
            "spec.limits[0].default[cpu]: Invalid value: \"2\": min value 2 is greater than default value 1",
        ],
    );
    check(
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {minReplicas: 0, maxReplicas: 0, scaleTargetRef: {kind: Deployment}}}",
        &[
            "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
            "spec.maxReplicas: Required value: must be set and greater than 0",
            "spec.scaleTargetRef.name: Required value",
            "spec.scaleTargetRef.apiVersion: Invalid value: \"\": apiVersion must specify API group",
            "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas",
        ],
    );
}

#[test]
fn spans_are_those_of_the_token() {
    let yaml = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    a: -x\nspec:\n  nodeSelector: {\"b b\": c}\n  containers:\n  - name: Web\n";
    let (kind, version, tree) = read(yaml);
    let causes = validate(&kind, &version, &tree);
    let tokens: Vec<&str> = causes
        .iter()
        .map(|cause| cause.span.unwrap().of(yaml))
        .map(|text| text.lines().next().unwrap())
        .collect();
    assert_eq!(tokens, ["-x", "Web", "name: Web", "\"b b\""]);
}

pub(super) fn check_update(kind: &str, old: &str, new: &str, expected: &[&str]) {
    let ((_, version, old), (_, _, new)) = (read(old), read(new));
    let lines: Vec<String> =
        validate_update(kind, &version, &new, &old).iter().map(ToString::to_string).collect();
    compare(&lines, expected, kind);
}

#[test]
fn updates() {
    let service = |ip: &str| {
        format!(
            "{{apiVersion: v1, kind: Service, metadata: {{name: s}}, spec: {{clusterIP: {ip}, clusterIPs: [{ip}], ports: [{{port: 80}}]}}}}"
        )
    };
    check_update(
        "Service",
        &service("10.96.0.5"),
        &service("10.96.0.6"),
        &["spec.clusterIPs[0]: Invalid value: [\"10.96.0.6\"]: may not change once set"],
    );
    let map = |value: &str| {
        format!(
            "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: c}}, immutable: true, data: {{a: {value}}}}}"
        )
    };
    check_update(
        "ConfigMap",
        &map("x"),
        &map("y"),
        &["data: Forbidden: field is immutable when `immutable` is set"],
    );
    check_update("ConfigMap", &map("x"), &map("x"), &[]);
    let pod = |image: &str, gate: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{schedulingGates: [{{name: {gate}}}], containers: [{{name: a, image: {image}, imagePullPolicy: Always}}]}}}}"
        )
    };
    check_update("Pod", &pod("a", "x"), &pod("b", "x"), &[]);
    let job = |suspend: bool, spec: &str, image: &str, cpu: u8| {
        format!(
            "{{apiVersion: batch/v1, kind: Job, metadata: {{name: j}}, spec: {{manualSelector: true, suspend: {suspend}, selector: {{matchLabels: {{a: b}}}}, template: {{metadata: {{labels: {{a: b}}}}, spec: {{{spec} restartPolicy: Never, containers: [{{name: a, image: {image}, resources: {{limits: {{cpu: {cpu}}}}}}}]}}}}}}}}"
        )
    };
    check_update("Job", &job(true, "", "a", 1), &job(false, "nodeSelector: {a: b},", "a", 2), &[]);
    check_update(
        "Job",
        &job(true, "", "a", 1),
        &job(true, "", "b", 1),
        &["spec.template.spec: Invalid value: {\"Volumes\":null,…"],
    );
    check_update(
        "Job",
        &job(false, "", "a", 1),
        &job(false, "", "a", 2),
        &["spec.template: Invalid value: {\"labels\":{\"a\":\"b\"},\"Spec\":{\"Volumes\":null,…"],
    );
    check_update(
        "Pod",
        &pod("a", "x"),
        &pod("a", "z"),
        &[
            "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'z'",
        ],
    );
}

#[test]
fn warning_texts() {
    let check = |yaml: &str, expected: &[&str]| {
        let (kind, version, tree) = read(yaml);
        let texts: Vec<String> =
            warnings(&kind, &version, &tree, None).into_iter().map(|Warning { text, .. }| text).collect();
        compare(&texts, expected, yaml);
    };
    let pod =
        |rest: &str| format!("{{apiVersion: v1, kind: Pod, metadata: {{name: web}}, spec: {{{rest}}}}}");
    check(
        &pod(
            "containers: [{name: a, image: x, ports: [{containerPort: 80, name: http}, {containerPort: 80, hostPort: 80}]}, {name: b, image: x, ports: [{containerPort: 81, name: http}]}]",
        ),
        &[
            "spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]",
            "spec.containers[1].ports[0]: duplicate port name \"http\" with spec.containers[0].ports[0], services and probes that select ports by name will use spec.containers[0].ports[0]",
        ],
    );
    check(
        &pod(
            "containers: [{name: a, image: x, ports: [{containerPort: 80, name: http}]}, {name: b, image: x, ports: [{containerPort: 81, name: http}, {containerPort: 80}]}]",
        ),
        &[
            "spec.containers[1].ports[1]: duplicate port definition with spec.containers[0].ports[0]",
            "spec.containers[1].ports[0]: duplicate port name \"http\" with…",
        ],
    );
    check(
        &pod(
            "nodeSelector: {beta.kubernetes.io/os: linux}, containers: [{name: a, image: x, resources: {limits: {memory: 128m}}, env: [{name: A, value: x}, {name: A, value: y}]}]",
        ),
        &[
            "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead",
            "spec.containers[0].resources.limits[memory]: fractional byte value \"128m\" is invalid, must be an integer",
            "spec.containers[0].resources.requests[memory]: fractional byte value \"128m\" is invalid, must be an integer",
            "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply",
        ],
    );
    check(
        &pod(
            "containers: [{name: a, image: x}], volumes: [{name: v, configMap: {name: m, items: [{key: a, path: x}, {key: b, path: x/y}, {key: c, path: xy}, {key: d, path: x/}]}}, {name: p, projected: {sources: [{}, {serviceAccountToken: {path: token}}, {secret: {name: s}}, {secret: {name: s, items: [{key: a, path: token/a}]}}]}}]",
        ),
        &[
            "volume \"v\" (ConfigMap \"m\"): overlapping paths: \"x/y\" with \"x\"",
            "volume \"v\" (ConfigMap \"m\"): overlapping paths: \"x\" with \"x\"",
            "volume \"v\" (ConfigMap \"m\"): overlapping paths: \"x\" with \"x/y\"",
            "volume \"p\" (Projected) has no sources provided",
            "volume \"p\" (Projected): overlapping paths: \"token/a\" (Secret \"s\") with \"token\" (ServiceAccountToken)",
        ],
    );
    check(
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {externalName: x, externalIPs: ['2001:DB8::1'], ports: [{port: 80}]}}",
        &[
            "spec.externalIPs[0]: IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")",
            "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
            "spec.externalName is ignored when spec.type is not \"ExternalName\"",
        ],
    );
    check(
        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s}, spec: {volumeClaimTemplates: [{spec: {resources: {requests: {storage: 1m}}}}]}}",
        &[
            "spec.volumeClaimTemplates[0].resources.requests[storage]: fractional byte value \"1m\" is invalid, must be an integer",
        ],
    );
}

#[test]
fn warning_texts_of_updates() {
    let deployment = |label: &str, replicas: u8| {
        format!(
            "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: a.b, labels: {{a: {label}}}}}, spec: {{replicas: {replicas}, template: {{spec: {{containers: [{{name: a, image: x, env: [{{name: A}}, {{name: A}}]}}]}}}}}}}}"
        )
    };
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x, env: [{name: A}, {name: A}]}]}}";
    let hides = "spec.template.spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply";
    let service = |note: &str| {
        format!(
            "{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: a, annotations: {{kubernetes.io/{note}: 'true'}}}}}}"
        )
    };
    let account = "metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets";
    let ingress = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a, annotations: {kubernetes.io/ingress.class: x}}}";
    for (old, new, expected) in [
        (deployment("a", 1), deployment("b", 1), &[][..]),
        (deployment("a", 1), deployment("a", 2), &[hides]),
        (service("x"), service("enforce-mountable-secrets"), &[account]),
        (service("enforce-mountable-secrets"), service("enforce-mountable-secrets"), &[]),
        (ingress.to_owned(), ingress.to_owned(), &[]),
        (pod.to_owned(), pod.to_owned(), &[]),
    ] {
        let ((kind, version, tree), (_, _, old)) = (read(&new), read(&old));
        let found = warnings(&kind, &version, &tree, Some(&old));
        let texts: Vec<String> = found.into_iter().map(|warning| warning.text).collect();
        compare(&texts, expected, &new);
    }
}
