//! The pods without a node, each with the scheduler's exact message.

use yew::{Html, Properties, component, html, use_state_eq};

use crate::components::ui::Mark;
use crate::hooks::use_page;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// More are shown on demand.
const MAX_LISTED: usize = 10;

/// Properties of [`PendingTray`].
#[derive(PartialEq, Properties)]
pub(crate) struct PendingTrayProps {
    /// What is shown.
    pub(crate) answer: Shared<Answer>,
}

/// The tray; nothing when no pod is Pending.
#[component]
pub(crate) fn PendingTray(props: &PendingTrayProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let all = use_state_eq(|| false);
    let pending: Vec<_> = props.answer.report.pods.iter().filter(|pod| pod.node.is_none()).collect();
    if pending.is_empty() {
        return Html::default();
    }
    let show_all = {
        let all = all.clone();
        move |_| all.set(true)
    };
    let limit = if *all { usize::MAX } else { MAX_LISTED };
    let items = pending.iter().take(limit).map(|pod| {
        let (key, workload) = (format!("{}/{}", pod.namespace, pod.name), pod.workload);
        html! {
            <li class="pending" key={key.clone()} data-testid="pending-pod" onmouseenter={page.on(move || Action::Glow(Some(workload)))}
                onmouseleave={page.on(|| Action::Glow(None))}>
                <div class="pending-head">
                    { Mark::of(workload) }
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
                    <li><button type="button" class="link" onclick={show_all}>{ (t.more)(pending.len() - limit) }</button></li>
                }
            </ul>
        </section>
    }
}
