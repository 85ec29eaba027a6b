//! Share links: text and settings in the fragment of a URL, which browsers never send to a server.
//!
//! A link is a version byte and data, in URL-safe base64. Links live on in articles and issues, so what a version means never changes:
//! what `rules` adds later gets a new version, and [`decode`] keeps reading the old ones.
//!
//! | version | data |
//! |---|---|
//! | 0 | a [`Link`] as [`crate::wire`] writes it: for what stays in this browser |
//! | 1 | the same as zlib data, packed and checked by the browser ([`crate::platform::link`]) |

use crate::base64;
use crate::settings::{MAX_NODES, MAX_TEXT, Settings};
use crate::wire;

const PLAIN: u8 = 0;
const PACKED: u8 = 1;
/// Unpacked data beyond this is refused: a small link must not fill the memory.
pub(crate) const MAX_UNPACKED: usize = MAX_TEXT + (64 << 10);

/// What a link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// The manifest.
    pub(crate) text: String,
    /// Cluster and the rest.
    pub(crate) settings: Settings,
}

/// What a fragment turns out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fragment {
    /// A link.
    Open(Link),
    /// Zlib data for [`open`].
    Packed(Vec<u8>),
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

/// What is packed for a link.
pub(crate) fn data(text: &str, settings: &Settings) -> Vec<u8> {
    wire::write(&Link { text: text.to_owned(), settings: settings.clone() })
}

/// The fragment of packed [`data`], without `#`.
pub(crate) fn packed(data: &[u8]) -> String {
    versioned(PACKED, data)
}

/// A longer fragment that needs no packing.
pub(crate) fn plain(text: &str, settings: &Settings) -> String {
    versioned(PLAIN, &data(text, settings))
}

fn versioned(version: u8, data: &[u8]) -> String {
    base64::encode(&[&[version], data].concat())
}

/// Reads a fragment, without `#`.
pub(crate) fn decode(fragment: &str) -> Result<Fragment, LinkError> {
    if fragment.len() > 2 * MAX_UNPACKED {
        return Err(LinkError::TooLarge);
    }
    let bytes = base64::decode(fragment).ok_or(LinkError::Damaged)?;
    match bytes.split_first() {
        Some((&PLAIN, data)) => open(data).map(Fragment::Open),
        Some((&PACKED, data)) => Ok(Fragment::Packed(data.to_vec())),
        Some((2..16, _)) => Err(LinkError::TooNew),
        _ => Err(LinkError::Damaged),
    }
}

/// The link that was packed.
pub(crate) fn open(data: &[u8]) -> Result<Link, LinkError> {
    wire::read(data)
        .filter(|link: &Link| link.settings.cluster.nodes <= MAX_NODES && link.text.len() <= MAX_TEXT)
        .ok_or(LinkError::Damaged)
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec_zlib;
    use miniz_oxide::inflate::decompress_to_vec_zlib;
    use rules::{IngressExposure, LoadBalancer, NodeOverride, NodeShape};

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

    /// Opens a fragment as the browser does.
    fn opened(fragment: &str) -> Result<Link, LinkError> {
        match decode(fragment)? {
            Fragment::Open(link) => Ok(link),
            Fragment::Packed(packed) => {
                open(&decompress_to_vec_zlib(&packed).map_err(|_| LinkError::Damaged)?)
            }
        }
    }

    #[test]
    fn a_link_brings_everything_back() {
        let link = link();
        assert_eq!(opened(&plain(&link.text, &link.settings)), Ok(link.clone()));
        let zlib = compress_to_vec_zlib(&data(&link.text, &link.settings), 9);
        assert_eq!(opened(&packed(&zlib)), Ok(link));
    }

    #[test]
    fn links_of_version_1_keep_opening() {
        let published = "AXja7csxCoMwFAbg9ycWoWNPEOgFEigdhM5updATqC9oUFQIDm4ex0XcPJPH8ABewCHrB98W167lRP06Vk-1r8s-T_dAgQJdmiThFZl36m5G69RJY7RAhhwCETtfS-8Zj7IfPqP1ybf7F5XlobFEIJyrQEwHWNKclA";
        assert_eq!(opened(published), Ok(link()));
    }

    #[test]
    fn no_cut_goes_unnoticed() {
        let link = link();
        let fragment = plain(&link.text, &link.settings);
        for at in 0..fragment.len() {
            assert_eq!(opened(&fragment[..at]), Err(LinkError::Damaged), "{at}");
        }
        assert_eq!(decode("!"), Err(LinkError::Damaged));
        assert_eq!(decode(&base64::encode(&[16])), Err(LinkError::Damaged));
    }

    #[test]
    fn what_the_page_does_not_accept_is_not_opened() {
        let mut link = link();
        link.settings.cluster.nodes = MAX_NODES + 1;
        assert_eq!(opened(&plain(&link.text, &link.settings)), Err(LinkError::Damaged));
        assert_eq!(decode(&"A".repeat(2 * MAX_UNPACKED + 1)), Err(LinkError::TooLarge));
    }

    #[test]
    fn a_later_version_is_named_so() {
        assert_eq!(decode(&base64::encode(&[2, 0, 0])), Err(LinkError::TooNew));
    }
}
