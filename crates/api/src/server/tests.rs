//! The request path from outside: what admission and allocation make of objects, and what is refused.

mod quotas;

use std::rc::Rc;

use manifest::Tree;

use super::{PodDraft, PodName, Server};
use crate::types::{Kind, Uid};

fn tree(text: &str) -> Tree {
    let mut documents = manifest::parse(text).documents;
    documents.remove(0).content.expect("the text is well-formed")
}

/// Creates the objects of a text; the last one's identity or error.
fn create(server: &mut Server, text: &str) -> Result<Uid, String> {
    let documents = manifest::parse(text).documents;
    let mut trees = documents.into_iter().map(|document| document.content.expect("the text is well-formed"));
    let last = trees.next_back().expect("there is an object");
    for before in trees {
        server.create(before).map_err(|error| error.message).expect("what comes before is accepted");
    }
    server.create(last).map_err(|error| error.message)
}

fn pod(fields: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{{name: c, image: x}}]{fields}}}}}"
    )
}

/// The value at a path of the last object of the text, as JSON.
fn check(text: &str, path: &[&str], expected: &str) {
    let mut server = Server::new();
    let uid = create(&mut server, text).expect("the object is accepted");
    let tree = server.tree(uid).expect("it is stored");
    assert_eq!(tree.at(path).map(Tree::to_json).unwrap_or_default(), expected, "{text}");
}

fn refused(text: &str, expected: &str) {
    assert_eq!(create(&mut Server::new(), text), Err(expected.to_owned()), "{text}");
}

const HIGH: &str = "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: high}, value: 7, globalDefault: true}";
const SANDBOX: &str = "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: kata}, handler: kata, \
                       overhead: {podFixed: {cpu: 500m}}, scheduling: {nodeSelector: {sandbox: y1}}}";

#[test]
fn admission_completes_pods() {
    check(&pod(""), &["spec", "priority"], "0");
    check(&pod(""), &["spec", "serviceAccountName"], "\"default\"");
    check(&format!("{HIGH}\n---\n{}", pod("")), &["spec", "priorityClassName"], "\"high\"");
    check(&pod(", priorityClassName: system-node-critical"), &["spec", "priority"], "2000001000");
    let sandboxed = format!("{SANDBOX}\n---\n{}", pod(", runtimeClassName: kata"));
    check(&sandboxed, &["spec", "overhead"], r#"{"cpu":"500m"}"#);
    check(&sandboxed, &["spec", "nodeSelector"], r#"{"sandbox":"y1"}"#);
}

#[test]
fn admission_refuses_pods() {
    refused(
        &pod(", priorityClassName: gone"),
        "pods \"p\" is forbidden: no PriorityClass with name gone was found",
    );
    refused(
        &pod(", preemptionPolicy: ''"),
        "pods \"p\" is forbidden: the string value of PreemptionPolicy () must not be provided in pod spec; priority admission \
         controller computed PreemptLowerPriority from the given PriorityClass name",
    );
    refused(
        &pod(", serviceAccountName: bot"),
        "pods \"p\" is forbidden: error looking up service account default/bot: serviceaccount \"bot\" not found",
    );
    refused(
        &pod(", runtimeClassName: gone"),
        "pods \"p\" is forbidden: pod rejected: RuntimeClass \"gone\" not found",
    );
    refused(
        &pod(", overhead: {cpu: 1}"),
        "pods \"p\" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
    );
    refused(
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: gone}}",
        "namespaces \"gone\" not found",
    );
    let quota = "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {pods: 0}}}";
    refused(
        &format!("{quota}\n---\n{}", pod("")),
        "pods \"p\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0",
    );
}

#[test]
fn a_claim_stays_within_its_range_when_it_grows() {
    let mut server = Server::new();
    let range = "{apiVersion: v1, kind: LimitRange, metadata: {name: r}, spec: {limits: [{type: PersistentVolumeClaim, max: \
                 {storage: 2Gi}}]}}";
    create(&mut server, range).expect("the range is accepted");
    let class = "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: s}, provisioner: x, allowVolumeExpansion: true}";
    create(&mut server, class).expect("the class is accepted");
    let claim = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {accessModes: [ReadWriteOnce], \
                 resources: {requests: {storage: 1Gi}}, volumeName: v, storageClassName: s}}";
    let uid = create(&mut server, claim).expect("the claim is small enough");
    let object = server.store_mut().objects.get_mut(&uid).expect("it is stored");
    if let Some(status) = Rc::make_mut(&mut object.tree).get_mut("status").and_then(Tree::as_map_mut) {
        status.insert("phase", Tree::added("Bound"));
    }
    let grown = |size: &str| tree(&claim.replace("storage: 1Gi", &format!("storage: {size}")));
    let message = server.update(uid, grown("3Gi")).map_err(|error| error.message);
    assert_eq!(
        message,
        Err("persistentvolumeclaims \"c\" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is \
             3Gi"
            .to_owned())
    );
    server.update(uid, grown("2Gi")).expect("that is the most");
}

