//! The examples of the menu: a manifest and the cluster that it makes its point on. Titles are in [`crate::i18n`].

use rules::{IngressExposure, LoadBalancer, NodeOverride};

use crate::settings::Settings;

/// An example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Example {
    InfluxPod,
    FivePodsFourNodes,
    SelectedNodes,
    TwoDeploymentsOnePort,
    DaemonSets,
    FiveWays,
    UndeclaredPorts,
    WebApp,
    StatefulSet,
    Spread,
    Preemption,
}

impl Example {
    /// In the order of the menu.
    pub(crate) const ALL: [Self; 11] = [
        Self::InfluxPod,
        Self::FivePodsFourNodes,
        Self::SelectedNodes,
        Self::TwoDeploymentsOnePort,
        Self::DaemonSets,
        Self::FiveWays,
        Self::UndeclaredPorts,
        Self::WebApp,
        Self::StatefulSet,
        Self::Spread,
        Self::Preemption,
    ];

    /// What a first visit shows.
    pub(crate) const FIRST: Self = Self::FivePodsFourNodes;

    /// The manifest.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::InfluxPod => include_str!("../examples/influx-pod.yaml"),
            Self::FivePodsFourNodes => include_str!("../examples/five-pods-four-nodes.yaml"),
            Self::SelectedNodes => include_str!("../examples/selected-nodes.yaml"),
            Self::TwoDeploymentsOnePort => include_str!("../examples/two-deployments-one-port.yaml"),
            Self::DaemonSets => include_str!("../examples/daemonsets.yaml"),
            Self::FiveWays => include_str!("../examples/five-ways.yaml"),
            Self::UndeclaredPorts => include_str!("../examples/undeclared-ports.yaml"),
            Self::WebApp => include_str!("../examples/web-app.yaml"),
            Self::StatefulSet => include_str!("../examples/statefulset.yaml"),
            Self::Spread => include_str!("../examples/spread.yaml"),
            Self::Preemption => include_str!("../examples/preemption.yaml"),
        }
    }

    /// The cluster.
    pub(crate) fn settings(self) -> Settings {
        let mut settings = Settings::with_nodes(self.nodes());
        let cluster = &mut settings.cluster;
        match self {
            Self::SelectedNodes => {
                for node in [1, 2] {
                    let labels = [("disktype".to_owned(), "ssd".to_owned())].into();
                    cluster.overrides.insert(node, NodeOverride { labels, ..NodeOverride::default() });
                }
            }
            Self::DaemonSets => cluster.control_plane = 1,
            Self::FiveWays => cluster.load_balancer = LoadBalancer::Pool,
            Self::WebApp => {
                cluster.load_balancer = LoadBalancer::Pool;
                cluster.ingress = IngressExposure::LoadBalancer;
            }
            Self::Spread => cluster.zones = ["zone-a", "zone-b", "zone-c"].map(str::to_owned).to_vec(),
            Self::Preemption => "2".clone_into(&mut cluster.shape.cpu),
            Self::InfluxPod
            | Self::FivePodsFourNodes
            | Self::TwoDeploymentsOnePort
            | Self::UndeclaredPorts
            | Self::StatefulSet => {}
        }
        settings
    }

    fn nodes(self) -> u32 {
        match self {
            Self::UndeclaredPorts | Self::Preemption => 2,
            Self::TwoDeploymentsOnePort | Self::WebApp | Self::StatefulSet => 3,
            Self::InfluxPod | Self::FivePodsFourNodes | Self::SelectedNodes | Self::DaemonSets => 4,
            Self::FiveWays => 5,
            Self::Spread => 6,
        }
    }
}
