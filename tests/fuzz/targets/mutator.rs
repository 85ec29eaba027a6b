//! How both targets change inputs: every other time as manifests, otherwise as libFuzzer does, with its dictionary and crossover.

use tests::fuzz::{Mutator, split};

/// Changes the first `size` bytes in place and gives the new size. `settings`: whether a cluster may stand before the text.
pub(crate) fn mutate(data: &mut [u8], size: usize, most: usize, seed: u32, settings: bool) -> usize {
    let mut mutator = Mutator::new(seed.into());
    let (before, text) = split(&data[..size]);
    let text = std::str::from_utf8(text).ok().filter(|_| mutator.below(2) == 0);
    let Some(text) = text else {
        return libfuzzer_sys::fuzzer_mutate(data, size, most);
    };
    let mut out = before.to_vec();
    if settings && mutator.below(8) == 0 {
        out = mutator.settings().to_vec();
    }
    out.extend_from_slice(mutator.mutate(text, text).as_bytes());
    let length = out.len().min(most);
    data[..length].copy_from_slice(&out[..length]);
    length
}
