//! A Service port whose named target no selected pod has.

use api::int_or_string::IntOrString;

use crate::{Context, Findings, check};

check!(
    "target-port-missing", Warning,
    en: "Service {0}: no container of the selected pods has a port named {1} ({2})",
    zh: "Service {0}：选中的 Pod 中没有名为 {1} 的端口（{2}）",
);

/// EXP-EP-5: a named target is looked up by name and protocol; not found, that pod is no endpoint of the port.
fn run(context: &Context, findings: &mut Findings) {
    for service in context.store.services() {
        let Some(selector) = &service.selector else { continue };
        let trees = context
            .store
            .objects
            .get(&service.meta.uid)
            .map_or(&[][..], |object| object.tree.list_at(&["spec", "ports"]));
        for (index, port) in service.ports.iter().enumerate() {
            let IntOrString::String(name) = &port.target_port else { continue };
            let protocol = port.protocol.to_string();
            let mut sources = context.selected(&service.meta.namespace, selector).peekable();
            let nothing_selected = sources.peek().is_none();
            let found = sources.any(|source| {
                source.ports().any(|declared| declared.name == name && declared.protocol == protocol)
            });
            if nothing_selected || found {
                continue;
            }
            let span = trees.get(index).and_then(|tree| tree.get("targetPort").unwrap_or(tree).span);
            let title = format!("{}/{}", service.meta.namespace, service.meta.name);
            findings.add(span, [title, name.clone(), protocol]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check;

    #[test]
    fn the_name_must_exist_with_the_protocol() {
        let manifest = |name: &str| {
            format!(
                "kind: Service\napiVersion: v1\nmetadata: {{name: web}}\nspec:\n  ports: [{{port: 80, targetPort: http}}]\n  selector: {{app: web}}\n---\nkind: Pod\napiVersion: v1\nmetadata: {{name: a, labels: {{app: web}}}}\nspec:\n  containers: [{{name: c, image: nginx, ports: [{{containerPort: 80, name: {name}}}]}}]\n"
            )
        };
        check(&manifest("http"), &[]);
        check(&manifest("web"), &["target-port-missing at http"]);
    }
}
