//! ResourceQuota: what the objects of a namespace may use together (WL-ADM-Q rules). Runs last, on objects that are otherwise
//! accepted.
//!
//! DIFFERENCE: the use is that at each request, where a cluster's quota controller may lag behind.

use std::cell::RefCell;
use std::rc::Rc;

use manifest::Tree;
use manifest::sorted::{SortedMap, SortedSet};

use super::limit_ranger::{Amounts, List, amounts};
use crate::quantity::Quantity;
use crate::server::error::ApiError;
use crate::server::pods::pod_resource;
use crate::server::qos;
use crate::server::request::{Request, as_map, map_mut};
use crate::server::resources::Resource;
use crate::server::{Object, Server};
use crate::types::{Kind, Uid};

/// What quotas have counted: pods come in thousands, and each would count all the others anew.
#[derive(Clone, Debug, Default)]
pub(in crate::server) struct Uses(RefCell<SortedMap<Uid, List>>);

impl Uses {
    /// Anything may have changed.
    pub(in crate::server) fn forget(&mut self) {
        self.0.get_mut().clear();
    }
}

/// What an object does to the use of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum Change {
    Added,
    Removed,
}

/// Counts an object that was stored or removed; whether the use of the quota is another now.
pub(in crate::server) fn count(
    server: &Server,
    quota: &Object,
    resource: &Resource,
    tree: &Tree,
    change: Change,
) -> bool {
    let mut uses = server.quota_uses.0.borrow_mut();
    let Some(total) = uses.get_mut(&quota.meta.uid) else { return true };
    if !in_scope(quota, resource, tree) {
        return false;
    }
    let mut changed = false;
    for (name, amount) in usage(resource, tree) {
        if let Some(sum) = total.get_mut(&name) {
            changed = true;
            match change {
                Change::Added => add(sum, amount),
                Change::Removed => *sum -= amount,
            }
        }
    }
    changed
}

fn add(sum: &mut Quantity, amount: Quantity) {
    *sum = if sum.is_zero() { amount } else { *sum + amount };
}

/// Compute resources that every container must name once a quota limits them (WL-ADM-Q-2).
const MUST_BE_SET: [&str; 6] =
    ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

pub(super) fn validate(
    server: &Server,
    request: &Request,
    tree: &Tree,
    old: Option<&Tree>,
) -> Result<(), ApiError> {
    let is_pod = request.resource.store_kind() == Kind::Pod;
    if is_pod && old.is_some() {
        // What counts of a pod does not change.
        return Ok(());
    }
    let quotas: Vec<&Object> = server
        .objects_in("resourcequotas", &request.namespace)
        .filter(|quota| in_scope(quota, &request.resource, tree))
        .collect();
    // What is not said is missed in every quota, before any of them is found to be used up.
    for quota in quotas.iter().filter(|_| is_pod) {
        let missing = unset_resources(tree, &hard(quota));
        if !missing.is_empty() {
            let why = format!("failed quota: {}: must specify {missing}", quota.meta.name);
            return Err(ApiError::forbidden(&request.resource, &request.name, &why));
        }
    }
    for quota in quotas {
        let hard = hard(quota);
        let name = &quota.meta.name;
        // An object that comes into the scope counts as new.
        let before = old.filter(|old| in_scope(quota, &request.resource, old));
        let before = before.map(|old| usage(&request.resource, old)).unwrap_or_default();
        let mut requested = usage(&request.resource, tree);
        requested.retain(|resource, _| hard.contains_key(resource));
        for (resource, amount) in requested.iter_mut() {
            *amount -= before.get(resource).copied().unwrap_or_default();
        }
        requested.retain(|_, amount| !amount.is_zero() && !amount.is_negative());
        if requested.is_empty() {
            continue;
        }
        let used = used(server, quota);
        let get = |list: &List, resource: &str| list.get(resource).copied().unwrap_or_default();
        requested.retain(|resource, amount| get(&used, resource) + *amount > get(&hard, resource));
        if !requested.is_empty() {
            let pick =
                |list: &List| requested.keys().map(|key| (key.clone(), get(list, key))).collect::<List>();
            let (used, hard) = (print(&pick(&used)), print(&pick(&hard)));
            let why = format!(
                "exceeded quota: {name}, requested: {}, used: {used}, limited: {hard}",
                print(&requested)
            );
            return Err(ApiError::forbidden(&request.resource, &request.name, &why));
        }
    }
    Ok(())
}

fn hard(quota: &Object) -> List {
    amounts(quota.tree.at(&["spec", "hard"]))
}

/// The status of a ResourceQuota as its controller keeps it: `hard` and `used`.
pub(in crate::server) fn status(server: &Server, quota: &Object) -> Tree {
    let hard = hard(quota);
    let used = used(server, quota);
    let list = |list: &List| {
        let mut tree = Tree::map();
        for (name, amount) in list {
            as_map(&mut tree).insert(name.clone(), Tree::added(amount.to_string()));
        }
        tree
    };
    let mut status = Tree::map();
    as_map(&mut status).insert("hard", list(&hard));
    map_mut(&mut status, "used");
    as_map(&mut status).insert("used", list(&used));
    status
}

