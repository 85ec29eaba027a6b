//! What just happened, in passing.

use yew::{Html, html};

use crate::page::Page;
use crate::state::{Action, Notice};

/// The notice, with its undo where there is one. What is no error goes by itself: the stylesheet's animation is the clock, and
/// stands still under the pointer or the focus.
pub(crate) fn notice_bar(page: &Page, notice: Option<Notice>, can_undo: bool) -> Html {
    let t = page.texts();
    let undo = can_undo && matches!(notice, Some(Notice::Opened(_) | Notice::Changed));
    let bad = matches!(notice, Some(Notice::BadLink(_) | Notice::BadFile | Notice::NotSaved));
    let text = notice.map(|notice| t.notice(notice)).unwrap_or_default();
    html! {
        <div class="notices" role="status" data-testid="notice">
            if notice.is_some() {
                <div key={text.clone()} class={yew::classes!("notice", bad.then_some("bad"))} onanimationend={page.on(|| Action::Dismiss)}>
                    <span>{ text }</span>
                    if undo {
                        <button type="button" class="link" onclick={page.on(|| Action::Undo)} data-testid="notice-undo">{ t.undo }</button>
                    }
                    <button type="button" class="icon" aria-label={t.dismiss} onclick={page.on(|| Action::Dismiss)}>{ "✕" }</button>
                </div>
            }
        </div>
    }
}
