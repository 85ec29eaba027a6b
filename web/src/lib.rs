//! The playground page: a Yew front end, and the Web Worker that runs `rules::analyze` beside it.
//!
//! [`state`] holds everything that the page knows, without any DOM. [`hooks`] do what the state asks for, [`components`] draw it,
//! and [`platform`] is the only place that names the browser's own interfaces.

mod app;
mod base64;
mod components;
mod edits;
mod examples;
mod hooks;
mod i18n;
mod inquiry;
mod page;
mod platform;
mod protocol;
mod settings;
mod share;
mod shared;
mod state;
mod story;
mod utf16;
mod wire;

/// Draws the page. Entry point of the `app` binary.
pub fn start_page() {
    app::start();
}

/// The answers about the examples of the menu, so that a visitor who only looks never loads the engine: the name of each and its
/// bytes, as `web/src/wire.rs` writes them. Used by the `prepare` binary.
pub fn prepared_answers() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    examples::Example::ALL.into_iter().map(|example| (example.name(), protocol::prepare(example)))
}

/// Waits for manifests to analyse. Entry point of the `worker` binary.
pub fn start_worker() {
    platform::worker_scope::serve(protocol::answer);
}
