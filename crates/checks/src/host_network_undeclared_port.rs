//! A hostNetwork pod that declares no port.

use crate::{Context, Findings, check};

check!(
    "host-network-undeclared-port", Info,
    en: "{0} uses the node's network but declares no port: the scheduler may put two of its pods on one node, where the second cannot bind",
    zh: "{0} 使用节点网络却没有声明端口：调度器可能把它的两个 Pod 放到同一节点，后一个将无法绑定端口",
);

/// SCH-PORTS-2, EXP-HN-8: what is not declared is not reserved.
fn run(context: &Context, findings: &mut Findings) {
    for source in
        context.sources.iter().filter(|source| source.host_network() && source.ports().next().is_none())
    {
        findings.add(source.host_network_span(), [source.title()]);
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_code;

    #[test]
    fn declared_ports_are_reserved() {
        let pod = |ports: &str| {
            format!(
                "kind: Pod\napiVersion: v1\nmetadata: {{name: a}}\nspec:\n  hostNetwork: true\n  dnsPolicy: Default\n  containers: [{{name: c, image: nginx{ports}}}]\n"
            )
        };
        check_code(&pod(""), "host-network-undeclared-port", &["hostNetwork: true"]);
        check_code(&pod(", ports: [{containerPort: 80}]"), "host-network-undeclared-port", &[]);
    }
}
