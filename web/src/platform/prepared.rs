//! What lies beside the page and is fetched when somebody asks for it: the prepared answers about the examples, and the
//! explanations of the diagnostic codes.

use js_sys::{Promise, Uint8Array};
use rules::{Lang, Report};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::Callback;

use super::promise::settled;
use crate::examples::Example;
use crate::protocol::{self, Answer};

/// Fetches the report on an example; `None` when it is not there or of another release.
pub(crate) fn read(example: Example, done: &Callback<Option<Box<Report>>>) {
    let report =
        done.reform(|bytes: Option<JsValue>| match protocol::read(&Uint8Array::new(&bytes?).to_vec())? {
            Answer::Report(_, report) => Some(report),
            Answer::Help(..) | Answer::Found(..) => None,
        });
    settled(&fetched(&format!("answers/{}.bin", example.name())), report);
}

/// Fetches what a diagnostic code means, in Markdown; `None` when it cannot be had.
pub(crate) fn explanation(code: &str, lang: Lang, done: &Callback<Option<String>>) {
    let folder = match lang {
        Lang::En => "explanations",
        Lang::Zh => "explanations/zh",
    };
    let text =
        done.reform(|bytes: Option<JsValue>| String::from_utf8(Uint8Array::new(&bytes?).to_vec()).ok());
    settled(&fetched(&format!("{folder}/{code}.md")), text);
}

#[wasm_bindgen]
extern "C" {
    /// Set by web/js/boot.js, which knows the release.
    #[wasm_bindgen(js_namespace = podreach)]
    fn fetched(path: &str) -> Promise;
}
