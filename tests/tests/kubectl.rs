//! The listings of the kubectl pane against recordings: the same nodes, pods and counts as a real control plane had.
#![expect(clippy::disallowed_methods, reason = "recordings are files")]

use std::fs;
use std::path::Path;

use rules::{ClusterSpec, Input, KubectlAnswer, kubectl};
use serde_json::{Value, json};
use tests::conformance;

/// The manifest of a recording behind its nodes, and what the control plane answered.
fn scene(folder: &Path) -> Option<(Input, Value)> {
    let manifest = fs::read_to_string(folder.join("manifest.yaml")).ok()?;
    let result: Value = serde_json::from_str(&fs::read_to_string(folder.join("result.json")).ok()?).ok()?;
    // Only what `kubectl apply` took as a whole, and without pods that the recording's stand-in for the kubelet treats specially.
    let is_applied =
        result["apply"]["exit"] == 0 && text(&result["apply"]["command"]).starts_with("kubectl apply");
    if !is_applied || manifest.contains("oracle/") || manifest.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let nodes = result["nodes"].as_array()?.iter().map(node).collect::<Vec<_>>().join("---\n");
    let cluster = ClusterSpec { nodes: 0, ..ClusterSpec::default() };
    let text = format!("{nodes}---\n{manifest}");
    Some((Input { text, strict: true, cluster, ..Input::default() }, result))
}

/// A recorded node as a document.
fn node(node: &Value) -> String {
    let ready = if node["ready"] == false { "False" } else { "True" };
    let document = json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": node["name"], "labels": node["labels"]},
        "spec": {"taints": node["taints"], "unschedulable": node["unschedulable"]},
        "status": {
            "addresses": node["addresses"], "capacity": node["capacity"], "allocatable": node["allocatable"],
            "conditions": [{"type": "Ready", "status": ready}],
        },
    });
    format!("{document}\n")
}

fn lines(input: &Input, line: &str) -> Vec<String> {
    match kubectl(input, line) {
        KubectlAnswer::Printed(output) => output.stdout,
        KubectlAnswer::Acts { .. } => panic!("{line} only looks"),
    }
}

/// Pods by namespace and owner, with how many of them wait for a node.
fn tally(mut pods: Vec<(String, bool)>) -> Vec<(String, usize, usize)> {
    pods.sort();
    let mut out: Vec<(String, usize, usize)> = Vec::new();
    for (owner, waits) in pods {
        match out.last_mut() {
            Some(last) if last.0 == owner => (last.1, last.2) = (last.1 + 1, last.2 + usize::from(waits)),
            _ => out.push((owner, 1, usize::from(waits))),
        }
    }
    out
}

#[test]
fn listings_agree_with_the_recordings() {
    let folders = fs::read_dir(conformance::recordings()).expect("the recordings are there");
    let mut folders: Vec<_> = folders.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let (mut compared, mut wrong) = (0, Vec::new());
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some((input, result)) = scene(&folder) else { continue };
        compared += 1;
        let mut differ = |what: &str, found: &dyn std::fmt::Debug, expected: &dyn std::fmt::Debug| {
            let (found, expected) = (format!("{found:?}"), format!("{expected:?}"));
            if found != expected {
                wrong.push(format!("{name}: {what}: {found}, recorded {expected}"));
            }
        };
        let mut nodes: Vec<String> =
            list(&result["nodes"]).map(|node| format!("node/{}", text(&node["name"]))).collect();
        nodes.sort();
        differ("nodes", &lines(&input, "get nodes -o name"), &nodes);

        let columns = "OF:.metadata.ownerReferences[0].name,NODE:.spec.nodeName,NS:.metadata.namespace";
        let rows = lines(&input, &format!("get pods -A --no-headers -o custom-columns={columns}"));
        let own = rows.iter().map(|row| {
            let cells: Vec<&str> = row.split_whitespace().collect();
            (format!("{}/{}", cells[2], stem(cells[0])), cells[1] == "<none>")
        });
        let recorded = list(&result["pods"]).map(|pod| {
            let owner = pod["owner"]["name"].as_str().or(pod["owner"].as_str()).unwrap_or("<none>");
            let owner = owner.rsplit('/').next().unwrap_or(owner);
            (
                format!("{}/{}", text(&pod["namespace"]), stem(owner)),
                pod["nodeName"].as_str().unwrap_or("").is_empty(),
            )
        });
        differ("pods", &tally(own.collect()), &tally(recorded.collect()));

        let columns = "NS:.metadata.namespace,NAME:.metadata.name,WANTED:.spec.replicas,ALL:.status.replicas,NEW:.status.updatedReplicas";
        let rows = lines(&input, &format!("get deploy,sts -A --no-headers -o custom-columns={columns}"));
        let mut own: Vec<String> =
            rows.iter().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        let mut recorded: Vec<String> = list(&result["workloads"]).filter_map(workload).collect();
        own.sort();
        recorded.sort();
        differ("workloads", &own, &recorded);

        for command in [
            "get all -A -o wide",
            "get events -A",
            "describe po,svc,ing,deploy,rs,sts,ds,job -A",
            "get no,pv,pvc -o yaml",
        ] {
            lines(&input, command);
        }
    }
    assert!(compared > 100, "only {compared} recordings were compared");
    assert!(wrong.is_empty(), "{} of {compared}\n{}", wrong.len(), wrong.join("\n"));
}

/// A recorded Deployment or StatefulSet with its counts, as the columns above show them.
fn workload(workload: &Value) -> Option<String> {
    let count = |value: &Value| value.as_i64().map_or_else(|| "<none>".to_owned(), |count| count.to_string());
    let status = |field: &str| count(&workload["status"][field]);
    let (namespace, name) = (text(&workload["namespace"]), text(&workload["name"]));
    let wanted = count(&workload["wanted"]);
    matches!(text(&workload["kind"]), "Deployment" | "StatefulSet")
        .then(|| format!("{namespace} {name} {wanted} {} {}", status("replicas"), status("updatedReplicas")))
}

/// The name of a ReplicaSet without its hash, which is another one here.
fn stem(owner: &str) -> &str {
    match owner.rsplit_once('-') {
        Some((stem, hash))
            if hash.len() > 5 && hash.chars().all(|at| "bcdfghjklmnpqrstvwxz2456789".contains(at)) =>
        {
            stem
        }
        _ => owner,
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
