//! How many more pods of a budget may go.

use crate::World;

fn budget(more: &str) -> String {
    format!(
        "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: web}}\nspec: {{selector: {{matchLabels: {{app: \
         web}}}}, {more}}}\n"
    )
}

#[test]
fn what_budgets_allow() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 4\n  selector: \
                      {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, \
                      image: nginx}]}}\n";
    let bare = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: a, image: \
                nginx}]}\n";
    let table = [
        (deployment, "minAvailable: 3", 1),
        (deployment, "minAvailable: 30%", 2),
        (deployment, "minAvailable: 5", 0),
        (deployment, "maxUnavailable: 1", 1),
        (deployment, "maxUnavailable: 30%", 2),
        // Neither bound: nothing is expected, and nothing allowed.
        (deployment, "", 0),
        (bare, "minAvailable: 0", 1),
        // Without a controller there is no scale to take a share of.
        (bare, "maxUnavailable: 1", 0),
    ];
    for (pods, bound, allowed) in table {
        let mut world = World::new();
        world.apply(pods);
        world.apply(&budget(bound));
        let budgets = controllers::budgets(world.server.store());
        let found: Vec<i32> = budgets.iter().map(|budget| budget.disruptions_allowed).collect();
        assert_eq!(found, [allowed], "{bound}");
    }
}
