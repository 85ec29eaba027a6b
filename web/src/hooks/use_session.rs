//! Text and settings outlive the page: saved at every change, and brought back unless a link asks for something else.

use yew::{Callback, UseReducerHandle, hook, use_effect_with};

use super::use_appearance::{first_lang, first_theme};
use crate::examples::Example;
use crate::platform::link::{self, Linked};
use crate::platform::{page, storage};
use crate::settings::Settings;
use crate::share::{self, Fragment};
use crate::state::{Action, Notice, Origin, Pane, State, Tab};

const TEXT: &str = "text";
const SETTINGS: &str = "settings";

/// What the page opens with: what was saved, else the first example. A link is opened on top, so that undo leads back.
pub(crate) fn first_state(linked: &Linked) -> State {
    let saved = storage::get(TEXT).map(|text| (text, saved_settings().unwrap_or_default()));
    let embedded = page::query("embed").is_some();
    let example = || (Example::FIRST.text().to_owned(), Example::FIRST.settings());
    let (text, settings) = saved.filter(|_| !embedded).unwrap_or_else(example);
    let mut state = State::new(&text, settings);
    state.linked = matches!(linked, Some(Ok(_)));
    if embedded {
        page::set_embedded();
    }
    state.lang = first_lang();
    state.theme = first_theme();
    state.embedded = embedded;
    if let Some(tab) = Tab::ALL.into_iter().find(|tab| page::query("tab").as_deref() == Some(tab.name())) {
        state.tab = tab;
    }
    if page::query("pane").as_deref() == Some("editor") {
        state.pane = Pane::Editor;
    }
    let Some(action) = asked(linked.clone(), &state) else { return state };
    let mut state = state.after(action);
    if embedded {
        state.notice = state.notice.filter(|notice| !matches!(notice, Notice::Opened(_)));
    }
    state
}

/// Saves every change, and opens links that are followed in this very tab.
#[hook]
pub(crate) fn use_session(state: &UseReducerHandle<State>) {
    let current = state.clone();
    use_effect_with((state.text.clone(), state.settings.clone()), move |(text, settings)| {
        if !current.embedded {
            let saved = storage::set(TEXT, text) && storage::set(SETTINGS, &share::plain("", settings));
            if !saved && current.can_undo() {
                current.dispatch(Action::Notify(Notice::NotSaved));
            }
        }
        // From the first change on, the address no longer names what is seen, and a reload must not bring the old text back.
        if !current.linked && !page::fragment().is_empty() {
            page::set_fragment("");
        }
    });
    let state = state.clone();
    use_effect_with(state.revision, move |_| {
        let listener = page::on_fragment(Callback::from(move |()| {
            let state = state.clone();
            link::read(&Callback::from(move |linked| {
                if let Some(action) = asked(linked, &state) {
                    state.dispatch(action);
                }
            }));
        }));
        move || drop(listener)
    });
}

fn saved_settings() -> Option<Settings> {
    match share::decode(&storage::get(SETTINGS)?) {
        Ok(Fragment::Open(link)) => Some(link.settings),
        _ => None,
    }
}

/// What the link in the address asks for, when it is something else than what is open.
fn asked(linked: Linked, state: &State) -> Option<Action> {
    match linked? {
        Ok(link) if *link.text == *state.text && link.settings == *state.settings => None,
        Ok(link) => Some(Action::Load(link.text, link.settings, Origin::Link)),
        Err(error) => Some(Action::Notify(Notice::BadLink(error))),
    }
}
