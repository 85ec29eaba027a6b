//! The messages between page and worker, and what help consists of.

use rules::{About, Choice, Help};

use super::shapes::{enums, structs};
use crate::protocol::{Answer, Question};

enums! {
    Question or Self::Help(0, "".into(), 0) => {
        0 Analyze(revision input),
        1 Help(number text offset),
    }
    Answer or Self::Help(0, None) => {
        0 Report(revision report),
        1 Help(number help),
    }
}

structs! {
    Help { span choices about }
    Choice { label detail insert required }
    About { path type_name required values default link }
}
