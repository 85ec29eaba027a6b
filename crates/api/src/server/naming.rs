//! Generated names and identities. Real ones are random; here they are a hash of what asks for them, so that the same input
//! always gives the same names.

use std::rc::Rc;

use crate::types::Uid;

/// The alphabet of generated suffixes: no vowels, no 0, 1, 3 (WL-NAME-1).
const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

/// The most of a `generateName` that is kept: 63 characters less the suffix (WL-NAME-1).
const MAX_BASE: usize = 58;

/// 64-bit FNV-1a.
pub(crate) fn hash(bytes: &[u8], seed: u64) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The name made of `base` at the given attempt: the base, cut, and five characters (WL-NAME-1).
pub(crate) fn generate(base: &str, attempt: u64) -> Rc<str> {
    let mut end = base.len().min(MAX_BASE);
    while !base.is_char_boundary(end) {
        end -= 1;
    }
    let mut rest = spread(hash(base.as_bytes(), 0) ^ spread(attempt));
    let mut name = String::with_capacity(end + 5);
    name.push_str(&base[..end]);
    for _ in 0..5 {
        name.push(char::from(ALPHABET[(rest % 27) as usize]));
        rest /= 27;
    }
    name.into()
}

/// The identity as users see it, in the form of a random UUID.
pub fn uid_text(uid: Uid) -> String {
    let (high, low) = (spread(uid.0), spread(uid.0 ^ 0x9e37_79b9_7f4a_7c15));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48) & 0x3fff,
        low & 0xffff_ffff_ffff
    )
}

/// Mixes all bits (the finalizer of SplitMix64), so that neighbours look unlike.
fn spread(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_use_the_alphabet_and_differ() {
        let (first, second) = (generate("web-", 1), generate("web-", 2));
        assert!(first.starts_with("web-") && first.len() == 9 && first != second);
        assert!(first[4..].bytes().all(|byte| ALPHABET.contains(&byte)));
        assert_eq!(generate(&"x".repeat(80), 1).len(), 63);
    }

    #[test]
    fn identities_look_like_uuids() {
        let text = uid_text(Uid(7));
        assert_eq!((text.len(), &text[14..15]), (36, "4"));
        assert_ne!(text, uid_text(Uid(8)));
    }
}
