//! Nodes, Namespaces, PriorityClasses and RuntimeClasses (VAL-NS, VAL-NODE, VAL-PC).

use super::codes;
use super::errors::Errors;
use super::field::{Field, quote};
use super::ip;
use super::meta;
use super::names::{self, NameRule};
use super::pod;
use super::resources;
use super::tolerations;

/// A Node: taints are reported below `metadata`, amounts of `status` without brackets.
pub(crate) fn node(errors: &mut Errors, node: &Field<'_>) {
    let spec = node.child("spec");
    tolerations::taints(errors, &spec.child("taints").shown_as(&node.child("metadata"), "taints"));
    node_resources(errors, node);
    let cidrs = spec.child("podCIDRs");
    for cidr in cidrs.items() {
        ip::strict_cidr(errors, &cidr, cidr.str());
    }
    let families: Vec<bool> = cidrs.strings().iter().map(|cidr| cidr.contains(':')).collect();
    if families.len() > 1 && (families.len() > 2 || families[0] == families[1]) {
        let detail = "may specify no more than one CIDR for each IP family";
        errors.invalid(&cidrs, codes::IP_FAMILY, &cidrs.json(), detail);
    }
    let items = cidrs.items();
    for (index, cidr) in items.iter().enumerate() {
        if items[..index].iter().any(|earlier| earlier.str() == cidr.str()) {
            errors.duplicate(cidr, &cidr.quoted(), "");
        }
    }
}

/// VAL-NODE-2.
pub(crate) fn node_resources(errors: &mut Errors, node: &Field<'_>) {
    for list in ["capacity", "allocatable"] {
        let list = node.at("status").child(list);
        for (name, amount) in list.entries() {
            resources::resource_amount(errors, &amount.shown_as(&list, name), name);
        }
    }
}

/// `spec.finalizers` of a Namespace, reported at the list.
pub(crate) fn namespace(errors: &mut Errors, namespace: &Field<'_>) {
    let finalizers = namespace.at("spec.finalizers");
    for finalizer in finalizers.items() {
        let shown = finalizer.with_path(finalizers.path());
        errors.invalid_text(&shown, codes::FORMAT, names::qualified_name(finalizer.str()));
        meta::kubernetes_finalizer(errors, &shown);
    }
}

/// The highest value of a PriorityClass that is not the system's.
const HIGHEST_USER_PRIORITY: i64 = 1_000_000_000;

const SYSTEM_CLASSES: &[(&str, i64)] =
    &[("system-node-critical", 2_000_001_000), ("system-cluster-critical", 2_000_000_000)];

/// VAL-PC-1.
pub(crate) fn priority_class(errors: &mut Errors, class: &Field<'_>) {
    let (name, value) = (class.at("metadata.name"), class.child("value"));
    if name.str().starts_with("system-") {
        let known = SYSTEM_CLASSES.iter().find(|(known, _)| *known == name.str());
        let problem = match known {
            None => format!("{} is not a known system priority class", name.str()),
            Some((name, expected)) if value.number() != *expected => {
                format!("value of {name} PriorityClass must be {expected}")
            }
            Some((name, _)) if class.child("globalDefault").is_true() => {
                format!("globalDefault of {name} PriorityClass must be false")
            }
            Some(_) => String::new(),
        };
        if !problem.is_empty() {
            let rule = "priority class names with 'system-' prefix are reserved for system use only. error: ";
            errors.forbidden(&name, &format!("{rule}{problem}"));
            errors.coded(codes::PRIORITY);
        }
    } else if value.number() > HIGHEST_USER_PRIORITY {
        let detail = format!("maximum allowed value of a user defined priority is {HIGHEST_USER_PRIORITY}");
        errors.forbidden(&value, &detail);
        errors.coded(codes::PRIORITY);
    }
    pod::preemption_policy(errors, &class.child("preemptionPolicy"));
}

/// A RuntimeClass.
pub(crate) fn runtime_class(errors: &mut Errors, class: &Field<'_>) {
    meta::required_name(errors, &class.child("handler"), NameRule::Label);
    let overhead = class.child("overhead");
    if overhead.exists() {
        pod::overhead(errors, &overhead.child("podFixed").with_path(overhead.path()));
    }
    let scheduling = class.child("scheduling");
    meta::labels(errors, &scheduling.child("nodeSelector"));
    let list = scheduling.child("tolerations");
    tolerations::tolerations(errors, &list);
    let items = list.items();
    for (index, item) in items.iter().enumerate() {
        if items[..index].iter().any(|earlier| super::field::same(earlier, item)) {
            errors.duplicate(item, &quote(&item.json()), "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn networks_of_a_node_differ() {
        check(
            "{apiVersion: v1, kind: Node, metadata: {name: one}, spec: {podCIDRs: [10.0.0.0/24, 10.0.0.0/24]}}",
            &[
                "spec.podCIDRs: Invalid value: [\"10.0.0.0/24\",\"10.0.0.0/24\"]: may specify no more than one CIDR for each IP family",
                "spec.podCIDRs[1]: Duplicate value: \"10.0.0.0/24\"",
            ],
        );
    }
}
