//! What every component needs: the language, and a way to say that something happened.

use rules::Lang;
use yew::{Callback, UseReducerDispatcher, hook, use_context};

use crate::i18n::{Texts, texts};
use crate::platform::clipboard;
use crate::state::{Action, Notice, State};

/// The page, as components see it.
#[derive(Clone, PartialEq)]
pub(crate) struct Page {
    /// Language.
    pub(crate) lang: Lang,
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

    /// Copies a text and says so.
    pub(crate) fn copy(&self, text: &str, copied: Notice, refused: Notice) {
        let dispatch = self.dispatch.clone();
        let done = Callback::from(move |done| {
            dispatch.dispatch(Action::Notify(if done { copied } else { refused }))
        });
        clipboard::copy(text, done);
    }
}

/// The page around this component.
#[hook]
pub(crate) fn use_page() -> Page {
    use_context::<Page>().expect("the app provides the page to all of its components")
}
