//! The sorts of actions, and what each can be done to.

use rules::{Action, PodReport, Report, WorkloadReport};

/// A sort of action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    DeletePod,
    RestartContainer,
    RolloutRestart,
    Scale,
    Drain,
    Cordon,
    Uncordon,
    LoseNode,
    ReturnNode,
    RemoveNode,
    AddNode,
    RunCronJob,
}

/// What an action is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Pod,
    Node,
    Workload,
    /// Nothing has to be chosen.
    Nothing,
}

impl Act {
    /// In the order of the list.
    pub(crate) const ALL: [Self; 12] = [
        Self::DeletePod,
        Self::RestartContainer,
        Self::RolloutRestart,
        Self::Drain,
        Self::LoseNode,
        Self::ReturnNode,
        Self::Scale,
        Self::Cordon,
        Self::Uncordon,
        Self::RemoveNode,
        Self::AddNode,
        Self::RunCronJob,
    ];

    /// Stable name, for tests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::DeletePod => "delete-pod",
            Self::RestartContainer => "restart-container",
            Self::RolloutRestart => "rollout-restart",
            Self::Scale => "scale",
            Self::Drain => "drain",
            Self::Cordon => "cordon",
            Self::Uncordon => "uncordon",
            Self::LoseNode => "lose-node",
            Self::ReturnNode => "return-node",
            Self::RemoveNode => "remove-node",
            Self::AddNode => "add-node",
            Self::RunCronJob => "run-cron-job",
        }
    }

    /// What it is done to.
    pub(crate) fn target(self) -> Target {
        match self {
            Self::DeletePod | Self::RestartContainer => Target::Pod,
            Self::RolloutRestart | Self::Scale | Self::RunCronJob => Target::Workload,
            Self::AddNode => Target::Nothing,
            _ => Target::Node,
        }
    }

    /// What it can be done to now, each with the action. `replicas` are those wanted when it is to scale.
    pub(crate) fn choices(self, report: &Report, replicas: i32) -> Vec<(String, Action)> {
        let nodes = |wanted: fn(&rules::NodeReport) -> bool, action: fn(String) -> Action| {
            let nodes = report.nodes.iter().filter(|node| wanted(node));
            nodes.map(|node| (node.name.clone(), action(node.name.clone()))).collect()
        };
        let pods = |wanted: fn(&PodReport) -> bool, action: fn(&PodReport) -> Action| {
            let pods = report.pods.iter().filter(|pod| wanted(pod));
            pods.map(|pod| (full_name(&pod.namespace, &pod.name), action(pod))).collect()
        };
        let workloads = |kinds: &[&str], action: &dyn Fn(String, String, String) -> Action| {
            let meant = report.workloads.iter().filter(|workload| kinds.contains(&&*workload.kind));
            meant
                .map(|WorkloadReport { kind, namespace, name, .. }| {
                    (full_name(namespace, name), action(kind.clone(), namespace.clone(), name.clone()))
                })
                .collect()
        };
        match self {
            Self::DeletePod => pods(
                |pod| pod.status != "Terminating",
                |pod| Action::Delete("pod".to_owned(), pod.namespace.clone(), pod.name.clone()),
            ),
            Self::RestartContainer => pods(
                |pod| pod.node.is_some() && pod.status == "Running",
                |pod| Action::RestartContainer(pod.namespace.clone(), pod.name.clone()),
            ),
            Self::Drain => nodes(|_| true, Action::Drain),
            Self::Cordon => nodes(|node| !node.unschedulable, Action::Cordon),
            Self::Uncordon => nodes(|node| node.unschedulable, Action::Uncordon),
            Self::LoseNode => nodes(|node| node.ready, Action::LoseNode),
            Self::ReturnNode => nodes(|node| !node.ready, Action::ReturnNode),
            Self::RemoveNode => nodes(|_| true, Action::RemoveNode),
            Self::AddNode => vec![(String::new(), Action::AddNodes(1))],
            Self::RolloutRestart => workloads(&Action::RESTARTS, &Action::RolloutRestart),
            Self::Scale => workloads(&Action::SCALES, &|kind, namespace, name| {
                Action::Scale(kind, namespace, name, replicas)
            }),
            Self::RunCronJob => {
                // One step, one Job: a name that no earlier step has taken.
                let step = report.steps.len() + 1;
                workloads(&["CronJob"], &|_, namespace, name| {
                    let job = format!("{name}-manual-{step}");
                    Action::RunCronJob(namespace, name, job)
                })
            }
        }
    }
}

/// namespace/name, without the namespace `default`.
fn full_name(namespace: &str, name: &str) -> String {
    if namespace == "default" { name.to_owned() } else { format!("{namespace}/{name}") }
}

#[cfg(test)]
mod tests {
    use rules::NodeReport;

    use super::*;

    #[test]
    fn only_what_is_possible_is_offered() {
        let node = |name: &str, ready| NodeReport { name: name.into(), ready, ..NodeReport::default() };
        let workload = |kind: &str| WorkloadReport {
            kind: kind.into(),
            namespace: "default".into(),
            name: "a".into(),
            ..WorkloadReport::default()
        };
        let pod = |name: &str, status: &str, node| PodReport {
            namespace: "shop".into(),
            name: name.into(),
            status: status.into(),
            node,
            ..PodReport::default()
        };
        let report = Report {
            nodes: vec![node("node-1", true), node("node-2", false)],
            workloads: vec![workload("Deployment"), workload("DaemonSet")],
            pods: vec![
                pod("a", "Running", Some(0)),
                pod("b", "Pending", None),
                pod("c", "Terminating", Some(1)),
            ],
            ..Report::default()
        };
        let labels = |act: Act| {
            let choices = act.choices(&report, 3).into_iter();
            choices.map(|(label, _)| label).collect::<Vec<_>>()
        };
        assert_eq!(labels(Act::DeletePod), ["shop/a", "shop/b"]);
        assert_eq!(labels(Act::RestartContainer), ["shop/a"]);
        assert_eq!(labels(Act::LoseNode), ["node-1"]);
        assert_eq!(labels(Act::ReturnNode), ["node-2"]);
        assert_eq!(labels(Act::Uncordon), [""; 0]);
        assert_eq!(labels(Act::AddNode), [""]);
        assert_eq!(labels(Act::RunCronJob), [""; 0]);
        assert_eq!(labels(Act::RolloutRestart).len(), 2);
        let scale = Action::Scale("Deployment".into(), "default".into(), "a".into(), 3);
        assert_eq!(Act::Scale.choices(&report, 3), [("a".to_owned(), scale)]);
    }
}
