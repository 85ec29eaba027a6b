//! The page as a whole: address, language, colours, and what happens to the window.

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use rules::Lang;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, window};
use yew::{Callback, KeyboardEvent};

use crate::state::Theme;

/// Where the app is drawn.
pub(crate) fn root() -> Option<Element> {
    window()?.document()?.get_element_by_id("app")
}

/// Puts the focus on the element of this id.
pub(crate) fn focus_id(id: &str) {
    let element =
        window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// The fragment of the address, without `#`; empty when there is none.
pub(crate) fn fragment() -> String {
    let hash = window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Replaces the fragment without a new entry in the history.
pub(crate) fn set_fragment(fragment: &str) {
    let Some(window) = window() else { return };
    let (Ok(path), Ok(search)) = (window.location().pathname(), window.location().search()) else { return };
    let url =
        if fragment.is_empty() { format!("{path}{search}") } else { format!("{path}{search}#{fragment}") };
    if let Ok(history) = window.history() {
        // Browsers refuse this to pages opened from a file: the address then stays as it is.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url));
    }
}

/// The address of the whole page with this fragment.
pub(crate) fn link(fragment: &str) -> String {
    let location = window().map(|window| window.location());
    let origin = location.as_ref().and_then(|location| location.origin().ok()).unwrap_or_default();
    let path = location.and_then(|location| location.pathname().ok()).unwrap_or_default();
    format!("{origin}{path}#{fragment}")
}

/// A parameter of the address.
pub(crate) fn query(name: &str) -> Option<String> {
    let search = window()?.location().search().ok()?;
    let pairs =
        search.trim_start_matches('?').split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.into_iter().find(|&(key, _)| key == name).map(|(_, value)| value.to_owned())
}

/// The language that the browser asks for.
pub(crate) fn browser_lang() -> Lang {
    let language = window().and_then(|window| window.navigator().language()).unwrap_or_default();
    if language.to_ascii_lowercase().starts_with("zh") { Lang::Zh } else { Lang::En }
}

/// Tells the browser the language, for fonts and screen readers.
pub(crate) fn set_lang(lang: Lang) {
    let tag = match lang {
        Lang::En => "en",
        Lang::Zh => "zh-CN",
    };
    set_root("lang", Some(tag));
}

/// Sets the colours.
pub(crate) fn set_theme(theme: Theme) {
    let name = match theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    set_root("data-theme", name);
}

/// Tells the stylesheet that the page is shown inside another one.
pub(crate) fn set_embedded() {
    set_root("data-embed", Some(""));
}

/// Whether the system asks for dark colours.
pub(crate) fn system_is_dark() -> bool {
    let query = window().and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok().flatten());
    query.is_some_and(|query| query.matches())
}

/// Calls back when the fragment changes: a link was opened in this very tab.
pub(crate) fn on_fragment(callback: Callback<()>) -> Option<EventListener> {
    let window = window()?;
    Some(EventListener::new(&window, "hashchange", move |_| callback.emit(())))
}

/// Calls back at every key, before any element has it.
pub(crate) fn on_key(callback: Callback<KeyboardEvent>) -> Option<EventListener> {
    let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
    let window = window()?;
    Some(EventListener::new_with_options(&window, "keydown", options, move |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            callback.emit(event.clone());
        }
    }))
}

/// Calls back at whatever a visitor does with hand or key.
pub(crate) fn on_touch(callback: &Callback<()>) -> Option<[EventListener; 2]> {
    let window = window()?;
    Some(["pointerdown", "keydown"].map(|event| {
        let callback = callback.clone();
        EventListener::new(&window, event, move |_| callback.emit(()))
    }))
}

/// Whether somebody is typing where the event happened: letters are text there, not commands.
pub(crate) fn is_typing(event: &KeyboardEvent) -> bool {
    // The editor lies in a shadow root: only the path names what is inside.
    let target = event.composed_path().get(0);
    target.dyn_ref::<HtmlElement>().is_some_and(|element| {
        element.is_content_editable()
            || matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA")
    })
}

fn set_root(attribute: &str, value: Option<&str>) {
    let Some(root) =
        window().and_then(|window| window.document()).and_then(|document| document.document_element())
    else {
        return;
    };
    // Neither can fail: the names are valid.
    let _ = match value {
        Some(value) => root.set_attribute(attribute, value),
        None => root.remove_attribute(attribute),
    };
}
