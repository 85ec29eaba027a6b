//! Two workloads that want one port of the node.

use crate::context::DeclaredPort;
use crate::{Context, Findings, check};

check!(
    "host-port-clash", Info,
    en: "{0} and {1} both want port {2} ({3}) of the node: no node can run a pod of each",
    zh: "{0} 与 {1} 都要占用节点的端口 {2}（{3}）：任何节点都不能同时运行两者的 Pod",
);

/// SCH-PORTS-3 and SCH-PORTS-4 between the templates of different workloads.
fn run(context: &Context, findings: &mut Findings) {
    let held: Vec<_> = context
        .sources
        .iter()
        .flat_map(|source| {
            source.ports().filter(|port| port.host_port.is_some()).map(move |port| (source, port))
        })
        .collect();
    for (later, (source, port)) in held.iter().enumerate() {
        let clash = held[..later]
            .iter()
            .find(|(other, taken)| other.meta.uid != source.meta.uid && conflict(taken, port));
        if let (Some((other, _)), Some(number)) = (clash, port.host_port) {
            let place =
                port.tree.get("hostPort").or_else(|| port.tree.get("containerPort")).unwrap_or(port.tree);
            findings.add(
                place.span,
                [other.title(), source.title(), number.to_string(), port.protocol.to_owned()],
            );
        }
    }
}

/// SCH-PORTS-3, SCH-PORTS-4, SCH-PORTS-5: hostIPs are compared as strings, and only `0.0.0.0` (or none) is a wildcard.
fn conflict(a: &DeclaredPort, b: &DeclaredPort) -> bool {
    let any = |ip: &str| ip.is_empty() || ip == "0.0.0.0";
    let same_address = any(a.host_ip) || any(b.host_ip) || a.host_ip == b.host_ip;
    a.host_port == b.host_port && a.protocol == b.protocol && same_address
}

#[cfg(test)]
mod tests {
    use crate::test_support::check;

    fn pods(first: &str, second: &str) -> String {
        let pod = |name, port| {
            format!(
                "kind: Pod\napiVersion: v1\nmetadata: {{name: {name}}}\nspec:\n  containers: [{{name: c, image: nginx, ports: [{port}]}}]\n"
            )
        };
        format!("{}---\n{}", pod("a", first), pod("b", second))
    }

    #[test]
    fn address_protocol_and_port_decide() {
        let port = "{containerPort: 80, hostPort: 8080}";
        check(&pods(port, port), &["host-port-clash at 8080"]);
        check(&pods(port, "{containerPort: 80, hostPort: 8080, protocol: UDP}"), &[]);
        check(&pods(port, "{containerPort: 80, hostPort: 8081}"), &[]);
        let local = "{containerPort: 80, hostPort: 8080, hostIP: 127.0.0.1}";
        check(&pods(local, port), &["host-port-clash at 8080"]);
        check(&pods(local, "{containerPort: 80, hostPort: 8080, hostIP: 10.0.0.11}"), &[]);
    }
}
