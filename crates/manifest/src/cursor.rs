//! Where a caret stands in a document, by indentation alone: for help while the text is still being written, and so is broken.
//!
//! [`cursor`] is the entry point. Only block style is understood; inside flow collections, block scalars and comments there is no
//! answer, as there is none in JSON.

use crate::Span;

/// One step from the top of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into the value of this key.
    Key(String),
    /// Into the item of a list with this index.
    Item(usize),
}

/// What would be written at the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A key of a mapping that already has these others.
    Key(Vec<String>),
    /// The value of this key.
    Value(String),
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// From the top of the document to the mapping that is being written.
    pub path: Vec<Step>,
    /// What is written there.
    pub slot: Slot,
    /// The key or value at the caret as far as it stands, without blanks.
    pub span: Span,
    /// How many columns the mapping is indented.
    pub indent: usize,
    /// The document around it.
    pub document: Span,
}

/// The place of `offset`, in bytes; `None` where nothing can be said.
pub fn cursor(text: &str, offset: usize) -> Option<Cursor> {
    let before = text.get(..offset)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let lines = Lines::new(text);
    let at = lines.0.iter().position(|line| line.start == start)?;
    let line = &lines.0[at];
    if line.separates || line.comment.is_some_and(|comment| offset > comment) || lines.is_text(at) {
        return None;
    }
    let key_at = if line.is_blank() { offset - start } else { line.column };
    if offset < start + key_at {
        return None;
    }
    let (slot, span) = match &line.key {
        Some(key) if offset > start + line.column + key.len() => {
            let value = line.value?;
            if value.of(text).starts_with(['{', '[', '&', '*', '|', '>']) {
                return None;
            }
            (
                Slot::Value((*key).to_owned()),
                if value.start as usize > offset { Span::at(offset) } else { value },
            )
        }
        Some(key) => {
            (Slot::Key(lines.siblings(at, key_at)), Span::new(start + key_at, start + key_at + key.len()))
        }
        None if line.content.contains([' ', '{', '[', '"', '\'']) => return None,
        None => {
            let end = start + key_at + line.content.len();
            (Slot::Key(lines.siblings(at, key_at)), Span::new(start + key_at, end))
        }
    };
    Some(Cursor { path: lines.path(at, key_at), slot, span, indent: key_at, document: lines.document(at) })
}

/// A line, taken apart.
struct Line<'a> {
    start: usize,
    end: usize,
    /// `---` or `...`.
    separates: bool,
    /// The columns of the dashes that begin list items.
    dashes: Vec<usize>,
    /// Where the content begins, behind the dashes.
    column: usize,
    /// The content without comment and trailing blanks.
    content: &'a str,
    /// The key in front of a colon.
    key: Option<&'a str>,
    /// What follows the colon.
    value: Option<Span>,
    /// Where a comment begins.
    comment: Option<usize>,
}

impl<'a> Line<'a> {
    fn new(text: &'a str, start: usize, end: usize) -> Self {
        let whole = text[start..end].trim_end_matches('\r');
        let separates = ["---", "..."].iter().any(|mark| {
            whole.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        });
        let comment = comment(whole);
        let body = &whole[..comment.unwrap_or(whole.len())];
        let (mut dashes, mut column) = (Vec::new(), body.len() - body.trim_start_matches(' ').len());
        while let Some(rest) =
            body[column..].strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(' '))
        {
            dashes.push(column);
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            // Behind a lone dash the key would begin after one blank.
            column += 1 + if blanks == rest.len() { blanks.min(1) } else { blanks };
        }
        let content = body[column..].trim_end();
        let colon = content
            .match_indices(':')
            .map(|(at, _)| at)
            .find(|&at| content[at + 1..].is_empty() || content[at + 1..].starts_with(' '));
        let plain = |key: &&str| !key.is_empty() && !key.contains([' ', '{', '[', '"', '\'']);
        let key = colon.map(|at| &content[..at]).filter(plain);
        let value = key.map(|key| {
            let rest = &content[key.len() + 1..];
            let from = start + column + content.len() - rest.trim_start().len();
            Span::new(from, start + column + content.len())
        });
        let comment = comment.map(|at| start + at);
        Self { start, end, separates, dashes, column, content, key, value, comment }
    }

    fn is_blank(&self) -> bool {
        self.content.is_empty() && self.dashes.is_empty()
    }
}

