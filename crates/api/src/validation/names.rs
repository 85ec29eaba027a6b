//! The formats of names, labels and keys: each function returns the texts of what is wrong, none when all is well
//! (VAL-NAME-1 to VAL-NAME-7, VAL-LBL-2 to VAL-LBL-4).
//!
//! The regular expressions that the texts quote are checked by hand.

/// Kubernetes' regular-expression text: `message (e.g. 'a',  or 'b', regex used for validation is 'R')`.
fn regex_text(message: &str, regex: &str, examples: &[&str]) -> String {
    let mut text = format!("{message} (e.g. ");
    for (index, example) in examples.iter().enumerate() {
        if index > 0 {
            text.push_str(" or ");
        }
        text.push('\'');
        text.push_str(example);
        text.push_str("', ");
    }
    text.push_str("regex used for validation is '");
    text.push_str(regex);
    text.push_str("')");
    text
}

fn max_characters(limit: usize) -> String {
    format!("must be no more than {limit} characters")
}

fn max_bytes(limit: usize) -> String {
    format!("must be no more than {limit} bytes")
}

/// Non-empty, made of `inner` bytes, first and last byte alphanumeric in the sense of `edge`.
fn framed(text: &str, edge: fn(u8) -> bool, inner: fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(&first), Some(&last)) => {
            edge(first) && edge(last) && bytes.iter().all(|&byte| edge(byte) || inner(byte))
        }
        _ => false,
    }
}

fn lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn is_label(text: &str) -> bool {
    framed(text, lower, |byte| byte == b'-')
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

fn is_qualified(text: &str) -> bool {
    framed(text, alphanumeric, |byte| matches!(byte, b'-' | b'_' | b'.'))
}

/// A DNS label (VAL-NAME-2).
pub(crate) fn dns_label(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > 63 {
        errors.push(max_characters(63));
    }
    if !is_label(text) {
        errors.push(if is_subdomain(text) {
            "must not contain dots".to_owned()
        } else {
            regex_text(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
                "[a-z0-9]([-a-z0-9]*[a-z0-9])?",
                &["my-name", "123-abc"],
            )
        });
    }
    errors
}

/// A DNS subdomain (VAL-NAME-1).
pub(crate) fn dns_subdomain(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > 253 {
        errors.push(max_characters(253));
    }
    if !is_subdomain(text) {
        errors.push(regex_text(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
            r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
            &["example.com"],
        ));
    }
    errors
}

/// A DNS subdomain whose labels may hold underscores: DNS search paths.
pub(crate) fn dns_subdomain_with_underscore(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > 253 {
        errors.push(max_characters(253));
    }
    let label = |text: &str| {
        framed(text.strip_prefix('_').unwrap_or(text), lower, |byte| matches!(byte, b'-' | b'_'))
    };
    if !text.split('.').all(label) {
        errors.push(regex_text(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
            r"_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*",
            &["example.com"],
        ));
    }
    errors
}

/// A subdomain behind `*.` (VAL-ING-2).
pub(crate) fn wildcard_subdomain(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > 253 {
        errors.push(max_characters(253));
    }
    if !text.strip_prefix("*.").is_some_and(is_subdomain) {
        errors.push(regex_text(
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
            r"\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
            &["*.example.com"],
        ));
    }
    errors
}

const QUALIFIED_RULE: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const QUALIFIED_REGEX: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const QUALIFIED_EXAMPLES: &[&str] = &["MyName", "my.name", "123-abc"];

/// A qualified name: a label key, and much else (VAL-LBL-2, VAL-LBL-3).
pub(crate) fn qualified_name(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let parts: Vec<&str> = text.split('/').collect();
    let name = match parts[..] {
        [name] => name,
        [prefix, name] => {
            if prefix.is_empty() {
                errors.push("prefix part must be non-empty".to_owned());
            } else {
                errors.extend(dns_subdomain(prefix).into_iter().map(|error| format!("prefix part {error}")));
            }
            name
        }
        _ => {
            let rule = format!("a valid label key {QUALIFIED_RULE}");
            let text = regex_text(&rule, QUALIFIED_REGEX, QUALIFIED_EXAMPLES);
            return vec![format!(
                "{text} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )];
        }
    };
    if name.is_empty() {
        errors.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        errors.push(format!("name part {}", max_bytes(63)));
    }
    if !is_qualified(name) {
        errors.push(regex_text(&format!("name part {QUALIFIED_RULE}"), QUALIFIED_REGEX, QUALIFIED_EXAMPLES));
    }
    errors
}

/// A label value (VAL-LBL-4).
pub(crate) fn label_value(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > 63 {
        errors.push(max_bytes(63));
    }
    if !text.is_empty() && !is_qualified(text) {
        errors.push(regex_text(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
            "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
            &["MyValue", "my_value", "12345"],
        ));
    }
    errors
}

/// A name that becomes part of a URL path (VAL-NAME-7).
pub(crate) fn path_segment(text: &str) -> Vec<String> {
    if text == "." || text == ".." {
        return vec![format!("may not be '{text}'")];
    }
    ["/", "%"]
        .into_iter()
        .filter(|part| text.contains(part))
        .map(|part| format!("may not contain '{part}'"))
        .collect()
}

/// A key of a ConfigMap or Secret (VAL-CM-1).
pub(crate) fn config_key(text: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if text.len() > 253 {
        errors.push(max_characters(253));
    }
    if text.is_empty() || !text.bytes().all(|byte| alphanumeric(byte) || matches!(byte, b'-' | b'_' | b'.')) {
        errors.push(regex_text(
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
            "[-._a-zA-Z0-9]+",
            &["key.name", "KEY_NAME", "key-name"],
        ));
    }
    errors.extend(parent_references(text));
    errors
}

/// `.` and `..` would leave the directory in which the file is mounted.
fn parent_references(text: &str) -> Option<String> {
    match text {
        "." => Some("must not be '.'".to_owned()),
        ".." => Some("must not be '..'".to_owned()),
        _ if text.starts_with("..") => Some("must not start with '..'".to_owned()),
        _ => None,
    }
}

/// The name of an environment variable (VAL-CTR-4).
pub(crate) fn env_name(text: &str) -> Vec<String> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=') {
        return Vec::new();
    }
    vec![
        "a valid environment variable name must consist only of printable ASCII characters other than '='"
            .to_owned(),
    ]
}

/// The name of an HTTP header.
pub(crate) fn http_header(text: &str) -> Vec<String> {
    if !text.is_empty() && text.bytes().all(|byte| alphanumeric(byte) || byte == b'-') {
        return Vec::new();
    }
    let rule = "a valid HTTP header must consist of alphanumeric characters or '-'";
    vec![regex_text(rule, "[-A-Za-z0-9]+", &["X-Header-Name"])]
}

/// A percentage such as `25%` (VAL-DEP-5).
pub(crate) fn percent(text: &str) -> Vec<String> {
    let digits = text.strip_suffix('%').unwrap_or("");
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let rule = "a valid percent string must be a numeric string followed by an ending '%'";
    vec![regex_text(rule, "[0-9]+%", &["1%", "93%"])]
}

/// The kind of name that an object must have (VAL-NAME-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameRule {
    /// A DNS subdomain.
    Subdomain,
    /// A DNS label.
    Label,
    /// Anything that fits into a URL path.
    PathSegment,
}

