//! One offer: what it does, what comes of it, the change it makes, and the button that makes it.

use rules::{OfferKind, words};
use yew::{Html, Properties, component, html, use_state_eq};

use crate::components::ui::Diff;
use crate::hooks::use_page;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// Properties of [`OfferItem`].
#[derive(PartialEq, Properties)]
pub(crate) struct OfferItemProps {
    /// The answer that it is part of.
    pub(crate) answer: Shared<Answer>,
    /// Its index there.
    pub(crate) index: usize,
    /// Nodes as they are set.
    pub(crate) nodes: u32,
    /// It still fits the text.
    pub(crate) takes: bool,
}

/// An offer with its preview.
#[component]
pub(crate) fn OfferItem(props: &OfferItemProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let open = use_state_eq(|| false);
    let Some(offer) = props.answer.report.verdict.offers.get(props.index) else { return Html::default() };
    let toggle = {
        let open = open.clone();
        move |_| open.set(!*open)
    };
    let (index, id) = (props.index, format!("offer-{}", props.index));
    html! {
        <li class={yew::classes!("offer", open.then_some("open"))} data-testid="offer">
            <div class="offer-line">
                <button type="button" class="offer-take" disabled={!props.takes} onclick={page.on(move || Action::TakeOffer(index))} data-testid="offer-apply">
                    <strong>{ words::offer(&offer.kind, page.lang) }</strong>
                    <span>{ (t.offer_result)(offer.running, offer.pending) }</span>
                </button>
                <button type="button" class="offer-more" aria-expanded={open.to_string()} aria-controls={id.clone()} aria-label={t.preview}
                    title={t.preview} onclick={toggle} data-testid="offer-preview">{ "±" }</button>
            </div>
            <div {id} class="offer-preview" hidden={!*open}>
                if *open {
                    if let OfferKind::SetNodes(nodes) = offer.kind {
                        <p>{ (t.nodes_change)(props.nodes, nodes) }</p>
                    }
                    if let Some(fix) = &offer.fix {
                        { Diff::of(&props.answer.text, &fix.edits) }
                    }
                }
            </div>
        </li>
    }
}
