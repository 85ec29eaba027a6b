//! The list below the editor.

use yew::{Html, Properties, component, html};

use super::item::ProblemItem;
use crate::hooks::use_page;
use crate::shared::Shared;
use crate::state::Answer;

/// More are counted, not listed.
const MAX_LISTED: usize = 100;

/// Properties of [`Problems`].
#[derive(PartialEq, Properties)]
pub(crate) struct ProblemsProps {
    /// The newest answer.
    pub(crate) answer: Option<Shared<Answer>>,
    /// It is about the very text in the editor, so that its fixes fit.
    pub(crate) fixable: bool,
}

/// The list of problems.
#[component]
pub(crate) fn Problems(props: &ProblemsProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let count = props.answer.as_ref().map_or(0, |answer| answer.report.diagnostics.len());
    html! {
        <section class="problems" aria-labelledby="problems-title" data-testid="problems">
            <h2 id="problems-title">{ (t.problems)(count) }</h2>
            if let Some(answer) = &props.answer {
                if count == 0 {
                    <p class="quiet">{ t.no_problems }</p>
                } else {
                    <ul tabindex="0" aria-labelledby="problems-title">
                        { for (0..count.min(MAX_LISTED)).map(|index| html! {
                            <ProblemItem key={index} answer={answer.clone()} {index} fixable={props.fixable} />
                        }) }
                        if count > MAX_LISTED {
                            <li class="quiet">{ (t.more)(count - MAX_LISTED) }</li>
                        }
                    </ul>
                }
            }
        </section>
    }
}
