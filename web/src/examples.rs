//! The examples of the menu: a manifest and the cluster that it makes its point on. Titles are in [`crate::i18n`].

use rules::{IngressExposure, LoadBalancer, NodeOverride};

use crate::settings::Settings;

/// Name and text of a file in `web/examples`.
macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../examples/", $name, ".yaml")))
    };
}

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

    /// The example that has this content.
    pub(crate) fn of(text: &str, settings: &Settings) -> Option<Self> {
        Self::ALL.into_iter().find(|example| example.text() == text && example.settings() == *settings)
    }

    /// Stable name: that of its file, and of its prepared answer.
    pub(crate) fn name(self) -> &'static str {
        self.file().0
    }

    /// The manifest.
    pub(crate) fn text(self) -> &'static str {
        self.file().1
    }

    fn file(self) -> (&'static str, &'static str) {
        match self {
            Self::InfluxPod => file!("influx-pod"),
            Self::FivePodsFourNodes => file!("five-pods-four-nodes"),
            Self::SelectedNodes => file!("selected-nodes"),
            Self::TwoDeploymentsOnePort => file!("two-deployments-one-port"),
            Self::DaemonSets => file!("daemonsets"),
            Self::FiveWays => file!("five-ways"),
            Self::UndeclaredPorts => file!("undeclared-ports"),
            Self::WebApp => file!("web-app"),
            Self::StatefulSet => file!("statefulset"),
            Self::Spread => file!("spread"),
            Self::Preemption => file!("preemption"),
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
            Self::Preemption => {
                "2".clone_into(&mut cluster.shape.cpu);
                settings.story.base = self.before_the_last().map(str::to_owned);
            }
            Self::InfluxPod
            | Self::FivePodsFourNodes
            | Self::TwoDeploymentsOnePort
            | Self::UndeclaredPorts
            | Self::StatefulSet => {}
        }
        settings
    }

    /// The documents before the last one, which arrives when those run already.
    fn before_the_last(self) -> Option<&'static str> {
        let (before, _) = self.text().rsplit_once("---\n")?;
        Some(before)
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
