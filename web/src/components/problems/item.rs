//! One problem: a click goes to its place, and a certain fix is one click away.

use std::rc::Rc;

use rules::{Severity, words};
use yew::{Html, html};

use super::explanation::Explanation;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// Whether the text could not even be read: what the parser says needs a word of explanation.
fn is_syntax(code: &str) -> bool {
    code.starts_with("yaml-") || code.starts_with("json-")
}

/// A line of the list.
pub(crate) fn problem_item(page: &Page, answer: &Shared<Answer>, index: usize, fixable: bool) -> Html {
    let t = page.texts();
    let Some(found) = answer.report.diagnostics.get(index) else { return Html::default() };
    let (sign, class, name) = match found.severity {
        Severity::Error => ("✕", "severity error", t.error),
        Severity::Warning => ("!", "severity warning", t.warning),
        Severity::Info => ("i", "severity info", t.info),
    };
    let message = words::diagnostic(found, page.lang);
    let content = html! {
        <>
            <span {class} role="img" aria-label={name}>{ sign }</span>
            <span class="problem-message">{ message }</span>{ " " }
            <span class="problem-place">
                { &found.code }
                if let Some(span) = found.span {
                    { " · " }{ { let (line, column) = answer.place(span); (t.line_column)(line, column) } }
                }
            </span>
        </>
    };
    html! {
        <li class="problem" data-testid="problems-item">
            <div class="problem-text">
                if let Some(span) = found.span {
                    <button type="button" class="problem-jump" onclick={page.on(move || Action::Select(span))}>{ content }</button>
                } else {
                    <div class="problem-jump">{ content }</div>
                }
                <Explanation key={format!("{}{:?}", found.code, page.lang)} code={Rc::<str>::from(&*found.code)} lang={page.lang} open={is_syntax(&found.code)} title={t.explain}
                    missing={t.not_explained} />
            </div>
            if found.fix.is_some() && fixable {
                <button type="button" class="button small" title={found.fix.as_ref().map(|fix| fix.title.clone())}
                    onclick={page.on(move || Action::TakeFix(index))} data-testid="problem-fix">{ t.fix }</button>
            }
        </li>
    }
}
