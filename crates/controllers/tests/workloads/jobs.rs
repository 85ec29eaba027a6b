//! The pods of Jobs.

use crate::World;

fn job(more: &str) -> String {
    format!(
        "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: sum}}\nspec:\n  completionMode: Indexed\n  completions: 2\n  \
         parallelism: 2\n  {more}\n  template:\n    spec: {{restartPolicy: Never, containers: [{{name: a, image: nginx}}]}}\n"
    )
}

#[test]
fn pods_count_the_failures_of_their_index_when_these_are_limited() {
    for (more, expected) in [("", None), ("backoffLimitPerIndex: 1", Some("0"))] {
        let mut world = World::new();
        world.apply(&job(more));
        for pod in world.server.store().pods.values() {
            let failures = pod.meta.annotations.get("batch.kubernetes.io/job-index-failure-count");
            assert_eq!(failures.map(String::as_str), expected, "{more}");
        }
    }
}

#[test]
fn a_pod_that_terminates_is_replaced_at_once_unless_only_failed_ones_are() {
    for (more, expected) in [("", vec!["0", "1", "0"]), ("podReplacementPolicy: Failed", vec!["0", "1"])] {
        let mut world = World::new();
        world.apply(&job(more));
        world.server.store_mut().pods.values_mut().next().expect("a pod").meta.deleting = true;
        world.settle();
        let pods = world.server.store().pods.values();
        let indexes: Vec<&str> =
            pods.map(|pod| &*pod.meta.annotations["batch.kubernetes.io/job-completion-index"]).collect();
        assert_eq!(indexes, expected, "{more}");
    }
}

#[test]
fn a_pod_that_has_ended_is_tracked_no_more() {
    let mut world = World::new();
    world.apply(&job(""));
    let first = *world.server.store().pods.keys().next().expect("a pod");
    world.server.pod_mut(first).expect("it is there").status.phase = api::types::PodPhase::Succeeded;
    world.controllers.reconcile(&mut world.server);
    let pods = world.server.store().pods.values();
    let finalizers: Vec<usize> =
        pods.map(|pod| pod.tree.list_at(&["metadata", "finalizers"]).len()).collect();
    assert_eq!(finalizers, [0, 1]);
}
