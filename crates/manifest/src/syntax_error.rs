//! What is wrong with a broken document: kubectl's words, and clearer ones.

use crate::json::JsonError;
use crate::yaml::Problem;
use crate::{Span, codes};

/// Why a document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Stable kebab-case code of what is wrong.
    pub code: &'static str,
    /// kubectl's text after `error parsing FILE: ` (YAML-12).
    pub message: String,
    /// The text that is meant.
    pub span: Span,
    /// The same in words that say what to do, where kubectl's do not.
    pub plain: Option<String>,
}

/// The codes, and what to say beyond kubectl's words.
const ADVICE: &[(&str, &str)] = &[
    (codes::TAB, "This line is indented with a tab character. YAML allows only spaces here."),
    (
        codes::TEMPLATE,
        "This is a template, not YAML yet: the text in {{ }} must be filled in first, for example with `helm template`.",
    ),
    (
        codes::INDENT,
        "This line does not line up with the ones above it: keys of the same mapping need the same indentation.",
    ),
    (
        codes::LIST_INDENT,
        "This line does not line up with the list above it: its items need the same indentation, each with a `-`.",
    ),
    (codes::COLON, "A key needs a colon and a space after it: `key: value`."),
    (
        codes::NESTED_COLON,
        "There is a `: ` where no key may stand: the line is indented too far, or the text needs quotes.",
    ),
    (codes::QUOTE, "The quote that begins here is never closed."),
    (codes::BRACKET, "The bracket that is open here is never closed, or a comma is missing."),
    (codes::CHARACTER, "A value cannot begin with this character: put it in quotes."),
    (codes::ALIAS, "`*` begins the name of an anchor: put text that begins with it in quotes."),
    (codes::SEPARATOR, "Documents are separated by a line of exactly three dashes."),
];

impl SyntaxError {
    fn new(code: &'static str, message: String, span: Span) -> Self {
        let plain = ADVICE.iter().find(|(known, _)| *known == code).map(|(_, text)| (*text).to_owned());
        Self { code, message, span, plain }
    }

    pub(crate) fn too_large(length: usize) -> Self {
        let message = format!("the text is {length} bytes long; the limit is {} bytes", crate::MAX_TEXT);
        Self::new(codes::TOO_LARGE, message, Span::default())
    }

    pub(crate) fn separator(rest: &str, span: Span) -> Self {
        Self::new(codes::SEPARATOR, format!("invalid Yaml document separator: {rest}"), span)
    }

    /// `offset`: whether kubectl says where, as it does when it has tried YAML too.
    pub(crate) fn json(text: &str, error: &JsonError, offset: bool) -> Self {
        let message = if offset && !error.at_end {
            format!("json: offset {}: {}", error.at + 1, error.message)
        } else {
            error.message.clone()
        };
        let span = one_character(text, error.at);
        let template = text[..span.end as usize].ends_with("{{");
        Self::new(if template { codes::TEMPLATE } else { codes::JSON }, message, span)
    }

    /// The error of the document at `document`.
    pub(crate) fn yaml(text: &str, document: Span, problem: &Problem) -> Self {
        let base = document.start as usize;
        let span = place(text, base + problem.start, base + problem.end);
        let prefix = if problem.in_json { "" } else { "yaml: " };
        let line = problem.line.map_or_else(String::new, |line| format!("line {line}: "));
        let message = format!("error converting YAML to JSON: {prefix}{line}{}", problem.what);
        Self::new(code(&problem.what, text, base + problem.start, base + problem.end), message, span)
    }
}

fn code(what: &str, text: &str, start: usize, at: usize) -> &'static str {
    let line = line_at(text, start);
    let templated = line.contains("{{") || line_at(text, at).contains("{{");
    match what {
        _ if templated && what != "document contains excessive aliasing" => codes::TEMPLATE,
        "found a tab character that violates indentation"
        | "found a tab character where an indentation space is expected" => codes::TAB,
        "found character that cannot start any token"
            if text.get(at..).is_some_and(|rest| rest.starts_with('\t')) =>
        {
            codes::TAB
        }
        "found character that cannot start any token" => codes::CHARACTER,
        "did not find expected key" => codes::INDENT,
        "did not find expected '-' indicator" => codes::LIST_INDENT,
        "could not find expected ':'" => codes::COLON,
        "mapping values are not allowed in this context" => codes::NESTED_COLON,
        "found unexpected end of stream" | "found unexpected document indicator" => codes::QUOTE,
        "did not find expected ',' or ']'" | "did not find expected ',' or '}'" => codes::BRACKET,
        "did not find expected alphabetic or numeric character" => codes::ALIAS,
        "document contains excessive aliasing" => codes::ALIASING,
        "map merge requires map or sequence of maps as the value" => codes::MERGE,
        "control characters are not allowed" => codes::CONTROL_CHARACTER,
        _ if what.starts_with("unknown anchor") => codes::ALIAS,
        _ if what.starts_with("invalid map key") || what.starts_with("unsupported map key") => codes::KEY,
        _ => codes::YAML,
    }
}

/// The line around an offset, without its line break.
fn line_at(text: &str, offset: usize) -> &str {
    let offset = floor(text, offset);
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    &text[start..end]
}

/// The place of a problem that runs from `start` to `end`: at most to the end of its first line, at least one character.
fn place(text: &str, start: usize, end: usize) -> Span {
    let (start, end) = (floor(text, start), floor(text, end));
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let end = end.min(start + text[start..line_end].trim_end().len());
    if start < end { Span::new(start, end) } else { one_character(text, start) }
}

/// The character at an offset; the last one at the end of the text, so that there is something to mark.
fn one_character(text: &str, offset: usize) -> Span {
    let offset = floor(text, offset);
    match text[offset..].chars().next() {
        Some(character) if character != '\n' => Span::new(offset, offset + character.len_utf8()),
        _ => {
            let before = text[..offset].trim_end();
            let length = before.chars().next_back().map_or(0, char::len_utf8);
            Span::new(before.len() - length, before.len())
        }
    }
}

/// The last character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
