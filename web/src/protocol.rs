//! What page and worker say to one another.

use std::rc::Rc;

use rules::{Help, Input, Report};

use crate::examples::Example;
use crate::wire;

/// What the page asks.
#[derive(Debug, PartialEq)]
pub(crate) enum Question {
    /// A report on this revision.
    Analyze(u64, Box<Input>),
    /// Help for the caret at this byte of a text, under a number of its own.
    Help(u32, Rc<str>, u32),
}

/// What the worker says.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    /// The report on this revision.
    Report(u64, Box<Report>),
    /// What can be said about the place, if anything.
    Help(u32, Option<Help>),
}

/// A question in bytes.
pub(crate) fn question(question: &Question) -> Vec<u8> {
    wire::write(question)
}

/// The worker's side: a question in, its answer out. `None` when the question cannot be read.
pub(crate) fn answer(question: &[u8]) -> Option<Vec<u8>> {
    Some(wire::write(&match wire::read(question)? {
        Question::Analyze(revision, input) => Answer::Report(revision, Box::new(rules::analyze(&input))),
        Question::Help(number, text, offset) => Answer::Help(number, rules::help(&text, offset as usize)),
    }))
}

/// The answer about an example, as the build prepares it. Its revision is none that is ever asked about.
pub(crate) fn prepare(example: Example) -> Vec<u8> {
    let input = example.settings().input(example.text(), None);
    wire::write(&Answer::Report(0, Box::new(rules::analyze(&input))))
}

/// The page's side. `None` when page and worker are of different versions.
pub(crate) fn read(answer: &[u8]) -> Option<Answer> {
    wire::read(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_crosses_the_boundary() {
        for example in Example::ALL {
            let input = example.settings().input(example.text(), None);
            let report = rules::analyze(&input);
            let bytes = answer(&question(&Question::Analyze(7, Box::new(input)))).unwrap();
            assert_eq!(read(&bytes), Some(Answer::Report(7, Box::new(report))), "{example:?}");
            for cut in (0..bytes.len()).step_by(7) {
                assert_eq!(read(&bytes[..cut]), None, "{cut} bytes of {example:?}");
            }
        }
    }

    #[test]
    fn prepared_answers_are_those_of_the_worker() {
        for example in Example::ALL {
            let input = example.settings().input(example.text(), None);
            let report = Answer::Report(0, Box::new(rules::analyze(&input)));
            assert_eq!(read(&prepare(example)), Some(report), "{example:?}");
        }
    }

    #[test]
    fn help_crosses_the_boundary() {
        let text: Rc<str> = "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n".into();
        for offset in 0..=text.len() {
            let expected = Answer::Help(3, rules::help(&text, offset));
            let bytes = answer(&question(&Question::Help(3, Rc::clone(&text), offset as u32))).unwrap();
            assert_eq!(read(&bytes), Some(expected), "{offset}");
        }
    }

    #[test]
    fn noise_is_no_question() {
        assert_eq!(answer(b"\xff\xff"), None);
        assert_eq!(read(b""), None);
    }
}
