//! The ReplicaSets of a Deployment, and what they remember.

use crate::World;

fn deployment(image: &str, cause: &str, more: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web, annotations: {{cause: {cause}}}}}\nspec:\n  {more}\n  \
         replicas: 2\n  selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec: \
         {{containers: [{{name: a, image: {image}}}]}}\n"
    )
}

/// Image, size, cause, revision and former revisions of every ReplicaSet, in order of creation.
fn sets(world: &World) -> Vec<String> {
    let line = |set: &std::rc::Rc<api::types::ReplicaSet>| {
        let image = set.template.tree.list_at(&["spec", "containers"])[0].str_at(&["image"]).to_owned();
        let annotation = |key: &str| set.meta.annotations.get(key).map_or("-", String::as_str).to_owned();
        let [revision, history] = ["revision", "revision-history"]
            .map(|key| annotation(&format!("deployment.kubernetes.io/{key}")));
        format!("{image} {} {} {revision} {history}", set.replicas, annotation("cause"))
    };
    world.server.store().replica_sets().map(line).collect()
}

#[test]
fn revisions() {
    let (a, b, c) = ("a", "b", "c");
    let table = [
        (vec![(a, "one"), (a, "two")], "", vec!["a 2 two 1 -"]),
        (vec![(a, "one"), (b, "two")], "", vec!["a 0 one 1 -", "b 2 two 2 -"]),
        (vec![(a, "one"), (b, "two"), (a, "three"), (b, "four")], "", vec!["a 0 three 3 1", "b 2 four 4 2"]),
        (
            vec![(a, "one"), (b, "two"), (a, "three"), (b, "four"), (a, "five")],
            "",
            vec!["a 2 five 5 1,3", "b 0 four 4 2"],
        ),
        // What goes first is the lowest revision, not the oldest object.
        (
            vec![(a, "one"), (b, "two"), (a, "three"), (c, "four")],
            "revisionHistoryLimit: 1",
            vec!["a 0 three 3 1", "c 2 four 4 -"],
        ),
    ];
    for (steps, more, expected) in table {
        let mut world = World::new();
        for (image, cause) in &steps {
            world.apply(&deployment(image, cause, more));
        }
        assert_eq!(sets(&world), expected, "{steps:?}");
    }
}

#[test]
fn a_replica_set_follows_min_ready_seconds() {
    let mut world = World::new();
    world.apply(&deployment("a", "one", ""));
    world.apply(&deployment("a", "one", "minReadySeconds: 5"));
    let seconds: Vec<i32> = world.server.store().replica_sets().map(|set| set.min_ready_seconds).collect();
    assert_eq!(seconds, [5]);
}

#[test]
fn a_paused_deployment_forgets_old_revisions_as_well() {
    let mut world = World::new();
    for image in ["a", "b", "c"] {
        world.apply(&deployment(image, "one", ""));
    }
    world.apply(&deployment("c", "one", "paused: true\n  revisionHistoryLimit: 1"));
    assert_eq!(sets(&world), ["b 0 one 2 -", "c 2 one 3 -"]);
}
