//! Commands of kubectl that let a pending pod in.

use api::kubectl::Options;
use api::quantity::Quantity;
use api::types::{Meta, Node};
use rules::simulation::{self, Simulation};

/// Where the pods are after the pod of `spec` was applied, and after the command.
fn check(spec: &str, commands: &[&str], expected: &str) {
    let mut simulation = Simulation::new(simulation::Options::default());
    let node = |name: &str| {
        let allocatable =
            [("pods", 110), ("cpu", 4)].map(|(name, amount)| (name.into(), Quantity::whole(amount)));
        let meta = Meta { name: name.into(), ..Meta::default() };
        Node { meta, ready: true, allocatable: allocatable.into_iter().collect(), ..Node::default() }
    };
    simulation.add_nodes(["one", "two"].map(node));
    let text = format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{{spec}, containers: [{{name: a, image: b}}]}}}}"
    );
    simulation.apply(&text, &Options::default());
    simulation.settle();
    for command in commands {
        simulation.next_step();
        let output = simulation.command(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(output.exit, 0, "{command}: {:?}", output.stderr);
        simulation.settle();
    }
    let pods = simulation.server().store().pods.values();
    let nodes: Vec<&str> = pods.map(|pod| pod.node.as_deref().unwrap_or("-")).collect();
    assert_eq!(nodes.join(" "), expected, "{spec}");
}

#[test]
fn labels_and_taints_let_pods_in() {
    let ssd = "nodeSelector: {disk: ssd}";
    check(ssd, &[], "-");
    check(ssd, &["label node two disk=ssd"], "two");
    check(ssd, &["label nodes one disk=hdd", "label nodes one disk=ssd --overwrite"], "one");
    let gate = "schedulingGates: [{name: g}]";
    let taint = "taint nodes one two gpu=yes:NoSchedule";
    let open = r#"patch pod p --type=json -p [{"op":"remove","path":"/spec/schedulingGates"}]"#;
    check(gate, &[taint, open], "-");
    check(gate, &[taint, open, "taint node two gpu-"], "two");
}
