//! Security contexts of pods and containers, and what sharing the host's namespaces excludes (VAL-CTR-7, VAL-HOST).

use super::codes;
use super::errors::{Errors, range_text};
use super::field::Field;
use super::go_json;
use super::meta;
use super::names::NameRule;
use super::paths;
use super::pod_os;

/// `securityContext` of a container; `host_users` is false when the pod has its own user namespace.
pub(crate) fn container(errors: &mut Errors, context: &Field<'_>, host_users: bool) {
    ids(errors, context, &["runAsUser", "runAsGroup"]);
    let proc_mount = context.child("procMount");
    if proc_mount.exists() {
        errors.one_of(&proc_mount, &["Default", "Unmasked"]);
        if host_users && proc_mount.str() == "Unmasked" {
            let detail = "`hostUsers` must be false to use `Unmasked`";
            errors.invalid(&proc_mount, codes::SECURITY_CONTEXT, &proc_mount.json(), detail);
        }
    }
    seccomp(errors, &context.child("seccompProfile"));
    if context.child("allowPrivilegeEscalation").bool() == Some(false) {
        let mut refuse = |what: &str| {
            let value = go_json::render(context, go_json::SECURITY_CONTEXT);
            let detail = format!("cannot set `allowPrivilegeEscalation` to false and {what}");
            errors.invalid(context, codes::SECURITY_CONTEXT, &value, &detail);
        };
        if context.child("privileged").is_true() {
            refuse("`privileged` to true");
        }
        for _ in context.at("capabilities.add").strings().iter().filter(|name| **name == "CAP_SYS_ADMIN") {
            refuse("`capabilities.Add` CAP_SYS_ADMIN");
        }
    }
    windows_options(errors, &context.child("windowsOptions"));
    app_armor(errors, &context.child("appArmorProfile"));
}

/// `spec.securityContext` of a pod.
pub(crate) fn pod(errors: &mut Errors, spec: &Field<'_>) {
    let context = spec.child("securityContext");
    ids(errors, &context, &["fsGroup", "runAsUser", "runAsGroup"]);
    for group in context.child("supplementalGroups").items() {
        id(errors, &group);
    }
    let share = spec.child("shareProcessNamespace");
    if share.is_true() && spec.child("hostPID").is_true() {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        errors.invalid(
            &share.shown_as(&context, "shareProcessNamespace"),
            codes::HOST_NAMESPACE,
            "true",
            detail,
        );
    }
    sysctls(errors, spec, &context.child("sysctls"));
    errors.one_of_if_set(&context.child("fsGroupChangePolicy"), &["Always", "OnRootMismatch"]);
    seccomp(errors, &context.child("seccompProfile"));
    windows_options(errors, &context.child("windowsOptions"));
    app_armor(errors, &context.child("appArmorProfile"));
    errors.one_of_if_set(&context.child("supplementalGroupsPolicy"), &["Merge", "Strict"]);
    errors.one_of_if_set(&context.child("seLinuxChangePolicy"), &["MountOption", "Recursive"]);
}

fn ids(errors: &mut Errors, context: &Field<'_>, names: &[&str]) {
    for name in names {
        id(errors, &context.child(name));
    }
}

fn id(errors: &mut Errors, field: &Field<'_>) {
    let highest = i64::from(i32::MAX);
    if let Some(value) = field.int().filter(|value| !(0..=highest).contains(value)) {
        errors.invalid(field, codes::NUMBER_RANGE, &value.to_string(), &range_text(0, highest));
    }
}

const PROFILE_TYPES: &[&str] = &["Localhost", "RuntimeDefault", "Unconfined"];

