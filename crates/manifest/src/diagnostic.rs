//! What a stage has to say to the user about the text.

use serde::{Deserialize, Serialize};

use crate::Span;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The object is refused, or cannot be read.
    Error,
    /// The object is accepted, and something is likely wrong.
    Warning,
    /// Worth knowing.
    Info,
}

/// Replaces the text below `span` by `text`; an empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextEdit {
    /// What is replaced.
    pub span: Span,
    /// What takes its place.
    pub text: String,
}

/// A change of the manifest that is offered with one click. Its edits do not overlap and are sorted by place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// The change.
    pub edits: Vec<TextEdit>,
}

/// One message about the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable kebab-case code, for example `nodeport-range`; names its explanation.
    pub code: String,
    /// Weight.
    pub severity: Severity,
    /// Exact Kubernetes text where Kubernetes has one.
    pub message: String,
    /// The exact token (key or value) that is meant; `None` only when nothing in the text is.
    pub span: Option<Span>,
    /// A certain fix, if there is one.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A diagnostic without a fix.
    pub fn new(code: impl Into<String>, severity: Severity, message: impl Into<String>, span: Option<Span>) -> Self {
        Self { code: code.into(), severity, message: message.into(), span, fix: None }
    }

    /// The same with a fix.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}
