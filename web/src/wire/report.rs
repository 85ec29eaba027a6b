//! The types of a report. Page and worker are always of one release, so that all of this may change with them.

use rules::{
    Attempt, Blocker, Certainty, Code, Diagnostic, Entrance, EventReport, Fix, Forward, HostPortUse,
    KubectlOutput, Loss, NodeReport, NodesOutcome, Note, Offer, OfferKind, PathMatch, PluginScores,
    PodChange, PodPlace, PodReport, Preemption, Rejection, Report, Route, RouteKind, RouteState, Rule, Score,
    Severity, Span, StepReport, StoredLine, StoredObject, TextEdit, Usage, Verdict, WorkloadReport,
};

use super::shapes::{enums, structs};

structs! {
    Report {
        diagnostics kubectl verdict nodes workloads pods pods_total routes forwards entrances events not_simulated stored steps losses
    }
    StepReport { output running pending changes changed urls_gone urls_new }
    PodChange { pod before after }
    PodPlace { node ip status restarts }
    Loss { node running pending interrupted down }
    StoredObject { name span lines }
    StoredLine { text added }
    KubectlOutput { stdout stderr exit }
    Verdict { pods running pending crashing refused errors blocker nodes_needed offers by_nodes }
    NodesOutcome { nodes running waiting }
    Offer { kind fix running pending }
    Usage { requested allocatable }
    NodeReport {
        name internal_ip external_ip addresses zone control_plane unschedulable ready labels taints cpu memory pod_count pods
        host_ports
    }
    HostPortUse { port protocol host_ip pod workload }
    WorkloadReport { kind namespace name span wanted created ready pending error }
    PodReport {
        namespace name workload node status ready ip host_network host_ports message blocker certainty span attempt
    }
    EventReport { time step warning reason object message }
    Diagnostic { code severity message span fix args }
    Fix { title edits }
    TextEdit { span text }
    Span { start end }
    Route {
        kind source state url urls curl address port target_port protocol nodes pods targets rule client_ip_kept notes
    }
    Rule { host path path_match method headers query }
    Forward { pod command urls }
    Entrance { address others http https nodes pods }
    Attempt {
        pod nodes start_index prefilter_rejection feasible rejected excluded feasible_count best_count scores
        skipped_score_plugins totals best chosen preemption lost_nominations unschedulable_plugins volume_bindings
        postfilter_message message
    }
    Rejection { code plugin reasons }
    Score { raw normalized weighted }
    PluginScores { plugin weight scores }
    Preemption { node victims }
}

enums! {
    Severity or Self::Error => {
        0 Error,
        1 Warning,
        2 Info,
    }
    Code or Self::Unschedulable => {
        0 Unschedulable,
        1 UnschedulableAndUnresolvable,
    }
    Certainty or Self::Certain => {
        0 Certain,
        1 OneOf(nodes),
    }
    Blocker or Self::NoNodes => {
        0 NoNodes,
        1 HostPort { port protocol holders span holder_span },
        2 Resource { name requested free never_fits span },
        3 TooManyPods,
        4 Taints { taints span },
        5 NodeSelector { wants span },
        6 Cordoned,
        7 Pods { reason span },
        8 Other(reason),
    }
    OfferKind or Self::SetNodes(0) => {
        0 SetNodes(nodes),
        1 LowerReplicas(name replicas),
        2 UseNodePortService(name),
        3 RemoveHostPort(name),
        4 Tolerate(name taint),
        5 ChangePort(name port),
        6 LowerRequest(name resource amount),
        7 RemoveNodeSelector(name),
    }
    RouteKind or Self::HostNetwork => {
        0 HostNetwork,
        1 HostPort,
        2 NodePort,
        3 LoadBalancer,
        4 ExternalIp,
        5 Ingress,
        6 Gateway,
    }
    PathMatch or Self::Default => {
        0 Default,
        1 Prefix,
        2 Exact,
        3 Expression,
    }
    RouteState or Self::Pending => {
        0 Reachable,
        1 NotReady,
        2 Blocked,
        3 Pending,
    }
    Note or Self::NoKnownPort => {
        0 PortFromImage,
        1 NoKnownPort,
        2 PortTakenByPod(what),
        3 PortTakenByNode(what),
        4 AddressFollowsPod,
        5 NodeDns,
        6 NeedsPortmap,
        7 NoPortmap,
        8 OnlyHostIp(what),
        9 LoopbackOnly,
        10 SidecarNotMapped,
        11 SourceRewritten,
        12 TimesOutOn(what),
        13 SelectsNothing,
        14 NoSelector,
        15 NoReadyEndpoints,
        16 NamedPortMissing(what),
        17 TargetPortUndeclared(what),
        18 NoLoadBalancer,
        19 LoadBalancerClass(what),
        20 PoolExhausted,
        21 SourceRanges(what),
        22 NeedsRouting,
        23 NoIngressController,
        24 IngressClassUnserved(what),
        25 ServiceMissing(what),
        26 ServicePortMissing { service port },
        27 HostMustResolve { host address },
        28 TlsTerminated,
        29 WildcardHost(what),
        30 DefaultBackend,
        31 ResourceBackend(what),
        32 ForwardedFor,
        33 NetworkPolicy(what),
        34 NodePortShadows(what),
        35 PodPending,
        36 PodNotRunning,
        37 SingleStack,
        38 EarlierRule(what),
        39 LowPort(what),
        40 ShadowsNode(what),
        41 HostPortShadows(what),
        42 ExternalIpShadows(what),
        43 SameUrl(what),
        44 PortsTaken,
        45 HealthCheckPort(what),
        46 NoGatewayController,
        47 GatewayClassUnserved(what),
        48 GatewayMissing(what),
        49 ListenerMissing(what),
        50 ListenerConflict(what),
        51 ListenerPortUnknown(what),
        52 RouteNotAllowed(what),
        53 RouteKindNotAllowed(what),
        54 NoSharedHostname(what),
        55 WildcardSuffix(what),
        56 OnlyRequests(what),
        57 Weights(what),
        58 ShareFails(what),
        59 ReferenceNotGranted(what),
        60 NoBackend,
        61 Redirects,
    }
}
