//! Service, Ingress and IngressClass.

use std::rc::Rc;

use super::meta::Meta;
use super::pod::Protocol;
use crate::int_or_string::IntOrString;
use crate::labels::{Labels, Selector};

/// How a Service is exposed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum ServiceType {
    #[default]
    ClusterIP,
    NodePort,
    LoadBalancer,
    ExternalName,
}

/// externalTrafficPolicy and internalTrafficPolicy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum TrafficPolicy {
    #[default]
    Cluster,
    Local,
}

/// IP family.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum IpFamily {
    #[default]
    IPv4,
    IPv6,
}

/// The virtual address of a Service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ClusterIp {
    /// ExternalName, or not allocated.
    #[default]
    Absent,
    /// `clusterIP: None`.
    Headless,
    /// Allocated.
    Address(Rc<str>),
}

/// A port of a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePort {
    /// Empty when the only port has no name.
    pub name: String,
    /// Protocol.
    pub protocol: Protocol,
    /// appProtocol; empty when none.
    pub app_protocol: String,
    /// 1 to 65535.
    pub port: u16,
    /// Number, or name of a container port.
    pub target_port: IntOrString,
    /// 0 when none is allocated.
    pub node_port: u16,
}

/// A stored Service.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// Metadata.
    pub meta: Meta,
    /// Type.
    pub service_type: ServiceType,
    /// Virtual address.
    pub cluster_ip: ClusterIp,
    /// Families of the Service, primary first.
    pub ip_families: Vec<IpFamily>,
    /// Ports.
    pub ports: Vec<ServicePort>,
    /// `None` when empty: no endpoints are made (EXP-EP-6).
    pub selector: Option<Selector>,
    /// The selector's labels as written.
    pub selector_labels: Labels,
    /// External traffic policy.
    pub external_traffic_policy: TrafficPolicy,
    /// Internal traffic policy.
    pub internal_traffic_policy: TrafficPolicy,
    /// External IPs.
    pub external_ips: Vec<String>,
    /// The wish; empty when none.
    pub load_balancer_ip: String,
    /// Empty when none.
    pub load_balancer_class: String,
    /// CIDRs.
    pub load_balancer_source_ranges: Vec<String>,
    /// Whether a LoadBalancer Service gets node ports.
    pub allocate_node_ports: bool,
    /// 0 when none.
    pub health_check_node_port: u16,
    /// `sessionAffinity: ClientIP`.
    pub session_affinity_client_ip: bool,
    /// Members that are not ready count as ready (EXP-EP-4).
    pub publish_not_ready_addresses: bool,
    /// For ExternalName; empty when none.
    pub external_name: String,
}

/// How a path is compared (EXP-ING-20 to 22).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum PathType {
    Exact,
    Prefix,
    ImplementationSpecific,
}

/// The port of a Service that a backend names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackendPort {
    /// By number.
    Number(u16),
    /// By name.
    Name(String),
}

/// Where an Ingress sends requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A Service of the same namespace.
    Service {
        /// Name.
        name: String,
        /// Its port.
        port: BackendPort,
    },
    /// Some other object.
    Resource {
        /// Kind.
        kind: String,
        /// Name.
        name: String,
    },
}

/// A path of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IngressPath {
    /// Empty only with ImplementationSpecific.
    pub path: String,
    /// Comparison.
    pub path_type: PathType,
    /// Backend.
    pub backend: Backend,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IngressRule {
    /// Empty: all hosts.
    pub host: String,
    /// Empty: everything goes to the default backend.
    pub paths: Vec<IngressPath>,
}

/// A TLS entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IngressTls {
    /// Empty: every host of the Ingress.
    pub hosts: Vec<String>,
    /// Empty when none.
    pub secret_name: String,
}

/// A stored Ingress.
#[derive(Clone, Debug, Default)]
pub struct Ingress {
    /// Metadata.
    pub meta: Meta,
    /// Class, also from the old annotation; empty when none (EXP-ING-2).
    pub class: String,
    /// Rules.
    pub rules: Vec<IngressRule>,
    /// Default backend.
    pub default_backend: Option<Backend>,
    /// TLS.
    pub tls: Vec<IngressTls>,
}

/// A stored IngressClass.
#[derive(Clone, Debug, Default)]
pub struct IngressClass {
    /// Metadata.
    pub meta: Meta,
    /// Name of the controller.
    pub controller: String,
    /// Annotated as the default.
    pub is_default: bool,
}
