//! The link in the address, unpacked by web/js/link.js: the browser's own code for zlib data saves 20 KB of wasm.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use yew::Callback;

use super::page;
use super::promise::settled;
use crate::share::{self, Fragment, Link, LinkError, MAX_UNPACKED};

/// What the address asks for; `None` when it has no fragment.
pub(crate) type Linked = Option<Result<Link, LinkError>>;

/// Reads the link in the address.
pub(crate) fn read(done: &Callback<Linked>) {
    let fragment = page::fragment();
    if fragment.is_empty() {
        return done.emit(None);
    }
    let (packed, story) = match share::decode(&fragment) {
        Ok(Fragment::Packed(packed, story)) => (packed, story),
        Ok(Fragment::Open(link)) => return done.emit(Some(Ok(*link))),
        Err(error) => return done.emit(Some(Err(error))),
    };
    let opened = done.reform(move |data: Option<JsValue>| {
        Some(match data {
            None => Err(LinkError::Damaged),
            Some(data) if data.is_null() => Err(LinkError::TooLarge),
            Some(data) => share::open(&Uint8Array::new(&data).to_vec(), story),
        })
    });
    settled(&inflate(&packed, MAX_UNPACKED as u32), opened);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = podreach)]
    fn inflate(data: &[u8], limit: u32) -> Promise;
}
