//! What surrounds the cluster and no manifest tells.

use serde::{Deserialize, Serialize};

/// Who gives addresses to LoadBalancer Services (EXP-LB-12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoadBalancer {
    /// Nobody: `<pending>`.
    #[default]
    None,
    /// A pool of addresses, in order of creation.
    Pool,
    /// The nodes' own addresses, as k3s does.
    NodeAddresses,
}

/// How the controller of Ingresses and Gateways is exposed (EXP-ING-5, EXP-GW-1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum IngressExposure {
    /// There is none.
    None,
    /// On the addresses of all workers.
    #[default]
    HostNetwork,
    /// By a NodePort Service (30080 and 30443).
    NodePort,
    /// By a LoadBalancer Service: one for all Ingresses, and one for each Gateway (EXP-GW-3).
    LoadBalancer,
}

/// The surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Who gives addresses to LoadBalancer Services.
    pub load_balancer: LoadBalancer,
    /// How the controller of Ingresses and Gateways is exposed, when the manifest brings none.
    pub ingress: IngressExposure,
    /// Whether the CNI plugin maps host ports (EXP-HP-2).
    pub host_ports: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { load_balancer: LoadBalancer::default(), ingress: IngressExposure::default(), host_ports: true }
    }
}
