//! Pods and pod templates (VAL-POD); the order of the checks is that of VAL-POD-1.

use super::affinity;
use super::codes;
use super::container::{self, PodContext};
use super::env;
use super::errors::Errors;
use super::field::Field;
use super::ip;
use super::meta;
use super::names::{self, NameRule};
use super::pod_os;
use super::ports::{self, Owner};
use super::profiles;
use super::resources::{self, Level};
use super::security;
use super::spread;
use super::tolerations;
use super::volumes;

/// A Pod on creation.
pub(crate) fn pod(errors: &mut Errors, pod: &Field<'_>) {
    metadata_and_spec(errors, pod);
    let spec = pod.child("spec");
    let ephemeral = spec.child("ephemeralContainers");
    if !ephemeral.is_empty() {
        errors.forbidden(&ephemeral, "cannot be set on create");
    }
    let node = spec.child("nodeName");
    if !node.str().is_empty() && !spec.child("schedulingGates").is_empty() {
        errors.forbidden(&node, "cannot be set until all schedulingGates have been cleared");
    }
    profiles::match_fields(errors, &pod.at("metadata.annotations"), &spec);
}

/// What creation and update of a Pod check alike.
pub(crate) fn metadata_and_spec(errors: &mut Errors, pod: &Field<'_>) {
    let (metadata, spec) = (pod.child("metadata"), pod.child("spec"));
    meta::object_meta(errors, &metadata, NameRule::Subdomain);
    annotations(errors, &metadata.child("annotations"), &spec);
    pod_spec(errors, &spec, Owner::Pod, metadata.child("name").str());
    if spec.child("serviceAccountName").str().is_empty() {
        for volume in spec.child("volumes").items() {
            for source in volume.at("projected.sources").items() {
                let detail = "must not be specified when serviceAccountName is not set";
                errors.forbid(&source.child("serviceAccountToken"), detail);
            }
        }
    }
    for list in ["containers", "initContainers"] {
        for container in spec.child(list).items() {
            container::image_spaces(errors, &container);
        }
    }
}

/// A pod template (VAL-TMPL-1): its labels and annotations are reported without `metadata`.
pub(crate) fn template(errors: &mut Errors, template: &Field<'_>) {
    let metadata = template.child("metadata");
    let (labels, notes) = (metadata.child("labels"), metadata.child("annotations"));
    let notes = notes.shown_as(template, "annotations");
    let spec = template.child("spec");
    meta::labels(errors, &labels.shown_as(template, "labels"));
    meta::annotations(errors, &notes);
    annotations(errors, &notes, &spec);
    pod_spec(errors, &spec, Owner::Template, "");
    profiles::match_fields(errors, &notes, &spec);
    let ephemeral = spec.child("ephemeralContainers");
    if !ephemeral.is_empty() {
        errors.forbidden(&ephemeral, "ephemeral containers not allowed in pod template");
    }
}

/// Annotations that mean something to pods.
pub(crate) fn annotations(errors: &mut Errors, annotations: &Field<'_>, spec: &Field<'_>) {
    let mirror = annotations.key("kubernetes.io/config.mirror");
    if mirror.exists() && spec.child("nodeName").str().is_empty() {
        let detail = "must set spec.nodeName if mirror pod annotation is set";
        errors.invalid(&mirror, codes::CONFLICT, &mirror.quoted(), detail);
    }
    let cost = annotations.key("controller.kubernetes.io/pod-deletion-cost");
    let padded = cost.str().starts_with('+') || (cost.str().starts_with('0') && cost.str() != "0");
    if cost.exists() && (padded || cost.str().parse::<i32>().is_err()) {
        errors.invalid(&cost, codes::FORMAT, &cost.quoted(), "must be a 32bit integer");
    }
    profiles::annotations(errors, annotations, spec);
}

fn pod_spec(errors: &mut Errors, spec: &Field<'_>, owner: Owner, pod_name: &str) {
    let grace = spec.child("terminationGracePeriodSeconds");
    if !grace.exists() {
        errors.required(&grace, "");
    }
    let claims = spec.child("resourceClaims");
    let context = PodContext {
        volumes: volumes::volumes(errors, &spec.child("volumes"), pod_name),
        claims: claims
            .items()
            .iter()
            .map(|claim| claim.child("name").str())
            .filter(|name| !name.is_empty())
            .collect(),
        grace: grace.int(),
        restart_policy: spec.child("restartPolicy").str(),
        host_users: spec.child("hostUsers").bool() != Some(false),
    };
    pod_os::resource_claims(errors, &claims);
    let list = spec.child("containers");
    container::containers(errors, &list, &context);
    container::init_containers(errors, &spec.child("initContainers"), &list, &context);
    container::ephemeral_containers(errors, spec, &context);
    resources::pod_resources(errors, spec, &context.claims);
    ports::host_network_ports(errors, spec, owner);
    errors.required_one_of(&spec.child("restartPolicy"), &["Always", "OnFailure", "Never"]);
    errors.required_one_of(
        &spec.child("dnsPolicy"),
        &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
    );
    meta::labels(errors, &spec.child("nodeSelector"));
    security::pod(errors, spec);
    affinity::affinity(errors, &spec.child("affinity"));
    dns_config(errors, spec);
    for gate in spec.child("readinessGates").items() {
        let kind = gate.child("conditionType");
        errors.invalid_text(&kind, codes::LABEL_KEY, names::qualified_name(kind.str()));
    }
    scheduling_gates(errors, &spec.child("schedulingGates"));
    spread::constraints(errors, &spec.child("topologySpreadConstraints"));
    pod_os::host_process(errors, spec);
    security::host_users(errors, spec);
    hostname_override(errors, spec);
    meta::name_if_set(errors, &spec.child("serviceAccountName"), NameRule::Subdomain);
    meta::name_if_set(errors, &spec.child("nodeName"), NameRule::Subdomain);
    errors.within(&spec.child("activeDeadlineSeconds"), 1, i64::from(i32::MAX));
    meta::name_if_set(errors, &spec.child("hostname"), NameRule::Label);
    meta::name_if_set(errors, &spec.child("subdomain"), NameRule::Label);
    tolerations::tolerations(errors, &spec.child("tolerations"));
    host_aliases(errors, &spec.child("hostAliases"));
    meta::name_if_set(errors, &spec.child("priorityClassName"), NameRule::Subdomain);
    let runtime_class = spec.child("runtimeClassName");
    if runtime_class.exists() {
        meta::name(errors, &runtime_class, NameRule::Subdomain);
    }
    preemption_policy(errors, &spec.child("preemptionPolicy"));
    overhead(errors, &spec.child("overhead"));
    pod_os::operating_system(errors, spec);
    env::file_key_volumes(errors, spec);
}

