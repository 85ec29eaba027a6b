//! Simulated time: it stands still while anything can happen, and jumps to the next moment that matters.

use super::Simulation;

/// The longest backoff of a failed pod (SCH-RETRY-3). Later wake-ups are the five-minute retries, which find the same cluster.
const MAX_BACKOFF: u64 = 10_000;

impl Simulation {
    /// Jumps to the end of a backoff or of `minReadySeconds`; whether there was one.
    pub(super) fn pass_time(&mut self) -> bool {
        let now = self.server.now();
        let retry = self.queue.next_wakeup().filter(|&time| time <= now + MAX_BACKOFF);
        let ready = self.controllers.wake();
        let Some(next) = [retry, ready].into_iter().flatten().filter(|&time| time > now).min() else {
            return false;
        };
        self.server.advance(next - now);
        true
    }
}
