//! The three kinds of scalars: plain, quoted and block.

use super::cursor::Mark;
use super::scanner::Scanner;
use super::token::{Kind, Problem, Token};

/// The white space met between two pieces of a scalar that runs over several lines.
#[derive(Default)]
struct Gap {
    blanks: String,
    first_break: String,
    more_breaks: String,
    /// Whether a line break was met, so that blanks are indentation.
    broken: bool,
}

impl Gap {
    /// Appends what the gap stands for and empties it: blanks as they are, one break a space, further breaks themselves.
    fn fold_into(&mut self, value: &mut String) {
        if !self.broken {
            value.push_str(&self.blanks);
        } else if self.first_break == "\n" && self.more_breaks.is_empty() {
            value.push(' ');
        } else {
            if self.first_break != "\n" {
                value.push_str(&self.first_break);
            }
            value.push_str(&self.more_breaks);
        }
        *self = Self::default();
    }
}

impl Scanner<'_> {
    fn scalar_problem(&self, start: Mark, what: &str) -> Problem {
        Problem::scanner(start, self.cursor.mark(), what)
    }

    /// Passes blanks and line breaks into `gap`.
    fn scan_break(&mut self, gap: &mut Gap) {
        let text = self.cursor.read_break();
        if gap.broken {
            gap.more_breaks.push_str(text);
        } else {
            gap.blanks.clear();
            gap.first_break.push_str(text);
            gap.broken = true;
        }
    }

    pub(super) fn scan_plain(&mut self) -> Result<Token, Problem> {
        let start = self.cursor.mark();
        let mut end = start;
        let indent = self.indent + 1;
        let mut value = String::new();
        let mut gap = Gap::default();
        loop {
            if self.cursor.at_document_indicator() || self.cursor.is(b'#') {
                break;
            }
            let run = self.cursor.mark();
            while !self.cursor.is_space_or_end(0) && !self.ends_plain() {
                self.cursor.skip();
            }
            if self.cursor.mark() != run {
                gap.fold_into(&mut value);
                value.push_str(self.cursor.since(run.pos));
                end = self.cursor.mark();
            }
            if !self.cursor.is_blank(0) && !self.cursor.is_break(0) {
                break;
            }
            loop {
                if self.cursor.is_break(0) {
                    self.scan_break(&mut gap);
                } else if !self.cursor.is_blank(0) {
                    break;
                } else if !gap.broken {
                    gap.blanks.push_str(self.cursor.read());
                } else if (self.cursor.column() as isize) < indent && self.cursor.is(b'\t') {
                    return Err(self.scalar_problem(start, "found a tab character that violates indentation"));
                } else {
                    self.cursor.skip();
                }
            }
            if self.flow_level == 0 && (self.cursor.column() as isize) < indent {
                break;
            }
        }
        if gap.broken {
            self.simple_key_allowed = true;
        }
        Ok(Token { kind: Kind::Scalar { value, plain: true }, start, end })
    }

    fn ends_plain(&self) -> bool {
        (self.cursor.is(b':') && self.cursor.is_space_or_end(1))
            || (self.flow_level > 0 && self.cursor.is_any(b",?[]{}"))
    }

    pub(super) fn scan_quoted(&mut self) -> Result<Token, Problem> {
        let start = self.cursor.mark();
        let quote = self.cursor.byte(0);
        let mut value = String::new();
        let mut gap = Gap::default();
        self.cursor.skip();
        loop {
            if self.cursor.at_document_indicator() {
                return Err(self.scalar_problem(start, "found unexpected document indicator"));
            }
            if self.cursor.is_end() {
                return Err(self.scalar_problem(start, "found unexpected end of stream"));
            }
            while !self.cursor.is_space_or_end(0) && !gap.broken {
                if self.cursor.is(quote) {
                    if quote == b'"' || self.cursor.byte(1) != b'\'' {
                        break;
                    }
                    self.cursor.skip();
                    value.push_str(self.cursor.read());
                } else if quote == b'"' && self.cursor.is(b'\\') {
                    if self.cursor.is_break(1) {
                        self.cursor.skip();
                        self.cursor.read_break();
                        gap.broken = true;
                    } else {
                        self.scan_escape(start, &mut value)?;
                    }
                } else {
                    value.push_str(self.cursor.read());
                }
            }
            if self.cursor.is(quote) {
                break;
            }
            loop {
                if self.cursor.is_break(0) {
                    self.scan_break(&mut gap);
                } else if !self.cursor.is_blank(0) {
                    break;
                } else if gap.broken {
                    self.cursor.skip();
                } else {
                    gap.blanks.push_str(self.cursor.read());
                }
            }
            gap.fold_into(&mut value);
        }
        self.cursor.skip();
        Ok(Token { kind: Kind::Scalar { value, plain: false }, start, end: self.cursor.mark() })
    }

    /// Reads a backslash and what it escapes.
    fn scan_escape(&mut self, start: Mark, value: &mut String) -> Result<(), Problem> {
        let (plain, digits) = match self.cursor.byte(1) {
            b'0' => ('\0', 0),
            b'a' => ('\u{7}', 0),
            b'b' => ('\u{8}', 0),
            b't' | b'\t' => ('\t', 0),
            b'n' => ('\n', 0),
            b'v' => ('\u{b}', 0),
            b'f' => ('\u{c}', 0),
            b'r' => ('\r', 0),
            b'e' => ('\u{1b}', 0),
            same @ (b' ' | b'"' | b'\'' | b'\\') => (char::from(same), 0),
            b'N' => ('\u{85}', 0),
            b'_' => ('\u{a0}', 0),
            b'L' => ('\u{2028}', 0),
            b'P' => ('\u{2029}', 0),
            b'x' => ('\0', 2),
            b'u' => ('\0', 4),
            b'U' => ('\0', 8),
            _ => return Err(self.scalar_problem(start, "found unknown escape character")),
        };
        self.cursor.skip();
        self.cursor.skip();
        if digits == 0 {
            value.push(plain);
            return Ok(());
        }
        let mut code = 0;
        for ahead in 0..digits {
            let Some(digit) = char::from(self.cursor.byte(ahead)).to_digit(16) else {
                return Err(self.scalar_problem(start, "did not find expected hexdecimal number"));
            };
            code = code << 4 | digit;
        }
        let Some(character) = char::from_u32(code) else {
            return Err(self.scalar_problem(start, "found invalid Unicode character escape code"));
        };
        value.push(character);
        for _ in 0..digits {
            self.cursor.skip();
        }
        Ok(())
    }

    pub(super) fn scan_block_scalar(&mut self) -> Result<Token, Problem> {
        let start = self.cursor.mark();
        let literal = self.cursor.is(b'|');
        self.cursor.skip();
        let (chomping, increment) = self.scan_block_header(start)?;
        let mut indent = if increment == 0 { 0 } else { self.indent.max(0) as usize + increment };

        let mut value = String::new();
        let mut first_break = "";
        let mut breaks = String::new();
        let mut end = self.cursor.mark();
        self.scan_block_breaks(start, &mut indent, &mut breaks)?;
        let mut leading_blank = false;
        while self.cursor.column() == indent && !self.cursor.is_end() {
            let trailing_blank = self.cursor.is_blank(0);
            if !literal && first_break == "\n" && !leading_blank && !trailing_blank {
                if breaks.is_empty() {
                    value.push(' ');
                }
            } else {
                value.push_str(first_break);
            }
            value.push_str(&breaks);
            breaks.clear();
            leading_blank = trailing_blank;
            let line = self.cursor.mark();
            while !self.cursor.is_break_or_end() {
                self.cursor.skip();
            }
            value.push_str(self.cursor.since(line.pos));
            end = self.cursor.mark();
            first_break = self.cursor.read_break();
            self.scan_block_breaks(start, &mut indent, &mut breaks)?;
        }
        if chomping != Some(b'-') {
            value.push_str(first_break);
        }
        if chomping == Some(b'+') {
            value.push_str(&breaks);
        }
        Ok(Token { kind: Kind::Scalar { value, plain: false }, start, end })
    }

    /// Reads what follows `|` or `>` up to the end of the line: the chomping indicator and the indentation increment (0: detect).
    fn scan_block_header(&mut self, start: Mark) -> Result<(Option<u8>, usize), Problem> {
        let mut chomping = None;
        let mut increment = 0;
        for _ in 0..2 {
            let byte = self.cursor.byte(0);
            if chomping.is_none() && matches!(byte, b'+' | b'-') {
                chomping = Some(byte);
                self.cursor.skip();
            } else if increment == 0 && byte.is_ascii_digit() {
                if byte == b'0' {
                    return Err(self.scalar_problem(start, "found an indentation indicator equal to 0"));
                }
                increment = usize::from(byte - b'0');
                self.cursor.skip();
            }
        }
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_break_or_end() {
            return Err(self.scalar_problem(start, "did not find expected comment or line break"));
        }
        self.cursor.read_break();
        Ok((chomping, increment))
    }

    /// Passes the indentation and the empty lines, and finds the indentation when it is not known (0).
    fn scan_block_breaks(
        &mut self,
        start: Mark,
        indent: &mut usize,
        breaks: &mut String,
    ) -> Result<(), Problem> {
        let mut widest = 0;
        loop {
            while (*indent == 0 || self.cursor.column() < *indent) && self.cursor.is(b' ') {
                self.cursor.skip();
            }
            widest = widest.max(self.cursor.column());
            if (*indent == 0 || self.cursor.column() < *indent) && self.cursor.is(b'\t') {
                return Err(self
                    .scalar_problem(start, "found a tab character where an indentation space is expected"));
            }
            if !self.cursor.is_break(0) {
                break;
            }
            breaks.push_str(self.cursor.read_break());
        }
        if *indent == 0 {
            *indent = widest.max((self.indent + 1) as usize).max(1);
        }
        Ok(())
    }
}
