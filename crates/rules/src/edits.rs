//! Changes of the text that keep its style: what to remove, insert or replace, as [`TextEdit`]s.
//!
//! Only block style is edited; for anything else there is no edit, and hence no offer.

use manifest::{Entry, Span, TextEdit, Tree};

/// The text with edits applied; they are sorted and do not overlap.
pub(crate) fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start as usize).unwrap_or(""));
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

/// Sorts edits; `None` when there are none or two overlap.
pub(crate) fn sorted(mut edits: Vec<TextEdit>) -> Option<Vec<TextEdit>> {
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    let apart = edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
    (apart && !edits.is_empty()).then_some(edits)
}

/// Replaces a scalar.
pub(crate) fn replace(value: &Tree, text: impl Into<String>) -> Option<TextEdit> {
    Some(TextEdit { span: value.span?, text: text.into() })
}

/// Start of the line that holds a byte.
fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// Start of the line after the one that holds a byte.
fn next_line(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |newline| at + newline + 1)
}

/// Removes an entry of a block mapping with its line or lines. The first key of a list item hands its dash on to the next.
pub(crate) fn remove(text: &str, map: &Tree, key: &str) -> Option<TextEdit> {
    let map = map.as_map()?;
    let entry = map.entry(key)?;
    let start = entry.key_span?.start as usize;
    let end = entry.value.span.map_or(start, |span| span.end as usize).max(start);
    let line = line_start(text, start);
    let end = next_line(text, end.saturating_sub(usize::from(text.get(..end)?.ends_with('\n'))));
    let before = text.get(line..start)?;
    if before.chars().all(|character| character == ' ') {
        return Some(TextEdit { span: Span::new(line, end), text: String::new() });
    }
    let follows_dash = before.trim() == "-";
    let next = map
        .iter()
        .filter_map(|entry| entry.key_span)
        .map(|span| span.start as usize)
        .filter(|&at| at >= end)
        .min();
    match next {
        Some(next) if follows_dash => Some(TextEdit { span: Span::new(start, next), text: String::new() }),
        _ => None,
    }
}

/// The first entry of a block mapping, and the column at which its keys stand.
fn first_key<'a>(text: &str, map: &'a Tree) -> Option<(&'a Entry, usize)> {
    let entry =
        map.as_map()?.iter().filter(|entry| entry.key_span.is_some()).min_by_key(|entry| entry.key_span)?;
    let start = entry.key_span?.start as usize;
    let before = text.get(line_start(text, start)..start)?;
    before.chars().all(|character| matches!(character, ' ' | '-')).then_some((entry, before.len()))
}

/// Puts lines before the first key of a block mapping, at its column. `lines` are indented relative to it.
pub(crate) fn insert_first(text: &str, map: &Tree, lines: &[String]) -> Option<TextEdit> {
    let (entry, column) = first_key(text, map)?;
    let start = entry.key_span?.start as usize;
    let indent = " ".repeat(column);
    let inserted = lines.iter().flat_map(|line| [line.as_str(), "\n", &indent]).collect();
    Some(TextEdit { span: Span::at(start), text: inserted })
}

/// Puts an item before the first one of a block sequence. `lines` are those of a mapping.
pub(crate) fn insert_item(text: &str, list: &Tree, lines: &[String]) -> Option<TextEdit> {
    let first = list.as_list()?.first()?.span?.start as usize;
    let line = line_start(text, first);
    let before = text.get(line..first)?;
    let dash = before.find('-')?;
    if !before.chars().all(|character| matches!(character, ' ' | '-')) {
        return None;
    }
    let indent = " ".repeat(dash);
    let item =
        |(index, text): (usize, &String)| format!("{indent}{} {text}\n", if index == 0 { "-" } else { " " });
    Some(TextEdit { span: Span::at(line), text: lines.iter().enumerate().map(item).collect() })
}

/// Puts a document at the end.
pub(crate) fn append(text: &str, document: &str) -> TextEdit {
    let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    TextEdit { span: Span::at(text.len()), text: format!("{newline}---\n{document}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use manifest::parse;

    fn first(text: &str) -> Tree {
        parse(text).documents.remove(0).content.expect("the test's text is sound")
    }

    #[test]
    fn entries_are_removed_with_their_lines() {
        let table = [
            ("a: 1\nb: 2\nc: 3\n", "b", "a: 1\nc: 3\n"),
            ("a: 1\nb:\n  x: y\n  z: w\nc: 3\n", "b", "a: 1\nc: 3\n"),
            ("a: 1\nb: 2", "b", "a: 1\n"),
        ];
        for (text, key, expected) in table {
            let edit = remove(text, &first(text), key).expect("an edit");
            assert_eq!(apply(text, &[edit]), expected, "{text}");
        }
        let text = "p:\n- hostPort: 1\n  containerPort: 2\n";
        let tree = first(text);
        let edit = remove(text, &tree.list_at(&["p"])[0], "hostPort").expect("an edit");
        assert_eq!(apply(text, &[edit]), "p:\n- containerPort: 2\n");
        assert_eq!(remove("{a: 1}", &first("{a: 1}"), "a"), None);
    }

    #[test]
    fn lines_are_inserted_at_the_column() {
        let text = "spec:\n  a: 1\n  t:\n  - x: 1\n";
        let tree = first(text);
        let edit =
            insert_first(text, tree.get("spec").unwrap(), &["b:".into(), "- c".into()]).expect("an edit");
        assert_eq!(apply(text, &[edit]), "spec:\n  b:\n  - c\n  a: 1\n  t:\n  - x: 1\n");
        let edit = insert_item(text, tree.at(&["spec", "t"]).unwrap(), &["k: 1".into(), "l: 2".into()])
            .expect("an edit");
        assert_eq!(apply(text, &[edit]), "spec:\n  a: 1\n  t:\n  - k: 1\n    l: 2\n  - x: 1\n");
    }
}
