//! Queueing hints: whether an event may make a pod schedulable that a plugin turned down (SCH-RETRY-1).

use api::types::{Node, Pod, UnsatisfiableAction, VolumeSource};
use manifest::sorted::SortedSet;

use super::ClusterEvent;
use crate::listers::Listers;
use crate::plugins::inter_pod_affinity::terms::{PodTerms, Term};
use crate::plugins::{node_affinity, node_ports, taint_toleration, volume_restrictions};
use crate::resources::{PodRequests, ResourceNames};

/// Whether the event may help the pod past the plugin.
pub(super) fn helps(plugin: &str, event: ClusterEvent<'_>, pod: &Pod) -> bool {
    match plugin {
        "NodeUnschedulable" => node_became(event, |node| !node.unschedulable),
        "NodeName" => matches!(event, ClusterEvent::NodeAdded(_)),
        "TaintToleration" => node_became(event, |node| taint_toleration::tolerates_node(&pod.spec, node)),
        "NodeAffinity" => node_became(event, |node| node_affinity::matches(&pod.spec, node)),
        "NodePorts" => ports(event, pod),
        "NodeResourcesFit" => resources(event, pod),
        "VolumeRestrictions" => {
            storage(event) || matches!(event, ClusterEvent::PodDeleted(other) if shares_volume(pod, other))
        }
        "VolumeBinding" | "VolumeZone" => storage(event) || node_relabelled(event),
        "PodTopologySpread" => spread(event, pod),
        "InterPodAffinity" => affinity(event, pod),
        // A plugin without hints is interested in everything.
        _ => true,
    }
}

/// Whether the plugin's verdict may change because a pod was bound. Where it cannot, [`helps`] says no to every such event.
pub(super) fn await_pods(plugin: &str) -> bool {
    !matches!(
        plugin,
        "NodeUnschedulable"
            | "NodeName"
            | "TaintToleration"
            | "NodeAffinity"
            | "NodePorts"
            | "NodeResourcesFit"
            | "VolumeRestrictions"
            | "VolumeBinding"
            | "VolumeZone"
    )
}

/// A node that did not meet the condition, or did not exist, now meets it.
fn node_became(event: ClusterEvent<'_>, met: impl Fn(&Node) -> bool) -> bool {
    match event {
        ClusterEvent::NodeAdded(node) => met(node),
        ClusterEvent::NodeUpdated { old, new } => !met(old) && met(new),
        _ => false,
    }
}

fn node_relabelled(event: ClusterEvent<'_>) -> bool {
    match event {
        ClusterEvent::NodeAdded(_) => true,
        ClusterEvent::NodeUpdated { old, new } => old.meta.labels != new.meta.labels,
        _ => false,
    }
}

fn storage(event: ClusterEvent<'_>) -> bool {
    matches!(event, ClusterEvent::StorageChanged)
}

/// A pod that held one of the wanted ports is gone, or there is a new node.
fn ports(event: ClusterEvent<'_>, pod: &Pod) -> bool {
    match event {
        ClusterEvent::NodeAdded(_) => true,
        ClusterEvent::PodDeleted(other) => {
            let freed: SortedSet<_> = node_ports::wanted(&other.spec).into_iter().collect();
            node_ports::wanted(&pod.spec).iter().any(|port| node_ports::conflicts(port, &freed))
        }
        _ => false,
    }
}

/// A pod is gone, or a node could hold the pod if it were empty and could not before.
fn resources(event: ClusterEvent<'_>, pod: &Pod) -> bool {
    let (before, node) = match event {
        ClusterEvent::PodDeleted(_) => return true,
        ClusterEvent::PodUpdated { old, new } => {
            return old.spec != new.spec || new.status.phase.is_terminal();
        }
        ClusterEvent::NodeAdded(node) => (None, node),
        ClusterEvent::NodeUpdated { old, new } => (Some(old), new),
        _ => return false,
    };
    let mut names = ResourceNames::default();
    let wanted: Vec<_> = PodRequests::of(&pod.spec, &mut names).actual.positive().collect();
    let mut room = |node: &Node| {
        let pods = node.allocatable.get("pods").map_or(0, |quantity| quantity.value());
        (names.amounts(&node.allocatable), pods)
    };
    let (after, pods) = room(node);
    let grew = before.map(room).is_none_or(|(before, pods_before)| {
        pods > pods_before || wanted.iter().any(|&(id, _)| after.get(id) > before.get(id))
    });
    pods > 0 && wanted.iter().all(|&(id, amount)| amount <= after.get(id)) && grew
}

