//! Sees to it that every revision is answered, but not while the user is still typing.
//!
//! The examples of the menu come with prepared answers. Only what somebody makes of them, or brings along, needs the engine: it is
//! loaded when a visitor first touches the page, or at the first question if that comes sooner.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use rules::Report;
use yew::{Callback, UseReducerHandle, hook, use_effect_with, use_memo, use_mut_ref};

use crate::examples::Example;
use crate::inquiry::Finding;
use crate::platform::worker::{Analyst, Reply};
use crate::platform::{files, page, prepared};
use crate::state::{Action, State, Trouble};

/// The pause after which typing counts as finished, in milliseconds.
const PAUSE: u32 = 200;

/// Analyses each revision of the state.
#[hook]
pub(crate) fn use_analysis(state: &UseReducerHandle<State>) {
    let dispatch = state.dispatcher();
    let analyst = use_memo((), move |()| {
        Analyst::new(Callback::from(move |reply| {
            dispatch.dispatch(match reply {
                Reply::Report(revision, report) => Action::Answered(revision, report),
                Reply::Help(number, help) => Action::Helped(number, help),
                Reply::Found(number, Finding::File(name, text)) => {
                    files::download(&name, &text);
                    Action::Found(number, None)
                }
                Reply::Found(number, finding) => Action::Found(number, Some(finding)),
                Reply::Trouble(revision, trouble) => Action::Failed(revision, trouble),
            });
        }))
    });
    let waking = Rc::clone(&analyst);
    use_effect_with((), move |()| {
        let listeners = page::on_touch(&Callback::from(move |()| waking.wake()));
        move || drop(listeners)
    });
    let (helper, text) = (Rc::clone(&analyst), state.text.clone());
    use_effect_with(state.question, move |question| {
        if let Some((number, offset)) = *question {
            helper.help(number, &text, offset);
        }
    });
    let (asker, asked, asking) = (Rc::clone(&analyst), use_mut_ref(|| 0), state.clone());
    use_effect_with(state.findings.asked, move |&newest| {
        let before = asked.replace(newest);
        for (number, _, inquiry) in asking.findings.open.iter().filter(|(number, ..)| *number > before) {
            asker.inquire(*number, asking.settings.input(&asking.text, None), inquiry.clone());
        }
    });
    let hurried = use_mut_ref(|| 0);
    let state = state.clone();
    use_effect_with((state.revision, state.hurry), move |&(revision, hurry)| {
        let pause = if hurried.replace(hurry) == hurry { PAUSE } else { 0 };
        let wanted = !matches!(state.trouble, Some(Trouble::TooLarge(_)));
        let timer = wanted.then(|| Timeout::new(pause, move || answer(state, revision, analyst)));
        move || drop(timer)
    });
}

/// Brings the prepared answer when there is one, and asks the worker otherwise.
fn answer(state: UseReducerHandle<State>, revision: u64, analyst: Rc<Analyst>) {
    let ask = move |state: &State| {
        analyst.ask(revision, state.settings.input(&state.text, state.pod.as_deref()));
    };
    match Example::of(&state.text, &state.settings).filter(|_| state.pod.is_none()) {
        None => ask(&state),
        Some(example) => prepared::read(
            example,
            &Callback::from(move |report: Option<Box<Report>>| match report {
                Some(report) => state.dispatch(Action::Answered(revision, report)),
                None => ask(&state),
            }),
        ),
    }
}
