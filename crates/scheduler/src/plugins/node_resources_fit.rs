//! NodeResourcesFit: requests against what is left, and the least allocated node first (SCH-FIT, SCH-S-FIT rules).

use super::{MAX_NODE_SCORE, Plugin};
use crate::attempt::Code;
use crate::cache::node::NodeInfo;
use crate::class::Class;
use crate::resources::{CPU, MEMORY};
use crate::verdict::Verdict;

/// Bits of a verdict for resources; the first bit is `Too many pods`.
const LAST_BIT: usize = 63;

/// Turns down a node that lacks room for one more pod, or any resource that the pod requests (SCH-FIT-4 to SCH-FIT-9).
pub(crate) fn filter(class: &Class, node: &NodeInfo) -> Option<Verdict> {
    let mut verdict = Verdict { plugin: Plugin::NodeResourcesFit, code: Code::Unschedulable, reasons: 0 };
    if node.pods.len() as i64 + 1 > node.allowed_pods {
        verdict.reasons |= 1;
    }
    for (index, &(id, wanted)) in class.wanted.iter().enumerate() {
        let allocatable = node.allocatable.get(id);
        if wanted > allocatable.saturating_sub(node.requested.get(id)) {
            verdict.reasons |= 1 << (index + 1).min(LAST_BIT);
            if wanted > allocatable {
                verdict.code = Code::UnschedulableAndUnresolvable;
            }
        }
    }
    (verdict.reasons != 0).then_some(verdict)
}

/// LeastAllocated over cpu and memory: the share that is left, in hundredths (SCH-S-FIT-1).
pub(crate) fn score(class: &Class, node: &NodeInfo) -> i64 {
    let (mut sum, mut resources) = (0, 0);
    for id in [CPU, MEMORY] {
        let allocatable = node.allocatable.get(id);
        if allocatable == 0 {
            continue;
        }
        let requested = node.nonzero[id].saturating_add(class.requests.nonzero_incoming[id]);
        if requested <= allocatable {
            sum += left(allocatable - requested, allocatable);
        }
        resources += 1;
    }
    if resources == 0 { 0 } else { sum / resources }
}

/// Hundredths of `whole`; the product of large amounts of memory does not fit 64 bits.
fn left(part: i64, whole: i64) -> i64 {
    part.checked_mul(MAX_NODE_SCORE).map_or_else(
        || (i128::from(part) * i128::from(MAX_NODE_SCORE) / i128::from(whole)) as i64,
        |part| part / whole,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{class, info, requests};

    const GI: i64 = 1 << 30;

    #[test]
    fn least_allocated() {
        // (name, allocatable, on the node, the pod's own, score)
        let table = [
            ("SCH-V-1", (4000, 8 * GI), (0, 0), (None, None), 97),
            ("SCH-V-2", (4000, 8 * GI), (0, 0), (Some(500), Some(GI)), 87),
            ("SCH-V-3", (2000, 4 * GI), (1500, GI), (Some(500), Some(GI)), 25),
            ("no cpu", (0, 4 * GI), (0, 0), (None, Some(2 * GI)), 50),
            ("nothing", (0, 0), (0, 0), (None, None), 0),
        ];
        for (name, allocatable, used, (cpu, memory), expected) in table {
            let mut node = info(allocatable.0, allocatable.1, 110);
            node.nonzero = [used.0, used.1];
            assert_eq!(score(&class(requests(cpu, memory)), &node), expected, "{name}");
        }
    }

    #[test]
    fn all_missing_resources_are_reported() {
        use Code::{Unschedulable, UnschedulableAndUnresolvable};
        let table = [
            ((Some(1000), None), 0, 110, None),
            ((Some(1001), None), 3000, 110, Some((Unschedulable, 0b10))),
            ((Some(1001), Some(9 * GI)), 3000, 110, Some((UnschedulableAndUnresolvable, 0b110))),
            ((None, None), 4000, 110, None),
            ((Some(1), None), 4000, 0, Some((Unschedulable, 0b11))),
        ];
        for ((cpu, memory), used, pods, expected) in table {
            let mut node = info(4000, 8 * GI, pods);
            node.add(crate::testing::entry(), &class(requests(Some(used), None)));
            node.pods.clear();
            let verdict = filter(&class(requests(cpu, memory)), &node);
            assert_eq!(
                verdict.map(|verdict| (verdict.code, verdict.reasons)),
                expected,
                "{cpu:?} {memory:?} {pods}"
            );
        }
    }
}
