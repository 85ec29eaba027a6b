//! Which pod of ours stands for which recorded pod. Names are invented, so pods are known by what the user wrote (the root
//! owner), by the revision of its template, and in a DaemonSet by their node.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::record::{Attempt, Owner, Pod, Record, Root};

/// What a pod is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// What the user wrote.
    pub root: Root,
    /// The how-manieth template of that root it was made from, from 0.
    pub rank: usize,
}

/// The identities of all pods of a run, by namespace/name.
#[derive(Clone, Debug, Default)]
pub(super) struct Identities {
    known: BTreeMap<String, Identity>,
    /// Name without the random suffix, for pods that were gone before anybody looked.
    bases: BTreeMap<String, Identity>,
}

impl Identities {
    /// Of all stages of a run, in order.
    pub(super) fn of(records: &[&Record]) -> Self {
        let ranks = Ranks::of(records);
        let mut identities = Self::default();
        for record in records {
            for workload in &record.workloads {
                let own = Owner { kind: workload.kind.clone(), name: workload.name.clone() };
                let owner = workload.owner.clone().unwrap_or(own);
                let root = Root { namespace: workload.namespace.clone(), owner };
                let base = format!("{}/{}", workload.namespace, workload.name);
                identities.bases.insert(base, Identity { root, rank: 0 });
            }
        }
        for record in records {
            for (root, hash, name) in replica_sets(record) {
                let base = format!("{}/{name}", root.namespace);
                let rank = ranks.get(&root, &hash);
                identities.bases.insert(base, Identity { root, rank });
            }
            for pod in &record.pods {
                let root = pod.root_key();
                let identity = Identity { rank: ranks.get(&root, pod.revision()), root };
                if pod.owner.is_some() {
                    identities.bases.insert(base(&pod.key()).to_owned(), identity.clone());
                }
                identities.known.insert(pod.key(), identity);
            }
        }
        identities
    }

    /// The identity of a pod by namespace/name.
    pub(super) fn get(&self, key: &str) -> Option<&Identity> {
        self.known.get(key).or_else(|| self.bases.get(base(key)))
    }
}

/// A name without its last part.
fn base(name: &str) -> &str {
    name.rsplit_once('-').map_or(name, |(base, _)| base)
}

/// The node that an attempt was limited to: the only one that was looked at, while others were excluded.
pub(super) fn target(attempt: &Attempt) -> Option<&String> {
    let mut nodes = attempt.feasible.iter().chain(attempt.rejected.keys());
    let first = nodes.next()?;
    nodes.next().is_none().then_some(first)
}

/// Numbers the templates of each root in the order in which they appeared.
#[derive(Clone, Debug, Default)]
struct Ranks {
    seen: BTreeMap<Root, Vec<String>>,
}

impl Ranks {
    fn of(records: &[&Record]) -> Self {
        let mut ranks = Self::default();
        for record in records {
            for (root, hash, _) in replica_sets(record) {
                ranks.see(root, hash);
            }
            let mut others: BTreeSet<(Root, String)> = BTreeSet::new();
            others.extend(record.pods.iter().map(|pod: &Pod| (pod.root_key(), pod.revision().to_owned())));
            for (root, hash) in others {
                ranks.see(root, hash);
            }
        }
        ranks
    }

    fn see(&mut self, root: Root, hash: String) {
        let seen = self.seen.entry(root).or_default();
        if !seen.contains(&hash) {
            seen.push(hash);
        }
    }

    fn get(&self, root: &Root, hash: &str) -> usize {
        self.seen.get(root).and_then(|seen| seen.iter().position(|other| other == hash)).unwrap_or_default()
    }
}

/// The owned ReplicaSets of a stage, oldest revision first: root, hash and name.
fn replica_sets(record: &Record) -> Vec<(Root, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut found: Vec<(u64, Root, String, String)> = Vec::new();
    for object in record.objects.iter().filter(|object| object["kind"] == "ReplicaSet") {
        let metadata = &object["metadata"];
        let owner = &metadata["ownerReferences"][0];
        if owner.is_object() {
            let owner = Owner { kind: text(&owner["kind"]), name: text(&owner["name"]) };
            let root = Root { namespace: text(&metadata["namespace"]), owner };
            let revision = text(&metadata["annotations"]["deployment.kubernetes.io/revision"])
                .parse()
                .unwrap_or_default();
            found.push((
                revision,
                root,
                text(&metadata["labels"]["pod-template-hash"]),
                text(&metadata["name"]),
            ));
        }
    }
    found.sort();
    found.into_iter().map(|(_, root, hash, name)| (root, hash, name)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn revisions_are_ranked_and_lost_pods_found_by_their_base() {
        let replica_set = |hash: &str, revision: &str| {
            json!({"kind": "ReplicaSet", "metadata": {"name": format!("web-{hash}"), "namespace": "x",
                "labels": {"pod-template-hash": hash}, "annotations": {"deployment.kubernetes.io/revision": revision},
                "ownerReferences": [{"kind": "Deployment", "name": "web"}]}})
        };
        let record =
            Record { objects: vec![replica_set("a1", "2"), replica_set("b2", "1")], ..Record::default() };
        let identities = Identities::of(&[&record]);
        let rank =
            |name: &str| identities.get(name).map(|identity| (identity.root.to_string(), identity.rank));
        assert_eq!(rank("x/web-a1-zzzzz"), Some(("Deployment x/web".into(), 1)));
        assert_eq!(rank("x/web-b2-zzzzz"), Some(("Deployment x/web".into(), 0)));
        assert_eq!(rank("x/api-b2-zzzzz"), None);
    }
}
