//! What the API server answers when it refuses.

use std::fmt;

use super::resources::Resource;

/// The reason of a `metav1.Status`, as kubectl prints it in parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the reasons")]
pub enum Reason {
    BadRequest,
    NotFound,
    AlreadyExists,
    Conflict,
    Forbidden,
    Invalid,
    InternalError,
    /// None was given: an error of the storage, which kubectl prints without one.
    Unknown,
}

/// One field error (ERR-FMT-1): `path: text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Path, for example `spec.containers[0].ports[1].name`.
    pub path: String,
    /// `Invalid value: "x": must be ...`.
    pub text: String,
    /// Stable kebab-case code of the diagnostic.
    pub code: &'static str,
    /// Where it is in the text, when the place is not simply that of `path` (a key rather than a value, say).
    pub span: Option<manifest::Span>,
    /// What certainly mends it.
    pub fix: Option<manifest::Fix>,
}

impl Cause {
    /// A cause whose place is that of its path.
    pub fn new(path: impl Into<String>, text: impl Into<String>, code: &'static str) -> Self {
        Self { path: path.into(), text: text.into(), code, span: None, fix: None }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.text)
    }
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// Reason.
    pub reason: Reason,
    /// The whole message, for example `pods "web" is forbidden: ...`.
    pub message: String,
    /// The field errors of an [`Reason::Invalid`] answer, in the order of detection.
    pub causes: Vec<Cause>,
}

impl ApiError {
    /// An answer without field errors.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), causes: Vec::new() }
    }

    /// `pods "x" not found`.
    pub fn not_found(resource: &Resource, name: &str) -> Self {
        Self::new(Reason::NotFound, format!("{} \"{name}\" not found", resource.group_resource()))
    }

    /// `pods "x" already exists` (CLI-9).
    pub fn already_exists(resource: &Resource, name: &str) -> Self {
        Self::new(Reason::AlreadyExists, format!("{} \"{name}\" already exists", resource.group_resource()))
    }

    /// `pods "x" is forbidden: why` (WL-ADM-ERR-1).
    pub fn forbidden(resource: &Resource, name: &str, why: &str) -> Self {
        Self::new(Reason::Forbidden, format!("{} \"{name}\" is forbidden: {why}", resource.group_resource()))
    }

    /// An outdated `resourceVersion`: somebody else was faster.
    pub fn conflict(resource: &Resource, name: &str) -> Self {
        let what = resource.group_resource();
        let why =
            "the object has been modified; please apply your changes to the latest version and try again";
        Self::new(Reason::Conflict, format!("Operation cannot be fulfilled on {what} \"{name}\": {why}"))
    }

    /// `Internal error occurred: why`.
    pub fn internal(why: &str) -> Self {
        Self::new(Reason::InternalError, format!("Internal error occurred: {why}"))
    }

    /// Field errors (ERR-FMT-7). Causes that read the same are listed once.
    pub fn invalid(resource: &Resource, name: &str, causes: Vec<Cause>) -> Self {
        let mut texts: Vec<String> = Vec::new();
        for cause in &causes {
            let text = cause.to_string();
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        let list = if let [only] = &texts[..] { only.clone() } else { format!("[{}]", texts.join(", ")) };
        let message = format!("{} {} is invalid: {list}", resource.group_kind(), quote(name));
        Self { reason: Reason::Invalid, message, causes }
    }
}

/// The text as Go's `%q` prints it.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            control if control.is_ascii_control() => {
                out.extend(['\\', 'x'].into_iter().chain(hex(control, 2)));
            }
            hidden @ ('\u{80}'..='\u{a0}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{feff}') => {
                out.extend(['\\', 'u'].into_iter().chain(hex(hidden, 4)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// The last `digits` hexadecimal digits of the code point.
fn hex(character: char, digits: u32) -> impl Iterator<Item = char> {
    (0..digits).rev().filter_map(move |at| char::from_digit((character as u32 >> (4 * at)) & 0xf, 16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_go_does() {
        assert_eq!(quote("a\"b\\\n\u{7f}\u{a0}“语"), r#""a\"b\\\n\x7f\u00a0“语""#);
    }

    #[test]
    fn one_cause_stands_alone_and_repeated_ones_are_told_once() {
        let resource =
            super::super::resources::built_in().find(|found| found.kind == "Deployment").expect("served");
        let cause = |text: &str| Cause::new("spec", text, "x");
        let error = ApiError::invalid(&resource, "web", vec![cause("a"), cause("a")]);
        assert_eq!(error.message, "Deployment.apps \"web\" is invalid: spec: a");
        let error = ApiError::invalid(&resource, "web", vec![cause("a"), cause("b")]);
        assert_eq!(error.message, "Deployment.apps \"web\" is invalid: [spec: a, spec: b]");
    }
}
