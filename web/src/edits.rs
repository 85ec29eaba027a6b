//! Text edits: their effect, and the preview that shows it before it happens.

use rules::TextEdit;

/// A line of a preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Stays; shown for orientation.
    Kept(String),
    /// Goes away.
    Removed(String),
    /// Comes in.
    Added(String),
    /// Lines were left out here.
    Gap,
}

/// The text after the edits, which are sorted and do not overlap; `None` when they do not fit the text.
pub(crate) fn apply(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        out.push_str(text.get(at..start)?);
        text.get(start..end)?;
        out.push_str(&edit.text);
        at = end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// What the edits change, line by line, with one unchanged line before and after each place.
pub(crate) fn preview(text: &str, edits: &[TextEdit]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut shown = 0;
    let mut edits = edits.iter().peekable();
    while let Some(first) = edits.next() {
        // Edits whose lines touch are one place.
        let mut place = vec![first.clone()];
        let start = line_start(text, first.span.start as usize);
        let mut end = line_end(text, first.span.end as usize);
        while let Some(next) = edits.next_if(|next| next.span.start as usize <= end) {
            end = line_end(text, next.span.end as usize);
            place.push(next.clone());
        }
        for edit in &mut place {
            edit.span.start = edit.span.start.saturating_sub(start as u32);
            edit.span.end = edit.span.end.saturating_sub(start as u32);
        }
        let Some(old) = text.get(start..end) else { return Vec::new() };
        let Some(new) = apply(old, &place) else { return Vec::new() };
        let before = line_start(text, start.saturating_sub(1));
        if shown < before {
            lines.push(Line::Gap);
        }
        lines.extend(text[before.max(shown)..start].lines().map(|line| Line::Kept(line.to_owned())));
        changed(&mut lines, old, &new);
        let after = line_end(text, end);
        let next = edits.peek().map_or(after, |next| line_start(text, next.span.start as usize));
        shown = after.min(next).max(end);
        lines.extend(text[end..shown].lines().map(|line| Line::Kept(line.to_owned())));
    }
    if shown < text.len() && !lines.is_empty() {
        lines.push(Line::Gap);
    }
    lines
}

/// Removed and added lines; equal ones at both ends stay.
fn changed(lines: &mut Vec<Line>, old: &str, new: &str) {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let room = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(old, new)| old == new).count();
    lines.extend(old[..head].iter().map(|&line| Line::Kept(line.to_owned())));
    lines.extend(old[head..old.len() - tail].iter().map(|&line| Line::Removed(line.to_owned())));
    lines.extend(new[head..new.len() - tail].iter().map(|&line| Line::Added(line.to_owned())));
    lines.extend(old[old.len() - tail..].iter().map(|&line| Line::Kept(line.to_owned())));
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// One past the line's newline.
fn line_end(text: &str, at: usize) -> usize {
    // An edit that ends at the start of a line does not touch that line.
    if at > 0 && text.as_bytes().get(at - 1) == Some(&b'\n') && at >= text.len() {
        return at;
    }
    text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |newline| at + newline + 1)
}

#[cfg(test)]
mod tests {
    use rules::Span;

    use super::*;

    const TEXT: &str = "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n";

    fn edit(from: &str, to: &str) -> TextEdit {
        let start = TEXT.find(from).unwrap();
        TextEdit { span: Span::new(start, start + from.len()), text: to.to_owned() }
    }

    fn check(edits: &[TextEdit], text: &str, shown: &str) {
        assert_eq!(apply(TEXT, edits).as_deref(), Some(text));
        let lines: Vec<String> = preview(TEXT, edits)
            .into_iter()
            .map(|line| match line {
                Line::Kept(line) => format!(" {line}"),
                Line::Removed(line) => format!("-{line}"),
                Line::Added(line) => format!("+{line}"),
                Line::Gap => "@".to_owned(),
            })
            .collect();
        assert_eq!(lines.join("|"), shown);
    }

    #[test]
    fn edits_change_the_text_and_are_previewed() {
        check(&[edit("3", "30")], "a: 1\nb: 2\nc: 30\nd: 4\ne: 5\n", "@| b: 2|-c: 3|+c: 30| d: 4|@");
        check(&[edit("1", "x")], "a: x\nb: 2\nc: 3\nd: 4\ne: 5\n", "-a: 1|+a: x| b: 2|@");
        check(
            &[edit("1", "x"), edit("5", "y")],
            "a: x\nb: 2\nc: 3\nd: 4\ne: y\n",
            "-a: 1|+a: x| b: 2|@| d: 4|-e: 5|+e: y",
        );
        check(
            &[edit("1", "x"), edit("3", "y")],
            "a: x\nb: 2\nc: y\nd: 4\ne: 5\n",
            "-a: 1|+a: x| b: 2|-c: 3|+c: y| d: 4|@",
        );
        let end = TextEdit { span: Span::at(TEXT.len()), text: "f: 6\n".to_owned() };
        check(&[end], "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\n", "@| e: 5|+f: 6");
    }

    #[test]
    fn edits_that_do_not_fit_change_nothing() {
        let beyond = TextEdit { span: Span::new(900, 901), text: String::new() };
        assert_eq!(apply(TEXT, std::slice::from_ref(&beyond)), None);
        assert_eq!(preview(TEXT, &[beyond]), []);
    }
}
