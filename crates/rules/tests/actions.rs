//! What happens after the first apply: each action, what it changes, and what is said of it.

use rules::{Action, ClusterSpec, Input, Loss, NodesOutcome, Report, StepReport, analyze};

/// A workload whose pods hold port 8086 of their node.
fn host_network(kind: &str, replicas: u32) -> String {
    let count = if kind == "DaemonSet" { String::new() } else { format!("  replicas: {replicas}\n") };
    let service = if kind == "StatefulSet" { "  serviceName: db\n" } else { "" };
    format!(
        "apiVersion: apps/v1
kind: {kind}
metadata:
  name: db
spec:
{count}{service}  selector: {{matchLabels: {{app: db}}}}
  template:
    metadata: {{labels: {{app: db}}}}
    spec:
      hostNetwork: true
      containers:
      - name: db
        image: influxdb
        ports: [{{containerPort: 8086}}]
"
    )
}

fn after(nodes: u32, text: &str, actions: &[Action]) -> Report {
    analyze(&Input {
        text: text.to_owned(),
        cluster: ClusterSpec { nodes, ..ClusterSpec::default() },
        actions: actions.to_vec(),
        ..Input::default()
    })
}

/// Each pod as `node ip status`.
fn pods(report: &Report) -> Vec<String> {
    let node = |index: Option<u32>| index.map_or("-", |index| &report.nodes[index as usize].name);
    let line = |pod: &rules::PodReport| format!("{} {} {}", node(pod.node), pod.ip, pod.status);
    report.pods.iter().map(line).collect()
}

fn step(report: &Report) -> &StepReport {
    report.steps.last().expect("a step for each action")
}

fn running_and_pending(report: &Report) -> (u32, u32) {
    (report.verdict.running, report.verdict.pending)
}

#[test]
fn a_restarted_container_keeps_its_address_and_a_new_pod_does_not() {
    let text = host_network("Deployment", 1);
    let pod = after(3, &text, &[]).pods.remove(0);
    let restart = Action::RestartContainer("default".into(), pod.name.clone());
    let report = after(3, &text, &[restart]);
    let [change] = &step(&report).changes[..] else { panic!("{:?}", report.steps) };
    let (before, now) = (change.before.as_ref().unwrap(), change.after.as_ref().unwrap());
    assert_eq!((&before.ip, &before.node, before.restarts), (&now.ip, &now.node, 0));
    assert_eq!(now.restarts, 1);
    assert_eq!(step(&report).urls_gone, [""; 0]);

    // Its node is closed to the new pod, so it must go elsewhere.
    let node = before.node.clone();
    let delete = Action::Delete("pod".into(), "default".into(), pod.name.clone());
    let report = after(3, &text, &[Action::Cordon(node.clone()), delete]);
    let step = step(&report);
    assert_eq!(step.output.stdout, [format!("pod {:?} deleted from default namespace", pod.name)]);
    let [gone, new] = &step.changes[..] else { panic!("{:?}", step.changes) };
    assert_eq!((gone.before.as_ref().unwrap().node.as_str(), gone.after.as_ref()), (&*node, None));
    assert_ne!(new.after.as_ref().unwrap().node, node);
    assert_eq!(step.urls_gone.len(), 1);
    assert_eq!(step.urls_new.len(), 1);
    assert_ne!(step.urls_gone, step.urls_new);
}

#[test]
fn draining_a_node_of_a_host_network_deployment_leaves_a_pod_pending() {
    let report = after(3, &host_network("Deployment", 3), &[Action::Drain("node-2".into())]);
    assert_eq!(running_and_pending(&report), (2, 1));
    let stdout = &step(&report).output.stdout;
    assert_eq!((&*stdout[0], &*stdout[stdout.len() - 1]), ("node/node-2 cordoned", "node/node-2 drained"));
    assert!(stdout[1].starts_with("evicting pod default/db-"), "{stdout:?}");
    assert!(stdout[2].starts_with("pod/db-") && stdout[2].ends_with(" evicted"), "{stdout:?}");
    let message = &report.pods.iter().find(|pod| pod.node.is_none()).unwrap().message;
    assert!(message.starts_with("0/3 nodes are available: 1 node(s) were unschedulable"), "{message}");
}

#[test]
fn a_budget_stops_a_drain() {
    let budget = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: db}\nspec:\n  minAvailable: 3\n  \
                  selector: {matchLabels: {app: db}}\n";
    let text = host_network("Deployment", 3) + budget;
    let drain = [Action::Drain("node-1".into())];
    let report = after(3, &text, &drain);
    assert_eq!(running_and_pending(&report), (3, 0));
    let output = &step(&report).output;
    assert_eq!(output.exit, 1);
    assert!(output.stderr[0].ends_with("as it would violate the pod's disruption budget."), "{output:?}");
    let report = after(3, &text.replace("minAvailable: 3", "minAvailable: 2"), &drain);
    assert_eq!((running_and_pending(&report), step(&report).output.exit), ((2, 1), 0));
}

