//! The binding to the editor in web/js/editor.js. Offsets cross it in UTF-16 code units; everything else counts UTF-8 bytes.

use rules::{Help, Severity, Span};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yew::{Callback, NodeRef};

use crate::utf16;

/// A live editor. Dropping it takes it out of the page.
#[derive(Debug)]
pub(crate) struct Editor {
    handle: Handle,
    /// Called by the editor as long as it lives.
    _on_change: Closure<dyn Fn(String)>,
    _on_help: Closure<dyn Fn(u32, u32)>,
}

/// A message about a span of the text.
#[derive(Debug)]
pub(crate) struct Problem {
    /// Where.
    pub(crate) span: Span,
    /// How bad.
    pub(crate) severity: Severity,
    /// What.
    pub(crate) message: String,
}

impl Editor {
    /// Puts an editor inside `host`; `None` while the host is not in the page. `words` are those of [`Editor::set_words`];
    /// `on_help` gets the number of a question and the byte that it is about.
    pub(crate) fn new(
        host: &NodeRef,
        text: &str,
        words: [&str; 5],
        on_change: Callback<String>,
        on_help: Callback<(u32, u32)>,
    ) -> Option<Self> {
        let host = host.cast::<Element>()?;
        let on_change: Closure<dyn Fn(String)> = Closure::new(move |text| on_change.emit(text));
        let on_help: Closure<dyn Fn(u32, u32)> =
            Closure::new(move |number, byte| on_help.emit((number, byte)));
        let handle = create_editor(&host, text, owned(words), &on_change, &on_help);
        Some(Self { handle, _on_change: on_change, _on_help: on_help })
    }

    /// Answers a question about `text`.
    pub(crate) fn help(&self, text: &str, number: u32, help: Option<&Help>) {
        let span = help.map(|help| help.span).unwrap_or_default();
        let (from, to) = utf16::spans(text, &[span]).first().copied().unwrap_or_default();
        let required = |required: bool| if required { "required" } else { "" }.to_owned();
        let choices = help.map_or(&[][..], |help| &help.choices).iter().flat_map(|choice| {
            [choice.label.clone(), choice.detail.clone(), choice.insert.clone(), required(choice.required)]
        });
        let about = help.and_then(|help| help.about.as_ref()).map(|about| {
            let default = about.default.clone().unwrap_or_default();
            let known = [
                about.path.clone(),
                about.type_name.clone(),
                required(about.required),
                default,
                about.link.clone(),
            ];
            known.into_iter().chain(about.values.iter().cloned()).collect()
        });
        self.handle.help(number, from, to, choices.collect(), about.unwrap_or_default());
    }

    /// Replaces the text, keeping caret and history.
    pub(crate) fn set_text(&self, text: &str) {
        self.handle.set_text(text);
    }

    /// Underlines the problems of `text`, which must be the editor's.
    pub(crate) fn set_problems(&self, text: &str, problems: &[Problem]) {
        let spans: Vec<Span> = problems.iter().map(|problem| problem.span).collect();
        let places = utf16::spans(text, &spans)
            .into_iter()
            .zip(problems)
            .flat_map(|((from, to), problem)| [from, to, problem.severity as u32])
            .collect();
        self.handle.set_problems(places, problems.iter().map(|problem| problem.message.clone()).collect());
    }

    /// Selects a span of `text` and brings it into view.
    pub(crate) fn select(&self, text: &str, span: Span) {
        for (from, to) in utf16::spans(text, &[span]) {
            self.handle.select(from, to);
        }
    }

    /// Lights up the line of a span of `text`, or none.
    pub(crate) fn glow(&self, text: &str, span: Option<Span>) {
        let offset = span.and_then(|span| utf16::spans(text, &[span]).first().copied());
        self.handle.glow(offset.map_or(-1, |(from, _)| from as i32));
    }

    /// Goes to the next problem.
    pub(crate) fn next_problem(&self) {
        self.handle.problem(true);
    }

    /// Goes to the previous problem.
    pub(crate) fn previous_problem(&self) {
        self.handle.problem(false);
    }

    /// Names the editor for screen readers, and says "required", "default", "values" and "reference" in the page's language.
    pub(crate) fn set_words(&self, words: [&str; 5]) {
        self.handle.set_words(owned(words));
    }
}

fn owned(words: [&str; 5]) -> Vec<String> {
    words.map(str::to_owned).into()
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.handle.destroy();
    }
}

#[wasm_bindgen]
extern "C" {
    #[derive(Debug)]
    type Handle;

    #[wasm_bindgen(js_namespace = podreach, js_name = createEditor)]
    fn create_editor(
        host: &Element,
        text: &str,
        words: Vec<String>,
        on_change: &Closure<dyn Fn(String)>,
        on_help: &Closure<dyn Fn(u32, u32)>,
    ) -> Handle;

    #[wasm_bindgen(method)]
    fn help(this: &Handle, number: u32, from: u32, to: u32, choices: Vec<String>, about: Vec<String>);

    #[wasm_bindgen(method, js_name = setText)]
    fn set_text(this: &Handle, text: &str);

    #[wasm_bindgen(method, js_name = setProblems)]
    fn set_problems(this: &Handle, places: Vec<u32>, messages: Vec<String>);

    #[wasm_bindgen(method)]
    fn select(this: &Handle, from: u32, to: u32);

    #[wasm_bindgen(method)]
    fn glow(this: &Handle, offset: i32);

    #[wasm_bindgen(method)]
    fn problem(this: &Handle, forward: bool);

    #[wasm_bindgen(method, js_name = setWords)]
    fn set_words(this: &Handle, words: Vec<String>);

    #[wasm_bindgen(method)]
    fn destroy(this: &Handle);
}
