//! PrioritySort: the order of the active queue (SCH-QUEUE-1).

use std::cmp::Reverse;

use api::types::Uid;

/// Sorts higher priority first, then the pod that is longer in the queue, then the older pod.
pub(crate) type QueueKey = (Reverse<i32>, u64, Uid);

/// The key of a pod that entered the queue at `since` (simulated milliseconds).
pub(crate) fn key(priority: i32, since: u64, uid: Uid) -> QueueKey {
    (Reverse(priority), since, uid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priority_then_time_then_age() {
        let mut keys = [key(0, 5, Uid(1)), key(0, 4, Uid(3)), key(10, 9, Uid(4)), key(0, 4, Uid(2))];
        keys.sort_unstable();
        assert_eq!(keys.map(|(_, _, uid)| uid.0), [4, 2, 3, 1]);
    }
}