/// What the stored objects use of what the quota limits.
fn used(server: &Server, quota: &Object) -> List {
    if let Some(known) = server.quota_uses.0.borrow().get(&quota.meta.uid) {
        return known.clone();
    }
    let total = counted(server, quota);
    server.quota_uses.0.borrow_mut().insert(quota.meta.uid, total.clone());
    total
}

fn counted(server: &Server, quota: &Object) -> List {
    let mut total: List = hard(quota).keys().map(|name| (name.clone(), Quantity::default())).collect();
    let mut count = |usage: &List| {
        for (name, amount) in usage {
            if let Some(sum) = total.get_mut(name) {
                add(sum, *amount);
            }
        }
    };
    let namespace = &*quota.meta.namespace;
    // Replicas share their tree, so each tree is counted once.
    let mut known: SortedMap<*const Tree, Option<List>> = SortedMap::new();
    let pods = pod_resource();
    for pod in server.pods_in(namespace).filter(|pod| !pod.status.phase.is_terminal()) {
        let counted = known
            .entry(Rc::as_ptr(&pod.tree))
            .or_insert_with(|| in_scope(quota, &pods, &pod.tree).then(|| usage(&pods, &pod.tree)));
        if let Some(usage) = counted {
            count(usage);
        }
    }
    for object in server.store().objects.values().filter(|object| *object.meta.namespace == *namespace) {
        if let Some(resource) = server.resource(&object.api_version, &object.kind.to_string())
            && in_scope(quota, &resource, &object.tree)
        {
            count(&usage(&resource, &object.tree));
        }
    }
    total
}

/// What one object uses.
fn usage(resource: &Resource, tree: &Tree) -> List {
    let mut list = List::new();
    let one = Quantity::whole(1);
    list.insert(format!("count/{}", resource.group_resource()), one);
    match (&*resource.group, &*resource.plural) {
        ("", "pods") => {
            list.insert("pods".into(), one);
            pod_usage(tree, &mut list);
        }
        ("", "services") => {
            list.insert("services".into(), one);
            let ports = tree.list_at(&["spec", "ports"]);
            let given = |port: &&Tree| port.get("nodePort").and_then(Tree::as_i64).unwrap_or(0) != 0;
            let all =
                tree.at(&["spec", "allocateLoadBalancerNodePorts"]).and_then(Tree::as_bool) != Some(false);
            let ports_used = match tree.str_at(&["spec", "type"]) {
                "NodePort" => ports.len(),
                "LoadBalancer" if all => ports.len(),
                "LoadBalancer" => ports.iter().filter(given).count(),
                _ => 0,
            };
            let is_balancer = tree.str_at(&["spec", "type"]) == "LoadBalancer";
            list.insert("services.nodeports".into(), Quantity::whole(ports_used as i64));
            list.insert("services.loadbalancers".into(), Quantity::whole(i64::from(is_balancer)));
        }
        ("", "persistentvolumeclaims") => {
            list.insert("persistentvolumeclaims".into(), one);
            let storage = amounts(tree.at(&["spec", "resources", "requests"])).remove("storage");
            let storage = storage.unwrap_or_default();
            list.insert("requests.storage".into(), storage);
            let class = tree.str_at(&["spec", "storageClassName"]);
            if !class.is_empty() {
                list.insert(format!("{class}.storageclass.storage.k8s.io/requests.storage"), storage);
                list.insert(format!("{class}.storageclass.storage.k8s.io/persistentvolumeclaims"), one);
            }
        }
        ("", plural @ ("configmaps" | "secrets" | "replicationcontrollers" | "resourcequotas")) => {
            list.insert(plural.into(), one);
        }
        _ => {}
    }
    list
}

/// Requests count under their own name and as `requests.<name>`, extended resources as the latter only; limits of the native
/// resources count as `limits.<name>` (`pkg/quota/v1/evaluator/core/pods.go`).
fn pod_usage(pod: &Tree, list: &mut List) {
    let is_native = |name: &str| matches!(name, "cpu" | "memory" | "ephemeral-storage");
    let amounts = Amounts::of_pod_with_overhead(pod);
    for (name, amount) in amounts.requests {
        if is_native(&name) || name.starts_with("hugepages-") {
            list.insert(name.clone(), amount);
        }
        list.insert(format!("requests.{name}"), amount);
    }
    for (name, amount) in amounts.limits.into_iter().filter(|(name, _)| is_native(name)) {
        list.insert(format!("limits.{name}"), amount);
    }
}

