//! A PodDisruptionBudget that protects nothing.

use crate::{Context, Findings, check};

check!(
    "budget-selects-nothing", Warning,
    en: "PodDisruptionBudget {0} selects no pod: it protects nothing",
    zh: "PodDisruptionBudget {0} 没有选中任何 Pod：它不保护任何东西",
);

/// A budget counts the pods of its namespace that its selector matches; without a selector none.
fn run(context: &Context, findings: &mut Findings) {
    for budget in context.store.pod_disruption_budgets() {
        let selects = budget
            .selector
            .as_ref()
            .is_some_and(|selector| context.selected(&budget.meta.namespace, selector).next().is_some());
        if !selects {
            let object = context.store.objects.get(&budget.meta.uid);
            let span = object.and_then(|object| {
                object.tree.at(&["spec", "selector"]).or_else(|| object.tree.get("spec"))?.span
            });
            findings.add(span, [format!("{}/{}", budget.meta.namespace, budget.meta.name)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check;

    #[test]
    fn found_and_not_found() {
        let budget = "kind: PodDisruptionBudget\napiVersion: policy/v1\nmetadata: {name: b}\nspec:\n  minAvailable: 1\n  selector: {matchLabels: {app: web}}\n";
        check(budget, &["budget-selects-nothing at {matchLabels: {app: web}}"]);
        let pod = "---\nkind: Pod\napiVersion: v1\nmetadata: {name: a, labels: {app: web}}\nspec:\n  containers: [{name: c, image: nginx}]\n";
        check(&format!("{budget}{pod}"), &[]);
    }
}
