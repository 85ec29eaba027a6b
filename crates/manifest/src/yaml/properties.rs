//! Anchors, aliases, tags and directives.

use super::cursor::Mark;
use super::scanner::Scanner;
use super::token::{Kind, Problem, Token};

/// Characters of a tag besides letters, digits, `_` and `-`.
const URI: &[u8] = b";/?:@&=+$,.!~*'()[]%";

impl Scanner<'_> {
    fn problem_from(&self, start: Mark, what: &str) -> Problem {
        Problem::scanner(start, self.cursor.mark(), what)
    }

    fn read_word(&mut self) -> String {
        let mut word = String::new();
        while self.cursor.is_word() {
            word.push_str(self.cursor.read());
        }
        word
    }

    pub(super) fn scan_anchor(&mut self) -> Result<Token, Problem> {
        let start = self.cursor.mark();
        let alias = self.cursor.is(b'*');
        self.cursor.skip();
        let name = self.read_word();
        if name.is_empty() || !(self.cursor.is_space_or_end(0) || self.cursor.is_any(b"?:,]}%@`")) {
            return Err(self.problem_from(start, "did not find expected alphabetic or numeric character"));
        }
        let kind = if alias { Kind::Alias(name) } else { Kind::Anchor(name) };
        Ok(Token { kind, start, end: self.cursor.mark() })
    }

    pub(super) fn scan_tag(&mut self) -> Result<Token, Problem> {
        let start = self.cursor.mark();
        let (mut handle, mut suffix) = (String::new(), String::new());
        if self.cursor.byte(1) == b'<' {
            self.cursor.skip();
            self.cursor.skip();
            self.scan_uri(start, &mut suffix, false)?;
            if !self.cursor.is(b'>') {
                return Err(self.problem_from(start, "did not find the expected '>'"));
            }
            self.cursor.skip();
        } else {
            self.scan_handle(start, &mut handle)?;
            if handle.len() > 1 && handle.ends_with('!') {
                self.scan_uri(start, &mut suffix, false)?;
            } else {
                suffix.push_str(&handle[1..]);
                self.scan_uri(start, &mut suffix, true)?;
                "!".clone_into(&mut handle);
                if suffix.is_empty() {
                    std::mem::swap(&mut handle, &mut suffix);
                }
            }
        }
        if !self.cursor.is_space_or_end(0) {
            return Err(self.problem_from(start, "did not find expected whitespace or line break"));
        }
        Ok(Token { kind: Kind::Tag { handle, suffix }, start, end: self.cursor.mark() })
    }

    /// Reads `!`, `!word` or `!word!`.
    fn scan_handle(&mut self, start: Mark, handle: &mut String) -> Result<(), Problem> {
        if !self.cursor.is(b'!') {
            return Err(self.problem_from(start, "did not find expected '!'"));
        }
        handle.push_str(self.cursor.read());
        handle.push_str(&self.read_word());
        if self.cursor.is(b'!') {
            handle.push_str(self.cursor.read());
        }
        Ok(())
    }

    /// Reads a URI, or the rest of one. `empty_allowed`: some of it has been read already.
    fn scan_uri(&mut self, start: Mark, uri: &mut String, empty_allowed: bool) -> Result<(), Problem> {
        let before = self.cursor.mark();
        while self.cursor.is_word() || (!self.cursor.is_end() && self.cursor.is_any(URI)) {
            if self.cursor.is(b'%') {
                self.scan_uri_escape(start, uri)?;
            } else {
                uri.push_str(self.cursor.read());
            }
        }
        if !empty_allowed && self.cursor.mark() == before {
            return Err(self.problem_from(start, "did not find expected tag URI"));
        }
        Ok(())
    }

    /// Reads the `%XX` sequences of one UTF-8 character.
    fn scan_uri_escape(&mut self, start: Mark, uri: &mut String) -> Result<(), Problem> {
        let mut octets: Vec<u8> = Vec::new();
        let mut expected = 1;
        while octets.len() < expected {
            let digit = |ahead| char::from(self.cursor.byte(ahead)).to_digit(16);
            let (true, Some(high), Some(low)) = (self.cursor.is(b'%'), digit(1), digit(2)) else {
                return Err(self.problem_from(start, "did not find URI escaped octet"));
            };
            let octet = (high << 4 | low) as u8;
            if octets.is_empty() {
                expected = match octet.leading_ones() {
                    0 => 1,
                    ones @ 2..=4 => ones as usize,
                    _ => return Err(self.problem_from(start, "found an incorrect leading UTF-8 octet")),
                };
            } else if octet & 0xc0 != 0x80 {
                return Err(self.problem_from(start, "found an incorrect trailing UTF-8 octet"));
            }
            octets.push(octet);
            for _ in 0..3 {
                self.cursor.skip();
            }
        }
        uri.push_str(&String::from_utf8_lossy(&octets));
        Ok(())
    }

    /// Reads a `%YAML` or `%TAG` line.
    pub(super) fn scan_directive(&mut self) -> Result<Token, Problem> {
        let start = self.cursor.mark();
        self.cursor.skip();
        let name = self.read_word();
        if name.is_empty() {
            return Err(self.problem_from(start, "could not find expected directive name"));
        }
        if !self.cursor.is_space_or_end(0) {
            return Err(self.problem_from(start, "found unexpected non-alphabetical character"));
        }
        let kind = match name.as_str() {
            "YAML" => self.scan_version(start)?,
            "TAG" => self.scan_tag_directive(start)?,
            _ => return Err(self.problem_from(start, "found unknown directive name")),
        };
        let end = self.cursor.mark();
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_break_or_end() {
            return Err(self.problem_from(start, "did not find expected comment or line break"));
        }
        self.cursor.read_break();
        Ok(Token { kind, start, end })
    }

    fn scan_version(&mut self, start: Mark) -> Result<Kind, Problem> {
        self.cursor.skip_blanks();
        let major = self.scan_version_number(start)?;
        if !self.cursor.is(b'.') {
            return Err(self.problem_from(start, "did not find expected digit or '.' character"));
        }
        self.cursor.skip();
        let minor = self.scan_version_number(start)?;
        Ok(Kind::VersionDirective { major, minor })
    }

    fn scan_version_number(&mut self, start: Mark) -> Result<u8, Problem> {
        let mut number = None;
        let mut length = 0;
        while self.cursor.byte(0).is_ascii_digit() {
            length += 1;
            if length > 2 {
                return Err(self.problem_from(start, "found extremely long version number"));
            }
            number = Some(number.unwrap_or(0) * 10 + (self.cursor.byte(0) - b'0'));
            self.cursor.skip();
        }
        number.ok_or_else(|| self.problem_from(start, "did not find expected version number"))
    }

    fn scan_tag_directive(&mut self, start: Mark) -> Result<Kind, Problem> {
        self.cursor.skip_blanks();
        let (mut handle, mut prefix) = (String::new(), String::new());
        self.scan_handle(start, &mut handle)?;
        if handle != "!" && !handle.ends_with('!') {
            return Err(self.problem_from(start, "did not find expected '!'"));
        }
        if !self.cursor.is_blank(0) {
            return Err(self.problem_from(start, "did not find expected whitespace"));
        }
        self.cursor.skip_blanks();
        self.scan_uri(start, &mut prefix, false)?;
        if !self.cursor.is_space_or_end(0) {
            return Err(self.problem_from(start, "did not find expected whitespace or line break"));
        }
        Ok(Kind::TagDirective { handle, prefix })
    }
}
