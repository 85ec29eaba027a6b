//! Manifests and URLs against where they lead, for all ways in: here the rules for packets, below those of controllers.

mod controllers;
mod others;

use super::{Hop, HopKind, Outcome, probe, way};
use crate::{ClusterSpec, IngressExposure, Input, LoadBalancer, Report, RouteState, analyze};

/// Four nodes, `node-1` with 10.0.0.11 and so on, of which the first is of the control plane; `set` changes the cluster.
fn on(set: fn(&mut ClusterSpec), documents: &[&str]) -> Report {
    let mut cluster = ClusterSpec { control_plane: 1, ..ClusterSpec::default() };
    set(&mut cluster);
    let text = format!("# yaml\n{}\n", documents.join("\n---\n# yaml\n"));
    let report = analyze(&Input { text, cluster, ..Input::default() });
    assert_eq!(report.kubectl.exit, 0, "{:?}", report.kubectl);
    agrees(&report);
    report
}

/// What the report lists as reachable answers, and what it lists as blocked does not. Each route has a way to its pods.
#[track_caller]
fn agrees(report: &Report) {
    for (index, route) in report.routes.iter().enumerate() {
        let needs_more = route.rule.as_ref().is_some_and(|rule| !rule.method.is_empty());
        for url in route.urls.iter().filter(|_| !needs_more) {
            let found = probe(report, url);
            let own = found.route == Some(index as u32);
            let reachable = matches!(route.state, RouteState::Reachable | RouteState::NotReady);
            assert!(!reachable || found.outcome == Outcome::Answers, "{url} {found:?} {route:#?}");
            assert!(reachable || !own || found.outcome != Outcome::Answers, "{url} {found:?} {route:#?}");
        }
        let way = way(report, index);
        let pods = way.last().filter(|hop| hop.kind == HopKind::Pod).map(|hop| hop.places.len());
        assert!(route.pods.is_empty() || pods == Some(route.pods.len()), "{way:?} {route:#?}");
    }
    assert_eq!(way(report, report.routes.len()), []);
}

fn same(_: &mut ClusterSpec) {}

/// `NodePort Service default/web=10.0.0.11:30080`; of several places ` or ` stands between.
fn hop(hop: &Hop) -> String {
    let kind = format!("{:?}", hop.kind);
    let kind = kind.strip_prefix("Rule(").map_or(&*kind, |rule| rule.trim_end_matches(')'));
    let places = hop.places.iter().map(|place| match (&*place.label, &*place.address) {
        (label, "") => label.to_owned(),
        ("", address) => address.to_owned(),
        (label, address) => format!("{label}={address}"),
    });
    format!("{kind} {}", places.collect::<Vec<_>>().join(" or ")).trim_end().to_owned()
}

fn line(hops: &[Hop]) -> String {
    assert_eq!(hops.first().map(hop).as_deref(), Some("Client"));
    hops[1..].iter().map(hop).collect::<Vec<_>>().join(" > ")
}

/// A row is a URL and, behind an arrow, the outcome, a colon, and the hops behind the client.
#[track_caller]
fn check(report: &Report, rows: &str) {
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (url, expected) = row.split_once("=>").expect("a row has an arrow");
        let probe = probe(report, url);
        let found = format!("{:?}: {}", probe.outcome, line(&probe.hops));
        assert_eq!(found.trim_end(), expected.trim(), "{url}\n{:#?}", report.routes);
    }
}

/// A pod on a node. `spec` goes on inside the pod's braces, `container` inside the container's.
fn pod(name: &str, node: &str, spec: &str, container: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, labels: {{app: {name}}}}}, spec: {{nodeName: {node}, {spec} \
         containers: [{{name: app, image: nginx, {container}}}]}}}}"
    )
}

/// A pod that has its node's network.
fn influx(name: &str, node: &str, container: &str) -> String {
    pod(name, node, "hostNetwork: true,", container).replace("nginx", "influxdb")
}

/// A Service that selects the pods of its name.
fn service(name: &str, spec: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: Service, metadata: {{name: {name}}}, spec: {{selector: {{app: {name}}}, {spec}}}}}"
    )
}

