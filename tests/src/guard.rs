//! Keeps one piece of work from taking the others along: a panic, an endless loop or deep nesting becomes an error.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Deep nesting in a manifest must not overflow.
const STACK: usize = 64 << 20;

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The value, or the panic's message with its place.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        std::panic::set_hook(Box::new(|info| LAST.with(|last| *last.borrow_mut() = info.to_string())));
    });
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| LAST.with(|last| last.borrow().clone()))
}

/// The value, computed in a thread of its own within `limit`. Work that does not end is left behind.
pub(crate) fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    let (send, receive) = channel();
    let run = move || drop(send.send(caught(work)));
    thread::Builder::new().stack_size(STACK).spawn(run).map_err(|error| error.to_string())?;
    match receive.recv_timeout(limit) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(format!("no answer within {} ms", limit.as_millis())),
        Err(RecvTimeoutError::Disconnected) => Err("the thread ended without an answer".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_kept() {
        assert_eq!(caught(|| 3), Ok(3));
        let message = caught(|| assert_eq!(1, 2, "one is not two")).unwrap_err();
        assert!(message.contains("guard.rs") && message.contains("one is not two"), "{message}");
    }

    #[test]
    fn endless_work_is_left_behind() {
        assert_eq!(within(Duration::from_secs(60), || 3), Ok(3));
        let (_keep, never) = channel::<()>();
        let waiting = within(Duration::from_millis(1), move || never.recv().is_ok());
        assert_eq!(waiting, Err("no answer within 1 ms".into()));
    }
}
