//! The whole way from a text to a report: the cases that Podreach was made for.

use crate::report::{Blocker, OfferKind, Report};
use crate::{Action, ClusterSpec, Input, RouteState, analyze};

/// A workload of host-mode pods. `extra` are lines of the pod's spec, `ports` those of the container.
fn workload(kind: &str, name: &str, replicas: u32, extra: &str, ports: &str) -> String {
    let count = if kind == "DaemonSet" { String::new() } else { format!("  replicas: {replicas}\n") };
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\nspec:\n{count}  selector:\n    matchLabels:\n      \
         app: {name}\n  template:\n    metadata:\n      labels:\n        app: {name}\n    spec:\n{extra}      containers:\n      \
         - name: app\n        image: influxdb\n{ports}"
    )
}

const HOST: &str = "      hostNetwork: true\n";
const PORT: &str = "        ports:\n        - containerPort: 8086\n";

fn on(nodes: u32, text: &str) -> Report {
    analyze(&input(nodes, text))
}

fn input(nodes: u32, text: &str) -> Input {
    Input {
        text: text.to_owned(),
        cluster: ClusterSpec { nodes, ..ClusterSpec::default() },
        ..Input::default()
    }
}

/// Running, Pending, crashing.
fn outcome(report: &Report) -> (u32, u32, u32) {
    (report.verdict.running, report.verdict.pending, report.verdict.crashing)
}

fn pending_message(report: &Report) -> &str {
    report.pods.iter().find(|pod| !pod.message.is_empty()).map_or("", |pod| &pod.message)
}

#[test]
fn a_bare_pod_without_ports_runs_anywhere() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: influxdb\nspec:\n  hostNetwork: true\n  containers:\n  \
                - name: influxdb\n    image: influxdb\n";
    let report = on(4, text);
    assert_eq!(outcome(&report), (1, 0, 0), "{report:#?}");
    assert_eq!(report.kubectl.stdout, ["pod/influxdb created"]);
    let pod = &report.pods[0];
    assert_eq!((pod.node.map(|node| &*report.nodes[node as usize].internal_ip)), Some(&*pod.ip));
}

#[test]
fn b_five_replicas_on_four_nodes() {
    let text = workload("Deployment", "test-host", 5, HOST, PORT);
    let report = on(4, &text);
    assert_eq!(outcome(&report), (4, 1, 0), "{:#?}", report.diagnostics);
    assert_eq!(
        pending_message(&report),
        "0/4 nodes are available: 4 node(s) didn't have free ports for the requested pod ports. no new claims to \
         deallocate, preemption: 0/4 nodes are available: 4 No preemption victims found for incoming pod."
    );
    assert_eq!(report.verdict.nodes_needed, Some(5));
    let Some(Blocker::HostPort { port: 8086, span: Some(span), .. }) = report.verdict.blocker else {
        panic!("{:?}", report.verdict.blocker)
    };
    assert_eq!(span.of(&text), "8086");
    let kinds: Vec<&OfferKind> = report.verdict.offers.iter().map(|offer| &offer.kind).collect();
    assert!(kinds.contains(&&OfferKind::SetNodes(5)), "{kinds:?}");
    assert!(kinds.contains(&&OfferKind::UseNodePortService("test-host".into())), "{kinds:?}");
    assert!(kinds.contains(&&OfferKind::LowerReplicas("test-host".into(), 4)), "{kinds:?}");
}

#[test]
fn c_a_selector_leaves_two_nodes() {
    let extra = format!("{HOST}      nodeSelector:\n        disk: ssd\n");
    let mut input = input(4, &workload("Deployment", "test-host", 5, &extra, PORT));
    for index in 0..2 {
        input.cluster.overrides.entry(index).or_default().labels.insert("disk".into(), "ssd".into());
    }
    let report = analyze(&input);
    assert_eq!(outcome(&report), (2, 3, 0));
    assert!(matches!(report.verdict.blocker, Some(Blocker::HostPort { .. })), "{:?}", report.verdict.blocker);
}

#[test]
fn d_two_workloads_on_one_port() {
    let (one, two) =
        (workload("Deployment", "one", 3, HOST, PORT), workload("Deployment", "two", 3, HOST, PORT));
    let report = on(4, &format!("{one}---\n{two}"));
    assert_eq!(outcome(&report), (4, 2, 0));
    let pending: Vec<u32> = report.workloads.iter().map(|workload| workload.pending).collect();
    assert_eq!(pending, [0, 2]);
    let kinds: Vec<&OfferKind> = report.verdict.offers.iter().map(|offer| &offer.kind).collect();
    assert!(kinds.contains(&&OfferKind::ChangePort("two".into(), 8087)), "{kinds:?}");
}

