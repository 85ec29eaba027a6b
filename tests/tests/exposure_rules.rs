//! Every rule about ways in (`EXP`, see `docs/rules.md`) has a case in `suite/reach`, or a reason why it cannot have one.
//!
//! A case names its rules in the comment that it begins with; its file is named after the first of them.

use std::collections::{BTreeMap, BTreeSet};

use tests::suite::cases;

/// The groups of rules, and the numbers in each.
const RULES: [(&str, &str); 16] = [
    ("MOD", "1-5"),
    ("POD", "1-5"),
    ("HN", "1-16"),
    ("HP", "1-11"),
    ("EP", "1-10"),
    ("NODEPORT", "1-9"),
    ("LB", "1-12"),
    ("XIP", "1-4"),
    ("ING", "1-5 10-11 20-24 30-34 40-42 50-51"),
    ("GW", "1-10"),
    ("DBG", "1-3"),
    ("NETPOL", "1-5"),
    ("URL", "1-6"),
    ("IMG", "1-2"),
    ("V6", "1-5"),
    ("SEED", "1-10"),
];

/// The test vectors, numbered on their own.
const VECTORS: (&str, &str) = ("V", "1-13");

/// Rules that no case can show, and why.
const WITHOUT_CASE: [(&str, &str); 18] = [
    ("EXP-POD-2", "containers start at once here: no image is pulled and no init container awaited"),
    ("EXP-POD-4", "pods neither finish nor linger here; the tests of the crate reach have a terminating one"),
    ("EXP-HN-3", "the host name inside a container is nothing that a report tells"),
    ("EXP-HN-4", "the network plugin of a simulated node is always ready"),
    ("EXP-HP-5", "about connections from the node itself; routes come from outside"),
    ("EXP-EP-3", "pods do not linger here; the tests of the crate reach have a terminating one"),
    ("EXP-EP-10", "which endpoint a connection gets is chance, and session affinity is not followed"),
    ("EXP-NODEPORT-3", "mode and flags of kube-proxy are in no manifest"),
    ("EXP-LB-5", "about connections from nodes and pods; routes come from outside"),
    ("EXP-LB-9", "kind and minikube are no settings; both are a cluster without provider, or with a pool"),
    ("EXP-XIP-4", "columns of kubectl get svc, which is not printed"),
    ("EXP-ING-4", "which controllers are maintained decides nothing"),
    (
        "EXP-ING-33",
        "what the process sees of a path is nothing that a report tells, and annotations are not read",
    ),
    ("EXP-ING-42", "columns of kubectl get ingress, which is not printed"),
    ("EXP-DBG-1", "how port-forward works decides nothing; see EXP-DBG-3"),
    ("EXP-DBG-2", "how kubectl proxy works decides nothing"),
    ("EXP-NETPOL-2", "whom a policy lets in is not worked out: EXP-NETPOL-5 makes it a flag"),
    ("EXP-NETPOL-4", "about probes; routes come from outside"),
];

/// All rules, by their names.
fn rules() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (group, numbers) in RULES.into_iter().chain([VECTORS]) {
        for range in numbers.split(' ') {
            let (first, last) = range.split_once('-').expect("a range");
            let numbers: std::ops::RangeInclusive<u32> =
                first.parse().expect("a number")..=last.parse().expect("a number");
            names.extend(numbers.map(|number| format!("EXP-{group}-{number}")));
        }
    }
    names
}

/// The rules that a case names: those at the beginning of its first line, up to the colon.
fn named(text: &str) -> Vec<&str> {
    let first = text.lines().next().unwrap_or("");
    let names = first.strip_prefix("# EXP-").and_then(|_| first[2..].split_once(':'));
    names.map(|(names, _)| names.split(", ").collect()).unwrap_or_default()
}

#[test]
fn every_rule_has_a_case_or_a_reason() {
    let rules = rules();
    let excused: BTreeMap<&str, &str> = WITHOUT_CASE.into_iter().collect();
    let (mut shown, mut misnamed) = (BTreeSet::new(), Vec::new());
    for (path, case) in cases() {
        let text = case.unwrap_or_else(|error| panic!("{path}: {error}")).input.text;
        let names = named(&text);
        let file = path.strip_prefix("reach/").unwrap_or("");
        if let Some(name) =
            names.first().filter(|name| !file.starts_with(&format!("{}-", name.to_lowercase())))
        {
            misnamed.push(format!("{path} begins with {name}"));
        }
        if names.is_empty() && file.starts_with("exp-") {
            misnamed.push(format!("{path} names no rule"));
        }
        shown.extend(names.into_iter().map(str::to_owned));
    }
    assert!(misnamed.is_empty(), "{misnamed:#?}");
    let unknown: Vec<&str> = shown.iter().map(String::as_str).chain(excused.keys().copied()).collect();
    let unknown: Vec<&str> = unknown.into_iter().filter(|name| !rules.contains(*name)).collect();
    assert!(unknown.is_empty(), "no such rules: {unknown:?}");
    let without: Vec<_> =
        rules.iter().filter(|name| !shown.contains(*name) && !excused.contains_key(name.as_str())).collect();
    assert!(without.is_empty(), "neither a case nor a reason: {without:?}");
    let both: Vec<_> = excused.keys().filter(|name| shown.contains(**name)).collect();
    assert!(both.is_empty(), "a case and a reason against one: {both:?}");
    assert!(excused.values().all(|reason| !reason.is_empty()));
}

#[test]
fn names_are_read_from_the_first_line() {
    assert_eq!(named("# EXP-HN-1, EXP-HN-2: prose: more\n# EXP-X-1: no"), ["EXP-HN-1", "EXP-HN-2"]);
    assert_eq!(named("# about EXP-HN-1: no"), [""; 0]);
    assert_eq!(rules().len(), 148);
}
