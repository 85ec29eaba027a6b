//! On narrow screens: which half of the page is seen.

use yew::{Html, html};

use crate::page::Page;
use crate::state::{Action, Pane};

/// Two buttons, one pressed.
pub(crate) fn pane_switch(page: &Page, shown: Pane, problems: usize) -> Html {
    let t = page.texts();
    let button = |half: Pane, label: Html, id: &'static str| {
        html! {
            <button type="button" aria-pressed={(half == shown).to_string()} onclick={page.on(move || Action::ShowPane(half))}
                data-testid={id}>{ label }</button>
        }
    };
    let editor = html! { <>{ t.editor }if problems > 0 { <span class="count">{ problems }</span> }</> };
    html! {
        <nav class="pane-switch" aria-label={t.view}>
            { button(Pane::Editor, editor, "pane-editor") }
            { button(Pane::Result, html! { t.result }, "pane-result") }
        </nav>
    }
}
