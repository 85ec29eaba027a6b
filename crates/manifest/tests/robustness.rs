//! Nothing that a user can paste makes the reader panic, hang or run out of stack.

#![expect(clippy::disallowed_types, reason = "bounds the time of a test")]

use std::time::{Duration, Instant};

use manifest::parse;

const MANIFESTS: [&str; 4] = [
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels: {app: web, 'tier': \"x\"}\nspec:\n  containers:\n  - name: a\n    image: nginx\n    args: [\"a\", 'b', c]\n",
    "x: &a {b: 1, c: [1, 2.5, yes]}\ny:\n  <<: *a\n  d: |\n    text\n\n    more\n  e: >-\n    folded\n    text\n---\n? complex\n: value\n",
    "{\"apiVersion\": \"v1\", \"items\": [{\"a\": \"\\u00e9\\n\"}, null, true, -1.5e3]}\n{\"b\": 2}\n",
    "%YAML 1.1\n%TAG !e! tag:x,1:\n---\na: !e!b c\nb: !!str 1\nc: !<tag:y> d # 语言\n...\n",
];

/// xorshift64: the same numbers at every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Every place lies within the text, on character boundaries.
fn check_places(text: &str) {
    for document in parse(text).documents {
        assert!(text.get(document.span.start as usize..document.span.end as usize).is_some());
        if let Err(error) = document.content {
            assert!(
                text.get(error.span.start as usize..error.span.end as usize).is_some(),
                "{text:?}: {error:?}"
            );
        }
    }
}

#[test]
fn mutated_manifests_are_read_or_refused() {
    const PIECES: [&str; 30] = [
        "\n", "  ", "\t", ": ", "- ", "{", "}", "[", "]", ",", "\"", "'", "#", "&a ", "*a", "!", "|\n",
        ">\n", "?", "%", "@", "---\n", "...\n", "<<: ", "\\", "语", "\u{85}", "\u{feff}", "\u{1}", "\r\n",
    ];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..6000 {
        let mut characters: Vec<char> = MANIFESTS[round % MANIFESTS.len()].chars().collect();
        for _ in 0..=random.below(4) {
            let at = random.below(characters.len());
            match random.below(3) {
                0 => drop(characters.drain(at..(at + 1 + random.below(5)).min(characters.len()))),
                1 => drop(characters.splice(at..at, PIECES[random.below(PIECES.len())].chars())),
                _ => characters.truncate(at + 1),
            }
        }
        check_places(&characters.into_iter().collect::<String>());
    }
}

#[test]
fn hostile_texts_end_quickly() {
    let bomb: String = (0..20).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        let aliases = vec![format!("*a{level}"); 10].join(",");
        text + &format!("a{next}: &a{next} [{aliases}]\n", next = level + 1)
    });
    let long = format!("a: &a {}\nb: [{}]", "x".repeat(200_000), vec!["*a"; 50_000].join(","));
    let texts = [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        "[".repeat(9_000) + &"]".repeat(9_000),
        "{\"a\":".repeat(100_000),
        bomb,
        long,
        (0..50_000).map(|number| format!("k{number}: v")).collect::<Vec<_>>().join("\n"),
        "a: b\n".repeat(50_000),
        "a".repeat(2_000_000),
        "\"".repeat(2_000_001),
        "a: ".to_owned() + &"b ".repeat(200_000),
        "\u{0}\u{1}\u{fffd}\u{7f}".repeat(100_000),
        "x".repeat(manifest::MAX_TEXT + 1),
    ];
    for text in texts {
        let start = Instant::now();
        check_places(&text);
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{} bytes, starting with {:?}",
            text.len(),
            &text[..4]
        );
    }
}

#[test]
fn excessive_aliasing_is_refused() {
    let text: String = (0..9).fold("a0: &a0 [x]\n".to_owned(), |text, level| {
        text + &format!("a{next}: &a{next} [{}]\n", vec![format!("*a{level}"); 9].join(","), next = level + 1)
    });
    let error = parse(&text).documents.remove(0).content.expect_err("refused");
    assert_eq!(error.message, "error converting YAML to JSON: yaml: document contains excessive aliasing");
}
