//! The workloads and their marks.

use yew::{Html, Properties, component, html};

use crate::components::ui::{LineButton, Mark};
use crate::hooks::use_page;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// More are left out: the marks stay readable on the pods.
const MAX_LISTED: usize = 40;

/// Properties of [`Legend`].
#[derive(PartialEq, Properties)]
pub(crate) struct LegendProps {
    /// What is shown.
    pub(crate) answer: Shared<Answer>,
    /// The workload that is pointed at.
    pub(crate) glow: Option<u32>,
}

/// Mark, name and readiness of each workload.
#[component]
pub(crate) fn Legend(props: &LegendProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let workloads = &props.answer.report.workloads;
    let items = (0_u32..).zip(workloads.iter().take(MAX_LISTED)).map(|(index, workload)| {
        let name = format!("{} {}", workload.kind, workload.name);
        let glow = (props.glow == Some(index)).then_some("glow");
        html! {
            <li class={yew::classes!("legend-item", glow)} onmouseenter={page.on(move || Action::Glow(Some(index)))} onmouseleave={page.on(|| Action::Glow(None))}>
                { Mark::of(index) }
                if let Some(span) = workload.span {
                    <LineButton {span} label={name} />
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
