//! Reads a folder of recordings. Missing or odd fields become empty values: a recording that cannot be read in part is
//! compared in part, and never stops the run.
#![expect(clippy::disallowed_methods, reason = "recordings are files")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use manifest::Tree;
use serde_json::Value;

use super::record::{Attempt, Command, Owner, Pod, Record, Slice, Verdict, Workload};

/// One scenario: what the control plane was given, and what it answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Scenario {
    /// The nodes in full.
    pub nodes: Vec<Value>,
    /// First the initial command, then the steps. Never empty.
    pub stages: Vec<Stage>,
    /// `differs_between_two_runs`: what two runs of the real control plane did not agree on.
    pub unstable: Vec<String>,
}

/// One command with the state that it led to.
#[derive(Clone, Debug, Default)]
pub(super) struct Stage {
    /// The command.
    pub input: Input,
    /// What the control plane answered.
    pub record: Record,
    /// The same as it was written.
    pub whole: Value,
}

/// What is done to the cluster.
#[derive(Clone, Debug)]
pub(super) enum Input {
    /// kubectl with these arguments; the files that they name, by name.
    Kubectl(Vec<String>, BTreeMap<String, Vec<u8>>),
    /// Nodes join.
    AddNodes(Vec<Value>),
}

impl Default for Input {
    fn default() -> Self {
        Self::Kubectl(Vec::new(), BTreeMap::new())
    }
}

/// The area of a scenario: the part of its name before the first hyphen.
pub(super) fn area(name: &str) -> &str {
    name.split('-').next().unwrap_or(name)
}

/// The folders below `dir` that hold a recording, sorted by name.
pub(super) fn list(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.retain(|path| path.join("result.json").is_file());
    folders.sort();
    Ok(folders)
}

/// Reads one folder.
pub(super) fn read(folder: &Path) -> Result<Scenario, String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(folder.join("result.json")).map_err(|error| format!("{name}: {error}"))?;
    let result: Value = serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
    let steps = step_inputs(folder);
    let mut stages = vec![Stage {
        input: kubectl(folder, first_command(&result)),
        record: record(&result, &result["apply"]),
        whole: result.clone(),
    }];
    for (index, step) in list_of(&result["steps"]).iter().enumerate() {
        let record = record(step, &step["command"]);
        let added = list_of(&step["nodes_added"]);
        let input = if added.is_empty() {
            let fallback = || split_command(&record.command.line);
            kubectl(folder, steps.get(index).cloned().flatten().unwrap_or_else(fallback))
        } else {
            Input::AddNodes(added.to_vec())
        };
        stages.push(Stage { input, record, whole: step.clone() });
    }
    let unstable = strings(&result["differs_between_two_runs"]);
    Ok(Scenario { nodes: list_of(&result["nodes"]).to_vec(), stages, unstable })
}

/// The arguments of the first command: `options.command`, or `apply -f manifest.yaml`.
fn first_command(result: &Value) -> Vec<String> {
    match strings(&result["options"]["command"]) {
        given if !given.is_empty() => given,
        _ => ["apply", "-f", "manifest.yaml"].map(str::to_owned).to_vec(),
    }
}

/// The arguments of each step of `steps.yaml`; `None` where it is not a command.
fn step_inputs(folder: &Path) -> Vec<Option<Vec<String>>> {
    let Ok(bytes) = fs::read(folder.join("steps.yaml")) else { return Vec::new() };
    let text = String::from_utf8_lossy(&bytes);
    let documents = manifest::parse(&text).documents;
    let steps = documents.first().and_then(|document| document.content.as_ref().ok()?.as_list());
    steps.unwrap_or_default().iter().map(step_input).collect()
}

fn step_input(step: &Tree) -> Option<Vec<String>> {
    if let Some(file) = step.get("apply").and_then(Tree::as_str) {
        return Some(["apply", "-f", file].map(str::to_owned).to_vec());
    }
    let args = step.get("kubectl")?.as_list()?;
    Some(args.iter().map(|arg| arg.as_str().map_or_else(|| arg.to_json(), str::to_owned)).collect())
}

/// The arguments of a recorded command line, as good as they can be told apart.
fn split_command(line: &str) -> Vec<String> {
    let words = line.split_whitespace().map(str::to_owned);
    words.skip_while(|word| word == "kubectl").collect()
}

/// kubectl with the files that the arguments name.
fn kubectl(folder: &Path, args: Vec<String>) -> Input {
    let mut files = BTreeMap::new();
    for arg in &args {
        let path = folder.join(arg);
        if !arg.contains("..")
            && path.is_file()
            && let Ok(bytes) = fs::read(path)
        {
            files.insert(arg.clone(), bytes);
        }
    }
    Input::Kubectl(args, files)
}

fn record(value: &Value, command: &Value) -> Record {
    Record {
        command: Command {
            line: text(command, "command"),
            exit: command["exit"].as_i64().unwrap_or_default(),
            stdout: strings(&command["stdout"]),
            stderr: strings(&command["stderr"]),
        },
        objects: list_of(&value["objects"]).to_vec(),
        pods: list_of(&value["pods"]).iter().map(pod).collect(),
        workloads: list_of(&value["workloads"]).iter().map(workload).collect(),
        endpoints: slices(list_of(&value["endpoints"])),
        attempts: list_of(&value["scheduling"]).iter().map(attempt).collect(),
    }
}

