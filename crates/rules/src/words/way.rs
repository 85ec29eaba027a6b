//! The ways in: their names, what a rewriting does, why there is none, and what is left after something went wrong.

use manifest::{Lang, Text};

use super::text;
use crate::ways::{AfterRestart, LostNode, Unavailable, WayKind};

/// A way by the name that Kubernetes has for it, in either language.
pub fn way(kind: WayKind) -> &'static str {
    match kind {
        WayKind::HostNetwork => "hostNetwork",
        WayKind::HostPort => "hostPort",
        WayKind::NodePort => "NodePort",
        WayKind::LoadBalancer => "LoadBalancer",
        WayKind::Ingress => "Ingress",
    }
}

/// What the rewriting to a way does, in the imperative.
pub fn use_way(kind: WayKind, workload: &str, lang: Lang) -> String {
    USE.format(lang, &[workload.to_owned(), way(kind).to_owned()])
}

/// Why a way cannot be shown, or the text not be rewritten to it.
pub fn unavailable(why: &Unavailable, lang: Lang) -> String {
    let (text, arg) = match why {
        Unavailable::NoPods => (NO_PODS, None),
        Unavailable::Updated => (UPDATED, None),
        Unavailable::NotEditable => (NOT_EDITABLE, None),
        Unavailable::NoPorts => (NO_PORTS, None),
        Unavailable::NotHttp(protocol) => (NOT_HTTP, Some(protocol)),
        Unavailable::Refused(message) => (REFUSED, Some(message)),
        Unavailable::TooLarge => (TOO_LARGE, None),
    };
    text.format(lang, &arg.into_iter().cloned().collect::<Vec<_>>())
}

/// What is left after the loss of a node, where so many URLs answered before.
pub fn lost_node(lost: &LostNode, urls: usize, lang: Lang) -> String {
    let waiting = lost.pending + lost.crashing;
    let numbers = [lost.running as usize, waiting as usize, lost.urls.len(), urls];
    let args: Vec<String> =
        std::iter::once(lost.node.clone()).chain(numbers.map(|number| number.to_string())).collect();
    let text = if waiting > 0 { LOST_AND_WAITING } else { LOST };
    text.format(lang, &args)
}

/// What changes when a pod is deleted and made again.
pub fn after_restart(after: &AfterRestart, lang: Lang) -> String {
    let numbers = [after.gone.len(), after.new.len(), after.equal_nodes as usize];
    let args = numbers.map(|number| number.to_string());
    let same = after.gone.is_empty() && after.new.is_empty();
    let text = match (same, after.equal_nodes) {
        (true, _) => SAME,
        (false, ..=1) => CHANGED,
        (false, _) => CHANGED_ONE_OF,
    };
    text.format(lang, &args)
}

const USE: Text = text("Expose {0} by {1}", "改用 {1} 暴露 {0}");
const NO_PODS: Text = text("The workload has no pod.", "该工作负载没有 Pod。");
const UPDATED: Text = text(
    "Another manifest was applied since: start from that one.",
    "之后又应用了另一份清单，请从那一份开始。",
);
const NOT_EDITABLE: Text = text(
    "Only manifests in block style can be rewritten, not JSON or YAML in brackets.",
    "只能改写块风格的清单，不能改写 JSON 或括号形式的 YAML。",
);
const NO_PORTS: Text =
    text("No port is declared, and the image is not known.", "没有声明端口，镜像也不在已知列表中。");
const NOT_HTTP: Text = text("An Ingress speaks HTTP; this is {0}.", "Ingress 只支持 HTTP，而这里是 {0}。");
const REFUSED: Text = text("The API server refuses it: {0}", "API server 拒绝：{0}");
const TOO_LARGE: Text = text("Too many pods and nodes to compare.", "Pod 和节点太多，无法比较。");
const LOST: Text = text(
    "Without {0}: {1} pods run, {3} of {4} URLs still answer.",
    "失去 {0} 后：{1} 个 Pod 运行，{4} 个 URL 中仍有 {3} 个可用。",
);
const LOST_AND_WAITING: Text = text(
    "Without {0}: {1} pods run, {2} do not, {3} of {4} URLs still answer.",
    "失去 {0} 后：{1} 个 Pod 运行，{2} 个不运行，{4} 个 URL 中仍有 {3} 个可用。",
);
const SAME: Text = text("The URLs stay the same.", "URL 保持不变。");
const CHANGED: Text = text("URLs that are gone: {0}; new ones: {1}.", "{0} 个 URL 失效，新增 {1} 个。");
const CHANGED_ONE_OF: Text = text(
    "URLs that are gone: {0}; new ones: {1}. Unless the new pod gets its old node: {2} nodes are equally good.",
    "{0} 个 URL 失效，新增 {1} 个，除非新 Pod 仍在原节点：有 {2} 个节点得分相同。",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        let urls = |count: usize| vec!["http://a/".to_owned(); count];
        let lost =
            |pending| LostNode { node: "node-1".into(), running: 3, pending, crashing: 0, urls: urls(3) };
        let restart = |changed, equal_nodes| AfterRestart {
            pod: "default/a".into(),
            gone: urls(changed),
            new: urls(changed),
            equal_nodes,
        };
        let table = [
            (lost_node(&lost(0), 4, Lang::En), "Without node-1: 3 pods run, 3 of 4 URLs still answer."),
            (
                lost_node(&lost(2), 4, Lang::En),
                "Without node-1: 3 pods run, 2 do not, 3 of 4 URLs still answer.",
            ),
            (
                lost_node(&lost(2), 4, Lang::Zh),
                "失去 node-1 后：3 个 Pod 运行，2 个不运行，4 个 URL 中仍有 3 个可用。",
            ),
            (after_restart(&restart(0, 4), Lang::En), "The URLs stay the same."),
            (after_restart(&restart(1, 1), Lang::En), "URLs that are gone: 1; new ones: 1."),
            (
                after_restart(&restart(1, 4), Lang::Zh),
                "1 个 URL 失效，新增 1 个，除非新 Pod 仍在原节点：有 4 个节点得分相同。",
            ),
            (
                unavailable(&Unavailable::NotHttp("redis".into()), Lang::En),
                "An Ingress speaks HTTP; this is redis.",
            ),
            (unavailable(&Unavailable::NoPods, Lang::Zh), "该工作负载没有 Pod。"),
            (use_way(WayKind::NodePort, "web", Lang::En), "Expose web by NodePort"),
        ];
        for (found, expected) in table {
            assert_eq!(found, expected);
        }
    }
}
