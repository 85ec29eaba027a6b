//! kubectl 1.36, as far as it decides what a manifest does: `apply -f`, `create -f` and the verbs that change a running cluster.
//!
//! [`apply`] takes the text of a file through the pipeline (PIPE-1): documents, kinds, one request per object in order. It
//! answers with kubectl's output word for word and, for the page, with a diagnostic at the token of every message.
//! [`command`] runs a command line without files.

mod apply;
mod command;
mod cordon;
mod delete;
mod failure;
mod list;
mod mark;
mod merge;
mod metadata;
mod patch;
mod place;
mod read;
mod run;
mod scale;
mod set_image;
mod suggest;
#[cfg(test)]
mod tests;

pub use apply::LAST_APPLIED;
pub use command::{Output, command};
pub use cordon::cordon;
pub use delete::delete;
pub use scale::scale;

use manifest::{Diagnostic, Span};

use crate::server::Server;
use crate::types::Uid;

/// How the objects are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verb {
    /// `kubectl apply`: create, or merge into what there is.
    #[default]
    Apply,
    /// `kubectl create`.
    Create,
}

/// How a file is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The file's name as given on the command line; it is part of the messages (ERR-FMT-11). Several files have names of their
    /// own.
    pub file_name: String,
    /// Exactly kubectl. Otherwise a missing namespace is created, objects of unknown kinds are passed over with a warning (those
    /// of the Gateway API are taken, as if it were installed), and a broken document does not stop the ones after it.
    pub strict: bool,
    /// The verb.
    pub verb: Verb,
}

impl Default for Options {
    fn default() -> Self {
        Self { file_name: "manifest.yaml".to_owned(), strict: false, verb: Verb::Apply }
    }
}

/// One of several files whose texts stand one below the other, with `---` between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The name as given on the command line.
    pub name: String,
    /// Where its text begins.
    pub start: usize,
}

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// Lines on standard output.
    pub stdout: Vec<String>,
    /// Lines on standard error.
    pub stderr: Vec<String>,
    /// Exit status.
    pub exit: i32,
    /// Errors and warnings at their tokens.
    pub diagnostics: Vec<Diagnostic>,
    /// The objects that were created, changed or found unchanged, in the order of the text, each with the places of its
    /// document and of its name.
    pub created: Vec<(Uid, Span, Span)>,
    /// Objects of unknown kinds that were passed over: kind and namespace/name. Always empty in strict mode.
    pub not_simulated: Vec<(String, String)>,
}

/// Runs `kubectl apply -f` or `kubectl create -f` on a text. Never fails: refusals are part of the answer.
pub fn apply(server: &mut Server, text: &str, options: &Options) -> Applied {
    apply_files(server, text, &[], options)
}

/// Runs the command on several files, in order of their beginnings. Each message names the file that it is about (ERR-FMT-11),
/// and a broken document ends the reading of its own file only.
pub fn apply_files(server: &mut Server, text: &str, files: &[File], options: &Options) -> Applied {
    run::Run::new(server, options).files(text, files)
}
