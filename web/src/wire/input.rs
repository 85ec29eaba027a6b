//! The types of a question to the worker, most of which are in share links too.
//!
//! Links live on in articles and issues. What is marked as part of version 1 never changes: a field or a choice that `rules` adds later
//! does not compile here until it has a place in a new version (see [`crate::share`]).

use rules::{Action, ClusterSpec, IngressExposure, Input, LoadBalancer, NodeOverride, NodeShape};

use super::shapes::{enums, structs};
use crate::settings::Settings;
use crate::share::Link;
use crate::story::Story;

structs! {
    Input { text cluster seed strict explain actions }
}

// Version 2 of the links.
enums! {
    Action or Self::AddNodes(0) => {
        0 Apply(text),
        1 Delete(kind namespace name),
        2 Scale(kind namespace name replicas),
        3 Cordon(node),
        4 Uncordon(node),
        5 AddNodes(nodes),
        6 RestartContainer(namespace pod),
        7 Drain(node),
        8 LoseNode(node),
        9 ReturnNode(node),
        10 RemoveNode(node),
        11 RunCronJob(namespace name job),
        12 RolloutRestart(kind namespace name),
    }
}

// Version 2 of the links: with what happened.
structs! {
    Link { text settings }
    Settings { cluster seed strict story }
    Story { base actions at }
}

/// A link of version 1.
#[derive(Debug)]
pub(crate) struct Link1 {
    text: String,
    cluster: ClusterSpec,
    seed: u64,
    strict: bool,
}

impl Link1 {
    /// What version 1 can hold of a link; `None` when that is not all.
    pub(crate) fn of(link: &Link) -> Option<Self> {
        let Settings { cluster, seed, strict, story } = &link.settings;
        let (text, cluster) = (link.text.clone(), cluster.clone());
        (*story == Story::default()).then_some(Self { text, cluster, seed: *seed, strict: *strict })
    }
}

impl From<Link1> for Link {
    fn from(Link1 { text, cluster, seed, strict }: Link1) -> Self {
        Self { text, settings: Settings { cluster, seed, strict, story: Story::default() } }
    }
}

// Version 1 of the links.
structs! {
    Link1 { text cluster seed strict }
    ClusterSpec { nodes control_plane shape zones overrides load_balancer ingress host_ports }
    NodeShape { cpu memory ephemeral_storage pods }
    NodeOverride { labels taints internal_ip external_ip unschedulable not_ready shape }
}

// Version 1 of the links.
enums! {
    LoadBalancer or Self::None => {
        0 None,
        1 Pool,
        2 NodeAddresses,
    }
    IngressExposure or Self::None => {
        0 None,
        1 HostNetwork,
        2 NodePort,
        3 LoadBalancer,
    }
}
