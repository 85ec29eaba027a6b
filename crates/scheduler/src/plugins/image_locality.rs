//! ImageLocality: nodes that have the images already (SCH-S-IMG rules).

use api::types::{Node, PodSpec};
use manifest::sorted::SortedMap;

use super::MAX_NODE_SCORE;
use crate::cache::node::NodeInfo;

const MI: i64 = 1 << 20;
const MIN_THRESHOLD: i64 = 23 * MI;
const MAX_CONTAINER_THRESHOLD: i64 = 1000 * MI;

/// The images of a node by normalised name.
pub(crate) fn images(node: &Node) -> SortedMap<String, i64> {
    let names =
        node.images.iter().flat_map(|image| image.names.iter().map(|name| (normalized(name), image.size)));
    names.collect()
}

/// Appends `:latest` to a name without a tag (SCH-S-IMG-2).
fn normalized(name: &str) -> String {
    let tagged = name.rfind(':') > name.rfind('/');
    if tagged { name.to_owned() } else { format!("{name}:latest") }
}

/// How much of the pod's images the node has, with less weight on images that few nodes have (SCH-S-IMG-1).
pub(crate) fn score(
    spec: &PodSpec,
    node: &NodeInfo,
    image_nodes: &SortedMap<String, i64>,
    nodes: usize,
) -> i64 {
    if node.images.is_empty() {
        return 0;
    }
    let containers = || spec.init_containers.iter().chain(&spec.containers);
    let sum: i64 = containers()
        .filter_map(|container| {
            let name = normalized(&container.image);
            let spread = image_nodes.get(&name).copied().unwrap_or(0) as f64 / nodes as f64;
            node.images.get(&name).map(|&size| (size as f64 * spread) as i64)
        })
        .sum();
    let max = MAX_CONTAINER_THRESHOLD * containers().count() as i64;
    MAX_NODE_SCORE * (sum.clamp(MIN_THRESHOLD, max.max(MIN_THRESHOLD)) - MIN_THRESHOLD)
        / (max - MIN_THRESHOLD).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::types::{Container, ContainerImage};

    #[test]
    fn size_and_spread() {
        let spec = PodSpec {
            containers: vec![Container { image: "nginx".into(), ..Container::default() }],
            ..PodSpec::default()
        };
        // (size in MiB, nodes that have it of 3, score): SCH-V-11.
        for (size, having, expected) in [(300, 1, 7), (60, 1, 0), (1024, 3, 100)] {
            let image = ContainerImage { names: vec!["nginx:latest".into()], size: size * MI };
            let node = Node { images: vec![image], ..Node::default() };
            let info = NodeInfo { images: images(&node), ..NodeInfo::default() };
            let image_nodes = SortedMap::from([("nginx:latest".to_owned(), having)]);
            assert_eq!(score(&spec, &info, &image_nodes, 3), expected, "{size} MiB on {having}");
        }
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
