//! hostNetwork on replicas, where a Service would do.

use api::types::Kind;

use crate::{Context, Findings, check};

check!(
    "host-network-instead", Info,
    en: "{0} uses the node's network: one pod per node and port, and a new address whenever a pod moves. A NodePort Service keeps one port on every node; podAntiAffinity spreads replicas without losing places",
    zh: "{0} 使用节点网络：每个节点每个端口只能有一个 Pod，Pod 换节点后地址也会改变。NodePort Service 在所有节点上保持同一端口；podAntiAffinity 可以分散副本而不减少可调度的位置",
);

/// EXP-SEED-7 to EXP-SEED-9: node agents belong in a DaemonSet, everything else has a better way in.
fn run(context: &Context, findings: &mut Findings) {
    let replicated = [Kind::Deployment, Kind::ReplicaSet, Kind::StatefulSet, Kind::ReplicationController];
    for source in
        context.sources.iter().filter(|source| source.host_network() && replicated.contains(&source.kind))
    {
        findings.add(source.host_network_span(), [source.title()]);
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_code;

    #[test]
    fn daemon_sets_are_what_it_is_for() {
        let workload = |kind: &str| {
            format!(
                "kind: {kind}\napiVersion: apps/v1\nmetadata: {{name: a}}\nspec:\n  selector: {{matchLabels: {{app: a}}}}\n  template:\n    metadata: {{labels: {{app: a}}}}\n    spec:\n      hostNetwork: true\n      containers: [{{name: c, image: nginx}}]\n"
            )
        };
        check_code(&workload("Deployment"), "host-network-instead", &["hostNetwork: true"]);
        check_code(&workload("DaemonSet"), "host-network-instead", &[]);
    }
}
