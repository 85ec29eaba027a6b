//! The line with which something is made to happen.

use rules::Action as Happening;
use yew::{Callback, Event, Html, component, html, use_state_eq};

use super::acts::{Act, Target};
use crate::page::Page;
use crate::platform::dom;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// What the form needs.
#[derive(PartialEq, yew::Properties)]
pub(super) struct ActFormProps {
    pub(super) page: Page,
    pub(super) answer: Shared<Answer>,
    /// The answer is out of date: what is chosen might be gone.
    pub(super) busy: bool,
}

/// Sort of action, what it is done to, and the button.
#[component]
pub(super) fn ActForm(props: &ActFormProps) -> Html {
    let ActFormProps { page, answer, busy } = props;
    let t = page.texts();
    let (chosen, target, replicas) = (use_state_eq(|| 0), use_state_eq(|| 0), use_state_eq(|| 2));
    let act = Act::ALL[(*chosen).min(Act::ALL.len() - 1)];
    let choices = act.choices(&answer.report, *replicas);
    let target_at = (*target).min(choices.len().saturating_sub(1));
    let choose_act = {
        let (chosen, target) = (chosen.clone(), target.clone());
        Callback::from(move |event: Event| {
            chosen.set(dom::chosen(&event));
            target.set(0);
        })
    };
    let choose_target = Callback::from(move |event: Event| target.set(dom::chosen(&event)));
    let set_replicas = Callback::from(move |event: Event| {
        if let Ok(number) = dom::changed_value(&event).parse::<u32>() {
            replicas.set(number.min(MAX_REPLICAS) as i32);
        }
    });
    let happening: Option<Happening> = choices.get(target_at).map(|(_, action)| action.clone());
    let ready = happening.is_some() && !busy;
    let act_now = {
        let dispatch = page.dispatch.clone();
        move |_| {
            if let Some(happening) = happening.clone() {
                dispatch.dispatch(Action::Happen(happening));
            }
        }
    };
    let count = match choices.iter().find_map(|(_, action)| scaled_to(action)) {
        Some(count) if act == Act::Scale => Some(count),
        _ => None,
    };
    html! {
        <div class="act" role="group" aria-label={t.happen}>
            <label class="field"><span>{ t.happen }</span>
                <select onchange={choose_act} data-testid="act">
                    { for Act::ALL.into_iter().map(|other| html! {
                        <option value={other.name()} selected={other == act}>{ (t.act)(other) }</option>
                    }) }
                </select>
            </label>
            if act.target() != Target::Nothing {
                <label class="field"><span>{ (t.act_target)(act.target()) }</span>
                    <select onchange={choose_target} disabled={choices.is_empty()} data-testid="act-target">
                        { for choices.iter().enumerate().map(|(at, (label, _))| html! {
                            <option value={label.clone()} selected={at == target_at}>{ label }</option>
                        }) }
                        if choices.is_empty() { <option>{ t.act_on_nothing }</option> }
                    </select>
                </label>
            }
            if let Some(count) = count {
                <label class="field act-count"><span>{ t.replicas }</span>
                    <input type="number" min="0" max={MAX_REPLICAS.to_string()} value={count.to_string()} onchange={set_replicas} data-testid="act-replicas" />
                </label>
            }
            <button type="button" class="button primary" disabled={!ready} onclick={act_now} data-testid="act-now">{ t.act_now }</button>
        </div>
    }
}

/// More replicas are a matter for the manifest.
const MAX_REPLICAS: u32 = 1_000;

fn scaled_to(action: &Happening) -> Option<i32> {
    match action {
        Happening::Scale(.., replicas) => Some(*replicas),
        _ => None,
    }
}
