//! The five ways of the example manifests, and the rewritten texts.

use super::*;
use crate::{Action, ClusterSpec, LoadBalancer, analyze};

fn input(text: &str) -> Input {
    Input { text: text.to_owned(), ..Input::default() }
}

/// The example manifests of the page.
#[expect(clippy::disallowed_methods, reason = "a test reads what the repository has")]
fn examples() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/examples");
    let entries = std::fs::read_dir(folder).expect("the examples are part of the repository");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).expect("text"))
    };
    files.into_iter().map(read).collect()
}

fn example(name: &str) -> String {
    examples().into_iter().find(|(found, _)| found == name).expect("an example").1
}

/// `kind[*] running/pending/crashing | URLs | lost: running/pending, URLs left | restart: gone, new, of equal nodes`; `*` for a
/// current way. A way that is not available: its reason.
fn line(way: &Way) -> String {
    let star = if way.current { "*" } else { "" };
    let kind = words::way(way.kind);
    if let Some(why) = &way.unavailable {
        return format!("{kind}{star}: {why:?}");
    }
    let Way { running, pending, crashing, urls, .. } = way;
    let urls = match urls.as_slice() {
        [] => "no URL".to_owned(),
        [only] => only.clone(),
        [first, ..] => format!("{first} and {} more", urls.len() - 1),
    };
    let lost = way.lost_node.as_ref().map_or("no node".to_owned(), |lost| {
        let (LostNode { node, running, pending, crashing, .. }, left) = (lost, lost.urls.len());
        format!("{node}: {running}/{pending}/{crashing}, {left} left")
    });
    let again = way.after_restart.as_ref().map_or("no pod".to_owned(), |after| {
        format!("-{} +{} of {}", after.gone.len(), after.new.len(), after.equal_nodes)
    });
    format!("{kind}{star} {running}/{pending}/{crashing} | {urls} | {lost} | {again}")
}

fn check(input: &Input, workload: u32, expected: [&str; 5]) {
    let lines: Vec<String> = ways(input, workload).iter().map(line).collect();
    // Node ports are drawn.
    let lines = lines.iter().map(|line| match line.find(":3") {
        Some(at) if line.starts_with("NodePort ") => line.replace(&line[at + 1..at + 6], "NODEPORT"),
        _ => line.clone(),
    });
    assert_eq!(lines.collect::<Vec<_>>(), expected, "{}", input.text);
}

