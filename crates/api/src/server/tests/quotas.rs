//! ResourceQuotas (WL-ADM-Q rules).

use std::rc::Rc;

use manifest::Tree;

use super::{create, pod, refused, tree};
use crate::server::Server;
use crate::types::PodPhase;

/// Whether a quota of nothing with that scope takes the object.
fn scoped(scope: &str, hard: &str, object: &str, expected: bool) {
    let quota = format!(
        "{{apiVersion: v1, kind: ResourceQuota, metadata: {{name: q}}, spec: {{hard: {{{hard}: 0}}, {scope}}}}}"
    );
    let mut server = Server::new();
    create(&mut server, &quota).unwrap_or_else(|error| panic!("{error}"));
    let refused = create(&mut server, object).err().unwrap_or_default();
    assert_eq!(refused.contains("exceeded quota: q"), expected, "{scope} {object}: {refused}");
}

#[test]
fn quotas_count_what_is_in_their_scope() {
    let selector = |scope: &str, rest: &str| {
        format!("scopeSelector: {{matchExpressions: [{{scopeName: {scope}, operator: {rest}}}]}}")
    };
    let crossing = selector("CrossNamespacePodAffinity", "Exists");
    let term = |kind: &str, more: &str| format!("{kind}: [{{topologyKey: zone, labelSelector: {{}}{more}}}]");
    let weighted = |more: &str| {
        format!(
            "preferredDuringSchedulingIgnoredDuringExecution: [{{weight: 1, podAffinityTerm: {{topologyKey: zone, labelSelector: \
             {{}}{more}}}}}]"
        )
    };
    let required = "requiredDuringSchedulingIgnoredDuringExecution";
    for (affinity, expected) in [
        (String::new(), false),
        (format!("podAffinity: {{{}}}", term(required, "")), false),
        (format!("podAffinity: {{{}}}", term(required, ", namespaces: []")), false),
        (format!("podAffinity: {{{}}}", term(required, ", namespaces: [a]")), true),
        (format!("podAntiAffinity: {{{}}}", term(required, ", namespaceSelector: {}")), true),
        (format!("podAntiAffinity: {{{}}}", weighted(", namespaceSelector: {matchLabels: {a: b}}")), true),
        (format!("podAffinity: {{{}}}", weighted("")), false),
    ] {
        let pod = pod(&format!(", affinity: {{{affinity}}}"));
        scoped(&crossing, "pods", &pod, expected);
        scoped("scopes: [CrossNamespacePodAffinity]", "pods", &pod, expected);
    }
    let claim = |class: &str| {
        format!(
            "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: c}}, spec: {{accessModes: [ReadWriteOnce], \
             resources: {{requests: {{storage: 1Gi}}}}{class}}}}}"
        )
    };
    let gold = claim(", volumeAttributesClassName: gold");
    for (rest, with_class, without) in [
        ("Exists", true, false),
        ("DoesNotExist", false, true),
        ("In, values: [gold]", true, false),
        ("In, values: [silver]", false, false),
        ("NotIn, values: [gold]", false, true),
        ("NotIn, values: [silver]", true, true),
    ] {
        let scope = selector("VolumeAttributesClass", rest);
        scoped(&scope, "persistentvolumeclaims", &gold, with_class);
        scoped(&scope, "requests.storage", &claim(""), without);
    }
    scoped("scopes: [VolumeAttributesClass]", "persistentvolumeclaims", &gold, true);
    let urgent = pod(", priorityClassName: system-node-critical");
    scoped("scopes: [PriorityClass]", "pods", &urgent, true);
    scoped("scopes: [PriorityClass]", "pods", &pod(""), false);
    scoped(&selector("PriorityClass", "NotIn, values: [high]"), "pods", &pod(""), true);
    scoped("scopes: [Terminating]", "pods", &pod(", activeDeadlineSeconds: 5"), true);
}

