//! Commands that change the cluster.

use super::{SHOP, act, input};
use crate::input::Action;
use crate::kubectl::{KubectlAnswer, kubectl};

#[test]
fn commands_that_change_the_cluster_are_actions() {
    let delete = |kind: &str, name: &str| Action::Delete(kind.into(), "shop".into(), name.into());
    act(
        "delete pod front -n shop",
        &[delete("Pod", "front")],
        &["pod \"front\" deleted from shop namespace"],
    );
    act(
        "delete pods -l app=db -n shop",
        &[delete("Pod", "db-0"), delete("Pod", "db-1")],
        &["pod \"db-0\" deleted from shop namespace", "pod \"db-1\" deleted from shop namespace"],
    );
    act(
        "delete shops corner -n shop",
        &[delete("Shop", "corner")],
        &["shop.example.com \"corner\" deleted from shop namespace"],
    );
    act("delete node node-2", &[Action::RemoveNode("node-2".into())], &["node \"node-2\" deleted"]);
    act(
        "scale --replicas=3 statefulset/db -n shop",
        &[Action::Scale("StatefulSet".into(), "shop".into(), "db".into(), 3)],
        &["statefulset.apps/db scaled"],
    );
    act(
        "rollout restart sts db -n shop",
        &[Action::RolloutRestart("StatefulSet".into(), "shop".into(), "db".into())],
        &["statefulset.apps/db restarted"],
    );
    act("cordon node-2", &[Action::Cordon("node-2".into())], &["node/node-2 cordoned"]);
    act("uncordon node/node-2", &[Action::Uncordon("node-2".into())], &["node/node-2 already uncordoned"]);
    act(
        "create job now --from=cronjob/nightly -n shop",
        &[Action::RunCronJob("shop".into(), "nightly".into(), "now".into())],
        &["job.batch/now created"],
    );
}

#[test]
fn drain_asks_for_its_flags() {
    let answer = kubectl(&input(SHOP, &[]), "drain node-2");
    let KubectlAnswer::Acts { actions, output } = answer else { panic!("{answer:?}") };
    assert_eq!((actions, output.exit), (vec![Action::Cordon("node-2".into())], 1));
    assert_eq!(
        output.stderr,
        [
            "error: unable to drain node \"node-2\" due to error: cannot delete Pods with local storage (use --delete-emptydir-data \
             to override): shop/db-1, continuing command...",
            "There are pending nodes to be drained:",
            " node-2",
            "error: cannot delete Pods with local storage (use --delete-emptydir-data to override): shop/db-1",
        ]
    );
    let answer = kubectl(&input(SHOP, &[]), "drain node-2 --delete-emptydir-data");
    let KubectlAnswer::Acts { actions, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(actions, [Action::Drain("node-2".into())]);
}

#[test]
fn what_has_happened_is_seen() {
    let scaled = Action::Scale("StatefulSet".into(), "shop".into(), "db".into(), 1);
    let lost = Action::LoseNode("node-1".into());
    let input = input(SHOP, &[scaled, lost]);
    let lines = |line: &str| {
        let (KubectlAnswer::Printed(output) | KubectlAnswer::Acts { output, .. }) = kubectl(&input, line);
        output.stdout
    };
    // A lost node's kubelet said last that its containers are ready. The pod tolerates that for good.
    assert_eq!(lines("get pods -n shop --no-headers")[0], "db-0    1/1   Running   0     0s");
    assert_eq!(lines("get nodes --no-headers")[0], "node-1   NotReady   control-plane   0s    v1.36.2");
    assert_eq!(lines("apply -f manifest.yaml")[2], "statefulset.apps/db configured");
}