/// Where a comment begins: at a `#` in front or behind a blank, outside of quotes.
fn comment(line: &str) -> Option<usize> {
    let (mut quote, mut blank) = (None, true);
    for (at, char) in line.char_indices() {
        match char {
            '#' if quote.is_none() && blank => return Some(at),
            '"' | '\'' if quote.is_none() => quote = Some(char),
            _ if quote == Some(char) => quote = None,
            _ => {}
        }
        blank = char == ' ' || char == '\t';
    }
    None
}

struct Lines<'a>(Vec<Line<'a>>);

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let mut start = 0;
        let lines = text.split('\n').map(|line| {
            let at = start;
            start += line.len() + 1;
            Line::new(text, at, at + line.len())
        });
        Self(lines.collect())
    }

    /// The lines above `at` in its document, upwards.
    fn above(&self, at: usize) -> impl Iterator<Item = &Line<'a>> {
        self.0[..at].iter().rev().take_while(|line| !line.separates)
    }

    /// The lines below `at` in its document.
    fn below(&self, at: usize) -> impl Iterator<Item = &Line<'a>> {
        self.0[at + 1..].iter().take_while(|line| !line.separates)
    }

    fn document(&self, at: usize) -> Span {
        let start = self.above(at).last().map_or(self.0[at].start, |line| line.start);
        let end = self.below(at).last().map_or(self.0[at].end, |line| line.end);
        Span::new(start, end)
    }

    /// Whether the line belongs to a block scalar that begins above it.
    fn is_text(&self, at: usize) -> bool {
        let line = &self.0[at];
        let mut column =
            if line.is_blank() { usize::MAX } else { line.dashes.first().copied().unwrap_or(line.column) };
        for line in self.above(at).filter(|line| !line.is_blank()) {
            let start = line.dashes.first().copied().unwrap_or(line.column);
            if start < column {
                let last = line.content.rsplit(' ').next().unwrap_or("");
                let scalar = last.starts_with(['|', '>']) && last.len() <= 3 && line.content.contains(": ");
                if scalar {
                    return true;
                }
                if column != usize::MAX || !line.content.ends_with(':') {
                    column = start;
                }
                if start == 0 {
                    return false;
                }
            }
        }
        false
    }

    /// From the top to the mapping whose keys stand at `column` in line `at`.
    fn path(&self, at: usize, column: usize) -> Vec<Step> {
        let mut path = Vec::new();
        let mut limit = Limit { column, item: false };
        limit.leave_items(&self.0[at].dashes, &mut path);
        for line in self.above(at).filter(|line| !line.is_blank()) {
            if limit.item && line.dashes.contains(&limit.column) {
                if let Some(Step::Item(index)) = path.last_mut() {
                    *index += 1;
                }
                continue;
            }
            match line.key {
                Some(key) if limit.holds(line) => {
                    path.push(Step::Key(key.to_owned()));
                    limit = Limit { column: line.column, item: false };
                    limit.leave_items(&line.dashes, &mut path);
                }
                // The first key of the item that the mapping is.
                _ if line.column == limit.column && !limit.item => limit.leave_items(&line.dashes, &mut path),
                _ => {}
            }
        }
        path.reverse();
        path
    }

    /// The other keys of the mapping whose keys stand at `column` in line `at`.
    fn siblings(&self, at: usize, column: usize) -> Vec<String> {
        let start = |line: &Line<'_>| line.dashes.first().copied().unwrap_or(line.column);
        let own = |line: &Line<'_>| line.key.filter(|_| line.column == column).map(str::to_owned);
        let mut keys = Vec::new();
        if self.0[at].dashes.is_empty() {
            for line in self.above(at).filter(|line| !line.is_blank()) {
                if line.column < column {
                    break;
                }
                keys.extend(own(line));
                if start(line) < column && line.column == column {
                    break;
                }
            }
        }
        let inside = self.below(at).filter(|line| !line.is_blank()).take_while(|line| start(line) >= column);
        keys.extend(inside.filter_map(own));
        keys
    }
}

