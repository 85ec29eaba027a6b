//! Errors of a run, and how kubectl prints them at its end (ERR-FMT-5 to ERR-FMT-9).

use crate::server::{ApiError, Reason, Resource, quote};

/// An error, or the errors of several objects together.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// The server refused an object.
    Api(Box<Refusal>),
    /// kubectl itself gave up on an object.
    Plain(String),
    /// Several, as one.
    Group(Vec<Failure>),
}

/// What the server said, and of what.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    /// Its answer.
    pub(super) error: ApiError,
    /// `error when creating "f.yaml": `.
    context: String,
    kind: String,
    name: String,
}

impl Refusal {
    fn is_nameless(&self) -> bool {
        self.kind.is_empty() && self.name.is_empty()
    }
}

impl Failure {
    /// A refusal of an object while it was being created.
    pub(super) fn creating(error: ApiError, file: &str, resource: &Resource, name: &str) -> Self {
        Self::api(error, format!("error when creating {}: ", quote(file)), resource, name)
    }

    /// A refusal.
    pub(super) fn api(error: ApiError, context: String, resource: &Resource, name: &str) -> Self {
        Self::Api(Box::new(Refusal {
            error,
            context,
            kind: resource.kind.to_string(),
            name: name.to_owned(),
        }))
    }

    /// A refusal of a patch, which names no object: `message` is what is wrong with it.
    pub(super) fn patch(mut error: ApiError, context: String) -> Self {
        error.reason = Reason::Invalid;
        Self::Api(Box::new(Refusal { error, context, kind: String::new(), name: String::new() }))
    }

    /// Go's `err.Error()`.
    fn error(&self) -> String {
        match self {
            Self::Api(refusal) if refusal.is_nameless() => {
                format!("{} \"\" is invalid: {}", refusal.context, refusal.error.message)
            }
            Self::Api(refusal) => format!("{}{}", refusal.context, refusal.error.message),
            Self::Plain(text) => text.clone(),
            Self::Group(list) => {
                let mut texts: Vec<String> = Vec::new();
                for text in list.iter().map(Self::error) {
                    if !texts.contains(&text) {
                        texts.push(text);
                    }
                }
                if let [only] = &texts[..] { only.clone() } else { format!("[{}]", texts.join(", ")) }
            }
        }
    }

    /// One among several (ERR-FMT-7, ERR-FMT-8).
    fn message(&self) -> String {
        match self {
            Self::Api(refusal) if refusal.error.reason == Reason::Unknown => {
                format!("Error from server: {}", self.error())
            }
            Self::Api(refusal) => format!("Error from server ({:?}): {}", refusal.error.reason, self.error()),
            other => other.error(),
        }
    }

    /// Alone (ERR-FMT-5, ERR-FMT-6).
    fn alone(&self) -> String {
        match self {
            Self::Api(refusal) if refusal.error.reason == Reason::Invalid => invalid(refusal),
            Self::Api(_) => self.message(),
            Self::Plain(text) if text.starts_with("error: ") => text.clone(),
            Self::Plain(text) => format!("error: {text}"),
            Self::Group(list) => list.iter().map(|one| one.message() + "\n").collect(),
        }
    }
}

fn invalid(refusal: &Refusal) -> String {
    let Refusal { error, kind, name, .. } = refusal;
    if refusal.is_nameless() {
        return format!("The request is invalid: {}\n", error.message);
    }
    let head = format!("The {kind} {} is invalid", quote(name));
    let mut texts: Vec<String> = Vec::new();
    for text in error.causes.iter().map(ToString::to_string) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    match &texts[..] {
        [] => head,
        [only] => format!("{head}: {only}\n"),
        all => format!("{head}: \n* {}\n", all.join("\n* ")),
    }
}

/// The lines that kubectl ends with.
pub(super) fn lines(mut failures: Vec<Failure>) -> Vec<String> {
    let mut failure = if failures.len() == 1 { failures.remove(0) } else { Failure::Group(failures) };
    if let Failure::Group(list) = &mut failure {
        match list.len() {
            0 => return Vec::new(),
            1 => failure = list.remove(0),
            _ => {}
        }
    }
    let text = failure.alone();
    text.strip_suffix('\n').unwrap_or(&text).split('\n').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Failure {
        Failure::Plain(text.to_owned())
    }

    fn check(failures: Vec<Failure>, expected: &[&str]) {
        assert_eq!(lines(failures), expected);
    }

    #[test]
    fn one_and_several_read_differently() {
        check(vec![], &[]);
        check(vec![plain("a")], &["error: a"]);
        check(vec![plain("a"), plain("b")], &["a", "b"]);
        check(vec![Failure::Group(vec![plain("a")])], &["error: a"]);
        check(vec![Failure::Group(vec![Failure::Group(vec![plain("a")])])], &["a"]);
        check(vec![Failure::Group(vec![plain("a"), plain("b")]), plain("c")], &["[a, b]", "c"]);
    }
}
