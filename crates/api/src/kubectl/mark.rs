//! `kubectl label KIND NAME... KEY=VALUE... KEY-...` and `kubectl taint node NAME... KEY=VALUE:EFFECT... KEY:EFFECT-...`.

use manifest::Tree;

use super::command::{Arguments, Output};
use super::failure::{self, Failure};
use crate::labels::Labels;
use crate::server::{ApiError, Resource, Server, labels_tree, quote};
use crate::types::{Kind, Taint, TaintEffect, Uid};

/// What follows the names: it has an equals sign or a colon, or ends with a dash.
fn is_mark(word: &str) -> bool {
    word.contains(['=', ':']) || word.ends_with('-')
}

/// What is marked, and how.
struct Marking<'a> {
    resource: &'a Resource,
    uid: Uid,
    name: &'a str,
    marks: &'a [&'a str],
    overwrite: bool,
}

/// What kubectl says was done, or the lines of an error.
type Marked = Result<&'static str, Vec<String>>;

pub(super) fn label(server: &mut Server, arguments: &Arguments<'_>) -> Output {
    run(server, arguments, change_labels)
}

pub(super) fn taint(server: &mut Server, arguments: &Arguments<'_>) -> Output {
    run(server, arguments, change_taints)
}

fn run(
    server: &mut Server,
    arguments: &Arguments<'_>,
    change: fn(&mut Server, &Marking<'_>) -> Marked,
) -> Output {
    let (resource, names) = match arguments.targets(server) {
        Ok(targets) => targets,
        Err(output) => return output,
    };
    let (marks, names): (Vec<&str>, Vec<&str>) = names.into_iter().partition(|word| is_mark(word));
    let overwrite = arguments.flag(&["overwrite"]) == Some("true");
    let mut output = Output::default();
    for name in names {
        let Some(uid) = server.find(&resource, arguments.namespace(), name) else {
            output.extend(Output::refused(&ApiError::not_found(&resource, name)));
            continue;
        };
        let marking = Marking { resource: &resource, uid, name, marks: &marks, overwrite };
        output.extend(match change(server, &marking) {
            Ok(done) => Output::line(format!("{} {done}", resource.kubectl_name(name))),
            Err(stderr) => Output { stderr, exit: 1, ..Output::default() },
        });
    }
    output
}

fn error(text: &str) -> Vec<String> {
    Output::error(text).stderr
}

fn change_labels(server: &mut Server, marking: &Marking<'_>) -> Marked {
    let &Marking { resource, uid, name, marks, overwrite } = marking;
    let old = server.meta(uid).map(|meta| Labels::clone(&meta.labels)).unwrap_or_default();
    let mut labels = old.clone();
    for mark in marks {
        match (mark.split_once('='), mark.strip_suffix('-')) {
            (Some((key, value)), _) => {
                if let (false, Some(old)) = (overwrite, old.get(key).filter(|old| *old != value)) {
                    return Err(error(&format!(
                        "'{key}' already has a value ({old}), and --overwrite is false"
                    )));
                }
                labels.insert(key.to_owned(), value.to_owned());
            }
            (None, Some(key)) => drop(labels.remove(key)),
            (None, None) => return Err(error(&format!("unknown label spec: {mark}"))),
        }
    }
    if labels == old {
        return Ok("not labeled");
    }
    let done = if marks.iter().any(|mark| mark.contains('=')) { "labeled" } else { "unlabeled" };
    if resource.store_kind() == Kind::Node {
        server.set_node_labels(uid, labels);
        return Ok(done);
    }
    let Some(tree) = server.tree(uid) else { return Ok(done) };
    let mut tree = Tree::clone(&tree);
    if let Some(metadata) = tree.at_mut(&["metadata"]).and_then(Tree::as_map_mut) {
        metadata.insert("labels", labels_tree(&labels));
    }
    let refused = |error| failure::lines(vec![Failure::api(error, String::new(), resource, name)]);
    server.update(uid, tree).map(|()| done).map_err(refused)
}

fn change_taints(server: &mut Server, marking: &Marking<'_>) -> Marked {
    let &Marking { resource, uid, name, marks, overwrite } = marking;
    let Some(node) = server.store().nodes.get(&uid) else {
        return Err(error(&format!("invalid resource type {}, only node(s) is supported", resource.plural)));
    };
    let old = node.taints.clone();
    let (mut taints, mut gone) = (Vec::new(), Vec::new());
    for mark in marks {
        if let Some(mark) = mark.strip_suffix('-') {
            gone.push(mark);
        } else {
            taints.push(parse(mark).ok_or_else(|| error(&format!("invalid taint spec: {mark}")))?);
        }
    }
    let is_same = |one: &Taint, other: &Taint| one.key == other.key && one.effect == other.effect;
    if let (false, Some(taint)) =
        (overwrite, taints.iter().find(|taint| old.iter().any(|old| is_same(old, taint))))
    {
        let key = &taint.key;
        return Err(error(&format!(
            "node {name} already has {key} taint(s) with same effect(s) and --overwrite is false"
        )));
    }
    let kept: Vec<Taint> =
        old.iter().filter(|old| !taints.iter().any(|taint| is_same(old, taint))).cloned().collect();
    taints.extend(kept);
    let added = taints.len() != old.len();
    let before = taints.len();
    for mark in &gone {
        let (key, effect) = mark.split_once(':').unwrap_or((mark, ""));
        let key = key.split_once('=').map_or(key, |(key, _)| key);
        let left = taints.len();
        taints.retain(|taint| {
            taint.key != key || (!effect.is_empty() && format!("{:?}", taint.effect) != effect)
        });
        if taints.len() == left {
            return Err(error(&format!("taint {} not found", quote(mark))));
        }
    }
    let done = match (added, taints.len() != before) {
        (true, true) => "modified",
        _ if overwrite => "modified",
        (true, false) => "tainted",
        (false, _) => "untainted",
    };
    server.set_taints(uid, taints);
    Ok(done)
}

/// `key=value:Effect` or `key:Effect`.
fn parse(mark: &str) -> Option<Taint> {
    let (taint, effect) = mark.rsplit_once(':')?;
    let (key, value) = taint.split_once('=').unwrap_or((taint, ""));
    let effects = [TaintEffect::NoSchedule, TaintEffect::PreferNoSchedule, TaintEffect::NoExecute];
    let effect = effects.into_iter().find(|known| format!("{known:?}") == effect)?;
    Some(Taint { key: key.to_owned(), value: value.to_owned(), effect })
}
