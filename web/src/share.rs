//! Share links: text and settings in the fragment of a URL, which browsers never send to a server.
//!
//! A link is a version byte and zlib data, in URL-safe base64. The data of version 1 is [`V1`] in postcard. Links live on in articles and
//! issues, so a version's types never change: what `rules` adds later gets a new version, and [`decode`] keeps reading the old ones.

use std::collections::BTreeMap;

use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use rules::{ClusterSpec, IngressExposure, LoadBalancer, NodeOverride, NodeShape};
use serde::{Deserialize, Serialize};

use crate::base64;
use crate::settings::{MAX_NODES, MAX_TEXT, Settings};

/// First byte of a link.
const VERSION: u8 = 1;
/// Unpacked data beyond this is refused: a small link must not fill the memory.
const MAX_UNPACKED: usize = MAX_TEXT + (64 << 10);

/// What a link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// The manifest.
    pub(crate) text: String,
    /// Cluster and the rest.
    pub(crate) settings: Settings,
}

/// Why a link cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkError {
    /// Cut off or changed.
    Damaged,
    /// Made by a later version of the page.
    TooNew,
    /// Larger than the page accepts.
    TooLarge,
}

/// The fragment for a link, without `#`.
pub(crate) fn encode(text: &str, settings: &Settings) -> String {
    let data = postcard::to_allocvec(&V1::new(text, settings)).unwrap_or_default();
    let mut bytes = vec![VERSION];
    bytes.extend(compress_to_vec_zlib(&data, 9));
    base64::encode(&bytes)
}

/// Reads a fragment, without `#`.
pub(crate) fn decode(fragment: &str) -> Result<Link, LinkError> {
    if fragment.len() > 2 * MAX_UNPACKED {
        return Err(LinkError::TooLarge);
    }
    let bytes = base64::decode(fragment).ok_or(LinkError::Damaged)?;
    match bytes.split_first() {
        Some((&VERSION, packed)) => {
            let data =
                decompress_to_vec_zlib_with_limit(packed, MAX_UNPACKED).map_err(|error| {
                    match error.status {
                        miniz_oxide::inflate::TINFLStatus::HasMoreOutput => LinkError::TooLarge,
                        _ => LinkError::Damaged,
                    }
                })?;
            postcard::from_bytes::<V1>(&data).ok().and_then(V1::link).ok_or(LinkError::Damaged)
        }
        Some((&version, _)) if version > VERSION && version < 16 => Err(LinkError::TooNew),
        _ => Err(LinkError::Damaged),
    }
}

/// The data of version 1. Never change it: order and types of the fields are the format.
#[derive(Serialize, Deserialize)]
struct V1 {
    text: String,
    nodes: u32,
    control_plane: u32,
    shape: ShapeV1,
    zones: Vec<String>,
    overrides: BTreeMap<u32, OverrideV1>,
    load_balancer: u8,
    ingress: u8,
    host_ports: bool,
    seed: u64,
    strict: bool,
}

/// cpu, memory, ephemeral storage, pods.
type ShapeV1 = (String, String, String, String);

#[derive(Serialize, Deserialize)]
struct OverrideV1 {
    labels: BTreeMap<String, String>,
    taints: Vec<String>,
    internal_ip: String,
    external_ip: String,
    unschedulable: bool,
    not_ready: bool,
    shape: Option<ShapeV1>,
}

/// The number of a choice in a link is its place here.
const LOAD_BALANCERS: [LoadBalancer; 3] =
    [LoadBalancer::None, LoadBalancer::Pool, LoadBalancer::NodeAddresses];
const INGRESSES: [IngressExposure; 4] = [
    IngressExposure::None,
    IngressExposure::HostNetwork,
    IngressExposure::NodePort,
    IngressExposure::LoadBalancer,
];

impl V1 {
    fn new(text: &str, settings: &Settings) -> Self {
        let cluster = settings.cluster.clone();
        Self {
            text: text.to_owned(),
            nodes: cluster.nodes,
            control_plane: cluster.control_plane,
            shape: shape_v1(cluster.shape),
            zones: cluster.zones,
            overrides: cluster
                .overrides
                .into_iter()
                .map(|(node, change)| (node, OverrideV1::new(change)))
                .collect(),
            load_balancer: place(&LOAD_BALANCERS, &cluster.load_balancer),
            ingress: place(&INGRESSES, &cluster.ingress),
            host_ports: cluster.host_ports,
            seed: settings.seed,
            strict: settings.strict,
        }
    }

