//! On narrow screens: which half of the page is seen.

use yew::{Html, Properties, component, html};

use crate::hooks::use_page;
use crate::state::{Action, Pane};

/// Properties of [`PaneSwitch`].
#[derive(PartialEq, Properties)]
pub(crate) struct PaneSwitchProps {
    /// The half that is seen.
    pub(crate) pane: Pane,
    /// Number of problems, shown at the editor.
    pub(crate) problems: usize,
}

/// Two buttons, one pressed.
#[component]
pub(crate) fn PaneSwitch(props: &PaneSwitchProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let button = |pane: Pane, label: Html, id: &'static str| {
        html! {
            <button type="button" aria-pressed={(props.pane == pane).to_string()} onclick={page.on(move || Action::ShowPane(pane))}
                data-testid={id}>{ label }</button>
        }
    };
    let editor =
        html! { <>{ t.editor }if props.problems > 0 { <span class="count">{ props.problems }</span> }</> };
    html! {
        <nav class="pane-switch" aria-label={t.view}>
            { button(Pane::Editor, editor, "pane-editor") }
            { button(Pane::Result, html! { t.result }, "pane-result") }
        </nav>
    }
}
