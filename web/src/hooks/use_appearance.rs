//! Language and colours: applied to the page, and saved once they were chosen.

use rules::Lang;
use yew::{hook, use_effect_with};

use crate::platform::{page, storage};
use crate::state::{State, Theme};

/// Applies and saves language and colours.
#[hook]
pub(crate) fn use_appearance(state: &State) {
    use_effect_with((state.lang, state.theme), |&(lang, theme)| {
        page::set_lang(lang);
        page::set_theme(theme);
        if lang == page::browser_lang() {
            storage::remove("lang");
        } else {
            storage::set("lang", if lang == Lang::Zh { "zh" } else { "en" });
        }
        match theme {
            Theme::System => storage::remove("theme"),
            Theme::Light => drop(storage::set("theme", "light")),
            Theme::Dark => drop(storage::set("theme", "dark")),
        }
    });
}

/// The language chosen earlier, else the browser's.
pub(crate) fn first_lang() -> Lang {
    match storage::get("lang").as_deref() {
        Some("zh") => Lang::Zh,
        Some("en") => Lang::En,
        _ => page::browser_lang(),
    }
}

/// The colours chosen earlier, else the system's.
pub(crate) fn first_theme() -> Theme {
    match storage::get("theme").as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}
