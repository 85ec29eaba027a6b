//! The tabs of the result: real tabs, with arrow keys.

use yew::{Html, KeyboardEvent, html};

use crate::page::Page;
use crate::platform::page as window;
use crate::state::{Action, Tab};

/// The row of tabs.
pub(crate) fn tabs(page: &Page, tab: Tab) -> Html {
    let t = page.texts();
    let current = Tab::ALL.iter().position(|&other| other == tab).unwrap_or(0);
    let onkeydown = {
        let dispatch = page.dispatch.clone();
        move |event: KeyboardEvent| {
            let count = Tab::ALL.len();
            let next = match event.key().as_str() {
                "ArrowRight" => (current + 1) % count,
                "ArrowLeft" => (current + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            dispatch.dispatch(Action::Show(Tab::ALL[next]));
            window::focus_id(&tab_id(Tab::ALL[next]));
        }
    };
    let tabs = Tab::ALL.into_iter().map(|other| {
        let selected = other == tab;
        html! {
            <button type="button" role="tab" id={tab_id(other)} aria-selected={selected.to_string()} aria-controls="panel"
                tabindex={if selected { "0" } else { "-1" }} onclick={page.on(move || Action::Show(other))}
                data-testid={format!("tab-{}", other.name())}>{ (t.tab)(other) }</button>
        }
    });
    html! { <div class="tabs" role="tablist" aria-label={t.tabs} {onkeydown}>{ for tabs }</div> }
}

/// Id of a tab's button, by which its panel is named.
pub(crate) fn tab_id(tab: Tab) -> String {
    format!("tab-{}", tab.name())
}
