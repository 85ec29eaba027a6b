//! A file to its documents: JSON objects first, then what stands between `---` lines (PIPE-1, YAML-1, YAML-2).

use crate::json::{self, JsonError};
use crate::syntax_error::SyntaxError;
use crate::{LineIndex, Span, Tree, yaml};

/// The longest text that is read, in bytes. An API server takes requests of 3 MiB.
pub const MAX_TEXT: usize = 4 << 20;

/// What a file holds.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The documents that hold something, and the broken ones, in the order in which kubectl meets them. Empty ones, comments
    /// alone and `null` are not listed (YAML-3).
    ///
    /// kubectl stops at the first broken one; what follows it is listed for those who want to go on. A broken separator comes
    /// before the document that it ends, because kubectl drops that document.
    pub documents: Vec<Document>,
}

/// One document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Position in [`Parsed::documents`].
    pub index: usize,
    /// The whole text of the document, without its separators.
    pub span: Span,
    /// The line of the file in which the document begins, from 1. Lines in messages count from there.
    pub first_line: u32,
    /// The value, or what is wrong.
    pub content: Result<Tree, SyntaxError>,
    /// The places of keys that have no effect because the same mapping has them again further on (YAML-11).
    pub duplicates: Vec<Span>,
}

/// Reads a file as kubectl does. Never fails: a broken document carries its error and the others still count.
pub fn parse(text: &str) -> Parsed {
    let mut file = File { text, lines: LineIndex::new(text), parsed: Parsed::default() };
    if text.len() > MAX_TEXT {
        let error = SyntaxError::too_large(text.len());
        file.add(Span::new(0, 0), Err(error));
        return file.parsed;
    }
    if text.trim_start().starts_with('{') {
        file.read_json();
    } else {
        file.read_yaml(0, None);
    }
    file.parsed
}

struct File<'a> {
    text: &'a str,
    lines: LineIndex,
    parsed: Parsed,
}

impl File<'_> {
    fn add(&mut self, span: Span, content: Result<(Tree, Vec<Span>), SyntaxError>) {
        let (content, duplicates) = match content {
            Ok((tree, _)) if tree.is_null() => return,
            Ok((tree, duplicates)) => (Ok(tree), duplicates),
            Err(error) => (Err(error), Vec::new()),
        };
        let (index, first_line) = (self.parsed.documents.len(), self.lines.line(span.start));
        self.parsed.documents.push(Document { index, span, first_line, content, duplicates });
    }

    /// Reads JSON values one after the other. With at most one found before something else comes, the rest is read as YAML.
    fn read_json(&mut self) {
        let mut at = 0;
        let mut count = 0;
        loop {
            match json::read(self.text, at) {
                None => return,
                Some(Ok(value)) => {
                    let span = value.tree.span.unwrap_or_default();
                    at = value.end;
                    count += 1;
                    self.add(span, Ok((value.tree, value.duplicates)));
                }
                Some(Err(error)) if count > 1 => {
                    let span = Span::new(error.at.min(self.text.len()), self.text.len());
                    self.add(span, Err(SyntaxError::json(self.text, &error, false)));
                    return;
                }
                Some(Err(error)) => return self.read_yaml(self.skip_to_line(at), Some(&error)),
            }
        }
    }

    /// Passes white space up to and including the first line break.
    fn skip_to_line(&self, start: usize) -> usize {
        let rest = &self.text[start..];
        let space = rest.len() - rest.trim_start().len();
        rest[..space].find('\n').map_or(start + space, |at| start + at + 1)
    }

    /// Reads YAML documents from `start` on. `json` is why the text is not JSON: when the first document is no YAML either, that
    /// is what kubectl reports.
    fn read_yaml(&mut self, start: usize, json: Option<&JsonError>) {
        let mut json = json;
        let mut begin = start;
        let mut at = start;
        while at < self.text.len() {
            let end = self.text[at..].find('\n').map_or(self.text.len(), |length| at + length + 1);
            let line = &self.text[at..end];
            if let Some(rest) = line.strip_prefix("---") {
                let rest = rest.trim();
                if !rest.is_empty() && !rest.starts_with('#') {
                    let span = Span::new(at, at + line.trim_end().len());
                    let error = json.take().map(|error| SyntaxError::json(self.text, error, true));
                    self.add(span, Err(error.unwrap_or_else(|| SyntaxError::separator(rest, span))));
                    self.read_document(begin, at, &mut None);
                    begin = end;
                } else if at > begin {
                    self.read_document(begin, at, &mut json);
                    begin = end;
                }
                // A separator with nothing before it belongs to the document that follows, and counts as its first line.
            }
            at = end;
        }
        self.read_document(begin, self.text.len(), &mut json);
    }

    fn read_document(&mut self, start: usize, end: usize, json: &mut Option<&JsonError>) {
        let text = &self.text[start..end];
        if text.is_empty() {
            return;
        }
        let json = json.take();
        let content = yaml::read(text, start).map_err(|problem| match json {
            Some(error) => SyntaxError::json(self.text, error, true),
            None => SyntaxError::yaml(self.text, Span::new(start, end), &problem),
        });
        self.add(Span::new(start, end), content);
    }
}
