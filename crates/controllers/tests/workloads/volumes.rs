//! Claims and volumes find each other, and both objects say so.

use api::types::Kind;

use crate::World;

fn volume(name: &str, modes: &str, more: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: {name}}}\nspec: {{capacity: {{storage: 5Gi}}, \
         accessModes: [{modes}], hostPath: {{path: /data}}, {more}}}\n"
    )
}

fn claim(more: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: data}}\nspec: {{accessModes: [ReadWriteOnce], \
         storageClassName: '', resources: {{requests: {{storage: 1Gi}}}}, {more}}}\n"
    )
}

/// Phase of each object of the kind, and what else it says of the other.
fn stored(world: &World, kind: &Kind, paths: &[&[&str]]) -> Vec<String> {
    let objects = world.server.store().objects.values().filter(|object| object.kind == *kind);
    let line = |tree: &manifest::Tree| {
        let parts = paths.iter().map(|path| match tree.at(path) {
            Some(found) => found.as_str().map_or_else(|| found.to_json(), str::to_owned),
            None => "-".to_owned(),
        });
        parts.collect::<Vec<_>>().join(" ")
    };
    objects.map(|object| format!("{} {}", object.meta.name, line(&object.tree))).collect()
}

fn check(what: &str, texts: &[&str], claims: &[&str], volumes: &[&str]) -> World {
    let mut world = World::new();
    for text in texts {
        world.apply(text);
    }
    compare(what, &world, claims, volumes);
    world
}

fn compare(what: &str, world: &World, claims: &[&str], volumes: &[&str]) {
    let by_controller = &["metadata", "annotations", "pv.kubernetes.io/bound-by-controller"][..];
    let of_claim = [
        &["status", "phase"][..],
        &["spec", "volumeName"],
        &["metadata", "annotations", "pv.kubernetes.io/bind-completed"],
        by_controller,
        &["status", "capacity"],
    ];
    let of_volume = [&["status", "phase"][..], &["spec", "claimRef", "name"], by_controller];
    assert_eq!(stored(world, &Kind::PersistentVolumeClaim, &of_claim), claims, "{what}");
    assert_eq!(stored(world, &Kind::PersistentVolume, &of_volume), volumes, "{what}");
}

#[test]
fn who_gets_which_volume() {
    let (one, two) = (volume("one", "ReadWriteOnce", ""), volume("two", "ReadWriteOnce, ReadWriteMany", ""));
    let bound = r#"data Bound one yes yes {"storage":"5Gi"}"#;
    check("free", &[&one, &claim("")], &[bound], &["one Bound data yes"]);
    check("the claim came first", &[&claim(""), &one], &[bound], &["one Bound data yes"]);
    check(
        "the one with fewer access modes",
        &[&two, &one, &claim("")],
        &[bound],
        &["two Available - -", "one Bound data yes"],
    );
    check(
        "asked for by name",
        &[&one, &two, &claim("volumeName: two")],
        &[r#"data Bound two yes - {"storage":"5Gi"}"#],
        &["one Available - -", "two Bound data yes"],
    );
    check(
        "reserved",
        &[&one, &volume("two", "ReadWriteOnce", "claimRef: {namespace: default, name: data}"), &claim("")],
        &[r#"data Bound two yes yes {"storage":"5Gi"}"#],
        &["one Available - -", "two Bound data -"],
    );
    check(
        "reserved for another",
        &[&volume("two", "ReadWriteOnce", "claimRef: {namespace: default, name: other}"), &claim("")],
        &["data Pending - - - -"],
        &["two Available other -"],
    );
    check(
        "a volume that does not exist",
        &[&one, &claim("volumeName: none")],
        &["data Pending none - - -"],
        &["one Available - -"],
    );
}

#[test]
fn what_becomes_of_a_bound_pair() {
    let (one, unchanged) = (volume("one", "ReadWriteOnce", ""), claim(""));
    let bound = r#"data Bound one yes yes {"storage":"5Gi"}"#;
    let mut world =
        check("applied again", &[&one, &unchanged, &one, &unchanged], &[bound], &["one Bound data yes"]);
    world.delete(&Kind::PersistentVolumeClaim, "default", "data");
    compare("the claim is gone", &world, &[], &["one Released data yes"]);
    world.apply(&unchanged);
    compare("a new claim of that name", &world, &["data Pending - - - -"], &["one Released data yes"]);
    let mut world = check("bound", &[&one, &unchanged], &[bound], &["one Bound data yes"]);
    world.delete(&Kind::PersistentVolume, "", "one");
    compare("the volume is gone", &world, &[r#"data Lost one yes yes {"storage":"5Gi"}"#], &[]);
}

#[test]
fn a_bound_claim_grows_when_its_class_allows_it() {
    let refused = "Error from server (Forbidden): error when applying patch:";
    for (expansion, expected) in [("", Some(refused)), ("allowVolumeExpansion: true, ", None)] {
        let class = format!(
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: disk}}\n{}provisioner: \
             kubernetes.io/no-provisioner\n",
            expansion.replace(", ", "\n")
        );
        let mut world = World::new();
        let claim = claim("").replace("storageClassName: ''", "storageClassName: disk");
        for text in [&class, &volume("one", "ReadWriteOnce", "storageClassName: disk"), &claim] {
            world.apply(text);
        }
        let applied = world.try_apply(&claim.replace("1Gi", "2Gi"));
        assert_eq!(applied.first().map(String::as_str), expected, "{expansion:?}");
    }
}

#[test]
fn an_ephemeral_volume_has_a_claim_of_its_pod() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: a, image: nginx}]\n  volumes:\n  \
               - name: scratch\n    ephemeral: {volumeClaimTemplate: {metadata: {labels: {a: b}}, spec: {accessModes: \
               [ReadWriteOnce], storageClassName: '', resources: {requests: {storage: 1Gi}}}}}\n";
    let mut world = World::new();
    world.apply(&volume("one", "ReadWriteOnce", ""));
    world.apply(pod);
    let paths = [&["status", "phase"][..], &["metadata", "labels"], &["spec", "resources"]];
    assert_eq!(
        stored(&world, &Kind::PersistentVolumeClaim, &paths),
        [r#"web-scratch Bound {"a":"b"} {"requests":{"storage":"1Gi"}}"#]
    );
    world.delete(&Kind::Pod, "default", "web");
    assert_eq!(stored(&world, &Kind::PersistentVolumeClaim, &paths), [""; 0]);
}

