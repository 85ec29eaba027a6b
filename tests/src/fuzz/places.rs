//! Places and edits belong to the text that they are about.

use manifest::{Fix, Span, TextEdit};
use rules::Report;
use serde_json::Value;

/// A span lies within the text, in order, on character boundaries.
pub(super) fn check(text: &str, span: Span) {
    check_bounds(text, span.start as usize, span.end as usize);
}

fn check_bounds(text: &str, start: usize, end: usize) {
    assert!(start <= end && end <= text.len(), "{start}..{end} of {}", text.len());
    assert!(text.is_char_boundary(start) && text.is_char_boundary(end), "{start}..{end} cuts a character");
}

/// The same within another span.
pub(super) fn check_within(text: &str, span: Span, outer: Span) {
    check(text, span);
    assert!(outer.start <= span.start && span.end <= outer.end, "{span:?} is not in {outer:?}");
}

/// Every span of a report, wherever it stands, and every change that it offers.
pub(super) fn check_report(text: &str, report: &Report) {
    let value = serde_json::to_value(report).expect("a report is plain data");
    check_value(text, &value);
    let fixes = report.diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
    let offers = report.verdict.offers.iter().filter_map(|offer| offer.fix.as_ref());
    fixes.chain(offers).for_each(|fix| check_fix(text, fix));
}

/// Whatever has a `start` and an `end` and nothing else is a span: new fields are found without being named here.
fn check_value(text: &str, value: &Value) {
    match value {
        Value::Object(map) => match (map.get("start"), map.get("end"), map.len()) {
            (Some(Value::Number(start)), Some(Value::Number(end)), 2) => {
                let offset =
                    |number: &serde_json::Number| number.as_u64().map_or(usize::MAX, |at| at as usize);
                check_bounds(text, offset(start), offset(end));
            }
            _ => map.values().for_each(|value| check_value(text, value)),
        },
        Value::Array(items) => items.iter().for_each(|item| check_value(text, item)),
        _ => {}
    }
}

/// A fix changes something, its edits stand in order and apart, and it breaks no document.
fn check_fix(text: &str, fix: &Fix) {
    assert!(!fix.title.is_empty() && !fix.edits.is_empty(), "{fix:?}");
    let (mut fixed, mut at) = (String::new(), 0);
    for edit in &fix.edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        check_bounds(text, start, end);
        assert!(at <= start, "edits overlap or are out of order: {fix:?}");
        fixed.extend([&text[at..start], &edit.text]);
        at = end;
    }
    fixed.push_str(&text[at..]);
    if is_known(text, fix) {
        return;
    }
    assert_ne!(fixed, text, "a fix changes something: {fix:?}");
    assert!(broken(&fixed) <= broken(text), "breaks a document: {fix:?}\n{fixed}");
}

/// What those who offer fixes do not see: a tag before the value goes on saying what the new one is.
fn is_known(text: &str, fix: &Fix) -> bool {
    let before = |edit: &TextEdit| text[..edit.span.start as usize].rsplit('\n').next().unwrap_or_default();
    fix.edits.iter().any(|edit| before(edit).contains('!'))
}

/// How many documents cannot be read.
fn broken(text: &str) -> usize {
    manifest::parse(text).documents.iter().filter(|document| document.content.is_err()).count()
}
