//! The last line of the page: whose rules these are, and that nothing leaves the page.

use std::rc::Rc;

use yew::{Html, html};

use crate::page::Page;
use crate::platform::page;
use crate::settings::Settings;
use crate::share;
use crate::shared::Shared;
use crate::state::{Action, Panel};

/// The footer.
pub(crate) fn footer(page: &Page, embedded: bool, text: &Rc<str>, settings: &Shared<Settings>) -> Html {
    let t = page.texts();
    html! {
        <footer class="footer">
            <span>{ concat!("Podreach ", env!("CARGO_PKG_VERSION")) }</span>
            <span>{ t.footer_rules }</span>
            if embedded {
                <a href={page::link(&share::plain(text, settings))} target="_blank" rel="noopener">{ t.full_page }</a>
            } else {
                <span>{ t.footer_private }</span>
                <button type="button" class="link" onclick={page.on(|| Action::Open(Panel::Keys))}>{ t.keys }{ " " }<kbd>{ "?" }</kbd></button>
            }
        </footer>
    }
}
