//! Whether the workloads survive the loss of any one node.

use rules::{Loss, Report};
use yew::{Html, html};

use crate::page::Page;

/// The answer, and what the loss of each node would mean; nothing where it was not tried.
pub(super) fn losses(page: &Page, report: &Report) -> Html {
    let t = page.texts();
    if report.losses.is_empty() {
        return Html::default();
    }
    let harmless = report.losses.iter().all(|loss| loss.interrupted.is_empty());
    let down = report.losses.iter().any(|loss| !loss.down.is_empty());
    let sentence = match (harmless, down) {
        (true, _) => t.survives,
        (false, false) => t.interrupted,
        (false, true) => t.goes_down,
    };
    html! {
        <section class="losses" aria-labelledby="losses-title" data-testid="losses">
            <h3 id="losses-title">{ t.if_a_node_is_lost }</h3>
            <p class={if harmless { "losses-answer good" } else { "losses-answer" }} data-testid="losses-answer">{ sentence }</p>
            <table class="changes" aria-labelledby="losses-title">
                <thead>
                    <tr><th scope="col">{ t.node }</th><th scope="col">{ t.meanwhile }</th><th scope="col">{ t.afterwards }</th></tr>
                </thead>
                <tbody>{ for report.losses.iter().map(|loss| row(page, report, loss)) }</tbody>
            </table>
        </section>
    }
}

fn row(page: &Page, report: &Report, loss: &Loss) -> Html {
    let t = page.texts();
    let Some(node) = report.nodes.get(loss.node as usize) else { return Html::default() };
    let names = |workloads: &[u32]| {
        let workloads = workloads.iter().filter_map(|&at| report.workloads.get(at as usize));
        workloads.map(|workload| workload.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let meanwhile = if loss.interrupted.is_empty() {
        t.all_answer.to_owned()
    } else {
        (t.not_ready_any_more)(&names(&loss.interrupted))
    };
    let outcome = (t.step_outcome)(loss.running, loss.pending);
    let afterwards = if loss.down.is_empty() {
        outcome
    } else {
        format!("{outcome}; {}", (t.stays_down)(&names(&loss.down)))
    };
    html! {
        <tr>
            <th scope="row" class="mono">{ &node.name }</th>
            <td data-label={t.meanwhile}>{ meanwhile }</td>
            <td data-label={t.afterwards}>{ afterwards }</td>
        </tr>
    }
}