#[test]
fn bare_pods_and_daemon_sets_are_told_apart_when_a_node_is_drained() {
    let bare = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec: {nodeName: node-1, containers: [{name: a, image: b}]}\n";
    let text = host_network("DaemonSet", 0) + bare;
    let report = after(2, &text, &[Action::Drain("node-1".into())]);
    let stderr = &step(&report).output.stderr;
    let expected = "Warning: deleting Pods that declare no controller: default/one; ignoring DaemonSet-managed Pods: default/db-";
    assert!(stderr[0].starts_with(expected), "{stderr:?}");
    assert_eq!(report.pods.len(), 2, "{:?}", pods(&report));
}

#[test]
fn what_becomes_of_a_lost_node_depends_on_the_workload() {
    let lose = [Action::LoseNode("node-1".into())];
    let both = [Action::LoseNode("node-1".into()), Action::ReturnNode("node-1".into())];
    // A Deployment replaces the pod on the spare node; the old one stays until the kubelet confirms.
    let text = host_network("Deployment", 1);
    let report = after(2, &text, &lose);
    assert_eq!(pods(&report), ["node-1 10.0.0.11 Terminating", "node-2 10.0.0.12 Running"]);
    assert_eq!(step(&report).urls_gone, ["http://10.0.0.11:8086/"]);
    assert_eq!(step(&report).urls_new, ["http://10.0.0.12:8086/"]);
    let events = report.events.iter().filter(|event| event.step == 1);
    let reasons: Vec<&str> = events.map(|event| &*event.reason).collect();
    assert!(reasons.contains(&"NodeNotReady") && reasons.contains(&"TaintManagerEviction"), "{reasons:?}");
    assert_eq!(pods(&after(2, &text, &both)), ["node-2 10.0.0.12 Running"]);
    // A StatefulSet waits for the old pod.
    let set = host_network("StatefulSet", 1);
    assert_eq!(pods(&after(2, &set, &lose)), ["node-1 10.0.0.11 Terminating"]);
    assert_eq!(running_and_pending(&after(2, &set, &both)), (1, 0));
    // A DaemonSet tolerates it for ever.
    let report = after(2, &host_network("DaemonSet", 0), &lose);
    assert_eq!(pods(&report), ["node-1 10.0.0.11 Running", "node-2 10.0.0.12 Running"]);
    assert!(!report.pods[0].ready);
    // A removed node takes its pods with it.
    let report = after(2, &set, &[Action::RemoveNode("node-1".into())]);
    assert_eq!(pods(&report), ["node-2 10.0.0.12 Running"]);
    assert_eq!(step(&report).output.stdout, ["node \"node-1\" deleted"]);
}

#[test]
fn a_node_is_lost_once_however_long_that_is_tolerated() {
    let lose = Action::LoseNode("node-1".into());
    let patient = |seconds: &str| {
        let toleration = format!(
            "      tolerations: [{{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: {seconds}}}]\n"
        );
        host_network("Deployment", 1).replace("      hostNetwork", &format!("{toleration}      hostNetwork"))
    };
    for seconds in ["-5", "0", "60", "9223372036854775807"] {
        let report = after(2, &patient(seconds), std::slice::from_ref(&lose));
        assert_eq!(pods(&report), ["node-1 10.0.0.11 Terminating", "node-2 10.0.0.12 Running"], "{seconds}");
    }
    let report = after(2, &patient("60"), &[lose.clone(), lose]);
    assert_eq!(step(&report).output.stderr, ["error: node node-1 is lost already"]);
    assert_eq!(report.nodes[0].taints.len(), 2);
}

#[test]
fn nodes_that_are_added_later_have_names_and_addresses_of_their_own() {
    let actions = [Action::RemoveNode("node-1".into()), Action::AddNodes(1)];
    let text = host_network("DaemonSet", 0).replace("      hostNetwork: true\n", "");
    let report = after(2, &text, &actions);
    assert_eq!(pods(&report), ["node-2 10.244.1.2 Running", "node-3 10.244.2.2 Running"]);
}

#[test]
fn an_update_is_spoken_of_in_its_own_text() {
    let text = host_network("Deployment", 2);
    let update = format!("# new\n{}", text.replace("influxdb", "influxdb:2"));
    let broken = update.replace("replicas: 2", "replicsa: 2");
    let report = after(3, &text, &[Action::Apply(broken.clone())]);
    let found =
        report.diagnostics.iter().find(|found| found.code == "unknown-field").expect("a misspelt field");
    assert_eq!(found.span.unwrap().of(&broken), "replicsa");
    assert_eq!(step(&report).changes, [], "nothing was applied");
    let report = after(3, &text, &[Action::Apply(update.clone())]);
    assert_eq!(report.kubectl.stdout, ["deployment.apps/db configured"]);
    assert_eq!(report.workloads[0].span.unwrap().of(&update), "db");
    assert_eq!(step(&report).changes.len(), 4, "two went, two came: {:?}", step(&report).changes);
}