fn pod(value: &Value) -> Pod {
    Pod {
        namespace: text(value, "namespace"),
        name: text(value, "name"),
        owner: owner(&value["owner"]),
        root: owner(&value["root_owner"]).or_else(|| owner(&value["owner"])),
        node: optional(&value["nodeName"]),
        phase: text(value, "phase"),
        message: optional(&value["PodScheduled"]["message"]),
        labels: map_of(&value["labels"], |label| label.as_str().unwrap_or_default().to_owned()),
    }
}

fn workload(value: &Value) -> Workload {
    Workload {
        kind: text(value, "kind"),
        namespace: text(value, "namespace"),
        name: text(value, "name"),
        owner: owner(&value["owner"]),
        wanted: value["wanted"].as_i64(),
        created: value["created"].as_i64().unwrap_or_default(),
    }
}

fn slices(values: &[Value]) -> Vec<Slice> {
    let mut merged: BTreeMap<(String, String, String), Slice> = BTreeMap::new();
    for value in values {
        let key = (text(value, "namespace"), text(value, "service"), text(value, "addressType"));
        let slice = merged.entry(key.clone()).or_insert_with(|| Slice {
            namespace: key.0,
            service: key.1,
            family: key.2,
            ..Slice::default()
        });
        let port = |port: &Value| {
            (text(port, "name"), text(port, "protocol"), port["port"].as_i64().unwrap_or_default())
        };
        let endpoint =
            |endpoint: &Value| (text(endpoint, "pod"), endpoint["ready"].as_bool().unwrap_or_default());
        let ports = list_of(&value["ports"]).iter().map(port).collect();
        slice.groups.entry(ports).or_default().extend(list_of(&value["endpoints"]).iter().map(endpoint));
    }
    merged.into_values().collect()
}

fn attempt(value: &Value) -> Attempt {
    let preemption = &value["preemption"];
    Attempt {
        pod: text(value, "pod"),
        number: value["attempt"].as_i64().unwrap_or_default(),
        start_index: value["start_index"].as_u64().unwrap_or_default() as u32,
        nodes: value["num_nodes"].as_u64().unwrap_or_default() as usize,
        prefilter_rejected: verdict(&value["prefilter_rejected"]),
        feasible: strings(&value["feasible"]).into_iter().collect(),
        rejected: map_of(&value["rejected"], |status| verdict(status).unwrap_or_default()),
        absent: verdict(&value["absent_status"]).filter(|status| *status != not_looked_at()),
        scores: map_of(&value["scores"], |plugins| map_of(plugins, three)),
        totals: map_of(&value["totals"], |total| total.as_i64().unwrap_or_default()),
        best: strings(&value["best"]).into_iter().collect(),
        chosen: optional(&value["chosen"]),
        preemption: optional(&preemption["node"])
            .map(|node| (node, strings(&preemption["victims"]).into_iter().collect())),
        message: text(value, "error"),
    }
}

fn verdict(value: &Value) -> Option<Verdict> {
    value.is_object().then(|| Verdict {
        code: text(value, "code"),
        plugin: text(value, "plugin"),
        reasons: strings(&value["reasons"]),
    })
}

/// What the scheduler says of nodes that it had no need to look at: nothing.
fn not_looked_at() -> Verdict {
    Verdict { code: "UnschedulableAndUnresolvable".into(), ..Verdict::default() }
}

fn three(value: &Value) -> [i64; 3] {
    [0, 1, 2].map(|index| value[index].as_i64().unwrap_or_default())
}

fn owner(value: &Value) -> Option<Owner> {
    value.is_object().then(|| Owner { kind: text(value, "kind"), name: text(value, "name") })
}

fn text(value: &Value, key: &str) -> String {
    optional(&value[key]).unwrap_or_default()
}

fn optional(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

pub(super) fn list_of(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn strings(value: &Value) -> Vec<String> {
    list_of(value).iter().filter_map(optional).collect()
}

pub(super) fn map_of<T>(value: &Value, read: impl Fn(&Value) -> T) -> BTreeMap<String, T> {
    let entries = value.as_object().into_iter().flatten();
    entries.map(|(key, value)| (key.clone(), read(value))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn odd_values_become_empty() {
        for odd in [
            json!(null),
            json!(3),
            json!([1]),
            json!({"pods": {"a": 1}, "scheduling": [null, {"scores": 3}]}),
        ] {
            let read = record(&odd, &odd["apply"]);
            assert_eq!(read.command, Command::default(), "{odd}");
            assert!(read.pods.is_empty(), "{odd}");
        }
    }

    #[test]
    fn slices_of_one_service_are_merged() {
        let slice = |pod: &str| json!({"namespace": "a", "service": "b", "addressType": "IPv4", "endpoints": [{"pod": pod, "ready": true}]});
        let merged = slices(&[slice("x"), slice("y")]);
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].groups[&[].into()], [("x".to_owned(), true), ("y".to_owned(), true)]);
    }
}
