//! What every diagnostic means and what to do about it, in plain words: `docs/CODE.md` and `docs/zh/CODE.md`.
//!
//! Entered through [`explanation`]. The advice of this crate brings its own explanations; this table holds those of what
//! kubectl and the API server say.

use manifest::{Lang, Text};

/// The explanation of a code, in Markdown; its last line may be a link to the documentation.
pub fn explanation(code: &str, lang: Lang) -> Option<&'static str> {
    let text =
        crate::EXPLAINED.iter().find(|(check, _)| check.code == code).map(|&(_, text)| text).or_else(|| {
            let at = EXPLAINED.binary_search_by_key(&code, |(known, _)| known).ok()?;
            Some(EXPLAINED[at].1)
        });
    text.map(|text| text.get(lang).trim_end())
}

/// Reads the documents of each code.
macro_rules! explained {
    ($($code:literal)*) => {
        /// Codes and their explanations, sorted.
        const EXPLAINED: &[(&str, Text)] = &[$(($code, crate::docs!($code))),*];
    };
}

explained! {
    "bad-request"
    "base64"
    "cluster-ip"
    "conflict"
    "cron-schedule"
    "data-key"
    "deprecated"
    "duplicate-entry"
    "duplicate-env"
    "duplicate-key"
    "duplicate-port"
    "duplicate-value"
    "env-name"
    "field-conflict"
    "forbidden"
    "forbidden-field"
    "format"
    "fractional-bytes"
    "host-ip-without-host-port"
    "host-namespace"
    "hostport-conflict"
    "hostport-mismatch"
    "ignored-field"
    "image-format"
    "immutable-field"
    "ingress-backend"
    "ingress-host"
    "ingress-path"
    "ip-family"
    "ip-format"
    "ip-special"
    "job-spec"
    "json-syntax"
    "kubectl"
    "label-key"
    "label-value"
    "metadata-type"
    "mount-path"
    "name-format"
    "name-missing"
    "name-not-dns-label"
    "namespace-not-found"
    "no-objects"
    "nodeport-range"
    "nodeport-taken"
    "non-standard-address"
    "not-an-object"
    "not-text"
    "null-label-selector"
    "number-range"
    "pod-security"
    "port-name"
    "port-range"
    "priority-class"
    "probe"
    "quantity"
    "refused"
    "request-over-limit"
    "required-field"
    "resource-name"
    "security-context"
    "selector-empty"
    "selector-mismatch"
    "selector-operator"
    "service-type"
    "simulation-limit"
    "taint"
    "text-too-large"
    "time"
    "time-zone"
    "toleration"
    "too-long"
    "too-many"
    "topology-spread"
    "unknown-field"
    "unknown-kind"
    "unsupported-value"
    "update-strategy"
    "volume-not-found"
    "wrong-type"
    "yaml-alias"
    "yaml-aliasing"
    "yaml-bracket"
    "yaml-character"
    "yaml-colon"
    "yaml-control-character"
    "yaml-indent"
    "yaml-key"
    "yaml-list-indent"
    "yaml-merge"
    "yaml-nested-colon"
    "yaml-quote"
    "yaml-separator"
    "yaml-syntax"
    "yaml-tab"
    "yaml-template"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every code of this crate and of those below it.
    fn codes() -> impl Iterator<Item = &'static str> {
        let lists = [manifest::codes::ALL, api::codes::ALL, api::validation::codes::ALL];
        let advice = crate::ALL.iter().map(|check| check.code);
        lists.into_iter().flatten().copied().chain(advice)
    }

    #[test]
    fn every_code_is_explained_in_every_language() {
        for code in codes() {
            let text = |lang| explanation(code, lang).unwrap_or_else(|| panic!("{code} is not explained"));
            let (en, zh) = (text(Lang::En), text(Lang::Zh));
            assert!(en.is_ascii() && en.len() > 40, "{code}: {en}");
            assert!(zh.chars().filter(|&c| c > '\u{2e80}').count() > 15, "{code}: {zh}");
            assert!(en.len().max(zh.len()) <= 900, "{code}: too long for the page");
            let links = |text: &str| text.contains("\n<https://kubernetes.io/");
            assert_eq!(links(en), links(zh), "{code}: a link in one language only");
        }
    }

    #[test]
    fn every_explanation_belongs_to_a_code() {
        assert!(EXPLAINED.is_sorted_by(|a, b| a.0 < b.0), "the table is searched by halves");
        for (code, _) in EXPLAINED {
            assert!(
                codes().any(|known| known == *code) || *code == "simulation-limit",
                "{code} is not a code"
            );
            assert!(crate::find(code).is_none(), "{code} is advice and brings its own");
        }
        assert_eq!(explanation("no-such-code", Lang::En), None);
    }
}
