//! The tab with the nodes.

use yew::{Html, Properties, component, html};

use super::legend::Legend;
use super::node_card::NodeCard;
use super::node_grid::NodeGrid;
use super::pending_tray::PendingTray;
use crate::hooks::use_page;
use crate::shared::Shared;
use crate::state::Answer;

/// Above this many nodes, cards become cells.
const MAX_CARDS: usize = 60;

/// Properties of [`ClusterTab`].
#[derive(PartialEq, Properties)]
pub(crate) struct ClusterTabProps {
    /// What is shown.
    pub(crate) answer: Shared<Answer>,
    /// The workload that is pointed at.
    pub(crate) glow: Option<u32>,
}

/// Workloads, Pending pods, nodes.
#[component]
pub(crate) fn ClusterTab(props: &ClusterTabProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let report = &props.answer.report;
    html! {
        <>
            if !report.workloads.is_empty() { <Legend answer={props.answer.clone()} glow={props.glow} /> }
            <PendingTray answer={props.answer.clone()} />
            if report.nodes.is_empty() {
                <p class="empty">{ t.no_nodes }</p>
            } else if report.nodes.len() > MAX_CARDS {
                <NodeGrid answer={props.answer.clone()} glow={props.glow} />
            } else {
                <ul class="nodes">
                    { for (0..report.nodes.len()).map(|node| html! { <li key={node}><NodeCard answer={props.answer.clone()} {node} glow={props.glow} /></li> }) }
                </ul>
            }
            if !report.not_simulated.is_empty() {
                <section class="not-simulated">
                    <h3>{ t.not_simulated }</h3>
                    <ul>{ for report.not_simulated.iter().map(|(kind, name)| html! { <li>{ kind }{ " " }{ name }</li> }) }</ul>
                </section>
            }
        </>
    }
}
