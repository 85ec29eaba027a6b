//! The tabs of the result: real tabs, with arrow keys.

use yew::{Html, KeyboardEvent, NodeRef, Properties, component, html, use_memo};

use crate::hooks::use_page;
use crate::platform::dom;
use crate::state::{Action, Tab};

/// Properties of [`Tabs`].
#[derive(PartialEq, Properties)]
pub(crate) struct TabsProps {
    /// The tab that is shown.
    pub(crate) tab: Tab,
}

/// The row of tabs.
#[component]
pub(crate) fn Tabs(props: &TabsProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let nodes = use_memo((), |()| Tab::ALL.map(|_| NodeRef::default()));
    let current = Tab::ALL.iter().position(|&tab| tab == props.tab).unwrap_or(0);
    let onkeydown = {
        let (nodes, dispatch) = (nodes.clone(), page.dispatch.clone());
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
            dom::focus(&nodes[next]);
        }
    };
    let tabs = Tab::ALL.into_iter().zip(nodes.iter()).map(|(tab, node)| {
        let selected = tab == props.tab;
        html! {
            <button type="button" role="tab" id={Tabs::id(tab)} ref={node.clone()} aria-selected={selected.to_string()} aria-controls="panel"
                tabindex={if selected { "0" } else { "-1" }} onclick={page.on(move || Action::Show(tab))}
                data-testid={format!("tab-{}", tab.name())}>{ (t.tab)(tab) }</button>
        }
    });
    html! { <div class="tabs" role="tablist" aria-label={t.tabs} {onkeydown}>{ for tabs }</div> }
}

impl Tabs {
    /// Id of a tab's button, by which its panel is named.
    pub(crate) fn id(tab: Tab) -> String {
        format!("tab-{}", tab.name())
    }
}
