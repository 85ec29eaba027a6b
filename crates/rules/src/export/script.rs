//! The shell scripts: each makes a cluster, applies the manifest, does what the user did since, and compares.

use std::fmt::Write as _;
use std::rc::Rc;

use api::types::Node;
use manifest::sorted::SortedMap;

use super::kind::{Names, is_control_plane, is_own_label};
use super::{Scene, nodes, steps};

/// The version of Kubernetes whose rules are simulated, for KWOK.
const KWOK_VERSION: &str = "v1.36.2";

/// The image of that version for kind.
const KIND_IMAGE: &str = "kindest/node:v1.36.1";

/// A new node is tainted until the controllers have seen it ready; pods that came earlier would be placed on the first of them.
const READY: &str = "\
kubectl wait --for=condition=Ready nodes --all --timeout=3m
until ! kubectl get nodes -o jsonpath='{.items[*].spec.taints[*].key}' | grep -q node.kubernetes.io/not-ready; do sleep 1; done
";

/// Namespaces that are there from the beginning.
const BUILT_IN: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// Namespaces in which kind runs pods of its own.
const OF_KIND: [&str; 2] = ["kube-system", "local-path-storage"];

/// What a script is written for.
#[derive(Clone, Copy)]
pub(super) enum Tool<'a> {
    /// KWOK: nodes have the names of the scene.
    Kwok,
    /// kind: nodes have names of their own.
    Kind(&'a Names),
}

impl Tool<'_> {
    /// The name of a node, for the shell.
    pub(super) fn node(self, name: &str) -> String {
        match self {
            Self::Kwok => quote(name),
            Self::Kind(names) => quote(&names.get(name)),
        }
    }
}

/// The script for kwokctl.
pub(super) fn kwok(scene: &Scene<'_>, documents: &str) -> String {
    let mut text = format!(
        "#!/bin/sh\n\
         # Checks Podreach's answer with KWOK. It needs kwokctl (https://kwok.sigs.k8s.io) and kubectl. API server, controllers and\n\
         # scheduler are the real ones; nodes and pods only pretend to run, so no URL answers.\n\
         set -eu\n\
         export KWOK_KUBE_VERSION=\"${{KWOK_KUBE_VERSION:-{KWOK_VERSION}}}\"\n\
         folder=$(mktemp -d)\n\
         kubectl() {{ command kubectl --context kwok-podreach \"$@\"; }}\n\n\
         # The cluster, and the nodes of the scene.\n\
         kwokctl create cluster --name podreach --wait 2m\n"
    );
    if !scene.nodes.is_empty() {
        text += &file("nodes.yaml", documents);
        text += "kubectl create -f \"$folder/nodes.yaml\"\n";
        text += READY;
    }
    for node in scene.nodes.iter().filter(|node| !node.ready) {
        let name = quote(&node.meta.name);
        let _ = writeln!(
            text,
            "# {name} is not ready in the scene. KWOK makes every node ready, so it is cordoned instead."
        );
        let _ = writeln!(text, "kubectl cordon {name}");
    }
    text += &common(scene, Tool::Kwok, 10);
    text + "\n# When you have seen enough: kwokctl delete cluster --name podreach\n"
}

/// The script for kind.
pub(super) fn kind(scene: &Scene<'_>, names: &Names, config: &str) -> String {
    let mut text = String::from(
        "#!/bin/sh\n\
         # Checks Podreach's answer with kind. It needs kind (https://kind.sigs.k8s.io), Docker and kubectl. Everything is real, but\n\
         # nodes are containers as large as this machine, run pods of the system as well, and have names and addresses of their own:\n\
         # `nodeName` and rules about `kubernetes.io/hostname` have to be changed by hand.\n\
         set -eu\n\
         folder=$(mktemp -d)\n\
         kubectl() { command kubectl --context kind-podreach \"$@\"; }\n\n\
         # The cluster.\n",
    );
    text += &file("kind.yaml", config);
    let _ = writeln!(
        text,
        "kind create cluster --config \"$folder/kind.yaml\" --image \"${{KIND_IMAGE:-{KIND_IMAGE}}}\" --wait 5m"
    );
    text += READY;
    let known = || scene.all_nodes().filter(|node| names.of.contains_key(&node.meta.name));
    for node in known() {
        text += &prepare(
            node,
            &Tool::Kind(names).node(&node.meta.name),
            known().count() == 1 && !names.extra_control_plane,
        );
    }
    for node in scene.added.iter().flatten().filter(|node| names.of.contains_key(&node.meta.name)) {
        let name = Tool::Kind(names).node(&node.meta.name);
        let _ = writeln!(text, "# {name} joins later.\nkubectl cordon {name}");
    }
    let store = scene.first.simulation.server().store();
    if store.services().any(|service| service.service_type == api::types::ServiceType::LoadBalancer) {
        text += "# LoadBalancer Services stay <pending> without https://github.com/kubernetes-sigs/cloud-provider-kind\n";
    }
    if store.ingresses().next().is_some() {
        text += "# Ingresses need a controller: https://kind.sigs.k8s.io/docs/user/ingress/\n";
    }
    text += &common(scene, Tool::Kind(names), 60);
    text + "\n# When you have seen enough: kind delete cluster --name podreach\n"
}

