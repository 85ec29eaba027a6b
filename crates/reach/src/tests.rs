//! The vectors EXP-V and more, as small manifests against the routes that they give.

use std::fmt::Write as _;

use api::server::{Server, Store};
use api::types::{NodeAddressType, Pod, PodPhase};

use crate::{
    IngressExposure, LoadBalancer, Route, RouteKind, RouteState, Settings, bind_conflicts, endpoints, routes,
};

/// Three nodes n1 to n3 with 10.0.0.11 to 10.0.0.13, and what the text adds. Pods with a nodeName run and are ready, unless
/// they are labelled `state: unready` or `state: crashing`.
fn store(text: &str) -> Store {
    let mut server = Server::new();
    let mut manifest = String::new();
    for number in 1..=3 {
        let _ = writeln!(
            manifest,
            "{{apiVersion: v1, kind: Node, metadata: {{name: n{number}}}, status: {{addresses: \
             [{{type: InternalIP, address: 10.0.0.1{number}}}], conditions: [{{type: Ready, status: 'True'}}]}}}}\n---"
        );
    }
    manifest.push_str(text);
    for document in manifest::parse(&format!("# yaml\n{manifest}")).documents {
        let tree = document.content.expect("the manifest can be read");
        server.create(tree).expect("the manifest is accepted");
    }
    let nodes: Vec<_> = server.store().nodes.values().cloned().collect();
    for (index, pod) in server.store_mut().pods.values_mut().enumerate() {
        let Some(node) = nodes.iter().find(|node| *node.meta.name == *pod.spec.node_name) else { continue };
        pod.node = Some(node.meta.name.clone());
        start(pod, index, node.addresses_of(NodeAddressType::InternalIP).next().expect("an address"));
    }
    server.store().clone()
}

fn start(pod: &mut Pod, index: usize, node_ip: &std::rc::Rc<str>) {
    let state = pod.meta.labels.get("state").map_or("", String::as_str);
    pod.status.phase = PodPhase::Running;
    pod.status.ready = state.is_empty();
    pod.status.waiting_reason = (state == "crashing").then_some("CrashLoopBackOff");
    let own = format!("10.244.0.{index}");
    pod.status.pod_ips = vec![if pod.spec.host_network { node_ip.clone() } else { own.into() }];
}

/// `kind state url [nodes] notes`.
fn line(route: &Route) -> String {
    let url = if route.url.is_empty() { "-" } else { &route.url };
    let notes: Vec<_> = route.notes.iter().map(|note| format!("{note:?}")).collect();
    format!("{:?} {:?} {url} [{}] {}", route.kind, route.state, route.nodes.join(" "), notes.join(" "))
        .trim_end()
        .to_owned()
}

#[track_caller]
fn check_with(settings: Settings, text: &str, expected: &[&str]) {
    let lines: Vec<_> = routes(&store(text), &settings).iter().map(line).collect();
    assert_eq!(lines, expected);
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    check_with(Settings::default(), text, expected);
}

const WEB: &str = "
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {nodeName: n1, containers: [{name: web, image: nginx, ports: [{containerPort: 80, name: web}]}]}
---
";

fn service(spec: &str) -> String {
    format!("{WEB}{{apiVersion: v1, kind: Service, metadata: {{name: web}}, spec: {spec}}}\n")
        .replace("---\n{", "---\n# a service\n{")
}

#[test]
fn host_network_with_a_declared_port() {
    let pod = "
apiVersion: v1
kind: Pod
metadata: {name: influx}
spec:
  hostNetwork: true
  dnsPolicy: ClusterFirstWithHostNet
  nodeName: n1
  containers: [{name: influxdb, image: example.com/own, ports: [{containerPort: 8086}]}]
";
    check(pod, &["HostNetwork Reachable http://10.0.0.11:8086/ [n1]"]);
}

#[test]
fn host_network_without_ports_takes_those_of_the_image() {
    let pod = "
apiVersion: v1
kind: Pod
metadata: {name: influxdb}
spec: {hostNetwork: true, nodeName: n2, containers: [{name: influxdb, image: influxdb}]}
";
    check(pod, &["HostNetwork Reachable http://10.0.0.12:8086/ [n2] PortFromImage NodeDns"]);
    assert_eq!(routes(&store(pod), &Settings::default())[0].curl, "curl -v http://10.0.0.12:8086/ping");
    check(
        &pod.replace("image: influxdb", "image: example.com/own"),
        &["HostNetwork Blocked - [n2] NoKnownPort"],
    );
    check(&pod.replace("nodeName: n2, ", ""), &[]);
}

