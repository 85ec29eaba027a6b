//! Changes that keep most of a manifest: those that people make by accident, and values that nobody expects.
//!
//! The words come from `fuzz/dictionary.txt`, which libFuzzer reads as well.

use std::ops::Range;

const DICTIONARY: &str = include_str!("../../fuzz/dictionary.txt");

/// Changes texts at random; the same seed gives the same changes.
#[derive(Clone, Debug)]
pub struct Mutator {
    state: u64,
    keys: Vec<String>,
    scalars: Vec<String>,
}

impl Mutator {
    /// A series of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed, keys: words("key"), scalars: words("scalar") }
    }

    /// The next number below a limit, which is at least 1 (SplitMix64).
    pub fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ bits >> 31) % limit as u64) as usize
    }

    /// A cluster to put before a text, as [`super::input`] reads it.
    pub fn settings(&mut self) -> [u8; 4] {
        [0, self.below(21) as u8, self.below(256) as u8, self.below(4) as u8]
    }

    /// One to three changes; `other` is what may be spliced in.
    pub fn mutate(&mut self, text: &str, other: &str) -> String {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        for _ in 0..=self.below(3) {
            self.step(&mut lines, other);
        }
        lines.concat()
    }

    fn step(&mut self, lines: &mut Vec<String>, other: &str) {
        if lines.is_empty() {
            lines.push("a: b\n".to_owned());
        }
        let (line, block) = (self.below(lines.len()), self.block(lines.len()));
        match self.below(14) {
            0 => drop(lines.drain(block)),
            1 => {
                let copy = lines[block].to_vec();
                lines.splice(line..line, copy);
            }
            2 => {
                let with = self.below(lines.len());
                lines.swap(line, with);
            }
            3 => self.indent(&mut lines[block]),
            4 => self.rename(&mut lines[line]),
            5 => {
                let indent = indentation(&lines[line]).to_owned();
                let added = [&indent, &*self.key(), ": ", &self.scalar(), "\n"].concat();
                lines.insert(line, added);
            }
            6 => {
                let more: Vec<String> = other.split_inclusive('\n').map(str::to_owned).collect();
                let from = self.below(more.len() + 1);
                lines.truncate(line);
                lines.extend_from_slice(&more[from..]);
            }
            7 => lines.extend(["---\n", other].map(str::to_owned)),
            8 => self.cut(&mut lines[line]),
            _ => self.replace(&mut lines[line]),
        }
    }

    /// Some lines that follow one another.
    fn block(&mut self, count: usize) -> Range<usize> {
        let start = self.below(count);
        start..(start + 1 + self.below(4)).min(count)
    }

    fn indent(&mut self, lines: &mut [String]) {
        let by = ["", " ", "  ", "    ", "\t", "- "][self.below(6)];
        for line in lines {
            *line = if by.is_empty() {
                let less = 1 + self.below(2);
                line.strip_prefix(&" ".repeat(less)).unwrap_or(line).to_owned()
            } else {
                [by, line].concat()
            };
        }
    }

    /// Puts another key before the first colon.
    fn rename(&mut self, line: &mut String) {
        if let Some((_, value)) = line.split_once(':') {
            *line = [indentation(line), &self.key(), ":", value].concat();
        }
    }

    /// Puts another value after the last colon, or after the dash.
    fn replace(&mut self, line: &mut String) {
        if let Some(at) = line.rfind(": ").or_else(|| line.rfind("- ")) {
            *line = [&line[..at + 2], &self.scalar(), "\n"].concat();
        }
    }

    /// Takes characters out.
    fn cut(&mut self, line: &mut String) {
        let starts: Vec<usize> = line.char_indices().map(|(at, _)| at).chain([line.len()]).collect();
        let from = self.below(starts.len());
        let to = (from + 1 + self.below(3)).min(starts.len() - 1);
        if from < to {
            line.replace_range(starts[from]..starts[to], "");
        }
    }

    fn key(&mut self) -> String {
        let at = self.below(self.keys.len());
        self.keys[at].clone()
    }

    fn scalar(&mut self) -> String {
        let at = self.below(self.scalars.len());
        self.scalars[at].clone()
    }
}

/// The white space and dashes before a line's first word.
fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '-']).len()]
}

/// The words of the dictionary that are given a name.
fn words(name: &str) -> Vec<String> {
    let of_name = |line: &str| {
        let quoted = line.strip_prefix(name)?.strip_prefix("=\"")?.strip_suffix('"')?;
        String::from_utf8(unescape(quoted.as_bytes())).ok()
    };
    DICTIONARY.lines().filter_map(of_name).collect()
}

/// libFuzzer's escapes: `\\`, `\"` and `\xAB`.
fn unescape(mut bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let (byte, rest) = match bytes {
            [] => return out,
            [b'\\', b'x', high, low, rest @ ..] => (digit(*high) << 4 | digit(*low), rest),
            [b'\\', byte, rest @ ..] | [byte, rest @ ..] => (*byte, rest),
        };
        out.push(byte);
        bytes = rest;
    }
}

fn digit(byte: u8) -> u8 {
    char::from(byte).to_digit(16).map_or(0, |digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_read() {
        assert_eq!(unescape(br#"a\\\"\x0a\xC3\xa9"#), "a\\\"\né".as_bytes());
        let mutator = Mutator::new(0);
        assert!(mutator.keys.iter().any(|key| key == "hostPort"));
        assert!(mutator.scalars.iter().any(|scalar| scalar == "65536"));
        let other = |line: &&str| !line.is_empty() && !line.starts_with('#') && !line.starts_with("token=\"");
        let words = DICTIONARY.lines().filter(other).count();
        assert_eq!(mutator.keys.len() + mutator.scalars.len(), words, "no word is lost");
    }

    #[test]
    fn a_seed_decides() {
        let text = "a: 1\nb:\n- c: 2\n";
        let series = |seed| {
            let mut mutator = Mutator::new(seed);
            (0..50).map(|_| mutator.mutate(text, "d: 3\n")).collect::<Vec<_>>()
        };
        assert_eq!(series(1), series(1));
        assert_ne!(series(1), series(2));
    }
}
