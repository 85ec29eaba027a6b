//! What is exported reads back as what was simulated.

use manifest::{Tree, parse};

use super::script::{file, quote};
use super::*;
use crate::{ClusterSpec, NodeOverride, NodeReport, Report, analyze};

const SPREAD: &str = include_str!("../../../../web/examples/spread.yaml");
const HOST: &str = include_str!("../../../../web/examples/five-pods-four-nodes.yaml");
const WAYS: &str = include_str!("../../../../web/examples/five-ways.yaml");
const SETS: &str = include_str!("../../../../web/examples/daemonsets.yaml");

fn input(text: &str, cluster: ClusterSpec) -> Input {
    Input { text: text.to_owned(), cluster, ..Input::default() }
}

/// A cluster in which no node is like another.
fn motley() -> ClusterSpec {
    let mut cluster = ClusterSpec { nodes: 6, control_plane: 1, ..ClusterSpec::default() };
    cluster.zones = vec!["a".into(), "b".into(), "on".into()];
    let mut set = |index, change: fn(&mut NodeOverride)| change(cluster.overrides.entry(index).or_default());
    set(1, |node| node.taints = vec!["gpu=yes:NoSchedule".into(), "old:PreferNoSchedule".into()]);
    set(2, |node| node.unschedulable = true);
    set(3, |node| node.not_ready = true);
    set(4, |node| {
        node.labels.insert("example.com/disk".into(), "true".into());
        node.labels.insert("node-role.kubernetes.io/store".into(), String::new());
        node.external_ip = "198.51.100.7".into();
    });
    set(5, |node| {
        node.shape =
            Some(crate::NodeShape { cpu: "1500m".into(), memory: "1e9".into(), ..Default::default() });
    });
    cluster
}

fn nodes(report: &Report) -> Vec<NodeReport> {
    let bare = |node: &NodeReport| NodeReport { pods: Vec::new(), host_ports: Vec::new(), ..node.clone() };
    report.nodes.iter().map(bare).collect()
}

/// Workload, node, status and message of each pod, in order of creation.
fn placement(report: &Report) -> Vec<(&str, Option<&str>, &str, &str)> {
    let pods = report.pods.iter().map(|pod| {
        let node = pod.node.map(|node| &*report.nodes[node as usize].name);
        (&*report.workloads[pod.workload as usize].name, node, &*pod.status, &*pod.message)
    });
    pods.collect()
}

#[test]
fn the_nodes_lead_to_the_same_placement() {
    let own = "apiVersion: v1\nkind: Node\nmetadata:\n  name: big\nstatus:\n  capacity:\n    cpu: 64\n    memory: 256Gi\n    pods: 200\n    \
               example.com/gpu: 2\n  images:\n  - names: [nginx]\n    sizeBytes: 70000000\n---\napiVersion: v1\nkind: Node\nmetadata:\n  name: small\n---\n";
    let texts =
        [SPREAD.to_owned(), HOST.to_owned(), WAYS.to_owned(), SETS.to_owned(), format!("{own}{SPREAD}")];
    let clusters = || [ClusterSpec::default(), motley(), ClusterSpec { nodes: 0, ..ClusterSpec::default() }];
    for (text, cluster) in texts.iter().flat_map(|text| clusters().map(|cluster| (text, cluster))) {
        let before = input(text, cluster);
        let exported = export(&before).kwok_nodes;
        let documents = parse(&exported).documents;
        assert!(documents.iter().all(|document| document.content.is_ok()), "{exported}");
        let after =
            input(&format!("{exported}---\n{text}"), ClusterSpec { nodes: 0, ..ClusterSpec::default() });
        let (before, after) = (analyze(&before), analyze(&after));
        assert_eq!(nodes(&after), nodes(&before), "{exported}");
        assert_eq!(placement(&after), placement(&before), "{exported}");
        assert!(
            after.kubectl.stderr.iter().all(|line| before.kubectl.stderr.contains(line)),
            "{:?}",
            after.kubectl
        );
    }
}

/// The configuration of kind, read back.
fn kind_config(input: &Input) -> Tree {
    let text = export(input).kind_config;
    let mut documents = parse(&text).documents;
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0).content.unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

