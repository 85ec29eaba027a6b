//! Many nodes: one small cell each, and the chosen one in full.

use yew::{Html, Properties, component, html, use_state_eq};

use super::node_card::NodeCard;
use crate::hooks::use_page;
use crate::shared::Shared;
use crate::state::Answer;

/// Properties of [`NodeGrid`].
#[derive(PartialEq, Properties)]
pub(crate) struct NodeGridProps {
    /// What is shown.
    pub(crate) answer: Shared<Answer>,
    /// The workload that is pointed at.
    pub(crate) glow: Option<u32>,
}

/// A dense grid. A cell's number is its pods', its depth the share of cpu that is requested.
#[component]
pub(crate) fn NodeGrid(props: &NodeGridProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let chosen = use_state_eq(|| 0_usize);
    let nodes = &props.answer.report.nodes;
    let cells = nodes.iter().enumerate().map(|(index, node)| {
        const DEPTHS: [&str; 5] = ["depth-0", "depth-1", "depth-2", "depth-3", "depth-4"];
        let depth = match node.pods.len() {
            0 => 0,
            _ => (node.cpu.requested * 3 / node.cpu.allocatable.max(1)).clamp(0, 3) + 1,
        };
        let onclick = {
            let chosen = chosen.clone();
            move |_| chosen.set(index)
        };
        let out = (node.unschedulable || !node.ready).then_some("out");
        html! {
            <button key={index} type="button" class={yew::classes!("cell", DEPTHS[depth as usize], out)} aria-pressed={(*chosen == index).to_string()}
                title={node.name.clone()} aria-label={(t.node_cell)(&node.name, node.pods.len() as i64)} {onclick} data-testid="node-cell">
                if !node.pods.is_empty() { { node.pods.len() } }
            </button>
        }
    });
    let node = (*chosen).min(nodes.len().saturating_sub(1));
    html! {
        <>
            <p class="quiet">{ (t.dense_hint)(nodes.len()) }</p>
            <div class="dense">
                <div class="cells">{ for cells }</div>
                <div class="dense-card"><NodeCard answer={props.answer.clone()} {node} glow={props.glow} /></div>
            </div>
        </>
    }
}
