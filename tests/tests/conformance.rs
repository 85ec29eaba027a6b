//! The committed score is what a fresh run gives. `UPDATE_SCORE=1 cargo test --package tests --test conformance` writes it.
#![expect(clippy::disallowed_methods, reason = "the score is a file")]

use std::fs;

use tests::conformance;

#[test]
fn the_score_is_the_committed_one() {
    let score = conformance::run(&conformance::recordings(), None).expect("the recordings are there");
    let fresh = score.snapshot();
    let file = conformance::score_file();
    if std::env::var_os("UPDATE_SCORE").is_some() {
        fs::write(&file, &fresh).expect("the score can be written");
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == fresh,
        "the score differs; run with UPDATE_SCORE=1 when that is meant\n--- committed\n{committed}\n--- fresh\n{fresh}\n{}",
        score.misses(10)
    );
}
