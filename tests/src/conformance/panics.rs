//! A panic of the engine is a miss of one unit, never the end of a run.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The value, or the panic's message with its place.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        std::panic::set_hook(Box::new(|info| LAST.with(|last| *last.borrow_mut() = info.to_string())));
    });
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| LAST.with(|last| last.borrow().clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_kept() {
        assert_eq!(caught(|| 3), Ok(3));
        let message = caught(|| assert_eq!(1, 2, "one is not two")).unwrap_err();
        assert!(message.contains("panics.rs") && message.contains("one is not two"), "{message}");
    }
}
