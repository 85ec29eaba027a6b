//! Tokens to events: the grammar of YAML, as a state machine without recursion.

use super::cursor::Mark;
use super::scanner::Scanner;
use super::token::{Kind, Problem, Token};

/// A step of the walk through a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) what: What,
    /// Byte offset of the first byte, without tag and anchor.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
}

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    DocumentStart,
    DocumentEnd,
    StreamEnd,
    Alias(String),
    /// A scalar; `implicit` when its type is to be found by its form.
    Scalar {
        value: String,
        implicit: bool,
        properties: Properties,
    },
    SequenceStart(Properties),
    SequenceEnd,
    MappingStart(Properties),
    MappingEnd,
}

/// Anchor and resolved tag of a node; both empty when absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Properties {
    pub(super) anchor: String,
    pub(super) tag: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    DocumentStart { implicit: bool },
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceEntry,
    IndentlessEntry,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceEntry { first: bool },
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMappingKey { first: bool },
    FlowMappingValue { empty: bool },
    End,
}

/// Which nodes may stand at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Flow,
    Block,
    /// A mapping's key or value, where a sequence need not be indented.
    BlockOrIndentless,
}

/// The events of one text.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    scanner: Scanner<'a>,
    state: State,
    states: Vec<State>,
    tag_handles: Vec<(String, String)>,
}