fn shares_volume(pod: &Pod, other: &Pod) -> bool {
    let shared = |left: &VolumeSource, right: &VolumeSource| {
        volume_restrictions::disks_conflict(left, right)
            || (matches!(left, VolumeSource::Claim(_)) && left == right)
    };
    let theirs = &other.spec.volumes;
    pod.spec.volumes.iter().any(|own| theirs.iter().any(|their| shared(&own.source, &their.source)))
}

/// A pod that some constraint counts came, went or changed, or a node with all topology keys did.
fn spread(event: ClusterEvent<'_>, pod: &Pod) -> bool {
    let hard = |constraint: &&api::types::TopologySpreadConstraint| {
        constraint.when_unsatisfiable == UnsatisfiableAction::DoNotSchedule
    };
    let constraints: Vec<_> = pod.spec.topology_spread.iter().filter(hard).collect();
    let counted = |other: &Pod| {
        other.meta.namespace == pod.meta.namespace
            && constraints.iter().any(|constraint| {
                constraint.selector.as_ref().is_some_and(|selector| selector.matches(&other.meta.labels))
            })
    };
    let domains = |node: &Node| -> Option<Vec<String>> {
        constraints.iter().map(|constraint| node.meta.labels.get(&constraint.topology_key).cloned()).collect()
    };
    match event {
        ClusterEvent::PodAdded(other) | ClusterEvent::PodDeleted(other) => counted(other),
        ClusterEvent::PodUpdated { old, new } => {
            (counted(old) != counted(new)) || (counted(new) && old.meta.deleting != new.meta.deleting)
        }
        ClusterEvent::NodeAdded(node) | ClusterEvent::NodeDeleted(node) => domains(node).is_some(),
        ClusterEvent::NodeUpdated { old, new } => domains(old) != domains(new) || old.taints != new.taints,
        _ => false,
    }
}

