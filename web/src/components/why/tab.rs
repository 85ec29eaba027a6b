//! The tab that explains one pod.

use rules::{Attempt, Certainty, Lang, PodReport, words};
use yew::{Event, Html, html};

use super::filters::filters;
use super::reason::reason;
use super::scores::scores;
use crate::page::Page;
use crate::platform::dom;
use crate::settings::Settings;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// Choice of the pod, its message in plain words, filters and scores.
pub(crate) fn why_tab(
    page: &Page,
    answer: &Shared<Answer>,
    pod: Option<&str>,
    busy: bool,
    settings: &Shared<Settings>,
) -> Html {
    let t = page.texts();
    let pods = &answer.report.pods;
    let chosen = pod.and_then(|pod| answer.pod(pod));
    let Some(index) = chosen else {
        return html! { <p class="empty">{ t.no_pod }</p> };
    };
    let pod = &pods[index];
    let onchange = {
        let (dispatch, answer) = (page.dispatch.clone(), answer.clone());
        move |event: Event| {
            if let Some(pod) = answer.report.pods.get(dom::chosen(&event)) {
                dispatch.dispatch(Action::Explain(key(pod)));
            }
        }
    };
    html! {
        <div class="why">
            <label class="field why-pod">
                <span>{ t.choose_pod }</span>
                <select {onchange} data-testid="why-pod">
                    { for pods.iter().enumerate().map(|(at, pod)| html! {
                        <option key={at} value={key(pod)} selected={at == index}>{ format!("{} ({})", key(pod), pod.status) }</option>
                    }) }
                </select>
            </label>
            { reason(page, answer, pod) }
            { decision(page, answer, pod, settings) }
            if let Some(attempt) = &pod.attempt {
                { nodes(page, answer, attempt) }
            } else if busy {
                <p class="empty">{ t.analysing }</p>
            } else {
                <p class="empty">{ t.no_decision }</p>
            }
        </div>
    }
}

/// Where the pod went, and whether it could have gone elsewhere.
fn decision(page: &Page, answer: &Answer, pod: &PodReport, settings: &Shared<Settings>) -> Html {
    let t = page.texts();
    let Some(node) = pod.node.and_then(|node| answer.report.nodes.get(node as usize)) else {
        return Html::default();
    };
    let shuffle = {
        let (dispatch, settings) = (page.dispatch.clone(), settings.clone());
        move |_| {
            dispatch.dispatch(Action::Configure(Settings {
                seed: settings.seed + 1,
                ..Settings::clone(&settings)
            }));
        }
    };
    html! {
        <section class="why-decision">
            <p>
                <strong>{ (t.placed_on)(&node.name) }</strong>
                { words::certainty(pod.certainty, page.lang) }{ if page.lang == Lang::Zh { "。" } else { "." } }
            </p>
            if matches!(pod.certainty, Certainty::OneOf(_)) {
                <button type="button" class="button small" onclick={shuffle} data-testid="shuffle">{ t.another_choice }</button>
            }
        </section>
    }
}

/// What happened to each node.
fn nodes(page: &Page, answer: &Answer, attempt: &Attempt) -> Html {
    let t = page.texts();
    html! {
        <>
            if let Some(rejection) = &attempt.prefilter_rejection {
                <section>
                    <h3>{ t.prefilter }</h3>
                    <p class="mono">{ &*rejection.plugin }{ ": " }{ rejection.reasons.join("; ") }</p>
                </section>
            } else if attempt.nodes > 0 {
                { filters(page, answer, attempt) }
            }
            if let Some(preemption) = &attempt.preemption {
                <p>{ (t.preempts)(&preemption.victims.join(", "), &preemption.node) }</p>
            }
            if !attempt.scores.is_empty() {
                { scores(page, attempt) }
            } else if attempt.feasible.len() == 1 {
                <section><h3>{ t.scores }</h3><p class="quiet">{ t.only_feasible }</p></section>
            }
        </>
    }
}

fn key(pod: &PodReport) -> String {
    format!("{}/{}", pod.namespace, pod.name)
}
