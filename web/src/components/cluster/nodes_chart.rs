//! How many pods run on 1, 2, 3 nodes and so on: a small chart, whose columns are buttons.

use rules::{NodesOutcome, Report};
use yew::{Html, html};

use crate::page::Page;
use crate::state::Action;

/// Height of a full column, in pixels.
const HEIGHT: u32 = 64;

/// The chart; nothing where other numbers were not tried.
pub(super) fn nodes_chart(page: &Page, report: &Report) -> Html {
    let t = page.texts();
    let columns = &report.verdict.by_nodes;
    let most = columns.iter().map(|column| column.running + column.waiting).max().unwrap_or(0);
    if most == 0 {
        return Html::default();
    }
    let now = report.nodes.len() as u32;
    html! {
        <section class="nodes-chart" aria-labelledby="nodes-chart-title" data-testid="nodes-chart">
            <h3 id="nodes-chart-title">{ t.nodes_chart }</h3>
            <p class="quiet"><span class="chart-key running"></span>{ t.running }{ " " }<span class="chart-key waiting"></span>{ t.waiting }{ " · " }{ t.nodes_chart_hint }</p>
            <ol class="columns-chart">{ for columns.iter().map(|column| bar(page, column, most, now)) }</ol>
        </section>
    }
}

fn bar(page: &Page, column: &NodesOutcome, most: u32, now: u32) -> Html {
    let NodesOutcome { nodes, running, waiting } = *column;
    let label = (page.texts().nodes_column)(nodes, running, waiting);
    // At least a line, so that one pod among thousands is seen.
    let height = |pods: u32| if pods == 0 { 0 } else { (pods * HEIGHT / most).max(2) };
    let (low, high) = (height(running), height(waiting));
    html! {
        <li key={nodes}>
            <button type="button" class="column" aria-pressed={(nodes == now).to_string()} aria-label={label.clone()} title={label}
                onclick={page.on(move || Action::SetNodes(nodes))} data-testid="nodes-column" data-nodes={nodes.to_string()}
                data-running={running.to_string()} data-waiting={waiting.to_string()}>
                <svg width="20" height={(HEIGHT + 2).to_string()} viewBox={format!("0 0 20 {}", HEIGHT + 2)} aria-hidden="true">
                    <rect class="waiting" x="1" y={(HEIGHT + 1 - low - high).to_string()} width="18" height={high.to_string()} />
                    <rect class="running" x="1" y={(HEIGHT + 1 - low).to_string()} width="18" height={low.to_string()} />
                </svg>
                <span>{ nodes }</span>
            </button>
        </li>
    }
}
