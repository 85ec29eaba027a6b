//! The verdict: read first, by eyes and by screen readers.

use rules::{Severity, Verdict, words};
use yew::{Html, html};

use super::offer::offer_item;
use crate::page::Page;
use crate::state::{Action, Answer, State, Trouble};

/// The sentence and the offers.
pub(crate) fn verdict_pane(page: &Page, state: &State) -> Html {
    let (answer, shown, busy) = (state.answer.as_ref(), state.shown.as_ref(), state.busy());
    let t = page.texts();
    let (mood, sentence, hint) = match (state.trouble, answer) {
        (Some(trouble), _) => (Mood::Bad, t.trouble(trouble), None),
        (None, None) => (Mood::Quiet, t.analysing.to_owned(), None),
        (None, Some(answer)) if is_empty(answer) => {
            (Mood::Quiet, t.nothing_yet.to_owned(), Some(t.nothing_yet_hint))
        }
        (None, Some(answer)) => {
            let older = shown.is_some_and(|shown| shown.revision != answer.revision);
            let verdict = &answer.report.verdict;
            (mood(verdict, answer), words::verdict(verdict, page.lang), older.then_some(t.older_result))
        }
    };
    let takes = state.current().is_some();
    let offers =
        answer.filter(|_| state.trouble.is_none()).filter(|answer| !answer.report.verdict.offers.is_empty());
    html! {
        <section class={yew::classes!("verdict", mood.class(), busy.then_some("busy"))}>
            <div class="verdict-line">
                <span class="verdict-sign" aria-hidden="true">{ mood.sign() }</span>
                <div role="status" aria-live="polite" data-testid="verdict" data-busy={busy.to_string()}>
                    <p class="verdict-text">{ sentence }</p>
                    if let Some(hint) = hint { <p class="quiet">{ hint }</p> }
                </div>
                if matches!(state.trouble, Some(Trouble::Overdue | Trouble::Crashed | Trouble::NoWorker)) {
                    <button type="button" class="button" onclick={page.on(|| Action::AnalyseNow)} data-testid="retry">{ t.try_again }</button>
                }
                <span class="spinner" aria-hidden="true"></span>
            </div>
            if let Some(answer) = offers {
                <h2 class="offers-title">{ t.offers }</h2>
                <ul class="offers">
                    { for (0..answer.report.verdict.offers.len()).map(|index| offer_item(page, answer, index, state.settings.cluster.nodes, takes)) }
                </ul>
            }
        </section>
    }
}

/// Colour and sign of the verdict.
#[derive(Clone, Copy)]
enum Mood {
    Good,
    Warning,
    Bad,
    Quiet,
}

impl Mood {
    fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
            Self::Quiet => "quiet-mood",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Warning => "!",
            Self::Bad => "✕",
            Self::Quiet => "…",
        }
    }
}

fn mood(verdict: &Verdict, answer: &Answer) -> Mood {
    let broken =
        verdict.errors > 0 || answer.report.diagnostics.iter().any(|found| found.severity == Severity::Error);
    match verdict {
        _ if broken => Mood::Bad,
        Verdict { running: 0, pending: 1.., .. } => Mood::Bad,
        Verdict { pending: 0, crashing: 0, refused: 0, .. } => Mood::Good,
        _ => Mood::Warning,
    }
}

/// Nothing that could be placed was written yet: no text, or comments only.
fn is_empty(answer: &Answer) -> bool {
    let diagnostics = &answer.report.diagnostics;
    answer.text.trim().is_empty() || matches!(&diagnostics[..], [only] if only.code == "no-objects")
}
