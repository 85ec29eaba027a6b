//! A hostNetwork pod that cannot resolve Service names.

use crate::{Context, Findings, check};

check!(
    "host-network-dns", Info,
    en: "{0} uses the node's network with dnsPolicy ClusterFirst: it gets the node's DNS, Service names do not resolve (ClusterFirstWithHostNet gives cluster DNS)",
    zh: "{0} 使用节点网络且 dnsPolicy 为 ClusterFirst：实际使用节点的 DNS，无法解析 Service 名称（ClusterFirstWithHostNet 才使用集群 DNS）",
);

/// EXP-HN-11. Only where the manifest has a Service whose name could be wanted.
fn run(context: &Context, findings: &mut Findings) {
    for source in &context.sources {
        let policy = source.spec.str_at(&["dnsPolicy"]);
        let cluster_first = policy.is_empty() || policy == "ClusterFirst";
        let services = context.store.services().any(|service| &*service.meta.name != "kubernetes");
        if source.host_network() && cluster_first && services {
            findings.add(source.host_network_span(), [source.title()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_code;

    #[test]
    fn only_with_a_service_to_resolve() {
        let pod = "kind: Pod\napiVersion: v1\nmetadata: {name: a}\nspec:\n  hostNetwork: true\n  containers: [{name: c, image: nginx}]\n";
        let service = "---\nkind: Service\napiVersion: v1\nmetadata: {name: db}\nspec: {clusterIP: None}\n";
        check_code(pod, "host-network-dns", &[]);
        check_code(&format!("{pod}{service}"), "host-network-dns", &["hostNetwork: true"]);
        let host =
            pod.replace("hostNetwork: true", "hostNetwork: true\n  dnsPolicy: ClusterFirstWithHostNet");
        check_code(&format!("{host}{service}"), "host-network-dns", &[]);
    }
}
