//! NodeName: `spec.nodeName` decides (SCH-NAME-1). In practice such pods never reach the scheduler.

use api::types::{Node, PodSpec};

use super::Plugin;
use crate::attempt::Code;
use crate::verdict::Verdict;

/// Turns down every node but the one named.
pub(crate) fn filter(spec: &PodSpec, node: &Node) -> Option<Verdict> {
    (!spec.node_name.is_empty() && spec.node_name != *node.meta.name)
        .then(|| Verdict::new(Plugin::NodeName, Code::UnschedulableAndUnresolvable))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::node;

    #[test]
    fn only_the_named_node() {
        for (name, fits) in [("", true), ("a", true), ("b", false)] {
            let spec = PodSpec { node_name: name.into(), ..PodSpec::default() };
            assert_eq!(filter(&spec, &node("a")).is_none(), fits, "{name:?}");
        }
    }
}
