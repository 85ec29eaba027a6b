//! A finished simulation as the plain data of a [`Report`].

use std::rc::Rc;

use api::server::{GATEWAY_GROUP, Object, Typed, split_api_version};
use api::types::{Kind, Node, NodeAddressType, Pod, PodPhase, ScheduledCondition, Uid};
use checks::LoadBalancerProvider;
use manifest::sorted::SortedMap;
use manifest::{Diagnostic, Span};
use reach::LoadBalancer;

use crate::analyze::Run;
use crate::blocker::{PodsByNode, blocker, host_ports};
use crate::input::Input;
use crate::report::{
    Blocker, Certainty, EventReport, HostPortUse, MAX_LISTED_PODS, NodeReport, PodReport, Report, Usage,
    WorkloadReport,
};
use crate::requests;
use crate::simulation::Simulation;

/// At most this many events are reported.
const MAX_EVENTS: usize = 2_000;

/// Everything but the verdict.
pub(crate) fn report(input: &Input, run: &Run) -> Report {
    let simulation = &run.simulation;
    let mut diagnostics = run.diagnostics.clone();
    diagnostics.extend(advice(input, run));
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.map_or(u32::MAX, |span| span.start));
    let mut lists = Lists::new(run, !input.is_updated());
    lists.read_pods(simulation);
    let routes = reach::routes(simulation.server().store(), &settings(input));
    Report {
        diagnostics,
        kubectl: run.kubectl.clone(),
        forwards: reach::forwards(simulation.server().store(), &routes),
        routes,
        entrances: reach::entrances(simulation.server().store(), &settings(input)),
        events: events(simulation),
        not_simulated: not_simulated(run),
        stored: run.stored.clone(),
        steps: run.steps.clone(),
        pods_total: simulation.server().store().pods.len() as u32,
        nodes: lists.nodes,
        workloads: lists.workloads,
        pods: lists.pods,
        ..Report::default()
    }
}

/// What the checks say. They speak of the objects as they are now, so not after another text was applied.
fn advice(input: &Input, run: &Run) -> Vec<Diagnostic> {
    if input.is_updated() {
        return Vec::new();
    }
    let provider = match input.cluster.load_balancer {
        LoadBalancer::None => LoadBalancerProvider::Absent,
        LoadBalancer::Pool | LoadBalancer::NodeAddresses => LoadBalancerProvider::Present,
    };
    checks::run(run.simulation.server().store(), provider)
}

pub(crate) fn settings(input: &Input) -> reach::Settings {
    let cluster = &input.cluster;
    reach::Settings {
        load_balancer: cluster.load_balancer,
        ingress: cluster.ingress,
        host_ports: cluster.host_ports,
    }
}

/// The lists that point at one another.
struct Lists {
    nodes: Vec<NodeReport>,
    node_index: SortedMap<Rc<str>, u32>,
    workloads: Vec<WorkloadReport>,
    workload_index: SortedMap<Uid, u32>,
    pods: Vec<PodReport>,
    /// Places in objects are those of the text.
    has_places: bool,
}

impl Lists {
    fn new(run: &Run, has_places: bool) -> Self {
        let simulation = &run.simulation;
        let store = simulation.server().store();
        let by_name: SortedMap<&str, &Rc<Node>> =
            store.nodes.values().map(|node| (&*node.meta.name, node)).collect();
        let order = simulation.node_order();
        let nodes: Vec<NodeReport> =
            order.iter().filter_map(|name| by_name.get(&**name)).map(|node| node_report(node)).collect();
        let node_index = order.into_iter().zip(0..).collect();
        let (workloads, workload_index) = workloads(run);
        Self { nodes, node_index, workloads, workload_index, pods: Vec::new(), has_places }
    }

