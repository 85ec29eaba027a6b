//! The tab with the nodes.

use yew::{Html, html};

use super::amounts;
use super::legend::legend;
use super::node_card::node_card;
use super::node_grid::node_grid;
use super::nodes_chart::nodes_chart;
use super::pending_tray::pending_tray;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::Answer;

/// Above this many nodes, cards become cells.
const MAX_CARDS: usize = 60;

/// Workloads, Pending pods, nodes.
pub(crate) fn cluster_tab(page: &Page, answer: &Shared<Answer>, glow: Option<u32>) -> Html {
    let t = page.texts();
    let report = &answer.report;
    html! {
        <>
            <div class="cluster-head">
                if !report.workloads.is_empty() { { legend(page, answer, glow) } }
                if !report.nodes.is_empty() { <p class="quiet">{ amounts::legend(page.lang) }</p> }
            </div>
            { pending_tray(page, answer) }
            if report.nodes.is_empty() {
                <p class="empty">{ t.no_nodes }</p>
            } else if report.nodes.len() > MAX_CARDS {
                { node_grid(page, answer, glow) }
            } else {
                <ul class="nodes">
                    { for (0..report.nodes.len()).map(|node| html! { <li key={node}>{ node_card(page, answer, node, glow) }</li> }) }
                </ul>
            }
            { nodes_chart(page, report) }
            if !report.not_simulated.is_empty() {
                <section class="not-simulated">
                    <h3>{ t.not_simulated }</h3>
                    <ul>{ for report.not_simulated.iter().map(|(kind, name)| html! { <li>{ kind }{ " " }{ name }</li> }) }</ul>
                </section>
            }
        </>
    }
}
