//! What an update may not change (UPD-1 to UPD-4), with the checks of creation where Kubernetes repeats them.

use manifest::Tree;

use super::autoscaling;
use super::body;
use super::cluster;
use super::codes;
use super::errors::{Errors, range_text};
use super::field::{Field, equal, same};
use super::go_json;
use super::ingress;
use super::job;
use super::meta;
use super::pod;
use super::pod_diff;
use super::profiles;
use super::resources;
use super::service;
use super::service_ip;
use super::tolerations;

/// The checks of an update of any kind.
pub(crate) fn update(errors: &mut Errors, kind: &str, new: &Field<'_>, old: &Field<'_>) {
    let (spec, old_spec) = (new.child("spec"), old.child("spec"));
    meta::object_meta_update(errors, &new.child("metadata"), &old.child("metadata"));
    match kind {
        "Pod" => pod_update(errors, new, old),
        "Deployment" | "ReplicaSet" | "DaemonSet" => {
            body(errors, kind, new);
            immutable_selector(errors, &spec, &old_spec);
        }
        "StatefulSet" => {
            body(errors, kind, new);
            stateful_set(errors, &spec, &old_spec);
        }
        "Job" => {
            job::job(errors, new);
            job_spec(errors, &spec, &old_spec);
        }
        "CronJob" => job::cron_job_spec(errors, &spec),
        "Service" => service_update(errors, new, old),
        "Ingress" => ingress::ingress_spec(errors, &spec),
        "IngressClass" => {
            let controller = spec.child("controller");
            meta::immutable(errors, &controller, &old_spec.child("controller"), &controller.quoted());
            body(errors, kind, new);
        }
        "RuntimeClass" => {
            body(errors, kind, new);
            let handler = new.child("handler");
            meta::immutable(errors, &handler, &old.child("handler"), &handler.quoted());
        }
        "HorizontalPodAutoscaler" => {
            let zero = old_spec.child("minReplicas").int() == Some(0);
            autoscaling::autoscaler(errors, &spec, i64::from(!zero));
        }
        "Node" => node(errors, new, old),
        "Namespace" => {}
        "ResourceQuota" => {
            body(errors, kind, new);
            let (scopes, before) = (spec.child("scopes"), old_spec.child("scopes"));
            let sorted = |field: &Field<'_>| {
                let mut list: Vec<String> = field.strings().into_iter().map(str::to_owned).collect();
                list.sort();
                list
            };
            if sorted(&scopes) != sorted(&before) {
                errors.invalid(&scopes, codes::IMMUTABLE, &scopes.json(), "field is immutable");
            }
        }
        "RoleBinding" | "ClusterRoleBinding" => {
            body(errors, kind, new);
            let role = new.child("roleRef");
            if !same(&role, &old.child("roleRef")) {
                let value = go_json::render(&role, go_json::ROLE_REF);
                errors.invalid(&role, codes::IMMUTABLE, &value, "cannot change roleRef");
            }
        }
        "PriorityClass" => {
            if new.child("value").number() != old.child("value").number() {
                errors.forbidden(&new.child("value"), "may not be changed in an update.");
                errors.coded(codes::IMMUTABLE);
            }
            let policy = new.child("preemptionPolicy");
            meta::immutable(errors, &policy, &old.child("preemptionPolicy"), &policy.json());
        }
        "StorageClass" => {
            body(errors, kind, new);
            storage_class(errors, new, old);
        }
        "PersistentVolumeClaim" => claim(errors, new, old),
        "PersistentVolume" => volume(errors, new, old),
        "ConfigMap" => {
            frozen(errors, new, old, &["data", "binaryData"]);
            body(errors, kind, new);
        }
        "Secret" => {
            let field = new.child("type");
            meta::immutable(errors, &field, &old.child("type"), &field.json());
            frozen(errors, new, old, &["data"]);
            body(errors, kind, new);
        }
        _ => body(errors, kind, new),
    }
}

/// UPD-2.
fn immutable_selector(errors: &mut Errors, spec: &Field<'_>, old: &Field<'_>) {
    let selector = spec.child("selector");
    meta::immutable(errors, &selector, &old.child("selector"), &go_json::label_selector(&selector));
}

