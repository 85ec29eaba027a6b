//! A Service whose selector matches no pod.

use crate::{Context, Findings, check};

check!(
    "selector-matches-nothing", Warning,
    en: "Service {0} selects no pod: nothing here has the labels {1}",
    zh: "Service {0} 没有选中任何 Pod：这里没有带标签 {1} 的 Pod",
);

/// EXP-EP-1, EXP-EP-7: without a matching pod there are no endpoints, and connections are refused.
fn run(context: &Context, findings: &mut Findings) {
    for service in context.store.services() {
        let Some(selector) = &service.selector else { continue };
        if context.selected(&service.meta.namespace, selector).next().is_some() {
            continue;
        }
        let object = context.store.objects.get(&service.meta.uid);
        let span = object.and_then(|object| object.tree.at(&["spec", "selector"])?.span);
        findings
            .add(span, [format!("{}/{}", service.meta.namespace, service.meta.name), selector.to_string()]);
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check;

    const SERVICE: &str = "kind: Service\napiVersion: v1\nmetadata: {name: web}\nspec:\n  ports: [{port: 80}]\n  selector: {app: web}\n";

    #[test]
    fn found_and_not_found() {
        check(SERVICE, &["selector-matches-nothing at {app: web}"]);
        let pod = "kind: Pod\napiVersion: v1\nmetadata: {name: a, labels: {app: web}}\nspec:\n  containers: [{name: c, image: nginx, ports: [{containerPort: 80}]}]\n";
        check(&format!("{SERVICE}---\n{pod}"), &[]);
    }
}
