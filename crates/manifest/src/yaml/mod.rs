//! YAML as go-yaml v2 reads it: the reader that kubectl goes through.
//!
//! [`read`] takes one document through four steps, each a module: characters to tokens ([`scanner`], by libyaml's rules for
//! YAML 1.1), tokens to events ([`parser`]), events to nodes ([`compose`]), nodes to the value tree ([`build`]).

mod build;
mod compose;
mod cursor;
pub(crate) mod entries;
mod go_syntax;
mod parser;
mod properties;
mod resolve;
mod scalars;
mod scanner;
#[cfg(test)]
mod second_opinion;
mod token;
mod write;

use std::borrow::Cow;

use crate::{Span, Tree};

pub(crate) use build::MAX_DEPTH;
pub(crate) use token::Problem;
pub use write::{Line, to_yaml};

/// libyaml decodes its input in pieces of this many bytes, so a character that is not allowed hides the errors of its piece.
const READ_SIZE: usize = 512;

/// Reads a document. `base` is added to every offset of the spans.
pub(crate) fn read(text: &str, base: usize) -> Result<(Tree, Vec<Span>), Problem> {
    // kubectl puts a line break after every line. One that is not in the text is in no span either.
    let complete = if text.ends_with('\n') { Cow::Borrowed(text) } else { Cow::Owned(format!("{text}\n")) };
    let nodes = compose::compose(&complete);
    // Most texts are plain ASCII, which is quickly seen.
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r'));
    let refused = if plain { None } else { text.char_indices().find(|&(_, c)| !is_allowed(c)) };
    match (nodes, refused) {
        (Err(problem), Some((at, _))) if problem.end < at / READ_SIZE * READ_SIZE => Err(problem),
        (_, Some((at, character))) => {
            Err(Problem::decoder(at, at + character.len_utf8(), "control characters are not allowed"))
        }
        (nodes, None) => build::build(&nodes?, base..base + text.len()),
    }
}

fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => true,
        '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => false,
        other => other >= ' ',
    }
}
