//! SchedulingGates: gated pods never reach the active queue (SCH-GATE rules).

use api::types::PodSpec;

/// The message for a gated pod; `None` when nothing holds it back (SCH-GATE-1).
pub(crate) fn pre_enqueue(spec: &PodSpec) -> Option<String> {
    let gates = &spec.scheduling_gates;
    (!gates.is_empty()).then(|| format!("waiting for scheduling gates: [{}]", gates.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_order() {
        let message = |gates: &[&str]| {
            let scheduling_gates = gates.iter().map(ToString::to_string).collect();
            pre_enqueue(&PodSpec { scheduling_gates, ..PodSpec::default() })
        };
        assert_eq!(message(&[]), None);
        assert_eq!(message(&["b", "a"]).as_deref(), Some("waiting for scheduling gates: [b a]"));
    }
}
