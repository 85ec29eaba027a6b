//! The number of nodes: the first thing to play with.

use yew::{Event, Html, Properties, component, html};

use crate::hooks::use_page;
use crate::i18n::max_nodes;
use crate::platform::dom;
use crate::state::Action;

/// Properties of [`NodeCount`].
#[derive(PartialEq, Properties)]
pub(crate) struct NodeCountProps {
    /// The number of nodes.
    pub(crate) nodes: u32,
}

/// A field between a minus and a plus.
#[component]
pub(crate) fn NodeCount(props: &NodeCountProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let nodes = props.nodes;
    let onchange = {
        let dispatch = page.dispatch.clone();
        move |event: Event| {
            if let Ok(nodes) = dom::changed_value(&event).parse() {
                dispatch.dispatch(Action::SetNodes(nodes));
            }
        }
    };
    html! {
        <div class="node-count" role="group" aria-label={t.nodes}>
            <label for="nodes">{ t.nodes }</label>
            <button type="button" aria-label={t.fewer_nodes} disabled={nodes == 0} data-testid="node-fewer"
                onclick={page.on(move || Action::SetNodes(nodes.saturating_sub(1)))}>{ "−" }</button>
            <input id="nodes" type="number" inputmode="numeric" min="0" max={max_nodes()} value={nodes.to_string()} {onchange} data-testid="node-count" />
            <button type="button" aria-label={t.more_nodes} data-testid="node-more" onclick={page.on(move || Action::SetNodes(nodes + 1))}>{ "+" }</button>
        </div>
    }
}
