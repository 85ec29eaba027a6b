//! What keeps a pod from being placed, as the middle of a sentence.

use manifest::{Lang, Text};

use super::text;
use crate::report::Blocker;

/// What keeps a pod from being placed; no capital, no full stop.
pub fn blocker(blocker: &Blocker, lang: Lang) -> String {
    let list = |items: &[String]| items.join(if lang == Lang::En { ", " } else { "、" });
    let (text, args) = match blocker {
        Blocker::NoNodes => (NO_NODES, Vec::new()),
        Blocker::HostPort { port, protocol, .. } if protocol == "TCP" => (PORT, vec![port.to_string()]),
        Blocker::HostPort { port, protocol, .. } => (PORT, vec![format!("{port}/{protocol}")]),
        Blocker::Resource { name, requested, never_fits: true, .. } => {
            (NEVER_FITS, vec![name.clone(), requested.clone()])
        }
        Blocker::Resource { name, requested, free, .. } => {
            (INSUFFICIENT, vec![name.clone(), requested.clone(), free.clone()])
        }
        Blocker::TooManyPods => (TOO_MANY_PODS, Vec::new()),
        Blocker::Taints { taints, .. } => (TAINTS, vec![list(taints)]),
        Blocker::NodeSelector { wants, .. } => (NODE_SELECTOR, vec![list(wants)]),
        Blocker::Cordoned => (CORDONED, Vec::new()),
        Blocker::Pods { reason, .. } | Blocker::Other(reason) => (OTHER, vec![reason.clone()]),
    };
    text.format(lang, &args)
}

/// The same, naming the pods that are in the way; for where there is room for it.
pub fn blocker_in_full(blocked: &Blocker, lang: Lang) -> String {
    let short = blocker(blocked, lang);
    match blocked {
        Blocker::HostPort { holders, .. } if !holders.is_empty() => {
            let listed = holders.len().min(MAX_NAMED);
            let names = holders[..listed].join(if lang == Lang::En { ", " } else { "、" });
            let args = [short, names, (holders.len() - listed).to_string()];
            let text = if holders.len() > listed { HELD_BY_MORE } else { HELD_BY };
            text.format(lang, &args)
        }
        _ => short,
    }
}

/// More holders are counted.
const MAX_NAMED: usize = 4;

const HELD_BY: Text = text("{0}, by {1}", "{0}，占用者是 {1}");
const HELD_BY_MORE: Text = text("{0}, by {1} and {2} more", "{0}，占用者是 {1} 等另外 {2} 个 Pod");
const NO_NODES: Text = text("there is no node", "没有任何节点");
const PORT: Text =
    text("port {0} is taken on every node that could be used", "可用的每个节点上端口 {0} 都已被占用");
const NEVER_FITS: Text =
    text("it requests {1} of {0}, more than any node has", "请求了 {1} 的 {0}，超过任何一个节点的总量");
const INSUFFICIENT: Text = text(
    "it requests {1} of {0}, and at most {2} is left on a node",
    "请求了 {1} 的 {0}，而各节点最多只剩 {2}",
);
const TOO_MANY_PODS: Text = text("the nodes hold as many pods as they may", "各节点的 Pod 数已达上限");
const TAINTS: Text = text("it does not tolerate {0}", "没有容忍 taint {0}");
const NODE_SELECTOR: Text = text("no node that could be used matches {0}", "没有可用的节点匹配 {0}");
const CORDONED: Text = text("the nodes are cordoned", "节点已被标记为不可调度");
const OTHER: Text = text("{0}", "{0}");