#[test]
fn examples_five_ways() {
    let example = |name: &str| input(&example(name));
    check(
        &example("five-pods-four-nodes"),
        0,
        [
            "hostNetwork* 4/1/0 | http://10.0.0.11:8086/ and 3 more | node-1: 3/2/0, 3 left | -0 +0 of 1",
            "hostPort 4/1/0 | http://10.0.0.11:8086/ and 3 more | node-1: 3/2/0, 3 left | -0 +0 of 1",
            "NodePort 5/0/0 | http://10.0.0.11:NODEPORT/ and 3 more | node-1: 5/0/0, 3 left | -0 +0 of 4",
            "LoadBalancer 5/0/0 | no URL | node-1: 5/0/0, 0 left | -0 +0 of 4",
            "Ingress 5/0/0 | http://test-host.example.com/ | node-1: 5/0/0, 1 left | -0 +0 of 4",
        ],
    );
    check(
        &example("influx-pod"),
        0,
        [
            "hostNetwork* 1/0/0 | http://10.0.0.11:8086/ | node-1: 0/0/0, 0 left | -1 +1 of 4",
            "hostPort 1/0/0 | http://10.0.0.11:8086/ | node-1: 0/0/0, 0 left | -1 +1 of 4",
            "NodePort 1/0/0 | http://10.0.0.11:NODEPORT/ and 3 more | node-1: 0/0/0, 0 left | -0 +0 of 4",
            "LoadBalancer 1/0/0 | no URL | node-1: 0/0/0, 0 left | -0 +0 of 4",
            "Ingress 1/0/0 | http://influxdb.example.com/ | node-1: 0/0/0, 0 left | -0 +0 of 4",
        ],
    );
    check(
        &example("web-app"),
        0,
        [
            "hostNetwork 3/0/0 | http://10.0.0.11/ and 2 more | node-1: 3/0/0, 2 left | -1 +1 of 2",
            "hostPort 3/0/0 | http://10.0.0.11/ and 2 more | node-1: 3/0/0, 2 left | -1 +1 of 2",
            "NodePort 3/0/0 | http://10.0.0.11:NODEPORT/ and 3 more | node-1: 3/0/0, 3 left | -0 +0 of 2",
            "LoadBalancer 3/0/0 | no URL | node-1: 3/0/0, 0 left | -0 +0 of 2",
            "Ingress* 3/0/0 | http://shop.example.com/ | node-1: 3/0/0, 1 left | -0 +0 of 2",
        ],
    );
    // The pod of a lost node is not replaced: it stays Terminating, and a StatefulSet waits for it.
    check(
        &example("statefulset"),
        0,
        [
            "hostNetwork 4/0/0 | redis://10.0.0.11:6379 and 3 more | node-1: 3/0/0, 3 left | -0 +0 of 1",
            "hostPort 4/0/0 | redis://10.0.0.11:6379 and 3 more | node-1: 3/0/0, 3 left | -0 +0 of 1",
            "NodePort 4/0/0 | redis://10.0.0.11:NODEPORT and 3 more | node-1: 3/0/0, 3 left | -0 +0 of 1",
            "LoadBalancer 4/0/0 | no URL | node-1: 3/0/0, 0 left | -0 +0 of 1",
            "Ingress: NotHttp(\"redis\")",
        ],
    );
    check(
        &example("undeclared-ports"),
        0,
        [
            "hostNetwork* 4/0/1 | http://10.0.0.11:8086/ and 3 more | node-1: 3/0/2, 3 left | -0 +0 of 4",
            "hostPort 4/1/0 | http://10.0.0.11:8086/ and 3 more | node-1: 3/2/0, 3 left | -0 +0 of 1",
            "NodePort 5/0/0 | http://10.0.0.11:NODEPORT/ and 3 more | node-1: 5/0/0, 3 left | -0 +0 of 4",
            "LoadBalancer 5/0/0 | no URL | node-1: 5/0/0, 0 left | -0 +0 of 4",
            "Ingress 5/0/0 | http://test-host.example.com/ | node-1: 5/0/0, 1 left | -0 +0 of 4",
        ],
    );
    // The daemon's process does not know that its node is lost; nobody else does its work there.
    check(
        &example("daemonsets"),
        0,
        [
            "hostNetwork* 4/0/0 | udp://10.0.0.11:8285 and 3 more | node-1: 4/0/0, 3 left | -0 +0 of 1",
            "hostPort 4/0/0 | udp://10.0.0.11:8285 and 3 more | node-1: 4/0/0, 3 left | -0 +0 of 1",
            "NodePort 4/0/0 | udp://10.0.0.11:NODEPORT and 3 more | node-1: 4/0/0, 3 left | -0 +0 of 1",
            "LoadBalancer 4/0/0 | no URL | node-1: 4/0/0, 0 left | -0 +0 of 1",
            "Ingress: NotHttp(\"UDP\")",
        ],
    );
}

#[test]
fn a_load_balancer_answers_where_somebody_provides_it() {
    let line_of = |load_balancer| {
        let mut input = input(&example("web-app"));
        input.cluster.load_balancer = load_balancer;
        line(&ways(&input, 0)[3])
    };
    let table = [
        (LoadBalancer::None, "no URL | node-1: 3/0/0, 0 left"),
        (LoadBalancer::Pool, "http://203.0.113.10/ | node-1: 3/0/0, 1 left"),
        (LoadBalancer::NodeAddresses, "http://10.0.0.11/ and 3 more | node-1: 3/0/0, 3 left"),
    ];
    for (load_balancer, expected) in table {
        assert_eq!(line_of(load_balancer), format!("LoadBalancer 3/0/0 | {expected} | -0 +0 of 2"));
    }
}

/// Each of the five ways is the current one of one of the pods, and every other is one edit away.
#[test]
fn the_edits_make_a_way_the_current_one() {
    for (name, text) in examples() {
        let before = analyze(&input(&text));
        for workload in 0..before.workloads.len() as u32 {
            for way in ways(&input(&text), workload) {
                let Some(fix) = &way.fix else {
                    assert!(way.current || way.unavailable.is_some(), "{name} {way:?}");
                    continue;
                };
                let changed = edits::apply(&text, &fix.edits);
                let comments = |text: &str| text.matches('#').count();
                assert_eq!(comments(&changed), comments(&text), "{changed}");
                let after = input(&changed);
                let run = Run::of(&after, Keep::None);
                assert_eq!(run.kubectl.exit, 0, "{changed}\n{:?}", run.kubectl);
                let (_, index) = assemble::workloads(&run);
                let root = index.iter().find(|(_, at)| **at == workload).map(|(uid, _)| *uid);
                let target = Target::of_root(&after, &run, root.expect("the workload")).expect("a pod");
                let now = WayKind::ALL.into_iter().filter(|kind| rewrite::is_current(&target, *kind));
                let now: Vec<WayKind> =
                    now.filter(|kind| *kind != WayKind::Ingress || *kind == way.kind).collect();
                assert_eq!(now, [way.kind], "{name}\n{changed}");
            }
        }
    }
}