impl NameRule {
    /// What is wrong with a whole name.
    pub(crate) fn check(self, name: &str) -> Vec<String> {
        match self {
            Self::Subdomain => dns_subdomain(name),
            Self::Label => dns_label(name),
            Self::PathSegment => path_segment(name),
        }
    }

    /// What is wrong with a `generateName`: a trailing dash is allowed, and with it whatever stands before it (VAL-NAME-5).
    pub(crate) fn check_prefix(self, prefix: &str) -> Vec<String> {
        match prefix.strip_suffix('-').and_then(|stem| stem.as_bytes().split_last()) {
            Some((_, rest)) if self != Self::PathSegment => {
                self.check(&format!("{}a", String::from_utf8_lossy(rest)))
            }
            _ => self.check(prefix),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(function: fn(&str) -> Vec<String>, table: &[(&str, &[&str])]) {
        for (text, starts) in table {
            let found = function(text);
            assert_eq!(found.len(), starts.len(), "{text:?}: {found:?}");
            for (found, start) in found.iter().zip(*starts) {
                assert!(found.starts_with(start), "{text:?}: {found}");
            }
        }
    }

    #[test]
    fn dns_names() {
        check(
            dns_label,
            &[
                ("a", &[]),
                ("1-a", &[]),
                ("a.b", &["must not contain dots"]),
                ("A", &["a lowercase RFC 1123 label"]),
            ],
        );
        check(dns_label, &[("", &["a lowercase"]), ("-a", &["a lowercase"]), ("a_b", &["a lowercase"])]);
        let long = "a".repeat(64);
        check(dns_label, &[(&long, &["must be no more than 63 characters"])]);
        check(
            dns_subdomain,
            &[("a.b-c.1", &[]), ("a..b", &["a lowercase RFC 1123 subdomain"]), ("a.", &["a lower"])],
        );
        check(wildcard_subdomain, &[("*.a", &[]), ("*", &["a wildcard"]), ("a.*.b", &["a wildcard"])]);
    }

    #[test]
    fn label_keys_and_values() {
        check(
            qualified_name,
            &[("app", &[]), ("a.io/App_1", &[]), ("/a", &["prefix part must be non-empty"])],
        );
        check(
            qualified_name,
            &[
                ("", &["name part must be non-empty", "name part must consist"]),
                ("a/b/c", &["a valid label key"]),
            ],
        );
        check(
            qualified_name,
            &[("A.io/x", &["prefix part a lowercase"]), ("a b", &["name part must consist"])],
        );
        check(
            label_value,
            &[("", &[]), ("a.b", &[]), ("a b", &["a valid label must be"]), ("-", &["a valid label"])],
        );
    }

    #[test]
    fn texts_are_word_for_word() {
        let expected = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
        assert_eq!(dns_label("A"), [expected]);
        assert_eq!(
            percent("5"),
            [
                "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
            ]
        );
    }

    #[test]
    fn generated_names_may_end_in_a_dash() {
        assert!(NameRule::Subdomain.check_prefix("web-").is_empty());
        assert!(NameRule::Subdomain.check_prefix("web--").is_empty());
        assert_eq!(NameRule::Subdomain.check_prefix("Web-").len(), 1);
        assert_eq!(NameRule::Subdomain.check_prefix("-").len(), 1);
        assert!(NameRule::Label.check_prefix("a_-").is_empty(), "the name made of it is refused");
    }

    #[test]
    fn other_keys() {
        check(
            config_key,
            &[
                ("a.b", &[]),
                ("", &["a valid config key"]),
                ("..", &["must not be '..'"]),
                ("..a", &["must not start"]),
            ],
        );
        check(env_name, &[("A B", &[]), ("A=B", &["a valid environment"]), ("ä", &["a valid environment"])]);
        check(
            dns_subdomain_with_underscore,
            &[
                ("_a_b.c", &[]),
                (
                    "a b",
                    &[
                        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and",
                    ],
                ),
            ],
        );
        check(
            path_segment,
            &[
                ("a:b", &[]),
                ("a/b%", &["may not contain '/'", "may not contain '%'"]),
                ("..", &["may not be '..'"]),
            ],
        );
    }
}
