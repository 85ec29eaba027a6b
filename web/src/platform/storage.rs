//! What the browser keeps for the next visit. Every browser has a mode without storage: nothing here may be relied on.

use web_sys::{Storage, window};

/// A saved value.
pub(crate) fn get(key: &str) -> Option<String> {
    storage()?.get_item(&name(key)).ok()?
}

/// Saves; false when the browser refuses.
pub(crate) fn set(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(&name(key), value).is_ok())
}

/// Forgets a value.
pub(crate) fn remove(key: &str) {
    if let Some(storage) = storage() {
        // What cannot be removed was never saved.
        let _ = storage.remove_item(&name(key));
    }
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// Other pages of the same host share the storage.
fn name(key: &str) -> String {
    format!("podreach.{key}")
}
