//! messages: the PodScheduled message of every Pending pod, word for word. One Pending pod is one unit.
//!
//! The messages come from the replay (see [`super::replay`]); those of pods that the scheduler never tried, gated ones
//! for example, from our own run.

use std::collections::BTreeMap;

use super::record::Record;
use super::score::{Outcome, sides};

/// Compares the Pending pods of a stage; `ours` holds our message by namespace/name of the recorded pod.
pub(super) fn compare(stage: &str, recorded: &Record, ours: &BTreeMap<String, Option<String>>) -> Outcome {
    let mut outcome = Outcome::default();
    for pod in recorded.pods.iter().filter(|pod| pod.is_pending()) {
        let show = |message: Option<&String>| message.cloned().unwrap_or_else(|| "(no condition)".into());
        let difference = match ours.get(&pod.key()) {
            None => Some(sides("message", show(pod.message.as_ref()), "(no such pod)")),
            Some(message) if *message == pod.message => None,
            Some(message) => Some(sides("message", show(pod.message.as_ref()), show(message.as_ref()))),
        };
        outcome.count(format!("{stage}, Pod {}", pod.key()), difference);
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::record::Pod;

    fn pending(message: Option<&str>) -> Record {
        let pod = Pod {
            namespace: "a".into(),
            name: "b".into(),
            phase: "Pending".into(),
            message: message.map(str::to_owned),
            ..Pod::default()
        };
        Record { pods: vec![pod.clone(), Pod { phase: "Running".into(), ..pod }], ..Record::default() }
    }

    #[test]
    fn only_pending_pods_count_and_every_word_does() {
        let ours = |message: Option<&str>| BTreeMap::from([("a/b".to_owned(), message.map(str::to_owned))]);
        let matched = |recorded: Option<&str>, ours: &BTreeMap<_, _>| {
            let tally = compare("stage 0", &pending(recorded), ours).tally;
            (tally.matched, tally.total)
        };
        assert_eq!(matched(Some("full"), &ours(Some("full"))), (1, 1));
        assert_eq!(matched(None, &ours(None)), (1, 1));
        assert_eq!(matched(Some("full"), &ours(Some("full."))), (0, 1));
        assert_eq!(matched(Some("full"), &ours(None)), (0, 1));
        assert_eq!(matched(Some("full"), &BTreeMap::new()), (0, 1));
    }
}
