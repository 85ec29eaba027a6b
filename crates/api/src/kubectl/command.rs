//! Command lines without files: what the recordings' steps and the page's actions run.

use super::{cordon, delete, mark, patch, scale, set_image};
use crate::server::{ApiError, Resource, Server, is_named, quote};

/// What a command prints, and its exit status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Lines on standard output.
    pub stdout: Vec<String>,
    /// Lines on standard error.
    pub stderr: Vec<String>,
    /// Exit status.
    pub exit: i32,
}

impl Output {
    /// Success.
    pub(super) fn line(text: impl Into<String>) -> Self {
        Self { stdout: vec![text.into()], ..Self::default() }
    }

    /// kubectl itself gave up.
    pub(super) fn error(text: &str) -> Self {
        Self {
            stderr: format!("error: {text}").lines().map(str::to_owned).collect(),
            exit: 1,
            ..Self::default()
        }
    }

    /// The server refused.
    pub(super) fn refused(error: &ApiError) -> Self {
        let text = format!("Error from server ({:?}): {}", error.reason, error.message);
        Self { stderr: text.lines().map(str::to_owned).collect(), exit: 1, ..Self::default() }
    }

    /// Adds what another object gave.
    pub(super) fn extend(&mut self, other: Self) {
        self.stdout.extend(other.stdout);
        self.stderr.extend(other.stderr);
        self.exit = self.exit.max(other.exit);
    }
}

/// Runs `kubectl ARGS` (without `kubectl`): delete, scale, cordon, uncordon, label, taint, set image
/// and patch.
pub fn command(server: &mut Server, args: &[&str]) -> Output {
    let Some((&verb, rest)) = args.split_first() else { return Output::error("no command") };
    let arguments = match Arguments::read(rest) {
        Ok(arguments) => arguments,
        Err(why) => return Output::error(&why),
    };
    match verb {
        "delete" => delete::run(server, &arguments),
        "scale" => scale::run(server, &arguments),
        "cordon" | "uncordon" => cordon::run(server, &arguments, verb == "cordon"),
        "label" => mark::label(server, &arguments),
        "taint" => mark::taint(server, &arguments),
        "patch" => patch::run(server, &arguments),
        "set" if arguments.words.first() == Some(&"image") => set_image::run(server, &arguments.shifted()),
        _ => Output::error(&format!("unknown command {} for \"kubectl\"", quote(verb))),
    }
}

/// A command line taken apart.
#[derive(Debug, Default)]
pub(super) struct Arguments<'a> {
    pub(super) words: Vec<&'a str>,
    flags: Vec<(&'a str, &'a str)>,
}

/// Flags without a value.
const SWITCHES: [&str; 7] = ["all", "force", "now", "ignore-not-found", "overwrite", "wait", "dry-run"];

impl<'a> Arguments<'a> {
    fn read(args: &[&'a str]) -> Result<Self, String> {
        let mut read = Self::default();
        let mut args = args.iter().copied();
        while let Some(arg) = args.next() {
            let flag = arg.strip_prefix("--").or_else(|| arg.strip_prefix('-'));
            let Some(flag) = flag.filter(|flag| !flag.is_empty()) else {
                read.words.push(arg);
                continue;
            };
            if let Some((name, value)) = flag.split_once('=') {
                read.flags.push((name, value));
            } else if SWITCHES.contains(&flag) {
                read.flags.push((flag, "true"));
            } else {
                let value = args.next().ok_or_else(|| format!("flag needs an argument: {arg}"))?;
                read.flags.push((flag, value));
            }
        }
        Ok(read)
    }

    /// Without the first word, which belongs to the verb.
    fn shifted(&self) -> Self {
        Self { words: self.words[1..].to_vec(), flags: self.flags.clone() }
    }

    /// The value of a flag by any of its names.
    pub(super) fn flag(&self, names: &[&str]) -> Option<&'a str> {
        self.flags.iter().rev().find(|(name, _)| names.contains(name)).map(|(_, value)| *value)
    }

    pub(super) fn namespace(&self) -> &'a str {
        self.flag(&["n", "namespace"]).unwrap_or("default")
    }

    /// The objects that are named: `KIND NAME...` or `KIND/NAME...`; a kind alone has no names.
    pub(super) fn targets(&self, server: &Server) -> Result<(Resource, Vec<&'a str>), Output> {
        let Some(&first) = self.words.first() else {
            return Err(Output::error("You must provide one or more resources by argument or filename."));
        };
        let (kind, names) = match first.split_once('/') {
            Some((kind, name)) => {
                let rest =
                    self.words[1..].iter().map(|word| word.split_once('/').map_or(*word, |(_, name)| name));
                (kind, std::iter::once(name).chain(rest).collect())
            }
            None => (first, self.words[1..].to_vec()),
        };
        Ok((resource_of(server, kind)?, names))
    }
}

/// The resource that a word on the command line means.
pub(super) fn resource_of(server: &Server, word: &str) -> Result<Resource, Output> {
    let found = server.resources().find(|resource| is_named(resource, word));
    found.ok_or_else(|| Output::error(&format!("the server doesn't have a resource type {}", quote(word))))
}
