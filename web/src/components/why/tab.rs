//! The tab that explains one pod.

use std::rc::Rc;

use rules::{Attempt, Certainty, PodReport, words};
use yew::{Event, Html, Properties, component, html};

use super::filters::Filters;
use super::reason::Reason;
use super::scores::Scores;
use crate::hooks::use_page;
use crate::platform::dom;
use crate::settings::Settings;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// Properties of [`WhyTab`].
#[derive(PartialEq, Properties)]
pub(crate) struct WhyTabProps {
    /// What is shown.
    pub(crate) answer: Shared<Answer>,
    /// The chosen pod.
    pub(crate) pod: Option<Rc<str>>,
    /// An answer is on its way, perhaps with the decision that is missing.
    pub(crate) busy: bool,
    /// Cluster and the rest.
    pub(crate) settings: Shared<Settings>,
}

/// Choice of the pod, its message in plain words, filters and scores.
#[component]
pub(crate) fn WhyTab(props: &WhyTabProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let pods = &props.answer.report.pods;
    let chosen = props.pod.as_ref().and_then(|pod| props.answer.pod(pod));
    let Some(index) = chosen else {
        return html! { <p class="empty">{ t.no_pod }</p> };
    };
    let pod = &pods[index];
    let onchange = {
        let (dispatch, answer) = (page.dispatch.clone(), props.answer.clone());
        move |event: Event| {
            if let Some(pod) = answer.report.pods.get(dom::chosen(&event)) {
                dispatch.dispatch(Action::Explain(key(pod)));
            }
        }
    };
    html! {
        <>
            <label class="field why-pod">
                <span>{ t.choose_pod }</span>
                <select {onchange} data-testid="why-pod">
                    { for pods.iter().enumerate().map(|(at, pod)| html! {
                        <option key={at} value={key(pod)} selected={at == index}>{ format!("{} ({})", key(pod), pod.status) }</option>
                    }) }
                </select>
            </label>
            <Reason answer={props.answer.clone()} pod={index} />
            { decision(pod, props, t, &page) }
            if let Some(attempt) = &pod.attempt {
                { nodes(attempt, &props.answer, index, t) }
            } else if props.busy {
                <p class="empty">{ t.analysing }</p>
            } else {
                <p class="empty">{ t.no_decision }</p>
            }
        </>
    }
}

/// Where the pod went, and whether it could have gone elsewhere.
fn decision(pod: &PodReport, props: &WhyTabProps, t: &crate::i18n::Texts, page: &crate::hooks::Page) -> Html {
    let Some(node) = pod.node.and_then(|node| props.answer.report.nodes.get(node as usize)) else {
        return Html::default();
    };
    let shuffle = {
        let (dispatch, settings) = (page.dispatch.clone(), props.settings.clone());
        move |_| {
            dispatch.dispatch(Action::Configure(Settings {
                seed: settings.seed + 1,
                ..Settings::clone(&settings)
            }))
        }
    };
    html! {
        <section class="why-decision">
            <p>
                <strong>{ (t.placed_on)(&node.name) }</strong>{ " " }
                { words::certainty(pod.certainty, page.lang) }
            </p>
            if matches!(pod.certainty, Certainty::OneOf(_)) {
                <button type="button" class="button small" onclick={shuffle} data-testid="shuffle">{ t.another_choice }</button>
            }
        </section>
    }
}

/// What happened to each node.
fn nodes(attempt: &Attempt, answer: &Shared<Answer>, pod: usize, t: &crate::i18n::Texts) -> Html {
    html! {
        <>
            if let Some(rejection) = &attempt.prefilter_rejection {
                <section>
                    <h3>{ t.prefilter }</h3>
                    <p class="mono">{ &*rejection.plugin }{ ": " }{ rejection.reasons.join("; ") }</p>
                </section>
            } else if attempt.nodes > 0 {
                <Filters answer={answer.clone()} {pod} />
            }
            if let Some(preemption) = &attempt.preemption {
                <p>{ (t.preempts)(&preemption.victims.join(", "), &preemption.node) }</p>
            }
            if !attempt.scores.is_empty() {
                <Scores answer={answer.clone()} {pod} />
            } else if attempt.feasible.len() == 1 {
                <section><h3>{ t.scores }</h3><p class="quiet">{ t.only_feasible }</p></section>
            }
        </>
    }
}

fn key(pod: &PodReport) -> String {
    format!("{}/{}", pod.namespace, pod.name)
}
