//! Nodes times filters: where each node dropped out, and why.

use rules::{Attempt, Rejection};
use yew::{Html, html};

use crate::i18n::Texts;
use crate::page::Page;
use crate::state::Answer;

/// The filters in the scheduler's order (SCH-PLUGINS-1, SCH-PLUGINS-2).
const FILTERS: [&str; 13] = [
    "NodeUnschedulable",
    "NodeName",
    "TaintToleration",
    "NodeAffinity",
    "NodePorts",
    "NodeResourcesFit",
    "VolumeRestrictions",
    "NodeVolumeLimits",
    "VolumeBinding",
    "VolumeZone",
    "PodTopologySpread",
    "InterPodAffinity",
    "DynamicResources",
];

/// More nodes are shown on demand.
const MAX_ROWS: usize = 50;

/// The matrix. Its nodes are in the order of the report.
pub(crate) fn filters(page: &Page, answer: &Answer, attempt: &Attempt) -> Html {
    let t = page.texts();
    let limit = page.limit(MAX_ROWS);
    // The scheduler's order differs from attempt to attempt: rows stay in the order of the nodes.
    let nodes = answer.report.nodes.iter().enumerate();
    let mut order: Vec<(&str, usize)> = nodes.map(|(at, node)| (node.name.as_str(), at)).collect();
    order.sort_unstable();
    let place = |node: &str| order.binary_search_by_key(&node, |&(name, _)| name).map_or(0, |at| order[at].1);
    let mut rows: Vec<(usize, &str, Option<&Rejection>)> = Vec::new();
    rows.extend(attempt.rejected.iter().map(|(node, rejection)| (place(node), &**node, Some(rejection))));
    rows.extend(attempt.feasible.iter().map(|node| (place(node), &**node, None)));
    rows.sort_unstable();
    html! {
        <section>
            <h3>{ t.filters }</h3>
            <p class="quiet hint">{ t.filters_hint }</p>
            <table class="matrix" data-testid="why-matrix" aria-label={t.filters}>
                <thead>
                    <tr>
                        <th scope="col">{ t.node }</th>
                        { for FILTERS.iter().map(|filter| html! { <th scope="col" class="turned"><span>{ *filter }</span></th> }) }
                        <th scope="col">{ t.message_column }</th>
                    </tr>
                </thead>
                <tbody>{ for rows.iter().take(limit).map(|&(_, node, rejection)| row(node, rejection, t)) }</tbody>
            </table>
            if let Some((rejection, count)) = &attempt.excluded {
                <p class="quiet">{ (t.excluded)(*count) }{ &*rejection.plugin }{ " · " }{ rejection.reasons.join("; ") }</p>
            }
            if rows.len() > limit {
                <button type="button" class="button small" onclick={page.show_more()}>{ (t.more)(rows.len() - limit) }</button>
            }
        </section>
    }
}

/// A node: it passes until the first filter that turns it down, and no later one looks at it.
fn row(node: &str, rejection: Option<&Rejection>, t: &Texts) -> Html {
    let out = rejection.map(|rejection| {
        FILTERS.iter().position(|filter| **filter == *rejection.plugin).unwrap_or(FILTERS.len())
    });
    let cells = FILTERS.iter().enumerate().map(|(at, filter)| match out {
        Some(out) if at == out => {
            html! { <td class="no"><span role="img" aria-label={*filter}>{ "✕" }</span></td> }
        }
        Some(out) if at > out => {
            html! { <td class="skipped"><span role="img" aria-label={t.not_looked_at}>{ "·" }</span></td> }
        }
        _ => html! { <td class="yes"><span role="img" aria-label={t.passes}>{ "✓" }</span></td> },
    });
    html! {
        <tr data-testid="why-row">
            <th scope="row">{ node }</th>
            { for cells }
            <td class="why">
                if let Some(rejection) = rejection {
                    <span class="why-plugin">{ &*rejection.plugin }{ ": " }</span>{ rejection.reasons.join("; ") }
                } else {
                    { t.passes }
                }
            </td>
        </tr>
    }
}
