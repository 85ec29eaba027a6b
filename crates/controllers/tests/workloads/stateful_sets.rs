//! The pods of StatefulSets and their claims.

use api::types::Kind;

use crate::World;

fn set(more: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: db}}\nspec:\n  {more}\n  selector: {{matchLabels: {{app: \
         db}}, matchExpressions: [{{key: tier, operator: In, values: [back]}}]}}\n  template:\n    metadata: {{labels: {{app: \
         db, tier: back}}}}\n    spec: {{containers: [{{name: a, image: nginx}}], volumes: [{{name: data, emptyDir: {{}}}}, \
         {{name: scratch, emptyDir: {{}}}}]}}\n  volumeClaimTemplates:\n  - metadata: {{name: data, labels: {{of: db}}}}\n    \
         spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}\n"
    )
}

/// Name and owner of every claim.
fn claims(world: &World) -> Vec<String> {
    let objects = world.server.store().objects.values();
    let claims = objects.filter(|object| object.kind == Kind::PersistentVolumeClaim);
    let line = |meta: &api::types::Meta| match &meta.owner {
        Some(owner) => format!("{} of {:?} {}", meta.name, owner.kind, owner.name),
        None => meta.name.to_string(),
    };
    claims.map(|object| line(&object.meta)).collect()
}

#[test]
fn a_claim_has_a_volume_before_the_others_and_the_labels_of_the_selector() {
    let mut world = World::new();
    world.apply(&set("replicas: 1"));
    let pods: Vec<_> = world.server.pods_in("default").collect();
    let volumes = pods[0].tree.list_at(&["spec", "volumes"]);
    let names: Vec<&str> = volumes.iter().map(|volume| volume.str_at(&["name"])).collect();
    assert_eq!(names, ["data", "scratch"]);
    assert_eq!(volumes[0].str_at(&["persistentVolumeClaim", "claimName"]), "data-db-0");
    let mut objects = world.server.store().objects.values();
    let claim = objects.find(|object| object.kind == Kind::PersistentVolumeClaim).expect("a claim");
    let labels: Vec<_> =
        claim.meta.labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(labels, [("app", "db"), ("of", "db")]);
}

#[test]
fn what_becomes_of_claims() {
    let table = [
        ("Retain", "Retain", vec!["data-db-0", "data-db-1"], vec!["data-db-0", "data-db-1"]),
        ("Retain", "Delete", vec!["data-db-0"], vec!["data-db-0"]),
        ("Delete", "Retain", vec!["data-db-0 of StatefulSet db", "data-db-1 of StatefulSet db"], vec![]),
        ("Delete", "Delete", vec!["data-db-0 of StatefulSet db"], vec![]),
    ];
    for (deleted, scaled, after_scaling, after_deletion) in table {
        let sized = |replicas: i32| {
            set(&format!(
                "replicas: {replicas}\n  persistentVolumeClaimRetentionPolicy: {{whenDeleted: {deleted}, whenScaled: {scaled}}}"
            ))
        };
        let mut world = World::new();
        world.apply(&sized(2));
        world.apply(&sized(1));
        assert_eq!(claims(&world), after_scaling, "{deleted} {scaled}: scaled");
        world.delete(&Kind::StatefulSet, "default", "db");
        assert_eq!(claims(&world), after_deletion, "{deleted} {scaled}: deleted");
    }
}

/// What a script leaves after each of its steps: pods with their revisions, and the status.
fn run(tells: bool) -> Vec<String> {
    let plain = |image: &str, more: &str| {
        format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: db}}\nspec:\n  {more}\n  selector: {{matchLabels: \
             {{app: db}}}}\n  template: {{metadata: {{labels: {{app: db}}}}, spec: {{containers: [{{name: a, image: {image}}}]}}}}\n"
        )
    };
    let bare = |name: &str, app: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: {app}}}}}\nspec: {{containers: [{{name: a, image: \
             b}}]}}\n"
        )
    };
    let steps = [
        bare("db-1", "db"),
        plain("a", "replicas: 4"),
        plain("b", "replicas: 4"),
        plain("b", "replicas: 3\n  ordinals: {start: 2}"),
        plain("c", "replicas: 3\n  updateStrategy: {rollingUpdate: {partition: 1}}"),
        "delete db-1".to_owned(),
        plain("c", "replicas: 5\n  podManagementPolicy: OrderedReady"),
        bare("db-3", "other"),
        "terminate db-2".to_owned(),
        plain("c", "replicas: 1"),
    ];
    let mut world = World { tells, ..World::new() };
    let mut found = Vec::new();
    for step in &steps {
        match step.split_once(' ') {
            Some(("delete", name)) => world.delete(&Kind::Pod, "default", name),
            Some(("terminate", name)) => {
                let uid = world.server.find_kind(&Kind::Pod, "default", name).expect("it is there");
                world.server.pod_mut(uid).expect("it is there").meta.deleting = true;
                world.settle();
            }
            _ => drop(world.try_apply(step)),
        }
        let image = |pod: &api::types::Pod| {
            pod.tree.list_at(&["spec", "containers"])[0].str_at(&["image"]).to_owned()
        };
        let pods = world.server.pods_in("default").map(|pod| format!("{}={}", pod.meta.name, image(pod)));
        let pods: Vec<String> = pods.collect();
        let statuses = world.controllers.statuses(world.server.store());
        let fields = statuses.first().map(|status| format!("{:?}", status.fields));
        found.push(format!("{} {}", pods.join(" "), fields.unwrap_or_default()));
    }
    found
}

#[test]
fn what_has_not_changed_need_not_be_looked_at() {
    let (some, all) = (run(true), run(false));
    assert_eq!(some, all);
    assert!(some[2].starts_with("db-0=b db-1=b db-2=b db-3=b "), "{some:#?}");
}