/// Labels that no kubelet may give to itself, taints, and the state of a node of kind.
fn prepare(node: &Node, name: &str, is_alone: bool) -> String {
    let mut text = String::new();
    let is_usual =
        |key: &str| matches!(key, "kubernetes.io/hostname" | "kubernetes.io/os" | "kubernetes.io/arch");
    let role = |key: &str| is_control_plane(node) && key == "node-role.kubernetes.io/control-plane";
    for (key, value) in
        node.meta.labels.iter().filter(|(key, _)| !is_own_label(key) && !is_usual(key) && !role(key))
    {
        let _ = writeln!(text, "kubectl label --overwrite node {name} {}", quote(&format!("{key}={value}")));
    }
    for taint in &node.taints {
        // kubeadm taints control planes itself, but kind takes that back from an only node; the controllers add those of states.
        let is_set = role(&taint.key) && !is_alone;
        if !is_set && !taint.key.starts_with("node.kubernetes.io/") {
            let _ = writeln!(text, "kubectl taint --overwrite node {name} {}", quote(&taint.to_string()));
        }
    }
    if node.unschedulable {
        let _ = writeln!(text, "kubectl cordon {name}");
    }
    if !node.ready {
        let _ = writeln!(text, "docker stop {name}  # not ready");
        let _ = writeln!(text, "kubectl wait --for=condition=Ready=Unknown node {name} --timeout=3m");
    }
    text
}

/// What both scripts do once there is a cluster.
fn common(scene: &Scene<'_>, tool: Tool<'_>, settle: u32) -> String {
    let mut text = String::from(
        "\n# The manifest. kubectl says what is refused, and goes on.\n\
         until kubectl get serviceaccount default >/dev/null 2>&1; do sleep 1; done\n",
    );
    for namespace in missing_namespaces(scene) {
        let _ = writeln!(text, "kubectl create namespace {}", quote(&namespace));
    }
    text += &file("manifest.yaml", &scene.input.text);
    text += "kubectl apply -f \"$folder/manifest.yaml\" || true\n";
    let settle = format!("sleep \"${{SETTLE:-{settle}}}\"  # until nothing changes any more\n");
    text += &settle;
    for step in steps::commands(scene, tool) {
        text += &step;
        text += &settle;
    }
    text += "\n# The pods there.\nkubectl get pods --all-namespaces -o wide\n\n# How many pods of a namespace are on a node: Podreach's answer, then the real one.\n";
    text += &file("podreach.txt", &expected(scene, tool));
    let left_out = match tool {
        Tool::Kwok => "",
        Tool::Kind(_) => " && $1 != \"kube-system\" && $1 != \"local-path-storage\"",
    };
    let _ = writeln!(
        text,
        "kubectl get pods --all-namespaces --no-headers -o custom-columns=A:.metadata.namespace,B:.spec.nodeName \\\n  \
         | awk 'NF == 2{left_out} {{ pods[$1 \" \" $2]++ }} END {{ for (pair in pods) print pair, pods[pair] }}' \\\n  \
         | LC_ALL=C sort >\"$folder/real.txt\""
    );
    let ties = scene.last.simulation.server().store().pods.keys();
    let ties = ties.filter(|&&pod| scene.last.simulation.ties(pod) > 1).count();
    text += "if diff \"$folder/podreach.txt\" \"$folder/real.txt\"; then\n  echo 'Equal.'\nelse\n";
    let _ = writeln!(
        text,
        "  echo 'Not equal. Lines with < are from Podreach, lines with > from the cluster.'\n  \
         echo 'Pods that had a choice among equally good nodes may well be on another one: {ties}'\nfi"
    );
    text
}

/// Writes a file of the script's folder.
pub(super) fn file(name: &str, content: &str) -> String {
    let mut end = "END".to_owned();
    while content.lines().any(|line| line.trim_end_matches('\r') == end) {
        end += "_";
    }
    let newline = if content.is_empty() || content.ends_with('\n') { "" } else { "\n" };
    format!("cat >\"$folder/{name}\" <<'{end}'\n{content}{newline}{end}\n")
}

/// The commands that create nodes which join later.
pub(super) fn create_nodes(nodes: &[Rc<Node>], number: usize) -> String {
    let name = format!("nodes-{number}.yaml");
    file(&name, &nodes::documents(nodes)) + &format!("kubectl create -f \"$folder/{name}\"\n") + READY
}

/// Namespaces that the simulation made up because the manifest lacks them.
fn missing_namespaces(scene: &Scene<'_>) -> Vec<String> {
    let run = &scene.first;
    let namespaces = run.simulation.server().store().namespaces();
    let missing = namespaces.filter(|namespace| {
        !run.names.contains_key(&namespace.meta.uid) && !BUILT_IN.contains(&&*namespace.meta.name)
    });
    missing.map(|namespace| namespace.meta.name.to_string()).collect()
}

/// `namespace node pods`, sorted bytewise; a pod without a node is on `<none>`, as kubectl writes it.
fn expected(scene: &Scene<'_>, tool: Tool<'_>) -> String {
    let mut counts: SortedMap<(String, String), u32> = SortedMap::new();
    for pod in scene.last.simulation.server().store().pods.values() {
        let namespace = pod.meta.namespace.to_string();
        if matches!(tool, Tool::Kind(_)) && OF_KIND.contains(&namespace.as_str()) {
            continue;
        }
        let node = match (&pod.node, tool) {
            (None, _) => "<none>".to_owned(),
            (Some(node), Tool::Kwok) => node.to_string(),
            (Some(node), Tool::Kind(names)) => names.get(node),
        };
        *counts.entry((namespace, node)).or_default() += 1;
    }
    let mut lines: Vec<String> = counts
        .into_iter()
        .map(|((namespace, node), count)| format!("{namespace} {node} {count}\n"))
        .collect();
    lines.sort_unstable();
    lines.concat()
}

/// A word for the shell, in quotes where it needs them.
pub(super) fn quote(word: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_./:=".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
