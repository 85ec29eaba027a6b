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
    /// Only from the node itself (EXP-HN-5, EXP-HP-6).
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
    /// A preferred or earlier rule answers every request that this one matches (EXP-ING-23, EXP-GW-7). Names its object.
    EarlierRule(String),
    /// The process runs as an ordinary user and needs CAP_NET_BIND_SERVICE for the port (EXP-HN-14).
    LowPort(u16),
    /// A daemon of the node on the same port cannot be reached from outside any more (EXP-HP-4). Names it.
    ShadowsNode(String),
    /// Packets for the port go to a pod with this host port (EXP-HP-4). Names the pod.
    HostPortShadows(String),
    /// Packets for this address and port go to a Service with this external IP (EXP-XIP-3). Names the Service.
    ExternalIpShadows(String),
    /// Another object has the same URL (EXP-URL-6). Names it.
    SameUrl(String),
    /// The port is taken on every node (EXP-LB-10).
    PortsTaken,
    /// Balancers ask this port of each node whether it has a pod (EXP-LB-7).
    HealthCheckPort(u16),
    /// There is no Gateway controller: no address (EXP-GW-1).
    NoGatewayController,
    /// No controller serves the GatewayClass (EXP-GW-1).
    GatewayClassUnserved(String),
    /// The Gateway of a parentRef does not exist (EXP-GW-4).
    GatewayMissing(String),
    /// The Gateway has no such listener (EXP-GW-4).
    ListenerMissing(String),
    /// Another listener has the same port and host name (EXP-GW-2). Names it.
    ListenerConflict(String),
    /// It is not known under which port the controller's Service opens the listener's (EXP-GW-3).
    ListenerPortUnknown(u16),
    /// The listener admits no routes from the namespace (EXP-GW-4).
    RouteNotAllowed(String),
    /// The listener takes no routes of the kind (EXP-GW-9).
    RouteKindNotAllowed(String),
    /// Route and listener have no host name in common (EXP-GW-5). Names the listener's.
    NoSharedHostname(String),
    /// Any host that ends so, with one or more labels before it (EXP-GW-5).
    WildcardSuffix(String),
    /// Only requests with all of this (EXP-GW-6).
    OnlyRequests(Vec<String>),
    /// The share of each backend (EXP-GW-8).
    Weights(Vec<String>),
    /// This share of the requests is answered with an error (EXP-GW-8).
    ShareFails(String),
    /// No ReferenceGrant lets the route refer to the Service (EXP-GW-8).
    ReferenceNotGranted(String),
    /// Nothing stands behind the rule: 500 (EXP-GW-8).
    NoBackend,
    /// The request is answered with a redirect.
    Redirects,
}

/// A route lists at most so many URLs.
pub const MAX_URLS: usize = 100;

/// How the path of a request is compared with that of a rule (EXP-ING-20 to EXP-ING-22, EXP-GW-6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PathMatch {
    /// The default backend of an Ingress: no rule has the path (EXP-ING-32).
    Default,
    /// Element by element.
    #[default]
    Prefix,
    /// Equal.
    Exact,
    /// A regular expression.
    Expression,
}

/// What a controller looks for in a request before it takes a route.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Host name as in the manifest; empty for all.
    pub host: String,
    /// Path as in the manifest.
    pub path: String,
    /// How it is compared.
    pub path_match: PathMatch,
    /// For example `GET`; empty for all.
    pub method: String,
    /// Headers that it must have: names and values.
    pub headers: Vec<(String, String)>,
    /// Query parameters that it must have: names and values.
    pub query: Vec<(String, String)>,
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
    /// This URL and those on the other addresses where the same process answers: of all nodes in [`Route::nodes`], or of all
    /// addresses of the one node. At most [`MAX_URLS`].
    pub urls: Vec<String>,
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
    /// Address and port of each of them, in the same order; endpoints that were written by hand have no pod.
    pub targets: Vec<String>,
    /// What a request must be like for this route; `None` where packets are passed on unread.
    pub rule: Option<Rule>,
    /// Whether the process sees the client's address; `None` when it depends on the provider.
    pub client_ip_kept: Option<bool>,
    /// Caveats and reasons, most important first.
    pub notes: Vec<Note>,
}

impl Route {
    /// A way in that leads nowhere.
    pub(crate) fn nowhere(kind: RouteKind) -> Self {
        Self {
            kind,
            source: String::new(),
            state: RouteState::Blocked,
            url: String::new(),
            urls: Vec::new(),
            curl: String::new(),
            address: String::new(),
            port: 0,
            target_port: 0,
            protocol: "TCP".to_owned(),
            nodes: Vec::new(),
            pods: Vec::new(),
            targets: Vec::new(),
            rule: None,
            client_ip_kept: Some(false),
            notes: Vec::new(),
        }
    }
}
