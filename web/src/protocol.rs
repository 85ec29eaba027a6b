//! What page and worker say to one another.

use std::rc::Rc;

use rules::{Help, Input, Report};

use crate::examples::Example;
use crate::inquiry::{self, Finding, Inquiry};
use crate::wire;

/// What the page asks.
#[derive(Debug, PartialEq)]
pub(crate) enum Question {
    /// A report on this revision.
    Analyze(u64, Box<Input>),
    /// Help for the caret at this byte of a text, under a number of its own.
    Help(u32, Rc<str>, u32),
    /// Something else about a scene, under a number of its own.
    Inquire(u32, Box<Input>, Inquiry),
}

/// What the worker says.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    /// The report on this revision.
    Report(u64, Box<Report>),
    /// What can be said about the place, if anything.
    Help(u32, Option<Help>),
    /// What was found.
    Found(u32, Finding),
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
        Question::Inquire(number, input, inquiry) => Answer::Found(number, inquiry::find(&input, inquiry)),
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
    use crate::inquiry::Tool;

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
    fn inquiries_cross_the_boundary() {
        let example = Example::FiveWays;
        let input = example.settings().input(example.text(), None);
        for inquiry in [
            Inquiry::Ways(0),
            Inquiry::Way(1),
            Inquiry::Probe("http://node-1:30086/".into()),
            Inquiry::Probe("http://".into()),
            Inquiry::Kubectl("get pods".into()),
            Inquiry::Export(Tool::Kind),
        ] {
            let expected = Answer::Found(4, inquiry::find(&input, inquiry.clone()));
            let question = question(&Question::Inquire(4, Box::new(input.clone()), inquiry));
            assert_eq!(read(&answer(&question).unwrap()), Some(expected));
        }
    }

    #[test]
    fn noise_is_no_question() {
        assert_eq!(answer(b"\xff\xff"), None);
        assert_eq!(read(b""), None);
    }
}