#[test]
fn namespaces_keep_valid_pod_security_labels() {
    let space = |labels: &str| {
        format!("{{apiVersion: v1, kind: Namespace, metadata: {{name: shop, labels: {{{labels}}}}}}}")
    };
    let wrong = "pod-security.kubernetes.io/audit: strict";
    let message = "Namespace \"shop\" is invalid: metadata.labels[pod-security.kubernetes.io/audit]: Invalid value: \"strict\": \
                   must be one of privileged, baseline, restricted";
    refused(&space(wrong), message);
    let mut server = Server::new();
    let uid = create(&mut server, &space("a: b")).expect("the namespace is accepted");
    let changed = server.update(uid, tree(&space(wrong))).map_err(|error| error.message);
    assert_eq!(changed, Err(message.to_owned()));
    server.update(uid, tree(&space("pod-security.kubernetes.io/audit: baseline"))).expect("it is a level");
}

/// The registry writes label keys into selectors once (SCH-SPREAD-6), so that an update has to bring them along.
#[test]
fn label_keys_are_merged_on_creation_only() {
    let spread = |selector: &str| {
        let constraint =
            "maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [app]";
        pod(&format!(
            ", serviceAccountName: default, topologySpreadConstraints: [{{{constraint}, labelSelector: {{{selector}}}}}]"
        ))
        .replace("name: p", "name: p, labels: {app: web}")
    };
    let mut server = Server::new();
    let uid = create(&mut server, &spread("")).expect("it is valid");
    let merged = "matchExpressions: [{key: app, operator: In, values: [web]}]";
    server.update(uid, tree(&spread(merged))).expect("nothing changes");
    let refused = server.update(uid, tree(&spread(""))).expect_err("the selector changes");
    assert!(refused.message.contains("pod updates may not change fields"), "{}", refused.message);
}

fn service(name: &str, fields: &str) -> String {
    format!("{{apiVersion: v1, kind: Service, metadata: {{name: {name}}}, spec: {{{fields}}}}}")
}

#[test]
fn node_ports_are_shared_by_port_and_taken_by_number() {
    let both =
        "type: NodePort, ports: [{name: t, port: 53}, {name: u, port: 53, protocol: UDP, nodePort: 30053}]";
    let uid = |server: &mut Server, text: &str| create(server, text).expect("the Service is accepted");
    let mut server = Server::new();
    let first = uid(&mut server, &service("a", both));
    let ports = server.tree(first).expect("it is stored");
    assert_eq!(super::allocation::node_ports(&ports), [30053, 30053]);
    let again = create(&mut server, &service("b", "type: NodePort, ports: [{port: 80, nodePort: 30053}]"));
    let taken = "Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: 30053: provided port is already allocated";
    assert_eq!(again, Err(taken.to_owned()));
    server.delete(first);
    uid(&mut server, &service("b", "type: NodePort, ports: [{port: 80, nodePort: 30053}]"));
}

#[test]
fn automatic_values_come_from_the_dynamic_bands() {
    let mut server = Server::new();
    for index in 0..50 {
        let text = service(&format!("s{index}"), "type: NodePort, ports: [{port: 80}]");
        let uid = create(&mut server, &text).expect("the Service is accepted");
        let tree = server.tree(uid).expect("it is stored");
        assert!(super::allocation::node_ports(&tree).iter().all(|port| (30086..=32767).contains(port)));
        assert!(!tree.str_at(&["spec", "clusterIP"]).starts_with("10.96.0."));
    }
    refused(
        &service("k", "clusterIP: 10.96.0.1, ports: [{port: 80}]"),
        "Service \"k\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.0.1\"]: failed to allocate IP 10.96.0.1: \
         provided IP is already allocated",
    );
}

