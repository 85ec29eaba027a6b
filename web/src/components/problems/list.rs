//! The list below the editor.

use yew::{Html, html};

use super::item::problem_item;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::Answer;

/// More are counted, not listed.
const MAX_LISTED: usize = 100;

/// The list of problems.
pub(crate) fn problems(page: &Page, answer: Option<&Shared<Answer>>, fixable: bool) -> Html {
    let t = page.texts();
    let count = answer.as_ref().map_or(0, |answer| answer.report.diagnostics.len());
    html! {
        <section class="problems" aria-labelledby="problems-title" data-testid="problems">
            <h2 id="problems-title">{ (t.problems)(count) }</h2>
            if let Some(answer) = answer {
                if count == 0 {
                    <p class="quiet">{ t.no_problems }</p>
                } else {
                    <ul tabindex="0" aria-labelledby="problems-title">
                        { for (0..count.min(MAX_LISTED)).map(|index| problem_item(page, answer, index, fixable)) }
                        if count > MAX_LISTED {
                            <li class="quiet">{ (t.more)(count - MAX_LISTED) }</li>
                        }
                    </ul>
                }
            }
        </section>
    }
}
