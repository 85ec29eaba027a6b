//! `kubectl taint nodes NAME KEY=VALUE:EFFECT... KEY:EFFECT-... KEY-...`.

use manifest::{Map, Tree, Value};

use super::command::{Arguments, Output, mapping};
use super::failure::{self, Failure};
use crate::server::{ApiError, Resource, Server};
use crate::types::{Taint, TaintEffect, Uid};

/// What the command asks for.
#[derive(Default)]
struct Changes<'a> {
    add: Vec<Taint>,
    /// Keys, some with an effect.
    remove: Vec<(&'a str, Option<TaintEffect>)>,
    overwrite: bool,
}

pub(super) fn run(server: &mut Server, arguments: &Arguments<'_>) -> Output {
    let (resource, words) = match arguments.targets(server) {
        Ok(targets) => targets,
        Err(output) => return output,
    };
    let (taints, names): (Vec<&str>, Vec<&str>) =
        words.into_iter().partition(|word| word.contains([':', '=']) || word.ends_with('-'));
    let mut changes = Changes { overwrite: arguments.flag(&["overwrite"]).is_some(), ..Changes::default() };
    for text in taints {
        let Some(()) = changes.take(text) else {
            return Output::error(&format!("unknown taint spec: {text}"));
        };
    }
    if changes.add.is_empty() && changes.remove.is_empty() {
        return Output::error("at least one taint update is required");
    }
    let mut output = Output::default();
    for name in names {
        let one = match server.find(&resource, "", name) {
            Some(uid) => one(server, &resource, (uid, name), &changes),
            None => Output::refused(&ApiError::not_found(&resource, name)),
        };
        let failed = one.exit != 0;
        output.extend(one);
        if failed {
            break;
        }
    }
    output
}

impl<'a> Changes<'a> {
    fn take(&mut self, text: &'a str) -> Option<()> {
        let (taint, removes) = text.strip_suffix('-').map_or((text, false), |taint| (taint, true));
        let (label, effect) =
            taint.split_once(':').map_or((taint, None), |(label, effect)| (label, Some(effect)));
        let effect = match effect {
            None => None,
            Some("NoSchedule") => Some(TaintEffect::NoSchedule),
            Some("PreferNoSchedule") => Some(TaintEffect::PreferNoSchedule),
            Some("NoExecute") => Some(TaintEffect::NoExecute),
            Some(_) => return None,
        };
        let (key, value) = label.split_once('=').unwrap_or((label, ""));
        if removes {
            self.remove.push((key, effect));
        } else {
            self.add.push(Taint { key: key.to_owned(), value: value.to_owned(), effect: effect? });
        }
        Some(())
    }

    /// The taints afterwards, new ones first, and the word for what was done.
    fn apply(&self, old: &[Taint], node: &str) -> Result<(Vec<Taint>, &'static str), String> {
        let same = |left: &Taint, right: &Taint| (&left.key, left.effect) == (&right.key, right.effect);
        let taken: Vec<&str> = self
            .add
            .iter()
            .filter(|taint| old.iter().any(|other| same(taint, other)))
            .map(|taint| taint.key.as_str())
            .collect();
        if !taken.is_empty() && !self.overwrite {
            let keys = taken.join(",");
            return Err(format!(
                "node {node} already has {keys} taint(s) with same effect(s) and --overwrite is false"
            ));
        }
        let mut taints = self.add.clone();
        taints.extend(old.iter().filter(|taint| !self.add.iter().any(|new| same(new, taint))).cloned());
        let added = taints.len() != old.len();
        let mut removed = false;
        for (key, effect) in &self.remove {
            let before = taints.len();
            taints.retain(|taint| taint.key != *key || effect.is_some_and(|effect| effect != taint.effect));
            if taints.len() == before {
                let effect = effect.map_or_else(String::new, |effect| format!(":{effect:?}"));
                return Err(format!("taint \"{key}{effect}\" not found"));
            }
            removed = true;
        }
        let done = match (added, removed) {
            (true, true) => "modified",
            _ if self.overwrite => "modified",
            (true, false) => "tainted",
            (false, _) => "untainted",
        };
        Ok((taints, done))
    }
}

fn one(server: &mut Server, resource: &Resource, (uid, name): (Uid, &str), changes: &Changes<'_>) -> Output {
    let old = server.store().nodes.get(&uid).map(|node| node.taints.clone()).unwrap_or_default();
    let (taints, done) = match changes.apply(&old, name) {
        Ok(result) => result,
        Err(error) => return Output::error(&error),
    };
    if let Err(error) = write(server, uid, taints) {
        let failure = Failure::api(error, String::new(), resource, name);
        return Output { stderr: failure::lines(vec![failure]), exit: 1, ..Output::default() };
    }
    Output::line(format!("{} {done}", resource.kubectl_name(name)))
}

fn write(server: &mut Server, uid: Uid, taints: Vec<Taint>) -> Result<(), ApiError> {
    let Some(mut tree) = server.tree(uid).map(|live| Tree::clone(&live)) else {
        server.change_node(uid, |node| node.taints = taints);
        return Ok(());
    };
    if let Some(spec) = mapping(&mut tree, "spec").and_then(Tree::as_map_mut) {
        spec.insert("taints", Tree::added(Value::List(taints.iter().map(written).collect())));
    }
    server.update(uid, tree)
}

/// A taint as it stands in a Node.
fn written(taint: &Taint) -> Tree {
    let mut map = Map::default();
    map.insert("key", Tree::added(taint.key.as_str()));
    if !taint.value.is_empty() {
        map.insert("value", Tree::added(taint.value.as_str()));
    }
    map.insert("effect", Tree::added(format!("{:?}", taint.effect)));
    Tree::added(Value::Map(map))
}
