//! Texts of custom resources: length, `pattern` and `format`.

use manifest::Tree;
use regex_lite::RegexBuilder;

use super::custom::limit;
use super::errors::Errors;
use super::field::Field;
use super::{codes, ip};
use crate::decode::is_time;
use crate::server::quote;

/// The compiled size of a pattern, and the length of a text that is matched with it, both in bytes: their product is the time.
/// Longer texts count as matching.
const MAX_PATTERN: usize = 1 << 18;
const MAX_MATCHED: usize = 1 << 14;

/// Checks a text as the OpenAPI validator does: the first of its lengths and pattern that does not fit, and the format.
pub(super) fn check(errors: &mut Errors, schema: &Tree, field: &Field<'_>, text: &str) {
    let length = text.chars().count();
    let pattern = schema.str_at(&["pattern"]);
    let report = |errors: &mut Errors, detail: &str| {
        errors.invalid(field, codes::FORMAT, &field.quoted(), &format!("{} in body {detail}", field.path()));
    };
    if let Some(most) = limit(schema, "maxLength").filter(|&most| length > most) {
        errors.too_long(field, most);
    } else if let Some(least) = limit(schema, "minLength").filter(|&least| length < least) {
        report(errors, &format!("should be at least {least} chars long"));
    } else if !pattern.is_empty() && !matches(pattern, text) {
        report(errors, &format!("should match '{pattern}'"));
    }
    let format = schema.str_at(&["format"]);
    if !is_of(format, text) {
        report(errors, &format!("must be of type {format}: {}", quote(text)));
    }
}

/// Whether the pattern is found in the text. One that cannot be compiled, as it uses what only Go knows, is found in every text.
fn matches(pattern: &str, text: &str) -> bool {
    text.len() > MAX_MATCHED
        || RegexBuilder::new(pattern)
            .size_limit(MAX_PATTERN)
            .build()
            .map_or(true, |pattern| pattern.is_match(text))
}

/// Whether the text is of a format that apiextensions knows (`k8s.io/apiextensions-apiserver/pkg/apiserver/validation/formats.go`).
///
/// DIFFERENCE: addresses of people and pages, names of hosts, numbers of books, cards and colours, and durations are not looked at.
fn is_of(format: &str, text: &str) -> bool {
    let groups = |lengths: &[usize]| {
        let parts: Vec<&str> = text.split('-').collect();
        parts.iter().map(|part| part.len()).eq(lengths.iter().copied())
            && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
    };
    match format {
        "date-time" | "datetime" => is_time(text),
        "date" => is_time(&format!("{text}T00:00:00Z")),
        "ipv4" => ip::parse(text).is_some_and(|parsed| parsed.address.is_ipv4()),
        "ipv6" => ip::parse(text).is_some_and(|parsed| parsed.address.is_ipv6()),
        "cidr" => ip::parse_cidr(text).is_some(),
        "byte" => manifest::base64::decode(text).is_ok(),
        "uuid" => groups(&[8, 4, 4, 4, 12]),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_their_texts() {
        for (format, text, expected) in [
            ("date-time", "2026-11-26T01:02:03Z", true),
            ("date-time", "2026-11-26T01:02:03.5+01:00", true),
            ("date-time", "2026-11-26", false),
            ("date", "2026-02-28", true),
            ("date", "2026-02-30", false),
            ("ipv4", "10.0.0.1", true),
            ("ipv4", "fd00::1", false),
            ("ipv6", "fd00::1", true),
            ("cidr", "10.0.0.0/8", true),
            ("cidr", "10.0.0.0", false),
            ("byte", "YQ==", true),
            ("byte", "?", false),
            ("uuid", "2caa0bf4-8453-11e8-b7bc-42010a8000a5", true),
            ("uuid", "2caa0bf4", false),
            ("password", "anything", true),
        ] {
            assert_eq!(is_of(format, text), expected, "{format} {text}");
        }
    }

    #[test]
    fn patterns_are_found_anywhere_and_take_no_time() {
        assert!(matches("b+", "abba"));
        assert!(!matches("^b+$", "abba"));
        assert!(matches("(unclosed", "anything"), "the definition is at fault, not the text");
        assert!(matches("(a{1000}){1000}", "b"), "too large to compile");
        assert!(!matches("(a*)*b", &"a".repeat(MAX_MATCHED)));
    }
}
