//! Passing on what is seen: as a link, and as files.

use std::rc::Rc;

use yew::{Callback, Event, Html, html};

use crate::inquiry::{Inquiry, Tool};
use crate::page::Page;
use crate::platform::{clipboard, files, page as window};
use crate::settings::Settings;
use crate::share;
use crate::shared::Shared;
use crate::state::{Action, Notice, Origin};

/// Puts the link into the address bar and the clipboard.
pub(crate) fn share_link(page: &Page, text: &str, settings: &Settings) {
    copy(page, text, settings, Notice::LinkCopied, |fragment| {
        window::set_fragment(fragment);
        window::link(fragment)
    });
}

/// The button and its menu.
pub(crate) fn share_menu(page: &Page, text: &Rc<str>, settings: &Shared<Settings>) -> Html {
    let t = page.texts();
    let with = |act: fn(&Page, &str, &Settings)| {
        let (page, text, settings) = (page.clone(), text.clone(), settings.clone());
        move |_| act(&page, &text, &settings)
    };
    let item = |label: &'static str, act: fn(&Page, &str, &Settings), id: &'static str| {
        html! {
            <li><button type="button" class="menu-item" onclick={with(act)} popovertarget="share" popovertargetaction="hide" data-testid={id}>
                { label }
            </button></li>
        }
    };
    let onchange = {
        let (dispatch, settings) = (page.dispatch.clone(), settings.clone());
        move |event: Event| {
            let (dispatch, settings) = (dispatch.clone(), settings.clone());
            let done = Callback::from(move |text: Option<String>| {
                dispatch.dispatch(match text {
                    Some(text) => Action::Load(text, Settings::clone(&settings), Origin::File),
                    None => Action::Notify(Notice::BadFile),
                });
            });
            files::read_chosen(&event, &done);
        }
    };
    html! {
        <>
            <button type="button" class="button primary" popovertarget="share" aria-haspopup="true" data-testid="share">
                { t.share }<span class="caret" aria-hidden="true"></span>
            </button>
            <div class="menu menu-share" id="share" popover="auto" aria-label={t.share} role="group">
                <ul>
                    { item(t.copy_link, share_link, "share-link") }
                    { item(t.copy_markdown, markdown, "share-markdown") }
                    { item(t.copy_embed, embed, "share-embed") }
                    { item(t.download, download, "download") }
                    { export(page, t.export_kind, Tool::Kind, "export-kind") }
                    { export(page, t.export_kwok, Tool::Kwok, "export-kwok") }
                    <li><label class="menu-item">{ t.open_file }<input type="file" class="hidden" accept=".yaml,.yml,.json,.txt" {onchange} data-testid="open-file" /></label></li>
                </ul>
            </div>
        </>
    }
}

/// A file with which anyone can check the answer on a real control plane.
fn export(page: &Page, label: &'static str, tool: Tool, id: &'static str) -> Html {
    let onclick = page.on(move || Action::Inquire(Inquiry::Export(tool)));
    html! {
        <li><button type="button" class="menu-item" {onclick} popovertarget="share" popovertargetaction="hide" data-testid={id}>{ label }</button></li>
    }
}

fn markdown(page: &Page, text: &str, settings: &Settings) {
    copy(page, text, settings, Notice::Copied, |fragment| format!("[Podreach]({})", window::link(fragment)));
}

fn embed(page: &Page, text: &str, settings: &Settings) {
    copy(page, text, settings, Notice::Copied, |fragment| {
        let link = window::link(fragment).replacen('#', "?embed=1#", 1);
        format!(
            "<iframe src=\"{link}\" title=\"Podreach\" width=\"100%\" height=\"600\" loading=\"lazy\"></iframe>"
        )
    });
}

/// Copies what `name` makes of the fragment.
fn copy(page: &Page, text: &str, settings: &Settings, copied: Notice, name: fn(&str) -> String) {
    let (data, story) = share::data(text, settings);
    let name = move |packed: Vec<u8>| name(&share::packed(&packed, story));
    clipboard::copy_packed(&data, name, &page.told(copied));
}

fn download(_: &Page, text: &str, _: &Settings) {
    files::download("manifest.yaml", text);
}
