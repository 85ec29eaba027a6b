//! The three-way merge of `kubectl apply`: what the last manifest had and this one has not goes, what this one says holds, and
//! the rest of the live object stays (UPD rules).

use manifest::{Entry, Map, Tree, Value};

/// What a merge gives.
pub(super) struct Merged {
    /// The object to send.
    pub(super) tree: Tree,
    /// Whether kubectl's patch holds anything.
    pub(super) changed: bool,
    /// The patch, for messages.
    pub(super) patch: Tree,
}

/// Merges `modified`, the new manifest, into `live`; `original` is the manifest that was applied last. `strategic`: lists of
/// built-in types merge by key, those of custom resources are replaced.
pub(super) fn three_way(original: Option<&Tree>, modified: &Tree, live: &Tree, strategic: bool) -> Merged {
    let has_token = live.str_at(&["kind"]) == "Pod"
        && live.at(&["spec", "automountServiceAccountToken"]).and_then(Tree::as_bool) != Some(false);
    run(original, modified, live, Options { strategic, retains: strategic, has_token })
}

/// Merges a patch that somebody wrote into `live`.
pub(super) fn patched(patch: &Tree, live: &Tree, strategic: bool) -> Tree {
    run(None, patch, live, Options { strategic, retains: false, has_token: false }).tree
}

fn run(original: Option<&Tree>, modified: &Tree, live: &Tree, options: Options) -> Merged {
    let empty = Map::default();
    let mut merge = Merge { options, empty: &empty, path: Vec::new() };
    let (tree, patch) = merge.maps(original, modified, live);
    let changed = patch.is_some();
    Merged { tree, changed, patch: patch.unwrap_or_else(Tree::map) }
}

struct Options {
    /// Whether some lists merge by a key.
    strategic: bool,
    /// Whether the patch says which keys some mappings keep (`$retainKeys`).
    retains: bool,
    /// Whether the live object of a cluster has the token volume and its mounts (WL-ADM-SA-2), which are not in our tree.
    has_token: bool,
}

struct Merge<'a> {
    options: Options,
    /// Stands for a mapping that is missing.
    empty: &'a Map,
    /// The keys of the mappings that were entered.
    path: Vec<&'a str>,
}

impl<'a> Merge<'a> {
    /// Merges a field, and notes in `patch` what of it changes.
    fn field(
        &mut self,
        original: Option<&'a Tree>,
        modified: &'a Tree,
        live: &'a Tree,
        patch: &mut Map,
    ) -> Tree {
        let name = self.path.last().copied().unwrap_or("");
        let (tree, change) = match (&modified.value, &live.value) {
            (Value::Map(_), Value::Map(_)) => self.maps(original, modified, live),
            (Value::List(new), Value::List(old)) if self.options.strategic => {
                let key = merge_key(&self.path)
                    .filter(|key| new.iter().chain(old).all(|item| item.get(key).is_some()));
                match key {
                    Some(key) => {
                        let before = original.and_then(Tree::as_list).unwrap_or(&[]);
                        let ambiguous = repeats(key, new) || repeats(key, old);
                        let lists = if ambiguous { Self::ambiguous_lists } else { Self::lists };
                        let (result, items) = lists(self, key, before, new, old);
                        if !old.is_empty() && (!items.is_empty() || !self.is_same_order(key, new, old)) {
                            let order = new.iter().map(|item| Tree::added(only_key(key, item)));
                            let order = Tree::added(order.collect::<Vec<_>>());
                            patch.insert(format!("$setElementOrder/{name}"), order);
                        }
                        let tree = Tree { value: Value::List(result), span: modified.span };
                        (tree, (!items.is_empty()).then(|| Tree::added(items)))
                    }
                    None if self.path == ["metadata", "finalizers"] => union(original, new, old),
                    None => replace(modified, live),
                }
            }
            _ => replace(modified, live),
        };
        if let Some(change) = change {
            patch.insert(name, change);
        }
        tree
    }

