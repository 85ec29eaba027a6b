//! Files that the user opens, drops or takes away.

use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlAnchorElement, HtmlInputElement, Url, window};
use yew::{Callback, DragEvent, Event, TargetCast};

use super::promise::settled;

/// Reads the file chosen in an input.
pub(crate) fn read_chosen(event: &Event, done: &Callback<Option<String>>) {
    let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
    if let Some(file) = input.files().and_then(|files| files.get(0)) {
        read(&file, done);
    }
    // The same file can be chosen again.
    input.set_value("");
}

/// Reads the first dropped file; false when something else was dropped.
pub(crate) fn read_dropped(event: &DragEvent, done: &Callback<Option<String>>) -> bool {
    let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
    file.is_some_and(|file| {
        read(&file, done);
        true
    })
}

/// Offers a text as a file.
pub(crate) fn download(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let Ok(blob) = Blob::new_with_str_sequence(&parts) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    let anchor = window()
        .and_then(|window| window.document())
        .and_then(|document| document.create_element("a").ok())
        .and_then(|anchor| anchor.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(anchor) = anchor {
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
    }
    let _ = Url::revoke_object_url(&url);
}

fn read(file: &Blob, done: &Callback<Option<String>>) {
    settled(
        file.text().unchecked_ref(),
        done.reform(|text: Option<wasm_bindgen::JsValue>| text?.as_string()),
    );
}
