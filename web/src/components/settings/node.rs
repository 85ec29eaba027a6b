//! What is different about one node.

use rules::NodeOverride;
use yew::{Callback, Event, Html, Properties, component, html};

use super::lists::{entries, label_text, labels};
use crate::hooks::use_page;
use crate::platform::dom;

/// Properties of [`NodeSettings`].
#[derive(PartialEq, Properties)]
pub(crate) struct NodeSettingsProps {
    /// Name of the node.
    pub(crate) name: String,
    /// What is different about it.
    pub(crate) change: NodeOverride,
    /// Takes another difference.
    pub(crate) onchange: Callback<NodeOverride>,
}

/// The fields of a node, folded away while nothing is different.
#[component]
pub(crate) fn NodeSettings(props: &NodeSettingsProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let changed = props.change != NodeOverride::default();
    let text = |label: &'static str,
                value: String,
                placeholder: &'static str,
                set: fn(&mut NodeOverride, String)| {
        let (change, emit) = (props.change.clone(), props.onchange.clone());
        let onchange = move |event: Event| {
            let mut change = change.clone();
            set(&mut change, dom::changed_value(&event));
            emit.emit(change);
        };
        html! { <label class="field"><span>{ label }</span><input type="text" class="mono" {value} {placeholder} {onchange} spellcheck="false" autocomplete="off" /></label> }
    };
    let tick = |label: &'static str, checked: bool, set: fn(&mut NodeOverride, bool)| {
        let (change, emit) = (props.change.clone(), props.onchange.clone());
        let onchange = move |event: Event| {
            let mut change = change.clone();
            set(&mut change, dom::checked(&event));
            emit.emit(change);
        };
        html! { <label class="tick"><input type="checkbox" {checked} {onchange} />{ label }</label> }
    };
    html! {
        <details class="node-settings" data-testid="node-settings">
            <summary><span class="mono">{ &props.name }</span>if changed { <span class="tag">{ t.changed }</span> }</summary>
            <div class="fields">
                { text(t.labels, label_text(&props.change.labels), "disktype=ssd", |change, text| change.labels = labels(&text)) }
                { text(t.taints, props.change.taints.join(", "), "key=value:NoSchedule", |change, text| change.taints = entries(&text)) }
                { text(t.internal_ip, props.change.internal_ip.clone(), "10.0.0.11", |change, text| text.trim().clone_into(&mut change.internal_ip)) }
                { text(t.external_ip, props.change.external_ip.clone(), "203.0.113.11", |change, text| text.trim().clone_into(&mut change.external_ip)) }
                { tick(t.cordon, props.change.unschedulable, |change, on| change.unschedulable = on) }
                { tick(t.mark_not_ready, props.change.not_ready, |change, on| change.not_ready = on) }
            </div>
        </details>
    }
}