    /// Whether both lists have the same items in the same order. That the live one has more counts as another order.
    fn is_same_order(&self, key: &str, new: &[Tree], old: &[Tree]) -> bool {
        let grows = self.options.has_token && matches!(self.path.last(), Some(&("volumes" | "volumeMounts")));
        !grows && new.iter().map(|item| item.get(key)).eq(old.iter().map(|item| item.get(key)))
    }

    fn maps(
        &mut self,
        original: Option<&'a Tree>,
        modified: &'a Tree,
        live: &'a Tree,
    ) -> (Tree, Option<Tree>) {
        let new = modified.as_map().unwrap_or(self.empty);
        let old = live.as_map().unwrap_or(self.empty);
        let before = original.and_then(Tree::as_map).unwrap_or(self.empty);
        let (mut result, mut patch) = (Map::default(), Map::default());
        let is_gone = |entry: &&Entry| new.get(&entry.key).is_none();
        for entry in old.iter().filter(is_gone).filter(|entry| before.get(&entry.key).is_none()) {
            result.insert_entry(unspanned_entry(entry));
        }
        for entry in before.iter().filter(is_gone) {
            patch.insert(&*entry.key, Tree::default());
        }
        for entry in new {
            let Entry { key, key_span, value } = entry;
            if value.is_null() {
                patch.insert(&**key, Tree::default());
                continue;
            }
            let merged = if let Some(old) = old.get(key).filter(|old| !old.is_null()) {
                self.path.push(key);
                let merged = self.field(before.get(key), value, old, &mut patch);
                self.path.pop();
                merged
            } else {
                patch.insert(&**key, value.clone());
                value.clone()
            };
            result.insert_entry(Entry { key: key.clone(), key_span: *key_span, value: merged });
        }
        if self.options.retains && retains_only_given_keys(&self.path) {
            retain(new, old, &mut result, &mut patch);
        }
        let changed = !patch.is_empty();
        (Tree { value: Value::Map(result), span: modified.span }, changed.then(|| Tree::added(patch)))
    }

    /// Lists in which items share a value of `key`, as ports do that have one number and two protocols: the first goes with
    /// the first, and whatever is new falls upon the first of them, as in Kubernetes.
    fn ambiguous_lists(
        &mut self,
        key: &str,
        before: &'a [Tree],
        new: &'a [Tree],
        old: &'a [Tree],
    ) -> (Vec<Tree>, Vec<Tree>) {
        let mut result: Vec<Tree> = old.iter().map(unspanned).collect();
        let (mut patch, deletions) = (Vec::new(), deletions(key, before, new));
        let is_deleted = |item: &Tree| deletions.iter().any(|gone| gone.get(key) == item.get(key));
        result.retain(|item| !is_deleted(item));
        for (index, item) in new.iter().enumerate().filter(|(_, item)| !is_deleted(item)) {
            let rank = new.iter().take(index).filter(|other| other.get(key) == item.get(key)).count();
            let ranked = |list: &'a [Tree]| list.iter().filter(|o| o.get(key) == item.get(key)).nth(rank);
            let change = match ranked(old) {
                Some(old) => self.maps(ranked(before), item, old).1,
                None => Some(item.clone()),
            };
            let Some(mut change) = change else { continue };
            if let (Some(map), Some(name)) = (change.as_map_mut(), item.get(key)) {
                map.insert(key, name.clone());
            }
            match result.iter_mut().find(|other| other.get(key) == item.get(key)) {
                Some(first) => put_upon(first, &change),
                None => result.push(change.clone()),
            }
            patch.push(change);
        }
        patch.extend(deletions);
        (result, patch)
    }

