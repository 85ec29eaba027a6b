//! The editor's place in the page: it follows the state's orders and reports what the user types.

use std::rc::Rc;

use rules::{Help, Span};
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_mut_ref, use_node_ref};

use crate::page::Page;
use crate::platform::editor::{Editor, Problem};
use crate::shared::Shared;
use crate::state::{Action, Answer, Order};

/// Properties of [`EditorPane`].
#[derive(PartialEq, Properties)]
pub(crate) struct EditorPaneProps {
    /// The page around it.
    pub(crate) page: Page,
    /// The manifest. The editor holds it too; it is taken over from here when the order says so.
    pub(crate) text: Rc<str>,
    /// The answer about this very text, once there is one.
    pub(crate) answer: Option<Shared<Answer>>,
    /// The workload that is pointed at.
    pub(crate) glow: Option<u32>,
    /// The answer to a question of the editor.
    pub(crate) help: Option<Shared<(u32, Option<Help>)>>,
    /// What to do.
    pub(crate) order: (u32, Order),
}

/// The editor.
#[component]
pub(crate) fn EditorPane(props: &EditorPaneProps) -> Html {
    let page = &props.page;
    let t = page.texts();
    let host = use_node_ref();
    let editor = use_mut_ref(|| None::<Editor>);

    {
        let (editor, host, text, dispatch) =
            (editor.clone(), host.clone(), props.text.clone(), page.dispatch.clone());
        use_effect_with((), move |()| {
            let asking = dispatch.clone();
            let asked = Callback::from(move |(number, byte)| asking.dispatch(Action::AskHelp(number, byte)));
            let typed = Callback::from(move |text| dispatch.dispatch(Action::Typed(text)));
            *editor.borrow_mut() = Editor::new(&host, &text, t.editor_words, typed, asked);
            move || *editor.borrow_mut() = None
        });
    }
    {
        let editor = editor.clone();
        use_effect_with(page.lang, move |_| {
            if let Some(editor) = &*editor.borrow() {
                editor.set_words(t.editor_words);
            }
        });
    }
    {
        let (editor, text, answer) = (editor.clone(), props.text.clone(), props.answer.clone());
        use_effect_with(props.order.clone(), move |(_, order)| {
            let editor = editor.borrow();
            let Some(editor) = editor.as_ref() else { return };
            match order {
                Order::TakeText => editor.set_text(&text),
                // A place in an older text would be somewhere else in this one.
                Order::Select(span) if answer.is_some() => editor.select(&text, *span),
                Order::Rest | Order::Select(_) => {}
                Order::NextProblem => editor.next_problem(),
                Order::PreviousProblem => editor.previous_problem(),
            }
        });
    }
    {
        let (editor, lang) = (editor.clone(), page.lang);
        use_effect_with((props.answer.clone(), lang), move |(answer, lang)| {
            let editor = editor.borrow();
            if let (Some(editor), Some(answer)) = (editor.as_ref(), answer) {
                editor.set_problems(&answer.text, &problems(answer, *lang));
            }
        });
    }
    {
        let (editor, text) = (editor.clone(), props.text.clone());
        use_effect_with(props.help.clone(), move |help| {
            if let (Some(editor), Some(help)) = (editor.borrow().as_ref(), help) {
                editor.help(&text, help.0, help.1.as_ref());
            }
        });
    }
    {
        let (editor, answer) = (editor.clone(), props.answer.clone());
        use_effect_with(props.glow, move |glow| {
            let editor = editor.borrow();
            if let (Some(editor), Some(answer)) = (editor.as_ref(), answer) {
                editor.glow(&answer.text, glow.and_then(|workload| workload_span(&answer, workload)));
            }
        });
    }
    html! { <div class="editor" ref={host} data-testid="editor"></div> }
}

fn problems(answer: &Answer, lang: rules::Lang) -> Vec<Problem> {
    let found = answer.report.diagnostics.iter();
    found
        .filter_map(|found| {
            Some(Problem {
                span: found.span?,
                severity: found.severity,
                message: rules::words::diagnostic(found, lang),
            })
        })
        .collect()
}

fn workload_span(answer: &Answer, workload: u32) -> Option<Span> {
    answer.report.workloads.get(workload as usize)?.span
}