    /// `None` when a value is out of its range.
    fn link(self) -> Option<Link> {
        if self.nodes > MAX_NODES || self.text.len() > MAX_TEXT {
            return None;
        }
        let cluster = ClusterSpec {
            nodes: self.nodes,
            control_plane: self.control_plane,
            shape: shape(self.shape),
            zones: self.zones,
            overrides: self.overrides.into_iter().map(|(node, change)| (node, change.change())).collect(),
            load_balancer: *LOAD_BALANCERS.get(usize::from(self.load_balancer))?,
            ingress: *INGRESSES.get(usize::from(self.ingress))?,
            host_ports: self.host_ports,
        };
        Some(Link { text: self.text, settings: Settings { cluster, seed: self.seed, strict: self.strict } })
    }
}

impl OverrideV1 {
    fn new(change: NodeOverride) -> Self {
        Self {
            labels: change.labels,
            taints: change.taints,
            internal_ip: change.internal_ip,
            external_ip: change.external_ip,
            unschedulable: change.unschedulable,
            not_ready: change.not_ready,
            shape: change.shape.map(shape_v1),
        }
    }

    fn change(self) -> NodeOverride {
        NodeOverride {
            labels: self.labels,
            taints: self.taints,
            internal_ip: self.internal_ip,
            external_ip: self.external_ip,
            unschedulable: self.unschedulable,
            not_ready: self.not_ready,
            shape: self.shape.map(shape),
        }
    }
}

fn shape_v1(shape: NodeShape) -> ShapeV1 {
    (shape.cpu, shape.memory, shape.ephemeral_storage, shape.pods)
}

fn shape((cpu, memory, ephemeral_storage, pods): ShapeV1) -> NodeShape {
    NodeShape { cpu, memory, ephemeral_storage, pods }
}

fn place<T: PartialEq>(choices: &[T], choice: &T) -> u8 {
    choices.iter().position(|other| other == choice).unwrap_or(0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        let mut settings = Settings::with_nodes(3);
        settings.cluster.zones = vec!["a".into(), "b".into()];
        settings.cluster.load_balancer = LoadBalancer::NodeAddresses;
        settings.cluster.ingress = IngressExposure::NodePort;
        settings.seed = 7;
        let change = NodeOverride {
            labels: [("disk".to_owned(), "ssd".to_owned())].into(),
            taints: vec!["gpu=yes:NoSchedule".into()],
            unschedulable: true,
            shape: Some(NodeShape::default()),
            ..NodeOverride::default()
        };
        settings.cluster.overrides.insert(2, change);
        Link { text: "kind: Pod # 语言\n".repeat(50), settings }
    }

    #[test]
    fn a_link_brings_everything_back() {
        let link = link();
        assert_eq!(decode(&encode(&link.text, &link.settings)), Ok(link));
    }

    #[test]
    fn links_of_version_1_keep_opening() {
        let published = "AXja7csxCoMwFAbg9ycWoWNPEOgFEigdhM5updATqC9oUFQIDm4ex0XcPJPH8ABewCHrB98W167lRP06Vk-1r8s-T_dAgQJdmiThFZl36m5G69RJY7RAhhwCETtfS-8Zj7IfPqP1ybf7F5XlobFEIJyrQEwHWNKclA";
        assert_eq!(decode(published), Ok(link()));
    }

    #[test]
    fn no_damage_goes_unnoticed() {
        let link = link();
        let fragment = encode(&link.text, &link.settings);
        for at in 0..fragment.len() {
            let mut damaged = fragment.clone().into_bytes();
            damaged[at] = if damaged[at] == b'A' { b'B' } else { b'A' };
            let damaged = String::from_utf8(damaged).unwrap();
            // Two packings of one link exist; another link must not come out.
            assert!(decode(&damaged).is_ok_and(|found| found == link) || decode(&damaged).is_err(), "{at}");
            assert!(decode(&fragment[..at]).is_err(), "{at}");
        }
        assert_eq!(decode("!"), Err(LinkError::Damaged));
    }

    #[test]
    fn a_small_link_cannot_fill_the_memory() {
        let mut bytes = vec![VERSION];
        bytes.extend(compress_to_vec_zlib(&vec![0; MAX_UNPACKED + 1], 9));
        assert_eq!(decode(&base64::encode(&bytes)), Err(LinkError::TooLarge));
    }

    #[test]
    fn a_later_version_is_named_so() {
        assert_eq!(decode(&base64::encode(&[2, 0, 0])), Err(LinkError::TooNew));
    }
}