fn seccomp(errors: &mut Errors, profile: &Field<'_>) {
    if !profile.exists() {
        return;
    }
    let (kind, localhost) = (profile.child("type"), profile.child("localhostProfile"));
    if kind.str().is_empty() {
        errors.required(&kind, "type is required when seccompProfile is set");
    } else {
        errors.one_of(&kind, PROFILE_TYPES);
    }
    match (kind.str(), localhost.exists()) {
        ("Localhost", false) => errors.required(&localhost, "must be set when seccomp type is Localhost"),
        ("Localhost", true) => paths::local_descending(errors, &localhost),
        (_, true) => {
            let value = go_json::render(profile, go_json::PROFILE);
            let detail = "can only be set when seccomp type is Localhost";
            errors.invalid(&localhost, codes::SECURITY_CONTEXT, &value, detail);
        }
        (_, false) => {}
    }
}

fn app_armor(errors: &mut Errors, profile: &Field<'_>) {
    if !profile.exists() {
        return;
    }
    let (kind, localhost) = (profile.child("type"), profile.child("localhostProfile"));
    match kind.str() {
        "Localhost" if localhost.str().is_empty() => {
            errors.required(&localhost, "must be set when AppArmor type is Localhost");
        }
        "Localhost" => {
            if localhost.str().trim() != localhost.str() {
                let detail = "must not be padded with whitespace";
                errors.invalid(&localhost, codes::FORMAT, &localhost.quoted(), detail);
            }
            if localhost.str().len() > 4095 {
                errors.too_long(&localhost, 4095);
            }
        }
        "RuntimeDefault" | "Unconfined" => {
            if localhost.exists() {
                let detail = "can only be set when AppArmor type is Localhost";
                errors.invalid(&localhost, codes::SECURITY_CONTEXT, &localhost.quoted(), detail);
            }
        }
        "" => errors.required(&kind, "type is required when appArmorProfile is set"),
        _ => errors.one_of(&kind, PROFILE_TYPES),
    }
}

fn windows_options(errors: &mut Errors, options: &Field<'_>) {
    let spec_name = options.child("gmsaCredentialSpecName");
    if spec_name.exists() {
        meta::name(errors, &spec_name, NameRule::Subdomain);
    }
    let spec = options.child("gmsaCredentialSpec");
    if spec.exists() && spec.str().is_empty() {
        errors.invalid(&spec, codes::FORMAT, "\"\"", "gmsaCredentialSpec cannot be an empty string");
    } else if spec.str().len() > 64 * 1024 {
        let detail = "gmsaCredentialSpec size must be under 64 KiB";
        errors.invalid(&spec, codes::TOO_LONG, &spec.quoted(), detail);
    }
    let user = options.child("runAsUserName");
    if user.exists() {
        for problem in windows_user(user.str()) {
            let detail = format!("runAsUserName{problem}");
            errors.invalid(&user, codes::FORMAT, &user.quoted(), &detail);
        }
    }
}