#[test]
fn a_restarted_workload_gets_new_pods_when_there_is_room() {
    let restart = |kind: &str| Action::RolloutRestart(kind.into(), "default".into(), "db".into());
    let text = host_network("Deployment", 2);
    let report = after(3, &text, &[restart("Deployment")]);
    assert_eq!(step(&report).output.stdout, ["deployment.apps/db restarted"]);
    assert_eq!((step(&report).changes.len(), running_and_pending(&report)), (4, (2, 0)));
    // Without a spare node the new pod waits for a port that no old one gives back (WL-DEP-8).
    let report = after(2, &text, &[restart("Deployment")]);
    assert_eq!(running_and_pending(&report), (2, 1));
    // A second one is another.
    let report = after(3, &text, &[restart("Deployment"), restart("Deployment")]);
    assert_eq!(step(&report).changes.len(), 4);
    let report = after(2, &host_network("DaemonSet", 0), &[restart("DaemonSet")]);
    assert_eq!((step(&report).changes.len(), running_and_pending(&report)), (4, (2, 0)));
    let report = after(2, &text, &[restart("Job")]);
    assert_eq!(step(&report).output.stderr, ["error: job \"db\" restarting is not supported"]);
}

#[test]
fn a_cron_job_is_run_by_hand() {
    let text = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: report}\nspec:\n  schedule: \"0 3 * * *\"\n  jobTemplate:\n    \
                spec:\n      template:\n        spec: {restartPolicy: Never, containers: [{name: a, image: b}]}\n";
    let run = |job: &str| Action::RunCronJob("default".into(), "report".into(), job.into());
    let report = after(1, text, &[run("one"), run("two")]);
    assert_eq!(step(&report).output.stdout, ["job.batch/two created"]);
    let again = after(1, text, &[run("one"), run("one")]);
    assert_eq!(
        step(&again).output.stderr,
        ["error: failed to create job: jobs.batch \"one\" already exists"]
    );
    assert_eq!(running_and_pending(&report), (2, 0));
}

#[test]
fn what_cannot_be_done_is_said() {
    let text = host_network("Deployment", 1);
    let nobody = || "nobody".to_owned();
    let no_node = "Error from server (NotFound): nodes \"nobody\" not found";
    for (action, expected) in [
        (Action::RestartContainer("default".into(), nobody()), "error: pod default/nobody does not run"),
        (Action::Drain(nobody()), no_node),
        (Action::LoseNode(nobody()), no_node),
        (Action::ReturnNode("node-1".into()), "error: node node-1 is not lost"),
        (Action::RemoveNode(nobody()), no_node),
        (
            Action::RolloutRestart("Deployment".into(), "default".into(), nobody()),
            "Error from server (NotFound): deployments.apps \"nobody\" not found",
        ),
        (
            Action::RunCronJob("default".into(), nobody(), "one".into()),
            "Error from server (NotFound): cronjobs.batch \"nobody\" not found",
        ),
    ] {
        let report = after(1, &text, &[action]);
        assert_eq!(step(&report).output.stderr, [expected]);
        assert_eq!(step(&report).output.exit, 1);
        assert_eq!(step(&report).changes, []);
    }
}

#[test]
fn other_numbers_of_nodes_are_tried() {
    let report = after(2, &host_network("Deployment", 3), &[]);
    let column = |nodes, running, waiting| NodesOutcome { nodes, running, waiting };
    let expected = [column(1, 1, 2), column(2, 2, 1), column(3, 3, 0), column(4, 3, 0)];
    assert_eq!(report.verdict.by_nodes, expected);
}

#[test]
fn the_loss_of_each_node_is_tried() {
    let loss = |node, interrupted: &[u32], down: &[u32], running, pending| Loss {
        node,
        running,
        pending,
        interrupted: interrupted.to_vec(),
        down: down.to_vec(),
    };
    let one = after(2, &host_network("Deployment", 1), &[]);
    assert_eq!(one.losses, [loss(0, &[0], &[], 1, 0), loss(1, &[], &[], 1, 0)]);
    let set = after(2, &host_network("StatefulSet", 1), &[]);
    assert_eq!(set.losses[0], loss(0, &[0], &[0], 0, 0));
    let full = after(2, &host_network("Deployment", 2), &[]);
    assert_eq!(full.losses[0], loss(0, &[], &[], 1, 1));
}
