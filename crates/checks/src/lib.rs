//! Advice beyond what the API server says: what is accepted and yet will not do what its author expects.
//!
//! One file per code, each with its wording, its explanation (`docs/CODE.md`, also shown in the page) and its tests.
//! Entered through [`run`]. Everything is decided from the stored objects; where pods land is the scheduler's business.

mod autoscaler_target_missing;
mod budget_selects_nothing;
mod context;
mod explanations;
mod host_network_dns;
mod host_network_instead;
mod host_network_undeclared_port;
mod host_port_clash;
mod ingress_backend_missing;
mod load_balancer_pending;
mod request_exceeds_nodes;
mod rollout_stuck;
mod selector_matches_nothing;
mod target_port_missing;

#[cfg(test)]
mod test_support;

use api::server::Store;
use manifest::{Diagnostic, Lang, Severity, Span, Text};

pub use context::Context;
pub use explanations::explanation;

/// One piece of advice: its texts. What looks for it lies apart in `RUNS`, and the longer words in `EXPLAINED`: the page
/// words what it is told, and none of the code that finds it belongs into its wasm.
#[derive(Debug)]
pub struct Check {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// Weight of its diagnostics.
    pub severity: Severity,
    /// The message.
    pub message: Text,
}

/// Looks for what a check is about.
type Run = fn(&Context, &mut Findings);

/// One line a check, whatever it is read for.
macro_rules! checks {
    ($($check:ident)*) => {
        /// All checks, in the order in which they run.
        pub const ALL: &[&Check] = &[$(&$check::CHECK),*];
        /// What runs, in order.
        const RUNS: &[(&Check, Run)] = &[$((&$check::CHECK, $check::RUN)),*];
        /// What each check means and what to do, in Markdown.
        const EXPLAINED: &[(&Check, Text)] = &[$((&$check::CHECK, $check::EXPLANATION)),*];
    };
}

checks! {
    selector_matches_nothing
    target_port_missing
    ingress_backend_missing
    host_port_clash
    host_network_undeclared_port
    host_network_dns
    host_network_instead
    load_balancer_pending
    budget_selects_nothing
    autoscaler_target_missing
    rollout_stuck
    request_exceeds_nodes
}

/// Whether something gives addresses to LoadBalancer Services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadBalancerProvider {
    /// Nothing does.
    Absent,
    /// Something does.
    Present,
}

/// Runs all checks over the stored objects.
pub fn run(store: &Store, load_balancer: LoadBalancerProvider) -> Vec<Diagnostic> {
    let context = Context::new(store, load_balancer);
    let mut diagnostics = Vec::new();
    for (check, run) in RUNS {
        run(&context, &mut Findings { check, diagnostics: &mut diagnostics });
    }
    diagnostics
}

/// The check of a code.
pub fn find(code: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.code == code)
}

/// The message of a diagnostic in one language: advice is translated, Kubernetes' own texts stay as they are.
pub fn message(diagnostic: &Diagnostic, lang: Lang) -> String {
    match find(&diagnostic.code) {
        Some(check) => check.message.format(lang, &diagnostic.args),
        None => diagnostic.message.clone(),
    }
}

/// Collects what one check finds.
struct Findings<'a> {
    check: &'static Check,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Findings<'_> {
    /// Adds a finding at a place; `args` fill the placeholders of the message.
    fn add<const N: usize>(&mut self, span: Option<Span>, args: [String; N]) {
        let Check { code, severity, message, .. } = self.check;
        let mut diagnostic = Diagnostic::new(*code, *severity, message.format(Lang::En, &args), span);
        diagnostic.args = args.into();
        self.diagnostics.push(diagnostic);
    }
}

/// What lies in `docs/CODE.md` and `docs/zh/CODE.md`.
macro_rules! docs {
    ($code:literal) => {
        manifest::Text {
            en: include_str!(concat!("../docs/", $code, ".md")),
            zh: include_str!(concat!("../docs/zh/", $code, ".md")),
        }
    };
}
use docs;

/// A [`Check`] whose explanation lies in `docs/CODE.md` and `docs/zh/CODE.md`.
macro_rules! check {
    ($code:literal, $severity:ident, en: $en:literal, zh: $zh:literal $(,)?) => {
        #[doc = include_str!(concat!("../docs/", $code, ".md"))]
        pub(crate) const CHECK: crate::Check = crate::Check {
            code: $code,
            severity: manifest::Severity::$severity,
            message: manifest::Text { en: $en, zh: $zh },
        };
        pub(crate) const EXPLANATION: manifest::Text = crate::docs!($code);
        pub(crate) const RUN: crate::Run = run;
    };
}
use check;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_is_worded_and_explained_in_every_language() {
        let mut codes: Vec<_> = ALL.iter().map(|check| check.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len(), "codes are unique");
        for (check, explanation) in EXPLAINED {
            for text in [check.message, *explanation] {
                assert!(
                    !text.en.trim().is_empty() && text.zh.chars().any(|c| c > '\u{2e80}'),
                    "{}",
                    check.code
                );
            }
        }
    }
}
