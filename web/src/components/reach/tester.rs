//! The route tester: a URL, where a request to it goes, and what comes of it.

use rules::{Outcome, Probe, words};
use yew::{Callback, Event, Html, SubmitEvent, component, html, use_effect_with, use_state_eq};

use super::picture::picture;
use crate::inquiry::Inquiry;
use crate::page::Page;
use crate::platform::dom;
use crate::shared::Shared;
use crate::state::{Action, Answer, Found};

/// What the tester needs.
#[derive(PartialEq, yew::Properties)]
pub(super) struct TesterProps {
    pub(super) page: Page,
    pub(super) answer: Shared<Answer>,
    pub(super) probe: Option<Shared<Found<String, Probe>>>,
}

/// A line to type in, and below it what was found. It is found out anew whenever the scene changes.
#[component]
pub(super) fn Tester(props: &TesterProps) -> Html {
    let TesterProps { page, answer, probe } = props;
    let t = page.texts();
    let url = use_state_eq(|| probe.as_ref().map_or_else(String::new, |probe| probe.of.clone()));
    let dispatch = page.dispatch.clone();
    use_effect_with(((*url).clone(), answer.revision), move |(url, _)| {
        if !url.trim().is_empty() {
            dispatch.dispatch(Action::Inquire(Inquiry::Probe(url.clone())));
        }
    });
    let onchange = {
        let url = url.clone();
        Callback::from(move |event: Event| url.set(dom::changed_value(&event).trim().to_owned()))
    };
    // Leaving the field has told the URL already.
    let onsubmit = |event: SubmitEvent| event.prevent_default();
    let example = answer.report.routes.iter().find(|route| !route.url.is_empty());
    let placeholder = example.map_or_else(|| "http://node-1:30080/".to_owned(), |route| route.url.clone());
    let found = probe.as_ref().filter(|probe| probe.of == *url && !url.is_empty());
    html! {
        <section class="tester" aria-labelledby="tester-title">
            <h3 id="tester-title">{ t.tester }</h3>
            <form class="tester-line" {onsubmit}>
                <input type="text" class="control mono" aria-label={t.tester_url} value={(*url).clone()} {placeholder} {onchange}
                    inputmode="url" spellcheck="false" autocomplete="off" autocapitalize="none" data-testid="tester-url" />
                <button type="submit" class="button">{ t.tester_go }</button>
            </form>
            <div role="status" data-testid="tester-result">
                if let Some(found) = found { { result(page, answer, &found.what) } } else { <p class="quiet">{ t.tester_hint }</p> }
            </div>
        </section>
    }
}

/// The outcome, the way there, and what the route that decides has to say.
fn result(page: &Page, answer: &Answer, probe: &Probe) -> Html {
    let good = probe.outcome == Outcome::Answers;
    let notes =
        probe.route.and_then(|route| answer.report.routes.get(route as usize)).map(|route| &route.notes);
    html! {
        <>
            <p class={yew::classes!("tester-outcome", if good { "good" } else { "bad" })} data-testid="tester-outcome" data-answers={good.to_string()}>
                <span aria-hidden="true">{ if good { "✓ " } else { "✕ " } }</span>{ words::outcome(&probe.outcome, page.lang) }
            </p>
            if let Some(notes) = notes.filter(|notes| !good && !notes.is_empty()) {
                <ul class="tester-notes">{ for notes.iter().map(|note| html! { <li>{ words::note(note, page.lang) }</li> }) }</ul>
            }
            { picture(page, &probe.hops, &words::outcome(&probe.outcome, page.lang)) }
        </>
    }
}
