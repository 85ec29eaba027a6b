//! DaemonSets whose pods do not get ready.

use api::kubectl::{self, Options};

use crate::World;

#[test]
fn a_surge_does_not_wait_for_an_old_pod_that_is_not_ready() {
    let set = |image: &str| {
        format!(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: agent}}\nspec:\n  updateStrategy: {{rollingUpdate: \
             {{maxSurge: 1, maxUnavailable: 0}}}}\n  selector: {{matchLabels: {{app: agent}}}}\n  template:\n    metadata: \
             {{labels: {{app: agent}}}}\n    spec: {{containers: [{{name: a, image: {image}}}]}}\n"
        )
    };
    for (ready, images) in [(true, vec!["old", "new"]), (false, vec!["new"])] {
        let mut world = World::new();
        world.apply(&set("old"));
        world.server.store_mut().pods.values_mut().for_each(|pod| pod.status.ready = ready);
        kubectl::apply(&mut world.server, &set("new"), &Options::default());
        // Nobody starts the new pod.
        while world.controllers.reconcile(&mut world.server) {}
        let pods = world.server.store().pods.values();
        let found: Vec<&str> =
            pods.map(|pod| pod.tree.list_at(&["spec", "containers"])[0].str_at(&["image"])).collect();
        assert_eq!(found, images, "the old pod is ready: {ready}");
    }
}
