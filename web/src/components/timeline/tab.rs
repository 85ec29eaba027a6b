//! The tab with what happens.

use yew::{Html, html};

use super::form::ActForm;
use super::losses::losses;
use super::steps::steps;
use crate::page::Page;
use crate::settings::Settings;
use crate::shared::Shared;
use crate::state::{Action, Answer};
use crate::story::Story;

/// The form, the steps with their buttons, and what the loss of a node would mean.
pub(crate) fn timeline_tab(
    page: &Page,
    answer: &Shared<Answer>,
    settings: &Shared<Settings>,
    busy: bool,
) -> Html {
    let t = page.texts();
    let story = &settings.story;
    let (at, last) = (story.at, story.actions.len() as u32);
    let step_to = |at: u32| page.on(move || Action::StepTo(at));
    html! {
        <div class="timeline">
            <ActForm page={page.clone()} answer={answer.clone()} {busy} />
            <div class="story">
                if last > 0 {
                    <button type="button" class="button small" disabled={at == 0} onclick={step_to(at.saturating_sub(1))} data-testid="step-back">{ t.step_back }</button>
                    <button type="button" class="button small" disabled={at >= last} onclick={step_to(at + 1)} data-testid="step-forward">{ t.step_forward }</button>
                }
                if story.base.is_none() {
                    <button type="button" class="button small" title={t.hold_hint} onclick={page.on(|| Action::Hold)} data-testid="hold">{ t.hold }</button>
                }
                if *story != Story::default() {
                    <button type="button" class="button small" onclick={page.on(|| Action::StartOver)} data-testid="start-over">{ t.start_over }</button>
                }
            </div>
            <p class="quiet" role="status">{ if story.base.is_some() { t.holding } else { t.hold_hint } }</p>
            { steps(page, answer, story) }
            { losses(page, &answer.report) }
        </div>
    }
}