    /// Items are told apart by `key`. Those of the new manifest come in its order; live ones that it never had keep their place
    /// before the item they stood in front of.
    fn lists(
        &mut self,
        key: &str,
        before: &'a [Tree],
        new: &'a [Tree],
        old: &'a [Tree],
    ) -> (Vec<Tree>, Vec<Tree>) {
        let find = |list: &'a [Tree], item: &Tree| list.iter().find(|other| other.get(key) == item.get(key));
        let is_kept = |item: &Tree| find(new, item).is_none() && find(before, item).is_none();
        let mut kept = old.iter().enumerate().filter(|(_, item)| is_kept(item)).peekable();
        let (mut result, mut patch) = (Vec::new(), Vec::new());
        for item in new {
            let Some(position) = old.iter().position(|other| other.get(key) == item.get(key)) else {
                patch.push(item.clone());
                result.push(item.clone());
                continue;
            };
            while let Some((_, server_only)) = kept.next_if(|(kept, _)| *kept < position) {
                result.push(unspanned(server_only));
            }
            let (merged, change) = self.maps(find(before, item), item, &old[position]);
            result.push(merged);
            if let Some(mut change) = change {
                if let (Some(map), Some(name)) = (change.as_map_mut(), item.get(key)) {
                    map.insert(key, name.clone());
                }
                patch.push(change);
            }
        }
        result.extend(kept.map(|(_, item)| unspanned(item)));
        patch.extend(deletions(key, before, new));
        (result, patch)
    }
}

/// Whether items share their value of `key`.
fn repeats(key: &str, items: &[Tree]) -> bool {
    items.iter().enumerate().any(|(index, item)| items[..index].iter().any(|o| o.get(key) == item.get(key)))
}

/// An item with nothing but its key.
fn only_key(key: &str, item: &Tree) -> Map {
    let mut map = Map::default();
    map.insert(key, item.get(key).cloned().unwrap_or_default());
    map
}

/// What removes items by patch, sorted: one for each time that the last manifest had a key more often than this one has.
fn deletions(key: &str, before: &[Tree], new: &[Tree]) -> Vec<Tree> {
    let count = |list: &[Tree], item: &Tree| list.iter().filter(|o| o.get(key) == item.get(key)).count();
    let is_gone = |(index, item): &(usize, &Tree)| count(&before[..*index], item) >= count(new, item);
    let mut gone: Vec<Tree> = before
        .iter()
        .enumerate()
        .filter(is_gone)
        .map(|(_, item)| {
            let mut delete = only_key(key, item);
            delete.insert("$patch", Tree::added("delete"));
            Tree::added(delete)
        })
        .collect();
    gone.sort_by_cached_key(Tree::to_json);
    gone
}

/// Drops what the manifest does not give, which is a change of its own.
fn retain(new: &Map, old: &Map, result: &mut Map, patch: &mut Map) {
    let given = |map: &Map, key: &str| map.get(key).is_some_and(|value| !value.is_null());
    let keys: Vec<Tree> = new
        .sorted()
        .into_iter()
        .filter(|entry| given(new, &entry.key))
        .map(|entry| Tree::added(&*entry.key))
        .collect();
    let drops = old.iter().any(|entry| new.get(&entry.key).is_none() && given(old, &entry.key));
    if keys.is_empty() || (patch.is_empty() && !drops) {
        return;
    }
    for entry in old {
        if new.get(&entry.key).is_none() {
            result.remove(&entry.key);
        }
    }
    patch.insert("$retainKeys", Tree::added(keys));
}

/// Applies a patch to one item.
fn put_upon(target: &mut Tree, patch: &Tree) {
    let (Some(target), Some(patch)) = (target.as_map_mut(), patch.as_map()) else { return };
    for Entry { key, value, .. } in patch {
        if value.is_null() {
            target.remove(key);
            continue;
        }
        match target.get_mut(key) {
            Some(below) if below.as_map().is_some() && value.as_map().is_some() => put_upon(below, value),
            _ => target.insert(&**key, value.clone()),
        }
    }
}

/// Lists without a key, and scalars: the new one holds as a whole.
fn replace(modified: &Tree, live: &Tree) -> (Tree, Option<Tree>) {
    (modified.clone(), (modified != live).then(|| modified.clone()))
}

