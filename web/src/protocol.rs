//! What page and worker say to one another: a revision and an input there, the same revision and a report back.

use rules::{Input, Report};

use crate::examples::Example;
use crate::wire::{self, Wire};

/// A question in bytes.
pub(crate) fn question(revision: u64, input: &Input) -> Vec<u8> {
    let mut out = Vec::new();
    revision.write(&mut out);
    input.write(&mut out);
    out
}

/// The worker's side: a question in, its answer out. `None` when the question cannot be read.
pub(crate) fn answer(question: &[u8]) -> Option<Vec<u8>> {
    let (revision, input): (u64, Input) = wire::read(question)?;
    Some(wire::write(&(revision, rules::analyze(&input))))
}

/// The answer about an example, as the build prepares it. Its revision is none that is ever asked about.
pub(crate) fn prepare(example: Example) -> Vec<u8> {
    let input = example.settings().input(example.text(), None);
    wire::write(&(0_u64, rules::analyze(&input)))
}

/// The page's side. `None` when page and worker are of different versions.
pub(crate) fn read(answer: &[u8]) -> Option<(u64, Report)> {
    wire::read(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_crosses_the_boundary() {
        for example in Example::ALL {
            let input = example.settings().input(example.text(), None);
            let bytes = answer(&question(7, &input)).unwrap();
            let report = rules::analyze(&input);
            assert_eq!(read(&bytes), Some((7, report)), "{example:?}");
            for cut in (0..bytes.len()).step_by(7) {
                assert_eq!(read(&bytes[..cut]), None, "{cut} bytes of {example:?}");
            }
        }
    }

    #[test]
    fn prepared_answers_are_those_of_the_worker() {
        for example in Example::ALL {
            let input = example.settings().input(example.text(), None);
            assert_eq!(read(&prepare(example)), Some((0, rules::analyze(&input))), "{example:?}");
        }
    }

    #[test]
    fn noise_is_no_question() {
        assert_eq!(answer(b"\xff\xff"), None);
        assert_eq!(read(b""), None);
    }
}
