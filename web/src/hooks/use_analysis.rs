//! Keeps a worker and asks it about every revision, but not while the user is still typing.

use gloo::timers::callback::Timeout;
use yew::{Callback, UseReducerHandle, hook, use_effect_with, use_mut_ref};

use crate::platform::worker::{Analyst, Reply};
use crate::state::{Action, State, Trouble};

/// The pause after which typing counts as finished, in milliseconds.
const PAUSE: u32 = 200;

/// Analyses each revision of the state.
#[hook]
pub(crate) fn use_analysis(state: &UseReducerHandle<State>) {
    let dispatch = state.dispatcher();
    let analyst = use_mut_ref(move || {
        Analyst::new(Callback::from(move |reply| {
            dispatch.dispatch(match reply {
                Reply::Report(revision, report) => Action::Answered(revision, report),
                Reply::Trouble(revision, trouble) => Action::Failed(revision, trouble),
            });
        }))
    });
    let hurried = use_mut_ref(|| 0);
    let state = state.clone();
    use_effect_with((state.revision, state.hurry), move |&(revision, hurry)| {
        let pause = if hurried.replace(hurry) == hurry { PAUSE } else { 0 };
        let wanted = !matches!(state.trouble, Some(Trouble::TooLarge(_)));
        let timer = wanted.then(|| {
            Timeout::new(pause, move || {
                let input = state.settings.input(&state.text, state.pod.as_deref());
                analyst.borrow().ask(revision, &input);
            })
        });
        move || drop(timer)
    });
}
