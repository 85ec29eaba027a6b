//! ImageLocality: nodes that have the images already (SCH-S-IMG rules).

use api::types::{Node, PodSpec, VolumeSource};
use manifest::sorted::{SortedMap, SortedSet};

use super::MAX_NODE_SCORE;

const MI: i64 = 1 << 20;
const MIN_THRESHOLD: i64 = 23 * MI;
const MAX_CONTAINER_THRESHOLD: i64 = 1000 * MI;

/// An image: its size, as the first node has it that was asked, and the number of nodes that have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ImageState {
    size: i64,
    nodes: i64,
}

/// The images of all nodes, by the names that these report.
pub(crate) type ImageStates = SortedMap<String, ImageState>;

/// Counts the images of one more node.
pub(crate) fn add_images(states: &mut ImageStates, node: &Node) {
    let mut seen = SortedSet::new();
    for image in &node.images {
        for name in image.names.iter().filter(|name| seen.insert(*name)) {
            states.entry(name.clone()).or_insert(ImageState { size: image.size, nodes: 0 }).nodes += 1;
        }
    }
}

/// Appends `:latest` to the name that a pod uses when it has no tag (SCH-S-IMG-2).
fn normalized(name: &str) -> String {
    let tagged = name.rfind(':') > name.rfind('/');
    if tagged { name.to_owned() } else { format!("{name}:latest") }
}

/// The images of containers and volumes.
fn images(spec: &PodSpec) -> impl Iterator<Item = &str> {
    let containers = spec.init_containers.iter().chain(&spec.containers);
    containers.map(|container| container.image.as_str()).chain(image_volumes(spec))
}

/// The images that are mounted.
pub(crate) fn image_volumes(spec: &PodSpec) -> impl Iterator<Item = &str> {
    spec.volumes.iter().filter_map(|volume| match &volume.source {
        VolumeSource::Image(reference) => Some(reference.as_str()),
        _ => None,
    })
}

/// How much of the pod's images the node has, with less weight on images that few nodes have (SCH-S-IMG-1).
pub(crate) fn score(spec: &PodSpec, node: &Node, states: &ImageStates, nodes: usize) -> i64 {
    if node.images.is_empty() {
        return 0;
    }
    let sum: i64 = images(spec)
        .map(normalized)
        .filter(|name| node.images.iter().any(|image| image.names.contains(name)))
        .filter_map(|name| states.get(&name))
        .map(|state| (state.size as f64 * (state.nodes as f64 / nodes as f64)) as i64)
        .sum();
    let max = MAX_CONTAINER_THRESHOLD * (spec.init_containers.len() + spec.containers.len()) as i64;
    MAX_NODE_SCORE * (sum.clamp(MIN_THRESHOLD, max.max(MIN_THRESHOLD)) - MIN_THRESHOLD)
        / (max - MIN_THRESHOLD).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::types::{Container, ContainerImage, Volume};

    fn check(what: &str, images: &[&str], volume: Option<&str>, nodes: [&[(&str, i64)]; 3], expected: i64) {
        let container = |image: &&str| Container { image: (*image).to_owned(), ..Container::default() };
        let volume = volume.map(|reference| Volume {
            name: String::new(),
            source: VolumeSource::Image(reference.to_owned()),
        });
        let spec = PodSpec {
            containers: images.iter().map(container).collect(),
            volumes: volume.into_iter().collect(),
            ..PodSpec::default()
        };
        let image =
            |&(name, mib): &(&str, i64)| ContainerImage { names: vec![name.to_owned()], size: mib * MI };
        let nodes =
            nodes.map(|images| Node { images: images.iter().map(image).collect(), ..Node::default() });
        let mut states = ImageStates::new();
        for node in &nodes {
            add_images(&mut states, node);
        }
        assert_eq!(score(&spec, &nodes[0], &states, nodes.len()), expected, "{what}");
    }

    #[test]
    fn size_and_spread() {
        let all = |images: &'static [(&'static str, i64)]| [images; 3];
        check("SCH-V-11", &["nginx"], None, [&[("nginx:latest", 300)], &[], &[]], 7);
        check("SCH-V-11", &["nginx"], None, [&[("nginx:latest", 60)], &[], &[]], 0);
        check("SCH-V-11", &["nginx"], None, all(&[("nginx:latest", 1024)]), 100);
        check("the node's own name stays as it is", &["nginx"], None, all(&[("nginx", 1024)]), 0);
        check("named twice", &["a:1"], None, [&[("a:1", 300), ("a:1", 300)], &[], &[]], 7);
        let sizes: [&[(&str, i64)]; 3] = [&[("a:1", 300)], &[("a:1", 900)], &[("a:1", 900)]];
        check("the first node's size", &["a:1"], None, sizes, 28);
        check("a volume", &["b"], Some("a:1"), all(&[("a:1", 300)]), 28);
        check("two containers", &["a:1", "b"], None, all(&[("a:1", 300)]), 14);
    }

    #[test]
    fn names_without_a_tag_mean_latest() {
        for (name, expected) in
            [("nginx", "nginx:latest"), ("nginx:1", "nginx:1"), ("host:5000/nginx", "host:5000/nginx:latest")]
        {
            assert_eq!(normalized(name), expected);
        }
    }
}
