//! Names differ from run to run where the control plane invents them: hashes of templates, five random characters, UIDs.
//! [`Names`] learns the invented ones of a run and replaces them, so that the rest can be compared word for word.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::record::{Owner, REVISION_LABELS, Record};

/// Length of a random suffix (WL-NAME-1). A long base is cut before it, so there may be no hyphen.
const RANDOM: usize = 5;

/// What a hash, a random suffix and a UID are replaced by. None of them can stand in a name.
const HASH: &str = "<hash>";
const SUFFIX: &str = "<random>";
const UID: &str = "<uid>";

/// Kinds whose pods are named by chance; a StatefulSet's are not.
const RANDOM_OWNERS: [&str; 4] = ["ReplicaSet", "DaemonSet", "Job", "ReplicationController"];

/// The invented parts of the names of one run.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    hashes: BTreeSet<String>,
    /// Names that end in an invented part, and the length of that part.
    generated: BTreeMap<String, usize>,
    uids: BTreeSet<String>,
}

impl Names {
    /// Learns from all that a run has shown; names stay known after their objects are gone.
    pub(super) fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut names = Self::default();
        for record in records {
            for pod in &record.pods {
                names.learn_labels(&pod.labels);
                names.learn_owned(&pod.name, pod.owner.as_ref());
            }
            for object in &record.objects {
                names.learn_object(object);
            }
        }
        names
    }

    fn learn_object(&mut self, object: &Value) {
        let metadata = &object["metadata"];
        let name = metadata["name"].as_str().unwrap_or_default();
        let labels = metadata["labels"].as_object().into_iter().flatten();
        let labels =
            labels.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect();
        self.learn_labels(&labels);
        let owner = &metadata["ownerReferences"][0];
        match (object["kind"].as_str(), owner["kind"].as_str()) {
            (Some("Pod"), Some(kind)) => {
                self.learn_owned(name, Some(&Owner { kind: kind.to_owned(), name: String::new() }));
            }
            (Some("Job"), Some("CronJob")) => {
                let time = name.rsplit('-').next().map_or(0, str::len);
                self.generated.insert(name.to_owned(), time);
            }
            (_, None) if metadata["generateName"].is_string() => {
                self.generated.insert(name.to_owned(), RANDOM);
            }
            _ => {}
        }
    }

    fn learn_labels(&mut self, labels: &BTreeMap<String, String>) {
        for (key, value) in labels {
            if REVISION_LABELS.contains(&key.as_str()) {
                self.hashes.extend(value.rsplit('-').next().map(str::to_owned));
            } else if key.ends_with("controller-uid") {
                self.uids.insert(value.clone());
            }
        }
    }

    fn learn_owned(&mut self, name: &str, owner: Option<&Owner>) {
        if owner.is_some_and(|owner| RANDOM_OWNERS.contains(&owner.kind.as_str())) {
            self.generated.insert(name.to_owned(), RANDOM);
        }
    }

    /// The text with everything invented replaced.
    pub(super) fn normalize(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let is_name = |character: char| character.is_ascii_alphanumeric() || "-.".contains(character);
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|character| !is_name(character)).unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end);
            out.push_str(&self.word(word));
            let gap = tail.find(is_name).unwrap_or(tail.len());
            out.push_str(&tail[..gap]);
            rest = &tail[gap..];
        }
        out
    }

    fn word(&self, word: &str) -> String {
        if word.is_empty() || self.uids.contains(word) {
            return if word.is_empty() { String::new() } else { UID.to_owned() };
        }
        let (base, suffix) = match self.generated.get(word) {
            Some(&length) => (word.get(..word.len().saturating_sub(length)).unwrap_or(word), SUFFIX),
            None => (word, ""),
        };
        let parts = base.split('-').map(|part| if self.hashes.contains(part) { HASH } else { part });
        parts.collect::<Vec<_>>().join("-") + suffix
    }

    /// A value with every string and every key normalised.
    pub(super) fn normalize_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.normalize(text)),
            Value::Array(items) => items.iter().map(|item| self.normalize_value(item)).collect(),
            Value::Object(map) => {
                map.iter().map(|(key, value)| (key.clone(), self.normalize_value(value))).collect()
            }
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conformance::record::Pod;

    #[test]
    fn invented_parts_are_replaced_and_nothing_else() {
        let pod = |name: &str, kind: &str, label: (&str, &str)| Pod {
            name: name.into(),
            owner: Some(Owner { kind: kind.into(), name: String::new() }),
            labels: BTreeMap::from([(label.0.to_owned(), label.1.to_owned())]),
            ..Pod::default()
        };
        let pods = vec![
            pod("web-5d4-x8k2p", "ReplicaSet", ("pod-template-hash", "5d4")),
            pod("db-0", "StatefulSet", ("controller-revision-hash", "db-7f7")),
            pod("job-abcde", "Job", ("controller-uid", "c1-2")),
            pod("wwwwb6s6g", "ReplicaSet", ("pod-template-hash", "5d4")),
        ];
        let objects =
            vec![json!({"kind": "Pod", "metadata": {"name": "bare-zzzzz", "generateName": "bare-"}})];
        let names = Names::of(&[Record { objects, pods, ..Record::default() }]);
        assert_eq!(names.normalize("wwwwb6s6g"), "wwww<random>");
        let text = "pod \"web-5d4-x8k2p\" of web-5d4 (db-0, db-7f7, job-abcde, c1-2, bare-zzzzz, web-5d5)";
        let expected = "pod \"web-<hash>-<random>\" of web-<hash> (db-0, db-<hash>, job-<random>, <uid>, bare-<random>, web-5d5)";
        assert_eq!(names.normalize(text), expected);
        assert_eq!(names.normalize("  é, "), "  é, ");
    }
}
