//! Copying text.

use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::window;
use yew::Callback;

/// Copies a text and tells whether the browser let it.
pub(crate) fn copy(text: &str, done: Callback<bool>) {
    // Pages without a secure context have no clipboard at all, whatever the type says.
    let clipboard = window()
        .map(|window| window.navigator())
        .and_then(|navigator| js_sys::Reflect::get(&navigator, &"clipboard".into()).ok())
        .filter(|clipboard| !clipboard.is_undefined());
    if clipboard.is_none() {
        done.emit(false);
        return;
    }
    let Some(window) = window() else { return };
    let failed = done.clone();
    let copied = Closure::once(move |_: JsValue| done.emit(true));
    let refused = Closure::once(move |_: JsValue| failed.emit(false));
    let _ = window.navigator().clipboard().write_text(text).then2(&copied, &refused);
    // One of the two is called once, later.
    copied.forget();
    refused.forget();
}