/// What is wrong with `DOMAIN\USER`.
fn windows_user(text: &str) -> Vec<&'static str> {
    let parts: Vec<&str> = text.split('\\').collect();
    let (domain, user) = match parts[..] {
        _ if text.is_empty() => return vec![" cannot be an empty string"],
        _ if text.contains(|character: char| character.is_ascii_control()) => {
            return vec![" cannot contain control characters"];
        }
        [user] => (None, user),
        [domain, user] => (Some(domain), user),
        _ => return vec![" cannot contain more than one backslash"],
    };
    let net_bios = |domain: &str| {
        (1..=15).contains(&domain.chars().count())
            && !domain.starts_with('.')
            && !domain.contains(['/', ':', '*', '?', '"', '<', '>', '|'])
    };
    let label = |label: &str| {
        let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = label.as_bytes();
        bytes.len() <= 63
            && edge(bytes.first())
            && edge(bytes.last())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    let mut problems = Vec::new();
    if domain.is_some_and(|domain| domain.len() >= 256) {
        problems.push("'s Domain length must be under 256 characters");
    }
    if domain.is_some_and(|domain| !net_bios(domain) && !domain.split('.').all(label)) {
        problems.push("'s Domain doesn't match the NetBios nor the DNS format");
    }
    if user.is_empty() {
        problems.push("'s User cannot be empty");
    } else if user.len() > 104 {
        problems.push("'s User length must not be longer than 104 characters");
    }
    if !user.is_empty() && user.bytes().all(|byte| matches!(byte, b'.' | b' ')) {
        problems.push("'s User cannot contain only periods or spaces");
    }
    if user.contains(['"', '/', ':', ';', '|', '=', ',', '+', '*', '?', '<', '>', '@', '[', ']']) {
        problems.push("'s User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
    }
    problems
}

/// VAL-HOST-3.
fn sysctls(errors: &mut Errors, spec: &Field<'_>, list: &Field<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    for sysctl in list.items() {
        let name = sysctl.child("name");
        if name.str().is_empty() {
            errors.required(&name, "");
        } else if !is_sysctl(name.str()) {
            let segment = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
            let detail =
                format!("must have at most 253 characters and match regex ^({segment}[\\./])*{segment}$");
            errors.invalid(&name, codes::FORMAT, &name.quoted(), &detail);
        } else if seen.contains(&name.str()) {
            errors.duplicate(&name, &name.quoted(), "");
        }
        seen.push(name.str());
        let dotted = name.str().replace('/', ".");
        let ipc = ["kernel.shm", "kernel.msg", "fs.mqueue."].iter().any(|prefix| dotted.starts_with(prefix));
        let clash = if spec.child("hostNetwork").is_true() && dotted.starts_with("net.") {
            "hostNetwork"
        } else if spec.child("hostIPC").is_true() && (ipc || dotted == "kernel.sem") {
            "hostIPC"
        } else {
            continue;
        };
        let detail = format!("may not be specified when '{clash}' is true");
        errors.invalid(&name, codes::HOST_NAMESPACE, &name.quoted(), &detail);
    }
}

fn is_sysctl(name: &str) -> bool {
    let edge =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let segment = |text: &str| {
        let bytes = text.as_bytes();
        edge(bytes.first())
            && edge(bytes.last())
            && bytes.iter().all(|byte| edge(Some(byte)) || matches!(byte, b'-' | b'_'))
    };
    name.len() <= 253 && name.split(['.', '/']).all(segment)
}

/// What a pod with its own user namespace may not share with the host (VAL-HOST-2), and block devices, which know no other users.
pub(crate) fn host_users(errors: &mut Errors, spec: &Field<'_>) {
    if spec.child("hostUsers").bool() != Some(false) {
        return;
    }
    for (name, shown) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
        let field = spec.child(name);
        if field.is_true() {
            errors.forbidden(&field.shown_as(spec, shown), "when `hostUsers` is false");
            errors.coded(codes::HOST_NAMESPACE);
        }
    }
    for container in pod_os::all_containers(spec) {
        let devices = container.child("volumeDevices");
        if !devices.is_empty() {
            errors.forbidden(&devices, "when `hostUsers` is false");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_spec;
    use super::windows_user;

    #[test]
    fn user_namespaces() {
        check_spec(
            "hostUsers: false, initContainers: [{name: a, image: x, volumeDevices: [{name: d, devicePath: /d}]}], volumes: [{name: d, persistentVolumeClaim: {claimName: c}}]",
            &["spec.initContainers[0].volumeDevices: Forbidden: when `hostUsers` is false"],
        );
    }

    #[test]
    fn windows_users() {
        let table: [(&str, &[&str]); 8] = [
            ("ContainerUser", &[]),
            ("corp\\web", &[]),
            ("corp.example.com\\web", &[]),
            ("", &[" cannot be an empty string"]),
            ("a\nb", &[" cannot contain control characters"]),
            ("a\\b\\c", &[" cannot contain more than one backslash"]),
            ("corp\\", &["'s User cannot be empty"]),
            ("a:b\\. .", &["'s Domain doesn't match", "'s User cannot contain only"]),
        ];
        for (text, starts) in table {
            let found = windows_user(text);
            assert_eq!(found.len(), starts.len(), "{text:?}: {found:?}");
            assert!(found.iter().zip(starts).all(|(found, start)| found.starts_with(start)), "{found:?}");
        }
    }
}
