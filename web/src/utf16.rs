//! UTF-8 byte offsets of the core to the UTF-16 code units of the editor, in one pass over the text.

use rules::Span;

/// The spans in UTF-16 code units, in the order given. An offset that is not on a character boundary goes to the next one.
pub(crate) fn spans(text: &str, spans: &[Span]) -> Vec<(u32, u32)> {
    let mut offsets: Vec<(u32, usize)> = spans
        .iter()
        .enumerate()
        .flat_map(|(index, span)| [(span.start, 2 * index), (span.end, 2 * index + 1)])
        .collect();
    offsets.sort_unstable();
    let mut converted = vec![0; offsets.len()];
    let mut offsets = offsets.into_iter().peekable();
    let mut units = 0;
    for (at, character) in text.char_indices() {
        while let Some((_, index)) = offsets.next_if(|&(offset, _)| offset as usize <= at) {
            converted[index] = units;
        }
        units += character.len_utf16() as u32;
    }
    for (_, index) in offsets {
        converted[index] = units;
    }
    converted.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_every_width() {
        let text = "a语😀b";
        let of = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let given =
            [of("b"), of("a"), of("语"), of("😀"), Span::at(text.len()), Span { start: 900, end: 901 }];
        assert_eq!(spans(text, &given), [(4, 5), (0, 1), (1, 2), (2, 4), (5, 5), (5, 5)]);
    }

    #[test]
    fn no_spans_and_no_text() {
        assert_eq!(spans("abc", &[]), []);
        assert_eq!(spans("", &[Span::at(0)]), [(0, 0)]);
    }
}