    fn read_pods(&mut self, simulation: &Simulation) {
        let by_node = PodsByNode::of(simulation);
        // Pods of one workload with one message are blocked by the same thing.
        let mut blockers: SortedMap<(u32, Rc<str>), Blocker> = SortedMap::new();
        for (&uid, pod) in &simulation.server().store().pods {
            let root = simulation.root(uid);
            let Some(&workload) = self.workload_index.get(&root) else { continue };
            let owner = &mut self.workloads[workload as usize];
            owner.ready += u32::from(pod.status.ready);
            owner.pending += u32::from(pod.node.is_none() && pod.status.phase == PodPhase::Pending);
            let node = pod.node.as_ref().and_then(|node| self.node_index.get(node)).copied();
            let listed = (self.pods.len() < MAX_LISTED_PODS).then_some(self.pods.len() as u32);
            if let Some(node) = node {
                occupy(&mut self.nodes[node as usize], pod, listed, workload);
            }
            if listed.is_none() {
                continue;
            }
            let message = message(pod);
            let record = simulation.last_attempt(uid);
            let key = message.as_ref().map(|message| (workload, Rc::clone(message)));
            if let (Some(key), Some(record)) = (key, record)
                && !blockers.contains_key(&key)
                && let Some(found) = blocker(simulation, &by_node, pod, &record.attempt)
            {
                blockers.insert(key, if self.has_places { found } else { found.without_places() });
            }
            let ties = simulation.ties(uid);
            self.pods.push(PodReport {
                namespace: pod.meta.namespace.to_string(),
                name: pod.meta.name.to_string(),
                workload,
                node,
                status: status(pod).to_owned(),
                ready: pod.status.ready,
                ip: pod.status.pod_ips.first().map_or_else(String::new, ToString::to_string),
                host_network: pod.spec.host_network,
                host_ports: host_ports(pod).map(|port| (port.host_port, port.protocol.to_string())).collect(),
                message: message.map_or_else(String::new, |message| message.to_string()),
                blocker: None,
                certainty: if ties > 1 { Certainty::OneOf(ties) } else { Certainty::Certain },
                span: self.workloads[workload as usize].span,
                attempt: record.map(|record| (*record.attempt).clone()),
            });
        }
        for pod in self.pods.iter_mut().filter(|pod| !pod.message.is_empty()) {
            pod.blocker = blockers.get(&(pod.workload, pod.message.as_str().into())).cloned();
        }
    }
}

/// STATUS as `kubectl get pods` shows it (WL-PRINT-1 to 5).
pub(crate) fn status(pod: &Pod) -> &'static str {
    if pod.meta.deleting {
        return "Terminating";
    }
    if let Some(reason) = pod.status.waiting_reason {
        return reason;
    }
    match (pod.status.phase, &pod.status.scheduled) {
        (PodPhase::Pending, ScheduledCondition::False { reason: "SchedulingGated", .. }) => "SchedulingGated",
        (PodPhase::Pending, _) => "Pending",
        (PodPhase::Running, _) => "Running",
        (PodPhase::Succeeded, _) => "Completed",
        (PodPhase::Failed, _) => "Error",
    }
}

/// The message of the PodScheduled condition when it is False.
fn message(pod: &Pod) -> Option<Rc<str>> {
    match &pod.status.scheduled {
        ScheduledCondition::False { message, .. } => Some(Rc::clone(message)),
        _ => None,
    }
}

fn node_report(node: &Node) -> NodeReport {
    let first = |kind| node.addresses_of(kind).next().map_or_else(String::new, ToString::to_string);
    let allocatable = |name| node.allocatable.get(name).copied().unwrap_or_default();
    let label = |key: &str| node.meta.labels.get(key).cloned();
    let kinds = [NodeAddressType::InternalIP, NodeAddressType::ExternalIP];
    let addresses = kinds.into_iter().flat_map(|kind| node.addresses_of(kind)).map(ToString::to_string);
    NodeReport {
        name: node.meta.name.to_string(),
        internal_ip: first(NodeAddressType::InternalIP),
        external_ip: first(NodeAddressType::ExternalIP),
        addresses: addresses.collect(),
        zone: label("topology.kubernetes.io/zone").unwrap_or_default(),
        control_plane: label("node-role.kubernetes.io/control-plane").is_some(),
        unschedulable: node.unschedulable,
        ready: node.ready,
        labels: (*node.meta.labels).clone(),
        taints: node.taints.iter().map(ToString::to_string).collect(),
        cpu: Usage { requested: 0, allocatable: allocatable("cpu").milli_value() },
        memory: Usage { requested: 0, allocatable: allocatable("memory").value() },
        pod_count: Usage { requested: 0, allocatable: allocatable("pods").value() },
        ..NodeReport::default()
    }
}

