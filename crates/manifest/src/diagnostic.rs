//! What a stage has to say to the user about the text.

use serde::{Deserialize, Serialize};

use crate::Span;

/// The languages that Podreach speaks. Kubernetes' own terms and messages stay as they are in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

/// A text in every language; `{0}`, `{1}` ... stand for what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl Text {
    /// The text in one language.
    pub fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }

    /// The text with its placeholders filled in.
    pub fn format(self, lang: Lang, args: &[String]) -> String {
        let mut out = String::new();
        let mut rest = self.get(lang);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (index, after) = after.split_once('}').unwrap_or((after, ""));
            let arg = index.parse::<usize>().ok().and_then(|index| args.get(index));
            out.push_str(arg.map_or("", String::as_str));
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

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
    /// What the wording of `code` names, in order: advice of ours is worded in every language from these.
    /// Empty for Kubernetes' own messages.
    pub args: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic without a fix.
    pub fn new(
        code: impl Into<String>,
        severity: Severity,
        message: impl Into<String>,
        span: Option<Span>,
    ) -> Self {
        Self { code: code.into(), severity, message: message.into(), span, fix: None, args: Vec::new() }
    }

    /// The same with a fix.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_any_order() {
        let text = Text { en: "{0} on {1}", zh: "{1} 上的 {0}" };
        let args = ["a".to_owned(), "b".to_owned()];
        assert_eq!(text.format(Lang::En, &args), "a on b");
        assert_eq!(text.format(Lang::Zh, &args), "b 上的 a");
    }
}
