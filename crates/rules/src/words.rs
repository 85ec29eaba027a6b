//! Plain language for what the report holds as data, in English and Chinese. Kubernetes' own terms and messages stay as they
//! are in both.

mod blocker;
mod note;
mod probe;
mod way;

pub use blocker::{blocker, blocker_in_full};
pub use note::{note, route_state};
pub use probe::{hop, outcome};
pub use way::{after_restart, lost_node, unavailable, use_way, way};

use manifest::{Diagnostic, Lang, Text};

use crate::report::{Certainty, OfferKind, Verdict};

/// The message of a diagnostic: advice is worded in the language, Kubernetes' own messages are not.
pub fn diagnostic(diagnostic: &Diagnostic, lang: Lang) -> String {
    checks::message(diagnostic, lang)
}

/// What a diagnostic code means and what to do about it, in Markdown; a last line in `<>` links to the documentation.
pub fn explanation(code: &str, lang: Lang) -> Option<&'static str> {
    checks::explanation(code, lang)
}

/// The whole in one or two sentences: what runs, what blocks, what would clear it.
pub fn verdict(verdict: &Verdict, lang: Lang) -> String {
    let Verdict { pods, running, pending, crashing, refused, errors, .. } = *verdict;
    let mut sentences = Vec::new();
    let mut say = |text: Text, args: &[u32]| {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        sentences.push(text.format(lang, &args));
    };
    if pods == 0 && refused == 0 {
        say(if errors > 0 { NOTHING_ACCEPTED } else { NO_PODS }, &[]);
    } else if running == pods && refused == 0 {
        say(if pods == 1 { THE_POD_RUNS } else { ALL_RUN }, &[pods]);
    } else {
        say(SOME_RUN, &[running, pods]);
    }
    if crashing > 0 {
        say(if crashing == 1 { ONE_CRASHES } else { SOME_CRASH }, &[crashing]);
    }
    if pending > 0 {
        let text = if pending == 1 { ONE_PENDING } else { SOME_PENDING };
        let why = verdict.blocker.as_ref().map(|why| blocker(why, lang));
        let mut sentence = text.format(lang, &[pending.to_string()]);
        if let Some(why) = why {
            sentence = BECAUSE.format(lang, &[sentence, why]);
        }
        sentences.push(sentence + STOP.get(lang));
    }
    let mut say = |text: Text, count: u32| sentences.push(text.format(lang, &[count.to_string()]));
    if let Some(nodes) = verdict.nodes_needed {
        say(if nodes == 1 { ONE_NODE_CLEARS } else { NODES_CLEAR }, nodes);
    }
    if refused > 0 {
        say(if refused == 1 { ONE_REFUSED } else { SOME_REFUSED }, refused);
    }
    if errors > 0 && pods > 0 {
        say(if errors == 1 { ONE_ERROR } else { SOME_ERRORS }, errors);
    }
    sentences.join(if lang == Lang::En { " " } else { "" })
}

/// What an offer does, in the imperative.
pub fn offer(kind: &OfferKind, lang: Lang) -> String {
    let (text, args) = match kind {
        OfferKind::SetNodes(nodes) => (SET_NODES, vec![nodes.to_string()]),
        OfferKind::LowerReplicas(name, replicas) => {
            (LOWER_REPLICAS, vec![name.clone(), replicas.to_string()])
        }
        OfferKind::UseNodePortService(name) => (USE_NODE_PORT, vec![name.clone()]),
        OfferKind::RemoveHostPort(name) => (REMOVE_HOST_PORT, vec![name.clone()]),
        OfferKind::Tolerate(name, taint) => (TOLERATE, vec![name.clone(), taint.clone()]),
        OfferKind::ChangePort(name, port) => (CHANGE_PORT, vec![name.clone(), port.to_string()]),
        OfferKind::LowerRequest(name, resource, amount) => {
            (LOWER_REQUEST, vec![name.clone(), resource.clone(), amount.clone()])
        }
        OfferKind::RemoveNodeSelector(name) => (REMOVE_NODE_SELECTOR, vec![name.clone()]),
    };
    text.format(lang, &args)
}

/// Whether another run could end differently.
pub fn certainty(certainty: Certainty, lang: Lang) -> String {
    match certainty {
        Certainty::Certain => CERTAIN.get(lang).to_owned(),
        Certainty::OneOf(nodes) => ONE_OF.format(lang, &[nodes.to_string()]),
    }
}