/// The text after the rewriting to a way; the reason where there is none.
fn rewritten(text: &str, kind: WayKind) -> String {
    let way = ways(&input(text), 0).into_iter().find(|way| way.kind == kind).expect("all five");
    match (way.fix, way.unavailable) {
        (Some(fix), _) => edits::apply(text, &fix.edits),
        (None, why) => format!("{why:?}"),
    }
}

/// A Pod with `extra` lines in its spec and `ports` of its container, and what follows it.
fn pod(extra: &str, ports: &str, rest: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n    app: \"1\"\nspec:\n{extra}  containers:\n  - name: a  # the only \
         one\n    image: nginx\n{ports}{rest}"
    )
}

fn service(spec: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  selector:\n    app: \"1\"\n{spec}"
    )
}

#[test]
fn the_style_of_the_text_stays() {
    let port = "    ports:\n    - containerPort: 80 # http\n";
    let open = "    ports:\n    - hostPort: 8080\n      hostIP: 10.0.0.11\n      containerPort: 80 # http\n";
    let host = "  hostNetwork: true # fast\n  dnsPolicy: ClusterFirstWithHostNet\n";
    let mapped = "    ports:\n    - containerPort: 80 # http\n      hostPort: 80\n";
    let plain = "  ports:\n  - port: 80\n";
    let balanced = "  type: LoadBalancer # paid\n  externalTrafficPolicy: Local\n  loadBalancerSourceRanges:\n  - 10.0.0.0/8\n  \
                    allocateLoadBalancerNodePorts: true\n  ports:\n  - port: 80\n    nodePort: 30080\n";
    let with_port = |spec: &str| service(&format!("{spec}{plain}"));
    let added = |spec: &str| {
        service("")
            .replace("spec:\n", &format!("spec:\n{spec}"))
            .replace("\"1\"\n", "\"1\"\n  ports:\n  - port: 80\n")
    };
    let ingress = "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\nspec:\n  rules:\n  - host: a.example.com\n    \
                   http:\n      paths:\n      - path: /\n        pathType: Prefix\n        backend:\n          service:\n            name: a\n            \
                   port:\n              number: 80\n";
    let table = [
        // hostNetwork and hostPort.
        (pod("", open, ""), WayKind::HostNetwork, pod(host, port, "").replace(" # fast", "")),
        (
            pod(
                "  hostNetwork: false\n  dnsPolicy: None\n  dnsConfig:\n    nameservers: [1.1.1.1]\n",
                port,
                "",
            ),
            WayKind::HostNetwork,
            pod(
                "  hostNetwork: true\n  dnsPolicy: None\n  dnsConfig:\n    nameservers: [1.1.1.1]\n",
                port,
                "",
            ),
        ),
        (pod(host, port, ""), WayKind::HostPort, pod("", mapped, "")),
        (
            pod("", "", ""),
            WayKind::HostPort,
            pod("", "    ports:\n    - containerPort: 80\n      hostPort: 80\n", ""),
        ),
        (
            pod("", port, &service(balanced)),
            WayKind::HostPort,
            pod("", mapped, &service(&format!("  type: ClusterIP # paid\n{plain}"))),
        ),
        // Services: changed where there is one, added where there is none.
        (
            pod(host, open.replace("8080", "80").as_str(), ""),
            WayKind::NodePort,
            pod("", port, &added("  type: NodePort\n")),
        ),
        (
            pod("", port, &with_port("")),
            WayKind::NodePort,
            pod("", port, &with_port("").replace("  selector", "  type: NodePort\n  selector")),
        ),
        (
            pod("", port, &service(balanced)),
            WayKind::NodePort,
            pod(
                "",
                port,
                &service(
                    "  type: NodePort # paid\n  externalTrafficPolicy: Local\n  ports:\n  - port: 80\n    nodePort: 30080\n",
                ),
            ),
        ),
        (
            pod("", port, &with_port("  type: NodePort\n")),
            WayKind::LoadBalancer,
            pod("", port, &with_port("  type: LoadBalancer\n")),
        ),
        (
            pod("", port, &with_port("  clusterIP: None\n")),
            WayKind::LoadBalancer,
            pod("", port, &with_port("  clusterIP: None\n"))
                + &added("  type: LoadBalancer\n").replace("name: a\n", "name: a-loadbalancer\n"),
        ),
        // Ingresses.
        (pod("", port, ""), WayKind::Ingress, pod("", port, &added("")) + ingress),
        (
            pod("", port, &with_port("  type: NodePort\n")),
            WayKind::Ingress,
            pod("", port, &with_port("  type: ClusterIP\n")) + ingress,
        ),
    ];
    for (text, kind, expected) in table {
        assert_eq!(rewritten(&text, kind), expected, "{kind:?} of\n{text}");
    }
}

