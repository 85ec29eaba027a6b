//! `kubectl label KIND NAME KEY=VALUE... KEY-...`.

use std::rc::Rc;

use manifest::Tree;

use super::command::{Arguments, Output, mapping};
use super::failure::{self, Failure};
use crate::labels::Labels;
use crate::server::{ApiError, Resource, Server};
use crate::types::Uid;

/// A label to set, or to remove when there is no value.
type Change<'a> = (&'a str, Option<&'a str>);

pub(super) fn run(server: &mut Server, arguments: &Arguments<'_>) -> Output {
    let (resource, words) = match arguments.targets(server) {
        Ok(targets) => targets,
        Err(output) => return output,
    };
    let (changes, names): (Vec<&str>, Vec<&str>) =
        words.into_iter().partition(|word| word.contains('=') || word.ends_with('-'));
    let changes: Vec<Change<'_>> = changes
        .into_iter()
        .map(|word| match word.split_once('=') {
            Some((key, value)) => (key, Some(value)),
            None => (word.trim_end_matches('-'), None),
        })
        .collect();
    if changes.is_empty() {
        return Output::error("at least one label update is required");
    }
    let overwrite = arguments.flag(&["overwrite"]).is_some();
    let mut output = Output::default();
    for name in names {
        output.extend(match server.find(&resource, arguments.namespace(), name) {
            Some(uid) => one(server, &resource, (uid, name), &changes, overwrite),
            None => Output::refused(&ApiError::not_found(&resource, name)),
        });
    }
    output
}

fn one(
    server: &mut Server,
    resource: &Resource,
    (uid, name): (Uid, &str),
    changes: &[Change<'_>],
    overwrite: bool,
) -> Output {
    let Some(old) = server.meta(uid).map(|meta| Rc::clone(&meta.labels)) else { return Output::default() };
    let taken = |(key, value): &Change<'_>| {
        let present = old.get(*key).filter(|present| value.is_some_and(|value| *present != value));
        present.map(|present| format!("'{key}' already has a value ({present}), and --overwrite is false"))
    };
    if let Some(error) = changes.iter().find_map(taken).filter(|_| !overwrite) {
        return Output::error(&error);
    }
    let mut new = Labels::clone(&old);
    let mut output = Output::default();
    for (key, value) in changes {
        match value {
            Some(value) => drop(new.insert((*key).to_owned(), (*value).to_owned())),
            None if new.remove(*key).is_none() => {
                output.stdout.push(format!("label {key:?} not found."));
            }
            None => {}
        }
    }
    let size = |labels: &Labels| labels.iter().map(|(key, value)| key.len() + value.len() + 6).sum::<usize>();
    let done = match () {
        () if *old == new => "not labeled",
        () if !overwrite && size(&new) < size(&old) => "unlabeled",
        () => "labeled",
    };
    output.stdout.push(format!("{} {done}", resource.kubectl_name(name)));
    if let Err(error) = write(server, uid, changes, new) {
        let failure = Failure::api(error, String::new(), resource, name);
        return Output { stderr: failure::lines(vec![failure]), exit: 1, ..Output::default() };
    }
    output
}

fn write(server: &mut Server, uid: Uid, changes: &[Change<'_>], labels: Labels) -> Result<(), ApiError> {
    let Some(mut tree) = server.tree(uid).map(|live| Tree::clone(&live)) else {
        server.change_node(uid, |node| node.meta.labels = Rc::new(labels));
        return Ok(());
    };
    if let Some(map) =
        mapping(&mut tree, "metadata").and_then(|metadata| mapping(metadata, "labels")?.as_map_mut())
    {
        for (key, value) in changes {
            match value {
                Some(value) => map.insert(*key, Tree::added(*value)),
                None => drop(map.remove(key)),
            }
        }
    }
    server.update(uid, tree)
}
