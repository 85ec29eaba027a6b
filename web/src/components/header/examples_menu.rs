//! The menu of examples. A popover of the browser's own: it closes by Escape and by a click elsewhere.

use yew::{Html, html};

use crate::examples::Example;
use crate::page::Page;
use crate::state::{Action, Origin};

/// The button and its menu.
pub(crate) fn examples_menu(page: &Page) -> Html {
    let t = page.texts();
    let items = Example::ALL.into_iter().map(|example| {
        let (title, point) = (t.example)(example);
        let onclick = page.on(move || Action::Load(example.text().to_owned(), example.settings(), Origin::Example(example)));
        html! {
            <li>
                <button type="button" class="menu-item" {onclick} popovertarget="examples" popovertargetaction="hide" data-testid="example-item">
                    <strong>{ title }</strong>
                    <span>{ point }</span>
                </button>
            </li>
        }
    });
    html! {
        <>
            <button type="button" class="button" popovertarget="examples" aria-haspopup="true" data-testid="example-menu">
                { t.examples }<span class="caret" aria-hidden="true"></span>
            </button>
            <div class="menu menu-examples" id="examples" popover="auto" aria-label={t.examples} role="group">
                <ul>{ for items }</ul>
            </div>
        </>
    }
}
