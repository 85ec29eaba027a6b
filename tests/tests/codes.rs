//! No diagnostic code goes without an explanation in every language and a case in the suite, and none is made up in passing.

use std::collections::BTreeSet;

use rules::{Lang, analyze, words};
use tests::suite::cases;

/// Codes that no case can show, and why.
const WITHOUT_CASE: [(&str, &str); 10] = [
    ("text-too-large", "a case of megabytes; the tests of the crate manifest have one"),
    ("not-text", "a case is text; the tests of the crate manifest have bytes"),
    ("simulation-limit", "it is about the whole, and a mark needs a place"),
    ("name-missing", "the suite applies, and apply itself misses the name first: code kubectl"),
    ("already-exists", "the suite applies; only create refuses what exists"),
    ("not-found", "only a custom resource before its definition leads there, where kubectl stops earlier"),
    ("internal-error", "thousands of Services would have to take every address or port first"),
    ("conflict", "DIFFERENCE: apply accepts an outdated resourceVersion"),
    ("invalid", "what is invalid names its fields, and each has a code of its own"),
    ("method-not-allowed", "every kind that is served here can be created"),
];

/// Every code that exists.
fn codes() -> BTreeSet<&'static str> {
    let lists = [manifest::codes::ALL, api::codes::ALL, api::validation::codes::ALL];
    let advice = checks::ALL.iter().map(|check| check.code);
    lists.into_iter().flatten().copied().chain(advice).chain(["simulation-limit"]).collect()
}

/// What the suite expects, and what is reported in its cases, expected or not.
fn shown() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut expected, mut reported) = (BTreeSet::new(), BTreeSet::new());
    for (name, case) in cases() {
        let case = case.unwrap_or_else(|error| panic!("{name}: {error}"));
        reported.extend(analyze(&case.input).diagnostics.into_iter().map(|diagnostic| diagnostic.code));
        expected.extend(case.marks.into_iter().map(|mark| mark.code));
        let errors = case.facts.into_iter().filter(|(name, _, _)| name == "error");
        expected.extend(errors.map(|(_, code, _)| code));
    }
    (expected, reported)
}

#[test]
fn every_code_has_a_case() {
    let (expected, reported) = shown();
    let excused: BTreeSet<&str> = WITHOUT_CASE.iter().map(|(code, _)| *code).collect();
    let codes = codes();
    let missing: Vec<_> =
        codes.iter().filter(|&&code| !expected.contains(code) && !excused.contains(code)).collect();
    assert!(missing.is_empty(), "without a case below suite/: {missing:?}");
    let needless: Vec<_> =
        excused.iter().filter(|&&code| expected.contains(code) || !codes.contains(code)).collect();
    assert!(needless.is_empty(), "excused, but with a case or no code at all: {needless:?}");
    let unlisted: Vec<_> = expected.union(&reported).filter(|code| !codes.contains(code.as_str())).collect();
    assert!(unlisted.is_empty(), "in no list of codes: {unlisted:?}");
}

#[test]
fn every_code_is_explained_in_every_language() {
    for code in codes() {
        for lang in [Lang::En, Lang::Zh] {
            assert!(
                words::explanation(code, lang).is_some_and(|text| !text.is_empty()),
                "{code} in {lang:?}"
            );
        }
    }
}
