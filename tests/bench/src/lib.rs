//! What is measured: scenes, each a cluster and pods made by code.
//!
//! Those of the scheduler run its queue and its cycles as the simulation does, on the kinds of cluster that kube-scheduler was
//! timed with. The others take a manifest through the whole product. `benches/scenes.rs` measures them natively,
//! `node.mjs` as WebAssembly, and `src/bin/once.rs` runs one for its memory and its instructions.

mod cluster;
#[cfg(target_arch = "wasm32")]
mod wasm;

use api::kubectl;
use api::server::Server;
use rules::{ClusterSpec, Input, NodeShape, analyze};

use cluster::Cluster;

/// What goes through the scheduler, or through everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Pods that nothing selects.
    Plain,
    /// Likewise, but each a document of its own.
    Bare,
    /// Pods that one Service selects, so that the system spreads them.
    Service,
    /// Five groups; no node takes two pods of a group.
    AntiAffinity,
    /// Pods that no node can hold.
    Pending,
    /// The whole product: a Deployment with a Service, from its text to the report.
    Manifest,
    /// Likewise, under hostNetwork: one pod for each node, and as many again that stay Pending.
    HostNetwork,
    /// A text of 40 KB that is read, validated and stored, document by document; nothing is placed.
    Read,
}

/// A cluster and pods.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// As it is called in tables and on command lines.
    pub name: &'static str,
    /// Nodes of 4 CPUs, 32 GiB and 110 pods; none where nothing is placed.
    pub nodes: u32,
    /// Pods of 100 millicores and 500 MiB, or documents that are read.
    pub pods: u32,
    /// What they are.
    pub kind: Kind,
    /// Pods a second that kube-scheduler 1.36.2 bound on two such cores.
    pub reference: Option<u32>,
}

/// All scenes.
pub const SCENES: [Scene; 12] = [
    scene("read-40k", Kind::Read, 0, 126, None),
    scene("plain-1000", Kind::Plain, 1_000, 5_000, Some(400)),
    scene("bare-1000", Kind::Bare, 1_000, 5_000, Some(400)),
    scene("service-1000", Kind::Service, 1_000, 5_000, Some(200)),
    scene("plain-5000", Kind::Plain, 5_000, 10_000, Some(283)),
    scene("anti-affinity-1000", Kind::AntiAffinity, 1_000, 5_000, None),
    scene("pending-5000", Kind::Pending, 5_000, 10_000, None),
    scene("plain-5000-full", Kind::Plain, 5_000, 150_000, None),
    scene("service-5000-full", Kind::Service, 5_000, 150_000, None),
    scene("manifest-1000", Kind::Manifest, 1_000, 5_000, None),
    scene("manifest-5000-full", Kind::Manifest, 5_000, 150_000, None),
    scene("host-network-1000", Kind::HostNetwork, 1_000, 2_000, None),
];

const fn scene(name: &'static str, kind: Kind, nodes: u32, pods: u32, reference: Option<u32>) -> Scene {
    Scene { name, nodes, pods, kind, reference }
}

/// A scene that is ready to run: what comes before is not measured.
#[derive(Debug)]
pub enum Run {
    /// Through the scheduler.
    Scheduler(Box<Cluster>),
    /// Through everything.
    Product(Box<Input>),
    /// To the store of an API server.
    Read(String),
}

impl Scene {
    /// The scene of that name.
    pub fn named(name: &str) -> Option<Self> {
        SCENES.into_iter().find(|scene| scene.name == name)
    }

    /// How many pods find a node.
    pub fn places(&self) -> u32 {
        match self.kind {
            Kind::HostNetwork => self.nodes,
            Kind::Pending => 0,
            _ => self.pods,
        }
    }

    /// Makes nodes and pods, or the text.
    pub fn prepare(&self) -> Run {
        match self.kind {
            Kind::Plain | Kind::Bare | Kind::Service | Kind::AntiAffinity | Kind::Pending => {
                Run::Scheduler(Box::new(Cluster::new(self)))
            }
            Kind::Manifest | Kind::HostNetwork => Run::Product(Box::new(self.input())),
            Kind::Read => Run::Read((0..self.pods).map(document).collect()),
        }
    }

    fn input(&self) -> Input {
        let host_network = self.kind == Kind::HostNetwork;
        let shape = NodeShape { memory: "32Gi".to_owned(), ..NodeShape::default() };
        Input {
            text: format!(
                "\
apiVersion: v1
kind: Service
metadata: {{name: web}}
spec:
  selector: {{app: web}}
  ports: [{{port: 80}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: {}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      hostNetwork: {host_network}
      containers:
      - name: web
        image: nginx
        ports: [{{containerPort: 80}}]
        resources: {{requests: {{cpu: 100m, memory: 500Mi}}}}
",
                self.pods
            ),
            cluster: ClusterSpec { nodes: self.nodes, shape, ..ClusterSpec::default() },
            ..Input::default()
        }
    }
}

/// A document of about 340 bytes, as long as those of published manifests are on average.
fn document(number: u32) -> String {
    if number.is_multiple_of(3) {
        return format!(
            "\
---
apiVersion: v1
kind: Service
metadata:
  name: web-{number}
  labels:
    app.kubernetes.io/name: web-{number}
spec:
  type: NodePort
  selector:
    app.kubernetes.io/name: web-{number}
  ports:
  - name: http
    port: 80
    targetPort: http
"
        );
    }
    format!(
        "\
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{number}
spec:
  selector:
    matchLabels:
      app: web-{number}
  template:
    metadata:
      labels:
        app: web-{number}
    spec:
      containers:
      - name: web
        image: nginx:1.27
        ports:
        - name: http
          containerPort: 80
        resources:
          requests:
            cpu: 100m
"
    )
}

impl Run {
    /// Places all pods; how many found a node. Where nothing is placed, how many documents were accepted.
    pub fn run(&mut self) -> u32 {
        match self {
            Self::Scheduler(cluster) => cluster.place(),
            Self::Product(input) => analyze(input).verdict.running,
            Self::Read(text) => {
                let applied = kubectl::apply(&mut Server::new(), text, &kubectl::Options::default());
                applied.created.len() as u32
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pod_of_every_scene_finds_its_node() {
        for scene in SCENES.into_iter().filter(|scene| scene.nodes > 0) {
            // Smaller, in the same proportions.
            let scale = scene.nodes / 20;
            let scene = Scene { nodes: 20, pods: scene.pods / scale, ..scene };
            assert_eq!(scene.prepare().run(), scene.places(), "{}", scene.name);
        }
    }

    #[test]
    fn every_document_that_is_read_is_accepted() {
        let scene = Scene::named("read-40k").expect("there is one");
        let mut run = scene.prepare();
        let Run::Read(text) = &run else { panic!("{scene:?}") };
        assert!((40_000..44_000).contains(&text.len()), "{} bytes", text.len());
        assert_eq!(run.run(), scene.pods);
    }
}
