//! What just happened, in passing.

use yew::{Html, html};

use crate::page::Page;
use crate::state::{Action, Notice};

/// The notice, with its undo where there is one.
pub(crate) fn notice_bar(page: &Page, notice: Option<Notice>, can_undo: bool) -> Html {
    let t = page.texts();
    let undo = can_undo && matches!(notice, Some(Notice::Opened(_) | Notice::Changed));
    let bad = matches!(notice, Some(Notice::BadLink(_) | Notice::BadFile | Notice::NotSaved));
    html! {
        <div class="notices" role="status" data-testid="notice">
            if let Some(notice) = notice {
                <div class={yew::classes!("notice", bad.then_some("bad"))}>
                    <span>{ t.notice(notice) }</span>
                    if undo {
                        <button type="button" class="link" onclick={page.on(|| Action::Undo)} data-testid="notice-undo">{ t.undo }</button>
                    }
                    <button type="button" class="icon" aria-label={t.dismiss} onclick={page.on(|| Action::Dismiss)}>{ "✕" }</button>
                </div>
            }
        </div>
    }
}