#[test]
fn quotas_count_pods_as_the_scheduler_does() {
    let quota = |name: &str, hard: &str| {
        format!(
            "{{apiVersion: v1, kind: ResourceQuota, metadata: {{name: {name}}}, spec: {{hard: {{{hard}}}}}}}"
        )
    };
    let class = "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: vm}, handler: vm, overhead: {podFixed: \
                 {cpu: 1, memory: 1Gi}}}";
    let pod = |spec: &str, resources: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{{spec}containers: [{{name: c, image: i, resources: \
             {{{resources}}}}}]}}}}"
        )
    };
    let overhead = pod("runtimeClassName: vm, ", "requests: {cpu: 500m}, limits: {cpu: 500m}");
    let exceeded = "pods \"p\" is forbidden: exceeded quota: q, requested: ";
    for (hard, pod, expected) in [
        (
            "limits.cpu: 1, limits.memory: 1",
            overhead.clone(),
            "pods \"p\" is forbidden: failed quota: q: must specify limits.memory for: c".to_owned(),
        ),
        (
            "requests.cpu: 1, limits.cpu: 1",
            overhead,
            format!(
                "{exceeded}limits.cpu=1500m,requests.cpu=1500m, used: limits.cpu=0,requests.cpu=0, limited: limits.cpu=1,requests.cpu=1"
            ),
        ),
        (
            "cpu: 1, memory: 1Gi",
            pod("resources: {requests: {cpu: 2}}, ", "requests: {cpu: 100m}"),
            format!("{exceeded}cpu=2, used: cpu=0, limited: cpu=1"),
        ),
        (
            "requests.example.com/gpu: 1",
            pod("", "limits: {example.com/gpu: 2}"),
            format!(
                "{exceeded}requests.example.com/gpu=2, used: requests.example.com/gpu=0, limited: requests.example.com/gpu=1"
            ),
        ),
    ] {
        refused(&[class, &quota("q", hard), &pod].join("\n---\n"), &expected);
    }
    // What is missing is said before any quota is found to be used up.
    let both = [quota("a", "pods: 0"), quota("b", "cpu: 1"), pod("", "")].join("\n---\n");
    refused(&both, "pods \"p\" is forbidden: failed quota: b: must specify cpu for: c");
    scoped("scopes: [BestEffort]", "pods", &pod("", "requests: {ephemeral-storage: 1Gi}"), true);
}

/// What comes and goes is added and taken away; the sums are those of counting everything.
#[test]
fn quotas_keep_count() {
    let mut server = Server::new();
    let quota = "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {pods: 9, requests.cpu: 9, \
                 services.nodeports: 9, count/configmaps: 9, resourcequotas: 9}}}";
    let scoped = "{apiVersion: v1, kind: ResourceQuota, metadata: {name: s}, spec: {hard: {pods: 9}, scopes: [Terminating]}}";
    let pod = |name: &str, more: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {{containers: [{{name: c, image: x, resources: \
             {{requests: {{cpu: 500m}}}}}}]{more}}}}}"
        )
    };
    let service =
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: NodePort, ports: [{port: 80}]}}";
    let quota = create(&mut server, quota).expect("a quota");
    let scoped = create(&mut server, scoped).expect("another");
    let check = |server: &mut Server, expected: [&str; 2]| {
        let used = |server: &Server| {
            [quota, scoped]
                .map(|uid| server.tree(uid).and_then(|tree| Some(tree.at(&["status", "used"])?.to_json())))
        };
        let kept = used(server);
        server.refresh_quotas("default");
        assert_eq!(kept, used(server));
        assert_eq!(kept, expected.map(|text| Some(text.to_owned())));
    };
    let a = create(&mut server, &pod("a", "")).expect("a pod");
    let b = create(&mut server, &pod("b", ", activeDeadlineSeconds: 9")).expect("another");
    let s = create(&mut server, service).expect("a Service");
    create(&mut server, "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}").expect("a ConfigMap");
    let first = r#"{"count/configmaps":"1","pods":"2","requests.cpu":"1","resourcequotas":"2","services.nodeports":"1"}"#;
    check(&mut server, [first, r#"{"pods":"1"}"#]);
    server.pod_mut(a).expect("it is there").status.phase = PodPhase::Succeeded;
    server.delete(s);
    server.delete(b);
    create(&mut server, &pod("d", "")).expect("a third");
    let last = r#"{"count/configmaps":"1","pods":"1","requests.cpu":"500m","resourcequotas":"2","services.nodeports":"0"}"#;
    check(&mut server, [last, r#"{"pods":"0"}"#]);
}

#[test]
fn an_object_that_comes_into_a_scope_counts() {
    let quota = "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {persistentvolumeclaims: 0}, scopes: \
                 [VolumeAttributesClass]}}";
    let claim = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {accessModes: [ReadWriteOnce], \
                 resources: {requests: {storage: 1Gi}}, volumeName: v}}";
    let mut server = Server::new();
    create(&mut server, quota).expect("the quota is accepted");
    let uid = create(&mut server, claim).expect("the claim is outside");
    // Only bound claims may change.
    let object = server.store_mut().objects.get_mut(&uid).expect("it is stored");
    if let Some(status) = Rc::make_mut(&mut object.tree).get_mut("status").and_then(Tree::as_map_mut) {
        status.insert("phase", Tree::added("Bound"));
    }
    let changed = tree(&claim.replace("volumeName: v", "volumeName: v, volumeAttributesClassName: gold"));
    let message = server.update(uid, changed).map_err(|error| error.message);
    assert_eq!(
        message,
        Err("persistentvolumeclaims \"c\" is forbidden: exceeded quota: q, requested: persistentvolumeclaims=1, used: \
             persistentvolumeclaims=0, limited: persistentvolumeclaims=0"
            .to_owned())
    );
}