#[test]
fn who_is_asked_to_make_a_volume() {
    let class = |provisioner: &str, mode: &str| {
        format!(
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: disk}}\nprovisioner: \
             {provisioner}\nvolumeBindingMode: {mode}\n"
        )
    };
    let (now, later) = ("Immediate", "WaitForFirstConsumer");
    let table = [
        ("csi.example.com", now, "", "csi.example.com"),
        ("kubernetes.io/aws-ebs", now, "", "ebs.csi.aws.com"),
        ("kubernetes.io/no-provisioner", now, "", "-"),
        ("csi.example.com", later, "", "-"),
        ("csi.example.com", later, "node-1", "csi.example.com"),
        ("kubernetes.io/no-provisioner", later, "node-1", "-"),
    ];
    for (provisioner, mode, node, expected) in table {
        let mut world = World::new();
        world.apply(&class(provisioner, mode));
        world.apply(&claim("").replace("storageClassName: ''", "storageClassName: disk"));
        if !node.is_empty() {
            controllers::select_node(&mut world.server, "default", "data", node);
            world.settle();
        }
        let key = |prefix| format!("volume.{prefix}kubernetes.io/storage-provisioner");
        let (beta, stable) = (key("beta."), key(""));
        let paths = [&["metadata", "annotations", &*beta][..], &["metadata", "annotations", &*stable]];
        let found = stored(&world, &Kind::PersistentVolumeClaim, &paths);
        assert_eq!(found, [format!("data {expected} {expected}")], "{provisioner} {mode} {node}");
    }
    // Whoever finds a volume asks nobody.
    let mut world = World::new();
    world.apply(&class("csi.example.com", now));
    world.apply(&volume("one", "ReadWriteOnce", "storageClassName: disk"));
    world.apply(&claim("").replace("storageClassName: ''", "storageClassName: disk"));
    let annotations = stored(&world, &Kind::PersistentVolumeClaim, &[&["metadata", "annotations"]]);
    assert!(!annotations[0].contains("storage-provisioner"), "{annotations:?}");
}

#[test]
fn a_claim_without_a_class_gets_the_default_one_that_comes_later() {
    let class = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: disk\n  annotations: \
                 {storageclass.kubernetes.io/is-default-class: 'true'}\nprovisioner: kubernetes.io/no-provisioner\n";
    let nameless = claim("").replace("storageClassName: '',", "");
    let (one, unnamed) = (volume("one", "ReadWriteOnce", ""), claim(""));
    let table = [
        ("no volume", vec![nameless.as_str(), class], "disk"),
        ("it says that it wants none", vec![unnamed.as_str(), class], ""),
        ("it has a volume", vec![&one, &nameless, class], "-"),
    ];
    for (what, texts, expected) in table {
        let mut world = World::new();
        for text in texts {
            world.apply(text);
        }
        let found = stored(&world, &Kind::PersistentVolumeClaim, &[&["spec", "storageClassName"]]);
        assert_eq!(found, [format!("data {expected}")], "{what}");
    }
}
