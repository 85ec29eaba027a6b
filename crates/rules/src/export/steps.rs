//! What the user did after the manifest was applied, as commands.

use api::types::Kind;

use super::Scene;
use super::script::{Tool, create_nodes, file, quote};
use crate::input::Action;

/// Commands by action, each with a line that says what it does.
pub(super) fn commands(scene: &Scene<'_>, tool: Tool<'_>) -> Vec<String> {
    let mut added = scene.added.iter();
    let actions = scene.input.actions.iter().enumerate();
    let command = |(at, action): (usize, &Action)| {
        let (what, commands) = match action {
            Action::Apply(text) => {
                let name = format!("manifest-{}.yaml", at + 2);
                let apply = format!("kubectl apply -f \"$folder/{name}\" || true\n");
                ("Another manifest is applied.".to_owned(), file(&name, text) + &apply)
            }
            Action::Delete(kind, namespace, name) if kind.eq_ignore_ascii_case("pod") => delete_pod(scene, namespace, name),
            Action::Delete(kind, namespace, name) => (
                "An object is deleted.".to_owned(),
                format!("kubectl delete {} {}{} || true\n", quote(kind), quote(name), within(namespace)),
            ),
            Action::Scale(kind, namespace, name, replicas) => (
                "A workload is scaled.".to_owned(),
                format!("kubectl scale {} {} --replicas={replicas}{} || true\n", quote(kind), quote(name), within(namespace)),
            ),
            Action::Cordon(node) => ("A node is cordoned.".to_owned(), format!("kubectl cordon {} || true\n", tool.node(node))),
            Action::Uncordon(node) => {
                ("A node is uncordoned.".to_owned(), format!("kubectl uncordon {} || true\n", tool.node(node)))
            }
            Action::AddNodes(_) => {
                let nodes = added.next().map_or(&[][..], Vec::as_slice);
                let commands = match tool {
                    Tool::Kwok => create_nodes(nodes, at + 2),
                    Tool::Kind(names) => {
                        let known = nodes.iter().filter(|node| names.of.contains_key(&node.meta.name));
                        let names: Vec<String> = known.map(|node| tool.node(&node.meta.name)).collect();
                        if names.is_empty() { String::new() } else { format!("kubectl uncordon {}\n", names.join(" ")) }
                    }
                };
                ("Nodes join.".to_owned(), commands)
            }
            Action::RestartContainer(namespace, name) => (
                format!("A container of the pod {} restarts: its pod stays as and where it is.", quote(&format!("{namespace}/{name}"))),
                String::new(),
            ),
            Action::Drain(node) => (
                "A node is drained.".to_owned(),
                format!(
                    "kubectl drain {} --ignore-daemonsets --force --delete-emptydir-data --timeout=60s || true\n",
                    tool.node(node)
                ),
            ),
            Action::LoseNode(node) => match tool {
                Tool::Kind(_) => (
                    "A node stops to answer. Its pods are given up five minutes after that was noticed.".to_owned(),
                    format!("docker stop {}\nsleep 360\n", tool.node(node)),
                ),
                Tool::Kwok => (
                    "A node stops to answer. KWOK's nodes always do, so it is drained instead: pods that would stay Terminating \
                     are gone."
                        .to_owned(),
                    format!(
                        "kubectl drain {} --ignore-daemonsets --force --delete-emptydir-data --disable-eviction || true\n",
                        tool.node(node)
                    ),
                ),
            },
            Action::ReturnNode(node) => (
                "The node answers again.".to_owned(),
                match tool {
                    Tool::Kind(_) => format!("docker start {}\n", tool.node(node)),
                    Tool::Kwok => format!("kubectl uncordon {} || true\n", tool.node(node)),
                },
            ),
            Action::RemoveNode(node) => {
                ("A node is removed.".to_owned(), format!("kubectl delete node {} || true\n", tool.node(node)))
            }
            Action::RolloutRestart(kind, namespace, name) => (
                "The pods of a workload are made anew.".to_owned(),
                format!("kubectl rollout restart {} {}{} || true\n", quote(&kind.to_lowercase()), quote(name), within(namespace)),
            ),
            Action::RunCronJob(namespace, name, job) => (
                "A CronJob is run by hand.".to_owned(),
                format!(
                    "kubectl create job {} {}{} || true\n",
                    quote(job),
                    quote(&format!("--from=cronjob/{name}")),
                    within(namespace)
                ),
            ),
        };
        format!("\n# {}\n{commands}", what.replace('\n', " "))
    };
    actions.map(command).collect()
}

fn within(namespace: &str) -> String {
    if namespace.is_empty() { String::new() } else { format!(" --namespace {}", quote(namespace)) }
}

/// Deletes a pod. The names of pods that a controller made are drawn anew in each cluster: there it is the first of the workload's.
fn delete_pod(scene: &Scene<'_>, namespace: &str, name: &str) -> (String, String) {
    let runs = [&scene.first, &scene.last];
    let drawn = runs.into_iter().find_map(|run| {
        let server = run.simulation.server();
        let uid = server.find_kind(&Kind::Pod, namespace, name)?;
        let root = run.simulation.root(uid);
        let is_stable = root == uid
            || server.find_kind(&Kind::StatefulSet, namespace, &server.meta(root)?.name) == Some(root);
        Some((!is_stable).then(|| server.meta(root).map(|meta| meta.name.to_string())).flatten())
    });
    let within = within(namespace);
    match drawn.flatten() {
        Some(workload) => (
            format!("A pod is deleted: {} there, the first pod of the workload here.", quote(name)),
            format!(
                "kubectl delete{within} \"$(kubectl get pods{within} -o name | grep -F {} | head -n 1)\" || true\n",
                quote(&format!("pod/{workload}-"))
            ),
        ),
        None => {
            ("A pod is deleted.".to_owned(), format!("kubectl delete pod {}{within} || true\n", quote(name)))
        }
    }
}