#[test]
fn e_daemon_sets_and_the_control_plane() {
    let tolerant = format!("{HOST}      tolerations:\n      - operator: Exists\n");
    let port = "        ports:\n        - containerPort: 9100\n";
    let (flannel, agent) =
        (workload("DaemonSet", "flannel", 0, &tolerant, PORT), workload("DaemonSet", "agent", 0, HOST, port));
    let mut input = input(4, &format!("{flannel}---\n{agent}"));
    input.cluster.control_plane = 1;
    let report = analyze(&input);
    let created: Vec<u32> = report.workloads.iter().map(|workload| workload.created).collect();
    assert_eq!((outcome(&report), created), ((7, 0, 0), vec![4, 3]));
}

#[test]
fn g_undeclared_ports_crash_at_bind() {
    let report = on(2, &workload("Deployment", "test-host", 5, HOST, ""));
    assert_eq!(outcome(&report), (2, 0, 3));
    assert!(report.pods.iter().all(|pod| pod.node.is_some()));
    assert_eq!(report.pods.iter().filter(|pod| pod.status == "CrashLoopBackOff").count(), 3);
}

/// A bare pod under hostNetwork whose image's port is not declared.
fn bare(name: &str, extra: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{hostNetwork: true, {extra}containers: [{{name: a, \
         image: influxdb, resources: {{requests: {{cpu: 1500m}}}}}}]}}\n"
    )
}

#[test]
fn a_crashed_pod_recovers_when_its_port_is_free() {
    let statuses = |report: &Report| {
        report.pods.iter().map(|pod| format!("{} {}", pod.name, pod.status)).collect::<Vec<_>>()
    };
    // Its holder is deleted, the next in line takes the port.
    let mut two = input(1, &[bare("one", ""), bare("two", "")].concat());
    assert_eq!(statuses(&analyze(&two)), ["one Running", "two CrashLoopBackOff"]);
    two.actions.push(Action::Delete("pod".into(), "default".into(), "two".into()));
    assert_eq!(statuses(&analyze(&two)), ["one Running"]);
    two.actions[0] = Action::Delete("pod".into(), "default".into(), "one".into());
    let report = analyze(&two);
    assert_eq!(statuses(&report), ["two Running"]);
    assert!(report.routes.iter().all(|route| route.state == RouteState::Reachable), "{:?}", report.routes);
    // Its holder is preempted by a pod that opens no port of its own.
    let urgent = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: urgent}\nspec: {priorityClassName: system-node-critical, \
                  containers: [{name: a, image: busybox, resources: {requests: {cpu: 2}}}]}\n";
    let low = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: low}\nvalue: -1\n";
    let text = [low, &bare("one", "priorityClassName: low, "), &bare("two", "")].concat();
    let mut preempted = input(1, &text);
    assert_eq!(outcome(&analyze(&preempted)), (1, 0, 1));
    preempted.actions.push(Action::Apply(urgent.to_owned()));
    assert_eq!(statuses(&analyze(&preempted)), ["two Running", "urgent Running"]);
    // A workload that waits for the crashed pod goes on.
    let mut set = input(1, &[bare("one", ""), workload("StatefulSet", "db", 2, HOST, "")].join("---\n"));
    let ready = |input: &Input| analyze(input).workloads.iter().map(|found| found.ready).collect::<Vec<_>>();
    assert_eq!(ready(&set), [1, 0]);
    set.actions.push(Action::Delete("pod".into(), "default".into(), "one".into()));
    assert_eq!(ready(&set), [1]);
}

#[test]
fn stateful_sets_wait_for_their_pods() {
    let port = "        ports:\n        - containerPort: 80\n          hostPort: 8080\n";
    let text = workload("StatefulSet", "db", 3, "", port);
    let names = |report: &Report| {
        report.pods.iter().map(|pod| (pod.name.clone(), pod.status.clone())).collect::<Vec<_>>()
    };
    let pair = |name: &str, status: &str| (name.to_owned(), status.to_owned());
    // WL-V-2.
    assert_eq!(
        names(&on(2, &text)),
        [pair("db-0", "Running"), pair("db-1", "Running"), pair("db-2", "Pending")]
    );
    assert_eq!(names(&on(1, &text)), [pair("db-0", "Running"), pair("db-1", "Pending")]);
}

#[test]
fn a_host_port_beyond_the_nodes_is_pending() {
    let port = "        ports:\n        - containerPort: 8086\n          hostPort: 8086\n";
    let report = on(3, &workload("Deployment", "web", 4, "", port));
    // SCH-V-12.
    assert_eq!(outcome(&report), (3, 1, 0));
    assert_eq!(
        pending_message(&report),
        "0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports. no new claims to \
         deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod."
    );
    let kinds: Vec<&OfferKind> = report.verdict.offers.iter().map(|offer| &offer.kind).collect();
    assert!(kinds.contains(&&OfferKind::RemoveHostPort("web".into())), "{kinds:?}");
}

