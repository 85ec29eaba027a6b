//! The page as everything that is drawn sees it: the language, what the reader has unfolded, and a way to say what happened.
//!
//! Most of the page is drawn by plain functions over the state. A component of its own costs some three kilobytes of wasm and is
//! worth it only where something lives between two drawings (the editor, dialogs) or where drawing again is expensive (the result).

use rules::Lang;
use yew::{Callback, UseReducerDispatcher};

use crate::i18n::{Texts, texts};
use crate::platform::clipboard;
use crate::state::{Action, Notice, State, View};

/// The page.
#[derive(Clone, PartialEq)]
pub(crate) struct Page {
    /// Language.
    pub(crate) lang: Lang,
    /// What the reader has unfolded.
    pub(crate) view: View,
    /// Takes actions.
    pub(crate) dispatch: UseReducerDispatcher<State>,
}

impl Page {
    /// Texts of the language.
    pub(crate) fn texts(&self) -> &'static Texts {
        texts(self.lang)
    }

    /// A callback that ignores its event and dispatches.
    pub(crate) fn on<E: 'static>(&self, action: impl Fn() -> Action + 'static) -> Callback<E> {
        let dispatch = self.dispatch.clone();
        Callback::from(move |_| dispatch.dispatch(action()))
    }

    /// How many entries a list shows that starts with `first`.
    pub(crate) fn limit(&self, first: usize) -> usize {
        first.saturating_mul(10_usize.saturating_pow(self.view.more))
    }

    /// A callback that makes lists longer.
    pub(crate) fn show_more<E: 'static>(&self) -> Callback<E> {
        let view = View { more: self.view.more + 1, ..self.view };
        self.on(move || Action::Look(view))
    }

    /// Copies a text and says so.
    pub(crate) fn copy(&self, text: &str) {
        clipboard::copy(text, &self.told(Notice::Copied));
    }

    /// A callback that says that something was copied, or that the clipboard is closed.
    pub(crate) fn told(&self, copied: Notice) -> Callback<bool> {
        let dispatch = self.dispatch.clone();
        Callback::from(move |done| {
            dispatch.dispatch(Action::Notify(if done { copied } else { Notice::LinkInAddressBar }));
        })
    }
}