fn ingress(name: &str, spec: &str) -> String {
    format!(
        "{{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: {name}}}, spec: {{{spec}}}}}"
    )
}

fn path(path_type: &str, path: &str, service: &str) -> String {
    format!(
        "{{pathType: {path_type}, path: {path}, backend: {{service: {{name: {service}, port: {{number: 80}}}}}}}}"
    )
}

const HTTP: &str = "ports: [{containerPort: 80}]";

#[test]
fn node_ports() {
    let web = pod("web", "node-2", "", HTTP);
    let all = service("web", "type: NodePort, ports: [{port: 80, nodePort: 30080}]");
    let none = service("none", "type: NodePort, ports: [{port: 80, nodePort: 30081}]");
    let cordoned: fn(&mut ClusterSpec) =
        |cluster| cluster.overrides.entry(2).or_default().unschedulable = true;
    let report = on(cordoned, &[&web, &all, &none]);
    check(&report, "
        http://node-2:30080/ => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > NodePort Service default/web=10.0.0.12:30080 > Pod default/web=10.244.1.2:80
        10.0.0.13:30080 => Answers: Node node-3=10.0.0.13 > NodePort Service default/web=10.0.0.13:30080 > Pod default/web=10.244.1.2:80
        http://NODE-1:30080/a?b#c => Answers: Name node-1=10.0.0.11 > Node node-1=10.0.0.11 > NodePort Service default/web=10.0.0.11:30080 > Pod default/web=10.244.1.2:80
        tcp://10.0.0.12:30080 => Answers: Node node-2=10.0.0.12 > NodePort Service default/web=10.0.0.12:30080 > Pod default/web=10.244.1.2:80
        udp://10.0.0.12:30080 => Refused: Node node-2=10.0.0.12
        https://10.0.0.12:30080 => WrongScheme(\"http\"): Node node-2=10.0.0.12 > NodePort Service default/web=10.0.0.12:30080 > Pod default/web=10.244.1.2:80
        http://node-2:30081/ => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > NodePort Service default/none=10.0.0.12:30081
        http://node-2:30082/ => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12
        http://node-9:30080/ => NoSuchHost: Name node-9
        http://10.0.0.99:30080/ => TimesOut:
        http://10.244.1.2/ => Unreachable: Pod default/web=10.244.1.2:80
        http://10.96.0.1:443/ => Unreachable: Service 10.96.0.1:443
        http://web.default.svc.cluster.local/ => NoSuchHost: Name web.default.svc.cluster.local
        http://localhost:30080 => OwnMachine: Name localhost=127.0.0.1
        127.0.0.1:30080 => OwnMachine:
        http://node-2:99999/ => BadUrl(Port(\"99999\")):
        => BadUrl(NoHost):
    ");
}

#[test]
fn local_node_ports() {
    let (one, two) =
        (pod("web", "node-2", "", HTTP), pod("other", "node-3", "", HTTP).replace("app: other", "app: web"));
    let local =
        service("web", "type: NodePort, externalTrafficPolicy: Local, ports: [{port: 80, nodePort: 30080}]");
    let report = on(same, &[&one, &two, &local]);
    check(&report, "
        http://node-2:30080/ => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > NodePort Service default/web=10.0.0.12:30080 > Pod default/web=10.244.1.2:80
        http://node-3:30080/ => Answers: Name node-3=10.0.0.13 > Node node-3=10.0.0.13 > NodePort Service default/web=10.0.0.13:30080 > Pod default/other=10.244.2.2:80
        http://node-4:30080/ => TimesOut: Name node-4=10.0.0.14 > Node node-4=10.0.0.14 > NodePort Service default/web=10.0.0.14:30080
    ");
    let unready = on(same, &[&local]);
    check(&unready, "
        http://node-4:30080/ => Refused: Name node-4=10.0.0.14 > Node node-4=10.0.0.14 > NodePort Service default/web=10.0.0.14:30080
    ");
    let named = service("web", "type: NodePort, ports: [{port: 80, targetPort: http, nodePort: 30080}]");
    let report = on(same, &[&one, &named]);
    check(&report, "
        http://node-2:30080/ => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > NodePort Service default/web=10.0.0.12:30080
    ");
}

#[test]
fn host_network() {
    let db = influx("db", "node-2", "ports: [{containerPort: 8086}]");
    let crash = influx("crash", "node-2", "");
    let kubelet = pod("kubelet", "node-2", "hostNetwork: true,", "ports: [{containerPort: 10250}]");
    let shadowed = pod("shadowed", "node-3", "hostNetwork: true,", "ports: [{containerPort: 30080}]");
    let service = service("none", "type: NodePort, ports: [{port: 80, nodePort: 30080}]");
    let report = on(same, &[&db, &crash, &kubelet, &shadowed, &service]);
    check(&report, "
        http://10.0.0.12:8086 => Answers: Node node-2=10.0.0.12 > HostNetwork Pod default/db=10.0.0.12:8086 > Pod default/db=10.0.0.12:8086
        http://node-3:8086 => Refused: Name node-3=10.0.0.13 > Node node-3=10.0.0.13
        http://node-3:30080 => Refused: Name node-3=10.0.0.13 > Node node-3=10.0.0.13 > NodePort Service default/none=10.0.0.13:30080
        https://node-2:10250/healthz => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > Daemon kubelet=10.0.0.12:10250
        http://node-2:10248/healthz => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12
        ssh://node-2 => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > Daemon sshd=10.0.0.12:22
        https://node-1:6443 => Answers: Name node-1=10.0.0.11 > Node node-1=10.0.0.11 > Daemon kube-apiserver=10.0.0.11:6443
        https://node-2:6443 => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12
        https://node-1:10257 => Refused: Name node-1=10.0.0.11 > Node node-1=10.0.0.11
    ");
}

#[test]
fn host_ports() {
    let ports = "ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 53, hostPort: 53, protocol: UDP}, \
                 {containerPort: 81, hostPort: 8081, hostIP: 127.0.0.1}, {containerPort: 82, hostPort: 8082, hostIP: 10.0.0.12}, {containerPort: 83, hostPort: 10250}]";
    let web = pod("web", "node-2", "", ports);
    let report =
        on(|cluster| cluster.overrides.entry(1).or_default().external_ip = "198.51.100.2".into(), &[&web]);
    check(&report, "
        http://node-2:8080 => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > HostPort Pod default/web=10.0.0.12:8080 > Pod default/web=10.244.1.2:80
        http://198.51.100.2:8080 => Answers: Node node-2=198.51.100.2 > HostPort Pod default/web=198.51.100.2:8080 > Pod default/web=10.244.1.2:80
        http://node-3:8080 => Refused: Name node-3=10.0.0.13 > Node node-3=10.0.0.13
        dns://node-2 => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > HostPort Pod default/web=10.0.0.12:53 > Pod default/web=10.244.1.2:53
        tcp://node-2:53 => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12
        http://node-2:8081 => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12
        http://node-2:8082 => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > HostPort Pod default/web=10.0.0.12:8082 > Pod default/web=10.244.1.2:82
        http://198.51.100.2:8082 => Refused: Node node-2=198.51.100.2
        tcp://node-2:10250 => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > HostPort Pod default/web=10.0.0.12:10250 > Pod default/web=10.244.1.2:83
    ");
    let report = on(|cluster| cluster.host_ports = false, &[&web]);
    check(
        &report,
        "
        http://node-2:8080 => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12
    ",
    );
    let away: fn(&mut ClusterSpec) = |cluster| cluster.overrides.entry(3).or_default().not_ready = true;
    check(
        &on(away, &[&web]),
        "
        http://node-4:8080 => TimesOut: Name node-4=10.0.0.14 > Node node-4=10.0.0.14
    ",
    );
}

#[test]
fn load_balancers_and_external_ips() {
    let web = pod("web", "node-2", "", HTTP);
    let balanced = service(
        "web",
        "type: LoadBalancer, externalTrafficPolicy: Local, ports: [{port: 80, nodePort: 30080}], healthCheckNodePort: 30999",
    );
    let report = on(|cluster| cluster.load_balancer = LoadBalancer::Pool, &[&web, &balanced]);
    check(&report, "
        http://203.0.113.10/ => Answers: LoadBalancer 203.0.113.10:80 > Node node-2=10.0.0.12 > LoadBalancer Service default/web=203.0.113.10:80 > Pod default/web=10.244.1.2:80
        http://203.0.113.10:81/ => TimesOut:
        http://203.0.113.11/ => TimesOut:
        http://node-2:30080 => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > NodePort Service default/web=10.0.0.12:30080 > Pod default/web=10.244.1.2:80
        http://node-3:30080 => TimesOut: Name node-3=10.0.0.13 > Node node-3=10.0.0.13 > NodePort Service default/web=10.0.0.13:30080
        http://node-2:30999/healthz => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > Daemon kube-proxy=10.0.0.12:30999
        http://node-3:30999/healthz => Unavailable: Name node-3=10.0.0.13 > Node node-3=10.0.0.13 > Daemon kube-proxy=10.0.0.13:30999
    ");
    let pending = on(same, &[&web, &balanced]);
    check(
        &pending,
        "
        http://203.0.113.10/ => TimesOut:
    ",
    );
    let everywhere = service("web", "type: LoadBalancer, ports: [{port: 8000, targetPort: 80}]");
    let report = on(|cluster| cluster.load_balancer = LoadBalancer::NodeAddresses, &[&web, &everywhere]);
    check(&report, "
        http://node-4:8000/ => Answers: Name node-4=10.0.0.14 > Node node-4=10.0.0.14 > LoadBalancer Service default/web=10.0.0.14:8000 > Pod default/web=10.244.1.2:80
    ");
    let external =
        service("web", "externalIPs: [192.0.2.7, 10.0.0.13], ports: [{port: 8000, targetPort: 80}]");
    let report = on(same, &[&web, &external]);
    check(&report, "
        http://192.0.2.7:8000/ => Answers: Node node-1=10.0.0.11 or node-2=10.0.0.12 or node-3=10.0.0.13 or node-4=10.0.0.14 > ExternalIp Service default/web=192.0.2.7:8000 > Pod default/web=10.244.1.2:80
        http://192.0.2.7:8001/ => TimesOut:
        http://node-3:8000/ => Answers: Name node-3=10.0.0.13 > Node node-3=10.0.0.13 > ExternalIp Service default/web=10.0.0.13:8000 > Pod default/web=10.244.1.2:80
        http://node-2:8000/ => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12
    ");
}

#[test]
fn both_families() {
    let node = "{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 10.1.0.1}, \
                {type: InternalIP, address: '2001:db8:1::1'}, {type: ExternalIP, address: 198.51.100.1}]}}";
    let db = influx("db", "n1", "ports: [{containerPort: 8086}]");
    let web = pod("web", "n1", "", HTTP);
    let all = service("web", "type: NodePort, ports: [{port: 80, nodePort: 30080}]");
    let report = on(same, &[node, &db, &web, &all]);
    check(&report, "
        http://[2001:db8:1::1]:8086/ => Answers: Node n1=2001:db8:1::1 > HostNetwork Pod default/db=[2001:db8:1::1]:8086 > Pod default/db=[2001:db8:1::1]:8086
        2001:DB8:1:0::1 => Refused: Node n1=2001:db8:1::1
        http://[2001:db8:1::1]:30080/ => Refused: Node n1=2001:db8:1::1
        http://[::ffff:10.1.0.1]:30080/ => Answers: Node n1=10.1.0.1 > NodePort Service default/web=10.1.0.1:30080 > Pod default/web=10.244.0.2:80
        http://198.51.100.1:8086 => Answers: Node n1=198.51.100.1 > HostNetwork Pod default/db=198.51.100.1:8086 > Pod default/db=198.51.100.1:8086
        http://n1:8086 => Answers: Name n1=10.1.0.1 > Node n1=10.1.0.1 > HostNetwork Pod default/db=10.1.0.1:8086 > Pod default/db=10.1.0.1:8086
        http://[2001:db8::77] => TimesOut:
        http://[::1]:8086 => OwnMachine:
    ");
}
