//! What belongs to a workload: orphans that its selector matches are adopted, what no longer matches is released (WL-RS-2).

use std::rc::Rc;

use api::labels::Selector;
use api::types::{Deployment, Pod, ReplicaSet, Uid};

use crate::context::{Context, Owner};

/// Neither finished nor on its way out.
pub(crate) fn is_active(pod: &Pod) -> bool {
    !pod.status.phase.is_terminal() && !pod.meta.deleting
}

/// The pods of a workload, in order of creation but for those adopted just now. Of the orphans only those that are `wanted`
/// are adopted.
pub(crate) fn pods(
    ctx: &mut Context<'_>,
    owner: Owner<'_>,
    selector: &Selector,
    wanted: impl Fn(&Pod) -> bool,
) -> Vec<Uid> {
    let uid = owner.meta.uid;
    let mut pods = ctx.pods_of(uid);
    let store = ctx.server.store();
    let (kept, strangers): (Vec<Uid>, Vec<Uid>) =
        pods.drain(..).partition(|pod| selector.matches(&store.pods[pod].meta.labels));
    let is_wanted = |pod: &Pod| {
        pod.meta.namespace == owner.meta.namespace
            && !pod.meta.deleting
            && !owner.meta.deleting
            && selector.matches(&pod.meta.labels)
            && wanted(pod)
    };
    let orphans = ctx.index.orphans(store).iter().copied();
    let adopted: Vec<Uid> = orphans.filter(|orphan| is_wanted(&store.pods[orphan])).collect();
    for pod in strangers {
        set_owner(ctx, pod, None);
        ctx.index.released(pod, uid);
    }
    pods = kept;
    for pod in adopted {
        set_owner(ctx, pod, Some(owner));
        ctx.index.adopted(pod, uid);
        pods.push(pod);
    }
    pods
}

fn set_owner(ctx: &mut Context<'_>, pod: Uid, owner: Option<Owner<'_>>) {
    if let Some(pod) = ctx.server.pod_mut(pod) {
        pod.meta.owner = owner.map(|owner| owner.reference());
        ctx.changed = true;
    }
    // Its new owner has to know as well as the old one.
    ctx.server.pod_mut(pod);
}

/// Adopts the ReplicaSets without an owner that a Deployment's selector matches. Those adopted, as they are now.
pub(crate) fn orphaned_sets(
    ctx: &mut Context<'_>,
    owner: Owner<'_>,
    deployment: &Deployment,
) -> Vec<Rc<ReplicaSet>> {
    let is_wanted = |set: &&Rc<ReplicaSet>| {
        set.meta.owner.is_none()
            && set.meta.namespace == deployment.meta.namespace
            && !set.meta.deleting
            && !deployment.meta.deleting
            && deployment.selector.matches(&set.meta.labels)
    };
    let orphans: Vec<Uid> = ctx.store().replica_sets().filter(is_wanted).map(|set| set.meta.uid).collect();
    for &set in &orphans {
        ctx.server.set_owner(set, Some(owner.reference()));
        ctx.changed = true;
    }
    ctx.store().replica_sets().filter(|set| orphans.contains(&set.meta.uid)).cloned().collect()
}
