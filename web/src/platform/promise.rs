//! What a promise comes to.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use yew::Callback;

/// Tells what the promise brought; `None` when it was broken.
pub(super) fn settled(promise: &Promise, done: Callback<Option<JsValue>>) {
    let failed = done.clone();
    let kept = Closure::once(move |value: JsValue| done.emit(Some(value)));
    let broken = Closure::once(move |_: JsValue| failed.emit(None));
    let _ = promise.then2(&kept, &broken);
    // One of the two is called once, later.
    kept.forget();
    broken.forget();
}