#[test]
fn several_ports_are_named_and_a_class_is_chosen() {
    let two = "    ports:\n    - containerPort: 53\n      protocol: UDP\n    - containerPort: 80\n";
    let text = pod(
        "",
        two,
        "---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata:\n  name: fast\nspec:\n  controller: a.b/c\n",
    );
    let found = rewritten(&text, WayKind::Ingress);
    assert!(
        found.contains(
            "  - name: udp-53\n    port: 53\n    protocol: UDP\n  - name: port-80\n    port: 80\n---\n"
        ),
        "{found}"
    );
    assert!(found.contains("spec:\n  ingressClassName: fast\n  rules:"), "{found}");
    assert!(found.ends_with("number: 80\n"), "{found}");
}

#[test]
fn pods_without_labels_get_one() {
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: pi\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      \
               containers:\n      - name: a\n        image: nginx\n";
    let found = rewritten(job, WayKind::NodePort);
    assert!(
        found.contains("  template:\n    metadata:\n      labels:\n        app: pi\n    spec:\n"),
        "{found}"
    );
    assert!(found.ends_with("  selector:\n    app: pi\n  ports:\n  - port: 80\n"), "{found}");
}

#[test]
fn reasons() {
    let port = "    ports:\n    - containerPort: 80\n";
    let flow = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {a: b}}\nspec: {containers: [{name: a, image: nginx}]}\n";
    let json = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"a": "b"}},
        "spec": {
            "containers": [{"name": "a", "image": "nginx"}]
        }}"#;
    let baseline = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: b\n  labels:\n    pod-security.kubernetes.io/enforce: baseline\n---\n";
    let guarded = format!(
        "{baseline}{}",
        pod("", port, "").replace("  name: a\n  labels", "  name: a\n  namespace: b\n  labels")
    );
    let table: [(&str, WayKind, &str); 6] = [
        (flow, WayKind::HostNetwork, "Some(NotEditable)"),
        (json, WayKind::NodePort, "Some(NotEditable)"),
        (json, WayKind::HostPort, "Some(NotEditable)"),
        (&pod("", "", "").replace("nginx", "example.com/app"), WayKind::NodePort, "Some(NoPorts)"),
        (&pod("", "", "").replace("nginx", "redis"), WayKind::Ingress, "Some(NotHttp(\"redis\"))"),
        (
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 1}]}\n",
            WayKind::HostPort,
            "Some(NoPods)",
        ),
    ];
    for (text, kind, expected) in table {
        assert_eq!(rewritten(text, kind), expected, "{text}");
    }
    let refused = rewritten(&guarded, WayKind::HostNetwork);
    assert!(
        refused.starts_with("Some(Refused(\"") && refused.contains("host namespaces (hostNetwork=true)"),
        "{refused}"
    );
    // Without a Service that could be changed there is nothing in brackets to edit.
    assert!(rewritten(flow, WayKind::NodePort).ends_with("  - port: 80\n"));

    let mut updated = input(&pod("", port, ""));
    updated.actions.push(Action::Apply(updated.text.clone()));
    assert_eq!(ways(&updated, 0)[2].unavailable, Some(Unavailable::Updated));
    let deployment = example("web-app").replace("replicas: 3", "replicas: 2001");
    let mut large = input(&deployment);
    large.cluster = ClusterSpec { nodes: 30, ..ClusterSpec::default() };
    let found = ways(&large, 0);
    assert!(found.iter().all(|way| way.unavailable == Some(Unavailable::TooLarge)), "{found:?}");
    assert!(found[4].current);
}