/// Finalizers: those of both.
fn union(original: Option<&Tree>, new: &[Tree], old: &[Tree]) -> (Tree, Option<Tree>) {
    let before = original.and_then(Tree::as_list).unwrap_or(&[]);
    let mut result: Vec<Tree> =
        old.iter().filter(|item| new.contains(item) || !before.contains(item)).cloned().collect();
    let added: Vec<Tree> = new.iter().filter(|item| !old.contains(item)).cloned().collect();
    result.extend(added.iter().cloned());
    let changed = result.len() != old.len() || !added.is_empty();
    (Tree::added(result), changed.then(|| Tree::added(new.to_vec())))
}

/// The field that tells the items of a list apart (`patchMergeKey` of the API types); `path` holds the keys of the mappings
/// above the list, and its own.
fn merge_key(path: &[&str]) -> Option<&'static str> {
    let (last, above) = path.split_last()?;
    Some(match (above.last().copied().unwrap_or(""), *last) {
        ("containers" | "initContainers" | "ephemeralContainers", "ports") => "containerPort",
        ("spec", "ports") => "port",
        (_, "volumeMounts") => "mountPath",
        (_, "volumeDevices") => "devicePath",
        (_, "topologySpreadConstraints") => "topologyKey",
        ("spec", "hostAliases") => "ip",
        ("metadata", "ownerReferences") => "uid",
        ("status", "addresses" | "conditions") => "type",
        (
            "spec",
            "containers"
            | "initContainers"
            | "ephemeralContainers"
            | "volumes"
            | "resourceClaims"
            | "schedulingGates",
        )
        | ("containers" | "initContainers" | "ephemeralContainers", "env")
        | ("", "secrets" | "webhooks")
        | (_, "imagePullSecrets") => "name",
        _ => return None,
    })
}

/// Where a change of one field drops the fields that the manifest does not give (`retainKeys`): a volume has one source, a
/// Deployment one strategy.
fn retains_only_given_keys(path: &[&str]) -> bool {
    path == ["spec", "strategy"] || path.ends_with(&["spec", "volumes"])
}

/// A value of the live object: its places belong to an older text.
fn unspanned(tree: &Tree) -> Tree {
    let value = match &tree.value {
        Value::List(items) => Value::List(items.iter().map(unspanned).collect()),
        Value::Map(map) => {
            let mut result = Map::default();
            map.iter().for_each(|entry| result.insert_entry(unspanned_entry(entry)));
            Value::Map(result)
        }
        scalar => scalar.clone(),
    };
    Tree { value, span: None }
}