#[test]
fn the_second_process_on_a_node_cannot_bind() {
    let pod = |name: &str, node: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{hostNetwork: true, dnsPolicy: Default, \
             nodeName: {node}, containers: [{{name: a, image: nginx}}]}}\n---\n"
        )
    };
    let text = pod("a", "n1") + &pod("b", "n1") + &pod("c", "n2");
    check(
        &text,
        &[
            "HostNetwork Reachable http://10.0.0.11/ [n1] PortFromImage",
            "HostNetwork Blocked http://10.0.0.11/ [n1] PortTakenByPod(\"default/a\") PortFromImage",
            "HostNetwork Reachable http://10.0.0.12/ [n2] PortFromImage",
        ],
    );
    assert_eq!(bind_conflicts(&store(&text)).len(), 1);
    let ssh = pod("a", "n1").replace("image: nginx", "image: x, ports: [{containerPort: 22}]");
    check(&ssh, &["HostNetwork Blocked ssh://10.0.0.11:22 [n1] PortTakenByNode(\"sshd\")"]);
}

#[test]
fn host_ports_are_mapped_on_the_node_of_the_pod() {
    let pod = |port: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{nodeName: n2, containers: \
             [{{name: a, image: nginx, ports: [{port}]}}]}}\n"
        )
    };
    let table = [
        (
            "{containerPort: 80, hostPort: 8080}",
            &["HostPort Reachable http://10.0.0.12:8080/ [n2] NeedsPortmap"][..],
        ),
        (
            "{containerPort: 80, hostPort: 8080, hostIP: 127.0.0.1}",
            &["HostPort Blocked http://127.0.0.1:8080/ [n2] LoopbackOnly NeedsPortmap"],
        ),
        (
            "{containerPort: 80, hostPort: 8080, hostIP: 10.9.9.9}",
            &["HostPort Blocked http://10.9.9.9:8080/ [n2] OnlyHostIp(\"10.9.9.9\") NeedsPortmap"],
        ),
        (
            "{containerPort: 53, hostPort: 53}, {containerPort: 53, hostPort: 53, protocol: UDP}",
            &[
                "HostPort Reachable tcp://10.0.0.12:53 [n2] NeedsPortmap",
                "HostPort Reachable udp://10.0.0.12:53 [n2] NeedsPortmap",
            ],
        ),
        ("{containerPort: 80}", &[]),
    ];
    for (port, expected) in table {
        check(&pod(port), expected);
    }
    let without = Settings { host_ports: false, ..Settings::default() };
    check_with(
        without,
        &pod("{containerPort: 80, hostPort: 80}"),
        &["HostPort Blocked http://10.0.0.12/ [n2] NoPortmap"],
    );
}

#[test]
fn sidecars_reserve_host_ports_that_nobody_maps() {
    let pod = "
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  nodeName: n1
  containers: [{name: a, image: nginx}]
  initContainers:
  - {name: s, image: nginx, restartPolicy: Always, ports: [{containerPort: 80, hostPort: 80}]}
  - {name: i, image: nginx, ports: [{containerPort: 81, hostPort: 81}]}
";
    check(pod, &["HostPort Blocked http://10.0.0.11/ [n1] SidecarNotMapped NeedsPortmap"]);
}

#[test]
fn node_ports_answer_on_every_node_or_on_those_with_a_pod() {
    let spec = "{type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}";
    check(&service(spec), &["NodePort Reachable http://10.0.0.11:30080/ [n1 n2 n3] SourceRewritten"]);
    let local = spec.replace("type:", "externalTrafficPolicy: Local, type:");
    check(
        &service(&local),
        &["NodePort Reachable http://10.0.0.11:30080/ [n1] TimesOutOn([\"n2\", \"n3\"])"],
    );
    let table = [
        (service(&local).replace("app: web}}\n", "app: web, state: unready}}\n"), "NoReadyEndpoints"),
        (service(&local).replace("nodeName: n1, ", ""), "NoReadyEndpoints PodPending"),
        (service(&local.replace("app: web", "app: other")), "SelectsNothing"),
        (service(&local.replace("selector: {app: web}, ", "")), "NoSelector"),
        (service(&local.replace("port: 80,", "port: 80, targetPort: http,")), "NamedPortMissing(\"http\")"),
    ];
    for (text, reason) in table {
        check(&text, &[&format!("NodePort Blocked http://10.0.0.11:30080/ [n1 n2 n3] {reason}")]);
    }
    let odd = spec.replace("port: 80,", "port: 80, targetPort: 9999,");
    check(
        &service(&odd),
        &["NodePort Reachable tcp://10.0.0.11:30080 [n1 n2 n3] TargetPortUndeclared(9999) SourceRewritten"],
    );
}

