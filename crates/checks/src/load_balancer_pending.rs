//! A LoadBalancer Service in a cluster where nobody gives addresses.

use api::types::ServiceType;

use crate::{Context, Findings, LoadBalancerProvider, check};

check!(
    "load-balancer-pending", Info,
    en: "Service {0}: this cluster has no load balancer provider, EXTERNAL-IP stays <pending>; only its node ports answer",
    zh: "Service {0}：此集群没有负载均衡器提供方，EXTERNAL-IP 会一直是 <pending>，只有 NodePort 可用",
);

/// EXP-LB-2.
fn run(context: &Context, findings: &mut Findings) {
    if context.load_balancer == LoadBalancerProvider::Present {
        return;
    }
    for service in
        context.store.services().filter(|service| service.service_type == ServiceType::LoadBalancer)
    {
        let object = context.store.objects.get(&service.meta.uid);
        let span = object.and_then(|object| object.tree.at(&["spec", "type"])?.span);
        findings.add(span, [format!("{}/{}", service.meta.namespace, service.meta.name)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_code;

    #[test]
    fn other_types_need_no_provider() {
        let service = |kind: &str| {
            format!(
                "kind: Service\napiVersion: v1\nmetadata: {{name: db}}\nspec:\n  type: {kind}\n  ports: [{{port: 80}}]\n"
            )
        };
        check_code(&service("LoadBalancer"), "load-balancer-pending", &["LoadBalancer"]);
        check_code(&service("NodePort"), "load-balancer-pending", &[]);
    }
}
