//! TaintToleration: nodes keep away pods that do not tolerate their taints (SCH-TAINT, SCH-S-TAINT rules).

use api::types::{Node, PodSpec, Taint, TaintEffect, Toleration};

use super::Plugin;
use crate::attempt::Code;
use crate::verdict::Verdict;

/// Turns down a node with a NoSchedule or NoExecute taint that is not tolerated (SCH-TAINT-1).
pub(crate) fn filter(spec: &PodSpec, node: &Node) -> Option<Verdict> {
    (!tolerates_node(spec, node))
        .then(|| Verdict::new(Plugin::TaintToleration, Code::UnschedulableAndUnresolvable))
}

/// Whether all NoSchedule and NoExecute taints of the node are tolerated.
pub(crate) fn tolerates_node(spec: &PodSpec, node: &Node) -> bool {
    let hard = node.taints.iter().filter(|taint| taint.effect != TaintEffect::PreferNoSchedule);
    hard.into_iter().all(|taint| tolerates(&spec.tolerations, taint))
}

/// Number of PreferNoSchedule taints that are not tolerated (SCH-S-TAINT-1): the fewer the better.
pub(crate) fn score(spec: &PodSpec, node: &Node) -> i64 {
    let soft = node.taints.iter().filter(|taint| taint.effect == TaintEffect::PreferNoSchedule);
    soft.filter(|taint| !tolerates(&spec.tolerations, taint)).count() as i64
}

/// Whether any of the tolerations matches the taint (SCH-TAINT-3, SCH-TAINT-4).
pub(crate) fn tolerates(tolerations: &[Toleration], taint: &Taint) -> bool {
    tolerations.iter().any(|toleration| toleration.matches(taint))
}

#[cfg(test)]
mod tests {
    use api::types::TolerationOperator;

    use super::*;

    fn toleration(
        key: &str,
        operator: TolerationOperator,
        value: &str,
        effect: Option<TaintEffect>,
    ) -> Toleration {
        Toleration { key: key.into(), operator, value: value.into(), effect, seconds: None }
    }

    #[test]
    fn what_tolerates_a_taint() {
        use TaintEffect::{NoExecute, NoSchedule};
        use TolerationOperator::{Equal, Exists, Gt};
        let taint = Taint { key: "team".into(), value: "5".into(), effect: NoSchedule };
        let table = [
            (toleration("team", Equal, "5", None), true),
            (toleration("team", Equal, "6", None), false),
            (toleration("team", Equal, "5", Some(NoExecute)), false),
            (toleration("team", Exists, "", Some(NoSchedule)), true),
            (toleration("", Exists, "", None), true),
            (toleration("other", Exists, "", None), false),
            (toleration("team", Gt, "4", None), false),
        ];
        for (toleration, expected) in table {
            assert_eq!(tolerates(std::slice::from_ref(&toleration), &taint), expected, "{toleration:?}");
        }
    }

    #[test]
    fn soft_taints_score_and_hard_ones_filter() {
        let taint = |effect| Taint { key: "k".into(), value: String::new(), effect };
        for (effect, fits, raw) in [
            (TaintEffect::NoSchedule, false, 0),
            (TaintEffect::NoExecute, false, 0),
            (TaintEffect::PreferNoSchedule, true, 1),
        ] {
            let node = Node { taints: vec![taint(effect)], ..Node::default() };
            let spec = PodSpec::default();
            assert_eq!((filter(&spec, &node).is_none(), score(&spec, &node)), (fits, raw), "{effect:?}");
        }
    }
}
