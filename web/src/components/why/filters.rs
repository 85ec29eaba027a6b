//! Nodes times filters: where each node dropped out, and why.

use rules::Rejection;
use yew::{Html, Properties, component, html, use_state_eq};

use crate::hooks::use_page;
use crate::i18n::Texts;
use crate::shared::Shared;
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

/// Properties of [`Filters`].
#[derive(PartialEq, Properties)]
pub(crate) struct FiltersProps {
    /// What is shown.
    pub(crate) answer: Shared<Answer>,
    /// Index of the pod.
    pub(crate) pod: usize,
}

/// The matrix. Its nodes are in the order of the report.
#[component]
pub(crate) fn Filters(props: &FiltersProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let limit = use_state_eq(|| MAX_ROWS);
    let attempt = props.answer.report.pods.get(props.pod).and_then(|pod| pod.attempt.as_ref());
    let Some(attempt) = attempt else { return Html::default() };
    let rejected = attempt.rejected.iter().map(|(node, rejection)| (&**node, Some(rejection)));
    let passed = attempt.feasible.iter().map(|node| (&**node, None));
    let mut rows: Vec<(&str, Option<&Rejection>)> = rejected.chain(passed).collect();
    let order: std::collections::BTreeMap<&str, usize> =
        props.answer.report.nodes.iter().enumerate().map(|(at, node)| (node.name.as_str(), at)).collect();
    rows.sort_by_key(|(node, _)| order.get(node).copied());
    let more = {
        let limit = limit.clone();
        move |_| limit.set(*limit * 10)
    };
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
                <tbody>{ for rows.iter().take(*limit).map(|(node, rejection)| row(node, *rejection, t)) }</tbody>
            </table>
            if let Some((rejection, count)) = &attempt.excluded {
                <p class="quiet">{ (t.excluded)(*count) }{ ": " }{ &*rejection.plugin }{ ", " }{ rejection.reasons.join("; ") }</p>
            }
            if rows.len() > *limit {
                <button type="button" class="button small" onclick={more}>{ (t.more)(rows.len() - *limit) }</button>
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
