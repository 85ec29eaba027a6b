//! The worker's side of the boundary.

use js_sys::Uint8Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Answers every message with what `answer` makes of it, and says so first: messages sent earlier would be lost.
pub(crate) fn serve(answer: fn(&[u8]) -> Option<Vec<u8>>) {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let replies = scope.clone();
    let on_message: Closure<dyn Fn(MessageEvent)> = Closure::new(move |event: MessageEvent| {
        let question = Uint8Array::new(&event.data()).to_vec();
        let reply = answer(&question).unwrap_or_default();
        // Bytes can always be cloned.
        let _ = replies.post_message(&Uint8Array::from(reply.as_slice()));
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // It lives as long as the worker.
    on_message.forget();
    let _ = scope.post_message(&JsValue::NULL);
}
