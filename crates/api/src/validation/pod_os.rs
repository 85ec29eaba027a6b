//! The operating system of a pod and what it excludes, and its dynamic resource claims.

use super::codes;
use super::errors::Errors;
use super::field::Field;
use super::go_json;
use super::meta;
use super::names::NameRule;

const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// Every container of the pod, init containers first.
pub(crate) fn all_containers<'a>(spec: &Field<'a>) -> Vec<Field<'a>> {
    LISTS.iter().flat_map(|list| spec.child(list).items()).collect()
}

/// `spec.os`.
pub(crate) fn operating_system(errors: &mut Errors, spec: &Field<'_>) {
    let os = spec.child("os");
    if !os.exists() {
        return;
    }
    let name = os.child("name");
    match name.str() {
        "" => errors.required(&name, "cannot be empty"),
        "linux" => {
            let detail = "windows options cannot be set for a linux pod";
            errors.forbid(&spec.at("securityContext.windowsOptions"), detail);
            for container in all_containers(spec) {
                errors.forbid(&container.at("securityContext.windowsOptions"), detail);
            }
        }
        "windows" => windows(errors, spec),
        _ => errors.one_of(&name.with_path(os.path()), &["linux", "windows"]),
    }
}

const LINUX_ONLY_IN_PODS: &[&str] = &[
    "securityContext.appArmorProfile",
    "securityContext.seLinuxOptions",
    "hostUsers",
    "hostPID",
    "hostIPC",
    "securityContext.seccompProfile",
    "securityContext.fsGroup",
    "securityContext.fsGroupChangePolicy",
    "securityContext.sysctls",
    "shareProcessNamespace",
    "securityContext.runAsUser",
    "securityContext.runAsGroup",
    "securityContext.supplementalGroups",
    "securityContext.supplementalGroupsPolicy",
    "securityContext.seLinuxChangePolicy",
];

const LINUX_ONLY_IN_CONTAINERS: &[&str] = &[
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
];

fn windows(errors: &mut Errors, spec: &Field<'_>) {
    let detail = "cannot be set for a windows pod";
    for path in LINUX_ONLY_IN_PODS {
        let field = spec.at(path);
        let is_set = match *path {
            // These two are plain booleans in the internal type: false counts as not set.
            "hostPID" | "hostIPC" => field.is_true(),
            "securityContext.sysctls" => !field.is_empty(),
            _ => field.exists(),
        };
        if is_set {
            errors.forbidden(&field, detail);
        }
    }
    for container in all_containers(spec) {
        for name in LINUX_ONLY_IN_CONTAINERS {
            errors.forbid(&container.child("securityContext").child(name), detail);
        }
    }
}

/// Windows HostProcess containers: all or none, and on the host's network.
pub(crate) fn host_process(errors: &mut Errors, spec: &Field<'_>) {
    let pod = spec.at("securityContext.windowsOptions.hostProcess").bool();
    let containers = all_containers(spec);
    let mut count = 0;
    for container in &containers {
        let field = container.at("securityContext.windowsOptions.hostProcess");
        if let (Some(pod), Some(own)) = (pod, field.bool())
            && pod != own
        {
            let detail = format!("pod hostProcess value must be identical if both are specified, was {pod}");
            errors.invalid(&field, codes::SECURITY_CONTEXT, &own.to_string(), &detail);
        }
        count += usize::from(field.bool().or(pod) == Some(true));
    }
    if count > 0 && count != containers.len() {
        let detail =
            "If pod contains any hostProcess containers then all containers must be HostProcess containers";
        errors.invalid(spec, codes::SECURITY_CONTEXT, "\"\"", detail);
    }
    if count > 0 && !spec.child("hostNetwork").is_true() {
        let detail = "hostNetwork must be true if pod contains any hostProcess containers";
        errors.invalid(&spec.child("hostNetwork"), codes::SECURITY_CONTEXT, "false", detail);
    }
}

/// `spec.resourceClaims`.
pub(crate) fn resource_claims(errors: &mut Errors, claims: &Field<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    for claim in claims.items() {
        let name = claim.child("name");
        if seen.contains(&name.str()) {
            errors.duplicate(&name, &name.quoted(), "");
        } else {
            meta::required_name(errors, &name, NameRule::Label);
            seen.extend(Some(name.str()).filter(|name| !name.is_empty()));
        }
        let sources = ["resourceClaimName", "resourceClaimTemplateName"].map(|name| claim.child(name));
        let detail = match sources.iter().filter(|source| source.exists()).count() {
            0 => "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
            2 => "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
            _ => "",
        };
        if !detail.is_empty() {
            let value = go_json::render(&claim, go_json::POD_RESOURCE_CLAIM);
            errors.invalid(&claim, codes::CONFLICT, &value, detail);
        }
        for source in sources.iter().filter(|source| source.exists()) {
            meta::name(errors, source, NameRule::Subdomain);
        }
    }
}
