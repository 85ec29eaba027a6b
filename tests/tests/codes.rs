//! No diagnostic code goes without an explanation in every language and a case in the suite, and none is made up in passing.

use std::collections::BTreeSet;

use rules::{Lang, words};
use tests::suite::cases;

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
        reported.extend(case.report().diagnostics.into_iter().map(|diagnostic| diagnostic.code));
        expected.extend(case.marks.into_iter().map(|mark| mark.code));
        let placeless = case.facts.into_iter().filter(|(name, _, _)| name == "error" || name == "warning");
        expected.extend(placeless.map(|(_, code, _)| code));
    }
    (expected, reported)
}

#[test]
fn every_code_has_a_case() {
    let (expected, reported) = shown();
    let codes = codes();
    let missing: Vec<_> = codes.iter().filter(|&&code| !expected.contains(code)).collect();
    assert!(missing.is_empty(), "without a case below suite/: {missing:?}");
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
