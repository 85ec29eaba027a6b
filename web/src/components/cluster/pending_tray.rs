//! The pods without a node, each with the scheduler's exact message.

use yew::{Html, html};

use crate::components::ui::mark;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// More are shown on demand.
const MAX_LISTED: usize = 10;

/// The tray; nothing when no pod is Pending.
pub(crate) fn pending_tray(page: &Page, answer: &Shared<Answer>) -> Html {
    let t = page.texts();
    let pending: Vec<_> = answer.report.pods.iter().filter(|pod| pod.node.is_none()).collect();
    if pending.is_empty() {
        return Html::default();
    }
    let limit = page.limit(MAX_LISTED);
    let items = pending.iter().take(limit).map(|pod| {
        let (key, workload) = (format!("{}/{}", pod.namespace, pod.name), pod.workload);
        html! {
            <li class="pending" key={key.clone()} data-testid="pending-pod" onmouseenter={page.on(move || Action::Glow(Some(workload)))}
                onmouseleave={page.on(|| Action::Glow(None))}>
                <div class="pending-head">
                    { mark(workload) }
                    <span class="pending-name">{ &pod.name }</span>
                    if pod.status != "Pending" { <span class="pod-status">{ &pod.status }</span> }
                    <button type="button" class="link" aria-label={(t.why_pod)(&pod.name)} onclick={page.on(move || Action::Explain(key.clone()))}
                        data-testid="pending-why">{ t.why }</button>
                </div>
                if !pod.message.is_empty() {
                    <p class="pending-message" data-testid="pending-message">{ &pod.message }</p>
                }
            </li>
        }
    });
    html! {
        <section class="tray" aria-labelledby="tray-title" data-testid="pending-tray">
            <h3 id="tray-title">{ (t.pending)(pending.len()) }</h3>
            <ul>
                { for items }
                if pending.len() > limit {
                    <li><button type="button" class="link" onclick={page.show_more()}>{ (t.more)(pending.len() - limit) }</button></li>
                }
            </ul>
        </section>
    }
}
