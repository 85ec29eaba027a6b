//! Share links: text and settings in the fragment of a URL, which browsers never send to a server.
//!
//! A link is a version byte and data, in URL-safe base64. Links live on in articles and issues, so what a version means never changes:
//! what `rules` adds later gets a new version, and [`decode`] keeps reading the old ones.
//!
//! | version | data |
//! |---|---|
//! | 0 | text, cluster, seed and strictness as [`crate::wire`] writes them: for what stays in this browser |
//! | 1 | the same as zlib data, packed and checked by the browser ([`crate::platform::link`]) |
//! | 2 | as 0, and what happened after the text was applied |
//! | 3 | the same as zlib data |
//!
//! A link is of the lowest version that holds all of it.

use crate::base64;
use crate::settings::{MAX_NODES, MAX_TEXT, Settings};
use crate::wire::{self, Link1};

const PLAIN: u8 = 0;
const PACKED: u8 = 1;
/// Added to a version for what happened.
const STORY: u8 = 2;
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
    Open(Box<Link>),
    /// Zlib data for [`open`], and whether it tells what happened.
    Packed(Vec<u8>, bool),
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

/// What is packed for a link, and whether it tells what happened.
pub(crate) fn data(text: &str, settings: &Settings) -> (Vec<u8>, bool) {
    let link = Link { text: text.to_owned(), settings: settings.clone() };
    Link1::of(&link).map_or_else(|| (wire::write(&link), true), |link| (wire::write(&link), false))
}

/// The fragment of packed [`data`], without `#`.
pub(crate) fn packed(data: &[u8], story: bool) -> String {
    versioned(PACKED, story, data)
}

/// A longer fragment that needs no packing.
pub(crate) fn plain(text: &str, settings: &Settings) -> String {
    let (data, story) = data(text, settings);
    versioned(PLAIN, story, &data)
}

fn versioned(version: u8, story: bool, data: &[u8]) -> String {
    let version = version + if story { STORY } else { 0 };
    base64::encode(&[&[version], data].concat())
}

/// Reads a fragment, without `#`.
pub(crate) fn decode(fragment: &str) -> Result<Fragment, LinkError> {
    if fragment.len() > 2 * MAX_UNPACKED {
        return Err(LinkError::TooLarge);
    }
    let bytes = base64::decode(fragment).ok_or(LinkError::Damaged)?;
    let Some((&version, data)) = bytes.split_first() else { return Err(LinkError::Damaged) };
    let story = version & STORY != 0;
    match version & !STORY {
        PLAIN => open(data, story).map(|link| Fragment::Open(Box::new(link))),
        PACKED => Ok(Fragment::Packed(data.to_vec(), story)),
        2..16 => Err(LinkError::TooNew),
        _ => Err(LinkError::Damaged),
    }
}

/// The link that was packed.
pub(crate) fn open(data: &[u8], story: bool) -> Result<Link, LinkError> {
    let link = if story { wire::read(data) } else { wire::read::<Link1>(data).map(Link::from) };
    link.filter(|link: &Link| link.settings.cluster.nodes <= MAX_NODES && link.text.len() <= MAX_TEXT)
        .ok_or(LinkError::Damaged)
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec_zlib;
    use miniz_oxide::inflate::decompress_to_vec_zlib;
    use rules::{Action, IngressExposure, LoadBalancer, NodeOverride, NodeShape};

    use super::*;
    use crate::story::Story;

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
            Fragment::Open(link) => Ok(*link),
            Fragment::Packed(packed, story) => {
                open(&decompress_to_vec_zlib(&packed).map_err(|_| LinkError::Damaged)?, story)
            }
        }
    }

    /// The same with what happened.
    fn told() -> Link {
        let mut link = link();
        let actions =
            vec![Action::Drain("node-2".into()), Action::Apply("kind: Job".into()), Action::AddNodes(2)];
        link.settings.story = Story { base: Some("kind: Pod".into()), actions, at: 2 };
        link
    }

    #[test]
    fn a_link_brings_everything_back() {
        for (link, version) in [(link(), 0), (told(), 2)] {
            let fragment = plain(&link.text, &link.settings);
            assert_eq!(base64::decode(&fragment).unwrap()[0], version);
            assert_eq!(opened(&fragment), Ok(link.clone()));
            let (data, story) = data(&link.text, &link.settings);
            assert_eq!(opened(&packed(&compress_to_vec_zlib(&data, 9), story)), Ok(link));
        }
    }

    #[test]
    fn links_of_version_1_keep_opening() {
        let published = "AXja7csxCoMwFAbg9ycWoWNPEOgFEigdhM5updATqC9oUFQIDm4ex0XcPJPH8ABewCHrB98W167lRP06Vk-1r8s-T_dAgQJdmiThFZl36m5G69RJY7RAhhwCETtfS-8Zj7IfPqP1ybf7F5XlobFEIJyrQEwHWNKclA";
        assert_eq!(opened(published), Ok(link()));
    }

    #[test]
    fn no_cut_goes_unnoticed() {
        for link in [link(), told()] {
            let fragment = plain(&link.text, &link.settings);
            for at in 0..fragment.len() {
                assert_eq!(opened(&fragment[..at]), Err(LinkError::Damaged), "{at}");
            }
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
        assert_eq!(decode(&base64::encode(&[4, 0, 0])), Err(LinkError::TooNew));
    }
}
