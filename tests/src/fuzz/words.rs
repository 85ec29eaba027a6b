//! Whatever a report holds can be said, in every language.

use rules::{Lang, Report, words};

/// No sentence is empty.
pub(super) fn check(report: &Report) {
    for lang in [Lang::En, Lang::Zh] {
        let said = |what: &str, text: &str| assert!(!text.trim().is_empty(), "no words for {what}");
        said("the verdict", &words::verdict(&report.verdict, lang));
        for diagnostic in &report.diagnostics {
            said(&diagnostic.code, &words::diagnostic(diagnostic, lang));
        }
        for offer in &report.verdict.offers {
            said("an offer", &words::offer(&offer.kind, lang));
        }
        for pod in &report.pods {
            said(&pod.name, &words::certainty(pod.certainty, lang));
            if let Some(blocker) = &pod.blocker {
                said("a blocker", &words::blocker(blocker, lang));
                said("a blocker in full", &words::blocker_in_full(blocker, lang));
            }
        }
        for route in &report.routes {
            said("a route", words::route_state(route.state, lang));
            route.notes.iter().for_each(|note| said("a note", &words::note(note, lang)));
        }
    }
}
