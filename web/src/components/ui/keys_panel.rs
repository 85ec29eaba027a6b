//! The list of keys.

use yew::{Html, Properties, component, html};

use super::Modal;
use crate::hooks::use_page;
use crate::state::Panel;

/// Properties of [`KeysPanel`].
#[derive(PartialEq, Properties)]
pub(crate) struct KeysPanelProps {
    /// What is open.
    pub(crate) open: Panel,
}

/// A dialog with the keys.
#[component]
pub(crate) fn KeysPanel(props: &KeysPanelProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let keys: [(&[&str], &str); 7] = [
        (&["Ctrl", "Enter"], t.key_analyse),
        (&["Ctrl", "S"], t.key_share),
        (&["F8"], t.key_next),
        (&["Shift", "F8"], t.key_previous),
        (&["Ctrl", "Z"], t.key_undo),
        (&["Esc", "Tab"], t.key_leave),
        (&["?"], t.key_help),
    ];
    html! {
        <Modal open={props.open == Panel::Keys} title={t.keys} class="keys">
            <dl>
                { for keys.iter().map(|(keys, what)| html! {
                    <div><dt>{ for keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</dt><dd>{ *what }</dd></div>
                }) }
            </dl>
        </Modal>
    }
}