/// A pod that a term means came, went or changed; or a node got a topology key that a term names.
fn affinity(event: ClusterEvent<'_>, pod: &Pod) -> bool {
    // Namespaces selected by labels count as matching: an attempt too many does no harm.
    let listers = Listers::default();
    let means = |term: &Term, other: &Pod| {
        term.pods.namespace_selector.is_some()
            || term.pods.contains(&other.meta.namespace, &other.meta.labels, &listers)
    };
    let terms = PodTerms::of(&pod.spec, &pod.meta.namespace);
    let attracts =
        |other: &Pod| !terms.affinity.is_empty() && terms.affinity.iter().all(|term| means(term, other));
    let repels = |other: &Pod| {
        let theirs = PodTerms::of(&other.spec, &other.meta.namespace);
        terms.anti.iter().any(|term| means(term, other)) || theirs.anti.iter().any(|term| means(term, pod))
    };
    let keys = || terms.affinity.iter().chain(&terms.anti).map(|term| &*term.topology_key);
    match event {
        ClusterEvent::PodAdded(other) => attracts(other),
        ClusterEvent::PodDeleted(other) => repels(other) || attracts(other),
        ClusterEvent::PodUpdated { old, new } => {
            (!attracts(old) && attracts(new))
                || (repels(old) && !repels(new))
                || new.status.phase.is_terminal()
        }
        ClusterEvent::NodeAdded(node) => {
            terms.affinity.iter().all(|term| node.meta.labels.contains_key(&*term.topology_key))
        }
        ClusterEvent::NodeUpdated { old, new } => {
            // Terms of other pods may be what stands in the way; any relabelling may then help.
            let relabelled = old.meta.labels != new.meta.labels;
            relabelled
                && (keys().next().is_none()
                    || keys().any(|key| old.meta.labels.get(key) != new.meta.labels.get(key)))
        }
        ClusterEvent::NamespaceChanged => true,
        ClusterEvent::NodeDeleted(_) | ClusterEvent::StorageChanged => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{node, requests};
    use api::quantity::Quantity;
    use api::types::{ContainerPort, PodSpec, Taint, TaintEffect};
    use std::rc::Rc;

    fn check(plugin: &str, event: ClusterEvent<'_>, pod: &Pod, expected: bool) {
        assert_eq!(helps(plugin, event, pod), expected, "{plugin}: {event:?}");
    }

    fn port(host_port: u16) -> Pod {
        let mut container = requests(None, None);
        container.ports =
            vec![ContainerPort { host_port, container_port: host_port, ..ContainerPort::default() }];
        Pod { spec: Rc::new(PodSpec { containers: vec![container], ..PodSpec::default() }), ..Pod::default() }
    }

    #[test]
    fn nodes_that_fit_now() {
        let pod = Pod::default();
        let open = node("a");
        let cordoned = Node { unschedulable: true, ..open.clone() };
        let taint = Taint { key: "k".into(), value: String::new(), effect: TaintEffect::NoSchedule };
        let tainted = Node { taints: vec![taint], ..open.clone() };
        check("NodeUnschedulable", ClusterEvent::NodeUpdated { old: &cordoned, new: &open }, &pod, true);
        check("NodeUnschedulable", ClusterEvent::NodeUpdated { old: &open, new: &cordoned }, &pod, false);
        check("TaintToleration", ClusterEvent::NodeAdded(&tainted), &pod, false);
        check("TaintToleration", ClusterEvent::NodeUpdated { old: &tainted, new: &open }, &pod, true);
        check("NodeAffinity", ClusterEvent::PodDeleted(&pod), &pod, false);
    }

    #[test]
    fn a_bound_pod_helps_only_where_pods_are_awaited() {
        let pod = port(80);
        for plugin in ["NodeUnschedulable", "NodeName", "TaintToleration", "NodeAffinity", "NodePorts"]
            .into_iter()
            .chain(["NodeResourcesFit", "VolumeRestrictions", "VolumeBinding", "VolumeZone"])
        {
            assert!(!await_pods(plugin), "{plugin}");
            check(plugin, ClusterEvent::PodAdded(&pod), &pod, false);
        }
        for plugin in ["PodTopologySpread", "InterPodAffinity", "another"] {
            assert!(await_pods(plugin), "{plugin}");
        }
    }

    #[test]
    fn ports_and_resources() {
        let wants = port(80);
        check("NodePorts", ClusterEvent::PodDeleted(&port(80)), &wants, true);
        check("NodePorts", ClusterEvent::PodDeleted(&port(81)), &wants, false);
        let spec = PodSpec { containers: vec![requests(Some(2000), None)], ..PodSpec::default() };
        let large = Pod { spec: Rc::new(spec), ..Pod::default() };
        let sized = |cpu: i64| {
            let mut node = node("a");
            node.allocatable.insert("cpu".into(), Quantity::milli(cpu));
            node.allocatable.insert("pods".into(), Quantity::whole(110));
            node
        };
        check("NodeResourcesFit", ClusterEvent::NodeAdded(&sized(1000)), &large, false);
        check("NodeResourcesFit", ClusterEvent::NodeAdded(&sized(2000)), &large, true);
        check(
            "NodeResourcesFit",
            ClusterEvent::NodeUpdated { old: &sized(4000), new: &sized(2000) },
            &large,
            false,
        );
        check(
            "NodeResourcesFit",
            ClusterEvent::NodeUpdated { old: &sized(1000), new: &sized(2000) },
            &large,
            true,
        );
    }
}