type Step = Result<Event, Problem>;

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let state = State::DocumentStart { implicit: true };
        Self { scanner: Scanner::new(text), state, states: Vec::new(), tag_handles: Vec::new() }
    }

    /// The next event; after the end of the stream it is the end again.
    pub(super) fn next(&mut self) -> Step {
        match self.state {
            State::DocumentStart { implicit } => self.document_start(implicit),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(Place::Block),
            State::BlockSequenceEntry => self.block_sequence_entry(),
            State::IndentlessEntry => self.indentless_entry(),
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceEntry { first } => self.flow_sequence_entry(first),
            State::FlowPairKey => self.flow_pair_key(),
            State::FlowPairValue => self.flow_pair_value(),
            State::FlowPairEnd => self.flow_pair_end(),
            State::FlowMappingKey { first } => self.flow_mapping_key(first),
            State::FlowMappingValue { empty } => self.flow_mapping_value(empty),
            State::End => Ok(Event { what: What::StreamEnd, start: 0, end: 0 }),
        }
    }

    fn peek(&mut self) -> Result<&Token, Problem> {
        self.scanner.peek()
    }

    fn peek_is(&mut self, kinds: &[Kind]) -> Result<bool, Problem> {
        let kind = &self.peek()?.kind;
        Ok(kinds.contains(kind))
    }

    fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    /// An event at the next token.
    fn event_here(&mut self, what: What) -> Step {
        let token = self.peek()?;
        Ok(Event { what, start: token.start.pos, end: token.end.pos })
    }

    /// An empty scalar at `mark`, and then `state`.
    fn empty_scalar(&mut self, mark: Mark, state: State) -> Event {
        self.state = state;
        let what = What::Scalar { value: String::new(), implicit: true, properties: Properties::default() };
        Event { what, start: mark.pos, end: mark.pos }
    }

    /// Ends the current collection with its last token.
    fn end_collection(&mut self, what: What) -> Step {
        let event = self.event_here(what)?;
        self.scanner.next()?;
        self.pop_state();
        Ok(event)
    }

    fn problem_here(&mut self, what: &str) -> Problem {
        match self.peek() {
            Ok(token) => Problem::parser(token.start, token.end, what),
            Err(problem) => problem,
        }
    }

    fn document_start(&mut self, implicit: bool) -> Step {
        if !implicit {
            while self.peek_is(&[Kind::DocumentEnd])? {
                self.scanner.next()?;
            }
        }
        let token = self.peek()?.clone();
        let directive = matches!(token.kind, Kind::VersionDirective { .. } | Kind::TagDirective { .. });
        if token.kind == Kind::StreamEnd {
            self.state = State::End;
            return self.event_here(What::StreamEnd);
        }
        self.states.push(State::DocumentEnd);
        if implicit && !directive && token.kind != Kind::DocumentStart {
            self.directives()?;
            self.state = State::BlockNode;
            return self.event_here(What::DocumentStart);
        }
        self.directives()?;
        if !self.peek_is(&[Kind::DocumentStart])? {
            return Err(self.problem_here("did not find expected <document start>"));
        }
        let event = self.event_here(What::DocumentStart)?;
        self.scanner.next()?;
        self.state = State::DocumentContent;
        Ok(event)
    }

    fn directives(&mut self) -> Result<(), Problem> {
        self.tag_handles.clear();
        let mut version_seen = false;
        loop {
            let token = self.peek()?.clone();
            match token.kind {
                Kind::VersionDirective { .. } if version_seen => {
                    return Err(Problem::parser(token.start, token.end, "found duplicate %YAML directive"));
                }
                Kind::VersionDirective { major, minor } => {
                    if (major, minor) != (1, 1) {
                        return Err(Problem::parser(
                            token.start,
                            token.end,
                            "found incompatible YAML document",
                        ));
                    }
                    version_seen = true;
                }
                Kind::TagDirective { handle, prefix } => {
                    if self.tag_handles.iter().any(|(known, _)| *known == handle) {
                        return Err(Problem::parser(
                            token.start,
                            token.end,
                            "found duplicate %TAG directive",
                        ));
                    }
                    self.tag_handles.push((handle, prefix));
                }
                _ => break,
            }
            self.scanner.next()?;
        }
        for (handle, prefix) in [("!", "!"), ("!!", super::resolve::TAG_PREFIX)] {
            if !self.tag_handles.iter().any(|(known, _)| known == handle) {
                self.tag_handles.push((handle.to_owned(), prefix.to_owned()));
            }
        }
        Ok(())
    }

    fn document_content(&mut self) -> Step {
        let token = self.peek()?;
        let start = token.start;
        match token.kind {
            Kind::VersionDirective { .. }
            | Kind::TagDirective { .. }
            | Kind::DocumentStart
            | Kind::DocumentEnd
            | Kind::StreamEnd => {
                let next = self.states.pop().unwrap_or(State::End);
                Ok(self.empty_scalar(start, next))
            }
            _ => self.node(Place::Block),
        }
    }

    fn document_end(&mut self) -> Step {
        let event = self.event_here(What::DocumentEnd)?;
        if self.peek_is(&[Kind::DocumentEnd])? {
            self.scanner.next()?;
        }
        self.state = State::DocumentStart { implicit: false };
        Ok(event)
    }

    /// A node with its anchor and tag.
    fn node(&mut self, place: Place) -> Step {
        let first = self.peek()?.end.pos;
        let properties = self.properties()?;
        let bare = properties == Properties::default();
        let token = self.peek()?;
        let (start, end) = (token.start.pos, token.end.pos);
        let known = match token.kind {
            Kind::Alias(_) => bare,
            Kind::Scalar { .. } | Kind::FlowSequenceStart | Kind::FlowMappingStart => true,
            Kind::BlockSequenceStart | Kind::BlockMappingStart => place != Place::Flow,
            Kind::BlockEntry if place == Place::BlockOrIndentless => {
                self.state = State::IndentlessEntry;
                return Ok(Event { what: What::SequenceStart(properties), start, end });
            }
            _ => false,
        };
        if !known && bare {
            return Err(self.problem_here("did not find expected node content"));
        }
        if !known {
            self.pop_state();
            let implicit = properties.tag.is_empty();
            let what = What::Scalar { value: String::new(), implicit, properties };
            return Ok(Event { what, start: first, end: first });
        }
        let what = match self.scanner.next()?.kind {
            Kind::Alias(name) => {
                self.pop_state();
                What::Alias(name)
            }
            Kind::Scalar { value, plain } => {
                self.pop_state();
                let implicit = (properties.tag.is_empty() && plain) || properties.tag == "!";
                What::Scalar { value, implicit, properties }
            }
            Kind::FlowSequenceStart => {
                self.state = State::FlowSequenceEntry { first: true };
                What::SequenceStart(properties)
            }
            Kind::BlockSequenceStart => {
                self.state = State::BlockSequenceEntry;
                What::SequenceStart(properties)
            }
            Kind::FlowMappingStart => {
                self.state = State::FlowMappingKey { first: true };
                What::MappingStart(properties)
            }
            _ => {
                self.state = State::BlockMappingKey;
                What::MappingStart(properties)
            }
        };
        Ok(Event { what, start, end })
    }

    fn properties(&mut self) -> Result<Properties, Problem> {
        let mut properties = Properties::default();
        let mut tagged = false;
        loop {
            let known = match self.peek()?.kind {
                Kind::Anchor(_) => properties.anchor.is_empty(),
                Kind::Tag { .. } => !tagged,
                _ => false,
            };
            if !known {
                return Ok(properties);
            }
            let token = self.scanner.next()?;
            match token.kind {
                Kind::Anchor(name) => properties.anchor = name,
                Kind::Tag { handle, suffix } => {
                    tagged = true;
                    properties.tag = if handle.is_empty() {
                        suffix
                    } else {
                        let prefix = self.tag_handles.iter().find(|(known, _)| *known == handle);
                        let Some((_, prefix)) = prefix else {
                            return Err(Problem::parser(
                                token.start,
                                token.end,
                                "found undefined tag handle",
                            ));
                        };
                        format!("{prefix}{suffix}")
                    };
                }
                _ => {}
            }
        }
    }

    fn block_sequence_entry(&mut self) -> Step {
        if self.peek_is(&[Kind::BlockEntry])? {
            let mark = self.scanner.next()?.end;
            if self.peek_is(&[Kind::BlockEntry, Kind::BlockEnd])? {
                return Ok(self.empty_scalar(mark, State::BlockSequenceEntry));
            }
            self.states.push(State::BlockSequenceEntry);
            return self.node(Place::Block);
        }
        if self.peek_is(&[Kind::BlockEnd])? {
            return self.end_collection(What::SequenceEnd);
        }
        Err(self.problem_here("did not find expected '-' indicator"))
    }

    fn indentless_entry(&mut self) -> Step {
        if self.peek_is(&[Kind::BlockEntry])? {
            let mark = self.scanner.next()?.end;
            if self.peek_is(&[Kind::BlockEntry, Kind::Key, Kind::Value, Kind::BlockEnd])? {
                return Ok(self.empty_scalar(mark, State::IndentlessEntry));
            }
            self.states.push(State::IndentlessEntry);
            return self.node(Place::Block);
        }
        self.pop_state();
        let start = self.peek()?.start.pos;
        Ok(Event { what: What::SequenceEnd, start, end: start })
    }

    fn block_mapping_key(&mut self) -> Step {
        if self.peek_is(&[Kind::Key])? {
            let mark = self.scanner.next()?.end;
            return self.block_mapping_node(mark, State::BlockMappingValue);
        }
        if self.peek_is(&[Kind::BlockEnd])? {
            return self.end_collection(What::MappingEnd);
        }
        Err(self.problem_here("did not find expected key"))
    }

    fn block_mapping_value(&mut self) -> Step {
        if self.peek_is(&[Kind::Value])? {
            let mark = self.scanner.next()?.end;
            return self.block_mapping_node(mark, State::BlockMappingKey);
        }
        let mark = self.peek()?.start;
        Ok(self.empty_scalar(mark, State::BlockMappingKey))
    }

    /// The node after a `?` or `:` that ended at `mark`, and then `next`.
    fn block_mapping_node(&mut self, mark: Mark, next: State) -> Step {
        if self.peek_is(&[Kind::Key, Kind::Value, Kind::BlockEnd])? {
            return Ok(self.empty_scalar(mark, next));
        }
        self.states.push(next);
        self.node(Place::BlockOrIndentless)
    }

    fn flow_node(&mut self, next: State) -> Step {
        self.states.push(next);
        self.node(Place::Flow)
    }

    fn flow_sequence_entry(&mut self, first: bool) -> Step {
        if !self.peek_is(&[Kind::FlowSequenceEnd])? {
            if !first {
                if !self.peek_is(&[Kind::FlowEntry])? {
                    return Err(self.problem_here("did not find expected ',' or ']'"));
                }
                self.scanner.next()?;
            }
            if self.peek_is(&[Kind::Key])? {
                let event = self.event_here(What::MappingStart(Properties::default()))?;
                self.scanner.next()?;
                self.state = State::FlowPairKey;
                return Ok(event);
            }
            if !self.peek_is(&[Kind::FlowSequenceEnd])? {
                return self.flow_node(State::FlowSequenceEntry { first: false });
            }
        }
        self.end_collection(What::SequenceEnd)
    }

    fn flow_pair_key(&mut self) -> Step {
        if !self.peek_is(&[Kind::Value, Kind::FlowEntry, Kind::FlowSequenceEnd])? {
            return self.flow_node(State::FlowPairValue);
        }
        // As in libyaml the token is lost: `[? : a]` has the key and value `null` and `a` follows where a comma should.
        let mark = self.scanner.next()?.end;
        Ok(self.empty_scalar(mark, State::FlowPairValue))
    }

    fn flow_pair_value(&mut self) -> Step {
        let mut mark = self.peek()?.start;
        if self.peek_is(&[Kind::Value])? {
            self.scanner.next()?;
            if !self.peek_is(&[Kind::FlowEntry, Kind::FlowSequenceEnd])? {
                return self.flow_node(State::FlowPairEnd);
            }
            mark = self.peek()?.start;
        }
        Ok(self.empty_scalar(mark, State::FlowPairEnd))
    }

    fn flow_pair_end(&mut self) -> Step {
        self.state = State::FlowSequenceEntry { first: false };
        let start = self.peek()?.start.pos;
        Ok(Event { what: What::MappingEnd, start, end: start })
    }

    fn flow_mapping_key(&mut self, first: bool) -> Step {
        if !self.peek_is(&[Kind::FlowMappingEnd])? {
            if !first {
                if !self.peek_is(&[Kind::FlowEntry])? {
                    return Err(self.problem_here("did not find expected ',' or '}'"));
                }
                self.scanner.next()?;
            }
            if self.peek_is(&[Kind::Key])? {
                self.scanner.next()?;
                if !self.peek_is(&[Kind::Value, Kind::FlowEntry, Kind::FlowMappingEnd])? {
                    return self.flow_node(State::FlowMappingValue { empty: false });
                }
                let mark = self.peek()?.start;
                return Ok(self.empty_scalar(mark, State::FlowMappingValue { empty: false }));
            }
            if !self.peek_is(&[Kind::FlowMappingEnd])? {
                return self.flow_node(State::FlowMappingValue { empty: true });
            }
        }
        self.end_collection(What::MappingEnd)
    }

    fn flow_mapping_value(&mut self, empty: bool) -> Step {
        let next = State::FlowMappingKey { first: false };
        if !empty && self.peek_is(&[Kind::Value])? {
            self.scanner.next()?;
            if !self.peek_is(&[Kind::FlowEntry, Kind::FlowMappingEnd])? {
                return self.flow_node(next);
            }
        }
        let mark = self.peek()?.start;
        Ok(self.empty_scalar(mark, next))
    }
}
