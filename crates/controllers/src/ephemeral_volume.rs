//! The ephemeral volume controller: a claim for each `ephemeral` volume of a pod, which goes with the pod.

use std::rc::Rc;

use api::types::{Kind, OwnerRef, Pod, VolumeSource};
use manifest::{Map, Tree};

use crate::context::Context;

/// Makes the claims that are missing.
pub(crate) fn sync(ctx: &mut Context<'_>) {
    ctx.index.refresh(ctx.server.store());
    for uid in ctx.index.with_ephemeral_volumes(ctx.server.store()) {
        let Some(pod) = ctx.pod(uid) else { continue };
        let missing: Vec<Tree> = claims(pod)
            .filter(|claim| {
                let name = claim.str_at(&["metadata", "name"]);
                ctx.server.find_kind(&Kind::PersistentVolumeClaim, &pod.meta.namespace, name).is_none()
            })
            .collect();
        let owner = Rc::new(OwnerRef { kind: Kind::Pod, name: Rc::clone(&pod.meta.name), uid });
        for claim in missing {
            // One that is refused is tried again with the next change.
            ctx.changed |= ctx.server.create_owned(&owner, claim).is_ok();
        }
    }
}

/// The claims that a pod wants, as its volumes describe them.
fn claims(pod: &Pod) -> impl Iterator<Item = Tree> {
    let volumes = pod.tree.list_at(&["spec", "volumes"]).iter();
    volumes.filter_map(|volume| {
        let template = volume.at(&["ephemeral", "volumeClaimTemplate"])?;
        let name = format!("{}-{}", pod.meta.name, volume.str_at(&["name"]));
        let mut metadata = Map::default();
        metadata.insert("name", Tree::added(name));
        metadata.insert("namespace", Tree::added(&*pod.meta.namespace));
        for key in ["labels", "annotations"] {
            if let Some(map) = template.at(&["metadata", key]) {
                metadata.insert(key, map.clone());
            }
        }
        let mut claim = Map::default();
        claim.insert("apiVersion", Tree::added("v1"));
        claim.insert("kind", Tree::added("PersistentVolumeClaim"));
        claim.insert("metadata", Tree::added(metadata));
        claim.insert("spec", template.get("spec").cloned().unwrap_or_else(Tree::map));
        Some(Tree::added(claim))
    })
}

/// Whether a pod has such volumes.
pub(crate) fn has_any(pod: &Pod) -> bool {
    pod.spec.volumes.iter().any(|volume| volume.source == VolumeSource::Ephemeral)
}
