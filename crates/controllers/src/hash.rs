//! Hashes in names: `pod-template-hash` and `controller-revision-hash`.

use manifest::Tree;

/// Characters of a hash, by decimal digit of the number behind it (WL-NAME-4).
const DIGITS: [u8; 10] = *b"456789bcdf";

/// The hash of a template: FNV-1a over its JSON, in the alphabet of WL-NAME-4.
///
/// DIFFERENCE: Kubernetes hashes a dump of its Go types, so the value differs; form and stability are the same.
pub(crate) fn template_hash(template: &Tree) -> String {
    encode(fnv1a(template.to_json().as_bytes()))
}

/// A number in the alphabet of hashes: each decimal digit becomes one character.
fn encode(value: u32) -> String {
    value.to_string().bytes().map(|digit| char::from(DIGITS[usize::from(digit - b'0')])).collect()
}

/// 32-bit FNV-1a.
fn fnv1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alphabet_and_length() {
        assert_eq!(encode(123_456_789), "56789bcdf");
        assert_eq!(encode(0), "4");
        assert_eq!(fnv1a(b""), 0x811c_9dc5);
        assert_eq!(fnv1a(b"a"), 0xe40c_292c);
        let hash = template_hash(&Tree::map());
        assert!((1..=10).contains(&hash.len()) && hash.bytes().all(|byte| DIGITS.contains(&byte)), "{hash}");
    }
}