/// Adds a pod to its node. Finished pods hold nothing (SCH-PORTS-9).
fn occupy(node: &mut NodeReport, pod: &Pod, listed: Option<u32>, workload: u32) {
    node.pods.extend(listed);
    if pod.status.phase.is_terminal() {
        return;
    }
    let requests = requests::of_pod(&pod.spec);
    node.cpu.requested += requests.get("cpu").map_or(0, |amount| amount.milli_value());
    node.memory.requested += requests.get("memory").map_or(0, |amount| amount.value());
    node.pod_count.requested += 1;
    if let Some(index) = listed {
        node.host_ports.extend(host_ports(pod).map(|port| HostPortUse {
            port: port.host_port,
            protocol: port.protocol.to_string(),
            host_ip: port.host_ip.clone(),
            pod: index,
            workload,
        }));
    }
}

/// Workloads without an owner and bare pods, in the order of the text.
pub(crate) fn workloads(run: &Run) -> (Vec<WorkloadReport>, SortedMap<Uid, u32>) {
    let simulation = &run.simulation;
    let store = simulation.server().store();
    let mut list: Vec<(Uid, WorkloadReport)> = Vec::new();
    for status in simulation.statuses() {
        if status.owner.as_ref().is_some_and(|owner| store.objects.contains_key(&owner.uid)) {
            continue;
        }
        list.push((
            status.uid,
            WorkloadReport {
                kind: status.kind.to_string(),
                namespace: status.namespace.to_string(),
                name: status.name.to_string(),
                span: run.names.get(&status.uid).copied(),
                wanted: status.wanted.unwrap_or(0).unsigned_abs(),
                created: status.created.unsigned_abs(),
                error: simulation
                    .creation_error(status.uid)
                    .map_or_else(String::new, |error| error.to_string()),
                ..WorkloadReport::default()
            },
        ));
    }
    let bare =
        |pod: &&Pod| pod.meta.owner.as_ref().is_none_or(|owner| !store.objects.contains_key(&owner.uid));
    list.extend(store.pods.values().filter(bare).map(|pod| {
        let report = WorkloadReport {
            kind: Kind::Pod.to_string(),
            namespace: pod.meta.namespace.to_string(),
            name: pod.meta.name.to_string(),
            span: run.names.get(&pod.meta.uid).copied(),
            wanted: 1,
            created: 1,
            ..WorkloadReport::default()
        };
        (pod.meta.uid, report)
    }));
    list.sort_by_key(|(uid, report)| (report.span.map_or(u32::MAX, |span: Span| span.start), *uid));
    let index = list.iter().map(|(uid, _)| *uid).zip(0..).collect();
    (list.into_iter().map(|(_, report)| report).collect(), index)
}

fn events(simulation: &Simulation) -> Vec<EventReport> {
    let reported = simulation.events().iter().take(MAX_EVENTS);
    reported
        .map(|event| EventReport {
            time: event.time,
            step: event.step,
            warning: event.warning,
            reason: event.reason.to_owned(),
            object: format!("{} {}/{}", event.kind, event.namespace, event.name),
            message: event.message.to_string(),
        })
        .collect()
}

/// Objects of the text that are accepted and listed only. What the Gateway API describes makes routes.
fn not_simulated(run: &Run) -> Vec<(String, String)> {
    let store = run.simulation.server().store();
    let listed = run.names.keys().filter_map(|uid| store.objects.get(uid));
    let is_listed = |object: &&Object| {
        matches!(object.typed, Typed::Other) && split_api_version(&object.api_version).0 != GATEWAY_GROUP
    };
    let listed = listed.filter(is_listed).map(|object| {
        let (name, namespace) = (&object.meta.name, &object.meta.namespace);
        let full = if namespace.is_empty() { name.to_string() } else { format!("{namespace}/{name}") };
        (object.kind.to_string(), full)
    });
    listed.chain(run.not_simulated.iter().cloned()).collect()
}
