//! The workloads and their marks.

use yew::{Html, html};

use crate::components::ui::{line_button, mark};
use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// More are left out: the marks stay readable on the pods.
const MAX_LISTED: usize = 40;

/// Mark, name and readiness of each workload.
pub(crate) fn legend(page: &Page, answer: &Shared<Answer>, glow: Option<u32>) -> Html {
    let t = page.texts();
    let workloads = &answer.report.workloads;
    let items = (0_u32..).zip(workloads.iter().take(MAX_LISTED)).map(|(index, workload)| {
        let name = format!("{} {}", workload.kind, workload.name);
        let glow = (glow == Some(index)).then_some("glow");
        html! {
            <li class={yew::classes!("legend-item", glow)} onmouseenter={page.on(move || Action::Glow(Some(index)))} onmouseleave={page.on(|| Action::Glow(None))}>
                { mark(index) }
                if let Some(span) = workload.span {
                    { line_button(page, span, &name) }
                } else {
                    <span>{ name }</span>
                }
                <span class="quiet">{ (t.ready_of)(workload.ready, workload.wanted) }</span>
                if !workload.error.is_empty() {
                    <span class="legend-error">{ &workload.error }</span>
                }
            </li>
        }
    });
    html! {
        <ul class="legend" aria-label={t.workloads}>
            { for items }
            if workloads.len() > MAX_LISTED { <li class="quiet">{ (t.more)(workloads.len() - MAX_LISTED) }</li> }
        </ul>
    }
}
