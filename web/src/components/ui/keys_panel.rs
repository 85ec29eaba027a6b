//! The list of keys.

use yew::{Html, html};

use super::Modal;
use crate::page::Page;
use crate::state::Panel;

/// A dialog with the keys.
pub(crate) fn keys_panel(page: &Page, open: Panel) -> Html {
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
        <Modal page={page.clone()} open={open == Panel::Keys} title={t.keys} class="keys">
            <dl>
                { for keys.iter().map(|(keys, what)| html! {
                    <div><dt>{ for keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</dt><dd>{ *what }</dd></div>
                }) }
            </dl>
        </Modal>
    }
}
