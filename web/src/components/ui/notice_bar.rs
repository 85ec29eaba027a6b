//! What just happened, in passing.

use yew::{Html, Properties, component, html};

use crate::hooks::use_page;
use crate::state::{Action, Notice};

/// Properties of [`NoticeBar`].
#[derive(PartialEq, Properties)]
pub(crate) struct NoticeBarProps {
    /// What happened.
    pub(crate) notice: Option<Notice>,
    /// It can be undone.
    pub(crate) can_undo: bool,
}

/// The notice, with its undo where there is one.
#[component]
pub(crate) fn NoticeBar(props: &NoticeBarProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let undo = props.can_undo && matches!(props.notice, Some(Notice::Opened(_) | Notice::Changed));
    let bad = matches!(props.notice, Some(Notice::BadLink(_) | Notice::BadFile | Notice::NotSaved));
    html! {
        <div class="notices" role="status" data-testid="notice">
            if let Some(notice) = props.notice {
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
