//! The answers that the build prepares: what an example of the menu shows needs no engine.

use js_sys::{Promise, Uint8Array};
use rules::Report;
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
            Answer::Help(..) => None,
        });
    settled(&prepared(example.name()), report);
}

#[wasm_bindgen]
extern "C" {
    /// Set by web/js/boot.js, which knows the release.
    #[wasm_bindgen(js_namespace = podreach)]
    fn prepared(name: &str) -> Promise;
}
