//! An Ingress backend that names a Service, or a port of it, that does not exist.

use api::types::{Backend, BackendPort, Kind};
use manifest::Tree;

use crate::{Context, Findings, check};

check!(
    "ingress-backend-missing", Warning,
    en: "Ingress {0}: {1} does not exist in its namespace",
    zh: "Ingress {0}：其命名空间中不存在 {1}",
);

/// EXP-ING-30: backends are Services of the Ingress's own namespace, by a port of the Service.
fn run(context: &Context, findings: &mut Findings) {
    for ingress in context.store.ingresses() {
        let Some(object) = context.store.objects.get(&ingress.meta.uid) else { continue };
        let spec = object.tree.get("spec");
        let default =
            spec.and_then(|spec| Some((ingress.default_backend.as_ref()?, spec.get("defaultBackend")?)));
        let rule_trees = spec.map_or(&[][..], |spec| spec.list_at(&["rules"]));
        let rules = ingress.rules.iter().zip(rule_trees).flat_map(|(rule, tree)| {
            let trees = tree.list_at(&["http", "paths"]).iter().filter_map(|path| path.get("backend"));
            rule.paths.iter().map(|path| &path.backend).zip(trees)
        });
        for (backend, tree) in default.into_iter().chain(rules) {
            let Backend::Service { name, port } = backend else { continue };
            let namespace = &ingress.meta.namespace;
            let service = context
                .store
                .services()
                .find(|service| service.meta.namespace == *namespace && &*service.meta.name == name.as_str());
            let missing = match service {
                None => Some((format!("{} {name}", Kind::Service), ["service", "name"])),
                Some(service) => {
                    let found = service.ports.iter().any(|candidate| match port {
                        BackendPort::Number(number) => candidate.port == *number,
                        BackendPort::Name(name) => candidate.name == *name,
                    });
                    let port = match port {
                        BackendPort::Number(number) => number.to_string(),
                        BackendPort::Name(name) => name.clone(),
                    };
                    (!found).then(|| (format!("port {port} of Service {name}"), ["service", "port"]))
                }
            };
            if let Some((what, path)) = missing {
                let span = tree.at(&path).unwrap_or(tree);
                findings.add(leaf(span).span, [format!("{namespace}/{}", ingress.meta.name), what]);
            }
        }
    }
}

/// The only value of a mapping with one key, else the tree itself: `{number: 80}` is marked at `80`.
fn leaf(tree: &Tree) -> &Tree {
    match tree.as_map() {
        Some(map) if map.len() == 1 => map.iter().next().map_or(tree, |entry| &entry.value),
        _ => tree,
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check;

    fn manifest(service: &str, port: u16) -> String {
        format!(
            "kind: Service\napiVersion: v1\nmetadata: {{name: web}}\nspec:\n  clusterIP: None\n  ports: [{{port: 80}}]\n---\nkind: Ingress\napiVersion: networking.k8s.io/v1\nmetadata: {{name: web}}\nspec:\n  rules:\n  - http:\n      paths:\n      - path: /\n        pathType: Prefix\n        backend: {{service: {{name: {service}, port: {{number: {port}}}}}}}\n"
        )
    }

    #[test]
    fn service_and_port_must_exist() {
        check(&manifest("web", 80), &[]);
        check(&manifest("api", 80), &["ingress-backend-missing at api"]);
        check(&manifest("web", 8081), &["ingress-backend-missing at 8081"]);
    }
}
