//! What the scanner finds, and what it complains about.

use super::cursor::Mark;

/// One token and its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: Mark,
    pub(super) end: Mark,
}

/// The tokens of YAML 1.1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    StreamEnd,
    VersionDirective {
        major: u8,
        minor: u8,
    },
    TagDirective {
        handle: String,
        prefix: String,
    },
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(String),
    Anchor(String),
    Tag {
        handle: String,
        suffix: String,
    },
    Scalar {
        value: String,
        plain: bool,
    },
}

/// A syntax error in libyaml's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The line as go-yaml prints it (YAML-12); none on the first line.
    pub(crate) line: Option<usize>,
    /// What is wrong, as go-yaml says it after `yaml: `.
    pub(crate) what: String,
    /// Whether it was found when the finished value became JSON: then there is no `yaml: ` before it.
    pub(crate) in_json: bool,
    /// Byte offsets of the text that is meant.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
}

impl Problem {
    /// The scanner's complaint about what it met at `at` while reading something that began at `context`: lines count from 1.
    pub(super) fn scanner(context: Mark, at: Mark, what: impl Into<String>) -> Self {
        let line = (at.line > 0).then_some(at.line + 1);
        Self { line, what: what.into(), in_json: false, start: context.pos, end: at.pos }
    }

    /// The parser's complaint about the token at `at`: lines count from 0, so the number is that of the line before.
    pub(super) fn parser(at: Mark, end: Mark, what: &str) -> Self {
        Self {
            line: (at.line > 0).then_some(at.line),
            what: what.to_owned(),
            in_json: false,
            start: at.pos,
            end: end.pos,
        }
    }

    /// A complaint without a line: go-yaml's own.
    pub(crate) fn decoder(start: usize, end: usize, what: impl Into<String>) -> Self {
        Self { line: None, what: what.into(), in_json: false, start, end }
    }
}