/// Data of an object that was marked immutable.
fn frozen(errors: &mut Errors, new: &Field<'_>, old: &Field<'_>, data: &[&str]) {
    if !old.child("immutable").is_true() {
        return;
    }
    let detail = "field is immutable when `immutable` is set";
    if !new.child("immutable").is_true() {
        errors.forbidden(&new.child("immutable"), detail);
        errors.coded(codes::IMMUTABLE);
    }
    for name in data {
        let field = new.child(name);
        if !same(&field, &old.child(name)) {
            errors.forbidden(&field, detail);
            errors.coded(codes::IMMUTABLE);
        }
    }
}

/// The tree without some of its fields.
fn without(field: &Field<'_>, names: &[&str]) -> Tree {
    let mut tree = field.tree().cloned().unwrap_or_default();
    if let Some(map) = tree.as_map_mut() {
        for name in names {
            map.remove(name);
        }
    }
    tree
}

/// UPD-3.
fn stateful_set(errors: &mut Errors, spec: &Field<'_>, old: &Field<'_>) {
    let free = [
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    ];
    if !equal(Some(&without(spec, &free)), Some(&without(old, &free))) {
        let detail = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
        errors.forbidden(spec, detail);
        errors.coded(codes::IMMUTABLE);
    }
}

fn job_spec(errors: &mut Errors, spec: &Field<'_>, old: &Field<'_>) {
    let completions = spec.child("completions");
    if spec.child("completionMode").str() != "Indexed" {
        meta::immutable(errors, &completions, &old.child("completions"), &completions.json());
    } else if !same(&completions, &old.child("completions"))
        && completions.int().is_some_and(|count| count != spec.child("parallelism").number())
    {
        let detail = "can only be modified in tandem with spec.parallelism";
        errors.invalid(&completions, codes::IMMUTABLE, &completions.json(), detail);
    }
    immutable_selector(errors, spec, old);
    let (template, before) = (spec.child("template"), old.child("template"));
    if old.child("suspend").is_true() {
        suspended_pods(errors, &template.child("spec"), &before.child("spec"));
    } else if !same(&template, &before) {
        errors.invalid(&template, codes::IMMUTABLE, &pod_diff::template(&template), "field is immutable");
    }
    for (name, shape) in [
        ("completionMode", None),
        ("podFailurePolicy", Some(go_json::FAILURE_POLICY)),
        ("backoffLimitPerIndex", None),
        ("managedBy", None),
        ("successPolicy", Some(go_json::SUCCESS_POLICY)),
    ] {
        let field = spec.child(name);
        let shape = shape.filter(|_| field.exists());
        let value = shape.map_or_else(|| field.json(), |shape| go_json::render(&field, shape));
        meta::immutable(errors, &field, &old.child(name), &value);
    }
}

/// A suspended Job may be told where its pods run and what they use (`validatePodTemplateUpdate`). Here it has always come to a
/// stop.
fn suspended_pods(errors: &mut Errors, new: &Field<'_>, old: &Field<'_>) {
    let rest = |spec: &Field<'_>| {
        let mut rest = without(spec, &["nodeSelector", "tolerations", "schedulingGates", "affinity"]);
        for list in ["containers", "initContainers"] {
            let containers = rest.get_mut(list).and_then(Tree::as_list_mut);
            for container in containers.into_iter().flatten().filter_map(Tree::as_map_mut) {
                container.remove("resources");
            }
        }
        rest
    };
    let (affinity, before) = (new.child("affinity"), old.child("affinity"));
    let kept = equal(Some(&rest(new)), Some(&rest(old)))
        && ["podAffinity", "podAntiAffinity"]
            .iter()
            .all(|kind| same(&affinity.child(kind), &before.child(kind)));
    if !kept {
        errors.invalid(new, codes::IMMUTABLE, &pod_diff::spec(new), "field is immutable");
    }
}

