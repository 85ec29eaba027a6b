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

/// Whether a mapping or list is written in brackets: then nothing can be done to its lines.
pub(crate) fn is_flow(text: &str, tree: &Tree) -> bool {
    let written = tree.span.and_then(|span| text.get(span.start as usize..));
    written.is_none_or(|written| written.starts_with(['{', '[']))
}

/// The entry of a key that stands in the text, with the start of the key and the end of the value.
fn written<'a>(map: &'a Tree, key: &str) -> Option<(&'a Entry, usize, usize)> {
    let entry = map.as_map()?.entry(key)?;
    let start = entry.key_span?.start as usize;
    let end = entry.value.span.map_or(start, |span| span.end as usize).max(start);
    Some((entry, start, end))
}

/// Removes an entry of a block mapping with its line or lines. The first key of a list item hands its dash on to the next.
pub(crate) fn remove(text: &str, map: &Tree, key: &str) -> Option<TextEdit> {
    let edits = remove_keys(text, map, &[key])?;
    edits.into_iter().next()
}

/// Removes those of the keys that stand in the text; `None` when one cannot be removed.
pub(crate) fn remove_keys(text: &str, map: &Tree, keys: &[&str]) -> Option<Vec<TextEdit>> {
    let mut edits: Vec<TextEdit> = Vec::new();
    let mut found: Vec<(usize, usize)> =
        keys.iter().filter_map(|key| written(map, key).map(|(_, start, end)| (start, end))).collect();
    found.sort_unstable();
    if !found.is_empty() && is_flow(text, map) {
        return None;
    }
    for (start, end) in found {
        if edits.last().is_some_and(|edit| start < edit.span.end as usize) {
            continue;
        }
        let line = line_start(text, start);
        let end = next_line(text, end.saturating_sub(usize::from(text.get(..end)?.ends_with('\n'))));
        let before = text.get(line..start)?;
        let span = if before.chars().all(|character| character == ' ') {
            Span::new(line, end)
        } else if before.trim() == "-" {
            let kept = map.as_map()?.iter().filter(|entry| !keys.contains(&entry.key.as_str()));
            let starts = kept.filter_map(|entry| entry.key_span).map(|span| span.start as usize);
            Span::new(start, starts.filter(|&at| at >= end).min()?)
        } else {
            return None;
        };
        edits.push(TextEdit { span, text: String::new() });
    }
    Some(edits)
}

/// The first entry of a block mapping, and the column at which its keys stand.
fn first_key<'a>(text: &str, map: &'a Tree) -> Option<(&'a Entry, usize)> {
    if is_flow(text, map) {
        return None;
    }
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

/// Puts lines after an entry of a block mapping, at the column of its keys. `lines` are indented relative to it.
pub(crate) fn insert_after(text: &str, map: &Tree, key: &str, lines: &[String]) -> Option<TextEdit> {
    let (_, column) = first_key(text, map)?;
    let (_, _, end) = written(map, key)?;
    let at = next_line(text, end.saturating_sub(usize::from(text.get(..end)?.ends_with('\n'))));
    let newline = if text.get(..at)?.ends_with('\n') { "" } else { "\n" };
    let indent = " ".repeat(column);
    let inserted: String = lines.iter().flat_map(|line| [&indent, line.as_str(), "\n"]).collect();
    Some(TextEdit { span: Span::at(at), text: newline.to_owned() + &inserted })
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
        for text in ["{a: 1}", "{\n  a: 1,\n  b: 2\n}"] {
            assert_eq!(remove(text, &first(text), "a"), None);
        }
    }

    #[test]
    fn several_keys_are_removed_at_once() {
        let table = [
            ("p:\n- hostPort: 1\n  hostIP: x\n  containerPort: 2\n", "p:\n- containerPort: 2\n"),
            ("p:\n- hostPort: 1 # one\n  containerPort: 2\n  hostIP: x\n", "p:\n- containerPort: 2\n"),
            ("p:\n- containerPort: 2\n  hostPort: 1\n", "p:\n- containerPort: 2\n"),
            ("p:\n- containerPort: 2\n", "p:\n- containerPort: 2\n"),
        ];
        for (text, expected) in table {
            let edits = remove_keys(text, &first(text).list_at(&["p"])[0], &["hostPort", "hostIP"]);
            assert_eq!(apply(text, &edits.expect("edits")), expected, "{text}");
        }
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
        let edit = insert_after(text, tree.get("spec").unwrap(), "a", &["b: 1".into(), "c: 2".into()])
            .expect("an edit");
        assert_eq!(apply(text, &[edit]), "spec:\n  a: 1\n  b: 1\n  c: 2\n  t:\n  - x: 1\n");
        let text = "- a: 1";
        let edit = insert_after(text, &first(text).as_list().unwrap()[0], "a", &["b: 1".into()]);
        assert_eq!(apply(text, &[edit.expect("an edit")]), "- a: 1\n  b: 1\n");
    }
}