#[test]
fn the_configuration_of_kind_has_the_nodes() {
    let roles = |cluster: ClusterSpec| -> String {
        let tree = kind_config(&input(HOST, cluster));
        assert_eq!(tree.str_at(&["apiVersion"]), "kind.x-k8s.io/v1alpha4");
        assert_eq!(tree.str_at(&["kind"]), "Cluster");
        tree.list_at(&["nodes"]).iter().map(|node| &node.str_at(&["role"])[..1]).collect()
    };
    let with = |nodes, control_plane| ClusterSpec { nodes, control_plane, ..ClusterSpec::default() };
    let table = [(with(4, 0), "cwwww"), (with(4, 1), "cwww"), (with(1, 1), "c"), (with(0, 0), "c")];
    for (cluster, expected) in table {
        assert_eq!(roles(cluster), expected);
    }
    assert_eq!(roles(with(100, 3)).len(), 30);

    let tree = kind_config(&input(WAYS, motley()));
    let nodes = tree.list_at(&["nodes"]);
    assert_eq!(
        nodes[4].at(&["labels"]).map(Tree::to_json).unwrap_or_default(),
        r#"{"example.com/disk":"true","topology.kubernetes.io/zone":"b"}"#
    );
    let mapped = |node: &Tree| -> Vec<String> {
        let ports = node.list_at(&["extraPortMappings"]).iter();
        let number = |port: &Tree, key| port.get(key).map_or("any".to_owned(), Tree::to_json);
        ports.map(|port| format!("{}:{}", number(port, "hostPort"), number(port, "containerPort"))).collect()
    };
    assert_eq!(mapped(&nodes[0]), ["8086:8086", "9086:9086", "30000:30000"]);
    assert_eq!(mapped(&nodes[1]), ["any:8086", "any:9086"]);
}

#[test]
fn scripts_hold_everything() {
    let mut scene = input(HOST, motley());
    scene.actions = vec![
        Action::AddNodes(2),
        Action::Scale("Deployment".into(), "default".into(), "test-host".into(), 7),
        Action::Cordon("node-5".into()),
        Action::LoseNode("node-6".into()),
    ];
    let pod = analyze(&scene).pods[0].name.clone();
    scene.actions.push(Action::Delete("Pod".into(), "default".into(), pod));
    let Export { kwok_script, kind_script, kwok_nodes, kind_config } = export(&scene);
    let kwok = [
        &*kwok_nodes,
        HOST,
        "\n# node-4 is not ready in the scene. KWOK makes every node ready, so it is cordoned instead.\nkubectl cordon node-4\n",
        "kubectl create -f \"$folder/nodes-2.yaml\"\n",
        "\nkubectl scale Deployment test-host --replicas=7 --namespace default || true\n",
        "\nkubectl cordon node-5 || true\n",
        "\nkubectl drain node-6 --ignore-daemonsets --force --delete-emptydir-data --disable-eviction || true\n",
        "grep -F pod/test-host- | head -n 1)\" || true\n",
    ];
    for part in kwok {
        assert!(kwok_script.contains(part), "{part}\n{kwok_script}");
    }
    let kind = [
        &*kind_config,
        HOST,
        "\nkubectl taint --overwrite node podreach-worker gpu=yes:NoSchedule\n",
        "\nkubectl cordon podreach-worker2\n",
        "\ndocker stop podreach-worker3  # not ready\n",
        "\nkubectl label --overwrite node podreach-worker4 node-role.kubernetes.io/store=\n",
        "\n# podreach-worker6 joins later.\nkubectl cordon podreach-worker6\n",
        "\nkubectl uncordon podreach-worker6 podreach-worker7\n",
        "\ndocker stop podreach-worker5\n",
    ];
    for part in kind {
        assert!(kind_script.contains(part), "{part}\n{kind_script}");
    }
    // The answer: pods by namespace and node.
    let report = analyze(&scene);
    let pending = report.pods.iter().filter(|pod| pod.node.is_none()).count();
    assert!(kwok_script.contains(&format!("\ndefault <none> {pending}\n")), "{kwok_script}");
}

#[test]
fn nothing_that_a_text_holds_ends_its_file() {
    assert_eq!(file("a", "x\nEND\r\nEND_\n"), "cat >\"$folder/a\" <<'END__'\nx\nEND\r\nEND_\nEND__\n");
    assert_eq!(file("a", "x"), "cat >\"$folder/a\" <<'END'\nx\nEND\n");
    for (word, expected) in [("web-1", "web-1"), ("", "''"), ("a b", "'a b'"), ("$(x)'", "'$(x)'\\'''")] {
        assert_eq!(quote(word), expected);
    }
}