/// UPD-4.
fn service_update(errors: &mut Errors, new: &Field<'_>, old: &Field<'_>) {
    let (spec, old_spec) = (new.child("spec"), old.child("spec"));
    let (kind, old_kind) = (spec.child("type"), old_spec.child("type"));
    if kind.str() != "ExternalName" && old_kind.str() != "ExternalName" {
        let headless = (service::is_headless(&old_spec), service::is_headless(&spec));
        if headless != (true, true) {
            changed_list(errors, &spec, &old_spec, "clusterIPs", "clusterIP");
        }
        if headless == (false, false) {
            changed_list(errors, &spec, &old_spec, "ipFamilies", "ipFamily");
        }
    }
    if kind.str() == "LoadBalancer" && old_kind.str() == "LoadBalancer" {
        let class = spec.child("loadBalancerClass");
        if !same(&class, &old_spec.child("loadBalancerClass")) {
            errors.invalid(&class, codes::IMMUTABLE, &class.json(), "may not change once set");
        }
    }
    service::load_balancer_class(errors, &spec, kind.str());
    if kind.str() == "LoadBalancer" && old_kind.str() == "LoadBalancer" {
        let local = |spec: &Field<'_>| spec.child("externalTrafficPolicy").str() == "Local";
        let health = spec.child("healthCheckNodePort");
        if local(&spec) && local(&old_spec) && !same(&health, &old_spec.child("healthCheckNodePort")) {
            errors.forbidden(&health, "field is immutable");
            errors.coded(codes::IMMUTABLE);
        }
    }
    body(errors, "Service", new);
}

fn changed_list(errors: &mut Errors, spec: &Field<'_>, old: &Field<'_>, name: &str, what: &str) {
    let (list, before) = (spec.child(name), old.child(name));
    let (now, was) = (list.strings(), before.strings());
    let first = if name == "clusterIPs" { service_ip::shown_first(spec) } else { list.index(0) };
    let compared = if now.len() == was.len() { was.len() } else { was.len().min(1) };
    for index in 0..compared.min(now.len()) {
        if now[index] != was[index] {
            let shown = if index == 0 || name == "ipFamilies" { first.clone() } else { list.index(index) };
            errors.invalid(&shown, codes::IMMUTABLE, &list.json(), "may not change once set");
        }
    }
    if now.is_empty() && !was.is_empty() {
        errors.invalid(&first, codes::IMMUTABLE, &list.json(), &format!("primary {what} can not be unset"));
    }
    let policy = spec.child("ipFamilyPolicy");
    if was.len() > now.len() && now.len() == 1 && policy.str() != "SingleStack" {
        let detail = format!("must be set to 'SingleStack' when releasing the secondary {what}");
        errors.invalid(&policy, codes::IP_FAMILY, &policy.json(), &detail);
    }
}

fn node(errors: &mut Errors, new: &Field<'_>, old: &Field<'_>) {
    cluster::node_resources(errors, new);
    let addresses = new.at("status.addresses").items();
    for (index, address) in addresses.iter().enumerate() {
        if addresses[..index].iter().any(|earlier| same(earlier, address)) {
            errors.duplicate(address, &go_json::render(address, go_json::NODE_ADDRESS), "");
        }
    }
    let (spec, old_spec) = (new.child("spec"), old.child("spec"));
    for (name, what) in [("podCIDRs", "podCIDR"), ("providerID", "providerID")] {
        let field = spec.child(name);
        if !old_spec.child(name).is_empty() && !same(&field, &old_spec.child(name)) {
            errors
                .forbidden(&field, &format!("node updates may not change {what} except from \"\" to valid"));
            errors.coded(codes::IMMUTABLE);
        }
    }
    tolerations::taints(errors, &spec.child("taints").shown_as(&new.child("metadata"), "taints"));
}

fn storage_class(errors: &mut Errors, new: &Field<'_>, old: &Field<'_>) {
    for name in ["parameters", "provisioner", "reclaimPolicy"] {
        let field = new.child(name);
        if !same(&field, &old.child(name)) {
            errors.forbidden(&field, &format!("updates to {name} are forbidden."));
            errors.coded(codes::IMMUTABLE);
        }
    }
    let mode = new.child("volumeBindingMode");
    meta::immutable(errors, &mode, &old.child("volumeBindingMode"), &mode.json());
}

