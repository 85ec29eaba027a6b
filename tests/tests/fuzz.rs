//! A fixed series of mutated manifests, the same at every run. Runs that follow the coverage are those of `fuzz/`.

use std::panic::catch_unwind;

use tests::fuzz::{Mutator, Outcome, analyze, parse, seeds};

/// Gives mutated seeds to a target. At least the given shares, in percent, must still hold an object, and a problem: otherwise
/// the mutations miss what they are for.
fn check(target: fn(&[u8]) -> Outcome, rounds: usize, settings: bool, shares: [usize; 2]) {
    let (seeds, mut mutator) = (seeds(), Mutator::new(0));
    let mut found = [0, 0];
    for round in 0..rounds {
        let [(path, text), (_, other)] = [(); 2].map(|()| &seeds[mutator.below(seeds.len())]);
        let mut input = if settings { mutator.settings().to_vec() } else { Vec::new() };
        input.extend_from_slice(mutator.mutate(text, other).as_bytes());
        let outcome = catch_unwind(|| target(&input)).unwrap_or_else(|_| {
            panic!("round {round}, from {}: {:?}", path.display(), String::from_utf8_lossy(&input))
        });
        found[0] += usize::from(outcome.objects > 0);
        found[1] += usize::from(outcome.problems > 0);
    }
    let enough = found.iter().zip(shares).all(|(found, share)| found * 100 >= rounds * share);
    assert!(enough, "of {rounds} inputs, {found:?} hold an object, and a problem");
}

#[test]
fn whatever_is_dropped_is_read_or_refused() {
    check(parse, 4000, false, [60, 30]);
}

#[test]
fn whatever_is_applied_is_answered() {
    check(analyze, 1000, true, [30, 60]);
}
