//! The last line of the page: whose rules these are, and that nothing leaves the page.

use std::rc::Rc;

use yew::{Html, Properties, component, html};

use crate::hooks::use_page;
use crate::platform::page;
use crate::settings::Settings;
use crate::share;
use crate::shared::Shared;
use crate::state::{Action, Panel};

/// Properties of [`Footer`].
#[derive(PartialEq, Properties)]
pub(crate) struct FooterProps {
    /// Shown inside another page.
    pub(crate) embedded: bool,
    /// The manifest.
    pub(crate) text: Rc<str>,
    /// Cluster and the rest.
    pub(crate) settings: Shared<Settings>,
}

/// The footer.
#[component]
pub(crate) fn Footer(props: &FooterProps) -> Html {
    let page = use_page();
    let t = page.texts();
    html! {
        <footer class="footer">
            <span>{ concat!("Podreach ", env!("CARGO_PKG_VERSION")) }</span>
            <span>{ t.footer_rules }</span>
            if props.embedded {
                <a href={page::link(&share::encode(&props.text, &props.settings))} target="_blank" rel="noopener">{ t.full_page }</a>
            } else {
                <span>{ t.footer_private }</span>
                <button type="button" class="link" onclick={page.on(|| Action::Open(Panel::Keys))}>{ t.keys }{ " " }<kbd>{ "?" }</kbd></button>
            }
        </footer>
    }
}
