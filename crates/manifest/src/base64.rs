//! Base64 as Go's `encoding/base64` reads and writes it: `!!binary` scalars and `[]byte` fields.

/// The bytes, or the offset that Go names in `illegal base64 data at input byte N`. Line breaks are ignored.
pub fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let mut at = 0;
    loop {
        let (mut group, mut count) = (0u32, 0);
        while count < 4 {
            let Some(&byte) = bytes.get(at) else {
                return if count == 0 { Ok(out) } else { Err(at - count) };
            };
            at += 1;
            match byte {
                b'\n' | b'\r' => {}
                b'=' => return finish(bytes, at, group, count, out),
                _ => {
                    group = group << 6 | digit(byte).ok_or(at - 1)?;
                    count += 1;
                }
            }
        }
        out.extend_from_slice(&group.to_be_bytes()[1..]);
    }
}

/// The rest after a first `=` that ends just before `at`, in a group of `count` digits.
fn finish(bytes: &[u8], at: usize, group: u32, count: usize, mut out: Vec<u8>) -> Result<Vec<u8>, usize> {
    let skip_breaks = |mut at: usize| {
        while matches!(bytes.get(at), Some(b'\n' | b'\r')) {
            at += 1;
        }
        at
    };
    let mut end = at;
    match count {
        0 | 1 => return Err(at - 1),
        2 => {
            end = skip_breaks(end);
            match bytes.get(end) {
                None => return Err(bytes.len()),
                Some(b'=') => end += 1,
                Some(_) => return Err(end - 1),
            }
            out.push((group >> 4) as u8);
        }
        _ => out.extend_from_slice(&(group >> 2).to_be_bytes()[2..]),
    }
    end = skip_breaks(end);
    if end < bytes.len() { Err(end) } else { Ok(out) }
}

fn digit(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// The text of bytes, padded.
pub fn encode(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0, |group, at| group << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for place in 0..4 {
            let digit = DIGITS[(group >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, usize>) {
        assert_eq!(decode(text), expected.map(|text| text.as_bytes().to_vec()), "{text:?}");
    }

    #[test]
    fn reads_what_go_reads() {
        check("", Ok(""));
        check("YWJj", Ok("abc"));
        check("YWI=", Ok("ab"));
        check("YQ==\n", Ok("a"));
        check("YW\nJj", Ok("abc"));
        check("a_b=", Err(1));
        check("billy", Err(4));
        check("YWI", Err(0));
        check("YQ=", Err(3));
        check("=", Err(0));
        check("YQ=a", Err(2));
        check("YWI=x", Err(4));
        check("my password", Err(2));
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("\u{ff}\u{3ff}", "w7/Pvw==")]
        {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Ok(bytes.as_bytes()));
        }
    }
}
