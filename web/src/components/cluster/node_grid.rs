//! Many nodes: one small cell each, and the chosen one in full.

use yew::{Html, html};

use super::node_card::node_card;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Action, Answer, View};

/// A dense grid. A cell's number is its pods', its depth the share of cpu that is requested.
pub(crate) fn node_grid(page: &Page, answer: &Shared<Answer>, glow: Option<u32>) -> Html {
    let t = page.texts();
    let chosen = page.view.node;
    let nodes = &answer.report.nodes;
    let cells = nodes.iter().enumerate().map(|(index, node)| {
        const DEPTHS: [&str; 5] = ["depth-0", "depth-1", "depth-2", "depth-3", "depth-4"];
        let depth = match node.pods.len() {
            0 => 0,
            _ => (node.cpu.requested * 3 / node.cpu.allocatable.max(1)).clamp(0, 3) + 1,
        };
        let view = View { node: index, ..page.view };
        let onclick = page.on(move || Action::Look(view));
        let out = (node.unschedulable || !node.ready).then_some("out");
        html! {
            <button key={index} type="button" class={yew::classes!("cell", DEPTHS[depth as usize], out)} aria-pressed={(chosen == index).to_string()}
                title={node.name.clone()} aria-label={(t.node_cell)(&node.name, node.pods.len() as i64)} {onclick} data-testid="node-cell">
                if !node.pods.is_empty() { { node.pods.len() } }
            </button>
        }
    });
    let node = chosen.min(nodes.len().saturating_sub(1));
    html! {
        <>
            <p class="quiet hint">{ (t.dense_hint)(nodes.len()) }</p>
            <div class="dense">
                <div class="cells">{ for cells }</div>
                <div class="dense-card">{ node_card(page, answer, node, glow) }</div>
            </div>
        </>
    }
}
