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
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: web}\nspec:\n  template: {metadata: {labels: {app: web}}, spec: \
               {restartPolicy: Never, containers: [{name: a, image: nginx}]}}\n";
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
        (job, "minAvailable: 0", 1),
        // A Job has no scale.
        (job, "maxUnavailable: 1", 0),
        (job, "minAvailable: 10%", 0),
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

#[test]
fn what_may_be_evicted() {
    const BUDGET: Option<&str> = Some("Cannot evict pod as it would violate the pod's disruption budget.");
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2\n  selector: \
                      {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, \
                      image: nginx}]}}\n";
    let always = "unhealthyPodEvictionPolicy: AlwaysAllow";
    // What a pod gets that is ready, and one that is not while the other is ready or is not.
    let table = [
        ("minAvailable: 1".to_owned(), [None, None, BUDGET]),
        ("minAvailable: 2".to_owned(), [BUDGET, BUDGET, BUDGET]),
        (format!("minAvailable: 2, {always}"), [BUDGET, None, None]),
        ("maxUnavailable: 0".to_owned(), [BUDGET, BUDGET, BUDGET]),
    ];
    for (bound, expected) in table {
        let mut world = World::new();
        world.apply(deployment);
        world.apply(&budget(&bound));
        let states = [[true, true], [false, true], [false, false]];
        for (states, expected) in states.into_iter().zip(expected) {
            for (pod, ready) in world.server.store_mut().pods.values_mut().zip(states) {
                pod.status.ready = ready;
            }
            let store = world.server.store();
            let first = store.pods.values().next().expect("two pods");
            assert_eq!(controllers::eviction_error(store, first), expected, "{bound} {states:?}");
        }
    }
}
