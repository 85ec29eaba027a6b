//! A value tree as YAML, as `kubectl get -o yaml` prints objects: keys sorted, lists as far in as their key, strings in quotes only
//! where they would be read as something else (go-yaml v2).

use std::fmt::Write as _;

use super::is_allowed;
use super::resolve::{Scalar, resolve};
use crate::{Tree, Value};

/// A line of YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line, without its end.
    pub text: String,
    /// What begins here stands in no text: a default, or what else was added to what was read.
    pub added: bool,
}

/// The lines of a tree that is a mapping.
pub fn to_yaml(tree: &Tree) -> Vec<Line> {
    let mut lines = Vec::new();
    mapping(tree, 0, &mut lines);
    lines
}

fn mapping(tree: &Tree, indent: usize, lines: &mut Vec<Line>) {
    for entry in tree.as_map().map(crate::Map::sorted).unwrap_or_default() {
        let added = entry.key_span.is_none() && entry.value.span.is_none();
        let key = format!("{}{}:", " ".repeat(indent), scalar(&entry.key));
        value(&entry.value, key, added, indent, lines);
    }
}

/// A value behind its key or dash.
fn value(tree: &Tree, front: String, added: bool, indent: usize, lines: &mut Vec<Line>) {
    let mut line = |text: String| lines.push(Line { text, added });
    match &tree.value {
        Value::Map(map) if map.is_empty() => line(front + " {}"),
        Value::List(list) if list.is_empty() => line(front + " []"),
        Value::Map(_) => {
            line(front);
            mapping(tree, indent + 2, lines);
        }
        Value::List(items) => {
            line(front);
            for item in items {
                list_item(item, indent, lines);
            }
        }
        Value::String(text) if is_block(text) => {
            let content = text.trim_end_matches('\n');
            let mark = match text.len() - content.len() {
                0 => "|-",
                1 => "|",
                _ => "|+",
            };
            line(format!("{front} {mark}"));
            let kept = if mark == "|+" { &text[..text.len() - 1] } else { content };
            for part in kept.split('\n') {
                let blanks = if part.is_empty() { 0 } else { indent + 2 };
                line(format!("{}{part}", " ".repeat(blanks)));
            }
        }
        Value::String(text) => line(format!("{front} {}", scalar(text))),
        _ => line(format!("{front} {}", tree.to_json())),
    }
}

fn list_item(item: &Tree, indent: usize, lines: &mut Vec<Line>) {
    let first = lines.len();
    let is_filled = item.as_map().is_some_and(|map| !map.is_empty())
        || item.as_list().is_some_and(|list| !list.is_empty());
    if !is_filled {
        return value(item, format!("{}-", " ".repeat(indent)), item.span.is_none(), indent, lines);
    }
    match item.as_list() {
        Some(items) => items.iter().for_each(|item| list_item(item, indent + 2, lines)),
        None => mapping(item, indent + 2, lines),
    }
    if let Some(line) = lines.get_mut(first) {
        line.text.replace_range(indent..=indent, "-");
    }
}

/// Whether a text is written in lines of its own: none may begin or end with blanks that would get lost.
fn is_block(text: &str) -> bool {
    let first = text.chars().next();
    text.contains('\n')
        && !matches!(first, Some(' ' | '\n'))
        && text.lines().all(|line| !line.ends_with(' '))
        && text.chars().all(|character| character != '\t' && character != '\r' && is_allowed(character))
}

/// A text in one line.
fn scalar(text: &str) -> String {
    if !text.chars().all(|character| character != '\n' && character != '\t' && is_allowed(character)) {
        return double_quoted(text);
    }
    if !matches!(resolve("", text), Ok(Scalar::String)) {
        return double_quoted(text);
    }
    if is_plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// Whether libyaml takes the text for a scalar without quotes.
fn is_plain(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next().unwrap_or(' ');
    let opens = match first {
        '-' | '?' | ':' => matches!(characters.next(), None | Some(' ')),
        _ => ",[]{}#&*!|>'\"%@`".contains(first),
    };
    let is_document_mark = ["---", "..."].iter().any(|mark| text.starts_with(mark));
    !opens
        && !is_document_mark
        && !text.starts_with(' ')
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other if is_allowed(other) => out.push(other),
            other if (other as u32) < 0x100 => {
                let _ = write!(out, "\\x{:02X}", other as u32);
            }
            other => {
                let _ = write!(out, "\\u{:04X}", other as u32);
            }
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn read(text: &str) -> Tree {
        parse(text).documents.remove(0).content.expect("the text is YAML")
    }

    fn written(tree: &Tree) -> String {
        to_yaml(tree).into_iter().map(|line| line.text + "\n").collect()
    }

    #[test]
    fn objects_are_written_as_kubectl_prints_them() {
        let text = "\
a:
- b: 1
  c:
  - d
  - - e
    - f
- {}
empty: []
flag: true
nothing: null
text: |
  one

  two
z: {}
";
        assert_eq!(written(&read(text)), text);
    }

    #[test]
    fn strings_are_quoted_where_they_would_be_something_else() {
        let table = [
            ("plain words", "plain words"),
            ("nginx:1.25", "nginx:1.25"),
            ("-c", "-c"),
            ("", "\"\""),
            ("true", "\"true\""),
            ("yes", "\"yes\""),
            ("8080", "\"8080\""),
            ("0x1f", "\"0x1f\""),
            ("1.5", "\"1.5\""),
            ("null", "\"null\""),
            ("*", "'*'"),
            ("a: b", "'a: b'"),
            ("it's: #1", "'it''s: #1'"),
            ("- a", "'- a'"),
            ("a\tb", "\"a\\tb\""),
            ("bell\u{7}", "\"bell\\x07\""),
        ];
        for (text, expected) in table {
            assert_eq!(scalar(text), expected, "{text:?}");
            if text.chars().all(is_allowed) {
                let tree = read(&format!("a: {expected}\n"));
                assert_eq!(tree.get("a").and_then(Tree::as_str), Some(text), "read again");
            }
        }
    }

    #[test]
    fn what_was_added_is_marked() {
        let mut tree = read("a:\n  b: 1\n");
        let inner = tree.get_mut("a").and_then(Tree::as_map_mut).expect("a map");
        inner.insert("c", Tree::added("x"));
        let lines = to_yaml(&tree);
        let marked: Vec<_> = lines.iter().map(|line| (line.text.as_str(), line.added)).collect();
        assert_eq!(marked, [("a:", false), ("  b: 1", false), ("  c: x", true)]);
    }
}