#[test]
fn families_are_checked_before_anything_is_allocated() {
    let table = [
        (
            "ipFamilyPolicy: RequireDualStack",
            "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured for dual-stack services",
        ),
        ("ipFamilies: [IPv6]", "spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster"),
        (
            "clusterIP: 'fd00::1'",
            "spec.clusterIPs[0]: Invalid value: [\"fd00::1\"]: IPv6 is not configured on this cluster",
        ),
        (
            "ipFamilies: [IPv4, IPv6]",
            "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified",
        ),
        (
            "clusterIPs: [10.96.0.9]",
            "spec.clusterIPs: Invalid value: [\"10.96.0.9\"]: must be empty when `clusterIP` is not specified",
        ),
    ];
    for (fields, why) in table {
        let text = service("s", &format!("{fields}, type: NodePort, ports: [{{port: 0, nodePort: 1}}]"));
        refused(&text, &format!("Service \"s\" is invalid: {why}"));
    }
    check(
        &service("s", "clusterIPs: [], ipFamilies: [], ports: [{port: 80}]"),
        &["spec", "ipFamilies"],
        "[\"IPv4\"]",
    );
}

#[test]
fn a_changed_service_keeps_its_lists_in_step() {
    let change = |fields: &str| change_service("clusterIP: 10.96.0.9, ports: [{port: 80}]", fields);
    let fixed = |value: &str| {
        Err(format!(
            "Service \"s\" is invalid: spec.clusterIPs[0]: Invalid value: [\"{value}\"]: may not change once set"
        ))
    };
    assert_eq!(change("{clusterIP: None}"), fixed("None"));
    assert_eq!(change("{clusterIP: 10.96.0.10}"), fixed("10.96.0.10"));
    assert_eq!(change("{clusterIP: 1.2.3.4}"), fixed("1.2.3.4"));
    let external = change("{type: ExternalName, externalName: a.b}").expect("the type may change");
    assert!(
        ["clusterIP", "ipFamil", "internalTrafficPolicy"].iter().all(|gone| !external.contains(gone)),
        "{external}"
    );
}

#[test]
fn a_changed_service_asks_for_node_ports_by_number() {
    let dns =
        "ports: [{name: t, port: 53, nodePort: 30053}, {name: u, port: 53, protocol: UDP, nodePort: 30053}]";
    change_service("ports: [{port: 80}]", &format!("{{type: NodePort, {dns}}}"))
        .expect("protocols share a number");
    let twice = dns.replace("UDP", "TCP").replace("u, port: 53", "u, port: 54");
    let refused = change_service("ports: [{port: 80}]", &format!("{{type: NodePort, {twice}}}"));
    assert_eq!(refused, Err("duplicate nodePort: {TCP 30053}".to_owned()));
    let fewer = "{type: ClusterIP, ports: [{name: t, port: 53, nodePort: 30053}]}";
    let spec = change_service(&format!("type: NodePort, {dns}"), fewer).expect("what it held is given back");
    assert!(!spec.contains("nodePort"), "{spec}");
    let without = "type: LoadBalancer, allocateLoadBalancerNodePorts: false";
    let spec = change_service(&format!("{without}, {dns}"), "{ports: [{name: t, port: 53}]}");
    assert!(!spec.expect("none is needed").contains("nodePort"));
}

