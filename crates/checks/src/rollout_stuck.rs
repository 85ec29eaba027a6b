//! A rolling update that can never finish: host ports leave no node for the new pods.

use api::int_or_string::Rounding;
use api::types::{Deployment, DeploymentStrategy};

use crate::{Context, Findings, check};

check!(
    "rollout-stuck", Warning,
    en: "Deployment {0}: with {1} replicas holding a host port on {2} nodes a rolling update cannot finish, new pods find no free node and no old one may go first (use maxSurge: 0, Recreate, or a DaemonSet)",
    zh: "Deployment {0}：{1} 个副本在 {2} 个节点上占用主机端口，滚动更新无法完成：新 Pod 没有空闲节点，旧 Pod 又不能先退出（可用 maxSurge: 0、Recreate 或 DaemonSet）",
);

/// WL-DEP-8. All nodes count as usable: a selector or taint only makes it worse.
fn run(context: &Context, findings: &mut Findings) {
    let nodes = context.store.nodes.len();
    for deployment in context.store.deployments() {
        let Some(source) = context.sources.iter().find(|source| source.meta.uid == deployment.meta.uid)
        else {
            continue;
        };
        let holds_port = source.ports().any(|port| port.host_port.is_some());
        if nodes > 0 && holds_port && stuck(deployment, i32::try_from(nodes).unwrap_or(i32::MAX)) {
            let spec = source.tree.get("spec");
            let span = spec.and_then(|spec| {
                spec.get("replicas").filter(|tree| tree.span.is_some()).or(Some(spec))?.span
            });
            let name = format!("{}/{}", deployment.meta.namespace, deployment.meta.name);
            findings.add(span, [name, deployment.replicas.to_string(), nodes.to_string()]);
        }
    }
}

/// The arithmetic of WL-DEP-4 to WL-DEP-6 when each node takes one pod.
fn stuck(deployment: &Deployment, nodes: i32) -> bool {
    let DeploymentStrategy::RollingUpdate { max_surge, max_unavailable } = &deployment.strategy else {
        return false;
    };
    let replicas = deployment.replicas;
    let surge = max_surge.scaled(replicas, Rounding::Up).unwrap_or(0);
    let unavailable = max_unavailable.scaled(replicas, Rounding::Down).unwrap_or(0).min(replicas);
    let unavailable = if surge == 0 && unavailable == 0 { 1 } else { unavailable };
    let running = replicas.min(nodes);
    let free_node = nodes > running;
    let old_may_go = running > replicas - unavailable;
    replicas > 0 && !free_node && !old_may_go
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::int_or_string::IntOrString;

    fn deployment(replicas: i32) -> Deployment {
        let quarter = IntOrString::String("25%".into());
        Deployment {
            meta: api::types::Meta::default(),
            replicas,
            selector: api::labels::Selector::default(),
            template: api::types::PodTemplate::default(),
            strategy: DeploymentStrategy::RollingUpdate {
                max_surge: quarter.clone(),
                max_unavailable: quarter,
            },
            min_ready_seconds: 0,
            progress_deadline_seconds: 600,
            revision_history_limit: 10,
            paused: false,
        }
    }

    #[test]
    fn the_table_of_wl_dep_8() {
        for replicas in 1..=3 {
            assert!(stuck(&deployment(replicas), replicas), "{replicas} on as many");
        }
        for replicas in 4..=8 {
            assert!(!stuck(&deployment(replicas), replicas), "{replicas} on as many");
        }
        for replicas in 1..=8 {
            assert!(!stuck(&deployment(replicas), replicas + 1), "{replicas} with a spare node");
        }
        for replicas in 2..=7 {
            assert!(stuck(&deployment(replicas), replicas - 1), "{replicas} on one less");
        }
        assert!(!stuck(&deployment(8), 7));
    }
}
