//! Ingresses and IngressClasses (VAL-ING, VAL-IC).

use super::codes;
use super::errors::Errors;
use super::field::Field;
use super::ip;
use super::job::domain_prefixed_path;
use super::meta;
use super::names::{self, NameRule};
use super::ports;

/// The annotation that named the class before the field did.
pub(crate) const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";

/// An Ingress on creation.
pub(crate) fn ingress(errors: &mut Errors, ingress: &Field<'_>) {
    let spec = ingress.child("spec");
    ingress_spec(errors, &spec);
    let (note, class) =
        (ingress.at("metadata.annotations").key(CLASS_ANNOTATION), spec.child("ingressClassName"));
    if note.exists() && class.exists() && note.str() != class.str() {
        let shown = note.with_path(format!("annotations.{CLASS_ANNOTATION}"));
        let detail = "must match `ingressClassName` when both are specified";
        errors.invalid(&shown, codes::CONFLICT, &note.quoted(), detail);
    }
}

/// VAL-ING-1 to VAL-ING-8.
pub(crate) fn ingress_spec(errors: &mut Errors, spec: &Field<'_>) {
    let (rules, default) = (spec.child("rules"), spec.child("defaultBackend"));
    if rules.is_empty() && !default.exists() {
        let detail = "either `defaultBackend` or `rules` must be specified";
        errors.invalid(spec, codes::REQUIRED, &rules.json(), detail);
    }
    if default.exists() {
        backend(errors, &default);
    }
    for rule in rules.items() {
        rule_host(errors, &rule.child("host"));
        let http = rule.child("http");
        if http.exists() {
            let paths = http.child("paths");
            errors.require(&paths);
            for path in paths.items() {
                ingress_path(errors, &path);
            }
        }
    }
    for tls in spec.child("tls").items() {
        for host in tls.child("hosts").items() {
            host_name(errors, &host);
        }
        meta::name_if_set(errors, &tls.child("secretName"), NameRule::Subdomain);
    }
    let class = spec.child("ingressClassName");
    if class.exists() {
        meta::name(errors, &class, NameRule::Subdomain);
    }
}

/// VAL-ING-2.
fn rule_host(errors: &mut Errors, host: &Field<'_>) {
    if host.str().is_empty() {
        return;
    }
    if ip::parse(host.str()).is_some() {
        let detail = "must be a DNS name, not an IP address";
        errors.invalid(host, codes::INGRESS_HOST, &host.quoted(), detail);
    }
    host_name(errors, host);
}

fn host_name(errors: &mut Errors, host: &Field<'_>) {
    let check = if host.str().contains('*') { names::wildcard_subdomain } else { names::dns_subdomain };
    errors.invalid_text(host, codes::INGRESS_HOST, check(host.str()));
}

/// VAL-ING-4, VAL-ING-5.
fn ingress_path(errors: &mut Errors, item: &Field<'_>) {
    let (kind, path) = (item.child("pathType"), item.child("path"));
    if !kind.exists() {
        errors.required(&kind, "pathType must be specified");
        errors.coded(codes::INGRESS_PATH);
        return;
    }
    let text = path.str();
    let refuse = |errors: &mut Errors, detail: &str| {
        errors.invalid(&path, codes::INGRESS_PATH, &path.quoted(), detail);
    };
    match kind.str() {
        "Exact" | "Prefix" => {
            if !text.starts_with('/') {
                refuse(errors, "must be an absolute path");
            }
            for part in ["//", "/./", "/../", "%2f", "%2F"].into_iter().filter(|part| text.contains(part)) {
                refuse(errors, &format!("must not contain '{part}'"));
            }
            for end in ["/..", "/."].into_iter().filter(|end| text.ends_with(end)) {
                refuse(errors, &format!("cannot end with '{end}'"));
            }
        }
        "ImplementationSpecific" => {
            if !text.is_empty() && !text.starts_with('/') {
                refuse(errors, "must be an absolute path");
            }
        }
        _ => errors.one_of(&kind, &["Exact", "ImplementationSpecific", "Prefix"]),
    }
    backend(errors, &item.child("backend"));
}

/// VAL-ING-6.
fn backend(errors: &mut Errors, backend: &Field<'_>) {
    let (resource, service) = (backend.child("resource"), backend.child("service"));
    let refuse = |errors: &mut Errors, detail: &str| {
        errors.invalid(backend, codes::INGRESS_BACKEND, "\"\"", detail);
    };
    match (resource.exists(), service.exists()) {
        (true, true) => refuse(errors, "cannot set both resource and service backends"),
        (true, false) => reference(errors, &resource),
        (false, false) => refuse(errors, "resource or service backend is required"),
        (false, true) => {
            meta::required_name(errors, &service.child("name"), NameRule::Label);
            let (name, number) = (service.at("port.name"), service.at("port.number"));
            match (!name.str().is_empty(), number.number() != 0) {
                (true, true) => refuse(errors, "cannot set both port name & port number"),
                (true, false) => errors.invalid_text(&name, codes::PORT_NAME, ports::port_name(name.str())),
                (false, true) => ports::port_number(errors, &number),
                (false, false) => {
                    errors.required(backend, "port name or number is required");
                    errors.coded(codes::INGRESS_BACKEND);
                }
            }
        }
    }
}

/// A reference to an object: API group, kind and name.
fn reference(errors: &mut Errors, reference: &Field<'_>) {
    let group = reference.child("apiGroup");
    if group.exists() {
        meta::name(errors, &group, NameRule::Subdomain);
    }
    for name in ["kind", "name"] {
        meta::required_name(errors, &reference.child(name), NameRule::PathSegment);
    }
}

/// VAL-IC-1.
pub(crate) fn ingress_class(errors: &mut Errors, spec: &Field<'_>) {
    let controller = spec.child("controller");
    if controller.str().len() > 250 {
        errors.too_long(&controller, 250);
    }
    domain_prefixed_path(errors, &controller);
    let parameters = spec.child("parameters");
    if !parameters.exists() {
        return;
    }
    reference(errors, &parameters);
    let (scope, namespace) = (parameters.child("scope"), parameters.child("namespace"));
    match scope.str() {
        "Namespace" if namespace.exists() => meta::name(errors, &namespace, NameRule::Label),
        "Namespace" => errors.required(&namespace, "`parameters.scope` is set to 'Namespace'"),
        "Cluster" => errors.forbid(&namespace, "`parameters.scope` is set to 'Cluster'"),
        _ if scope.exists() => errors.one_of(&scope, &["Cluster", "Namespace"]),
        _ => errors.required(&scope, ""),
    }
}