fn claim(errors: &mut Errors, new: &Field<'_>, old: &Field<'_>) {
    body(errors, "PersistentVolumeClaim", new);
    let (spec, old_spec) = (new.child("spec"), old.child("spec"));
    let mut free = Vec::new();
    if old_spec.child("volumeName").str().is_empty() {
        free.push("volumeName");
    }
    if !old_spec.child("storageClassName").exists() {
        free.push("storageClassName");
    }
    if new.at("status.phase").str() == "Bound" {
        free.extend(["resources", "volumeAttributesClassName"]);
    }
    let mut munged = spec.tree().cloned().unwrap_or_default();
    for name in free {
        restore(&mut munged, &old_spec, name);
    }
    if !equal(Some(&munged), old_spec.tree()) {
        let rule = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
        let diff = pod_diff::shape_diff(&old_spec, &Field::root(&munged), go_json::CLAIM_SPEC);
        errors.forbidden(&spec, &format!("{rule}\n{diff}"));
        errors.coded(codes::IMMUTABLE);
    }
    let size = |object: &Field<'_>| resources::amount(&object.at("spec.resources.requests.storage"));
    if size(new) < size(old) {
        let shown = spec.at("resources.requests.storage");
        let capacity = resources::amount(&old.at("status.capacity.storage")).unwrap_or(resources::ZERO);
        if size(new).is_some_and(|size| size <= capacity) {
            errors.forbidden(&shown, "field can not be less than status.capacity");
        }
    }
    let mode = spec.child("volumeMode").with_path("volumeMode");
    meta::immutable(errors, &mode, &old_spec.child("volumeMode"), &mode.json());
}

fn volume(errors: &mut Errors, new: &Field<'_>, old: &Field<'_>) {
    body(errors, "PersistentVolume", new);
    let (spec, old_spec) = (new.child("spec"), old.child("spec"));
    let mut sources = spec.tree().cloned().unwrap_or_default();
    if old_spec.child("csi").exists()
        && !old_spec.child("csi").child(go_json::EXPAND_SECRET).exists()
        && let Some(csi) = sources.get_mut("csi").and_then(Tree::as_map_mut)
    {
        csi.remove(go_json::EXPAND_SECRET);
    }
    let sources = Field::root(&sources);
    let mut names = go_json::VOLUME_SOURCE.iter().map(|(_, name, _)| *name);
    if !names.all(|name| same(&sources.child(name), &old_spec.child(name))) {
        let diff = pod_diff::shape_diff(&old_spec, &sources, go_json::VOLUME_SOURCE);
        let detail = format!("spec.persistentvolumesource is immutable after creation\n{diff}");
        errors.forbidden(&spec.with_path("spec.persistentvolumesource"), &detail);
        errors.coded(codes::IMMUTABLE);
    }
    let mode = spec.child("volumeMode").with_path("volumeMode");
    meta::immutable(errors, &mode, &old_spec.child("volumeMode"), &mode.json());
    let affinity = spec.child("nodeAffinity").with_path("nodeAffinity");
    if old_spec.child("nodeAffinity").exists() && !same(&affinity, &old_spec.child("nodeAffinity")) {
        let value = go_json::render(&affinity, go_json::VOLUME_NODE_AFFINITY);
        let detail = "field is immutable, except for updating from beta label to GA";
        errors.invalid(&affinity, codes::IMMUTABLE, &value, detail);
    }
}

/// UPD-1.
fn pod_update(errors: &mut Errors, new: &Field<'_>, old: &Field<'_>) {
    pod::metadata_and_spec(errors, new);
    let path = "metadata.annotations";
    profiles::annotation_updates(errors, &new.at(path), &old.at(path));
    let (spec, old_spec) = (new.child("spec"), old.child("spec"));
    for name in ["containers", "initContainers"] {
        let list = spec.child(name);
        if list.len() != old_spec.child(name).len() {
            errors.forbidden(&list, "pod updates may not add or remove containers");
            errors.coded(codes::IMMUTABLE);
            return;
        }
    }
    let (deadline, before) = (spec.child("activeDeadlineSeconds"), old_spec.child("activeDeadlineSeconds"));
    match (deadline.int(), before.int()) {
        (Some(value), _) if !(0..=i64::from(i32::MAX)).contains(&value) => {
            let detail = range_text(0, i64::from(i32::MAX));
            errors.invalid(&deadline, codes::NUMBER_RANGE, &value.to_string(), &detail);
            return;
        }
        (Some(value), Some(before)) if before < value => {
            let detail = "must be less than or equal to previous value";
            errors.invalid(&deadline, codes::IMMUTABLE, &value.to_string(), detail);
            return;
        }
        (None, Some(_)) => {
            let detail = "must not update from a positive integer to nil value";
            errors.invalid(&deadline, codes::IMMUTABLE, "null", detail);
        }
        _ => {}
    }
    added_tolerations(errors, &spec, &old_spec);
    let gates = old_spec.child("schedulingGates");
    let known: Vec<&str> = gates.items().iter().map(|gate| gate.child("name").str()).collect();
    for gate in spec.child("schedulingGates").items() {
        let name = gate.child("name");
        if !known.contains(&name.str()) {
            let detail = format!("only deletion is allowed, but found new scheduling gate '{}'", name.str());
            errors.forbidden(&name, &detail);
        }
    }
    let munged = munged_spec(errors, &spec, &old_spec);
    if !equal(Some(&munged), old_spec.tree()) {
        let rule = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
        let diff = pod_diff::spec_diff(&old_spec, &Field::root(&munged));
        errors.forbidden(&spec, &format!("{rule}\n{diff}"));
        errors.coded(codes::IMMUTABLE);
    }
}

