//! A pod: its workload's mark, its name, and its status when it does not simply run.

use rules::{Certainty, words};
use yew::{Html, html};

use crate::components::ui::mark;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// A button that explains why the pod is where it is. Pointing at it lights up its workload everywhere.
pub(crate) fn pod_chip(page: &Page, answer: &Shared<Answer>, pod: u32, glow: bool) -> Html {
    let t = page.texts();
    let Some(pod) = answer.report.pods.get(pod as usize) else { return Html::default() };
    let (workload, key) = (pod.workload, format!("{}/{}", pod.namespace, pod.name));
    let certainty = match pod.certainty {
        Certainty::Certain => None,
        Certainty::OneOf(_) => Some(words::certainty(pod.certainty, page.lang)),
    };
    let title = certainty.clone().unwrap_or_else(|| (t.why_pod)(&pod.name));
    let troubled = (!pod.ready).then_some("troubled");
    html! {
        <button type="button" class={yew::classes!("pod", troubled, glow.then_some("glow"))} {title} data-testid="pod"
            onclick={page.on(move || Action::Explain(key.clone()))}
            onmouseenter={page.on(move || Action::Glow(Some(workload)))} onmouseleave={page.on(|| Action::Glow(None))}
            onfocus={page.on(move || Action::Glow(Some(workload)))} onblur={page.on(|| Action::Glow(None))}>
            { mark(workload) }
            <span class="pod-name">{ &pod.name }</span>
            if pod.status != "Running" { <span class="pod-status">{ &pod.status }</span> }
            if certainty.is_some() { <span class="pod-maybe" aria-hidden="true">{ "≈" }</span> }
        </button>
    }
}
