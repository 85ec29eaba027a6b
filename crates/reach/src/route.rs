//! A route: one way in from outside to one or more pods.

use serde::{Deserialize, Serialize};

/// The ways in (EXP-MOD-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the ways")]
pub enum RouteKind {
    HostNetwork,
    HostPort,
    NodePort,
    LoadBalancer,
    ExternalIp,
    Ingress,
    Gateway,
}

/// Whether somebody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RouteState {
    /// A ready process answers.
    Reachable,
    /// A process answers that is not ready.
    NotReady,
    /// Nobody answers, for the reason given.
    Blocked,
    /// The address is not known yet: `<pending>`.
    Pending,
}

/// What to know about a route, or why it is blocked. Each is worded in `rules::words`; the rule that decides it stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Note {
    /// The port comes from the image's defaults, it is not declared (EXP-HN-6).
    PortFromImage,
    /// Neither a declared port nor a known image: no URL (EXP-IMG-2).
    NoKnownPort,
    /// Another process of the same node already holds the port: this one crashes at bind (EXP-HN-8). Names the holder.
    PortTakenByPod(String),
    /// The node itself uses the port (EXP-HN-9). Names the daemon.
    PortTakenByNode(String),
    /// The address changes when a new pod lands elsewhere (EXP-HN-16).
    AddressFollowsPod,
    /// Cluster DNS does not resolve: dnsPolicy is treated as Default (EXP-HN-11).
    NodeDns,
    /// The CNI plugin must support host ports (EXP-HP-2).
    NeedsPortmap,
    /// The cluster is set to a CNI plugin without host ports: no route (EXP-HP-2).
    NoPortmap,
    /// hostIP limits the route to one address (EXP-HP-3).
    OnlyHostIp(String),
    /// Only from the node itself (EXP-HP-6).
    LoopbackOnly,
    /// A sidecar's host port is reserved but not mapped (EXP-HP-7).
    SidecarNotMapped,
    /// The source address is rewritten to the node's (EXP-NODEPORT-4).
    SourceRewritten,
    /// Nodes without a local endpoint drop the packets: the client times out (EXP-NODEPORT-5). Names the nodes.
    TimesOutOn(Vec<String>),
    /// No pod matches the selector.
    SelectsNothing,
    /// The Service has no selector (EXP-EP-6).
    NoSelector,
    /// Pods match but none is ready: refused (EXP-EP-7).
    NoReadyEndpoints,
    /// No matching pod has a port of that name (EXP-EP-5).
    NamedPortMissing(String),
    /// No container declares the numeric target port: it may still answer (EXP-MOD-5).
    TargetPortUndeclared(u16),
    /// No provider: EXTERNAL-IP stays `<pending>` (EXP-LB-2).
    NoLoadBalancer,
    /// The class is served by nobody here (EXP-LB-3).
    LoadBalancerClass(String),
    /// The address pool is used up.
    PoolExhausted,
    /// Only these client addresses are let in (EXP-LB-6).
    SourceRanges(Vec<String>),
    /// Somebody must route the address to a node (EXP-XIP-1).
    NeedsRouting,
    /// No controller serves the class: ADDRESS stays empty (EXP-ING-1).
    NoIngressController,
    /// No controller for this class (EXP-ING-2).
    IngressClassUnserved(String),
    /// The Service does not exist (EXP-ING-30).
    ServiceMissing(String),
    /// The Service has no such port (EXP-ING-30).
    ServicePortMissing {
        /// Service.
        service: String,
        /// Port number or name.
        port: String,
    },
    /// The host name must resolve to the address (EXP-ING-50).
    HostMustResolve {
        /// Host name.
        host: String,
        /// Address.
        address: String,
    },
    /// HTTP is redirected to HTTPS; the certificate is the controller's own when the secret is missing (EXP-ING-40).
    TlsTerminated,
    /// Any host that ends so (EXP-ING-10).
    WildcardHost(String),
    /// Requests that no rule matches (EXP-ING-32).
    DefaultBackend,
    /// The backend is no Service (EXP-ING-30).
    ResourceBackend(String),
    /// Only HTTP headers tell the client's address.
    ForwardedFor,
    /// A NetworkPolicy selects the pods (EXP-NETPOL-5). Names it.
    NetworkPolicy(String),
    /// The same host port is an allocated NodePort: which rule wins is open (EXP-HP-9, EXP-HN-10).
    NodePortShadows(u16),
    /// The pod has no node (EXP-POD-1).
    PodPending,
    /// The pod is not running.
    PodNotRunning,
    /// Only one protocol family: the Service has no address of the other (EXP-V6-2).
    SingleStack,
    /// An earlier rule of this Ingress has the same host and path, and answers (EXP-ING-23).
    EarlierRule(String),
}

/// A route. Lists are sorted by node and pod order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The way in.
    pub kind: RouteKind,
    /// What makes the route: `Service default/web`, `Pod default/web-0`, `Ingress default/web`.
    pub source: String,
    /// Whether somebody answers.
    pub state: RouteState,
    /// Empty when there is none.
    pub url: String,
    /// A command that tries it; empty when there is no URL.
    pub curl: String,
    /// Address part: IP or host name; empty when pending.
    pub address: String,
    /// Outer port.
    pub port: u16,
    /// Port of the process behind it; 0 when not known.
    pub target_port: u16,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: String,
    /// Names of the nodes that take the traffic in.
    pub nodes: Vec<String>,
    /// namespace/name of the pods that may answer.
    pub pods: Vec<String>,
    /// Whether the process sees the client's address; `None` when it depends on the provider.
    pub client_ip_kept: Option<bool>,
    /// Caveats and reasons, most important first.
    pub notes: Vec<Note>,
}
