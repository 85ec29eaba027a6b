//! NodeResourcesBalancedAllocation: nodes on which cpu and memory are used evenly (SCH-S-BAL rules).

use super::MAX_NODE_SCORE;
use crate::cache::node::NodeInfo;
use crate::class::Class;
use crate::resources::{CPU, MEMORY};

/// Whether the pod requests cpu or memory at all (SCH-S-BAL-1).
pub(crate) fn scores(class: &Class) -> bool {
    class.requests.balanced != [0, 0]
}

/// How much more even the node is with the pod than without it; 75 when nothing changes (SCH-S-BAL-4).
pub(crate) fn score(class: &Class, node: &NodeInfo) -> i64 {
    let without = [CPU, MEMORY].map(|id| node.requested.get(id));
    let with = [CPU, MEMORY].map(|id| without[id].saturating_add(class.requests.balanced[id]));
    let allocatable = [CPU, MEMORY].map(|id| node.allocatable.get(id));
    let half = MAX_NODE_SCORE / 2;
    half + (half + balance(with, allocatable) - balance(without, allocatable)) / 2
}

/// 100 when both are used to the same degree (SCH-S-BAL-2, SCH-S-BAL-3).
fn balance(requested: [i64; 2], allocatable: [i64; 2]) -> i64 {
    if allocatable.contains(&0) {
        return MAX_NODE_SCORE;
    }
    let fraction = |id: usize| (requested[id] as f64 / allocatable[id] as f64).min(1.0);
    let deviation = ((fraction(0) - fraction(1)) / 2.0).abs();
    ((1.0 - deviation) * MAX_NODE_SCORE as f64) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{class, entry, info, requests};

    #[test]
    fn balance_with_and_without() {
        const MI: i64 = 1 << 20;
        // (name, on the node, the pod's own, score)
        let table = [
            ("SCH-V-4", (None, None), (Some(500), Some(1024 * MI)), 75),
            ("SCH-V-5", (None, None), (Some(2000), Some(512 * MI)), 64),
            ("SCH-V-6", (Some(2000), Some(512 * MI)), (Some(0), Some(2048 * MI)), 81),
        ];
        for (name, used, own, expected) in table {
            let mut node = info(4000, 8192 * MI, 110);
            node.add(entry(), &class(requests(used.0, used.1)));
            assert_eq!(score(&class(requests(own.0, own.1)), &node), expected, "{name}");
        }
    }
}
