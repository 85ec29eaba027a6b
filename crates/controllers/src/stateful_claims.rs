//! The claims of a StatefulSet's pods: made before the pod, and kept or deleted as `persistentVolumeClaimRetentionPolicy` says
//! (`pkg/controller/statefulset/stateful_pod_control.go`).

use std::rc::Rc;

use api::types::{ClaimRetention, Kind, OwnerRef, StatefulSet, Uid};
use manifest::Tree;

use crate::context::Context;
use crate::stateful_set::owner;

/// Where the ordinal of a pod lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Among those that the set wants.
    Wanted,
    /// Outside: the pod goes.
    Beyond,
}

/// Makes the claims of a pod that are missing (WL-SS-4). The refusals, as one message.
pub(crate) fn create(ctx: &mut Context<'_>, set: &StatefulSet, pod: &str) -> Result<(), String> {
    let mut errors = Vec::new();
    for template in &set.volume_claim_templates {
        let name = name_of(template, pod);
        if find(ctx, set, &name).is_some() {
            continue;
        }
        let tree = claim(ctx, set, template, &name);
        match ctx.server.create(tree) {
            Ok(_) => {
                ctx.changed = true;
                let message =
                    || format!("Create Claim {name} Pod {pod} in StatefulSet {} success", set.meta.name);
                let about = (&Kind::StatefulSet, &set.meta);
                ctx.events.normal(about, owner(set).controller, "SuccessfulCreate", message);
            }
            Err(error) => errors.push(format!("Failed to create PVC {name}: {}", error.message)),
        }
    }
    match &errors[..] {
        [] => Ok(()),
        [error] => Err(error.clone()),
        _ => Err(format!("[{}]", errors.join(", "))),
    }
}

/// Name of the claim that a pod has of a template.
pub(crate) fn name_of(template: &Tree, pod: &str) -> String {
    format!("{}-{pod}", template.str_at(&["metadata", "name"]))
}

fn find(ctx: &Context<'_>, set: &StatefulSet, claim: &str) -> Option<Uid> {
    ctx.server.find_kind(&Kind::PersistentVolumeClaim, &set.meta.namespace, claim)
}

/// The claim as the template says, with the labels that the set's selector asks for.
fn claim(ctx: &Context<'_>, set: &StatefulSet, template: &Tree, name: &str) -> Tree {
    let mut tree = Tree::clone(template);
    let Some(fields) = tree.as_map_mut() else { return tree };
    fields.insert("apiVersion", Tree::added("v1"));
    fields.insert("kind", Tree::added("PersistentVolumeClaim"));
    fields.remove("status");
    let Some(metadata) = fields.or_insert_with("metadata", Tree::map).as_map_mut() else { return tree };
    metadata.insert("name", Tree::added(name));
    metadata.insert("namespace", Tree::added(&*set.meta.namespace));
    let stored = ctx.store().objects.get(&set.meta.uid);
    let selected = stored.and_then(|set| set.tree.at(&["spec", "selector", "matchLabels"])?.as_map());
    if let (Some(selected), Some(labels)) =
        (selected, metadata.or_insert_with("labels", Tree::map).as_map_mut())
    {
        selected.iter().for_each(|label| labels.insert_entry(label.clone()));
    }
    tree
}

/// Lets the claims of a pod follow the pod or the set when it is deleted, as the policy says. A claim that belongs to somebody
/// else stays theirs.
pub(crate) fn retain(ctx: &mut Context<'_>, set: &StatefulSet, pod: Uid, place: Place) {
    let Some(name) = ctx.pod(pod).map(|pod| Rc::clone(&pod.meta.name)) else { return };
    let wanted = match (place, set.when_scaled, set.when_deleted) {
        (Place::Beyond, ClaimRetention::Delete, _) => {
            Some(Rc::new(OwnerRef { kind: Kind::Pod, name: Rc::clone(&name), uid: pod }))
        }
        (_, _, ClaimRetention::Delete) => Some(owner(set).reference()),
        _ => None,
    };
    for template in &set.volume_claim_templates {
        let found = find(ctx, set, &name_of(template, &name));
        let Some(claim) = found.and_then(|uid| ctx.server.meta(uid)) else { continue };
        let (uid, current) = (claim.uid, claim.owner.as_ref().map(|owner| owner.uid));
        let ours = current.is_none_or(|owner| owner == set.meta.uid || owner == pod);
        if ours && current != wanted.as_ref().map(|owner| owner.uid) {
            ctx.server.set_owner(uid, wanted.clone());
            ctx.changed = true;
        }
    }
}
