//! What page and worker say to one another: a revision and an input there, the same revision and a report back.

use rules::{Input, Report};

/// A question in bytes.
pub(crate) fn question(revision: u64, input: &Input) -> Vec<u8> {
    // Plain data with known lengths: postcard has no way to fail on it but memory.
    postcard::to_allocvec(&(revision, input)).unwrap_or_default()
}

/// The worker's side: a question in, its answer out. `None` when the question cannot be read.
pub(crate) fn answer(question: &[u8]) -> Option<Vec<u8>> {
    let (revision, input): (u64, Input) = postcard::from_bytes(question).ok()?;
    postcard::to_allocvec(&(revision, rules::analyze(&input))).ok()
}

/// The page's side. `None` when page and worker are of different versions.
pub(crate) fn read(answer: &[u8]) -> Option<(u64, Report)> {
    postcard::from_bytes(answer).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::Example;

    #[test]
    fn every_example_crosses_the_boundary() {
        for example in Example::ALL {
            let input = example.settings().input(example.text(), None);
            let (revision, report) = answer(&question(7, &input)).as_deref().and_then(read).unwrap();
            assert_eq!((revision, report), (7, rules::analyze(&input)), "{example:?}");
        }
    }

    #[test]
    fn noise_is_no_question() {
        assert_eq!(answer(b"\xff\xff"), None);
        assert_eq!(read(b""), None);
    }
}
