//! Text to tokens, by the rules of libyaml (YAML 1.1) as go-yaml v2 has them.
//!
//! Which error is reported, and on which line, depends on how far the scanner looks ahead before a token is handed out: a scalar
//! waits until it is known whether a `:` makes it a key. So the order of work here is part of the imitated behaviour (YAML-12).

use std::collections::VecDeque;

use super::cursor::{Cursor, Mark};
use super::token::{Kind, Problem, Token};
use crate::sorted::SortedMap;

/// go-yaml's bound for flow levels and for indentation levels.
const MAX_DEPTH: usize = 10_000;
/// How many characters may lie between the start of a simple key and its `:`.
const SIMPLE_KEY_LENGTH: usize = 1024;
/// Characters that cannot start a plain scalar.
const INDICATORS: &[u8] = b"-?:,[]{}#&*!|>'\"%@`";

/// A place where a key without `?` may have begun: its `:` decides.
#[derive(Clone, Copy, Debug, Default)]
struct SimpleKey {
    possible: bool,
    required: bool,
    /// Number of its first token, counted from the start of the stream.
    token: usize,
    mark: Mark,
}

/// The tokens of one text.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    pub(super) cursor: Cursor<'a>,
    tokens: VecDeque<Token>,
    /// How many tokens have been handed out.
    taken: usize,
    /// The column of the current block collection, -1 outside.
    pub(super) indent: isize,
    indents: Vec<isize>,
    pub(super) flow_level: usize,
    pub(super) simple_key_allowed: bool,
    /// One entry a flow level.
    simple_keys: Vec<SimpleKey>,
    /// Token number -> index into `simple_keys`.
    simple_key_of: SortedMap<usize, usize>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text),
            tokens: VecDeque::new(),
            taken: 0,
            indent: -1,
            indents: Vec::new(),
            flow_level: 0,
            simple_key_allowed: true,
            simple_keys: vec![SimpleKey::default()],
            simple_key_of: SortedMap::new(),
        }
    }

    /// The next token, which stays where it is.
    pub(super) fn peek(&mut self) -> Result<&Token, Problem> {
        while self.needs_more()? {
            self.fetch()?;
        }
        Ok(&self.tokens[0])
    }

    /// Takes the next token. After the end of the stream it is the end again.
    pub(super) fn next(&mut self) -> Result<Token, Problem> {
        let token = self.peek()?;
        if token.kind == Kind::StreamEnd {
            return Ok(token.clone());
        }
        self.taken += 1;
        Ok(self.tokens.pop_front().unwrap_or_default())
    }

    /// Whether the next token may still turn out to be the start of a key.
    fn needs_more(&mut self) -> Result<bool, Problem> {
        if self.tokens.is_empty() {
            return Ok(true);
        }
        match self.simple_key_of.get(&self.taken) {
            Some(&index) => self.is_valid(index),
            None => Ok(false),
        }
    }

    fn fetch(&mut self) -> Result<(), Problem> {
        self.skip_to_token();
        self.unroll_indent(self.cursor.column() as isize);
        if self.cursor.is_end() {
            return self.fetch_end();
        }
        if self.cursor.column() == 0 && self.cursor.is(b'%') {
            self.leave_blocks()?;
            let token = self.scan_directive()?;
            self.tokens.push_back(token);
            return Ok(());
        }
        if self.cursor.at_document_indicator() {
            let kind = if self.cursor.is(b'-') { Kind::DocumentStart } else { Kind::DocumentEnd };
            self.leave_blocks()?;
            self.push_indicator(kind, 3);
            return Ok(());
        }
        let spaced = self.cursor.is_space_or_end(1);
        let flow = self.flow_level > 0;
        match self.cursor.byte(0) {
            b'[' => self.fetch_flow_start(Kind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(Kind::FlowMappingStart),
            b']' => self.fetch_flow_end(Kind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(Kind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if spaced => self.fetch_block_entry(),
            b'?' if flow || spaced => self.fetch_key(),
            b':' if flow || spaced => self.fetch_value(),
            b'*' | b'&' => self.fetch_keyable(Self::scan_anchor),
            b'!' => self.fetch_keyable(Self::scan_tag),
            b'|' | b'>' if !flow => self.fetch_block_scalar(),
            b'\'' | b'"' => self.fetch_keyable(Self::scan_quoted),
            _ if self.starts_plain() => self.fetch_keyable(Self::scan_plain),
            _ => Err(self.problem_here("found character that cannot start any token")),
        }
    }

    fn starts_plain(&self) -> bool {
        let cursor = &self.cursor;
        if cursor.is_any(INDICATORS) {
            return (cursor.is(b'-') && !cursor.is_blank(1))
                || (self.flow_level == 0 && cursor.is_any(b"?:") && !cursor.is_space_or_end(1));
        }
        !cursor.is_space_or_end(0)
    }

    /// Passes spaces, comments and line breaks. A tab is passed only where no key may start.
    fn skip_to_token(&mut self) {
        loop {
            let tabs = self.flow_level > 0 || !self.simple_key_allowed;
            while self.cursor.is(b' ') || (tabs && self.cursor.is(b'\t')) {
                self.cursor.skip();
            }
            self.cursor.skip_comment();
            if !self.cursor.is_break(0) {
                return;
            }
            self.cursor.read_break();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    /// A complaint about the character at hand.
    fn problem_here(&self, what: &str) -> Problem {
        let here = self.cursor.mark();
        Problem::scanner(here, here, what)
    }

    fn push_indicator(&mut self, kind: Kind, length: usize) {
        let start = self.cursor.mark();
        for _ in 0..length {
            self.cursor.skip();
        }
        self.tokens.push_back(Token { kind, start, end: self.cursor.mark() });
    }

    fn fetch_end(&mut self) -> Result<(), Problem> {
        self.cursor.force_new_line();
        self.leave_blocks()?;
        self.push_indicator(Kind::StreamEnd, 0);
        Ok(())
    }

    /// Ends every open block: a directive, a document indicator or the end of the text follows.
    fn leave_blocks(&mut self) -> Result<(), Problem> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: Kind) -> Result<(), Problem> {
        self.save_simple_key()?;
        // go-yaml gives the place of the level's first key the number of the bracket itself. While no key takes it, the end of
        // the level therefore forgets that the bracket may start a key: `x: 1\n[]: 2` is an error.
        let token = self.taken + self.tokens.len();
        self.simple_keys.push(SimpleKey { token, ..SimpleKey::default() });
        self.flow_level += 1;
        if self.flow_level > MAX_DEPTH {
            return Err(self.problem_here(&format!("exceeded max depth of {MAX_DEPTH}")));
        }
        self.simple_key_allowed = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: Kind) -> Result<(), Problem> {
        self.remove_simple_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            if let Some(key) = self.simple_keys.pop() {
                self.simple_key_of.remove(&key.token);
            }
        }
        self.simple_key_allowed = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Result<(), Problem> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(Kind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<(), Problem> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.problem_here("block sequence entries are not allowed in this context"));
            }
            self.roll_indent(self.cursor.mark(), None, Kind::BlockSequenceStart)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(Kind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<(), Problem> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.problem_here("mapping keys are not allowed in this context"));
            }
            self.roll_indent(self.cursor.mark(), None, Kind::BlockMappingStart)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.push_indicator(Kind::Key, 1);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<(), Problem> {
        let level = self.simple_keys.len() - 1;
        if self.is_valid(level)? {
            let key = self.simple_keys[level];
            self.insert(Some(key.token), Token { kind: Kind::Key, start: key.mark, end: key.mark });
            self.roll_indent(key.mark, Some(key.token), Kind::BlockMappingStart)?;
            self.forget_simple_key(level);
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    return Err(self.problem_here("mapping values are not allowed in this context"));
                }
                self.roll_indent(self.cursor.mark(), None, Kind::BlockMappingStart)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.push_indicator(Kind::Value, 1);
        Ok(())
    }

    fn fetch_block_scalar(&mut self) -> Result<(), Problem> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        let token = self.scan_block_scalar()?;
        self.tokens.push_back(token);
        Ok(())
    }

    /// Fetches a token that may start a key and after which no key may start on the same line.
    fn fetch_keyable(
        &mut self,
        scan: impl FnOnce(&mut Self) -> Result<Token, Problem>,
    ) -> Result<(), Problem> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let token = scan(self)?;
        self.tokens.push_back(token);
        Ok(())
    }

    /// Whether the `:` of this simple key may still come: on the same line and not too far away.
    fn is_valid(&mut self, index: usize) -> Result<bool, Problem> {
        let key = self.simple_keys[index];
        if !key.possible {
            return Ok(false);
        }
        let here = self.cursor.mark();
        if key.mark.line == here.line && key.mark.index + SIMPLE_KEY_LENGTH >= here.index {
            return Ok(true);
        }
        if key.required {
            return Err(Problem::scanner(key.mark, here, "could not find expected ':'"));
        }
        self.simple_keys[index].possible = false;
        Ok(false)
    }

    fn save_simple_key(&mut self) -> Result<(), Problem> {
        if self.simple_key_allowed {
            let mark = self.cursor.mark();
            let required = self.flow_level == 0 && self.indent == mark.column as isize;
            self.remove_simple_key()?;
            let token = self.taken + self.tokens.len();
            let level = self.simple_keys.len() - 1;
            self.simple_keys[level] = SimpleKey { possible: true, required, token, mark };
            self.simple_key_of.insert(token, level);
        }
        Ok(())
    }

    fn remove_simple_key(&mut self) -> Result<(), Problem> {
        let level = self.simple_keys.len() - 1;
        let key = self.simple_keys[level];
        if key.possible {
            if key.required {
                return Err(Problem::scanner(key.mark, self.cursor.mark(), "could not find expected ':'"));
            }
            self.forget_simple_key(level);
        }
        Ok(())
    }

    fn forget_simple_key(&mut self, level: usize) {
        self.simple_keys[level].possible = false;
        self.simple_key_of.remove(&self.simple_keys[level].token);
    }

    /// Opens a block collection at the column of `mark`, unless it is open. `before` is the number of the token that it goes before.
    fn roll_indent(&mut self, mark: Mark, before: Option<usize>, kind: Kind) -> Result<(), Problem> {
        let column = mark.column as isize;
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            return Err(self.problem_here(&format!("exceeded max depth of {MAX_DEPTH}")));
        }
        self.insert(before, Token { kind, start: mark, end: mark });
        Ok(())
    }

    /// Puts a token before the one of a number; at the end when that has been handed out already, as go-yaml does.
    fn insert(&mut self, before: Option<usize>, token: Token) {
        let at = before.and_then(|number| number.checked_sub(self.taken)).unwrap_or(self.tokens.len());
        self.tokens.insert(at, token);
    }

    /// Closes the block collections that are further right than `column`.
    fn unroll_indent(&mut self, column: isize) {
        while self.flow_level == 0 && self.indent > column {
            self.push_indicator(Kind::BlockEnd, 0);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