const fn text(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

const NO_PODS: Text = text("Nothing here makes a pod.", "这里没有会创建 Pod 的内容。");
const NOTHING_ACCEPTED: Text =
    text("Nothing was accepted: see the problems.", "没有任何对象被接受，请查看问题列表。");
const THE_POD_RUNS: Text = text("The pod runs.", "Pod 正常运行。");
const ALL_RUN: Text = text("All {0} pods run.", "{0} 个 Pod 全部正常运行。");
const SOME_RUN: Text = text("{0} of {1} pods run.", "{1} 个 Pod 中有 {0} 个正常运行。");
const ONE_CRASHES: Text = text("1 crashes again and again.", "1 个反复崩溃。");
const SOME_CRASH: Text = text("{0} crash again and again.", "{0} 个反复崩溃。");
const ONE_PENDING: Text = text("1 is Pending", "1 个处于 Pending");
const SOME_PENDING: Text = text("{0} are Pending", "{0} 个处于 Pending");
const BECAUSE: Text = text("{0}: {1}", "{0}：{1}");
const STOP: Text = text(".", "。");
const ONE_NODE_CLEARS: Text = text("With 1 node all run.", "有 1 个节点即可全部运行。");
const NODES_CLEAR: Text = text("With {0} nodes all run.", "有 {0} 个节点即可全部运行。");
const ONE_REFUSED: Text = text("1 could not be created.", "1 个未能创建。");
const SOME_REFUSED: Text = text("{0} could not be created.", "{0} 个未能创建。");
const ONE_ERROR: Text = text("1 object was refused.", "1 个对象被拒绝。");
const SOME_ERRORS: Text = text("{0} objects were refused.", "{0} 个对象被拒绝。");

const SET_NODES: Text = text("Use {0} nodes", "使用 {0} 个节点");
const LOWER_REPLICAS: Text = text("Lower the replicas of {0} to {1}", "将 {0} 的副本数降为 {1}");
const USE_NODE_PORT: Text = text("Use a NodePort Service for {0} instead", "改用 NodePort Service 暴露 {0}");
const REMOVE_HOST_PORT: Text = text("Remove hostPort from {0}", "删除 {0} 的 hostPort");
const TOLERATE: Text = text("Let {0} tolerate {1}", "让 {0} 容忍 {1}");
const CHANGE_PORT: Text = text("Use port {1} for {0}", "让 {0} 改用端口 {1}");
const LOWER_REQUEST: Text = text("Lower the {1} request of {0} to {2}", "将 {0} 的 {1} 请求量降为 {2}");
const REMOVE_NODE_SELECTOR: Text = text("Remove the node selector of {0}", "删除 {0} 的节点选择规则");

const CERTAIN: Text = text("Every run places it so", "每次运行的结果都相同");
const ONE_OF: Text = text(
    "One of {0} equally good nodes: another run may choose another",
    "{0} 个得分相同的节点之一，再次运行可能选中其他节点",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Blocker;

    fn blocked() -> Verdict {
        let blocker = Blocker::HostPort {
            port: 8086,
            protocol: "TCP".into(),
            holders: vec!["default/a".into()],
            span: None,
            holder_span: None,
        };
        Verdict {
            pods: 5,
            running: 4,
            pending: 1,
            blocker: Some(blocker),
            nodes_needed: Some(5),
            ..Verdict::default()
        }
    }

    #[test]
    fn holders_are_named_up_to_a_limit() {
        let full = |holders: usize| {
            let mut blocker = blocked().blocker.expect("a blocker");
            if let Blocker::HostPort { holders: names, .. } = &mut blocker {
                *names = (0..holders).map(|index| format!("default/{index}")).collect();
            }
            blocker_in_full(&blocker, Lang::En)
        };
        let taken = "port 8086 is taken on every node that could be used";
        assert_eq!(full(0), taken);
        assert_eq!(full(1), format!("{taken}, by default/0"));
        assert_eq!(full(6), format!("{taken}, by default/0, default/1, default/2, default/3 and 2 more"));
    }

    #[test]
    fn verdicts() {
        let all = Verdict { pods: 3, running: 3, ..Verdict::default() };
        let table = [
            (Verdict::default(), "Nothing here makes a pod.", "这里没有会创建 Pod 的内容。"),
            (all, "All 3 pods run.", "3 个 Pod 全部正常运行。"),
            (
                blocked(),
                "4 of 5 pods run. 1 is Pending: port 8086 is taken on every node that could be used. With 5 nodes all run.",
                "5 个 Pod 中有 4 个正常运行。1 个处于 Pending：可用的每个节点上端口 8086 都已被占用。有 5 个节点即可全部运行。",
            ),
        ];
        for (data, en, zh) in table {
            assert_eq!(verdict(&data, Lang::En), en);
            assert_eq!(verdict(&data, Lang::Zh), zh);
        }
    }
}