/// `PreemptLowerPriority` or `Never`, when set.
pub(crate) fn preemption_policy(errors: &mut Errors, policy: &Field<'_>) {
    if policy.exists() {
        errors.required_one_of(policy, &["PreemptLowerPriority", "Never"]);
    }
}

/// Overhead is checked as limits are, down to the path.
pub(crate) fn overhead(errors: &mut Errors, overhead: &Field<'_>) {
    if let Some(tree) = overhead.tree() {
        let mut limits = manifest::Tree::map();
        limits.span = tree.span;
        if let Some(map) = limits.as_map_mut() {
            map.insert("limits", tree.clone());
        }
        let mut found = Errors::default();
        resources::requirements(
            &mut found,
            &Field::root(&limits).with_path(overhead.path()),
            Level::Container,
            &[],
        );
        errors.extend(found);
    }
}

/// VAL-POD-4.
fn dns_config(errors: &mut Errors, spec: &Field<'_>) {
    let config = spec.child("dnsConfig");
    let servers = config.child("nameservers");
    if spec.child("dnsPolicy").str() == "None" {
        if !config.exists() {
            errors.required(&config, "must provide `dnsConfig` when `dnsPolicy` is None");
            return;
        }
        if servers.is_empty() {
            errors.required(&servers, "must provide at least one DNS nameserver when `dnsPolicy` is None");
            return;
        }
    }
    if servers.len() > 3 {
        errors.invalid(&servers, codes::TOO_MANY, &servers.json(), "must not have more than 3 nameservers");
    }
    for server in servers.items() {
        ip::strict_ip(errors, &server);
    }
    let searches = config.child("searches");
    if searches.len() > 32 {
        errors.invalid(
            &searches,
            codes::TOO_MANY,
            &searches.json(),
            "must not have more than 32 search paths",
        );
    }
    if searches.strings().join(" ").len() > 2048 {
        let detail = "must not have more than 2048 characters (including spaces) in the search list";
        errors.invalid(&searches, codes::TOO_LONG, &searches.json(), detail);
    }
    for search in searches.items().iter().filter(|search| search.str() != ".") {
        let name = search.str().strip_suffix('.').unwrap_or(search.str());
        errors.invalid_each(search, codes::NAME_FORMAT, name, names::dns_subdomain_with_underscore(name));
    }
    for option in config.child("options").items() {
        if option.child("name").str().is_empty() {
            errors.required(&option, "must not be empty");
        }
    }
}

/// VAL-POD-8.
fn scheduling_gates(errors: &mut Errors, gates: &Field<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    for gate in gates.items() {
        let name = gate.child("name");
        let shown = name.with_path(gate.path());
        errors.invalid_text(&shown, codes::LABEL_KEY, names::qualified_name(name.str()));
        if seen.contains(&name.str()) {
            errors.duplicate(&shown, &name.quoted(), "");
        }
        seen.push(name.str());
    }
}

/// VAL-HOST-1.
fn hostname_override(errors: &mut Errors, spec: &Field<'_>) {
    let field = spec.child("hostnameOverride");
    if !field.exists() {
        return;
    }
    if spec.child("setHostnameAsFQDN").is_true() {
        errors.forbidden(&field, "may not be specified when setHostnameAsFQDN is true");
    }
    if spec.child("hostNetwork").is_true() {
        errors.forbidden(&field, "may not be specified when hostNetwork is true");
        errors.coded(codes::HOST_NAMESPACE);
    }
    if field.str().len() > 64 {
        errors.too_long(&field, 64);
    }
    meta::name(errors, &field, NameRule::Subdomain);
}

fn host_aliases(errors: &mut Errors, aliases: &Field<'_>) {
    for alias in aliases.items() {
        ip::strict_ip(errors, &alias.child("ip"));
        for hostname in alias.child("hostnames").items() {
            meta::name(errors, &hostname, NameRule::Subdomain);
        }
    }
}