#[test]
fn jobs_make_their_first_wave() {
    let job = |spec: &str| {
        let text = format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: pi\nspec:\n{spec}  template:\n    spec:\n      \
             restartPolicy: Never\n      containers:\n      - name: a\n        image: busybox\n"
        );
        on(2, &text).pods.iter().map(|pod| pod.name.clone()).collect::<Vec<_>>()
    };
    // WL-V-6, WL-V-7.
    assert_eq!(job("  completions: 5\n  parallelism: 2\n").len(), 2);
    assert_eq!(job("").len(), 1);
    assert_eq!(job("  suspend: true\n").len(), 0);
    let indexed = job("  completions: 3\n  parallelism: 3\n  completionMode: Indexed\n");
    let prefixes: Vec<&str> = indexed.iter().filter_map(|name| name.get(..5)).collect();
    assert_eq!(prefixes, ["pi-0-", "pi-1-", "pi-2-"]);
}

#[test]
fn nothing_and_no_nodes() {
    for text in ["", "# only words\n", "---\n---\n", "{", "a: [", "\u{0}", "kind: Pod"] {
        let report = on(4, text);
        assert_eq!(report.pods_total, 0, "{text:?}");
    }
    let report = on(0, &workload("Deployment", "web", 2, "", ""));
    assert_eq!(pending_message(&report), "no nodes available to schedule pods");
    assert_eq!(
        (report.verdict.blocker.clone(), report.verdict.nodes_needed),
        (Some(Blocker::NoNodes), Some(1))
    );
}

#[test]
fn offers_do_what_they_say() {
    let report = on(4, &workload("Deployment", "test-host", 5, HOST, PORT));
    for offer in &report.verdict.offers {
        let mut changed = input(4, &workload("Deployment", "test-host", 5, HOST, PORT));
        match (&offer.fix, &offer.kind) {
            (Some(fix), _) => changed.text = crate::edits::apply(&changed.text, &fix.edits),
            (None, OfferKind::SetNodes(nodes)) => changed.cluster.nodes = *nodes,
            (None, other) => panic!("{other:?} without a change"),
        }
        let after = analyze(&changed);
        assert_eq!(
            (after.verdict.running, after.verdict.pending),
            (offer.running, offer.pending),
            "{}",
            changed.text
        );
    }
}

/// The text after the only fix that is offered.
fn fixed(text: &str) -> Option<String> {
    let report = on(4, text);
    let fixes: Vec<_> = report.diagnostics.iter().filter_map(|found| found.fix.as_ref()).collect();
    assert!(fixes.len() < 2, "{fixes:#?}");
    fixes.first().map(|fix| crate::edits::apply(text, &fix.edits))
}

#[test]
fn a_fix_takes_its_problem_away() {
    let pod = |namespace: &str, ports: &str| {
        format!(
            "kind: Pod\napiVersion: v1\nmetadata:\n  name: a\n{namespace}spec:\n  hostNetwork: true\n  \
             dnsPolicy: ClusterFirstWithHostNet\n  containers:\n  - name: a\n    image: nginx\n    ports:\n    - {ports}\n"
        )
    };
    let (shop, port) = ("  namespace: shop\n", "containerPort: 80");
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\n";
    let text = pod(shop, port);
    assert_eq!(fixed(&text), Some(format!("{namespace}{text}")));
    let text = format!("# first\n---\n{}", pod(shop, port));
    assert_eq!(fixed(&text), Some(format!("# first\n---\n{namespace}{}", pod(shop, port))));

    let mismatch = pod("", "containerPort: 80\n      hostPort: 81");
    assert_eq!(fixed(&mismatch), Some(pod("", "containerPort: 80\n      hostPort: 80")));

    let service = |name: &str, port: u32| {
        format!(
            "kind: Service\napiVersion: v1\nmetadata:\n  name: {name}\nspec:\n  type: NodePort\n  ports:\n  - port: 80\n    \
             nodePort: {port}\n"
        )
    };
    assert_eq!(fixed(&service("a", 8080)), Some(service("a", 30080)));
    let taken = format!("{}---\n{}", service("b", 30080), service("a", 8080));
    assert_eq!(fixed(&taken), None, "the port is taken");
}

#[test]
fn a_large_stateful_set_is_not_simulated_again_and_again() {
    let set = |replicas: u32| {
        workload("StatefulSet", "db", replicas, HOST, PORT)
            .replace("spec:\n  replicas", "spec:\n  serviceName: db\n  replicas")
    };
    assert!(!on(2, &set(500)).verdict.offers.is_empty());
    let report = on(2, &set(501));
    assert_eq!((outcome(&report), report.verdict.offers.len()), ((2, 1, 0), 0));
}