/// EXP-POD-4, EXP-EP-3: a terminating pod answers behind a Service while no other is ready, and directly until its process ends.
#[test]
fn terminating_pods_answer_when_nobody_else_does() {
    let spec = "{type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}";
    let second = WEB
        .replace("metadata: {name: web", "metadata: {name: second")
        .replace("nodeName: n1", "nodeName: n2");
    let mut store = store(&(second + &service(spec)));
    let answering = |store: &Store| {
        let routes = routes(store, &Settings::default());
        let route = routes.iter().find(|route| route.kind == RouteKind::NodePort).expect("the route");
        (route.state, route.pods.clone())
    };
    let pods =
        |names: &[&str]| (RouteState::Reachable, names.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(answering(&store), pods(&["default/second", "default/web"]));
    store.pods.values_mut().next().expect("a pod").meta.deleting = true;
    assert_eq!(answering(&store), pods(&["default/web"]));
    store.pods.values_mut().for_each(|pod| pod.meta.deleting = true);
    assert_eq!(answering(&store), pods(&["default/second", "default/web"]));
    store.pods.values_mut().for_each(|pod| pod.status.phase = PodPhase::Succeeded);
    assert_eq!(answering(&store).0, RouteState::Blocked);
}

#[test]
fn load_balancers_depend_on_the_provider() {
    let spec = "{type: LoadBalancer, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}";
    let node_port = "NodePort Reachable http://10.0.0.11:30080/ [n1 n2 n3] SourceRewritten";
    let table = [
        (LoadBalancer::None, "LoadBalancer Pending - [] NoLoadBalancer"),
        (LoadBalancer::Pool, "LoadBalancer Reachable http://203.0.113.10/ [n1 n2 n3]"),
        (LoadBalancer::NodeAddresses, "LoadBalancer Reachable http://10.0.0.11/ [n1 n2 n3]"),
    ];
    for (load_balancer, expected) in table {
        let settings = Settings { load_balancer, ..Settings::default() };
        check_with(settings, &service(spec), &[node_port, expected]);
    }
    let class = spec.replace("type:", "loadBalancerClass: example.com/x, type:");
    let settings = Settings { load_balancer: LoadBalancer::Pool, ..Settings::default() };
    let pending = "LoadBalancer Pending - [] LoadBalancerClass(\"example.com/x\")";
    check_with(settings, &service(&class), &[node_port, pending]);
}

#[test]
fn external_ips_need_routing() {
    let spec = "{selector: {app: web}, ports: [{port: 80}], externalIPs: [192.0.2.7, 10.0.0.12]}";
    check(
        &service(spec),
        &[
            "ExternalIp Reachable http://192.0.2.7/ [n1 n2 n3] NeedsRouting SourceRewritten",
            "ExternalIp Reachable http://10.0.0.12/ [n2] SourceRewritten",
        ],
    );
}

const INGRESS: &str = "
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  - host: a.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
  tls: [{hosts: [a.example.com]}]
";

#[test]
fn ingresses_go_through_a_controller() {
    let text = service("{selector: {app: web}, ports: [{port: 80}]}") + INGRESS;
    let notes =
        "HostMustResolve { host: \"a.example.com\", address: \"10.0.0.11\" } TlsTerminated ForwardedFor";
    check(&text, &[&format!("Ingress Reachable https://a.example.com/ [n1 n2 n3] {notes}")]);
    check(
        &text.replace("number: 80", "number: 81"),
        &[&format!(
            "Ingress Blocked https://a.example.com/ [n1 n2 n3] ServicePortMissing {{ service: \"web\", port: \"81\" }} {notes}"
        )],
    );
    let by_node_port = Settings { ingress: IngressExposure::NodePort, ..Settings::default() };
    check_with(
        by_node_port,
        &text,
        &[&format!("Ingress Reachable https://a.example.com:30443/ [n1 n2 n3] {notes}")],
    );
    let none = Settings { ingress: IngressExposure::None, ..Settings::default() };
    check_with(none, &text, &["Ingress Blocked - [] NoIngressController TlsTerminated ForwardedFor"]);
    let wildcard =
        text.replace("a.example.com", "'*.example.com'").replace("  tls: [{hosts: ['*.example.com']}]\n", "");
    check(
        &wildcard,
        &["Ingress Reachable http://www.example.com/ [n1 n2 n3] WildcardHost(\"*.example.com\") \
           HostMustResolve { host: \"www.example.com\", address: \"10.0.0.11\" } ForwardedFor"],
    );
}

#[test]
fn of_two_rules_for_the_same_the_older_answers() {
    let plain = INGRESS.replace("  tls: [{hosts: [a.example.com]}]\n", "");
    let later = plain.replace("metadata: {name: ", "metadata: {name: z");
    let text = service("{selector: {app: web}, ports: [{port: 80}]}") + &plain + &later;
    let notes = "HostMustResolve { host: \"a.example.com\", address: \"10.0.0.11\" } ForwardedFor";
    let name = plain.split("name: ").nth(1).and_then(|rest| rest.split('}').next()).expect("a name");
    check(
        &text,
        &[
            &format!("Ingress Reachable http://a.example.com/ [n1 n2 n3] {notes}"),
            &format!(
                "Ingress Blocked http://a.example.com/ [n1 n2 n3] EarlierRule(\"Ingress default/{name}\") {notes}"
            ),
        ],
    );
}

#[test]
fn a_controller_of_the_manifest_gives_its_own_address() {
    let controller = "
---
apiVersion: v1
kind: Pod
metadata: {name: nginx, labels: {app: nginx}}
spec:
  nodeName: n3
  containers:
  - name: controller
    image: registry.k8s.io/ingress-nginx/controller:v1.12.0
    ports: [{name: http, containerPort: 80, hostPort: 80}, {name: https, containerPort: 443, hostPort: 443}]
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: edge}
spec: {controller: k8s.io/ingress-nginx}
";
    let text = service("{selector: {app: web}, ports: [{port: 80}]}") + INGRESS + controller;
    let of_ingress = |text: &str| -> Vec<String> {
        let routes = routes(&store(text), &Settings::default());
        routes.iter().map(line).filter(|line| line.starts_with("Ingress")).collect()
    };
    let classed = text.replace("spec:\n  rules:", "spec:\n  ingressClassName: edge\n  rules:");
    assert_eq!(
        of_ingress(&classed),
        ["Ingress Reachable https://a.example.com/ [n3] HostMustResolve { host: \"a.example.com\", \
          address: \"10.0.0.13\" } TlsTerminated ForwardedFor"]
    );
    assert_eq!(of_ingress(&text), ["Ingress Blocked - [] NoIngressController TlsTerminated ForwardedFor"]);
    assert_eq!(
        of_ingress(&classed.replace("ingressClassName: edge", "ingressClassName: other")),
        ["Ingress Blocked - [] IngressClassUnserved(\"other\") TlsTerminated ForwardedFor"]
    );
}

