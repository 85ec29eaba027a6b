//! The verdict: read first, by eyes and by screen readers.

use rules::{Severity, Verdict, words};
use yew::{Html, Properties, component, html};

use super::offer::OfferItem;
use crate::hooks::use_page;
use crate::shared::Shared;
use crate::state::{Action, Answer, Trouble};

/// Properties of [`VerdictPane`].
#[derive(PartialEq, Properties)]
pub(crate) struct VerdictPaneProps {
    /// The newest answer.
    pub(crate) answer: Option<Shared<Answer>>,
    /// The answer that the tabs show.
    pub(crate) shown: Option<Shared<Answer>>,
    /// An answer is on its way.
    pub(crate) busy: bool,
    /// There will be none.
    pub(crate) trouble: Option<Trouble>,
    /// Nodes as they are set.
    pub(crate) nodes: u32,
    /// The newest answer is about the very text in the editor, so that its offers fit.
    pub(crate) takes: bool,
}

/// The sentence and the offers.
#[component]
pub(crate) fn VerdictPane(props: &VerdictPaneProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let (mood, sentence, hint) = match (&props.trouble, &props.answer) {
        (Some(trouble), _) => (Mood::Bad, t.trouble(*trouble), None),
        (None, None) => (Mood::Quiet, t.analysing.to_owned(), None),
        (None, Some(answer)) if is_empty(answer) => {
            (Mood::Quiet, t.nothing_yet.to_owned(), Some(t.nothing_yet_hint))
        }
        (None, Some(answer)) => {
            let older = props.shown.as_ref().is_some_and(|shown| shown.revision != answer.revision);
            let verdict = &answer.report.verdict;
            (mood(verdict, answer), words::verdict(verdict, page.lang), older.then_some(t.older_result))
        }
    };
    let offers = props
        .answer
        .as_ref()
        .filter(|_| props.trouble.is_none())
        .filter(|answer| !answer.report.verdict.offers.is_empty());
    html! {
        <section class={yew::classes!("verdict", mood.class(), props.busy.then_some("busy"))}>
            <div class="verdict-line">
                <span class="verdict-sign" aria-hidden="true">{ mood.sign() }</span>
                <div role="status" aria-live="polite" data-testid="verdict" data-busy={props.busy.to_string()}>
                    <p class="verdict-text">{ sentence }</p>
                    if let Some(hint) = hint { <p class="quiet">{ hint }</p> }
                </div>
                if matches!(props.trouble, Some(Trouble::Overdue | Trouble::Crashed | Trouble::NoWorker)) {
                    <button type="button" class="button" onclick={page.on(|| Action::AnalyseNow)} data-testid="retry">{ t.try_again }</button>
                }
                <span class="spinner" aria-hidden="true"></span>
            </div>
            if let Some(answer) = offers {
                <h2 class="offers-title">{ t.offers }</h2>
                <ul class="offers">
                    { for (0..answer.report.verdict.offers.len()).map(|index| html! {
                        <OfferItem key={index} answer={answer.clone()} {index} nodes={props.nodes} takes={props.takes} />
                    }) }
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

/// There is nothing in the text that could be placed, and nothing wrong with it either.
fn is_empty(answer: &Answer) -> bool {
    answer.text.trim().is_empty()
}
