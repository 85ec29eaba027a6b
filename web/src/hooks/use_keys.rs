//! The keys that work wherever the focus is.

use yew::{Callback, KeyboardEvent, UseReducerHandle, hook, use_effect_with};

use crate::components::header::share_link;
use crate::page::Page;
use crate::platform::page;
use crate::state::{Action, Panel, State};

/// Listens to the keys of the page.
#[hook]
pub(crate) fn use_keys(state: &UseReducerHandle<State>, page: &Page) {
    let watched = (state.text.clone(), state.settings.clone());
    let (state, this) = (state.clone(), page.clone());
    use_effect_with(watched, move |_| {
        let listener = page::on_key(Callback::from(move |event: KeyboardEvent| {
            let command = event.ctrl_key() || event.meta_key();
            match event.key().as_str() {
                "Enter" if command => this.dispatch.dispatch(Action::AnalyseNow),
                "s" | "S" if command && !event.shift_key() && !event.alt_key() => {
                    share_link(&this, &state.text, &state.settings);
                }
                "F8" if event.shift_key() => this.dispatch.dispatch(Action::PreviousProblem),
                "F8" => this.dispatch.dispatch(Action::NextProblem),
                "?" if !command && !page::is_typing(&event) => {
                    this.dispatch.dispatch(Action::Open(Panel::Keys));
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        }));
        move || drop(listener)
    });
}
