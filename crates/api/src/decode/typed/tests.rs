//! Fields that are read otherwise than by their name alone.

use std::rc::Rc;

use manifest::Tree;

use super::{meta, node, pod_spec, typed};
use crate::int_or_string::IntOrString;
use crate::labels::Operator;
use crate::quantity::Quantity;
use crate::server::Typed;
use crate::types::{
    Backend, BackendPort, ClusterIp, DeploymentStrategy, Kind, NodeAddressType, Protocol, Service,
    TaintEffect, VolumeSource,
};

fn tree(text: &str) -> Rc<Tree> {
    let document = manifest::parse(&format!("# yaml\n{text}")).documents.pop().expect("a document");
    Rc::new(document.content.expect("it can be read"))
}

fn object(kind: &Kind, text: &str) -> Typed {
    let tree = tree(text);
    typed(kind, meta(&tree), &tree)
}

#[test]
fn pods() {
    let spec = pod_spec(&tree(
        "
containers:
- name: a
  command: [run]
  args: [--port=1]
  env: [{name: A, value: x}, {name: B, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
  ports: [{containerPort: 53, protocol: UDP}]
  resources: {requests: {cpu: 0.5, memory: 1Gi}}
  readinessProbe: {httpGet: {path: /ok, port: web}}
initContainers: [{name: s, restartPolicy: Always}, {name: i}]
tolerations: [{operator: Exists}]
affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [
  {matchExpressions: [{key: k, operator: NotIn, values: [v]}]}]}}}
volumes: [{name: c, persistentVolumeClaim: {claimName: data}}, {name: g, gcePersistentDisk: {pdName: d, readOnly: true}},
  {name: r, rbd: {monitors: [m], pool: p, image: i}}, {name: i, image: {reference: data:1}}]
",
    ));
    let container = &spec.containers[0];
    assert_eq!(container.arguments, ["run", "--port=1"]);
    assert_eq!(container.env, [("A".to_owned(), "x".to_owned())]);
    assert_eq!((container.ports[0].container_port, container.ports[0].protocol), (53, Protocol::Udp));
    assert_eq!(container.resources.requests["cpu"], Quantity::milli(500));
    assert_eq!(container.readiness_http.as_ref().map(|probe| probe.port.as_str()), Some("web"));
    assert_eq!(
        spec.init_containers.iter().map(|container| container.sidecar).collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(spec.tolerations[0].effect, None);
    let terms = spec.affinity.node.and_then(|node| node.required).expect("required terms");
    assert_eq!(terms[0].match_expressions[0].operator, Operator::NotIn);
    assert_eq!(spec.volumes[0].source, VolumeSource::Claim("data".into()));
    let disk = |identity: &str, monitors: &[&str], read_only| VolumeSource::Disk {
        identity: identity.into(),
        monitors: monitors.iter().map(ToString::to_string).collect(),
        read_only,
    };
    assert_eq!(spec.volumes[1].source, disk("gcePersistentDisk:d", &[], true));
    assert_eq!(spec.volumes[2].source, disk("rbd:p/i", &["m"], false));
    assert_eq!(spec.volumes[3].source, VolumeSource::Image("data:1".into()));
}

#[test]
fn services() {
    let service = |spec: &str| -> Rc<Service> {
        match object(&Kind::Service, &format!("{{metadata: {{name: a}}, spec: {spec}}}")) {
            Typed::Service(service) => service,
            other => panic!("{other:?}"),
        }
    };
    let headless = service("{clusterIP: None, selector: {}, ports: [{port: 80}]}");
    assert_eq!((&headless.cluster_ip, &headless.selector), (&ClusterIp::Headless, &None));
    assert_eq!(headless.ports[0].target_port, IntOrString::Int(80));
    let named = service("{clusterIP: 10.96.0.9, selector: {app: a}, ports: [{port: 80, targetPort: web}]}");
    assert_eq!(named.cluster_ip, ClusterIp::Address("10.96.0.9".into()));
    assert_eq!(named.ports[0].target_port, IntOrString::String("web".into()));
}

#[test]
fn ingresses_take_their_class_from_the_old_annotation() {
    let text = "
metadata: {name: a, annotations: {kubernetes.io/ingress.class: old}}
spec: {defaultBackend: {service: {name: web, port: {name: http}}}}
";
    let Typed::Ingress(ingress) = object(&Kind::Ingress, text) else { panic!("an Ingress") };
    assert_eq!(ingress.class, "old");
    let backend = Backend::Service { name: "web".into(), port: BackendPort::Name("http".into()) };
    assert_eq!(ingress.default_backend, Some(backend));
}

#[test]
fn deployments() {
    let strategy =
        |strategy: &str| match object(&Kind::Deployment, &format!("{{spec: {{strategy: {strategy}}}}}")) {
            Typed::Deployment(deployment) => deployment.strategy.clone(),
            other => panic!("{other:?}"),
        };
    assert_eq!(strategy("{type: Recreate}"), DeploymentStrategy::Recreate);
    let rolling = DeploymentStrategy::RollingUpdate {
        max_surge: IntOrString::String("25%".into()),
        max_unavailable: IntOrString::Int(0),
    };
    assert_eq!(strategy("{type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}"), rolling);
}

#[test]
fn nodes_get_the_taints_of_cordon_and_conditions() {
    let tree = tree(
        "
metadata: {name: a}
spec: {unschedulable: true}
status:
  addresses: [{type: InternalIP, address: 10.0.0.1}, {type: InternalDNS, address: a.local}]
  conditions: [{type: Ready, status: 'False'}, {type: DiskPressure, status: 'False'}]
  allocatable: {cpu: 4}
",
    );
    let node = node(meta(&tree), &tree);
    let taints: Vec<_> = node.taints.iter().map(ToString::to_string).collect();
    assert_eq!(
        taints,
        [
            "node.kubernetes.io/unschedulable:NoSchedule",
            "node.kubernetes.io/not-ready:NoSchedule",
            "node.kubernetes.io/not-ready:NoExecute",
        ]
    );
    assert!(!node.ready && node.unschedulable && node.taints[0].effect == TaintEffect::NoSchedule);
    assert_eq!(node.addresses_of(NodeAddressType::InternalIP).count(), 1);
    assert_eq!((node.addresses.len(), node.allocatable["cpu"]), (1, Quantity::whole(4)));
}

#[test]
fn a_number_written_with_an_exponent_is_whole() {
    assert_eq!(pod_spec(&tree("priority: 1e3")).priority, 1000);
}
