//! Probes and lifecycle handlers (VAL-PROBE).

use super::codes;
use super::errors::Errors;
use super::field::Field;
use super::names;
use super::ports;

/// Which probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Liveness and startup: one success is enough.
    Restart,
    /// Readiness: ends no container.
    Readiness,
}

/// The probes of a container.
pub(crate) fn probes(errors: &mut Errors, container: &Field<'_>) {
    for (name, role) in [
        ("livenessProbe", Role::Restart),
        ("readinessProbe", Role::Readiness),
        ("startupProbe", Role::Restart),
    ] {
        let field = container.child(name);
        if field.exists() {
            probe(errors, &field, role);
        }
    }
}

fn probe(errors: &mut Errors, probe: &Field<'_>, role: Role) {
    handler(errors, probe, &["exec", "httpGet", "tcpSocket", "grpc"], None);
    for name in
        ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]
    {
        errors.nonnegative(&probe.child(name));
    }
    let grace = probe.child("terminationGracePeriodSeconds");
    if let Some(seconds) = grace.int().filter(|&seconds| seconds <= 0) {
        errors.invalid(&grace, codes::NUMBER_RANGE, &seconds.to_string(), "must be greater than 0");
    }
    match role {
        Role::Restart => {
            let threshold = probe.child("successThreshold");
            if let Some(value) = threshold.int().filter(|&value| value != 1) {
                errors.invalid(&threshold, codes::PROBE, &value.to_string(), "must be 1");
            }
        }
        Role::Readiness => {
            if let Some(seconds) = grace.int() {
                errors.invalid(
                    &grace,
                    codes::PROBE,
                    &seconds.to_string(),
                    "must not be set for readinessProbes",
                );
            }
        }
    }
}

/// `postStart` and `preStop`; `grace` is the pod's terminationGracePeriodSeconds.
pub(crate) fn lifecycle(errors: &mut Errors, lifecycle: &Field<'_>, grace: Option<i64>) {
    for name in ["postStart", "preStop"] {
        let field = lifecycle.child(name);
        if field.exists() {
            handler(errors, &field, &["exec", "httpGet", "tcpSocket", "sleep"], grace);
        }
    }
}

/// Exactly one handler, and that one valid (VAL-PROBE-1 to VAL-PROBE-3).
fn handler(errors: &mut Errors, parent: &Field<'_>, kinds: &[&str], grace: Option<i64>) {
    let mut found = false;
    for &kind in kinds {
        let field = parent.child(kind);
        if !field.exists() {
            continue;
        }
        if found {
            errors.forbidden(&field, "may not specify more than 1 handler type");
            errors.coded(codes::PROBE);
            continue;
        }
        found = true;
        match kind {
            "exec" => {
                errors.require(&field.child("command"));
            }
            "httpGet" => http_get(errors, &field),
            "sleep" => sleep(errors, &field, grace),
            "grpc" => ports::port_number(errors, &field.child("port")),
            _ => ports::port_number_or_name(errors, &field.child("port")),
        }
    }
    if !found {
        errors.required(parent, "must specify a handler type");
        errors.coded(codes::PROBE);
    }
}

fn http_get(errors: &mut Errors, get: &Field<'_>) {
    errors.require(&get.child("path"));
    ports::port_number_or_name(errors, &get.child("port"));
    errors.one_of(&get.child("scheme"), &["HTTP", "HTTPS"]);
    let headers = get.child("httpHeaders");
    for header in headers.items() {
        let name = header.child("name");
        errors.invalid_text(&name.with_path(headers.path()), codes::FORMAT, names::http_header(name.str()));
    }
}

fn sleep(errors: &mut Errors, sleep: &Field<'_>, grace: Option<i64>) {
    let seconds = sleep.child("seconds");
    if let Some(grace) = grace.filter(|grace| !(0..=*grace).contains(&seconds.number())) {
        let detail = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
        let shown = seconds.with_path(sleep.path());
        errors.invalid(&shown, codes::PROBE, &seconds.number().to_string(), &detail);
    }
}