#[test]
fn network_policies_are_flagged() {
    let policy = "
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: strict}
spec: {podSelector: {matchLabels: {app: web}}}
";
    let spec = "{type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}";
    check(
        &(service(spec) + policy),
        &["NodePort Reachable http://10.0.0.11:30080/ [n1 n2 n3] NetworkPolicy(\"strict\") SourceRewritten"],
    );
}

#[test]
fn endpoints_are_grouped_by_their_ports() {
    let pod = |name: &str, port: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: web}}}}\nspec: {{nodeName: n1, containers: \
             [{{name: a, image: x, ports: [{{name: {port}, containerPort: 8080}}]}}]}}\n---\n"
        )
    };
    let text = pod("a", "http")
        + &pod("b", "other")
        + "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}\n";
    let store = store(&text);
    let service = store.services().find(|service| &*service.meta.name == "web").expect("the service");
    let slices = endpoints(&store, service).slices;
    let summary: Vec<_> = slices.iter().map(|slice| (slice.ports.len(), slice.endpoints.len())).collect();
    assert_eq!(summary, [(0, 1), (1, 1)]);
    assert_eq!(slices[1].ports[0].port, 8080);
}

#[test]
fn a_slice_ends_at_100_endpoints() {
    let pod = |index: usize| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p{index}, labels: {{app: web}}}}\nspec: {{nodeName: n1, containers: \
             [{{name: a, image: x}}]}}\n---\n"
        )
    };
    let text = (0..201).map(pod).collect::<String>()
        + "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n";
    let store = store(&text);
    let service = store.services().find(|service| &*service.meta.name == "web").expect("the service");
    let sizes: Vec<usize> =
        endpoints(&store, service).slices.iter().map(|slice| slice.endpoints.len()).collect();
    assert_eq!(sizes, [100, 100, 1]);
}
