//! Every case below `suite/`, and inputs that are too large or too odd to be files.

use rules::{Input, Report, analyze};
use tests::suite::{cases, check};

#[test]
fn cases_end_as_they_say() {
    let mut wrong = Vec::new();
    for (name, case) in cases() {
        let found = case.map_or_else(|error| vec![error], |case| check(&case, &case.report()));
        wrong.extend(found.into_iter().map(|difference| format!("{name}: {difference}")));
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The report on a text; strict as kubectl is.
fn report(text: impl Into<String>) -> Report {
    analyze(&Input { text: text.into(), strict: true, ..Input::default() })
}

#[test]
fn empty_text_is_no_object() {
    for text in ["", "\n\n", "---\n", "# nothing\n"] {
        let report = report(text);
        assert_eq!(report.pods_total, 0);
        assert_eq!(report.kubectl.stderr, ["error: no objects passed to apply"], "{text:?}");
    }
}

/// Unoptimised builds take a smaller crowd: it is larger than the cluster all the same.
const REPLICAS: u32 = if cfg!(debug_assertions) { 2_000 } else { 100_000 };

#[test]
fn more_replicas_than_anybody_has_room_for_are_counted() {
    let text = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  replicas: {REPLICAS}\n  \
         selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    \
         spec: {{containers: [{{name: web, image: nginx}}]}}\n"
    );
    let report = report(text);
    assert_eq!(report.pods_total, report.verdict.running + report.verdict.pending);
    assert_eq!(report.verdict.running, 4 * 110, "as many as the nodes take");
    assert!(report.pods.len() <= rules::MAX_LISTED_PODS);
}

#[test]
fn a_large_paste_is_answered() {
    let mut map = String::new();
    for index in 0.. {
        if map.len() >= 2 << 20 {
            break;
        }
        map.extend(["  key-", &index.to_string(), ": 1\n"]);
    }
    let report = report(format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: big}}\ndata:\n{map}"));
    assert_eq!(report.kubectl.exit, 1, "values must be strings, and a ConfigMap holds a megabyte");
    assert!(!report.diagnostics.is_empty());
}

#[test]
fn garbage_is_an_error_and_no_more() {
    let binary: String = (0..4096_u32)
        .filter_map(|index| char::from_u32(index.wrapping_mul(2_654_435_761) % 0xd7ff))
        .collect();
    let doubled = |name: char| {
        let before = ["*", &char::from(name as u8 - 1).to_string()].concat();
        format!("{name}: &{name} [{}]\n", vec![before; 9].join(", "))
    };
    let bomb = std::iter::once("a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain(('b'..='k').map(doubled))
        .collect();
    let deep = "[".repeat(100_000);
    for text in [binary, bomb, deep] {
        let report = report(text);
        assert_eq!((report.kubectl.exit, report.pods_total), (1, 0));
        assert!(!report.kubectl.stderr.is_empty() && !report.diagnostics.is_empty());
    }
}