fn added_tolerations(errors: &mut Errors, spec: &Field<'_>, old: &Field<'_>) {
    let list = spec.child("tolerations");
    let bare = |toleration: &Field<'_>| without(toleration, &["tolerationSeconds"]);
    let now: Vec<Tree> = list.items().iter().map(bare).collect();
    let kept = old.child("tolerations").items().iter().all(|old| {
        let old = bare(old);
        now.iter().any(|now| equal(Some(now), Some(&old)))
    });
    if kept {
        tolerations::tolerations(errors, &list);
    } else {
        errors.forbidden(&list, "existing toleration can not be modified except its tolerationSeconds");
        errors.coded(codes::IMMUTABLE);
    }
}

/// The new spec with everything that may change taken from the old one.
fn munged_spec(errors: &mut Errors, spec: &Field<'_>, old: &Field<'_>) -> Tree {
    let mut munged = spec.tree().cloned().unwrap_or_default();
    for name in ["containers", "initContainers"] {
        let before = old.child(name).items();
        let Some(list) = munged.get_mut(name).and_then(Tree::as_list_mut) else { continue };
        for (container, before) in list.iter_mut().zip(&before) {
            restore(container, before, "image");
        }
    }
    for name in ["activeDeadlineSeconds", "schedulingGates", "tolerations"] {
        restore(&mut munged, old, name);
    }
    let grace = spec.child("terminationGracePeriodSeconds");
    if old.child("terminationGracePeriodSeconds").number() < 0 && grace.int() == Some(1) {
        restore(&mut munged, old, "terminationGracePeriodSeconds");
    }
    if !old.child("schedulingGates").is_empty() {
        let (selector, before) = (spec.child("nodeSelector"), old.child("nodeSelector"));
        if before.entries().iter().any(|(key, value)| !same(value, &selector.key(key))) {
            let detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
            errors.invalid(&selector, codes::IMMUTABLE, &selector.json(), detail);
        }
        restore(&mut munged, old, "nodeSelector");
        gated_affinity(errors, &mut munged, spec, old);
    }
    munged
}

/// The node affinity of a gated pod may only be narrowed.
fn gated_affinity(errors: &mut Errors, munged: &mut Tree, spec: &Field<'_>, old: &Field<'_>) {
    let path = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    let (terms, before) = (spec.at(path), old.at(path));
    if !before.is_empty() && before.len() != terms.len() {
        let detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
        let value = go_json::list(&terms, go_json::NODE_SELECTOR_TERM);
        errors.invalid(&terms, codes::IMMUTABLE, &value, detail);
    } else {
        for (term, before) in terms.items().iter().zip(before.items()) {
            let narrowed = ["matchExpressions", "matchFields"].iter().all(|list| {
                let (now, was) = (term.child(list).items(), before.child(list).items());
                was.len() <= now.len() && was.iter().zip(&now).all(|(was, now)| same(was, now))
            });
            let was_empty =
                ["matchExpressions", "matchFields"].iter().all(|list| before.child(list).is_empty());
            if !narrowed || (was_empty && !same(term, &before)) {
                let value = go_json::render(term, go_json::NODE_SELECTOR_TERM);
                let detail = "only additions are allowed (no mutations or deletions)";
                errors.invalid(term, codes::IMMUTABLE, &value, detail);
            }
        }
    }
    // An affinity left empty counts as none.
    if let Some(map) = munged.as_map_mut() {
        restore(map.or_insert_with("affinity", Tree::map), &old.child("affinity"), "nodeAffinity");
    }
}

/// Puts the old value of a field back.
fn restore(tree: &mut Tree, old: &Field<'_>, name: &str) {
    let Some(map) = tree.as_map_mut() else { return };
    match old.child(name).tree() {
        Some(value) => map.insert(name, value.clone()),
        None => {
            map.remove(name);
        }
    }
}