/// What a line further up must have to stand around those seen so far.
struct Limit {
    column: usize,
    /// The column is that of a dash, which may stand right below its key.
    item: bool,
}

impl Limit {
    fn holds(&self, line: &Line<'_>) -> bool {
        line.column < self.column || (self.item && line.column == self.column)
    }

    /// Steps out of the items that begin in this line.
    fn leave_items(&mut self, dashes: &[usize], path: &mut Vec<Step>) {
        for &dash in dashes.iter().rev() {
            if dash < self.column {
                path.push(Step::Item(0));
                *self = Self { column: dash, item: true };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The caret is `^` in the text; path, slot and the token.
    fn at(text: &str) -> Option<(String, String, String)> {
        let offset = text.find('^').unwrap();
        let text = text.replacen('^', "", 1);
        let found = cursor(&text, offset)?;
        let path: Vec<_> = found
            .path
            .iter()
            .map(|step| match step {
                Step::Key(key) => key.clone(),
                Step::Item(index) => index.to_string(),
            })
            .collect();
        let slot = match found.slot {
            Slot::Key(siblings) => format!("key beside {}", siblings.join(",")),
            Slot::Value(key) => format!("value of {key}"),
        };
        Some((path.join("/"), slot, found.span.of(&text).to_owned()))
    }

    #[test]
    fn places_follow_from_indentation() {
        let table = [
            ("^", "", "key beside ", ""),
            ("ki^", "", "key beside ", "ki"),
            ("kind: ^", "", "value of kind", ""),
            ("kind: Po^d # one", "", "value of kind", "Pod"),
            ("kind: Pod\nspec:\n  ^", "spec", "key beside ", ""),
            ("kind: Pod\nspec:\n  con^\n  hostNetwork: true\n", "spec", "key beside hostNetwork", "con"),
            ("spec:\n  containers:\n  - name: a\n    ^\n", "spec/containers/0", "key beside name", ""),
            ("spec:\n  containers:\n  - ^\n", "spec/containers/0", "key beside ", ""),
            (
                "spec:\n  containers:\n    - na^me: a\n      image: b\n    - name: c\n",
                "spec/containers/0",
                "key beside image",
                "name",
            ),
            ("a:\n- b:\n  - c: ^x\n", "a/0/b/0", "value of c", "x"),
            ("a:\n- b: 1\n- c:\n    d: 1\n    ^\nz: 1\n", "a/1/c", "key beside d", ""),
            ("a: 1\n---\nkind: x\nb:\n  ^", "b", "key beside ", ""),
            ("a:\n  b: 1\n^\nc: 2\n", "", "key beside a,c", ""),
            ("a:\n  b: 1\n  ^\nc: 2\n", "a", "key beside b", ""),
        ];
        for (text, path, slot, token) in table {
            assert_eq!(at(text), Some((path.into(), slot.into(), token.into())), "{text:?}");
        }
    }

    #[test]
    fn where_nothing_can_be_said() {
        for text in [
            "# a ^comment",
            "a: 1 # ^",
            "---^",
            "a: {b^",
            "a: |\n  text ^",
            "a: |\n  text: ^\n",
            "  ^  a: 1",
            "{\"kind\": ^}",
        ] {
            assert_eq!(at(text), None, "{text:?}");
        }
    }

    #[test]
    fn every_offset_of_odd_texts_is_survived() {
        let text = "é: ü\r\n- - : -\n\t- a:\n  - 'x: # y'\n-\n...\n--- |\n ∞: [\n";
        for offset in 0..=text.len() + 1 {
            let _ = cursor(text, offset);
        }
    }
}