/// `requests.cpu for: a,b; limits.cpu for: a`, empty when nothing is missing (WL-ADM-Q-2). A pod with resources of its own need
/// not name those of its containers.
fn unset_resources(pod: &Tree, hard: &List) -> String {
    let own =
        |list| pod.at(&["spec", "resources", list]).and_then(Tree::as_map).is_some_and(|map| !map.is_empty());
    if own("requests") || own("limits") {
        return String::new();
    }
    let required: SortedSet<&str> = MUST_BE_SET.into_iter().filter(|&name| hard.contains_key(name)).collect();
    let mut missing: SortedMap<&str, SortedSet<&str>> = SortedMap::new();
    for container in ["containers", "initContainers"].iter().flat_map(|list| pod.list_at(&["spec", list])) {
        for &resource in &required {
            let (list, name) = resource.split_once('.').unwrap_or(("requests", resource));
            if container.at(&["resources", list, name]).is_none() {
                missing.entry(resource).or_default().insert(container.str_at(&["name"]));
            }
        }
    }
    let part = |(resource, names): (&str, SortedSet<&str>)| {
        format!("{resource} for: {}", names.into_iter().collect::<Vec<_>>().join(","))
    };
    missing.into_iter().map(part).collect::<Vec<_>>().join("; ")
}

/// Whether the quota's scopes take the object. Scopes are for pods, and one for claims; a quota with scopes counts nothing else.
fn in_scope(quota: &Object, resource: &Resource, tree: &Tree) -> bool {
    let scopes = quota.tree.list_at(&["spec", "scopes"]).iter().filter_map(Tree::as_str);
    let selected = quota.tree.list_at(&["spec", "scopeSelector", "matchExpressions"]).iter();
    let kind = resource.store_kind();
    scopes.map(|scope| (scope, None)).chain(selected.map(|one| (one.str_at(&["scopeName"]), Some(one)))).all(
        |(scope, requirement)| {
            let has_deadline = tree.at(&["spec", "activeDeadlineSeconds"]).is_some();
            match (&kind, scope) {
                (Kind::Pod, "Terminating") => has_deadline,
                (Kind::Pod, "NotTerminating") => !has_deadline,
                (Kind::Pod, "BestEffort") => is_best_effort(tree),
                (Kind::Pod, "NotBestEffort") => !is_best_effort(tree),
                (Kind::Pod, "PriorityClass") => {
                    class_matches(requirement, &[tree.str_at(&["spec", "priorityClassName"])])
                }
                (Kind::Pod, "CrossNamespacePodAffinity") => looks_beyond_namespace(tree),
                (Kind::PersistentVolumeClaim, "VolumeAttributesClass") => {
                    let wanted = tree.str_at(&["spec", "volumeAttributesClassName"]);
                    let current = tree.str_at(&["status", "currentVolumeAttributesClassName"]);
                    let next =
                        tree.str_at(&["status", "modifyVolumeStatus", "targetVolumeAttributesClassName"]);
                    class_matches(requirement, &[wanted, current, next])
                }
                _ => false,
            }
        },
    )
}

/// Whether a term of pod affinity or anti-affinity, required or preferred, is about pods of namespaces that it names or selects.
fn looks_beyond_namespace(pod: &Tree) -> bool {
    ["podAffinity", "podAntiAffinity"].into_iter().any(|kind| {
        let terms = |list: &str| pod.list_at(&["spec", "affinity", kind, list]).iter();
        let required = terms("requiredDuringSchedulingIgnoredDuringExecution");
        let preferred = terms("preferredDuringSchedulingIgnoredDuringExecution");
        let mut terms = required.chain(preferred.filter_map(|weighted| weighted.get("podAffinityTerm")));
        terms.any(|term| !term.list_at(&["namespaces"]).is_empty() || term.get("namespaceSelector").is_some())
    })
}

fn is_best_effort(pod: &Tree) -> bool {
    qos::class(pod) == "BestEffort"
}

/// Whether one of the classes, empty ones aside, or their absence is what the scope selector wants. A scope that is only named
/// wants any.
fn class_matches(requirement: Option<&Tree>, classes: &[&str]) -> bool {
    let mut classes = classes.iter().copied().filter(|class| !class.is_empty()).peekable();
    let is_listed = |class| {
        let values = requirement.map_or(&[][..], |one| one.list_at(&["values"]));
        values.iter().any(|value| value.as_str() == Some(class))
    };
    match requirement.map_or("Exists", |one| one.str_at(&["operator"])) {
        "In" => classes.any(is_listed),
        "NotIn" => classes.peek().is_none() || classes.any(|class| !is_listed(class)),
        "Exists" => classes.peek().is_some(),
        "DoesNotExist" => classes.peek().is_none(),
        _ => false,
    }
}

fn print(list: &List) -> String {
    list.iter().map(|(name, amount)| format!("{name}={amount}")).collect::<Vec<_>>().join(",")
}
