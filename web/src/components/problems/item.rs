//! One problem: a click goes to its place, and a certain fix is one click away.

use rules::{Severity, words};
use yew::{Html, Properties, component, html};

use crate::hooks::use_page;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// Properties of [`ProblemItem`].
#[derive(PartialEq, Properties)]
pub(crate) struct ProblemItemProps {
    /// The answer that it is part of.
    pub(crate) answer: Shared<Answer>,
    /// Its index there.
    pub(crate) index: usize,
    /// Its fix still fits the text.
    pub(crate) fixable: bool,
}

/// A line of the list.
#[component]
pub(crate) fn ProblemItem(props: &ProblemItemProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let Some(found) = props.answer.report.diagnostics.get(props.index) else { return Html::default() };
    let (sign, class, name) = match found.severity {
        Severity::Error => ("✕", "severity error", t.error),
        Severity::Warning => ("!", "severity warning", t.warning),
        Severity::Info => ("i", "severity info", t.info),
    };
    let message = words::diagnostic(found, page.lang);
    let content = html! {
        <>
            <span {class} role="img" aria-label={name}>{ sign }</span>
            <span class="problem-message">{ message }</span>
            <span class="problem-place">
                { &found.code }
                if let Some(span) = found.span {
                    { " · " }{ { let (line, column) = props.answer.place(span); (t.line_column)(line, column) } }
                }
            </span>
        </>
    };
    let index = props.index;
    html! {
        <li class="problem" data-testid="problems-item">
            if let Some(span) = found.span {
                <button type="button" class="problem-jump" onclick={page.on(move || Action::Select(span))}>{ content }</button>
            } else {
                <div class="problem-jump">{ content }</div>
            }
            if found.fix.is_some() && props.fixable {
                <button type="button" class="button small" title={found.fix.as_ref().map(|fix| fix.title.clone())}
                    onclick={page.on(move || Action::TakeFix(index))} data-testid="problem-fix">{ t.fix }</button>
            }
        </li>
    }
}
