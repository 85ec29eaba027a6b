//! What is different about one node.

use rules::NodeOverride;
use yew::{Callback, Event, Html, html};

use super::lists::{entries, label_text, labels};
use crate::page::Page;
use crate::platform::dom;

/// The fields of a node, folded away while nothing is different.
pub(crate) fn node_settings(
    page: &Page,
    name: &str,
    change: &NodeOverride,
    onchange: &Callback<NodeOverride>,
) -> Html {
    let t = page.texts();
    let changed = *change != NodeOverride::default();
    let text = |label: &'static str,
                value: String,
                placeholder: &'static str,
                set: fn(&mut NodeOverride, String)| {
        let (change, emit) = (change.clone(), onchange.clone());
        let onchange = move |event: Event| {
            let mut change = change.clone();
            set(&mut change, dom::changed_value(&event));
            emit.emit(change);
        };
        html! { <label class="field"><span>{ label }</span><input type="text" class="mono" {value} {placeholder} {onchange} spellcheck="false" autocomplete="off" /></label> }
    };
    let tick = |label: &'static str, checked: bool, set: fn(&mut NodeOverride, bool)| {
        let (change, emit) = (change.clone(), onchange.clone());
        let onchange = move |event: Event| {
            let mut change = change.clone();
            set(&mut change, dom::checked(&event));
            emit.emit(change);
        };
        html! { <label class="tick"><input type="checkbox" {checked} {onchange} />{ label }</label> }
    };
    html! {
        <details class="node-settings" data-testid="node-settings">
            <summary><span class="mono">{ name }</span>if changed { <span class="tag">{ t.changed }</span> }</summary>
            <div class="fields">
                { text(t.labels, label_text(&change.labels), "disktype=ssd", |change, text| change.labels = labels(&text)) }
                { text(t.taints, change.taints.join(", "), "key=value:NoSchedule", |change, text| change.taints = entries(&text)) }
                { text(t.internal_ip, change.internal_ip.clone(), "10.0.0.11", |change, text| text.trim().clone_into(&mut change.internal_ip)) }
                { text(t.external_ip, change.external_ip.clone(), "203.0.113.11", |change, text| text.trim().clone_into(&mut change.external_ip)) }
                { tick(t.cordon, change.unschedulable, |change, on| change.unschedulable = on) }
                { tick(t.mark_not_ready, change.not_ready, |change, on| change.not_ready = on) }
            </div>
        </details>
    }
}
