//! Random manifests: a few workloads that get in each other's way, with Services and other documents among them.

use std::fmt::Write;

use tests::fuzz::Mutator as Random;

/// A manifest and the cluster that it is meant for.
pub(crate) struct Manifest {
    /// Nodes of the cluster.
    pub(crate) nodes: u32,
    /// Their zones, round robin; none when empty.
    pub(crate) zones: Vec<&'static str>,
    /// Taints by index of the node.
    pub(crate) taints: Vec<(u32, &'static str)>,
    documents: Vec<Document>,
}

#[derive(Clone)]
struct Document {
    /// It makes pods.
    workload: bool,
    text: String,
}

impl Manifest {
    /// The manifest of a seed.
    pub(crate) fn random(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let nodes = 2 + random.below(5) as u32;
        let zones = if random.below(3) == 0 { vec![] } else { vec!["a", "b", "c"] };
        let all = ["team=x:NoSchedule", "team=y:NoExecute", "team=x:PreferNoSchedule"];
        let taints = (0..nodes).filter(|_| random.below(4) == 0).collect::<Vec<_>>();
        let taints = taints.into_iter().map(|node| (node, all[random.below(3)])).collect();
        let mut documents = Vec::new();
        for index in 0..2 + random.below(4) {
            let name = format!("w{index}");
            documents.push(Document { workload: true, text: workload(&mut random, &name, zones.len()) });
            if random.below(2) == 0 {
                documents.push(Document { workload: false, text: service(&name, index) });
            }
            if random.below(4) == 0 {
                documents.push(Document { workload: false, text: budget(&name) });
            }
        }
        documents.push(Document {
            workload: false,
            text: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n".into(),
        });
        Self { nodes, zones, taints, documents }
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        self.documents.iter().map(|document| document.text.as_str()).collect::<Vec<_>>().join("---\n")
    }

    fn with(&self, documents: Vec<Document>) -> Self {
        Self { nodes: self.nodes, zones: self.zones.clone(), taints: self.taints.clone(), documents }
    }

    /// The workloads in their order, everything else at random places.
    pub(crate) fn with_others_elsewhere(&self, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let (mut documents, others): (Vec<_>, Vec<_>) =
            self.documents.iter().cloned().partition(|document| document.workload);
        for other in others {
            documents.insert(random.below(documents.len() + 1), other);
        }
        self.with(documents)
    }

    /// All documents in the opposite order.
    pub(crate) fn reversed(&self) -> Self {
        self.with(self.documents.iter().rev().cloned().collect())
    }
}

fn workload(random: &mut Random, name: &str, zones: usize) -> String {
    let kind = ["Deployment", "Deployment", "StatefulSet", "DaemonSet"][random.below(4)];
    let replicas =
        if kind == "DaemonSet" { String::new() } else { format!("  replicas: {}\n", 1 + random.below(12)) };
    let more =
        if kind == "StatefulSet" { "  serviceName: db\n  podManagementPolicy: Parallel\n" } else { "" };
    let mut spec = String::new();
    let keys = ["kubernetes.io/hostname", "topology.kubernetes.io/zone"];
    let key = |random: &mut Random| keys[if zones == 0 { 0 } else { random.below(2) }];
    if random.below(3) == 0 {
        spec += "      tolerations: [{key: team, operator: Exists}]\n";
    }
    if random.below(6) == 0 {
        spec += "      nodeSelector: {kubernetes.io/hostname: node-1}\n";
    }
    // A DaemonSet's pod sees its own node only, and is not spread.
    if kind != "DaemonSet" && random.below(3) == 0 {
        let (key, skew) = (key(random), 1 + random.below(2));
        let _ = writeln!(
            spec,
            "      topologySpreadConstraints: [{{maxSkew: {skew}, topologyKey: {key}, whenUnsatisfiable: DoNotSchedule, \
             labelSelector: {{matchLabels: {{app: {name}}}}}}}]"
        );
    }
    if random.below(2) == 0 {
        let kind = ["podAffinity", "podAntiAffinity"][random.below(2)];
        let (key, other) = (key(random), ["w0", name][random.below(2)]);
        let _ = writeln!(
            spec,
            "      affinity: {{{kind}: {{requiredDuringSchedulingIgnoredDuringExecution: [{{topologyKey: {key}, \
             labelSelector: {{matchLabels: {{app: {other}}}}}}}]}}}}"
        );
    }
    let port = match random.below(4) {
        0 => format!(", ports: [{{containerPort: 80, hostPort: {}}}]", 8080 + random.below(2)),
        _ => String::new(),
    };
    let cpu = 100 * random.below(9);
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n{replicas}{more}  selector: {{matchLabels: {{app: \
         {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n{spec}      containers: [{{name: a, image: \
         nginx, resources: {{requests: {{cpu: {cpu}m, memory: 256Mi}}}}{port}}}]\n"
    )
}

fn service(name: &str, index: usize) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{type: NodePort, selector: {{app: {name}}}, ports: \
         [{{port: 80, nodePort: {}}}]}}\n",
        30_100 + index
    )
}

fn budget(name: &str) -> String {
    format!(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: {name}}}\nspec: {{minAvailable: 1, selector: \
         {{matchLabels: {{app: {name}}}}}}}\n"
    )
}
