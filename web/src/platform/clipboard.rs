//! Copying text, by web/js/link.js.

use js_sys::Promise;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::Callback;

use super::promise::settled;

/// Copies a text and tells whether the browser let it.
pub(crate) fn copy(text: &str, done: &Callback<bool>) {
    settled(&copy_text(text), done.reform(|copied: Option<_>| copied.is_some()));
}

/// Packs data, copies the text that is made of it, and tells whether the browser let it.
pub(crate) fn copy_packed(
    data: &[u8],
    name: impl FnOnce(Vec<u8>) -> String + 'static,
    done: &Callback<bool>,
) {
    let name = Closure::once(name);
    settled(&copy_packed_text(data, &name), done.reform(|copied: Option<_>| copied.is_some()));
    // It is called once, later.
    name.forget();
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = podreach, js_name = copy)]
    fn copy_text(text: &str) -> Promise;

    #[wasm_bindgen(js_namespace = podreach, js_name = copyPacked)]
    fn copy_packed_text(data: &[u8], name: &Closure<dyn FnMut(Vec<u8>) -> String>) -> Promise;
}
