//! The bar at the top: what to look at, on how many nodes, and how to pass it on.

use std::rc::Rc;

use rules::Lang;
use yew::{Html, html};

use super::examples_menu::examples_menu;
use super::node_count::node_count;
use super::share_menu::share_menu;
use crate::page::Page;
use crate::platform::page as window;
use crate::settings::Settings;
use crate::shared::Shared;
use crate::state::{Action, Panel, Theme};

/// The header.
pub(crate) fn header(
    page: &Page,
    text: &Rc<str>,
    settings: &Shared<Settings>,
    theme: Theme,
    can_undo: bool,
) -> Html {
    let t = page.texts();
    let dark = match theme {
        Theme::System => window::system_is_dark(),
        Theme::Light => false,
        Theme::Dark => true,
    };
    let (other_lang, other_tag) = match page.lang {
        Lang::En => (Lang::Zh, "zh-CN"),
        Lang::Zh => (Lang::En, "en"),
    };
    let other_theme = if dark { Theme::Light } else { Theme::Dark };
    html! {
        <header class="header">
            <h1 class="logo" title={t.title}>
                <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                    <path d="M12 2 21 7v10l-9 5-9-5V7z" class="logo-line"/>
                    <circle cx="12" cy="12" r="3.5" class="logo-dot"/>
                    <path d="M12 12h11" class="logo-line"/>
                </svg>
                { "Podreach" }
            </h1>
            <div class="scene">
                { examples_menu(page) }
                { node_count(page, settings.cluster.nodes) }
                <button type="button" class="button" onclick={page.on(|| Action::Open(Panel::Cluster))} data-testid="cluster-settings">
                    { t.cluster_settings }
                </button>
            </div>
            <div class="tools">
                <button type="button" class="button undo" disabled={!can_undo} onclick={page.on(|| Action::Undo)} data-testid="undo">
                    { t.undo }
                </button>
                { share_menu(page, text, settings) }
                <button type="button" class="button" lang={other_tag} title={t.switch_language} onclick={page.on(move || Action::SetLang(other_lang))}
                    data-testid="language">{ t.other_language }</button>
                <button type="button" class="icon" aria-label={t.switch_theme} title={t.switch_theme}
                    onclick={page.on(move || Action::SetTheme(other_theme))} data-testid="theme">{ if dark { "☀" } else { "☾" } }</button>
            </div>
        </header>
    }
}
