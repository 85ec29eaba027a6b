//! Reading the text character by character, with libyaml's idea of lines, blanks and the end.

/// A place in the document: byte offset, line and column from 0, and the number of characters before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) pos: usize,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) index: usize,
}

/// The text of one document and where reading stands. The end reads as NUL.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    mark: Mark,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let pos = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, mark: Mark { pos, ..Mark::default() } }
    }

    pub(super) fn mark(&self) -> Mark {
        self.mark
    }

    pub(super) fn column(&self) -> usize {
        self.mark.column
    }

    /// The byte `ahead` bytes further on, NUL beyond the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.mark.pos + ahead).copied().unwrap_or(0)
    }

    pub(super) fn is(&self, byte: u8) -> bool {
        self.byte(0) == byte
    }

    pub(super) fn is_any(&self, bytes: &[u8]) -> bool {
        bytes.contains(&self.byte(0))
    }

    pub(super) fn is_end(&self) -> bool {
        self.is(0)
    }

    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    /// LF, CR, NEL, LS or PS: YAML 1.1 breaks lines at all of them.
    pub(super) fn is_break(&self, ahead: usize) -> bool {
        match self.byte(ahead) {
            b'\n' | b'\r' => true,
            0xc2 => self.byte(ahead + 1) == 0x85,
            0xe2 => self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xa8 | 0xa9),
            _ => false,
        }
    }

    pub(super) fn is_break_or_end(&self) -> bool {
        self.is_break(0) || self.is_end()
    }

    pub(super) fn is_space_or_end(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_break(ahead) || self.byte(ahead) == 0
    }

    /// A letter, digit, `_` or `-`: what anchors and tag handles are made of.
    pub(super) fn is_word(&self) -> bool {
        self.byte(0).is_ascii_alphanumeric() || self.is_any(b"_-")
    }

    /// Whether `---` or `...` stands at the start of this line, followed by space.
    pub(super) fn at_document_indicator(&self) -> bool {
        let three = |byte| (0..3).all(|ahead| self.byte(ahead) == byte);
        self.mark.column == 0 && (three(b'-') || three(b'.')) && self.is_space_or_end(3)
    }

    /// Passes one character that is no line break; stays at the end.
    pub(super) fn skip(&mut self) {
        let width = match self.text.as_bytes().get(self.mark.pos) {
            None => return,
            Some(0..0x80) => 1,
            Some(..0xe0) => 2,
            Some(..0xf0) => 3,
            Some(_) => 4,
        };
        self.mark.pos += width;
        self.mark.index += 1;
        self.mark.column += 1;
    }

    /// The text from the byte offset `start` up to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.mark.pos).unwrap_or("")
    }

    /// Passes the blanks that follow.
    pub(super) fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.skip();
        }
    }

    /// Passes a comment, if one starts here, up to the end of its line.
    pub(super) fn skip_comment(&mut self) {
        if self.is(b'#') {
            while !self.is_break_or_end() {
                self.skip();
            }
        }
    }

    /// Reads one character that is no line break; nothing at the end.
    pub(super) fn read(&mut self) -> &'a str {
        let start = self.mark.pos;
        self.skip();
        self.since(start)
    }

    /// Reads one line break as YAML folds it: everything but LS and PS becomes LF. Nothing when there is none.
    pub(super) fn read_break(&mut self) -> &'a str {
        let (width, folded) = match (self.byte(0), self.byte(1)) {
            (b'\r', b'\n') | (0xc2, 0x85) => (2, "\n"),
            (b'\r' | b'\n', _) => (1, "\n"),
            (0xe2, 0x80) if self.is_break(0) => (3, &self.text[self.mark.pos..self.mark.pos + 3]),
            _ => return "",
        };
        self.mark.pos += width;
        self.mark.index += 1;
        self.mark.column = 0;
        self.mark.line += 1;
        folded
    }

    /// At the end of the text libyaml starts a new line, unless one has just begun.
    pub(super) fn force_new_line(&mut self) {
        if self.mark.column != 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
    }
}
