//! The files of one run as one text, and the way back from its offsets to file, line and column.

use std::io::Read as _;

use rules::{LineColumn, LineIndex, Span};

/// Several files are read as if they stood one below the other.
pub(crate) struct Sources {
    text: String,
    files: Vec<File>,
}

struct File {
    name: String,
    start: usize,
    lines: LineIndex,
}

/// A place in a file.
pub(crate) struct Place<'a> {
    /// The file as it was named.
    pub(crate) file: &'a str,
    pub(crate) at: LineColumn,
    /// The line, without its line break.
    pub(crate) line: &'a str,
    /// The part of the span in the line.
    pub(crate) marked: &'a str,
}

impl Sources {
    /// Reads all files; `-` is standard input. The error says which file and why.
    #[expect(clippy::disallowed_methods, reason = "the command is where files are read")]
    pub(crate) fn read(names: &[String]) -> Result<Self, String> {
        let mut sources = Self { text: String::new(), files: Vec::new() };
        for name in names {
            let (shown, bytes) = if name == "-" {
                let mut bytes = Vec::new();
                ("STDIN", std::io::stdin().read_to_end(&mut bytes).map(|_| bytes))
            } else {
                (name.as_str(), std::fs::read(name))
            };
            let bytes = bytes.map_err(|error| format!("{shown}: {error}"))?;
            let text = rules::decode(&bytes)
                .map_err(|error| format!("{shown}: {}", error.plain.unwrap_or(error.message)))?;
            sources.add(shown, &text);
        }
        Ok(sources)
    }

    fn add(&mut self, name: &str, text: &str) {
        if !self.files.is_empty() {
            if !self.text.ends_with('\n') {
                self.text.push('\n');
            }
            self.text.push_str("---\n");
        }
        self.files.push(File { name: name.to_owned(), start: self.text.len(), lines: LineIndex::new(text) });
        self.text.push_str(text);
    }

    /// The whole.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The files by name, for the messages that name them.
    pub(crate) fn names(&self) -> Vec<rules::File> {
        self.files.iter().map(|file| rules::File { name: file.name.clone(), start: file.start }).collect()
    }

    /// Where a span begins.
    pub(crate) fn place(&self, span: Span) -> Option<Place<'_>> {
        let start = span.start as usize;
        let index = self.files.partition_point(|file| file.start <= start).checked_sub(1)?;
        let file = &self.files[index];
        let end = self.files.get(index + 1).map_or(self.text.len(), |next| next.start);
        let own = self.text.get(file.start..end)?;
        let offset = start - file.start;
        let at = file.lines.line_column(own, offset as u32);
        let before = own.get(..offset)?;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = own[offset..].find('\n').map_or(own.len(), |newline| offset + newline);
        let marked_end = (span.end as usize).saturating_sub(file.start).clamp(offset, line_end);
        let (line, marked) = (own.get(line_start..line_end)?, own.get(offset..marked_end)?);
        Some(Place { file: &file.name, at, line: line.trim_end_matches('\r'), marked })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_their_file() {
        let mut sources = Sources { text: String::new(), files: Vec::new() };
        sources.add("a.yaml", "kind: A");
        sources.add("b.yaml", "x: 1\nkind: 语言\n");
        let start = sources.text().find("语言").expect("it is there");
        let place = sources.place(Span::new(start, start + 6)).expect("it is in a file");
        assert_eq!((place.file, place.at.line, place.at.column), ("b.yaml", 2, 7));
        assert_eq!((place.line, place.marked), ("kind: 语言", "语言"));
    }

    #[test]
    fn messages_name_the_file_as_it_was_given() {
        let mut sources = Sources { text: String::new(), files: Vec::new() };
        sources.add("dir/a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: A}");
        sources.add("STDIN", "---\nkind: Pod\n");
        let input = rules::Input { text: sources.text().to_owned(), strict: true, ..rules::Input::default() };
        let stderr = rules::analyze_files(&input, &sources.names()).kubectl.stderr;
        assert!(stderr[0].starts_with("error validating \"STDIN\": "), "{stderr:?}");
        assert!(stderr[1].contains("error when creating \"dir/a.yaml\": Namespace \"A\""), "{stderr:?}");
        assert_eq!(stderr.len(), 2, "{stderr:?}");
    }
}
