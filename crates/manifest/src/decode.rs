//! The bytes of a dropped file to text.

use crate::{Span, SyntaxError, codes};

/// The text of a file: UTF-8, or UTF-16 with a byte order mark, as go-yaml reads them. The mark is taken off.
///
/// DIFFERENCE: kubectl splits a file into documents before it decodes UTF-16, so it reads only the first document of one.
pub fn decode(bytes: &[u8]) -> Result<String, SyntaxError> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, SyntaxError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            let what = match (error.error_len(), bytes[at]) {
                (None, _) => "incomplete UTF-8 octet sequence",
                (_, 0x80..=0xbf | 0xf8..) => "invalid leading UTF-8 octet",
                (_, 0xc0 | 0xc1) => "invalid length of a UTF-8 sequence",
                _ => "invalid trailing UTF-8 octet",
            };
            let line = bytes[..at].split(|&byte| byte == b'\n').count();
            Err(not_text(
                what,
                at,
                &format!("Line {line} holds bytes that are no UTF-8 text; save the file as UTF-8."),
            ))
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, SyntaxError> {
    let mut pairs = bytes.chunks_exact(2);
    let units: Vec<u16> = pairs.by_ref().map(|pair| unit([pair[0], pair[1]])).collect();
    if !pairs.remainder().is_empty() {
        return Err(not_text(
            "incomplete UTF-16 character",
            bytes.len(),
            "The file ends in the middle of a UTF-16 character.",
        ));
    }
    String::from_utf16(&units).map_err(|_| {
        not_text(
            "unexpected low surrogate area",
            0,
            "The file is marked as UTF-16 but is not; save it as UTF-8.",
        )
    })
}

fn not_text(what: &str, at: usize, plain: &str) -> SyntaxError {
    let message = format!("error converting YAML to JSON: yaml: {what}");
    SyntaxError { code: codes::NOT_TEXT, message, span: Span::at(at), plain: Some(plain.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<&str, &str>) {
        let shown = decode(bytes).map_err(|error| error.message.rsplit(": ").next().unwrap_or("").to_owned());
        assert_eq!(shown, expected.map(str::to_owned).map_err(str::to_owned));
    }

    #[test]
    fn encodings_are_found_by_their_mark() {
        check(b"a: \xc3\xa9", Ok("a: é"));
        check(b"\xef\xbb\xbfa", Ok("a"));
        check(b"\xff\xfea\0\n\0", Ok("a\n"));
        check(b"\xfe\xff\0a", Ok("a"));
        check(b"a\xff", Err("invalid leading UTF-8 octet"));
        check(b"a\xc3", Err("incomplete UTF-8 octet sequence"));
        check(b"a\xc3b", Err("invalid trailing UTF-8 octet"));
        check(b"\xff\xfea", Err("incomplete UTF-16 character"));
    }
}
