//! Nodes times scores: what each plugin gave, and what it came to.

use std::cmp::Reverse;

use rules::{Attempt, Score};
use yew::{Html, html};

use crate::i18n::Texts;
use crate::page::Page;

/// More nodes are shown on demand.
const MAX_ROWS: usize = 50;

/// The table of scores, best total first.
pub(crate) fn scores(page: &Page, attempt: &Attempt) -> Html {
    let t = page.texts();
    let limit = page.limit(MAX_ROWS);
    let mut rows: Vec<usize> = (0..attempt.feasible.len()).collect();
    rows.sort_unstable_by_key(|&row| {
        let chosen = attempt.chosen.as_ref() == attempt.feasible.get(row);
        (Reverse(attempt.totals.get(row)), !chosen, row)
    });
    html! {
        <section>
            <h3>{ t.scores }</h3>
            <p class="quiet hint">{ t.scores_hint }</p>
            <table class="matrix" data-testid="why-scores" aria-label={t.scores}>
                <thead>
                    <tr>
                        <th scope="col">{ t.node }</th>
                        <th scope="col">{ t.total }</th>
                        { for attempt.scores.iter().map(|plugin| html! {
                            <th scope="col" class="turned"><span>{ &*plugin.plugin }{ " " }{ (t.weight)(plugin.weight) }</span></th>
                        }) }
                    </tr>
                </thead>
                <tbody>{ for rows.iter().take(limit).map(|&at| row(attempt, at, t)) }</tbody>
            </table>
            if rows.len() > limit {
                <button type="button" class="button small" onclick={page.show_more()}>{ (t.more)(rows.len() - limit) }</button>
            }
            if !attempt.skipped_score_plugins.is_empty() {
                <p class="quiet">{ (t.skipped)(&attempt.skipped_score_plugins.join(", ")) }</p>
            }
        </section>
    }
}

fn row(attempt: &Attempt, at: usize, t: &Texts) -> Html {
    let Some(node) = attempt.feasible.get(at) else { return Html::default() };
    let best = attempt.best.contains(node);
    let total = attempt.totals.get(at).copied().unwrap_or_default();
    let cells = attempt.scores.iter().map(|plugin| {
        let Score { raw, normalized, weighted } = plugin.scores.get(at).copied().unwrap_or_default();
        html! { <td class="score" data-label={plugin.plugin.to_string()}>{ weighted }<small>{ raw }{ " → " }{ normalized }</small></td> }
    });
    html! {
        <tr class={best.then_some("best")}>
            <th scope="row">{ &**node }</th>
            <td class="score" data-label={t.total}>
                <strong>{ total }</strong>
                <small>
                    if attempt.chosen.as_ref() == Some(node) { <span class="badge">{ t.chosen }</span> }
                    else if best { <span class="badge">{ t.tie }</span> }
                </small>
            </td>
            { for cells }
        </tr>
    }
}
