//! The browser: the only files that name `web_sys`, `js_sys` or `gloo`.

pub(crate) mod clipboard;
pub(crate) mod dom;
pub(crate) mod editor;
pub(crate) mod files;
pub(crate) mod link;
pub(crate) mod page;
pub(crate) mod prepared;
mod promise;
pub(crate) mod storage;
pub(crate) mod worker;
pub(crate) mod worker_scope;