#[test]
fn a_changed_service_gives_up_a_family_by_its_policy() {
    let headless = "clusterIP: None, ports: [{port: 80}]";
    let spec = change_service(headless, "{ipFamilyPolicy: SingleStack}").expect("the second family goes");
    assert!(spec.contains(r#""ipFamilies":["IPv4"]"#), "{spec}");
    let refused = change_service(headless, "{ipFamilies: [IPv4]}");
    let why = "Service \"s\" is invalid: spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": must be 'SingleStack' to \
               release the secondary IP family";
    assert_eq!(refused, Err(why.to_owned()));
    let kept = "ipFamilyPolicy: PreferDualStack, ports: [{port: 80}]";
    let spec = change_service(kept, "{ipFamilyPolicy: null}").expect("the policy stays");
    assert!(spec.contains("PreferDualStack"), "{spec}");
}

/// The spec of a Service after some of its fields have changed, or why they may not.
fn change_service(before: &str, fields: &str) -> Result<String, String> {
    let mut server = Server::new();
    let uid = create(&mut server, &service("s", before)).expect("it is accepted");
    let mut new = (*server.tree(uid).expect("it is stored")).clone();
    let spec = super::request::map_mut(&mut new, "spec");
    for entry in tree(fields).as_map().into_iter().flatten() {
        spec.insert(&*entry.key, entry.value.clone());
    }
    let changed = server.update(uid, new).map_err(|error| error.message);
    changed.map(|()| {
        server.tree(uid).expect("it is stored").at(&["spec"]).map(Tree::to_json).unwrap_or_default()
    })
}

#[test]
fn jobs_keep_labels_that_say_the_same() {
    let job = |metadata: &str, spec: &str, labels: &str| {
        format!(
            "{{apiVersion: batch/v1, kind: Job, metadata: {{{metadata}}}, spec: {{{spec}template: {{metadata: {{labels: {{{labels}}}}}, \
             spec: {{restartPolicy: Never, containers: [{{name: c, image: x}}]}}}}}}}}"
        )
    };
    let name_label = ["spec", "template", "metadata", "labels", "job-name"];
    check(&job("name: j", "", "job-name: j"), &name_label, "\"j\"");
    let error =
        create(&mut Server::new(), &job("name: j", "", "job-name: k")).expect_err("the label differs");
    assert!(
        error.starts_with(
            "Job.batch \"j\" is invalid: spec.template.metadata.labels[job-name]: Invalid value: {"
        ),
        "{error}"
    );
    assert!(error.ends_with("}: must be 'j'"), "{error}");
    let error = create(&mut Server::new(), &job("name: j", "manualSelector: true, ", "a: b"))
        .expect_err("nothing is selected");
    assert_eq!(
        error,
        "Job.batch \"j\" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: \
         `selector` does not match template `labels`]"
    );
    let mut server = Server::new();
    let uid = create(&mut server, &job("generateName: j-", "", "")).expect("the Job is accepted");
    let stored = server.tree(uid).expect("it is stored");
    assert_eq!(stored.str_at(&name_label), stored.str_at(&["metadata", "name"]));
}

#[test]
fn claims_name_their_source_twice() {
    let claim = |rest: &str| {
        format!(
            "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: c}}, spec: {{accessModes: [ReadWriteOnce], \
             resources: {{requests: {{storage: 1}}}}, {rest}}}}}"
        )
    };
    let (source, reference) = (["spec", "dataSource"], ["spec", "dataSourceRef"]);
    let written = r#"{"kind":"PersistentVolumeClaim","name":"a"}"#;
    check(&claim("dataSource: {kind: PersistentVolumeClaim, name: a}"), &reference, written);
    check(&claim("dataSourceRef: {kind: PersistentVolumeClaim, name: a}"), &source, written);
    let backup = "dataSource: {apiGroup: example.com, kind: Backup, name: a}";
    check(&claim(backup), &source, "");
    let both = backup.replace("dataSource", "dataSourceRef");
    check(&claim(&both), &source, r#"{"apiGroup":"example.com","kind":"Backup","name":"a"}"#);
    check(&claim(&format!("{backup}, {both}")), &["spec", "dataSource", "kind"], "\"Backup\"");
    let elsewhere = "dataSourceRef: {kind: PersistentVolumeClaim, name: a, namespace: b}";
    check(&claim(elsewhere), &reference, "");
}

#[test]
fn replicas_share_what_is_the_same() {
    let mut server = Server::new();
    let text = "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web}, spec: {selector: {matchLabels: {a: b}}, \
                template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}}}";
    let owner = create(&mut server, text).expect("the ReplicaSet is accepted");
    let owner_ref = server.owner_ref(owner).expect("it is stored");
    let template = tree("{metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}");
    let draft = PodDraft {
        namespace: "default".into(),
        owner: owner_ref,
        name: PodName::Generate("web-".into()),
        tree: Rc::new(template),
    };
    let pods: Vec<Uid> = (0..3).map(|_| server.create_pod(&draft).expect("the pod is accepted")).collect();
    let stored = |uid: &Uid| &server.store().pods[uid];
    assert!(Rc::ptr_eq(&stored(&pods[0]).spec, &stored(&pods[2]).spec));
    assert!(Rc::ptr_eq(&stored(&pods[0]).tree, &stored(&pods[2]).tree));
    assert_ne!(stored(&pods[0]).meta.name, stored(&pods[2]).meta.name);
    server.delete(owner);
    assert_eq!(server.collect_garbage(), 3);
    assert_eq!(server.find_kind(&Kind::ReplicaSet, "default", "web"), None);
}
