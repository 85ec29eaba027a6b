//! What the API server answers when it refuses.

use std::fmt;

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
    MethodNotAllowed,
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
