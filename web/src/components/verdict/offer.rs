//! One offer: what it does, what comes of it, the change it makes, and the button that makes it.

use rules::{OfferKind, words};
use yew::{Html, html};

use crate::components::ui::diff;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Action, Answer, View};

/// An offer with its preview.
pub(crate) fn offer_item(
    page: &Page,
    answer: &Shared<Answer>,
    index: usize,
    nodes: u32,
    takes: bool,
) -> Html {
    let t = page.texts();
    let Some(offer) = answer.report.verdict.offers.get(index) else { return Html::default() };
    let open = page.view.offer == Some(index);
    let view = View { offer: (!open).then_some(index), ..page.view };
    let toggle = page.on(move || Action::Look(view));
    let id = format!("offer-{index}");
    html! {
        <li class={yew::classes!("offer", open.then_some("open"))} data-testid="offer">
            <div class="offer-line">
                <button type="button" class="offer-take" disabled={!takes} onclick={page.on(move || Action::TakeOffer(index))} data-testid="offer-apply">
                    <strong>{ words::offer(&offer.kind, page.lang) }</strong>
                    <span>{ (t.offer_result)(offer.running, offer.pending) }</span>
                </button>
                <button type="button" class="offer-more" aria-expanded={open.to_string()} aria-controls={id.clone()} aria-label={t.preview}
                    title={t.preview} onclick={toggle} data-testid="offer-preview">{ "±" }</button>
            </div>
            <div {id} class="offer-preview" hidden={!open}>
                if open {
                    if let OfferKind::SetNodes(wanted) = offer.kind {
                        <p>{ (t.nodes_change)(nodes, wanted) }</p>
                    }
                    if let Some(fix) = &offer.fix {
                        { diff(&answer.text, &fix.edits) }
                    }
                }
            </div>
        </li>
    }
}
