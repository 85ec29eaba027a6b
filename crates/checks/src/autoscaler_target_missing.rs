//! A HorizontalPodAutoscaler whose target does not exist.

use api::types::Kind;

use crate::{Context, Findings, check};

check!(
    "autoscaler-target-missing", Warning,
    en: "HorizontalPodAutoscaler {0}: its target {1} does not exist",
    zh: "HorizontalPodAutoscaler {0}：其目标 {1} 不存在",
);

/// The target is an object of the autoscaler's own namespace.
fn run(context: &Context, findings: &mut Findings) {
    for object in context.objects_of("HorizontalPodAutoscaler") {
        let Some(target) = object.tree.at(&["spec", "scaleTargetRef"]) else { continue };
        let (kind, name) = (target.str_at(&["kind"]), target.str_at(&["name"]));
        let known = match kind {
            "Deployment" => Kind::Deployment,
            "StatefulSet" => Kind::StatefulSet,
            "ReplicaSet" => Kind::ReplicaSet,
            "ReplicationController" => Kind::ReplicationController,
            // Custom resources can be scaled too; whether they exist is not known here.
            _ => continue,
        };
        if context.object(&known, &object.meta.namespace, name).is_none() {
            let span = target.get("name").unwrap_or(target).span;
            findings.add(
                span,
                [format!("{}/{}", object.meta.namespace, object.meta.name), format!("{kind} {name}")],
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check;

    #[test]
    fn the_target_must_exist() {
        let scaler = "kind: HorizontalPodAutoscaler\napiVersion: autoscaling/v2\nmetadata: {name: a}\nspec:\n  maxReplicas: 3\n  scaleTargetRef: {kind: Deployment, apiVersion: apps/v1, name: web}\n";
        check(scaler, &["autoscaler-target-missing at web"]);
        let target = "---\nkind: Deployment\napiVersion: apps/v1\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: a}}\n  template:\n    metadata: {labels: {app: a}}\n    spec: {containers: [{name: c, image: nginx}]}\n";
        check(&format!("{scaler}{target}"), &[]);
    }
}
