//! The number of nodes: the first thing to play with.

use yew::{Event, Html, html};

use crate::i18n::max_nodes;
use crate::page::Page;
use crate::platform::dom;
use crate::state::Action;

/// A field between a minus and a plus.
pub(crate) fn node_count(page: &Page, nodes: u32) -> Html {
    let t = page.texts();
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
