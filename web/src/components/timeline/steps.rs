//! The steps so far, and what the one that is seen changed.

use rules::{Action as Happening, PodChange, PodPlace, Report, StepReport};
use yew::{Html, html};

use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Action, Answer};
use crate::story::Story;

/// The list of steps. The first is the manifest itself.
pub(super) fn steps(page: &Page, answer: &Shared<Answer>, story: &Story) -> Html {
    let t = page.texts();
    let report = &answer.report;
    // With a draft the report has one step more than the story.
    let draft = report.steps.len() > story.at as usize;
    let last = story.actions.len() as u32;
    let seen = if draft { last + 1 } else { story.at };
    let item = |at: u32, title: String, command: Option<String>, step: Option<&StepReport>| {
        let current = at == seen;
        let outcome = step.map(|step| (t.step_outcome)(step.running, step.pending));
        let jump = page.on(move || Action::StepTo(at));
        html! {
            <li key={at} class={yew::classes!("step", current.then_some("current"), step.is_none().then_some("to-come"))} data-testid="step">
                <button type="button" class="step-title" onclick={jump} aria-current={current.then_some("step")}>
                    <span class="step-number">{ at }</span>
                    <span>{ title }</span>
                    if let Some(outcome) = outcome { <span class="step-outcome">{ outcome }</span> }
                </button>
                if let Some(step) = step.filter(|_| current) { { details(page, report, at, step, command) } }
            </li>
        }
    };
    let first = StepReport {
        running: report.verdict.running,
        pending: report.verdict.pending,
        ..StepReport::default()
    };
    let happened = story.actions.iter().zip(1_u32..);
    html! {
        <ol class="steps" start="0">
            <li key={0} class={yew::classes!("step", (seen == 0).then_some("current"))} data-testid="step">
                <button type="button" class="step-title" onclick={page.on(|| Action::StepTo(0))} aria-current={(seen == 0).then_some("step")}>
                    <span class="step-number">{ 0 }</span>
                    <span>{ t.step_applied }</span>
                    if seen == 0 { <span class="step-outcome">{ (t.step_outcome)(first.running, first.pending) }</span> }
                </button>
            </li>
            { for happened.map(|(action, at)| item(at, (t.happened)(action), action.command(), report.steps.get(at as usize - 1).filter(|_| at <= seen))) }
            if draft { { item(last + 1, t.step_draft.to_owned(), Happening::Apply(String::new()).command(), report.steps.last()) } }
        </ol>
    }
}

/// What a step changed.
fn details(page: &Page, report: &Report, at: u32, step: &StepReport, command: Option<String>) -> Html {
    let t = page.texts();
    let urls = |title: &'static str, urls: &[String], class: &'static str| {
        html! {
            if !urls.is_empty() {
                <div class={class}>
                    <h4>{ title }</h4>
                    <ul class="names">{ for urls.iter().map(|url| html! { <li><code>{ url }</code></li> }) }</ul>
                </div>
            }
        }
    };
    let events = || report.events.iter().filter(move |event| event.step == at);
    let prompt = command.map(|command| format!("$ {command}"));
    let output = step.output.stdout.iter().chain(&step.output.stderr).cloned();
    let output: Vec<String> = prompt.into_iter().chain(output).collect();
    html! {
        <div class="step-details" data-testid="step-details">
            if !output.is_empty() { <pre class="step-output" tabindex="0" data-testid="step-output">{ output.join("\n") }</pre> }
            if step.changes.is_empty() {
                <p class="quiet">{ t.nothing_changed }</p>
            } else {
                <table class="changes">
                    <thead><tr><th scope="col">{ t.pod }</th><th scope="col">{ t.before }</th><th scope="col">{ t.after }</th></tr></thead>
                    <tbody>{ for step.changes.iter().map(|change| row(page, change)) }</tbody>
                </table>
            }
            if step.changed as usize > step.changes.len() { <p class="quiet">{ (t.more)(step.changed as usize - step.changes.len()) }</p> }
            <div class="step-urls">
                { urls(t.urls_gone, &step.urls_gone, "urls-gone") }
                { urls(t.urls_new, &step.urls_new, "urls-new") }
            </div>
            if events().next().is_some() {
                <details>
                    <summary>{ (t.events)(events().count()) }</summary>
                    <ul class="step-events">{ for events().take(MAX_EVENTS).map(|event| html! {
                        <li class={event.warning.then_some("warning")}><strong>{ &event.reason }</strong>{ " " }{ &event.object }{ ": " }{ &event.message }</li>
                    }) }</ul>
                </details>
            }
        </div>
    }
}

/// More events than anybody reads.
const MAX_EVENTS: usize = 100;

fn row(page: &Page, change: &PodChange) -> Html {
    let t = page.texts();
    let name = change.pod.strip_prefix("default/").unwrap_or(&change.pod);
    let place = |label: &'static str, place: Option<&PodPlace>, other: &'static str| {
        html! { <td data-label={label}>{ place.map_or_else(|| other.to_owned(), |place| shown(place, t.restarts)) }</td> }
    };
    html! {
        <tr data-testid="pod-change">
            <th scope="row" class="mono">{ name }</th>
            { place(t.before, change.before.as_ref(), t.was_not_there) }
            { place(t.after, change.after.as_ref(), t.is_gone) }
        </tr>
    }
}

/// `Running on node-2, 10.0.0.12`.
fn shown(place: &PodPlace, restarts: fn(u32) -> String) -> String {
    let parts = [place.status.clone(), place.node.clone(), place.ip.clone()];
    let mut parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if place.restarts > 0 {
        parts.push(restarts(place.restarts));
    }
    parts.join(" · ")
}
