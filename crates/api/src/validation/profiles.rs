//! Seccomp and AppArmor profiles in annotations, as they were given before there were fields for them.

use super::codes;
use super::errors::Errors;
use super::field::{Field, quote};
use super::paths;
use super::pod_os;

const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

/// The annotations alone; `notes` are those of a pod or template.
pub(crate) fn annotations(errors: &mut Errors, notes: &Field<'_>, spec: &Field<'_>) {
    let pod = notes.key(SECCOMP_POD);
    if pod.exists() {
        seccomp(errors, &pod.shown_as(notes, SECCOMP_POD));
    }
    let entries = notes.entries();
    for (key, note) in entries.iter().filter(|(key, _)| key.starts_with(SECCOMP_CONTAINER)) {
        seccomp(errors, &note.shown_as(notes, key));
    }
    let containers = pod_os::all_containers(spec);
    for (key, profile) in entries {
        let Some(name) = key.strip_prefix(APP_ARMOR) else { continue };
        if !containers.iter().any(|container| container.child("name").str() == name) {
            errors.invalid(&profile, codes::CONFLICT, &quote(name), "container not found");
        }
        let fixed = ["", "runtime/default", "unconfined"].contains(&profile.str());
        if !fixed && !profile.str().starts_with("localhost/") {
            let detail = format!("invalid AppArmor profile name: {}", profile.quoted());
            errors.invalid(&profile, codes::FORMAT, &profile.quoted(), &detail);
        }
    }
}

fn seccomp(errors: &mut Errors, note: &Field<'_>) {
    let text = note.str();
    let Some(path) = text.strip_prefix("localhost/") else {
        if !["runtime/default", "docker/default", "unconfined"].contains(&text) {
            errors.invalid(note, codes::FORMAT, &note.quoted(), "must be a valid seccomp profile");
        }
        return;
    };
    if path.starts_with('/') {
        errors.invalid(note, codes::FORMAT, &quote(path), "must be a relative path");
    }
    if paths::has_backsteps(path) {
        errors.invalid(note, codes::FORMAT, &quote(path), "must not contain '..'");
    }
}

/// Where both the annotation and the field are given they must say the same.
pub(crate) fn match_fields(errors: &mut Errors, notes: &Field<'_>, spec: &Field<'_>) {
    let pod = spec.child("securityContext");
    same(errors, &notes.key(SECCOMP_POD), &pod.child("seccompProfile"), "seccomp");
    let containers = pod_os::all_containers(spec);
    for container in &containers {
        let note = notes.key(&format!("{SECCOMP_CONTAINER}{}", container.child("name").str()));
        same(errors, &note, &container.at("securityContext.seccompProfile"), "seccomp");
    }
    if spec.at("os.name").str() == "windows" {
        return;
    }
    for container in &containers {
        let note = notes.key(&format!("{APP_ARMOR}{}", container.child("name").str()));
        let own = container.at("securityContext.appArmorProfile");
        let inherited = pod.child("appArmorProfile").with_path(own.path());
        same(errors, &note, if own.exists() { &own } else { &inherited }, "apparmor");
    }
}

fn same(errors: &mut Errors, note: &Field<'_>, profile: &Field<'_>, what: &str) {
    if !note.exists() || !profile.exists() {
        return;
    }
    let (kind, text) = (profile.child("type"), note.str());
    let local = text.strip_prefix("localhost/");
    let fits = match kind.str() {
        "Unconfined" => text == "unconfined",
        "RuntimeDefault" => text == "runtime/default" || (what == "seccomp" && text == "docker/default"),
        "Localhost" => local.is_some(),
        _ => true,
    };
    let path = profile.child("localhostProfile");
    let path_fits = path.exists() && local == Some(path.str());
    let (shown, part) = if !fits {
        (kind, "type")
    } else if kind.str() == "Localhost" && !path_fits {
        (path, "profile")
    } else {
        return;
    };
    errors.forbidden(&shown, &format!("{what} {part} in annotation and field must match"));
}

/// What an update of a pod may not change in its annotations.
pub(crate) fn annotation_updates(errors: &mut Errors, new: &Field<'_>, old: &Field<'_>) {
    let mut refuse = |note: &Field<'_>, key: &str, verb: &str| {
        if key.starts_with(APP_ARMOR) {
            errors.forbidden(note, &format!("may not {verb} AppArmor annotations"));
        } else if key == "kubernetes.io/config.mirror" {
            errors.forbidden(note, &format!("may not {verb} mirror pod annotation"));
        }
    };
    for (key, before) in old.entries() {
        let note = new.key(key);
        if note.str() != before.str() || !note.exists() {
            refuse(&note, key, "remove or update");
        }
    }
    for (key, note) in new.entries() {
        if !old.key(key).exists() {
            refuse(&note, key, "add");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check as validate;

    /// A Pod with these annotations, this security context and one container `app`.
    fn check(notes: &str, context: &str, expected: &[&str]) {
        let yaml = format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: web, annotations: {{{notes}}}}}, spec: {{securityContext: {{{context}}}, \
             containers: [{{name: app, image: nginx}}]}}}}"
        );
        validate(&yaml, expected);
    }

    #[test]
    fn annotations_and_fields() {
        let pod = |value: &str| format!("seccomp.security.alpha.kubernetes.io/pod: {value}");
        check(&pod("runtime/default"), "", &[]);
        check(
            &pod("x"),
            "",
            &[
                "metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: \"x\": must be a valid seccomp profile",
            ],
        );
        check(&pod("docker/default"), "seccompProfile: {type: RuntimeDefault}", &[]);
        check(
            &pod("unconfined"),
            "seccompProfile: {type: RuntimeDefault}",
            &[
                "spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match",
            ],
        );
        check(
            &pod("localhost/a"),
            "seccompProfile: {type: Localhost, localhostProfile: b}",
            &[
                "spec.securityContext.seccompProfile.localhostProfile: Forbidden: seccomp profile in annotation and field must match",
            ],
        );
        let armor = "container.apparmor.security.beta.kubernetes.io/app: unconfined";
        check(armor, "appArmorProfile: {type: Unconfined}", &[]);
        check(
            armor,
            "appArmorProfile: {type: RuntimeDefault}",
            &[
                "spec.containers[0].securityContext.appArmorProfile.type: Forbidden: apparmor type in annotation and field must match",
            ],
        );
    }
}
