//! A container that requests more than any node has.

use api::quantity::Quantity;
use manifest::Tree;

use crate::{Context, Findings, check};

check!(
    "request-exceeds-nodes", Warning,
    en: "{0}: container {1} requests {2} of {3}, more than any node has",
    zh: "{0}：容器 {1} 请求 {2} 的 {3}，超过任何节点的可分配量",
);

/// SCH-FIT-6 and SCH-FIT-8: such a pod stays Pending whatever else goes away.
fn run(context: &Context, findings: &mut Findings) {
    if context.store.nodes.is_empty() {
        return;
    }
    for source in &context.sources {
        for container in source.containers() {
            // A limit without a request becomes the request (DEF-POD-5).
            let requests = container.at(&["resources", "requests"]).and_then(Tree::as_map);
            let limits = container.at(&["resources", "limits"]).and_then(Tree::as_map);
            let implied = limits
                .into_iter()
                .flatten()
                .filter(|entry| requests.is_none_or(|map| map.get(&entry.key).is_none()));
            for entry in requests.into_iter().flatten().chain(implied) {
                let Some(amount) = amount(&entry.value) else { continue };
                let most =
                    context.store.nodes.values().filter_map(|node| node.allocatable.get(&entry.key)).max();
                if amount > most.copied().unwrap_or_default() {
                    let name = container.str_at(&["name"]).to_owned();
                    let written = entry.value.as_str().map_or_else(|| entry.value.to_json(), str::to_owned);
                    // A bare pod has been defaulted already: its request stands nowhere in the text, its limit does.
                    let span = entry.value.span.or_else(|| limits?.get(&entry.key)?.span);
                    findings.add(span, [source.title(), name, written, entry.key.clone()]);
                }
            }
        }
    }
}

/// The quantity in a string or number (QTY-2).
fn amount(tree: &Tree) -> Option<Quantity> {
    let text = tree.as_str().map_or_else(|| tree.to_json(), str::to_owned);
    Quantity::parse(&text).ok()
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_code;

    #[test]
    fn the_largest_node_decides() {
        let pod = |cpu: &str| {
            format!(
                "kind: Pod\napiVersion: v1\nmetadata: {{name: a}}\nspec:\n  containers: [{{name: c, image: nginx, resources: {{limits: {{cpu: {cpu}}}}}}}]\n"
            )
        };
        check_code(&pod("4"), "request-exceeds-nodes", &[]);
        check_code(&pod("4001m"), "request-exceeds-nodes", &["4001m"]);
    }
}
