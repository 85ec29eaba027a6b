//! NodeUnschedulable: cordoned nodes take no pods (SCH-UNSCHED rules).

use api::types::{Node, PodSpec, Taint, TaintEffect};

use super::{Plugin, taint_toleration};
use crate::attempt::Code;
use crate::verdict::Verdict;

/// The taint that stands for `spec.unschedulable`.
const KEY: &str = "node.kubernetes.io/unschedulable";

/// Turns down a cordoned node unless the pod tolerates its taint (SCH-UNSCHED-1).
pub(crate) fn filter(spec: &PodSpec, node: &Node) -> Option<Verdict> {
    let tolerated = || {
        let taint = Taint { key: KEY.to_owned(), value: String::new(), effect: TaintEffect::NoSchedule };
        taint_toleration::tolerates(&spec.tolerations, &taint)
    };
    (node.unschedulable && !tolerated())
        .then(|| Verdict::new(Plugin::NodeUnschedulable, Code::UnschedulableAndUnresolvable))
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::types::{Toleration, TolerationOperator};

    #[test]
    fn cordoned_nodes() {
        let toleration =
            Toleration { key: KEY.into(), operator: TolerationOperator::Exists, ..Toleration::default() };
        for (unschedulable, tolerations, fits) in
            [(false, vec![], true), (true, vec![], false), (true, vec![toleration], true)]
        {
            let node = Node { unschedulable, ..Node::default() };
            let spec = PodSpec { tolerations, ..PodSpec::default() };
            assert_eq!(filter(&spec, &node).is_none(), fits, "{unschedulable}");
        }
    }
}