fn unspanned_entry(entry: &Entry) -> Entry {
    Entry { key: entry.key.clone(), key_span: None, value: unspanned(&entry.value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Tree {
        let mut documents = manifest::parse(text).documents;
        documents.remove(0).content.expect("the text is well-formed")
    }

    /// The merged object and the patch, as JSON.
    fn check(original: &str, modified: &str, live: &str, expected: &str, patch: &str) {
        let merged = three_way(Some(&tree(original)), &tree(modified), &tree(live), true);
        assert_eq!((merged.tree.to_json(), merged.patch.to_json()), (expected.to_owned(), patch.to_owned()));
    }

    #[test]
    fn fields_that_the_manifest_never_had_stay() {
        check("{a: 1, b: 1}", "{a: 2}", "{a: 1, b: 1, c: 1}", r#"{"a":2,"c":1}"#, r#"{"a":2,"b":null}"#);
        check("{a: 1}", "{a: 1}", "{a: 1, c: 1}", r#"{"a":1,"c":1}"#, "{}");
        check("{a: 1, b: 0}", "{a: 1}", "{a: 1}", r#"{"a":1}"#, r#"{"b":null}"#);
        check("{}", "{a: [1]}", "{a: [2, 3]}", r#"{"a":[1]}"#, r#"{"a":[1]}"#);
    }

    #[test]
    fn lists_with_a_key_merge_by_it() {
        check(
            "{spec: {containers: [{name: a, image: x}, {name: b}]}}",
            "{spec: {containers: [{name: a, image: z}, {name: c}]}}",
            "{spec: {containers: [{name: side}, {name: a, image: x, stdin: true}, {name: b}]}}",
            r#"{"spec":{"containers":[{"name":"side"},{"image":"z","name":"a","stdin":true},{"name":"c"}]}}"#,
            r#"{"spec":{"$setElementOrder/containers":[{"name":"a"},{"name":"c"}],"containers":[{"image":"z","name":"a"},{"name":"c"},{"$patch":"delete","name":"b"}]}}"#,
        );
        let order = "{spec: {containers: [{name: a}, {name: b}]}}";
        check(
            order,
            "{spec: {containers: [{name: b}, {name: a}]}}",
            order,
            r#"{"spec":{"containers":[{"name":"b"},{"name":"a"}]}}"#,
            r#"{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}}"#,
        );
    }

    #[test]
    fn the_token_of_a_pod_counts_as_a_change_of_order() {
        let pod = "{kind: Pod, spec: {volumes: [{name: v, emptyDir: {}}], containers: [{name: a, volumeMounts: [{mountPath: /v, name: v}]}]}}";
        let order = r#"{"spec":{"$setElementOrder/containers":[{"name":"a"}],"$setElementOrder/volumes":[{"name":"v"}],"containers":[{"$setElementOrder/volumeMounts":[{"mountPath":"/v"}],"name":"a"}]}}"#;
        check(pod, pod, pod, &tree(pod).to_json(), order);
        let without = pod.replace("spec: {", "spec: {automountServiceAccountToken: false, ");
        check(&without, &without, &without, &tree(&without).to_json(), "{}");
    }

    #[test]
    fn items_that_share_their_key() {
        let (udp, tcp) = ("{name: u, port: 53, protocol: UDP}", "{name: t, port: 53, protocol: TCP}");
        let (live_udp, live_tcp) = (
            "{name: u, port: 53, protocol: UDP, nodePort: 30001}",
            "{name: t, port: 53, protocol: TCP, nodePort: 30002}",
        );
        let spec = |ports: &[&str]| format!("{{spec: {{ports: [{}]}}}}", ports.join(", "));
        let json = |ports: &[&str]| tree(&spec(ports)).to_json();
        let (both, live) = (spec(&[udp, tcp]), spec(&[live_udp, live_tcp]));
        check(&both, &both, &live, &json(&[live_udp, live_tcp]), "{}");
        let other = "{name: x, port: 53, protocol: TCP}";
        check(
            &spec(&[udp]),
            &spec(&[udp, other]),
            &spec(&[live_udp]),
            &json(&["{name: x, port: 53, protocol: TCP, nodePort: 30001}"]),
            r#"{"spec":{"$setElementOrder/ports":[{"port":53},{"port":53}],"ports":[{"name":"x","port":53,"protocol":"TCP"}]}}"#,
        );
        check(
            &both,
            &spec(&["{port: 80}"]),
            &live,
            &json(&["{port: 80}"]),
            r#"{"spec":{"$setElementOrder/ports":[{"port":80}],"ports":[{"port":80},{"$patch":"delete","port":53},{"$patch":"delete","port":53}]}}"#,
        );
        check(
            &both,
            &spec(&[udp]),
            &live,
            &json(&[]),
            r#"{"spec":{"$setElementOrder/ports":[{"port":53}],"ports":[{"$patch":"delete","port":53}]}}"#,
        );
    }

    #[test]
    fn a_strategy_keeps_only_what_is_given() {
        check(
            "{spec: {}}",
            "{spec: {strategy: {type: Recreate}}}",
            "{spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}}}",
            r#"{"spec":{"strategy":{"type":"Recreate"}}}"#,
            r#"{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}"#,
        );
        let rolling = "{spec: {strategy: {type: RollingUpdate}}}";
        check(
            rolling,
            rolling,
            "{spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%}}}}",
            r#"{"spec":{"strategy":{"type":"RollingUpdate"}}}"#,
            r#"{"spec":{"strategy":{"$retainKeys":["type"]}}}"#,
        );
    }
}
