//! Containers: regular, init and ephemeral (VAL-CTR, VAL-PORT-6).

use super::codes;
use super::env;
use super::errors::Errors;
use super::field::{Field, quote};
use super::meta;
use super::names::NameRule;
use super::paths;
use super::ports;
use super::probe;
use super::resources::{self, Level};
use super::security;
use super::volumes::{VolumeKind, Volumes};
use manifest::sorted::SortedSet;

/// The pull policies, in the order in which they are listed.
pub(crate) const PULL_POLICIES: &[&str] = &["Always", "IfNotPresent", "Never"];

/// What containers need to know of their pod.
#[derive(Debug)]
pub(crate) struct PodContext<'a> {
    /// The valid volumes.
    pub(crate) volumes: Volumes<'a>,
    /// Names in `spec.resourceClaims`.
    pub(crate) claims: Vec<&'a str>,
    /// `terminationGracePeriodSeconds`.
    pub(crate) grace: Option<i64>,
    /// `restartPolicy`.
    pub(crate) restart_policy: &'a str,
    /// False when the pod has a user namespace of its own.
    pub(crate) host_users: bool,
}

/// `spec.containers`.
pub(crate) fn containers(errors: &mut Errors, list: &Field<'_>, pod: &PodContext<'_>) {
    if errors.require(list) {
        return;
    }
    let mut names = SortedSet::new();
    for container in list.items() {
        common(errors, &container, pod);
        let name = container.child("name");
        if !names.insert(name.str()) {
            errors.duplicate(&name, &name.quoted(), "");
        }
        probe::lifecycle(errors, &container.child("lifecycle"), pod.grace);
        probe::probes(errors, &container);
        restart_rules(errors, &container, Kind::Regular);
    }
    ports::host_port_conflicts(errors, &list.items(), list);
}

/// Which containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `spec.containers`.
    Regular,
    /// `spec.initContainers`.
    Init,
}

/// Restart policy and rules of a single container (beta since 1.35).
fn restart_rules(errors: &mut Errors, container: &Field<'_>, kind: Kind) {
    let policy = container.child("restartPolicy");
    errors.one_of_if_set(&policy, &["Always", "OnFailure", "Never"]);
    let rules = container.child("restartPolicyRules");
    if !rules.is_empty() && !policy.exists() {
        errors.required(&policy, "must specify restartPolicy when restart rules are used");
        if kind == Kind::Init {
            return;
        }
    }
    if rules.len() > 20 {
        errors.too_many(&rules, rules.len(), 20);
    }
    for rule in rules.items() {
        errors.one_of(&rule.child("action"), &["Restart", "RestartAllContainers"]);
        let codes = rule.child("exitCodes");
        if !codes.exists() {
            errors.required(&codes, "must be specified");
            continue;
        }
        errors.one_of(&codes.child("operator"), &["In", "NotIn"]);
        let values = codes.child("values");
        if values.len() > 255 {
            errors.too_many(&values, values.len(), 255);
        }
    }
}

/// `spec.initContainers`; names are unique among all containers.
pub(crate) fn init_containers(
    errors: &mut Errors,
    list: &Field<'_>,
    regular: &Field<'_>,
    pod: &PodContext<'_>,
) {
    let mut names: SortedSet<&str> =
        regular.items().iter().map(|container| container.child("name").str()).collect();
    for container in list.items() {
        common(errors, &container, pod);
        restart_rules(errors, &container, Kind::Init);
        let name = container.child("name");
        if names.contains(name.str()) {
            errors.duplicate(&name, &name.quoted(), "");
        } else if !name.str().is_empty() {
            names.insert(name.str());
        }
        ports::host_port_conflicts(errors, std::slice::from_ref(&container), list);
        if container.child("restartPolicy").str() == "Always" {
            probe::lifecycle(errors, &container.child("lifecycle"), pod.grace);
            probe::probes(errors, &container);
        } else {
            for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
                let detail = "may not be set for init containers without restartPolicy=Always";
                errors.forbid(&container.child(field), detail);
            }
            for policy in container.child("resizePolicy").items() {
                let restart = policy.child("restartPolicy");
                if restart.str() == "RestartContainer" {
                    let detail = "must not be set to 'RestartContainer' for non-sidecar initContainers";
                    errors.invalid(&restart, codes::CONFLICT, &restart.quoted(), detail);
                }
            }
        }
    }
}

/// What an ephemeral container may not have.
const NOT_EPHEMERAL: &[&str] = &[
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
];

/// `spec.ephemeralContainers`.
pub(crate) fn ephemeral_containers(errors: &mut Errors, spec: &Field<'_>, pod: &PodContext<'_>) {
    let list = spec.child("ephemeralContainers");
    let mut others: Vec<&str> = Vec::new();
    for kind in ["containers", "initContainers"] {
        others.extend(spec.child(kind).items().iter().map(|container| container.child("name").str()));
    }
    let mut names = others.clone();
    for container in list.items() {
        common(errors, &container, pod);
        image_spaces(errors, &container);
        let (name, target) = (container.child("name"), container.child("targetContainerName"));
        if names.contains(&name.str()) {
            errors.duplicate(&name, &name.quoted(), "");
        }
        names.push(name.str());
        if !target.str().is_empty() && !others.contains(&target.str()) {
            errors.not_found(&target, codes::CONFLICT, &target.quoted(), "");
        }
        for field in NOT_EPHEMERAL {
            let field = container.child(field);
            if !field.is_empty() {
                errors.forbidden(&field, "cannot be set for an Ephemeral Container");
            }
        }
        for mount in container.child("volumeMounts").items() {
            for field in ["subPath", "subPathExpr"].map(|name| mount.child(name)) {
                if !field.str().is_empty() {
                    errors.forbidden(&field, "cannot be set for an Ephemeral Container");
                }
            }
        }
    }
}

/// Pods, not templates, refuse spaces around the image (VAL-CTR-2).
pub(crate) fn image_spaces(errors: &mut Errors, container: &Field<'_>) {
    let image = container.child("image");
    if image.str().trim().len() != image.str().len() {
        let detail = "must not have leading or trailing whitespace";
        errors.invalid(&image, codes::IMAGE_FORMAT, &image.quoted(), detail);
    }
}

/// What all kinds of containers have in common (VAL-POD-1 for the order).
fn common(errors: &mut Errors, container: &Field<'_>, pod: &PodContext<'_>) {
    meta::required_name(errors, &container.child("name"), NameRule::Label);
    errors.require(&container.child("image"));
    errors.required_one_of(&container.child("terminationMessagePolicy"), &["File", "FallbackToLogsOnError"]);
    ports::container_ports(errors, &container.child("ports"));
    env::env(errors, &container.child("env"));
    env::env_from(errors, &container.child("envFrom"));
    volume_mounts(errors, container, &pod.volumes);
    volume_devices(errors, container, &pod.volumes);
    errors.required_one_of(&container.child("imagePullPolicy"), PULL_POLICIES);
    resources::requirements(errors, &container.child("resources"), Level::Container, &pod.claims);
    resize_policy(errors, &container.child("resizePolicy"), pod.restart_policy);
    security::container(errors, &container.child("securityContext"), pod.host_users);
}

/// VAL-CTR-5.
fn volume_mounts(errors: &mut Errors, container: &Field<'_>, volumes: &Volumes<'_>) {
    let list = container.child("volumeMounts");
    let [devices, device_paths] =
        ["name", "devicePath"].map(|field| texts(container, "volumeDevices", field));
    let mut used = SortedSet::new();
    for mount in list.items() {
        let (name, path) = (mount.child("name"), mount.child("mountPath"));
        errors.require(&name);
        if !volumes.contains_key(name.str()) {
            errors.not_found(&name, codes::VOLUME_NOT_FOUND, &name.quoted(), "");
        }
        errors.require(&path);
        if !used.insert(path.str()) {
            errors.invalid(&path, codes::MOUNT_PATH, &path.quoted(), "must be unique");
        }
        if devices.contains(name.str()) {
            errors.invalid(
                &name,
                codes::MOUNT_PATH,
                &name.quoted(),
                "must not already exist in volumeDevices",
            );
        }
        if device_paths.contains(path.str()) {
            let detail = "must not already exist as a path in volumeDevices";
            errors.invalid(&path, codes::MOUNT_PATH, &path.quoted(), detail);
        }
        sub_paths(errors, &list, &mount);
        propagation(errors, container, &list, &mount);
    }
}

/// Sub-paths. Where they are malformed, Kubernetes forgets the index of the mount in the path.
fn sub_paths(errors: &mut Errors, list: &Field<'_>, mount: &Field<'_>) {
    let (plain, expression) = (mount.child("subPath"), mount.child("subPathExpr"));
    paths::local_descending(errors, &plain.shown_as(list, "subPath"));
    if !expression.str().is_empty() {
        if !plain.str().is_empty() {
            let detail = "subPathExpr and subPath are mutually exclusive";
            errors.invalid(&expression, codes::MOUNT_PATH, &expression.quoted(), detail);
        }
        paths::local_descending(errors, &expression.shown_as(list, "subPathExpr"));
    }
}

fn propagation(errors: &mut Errors, container: &Field<'_>, list: &Field<'_>, mount: &Field<'_>) {
    let mode = mount.child("mountPropagation").shown_as(list, "mountPropagation");
    errors.one_of_if_set(&mode, &["Bidirectional", "HostToContainer", "None"]);
    if mode.str() == "Bidirectional" && !container.at("securityContext.privileged").is_true() {
        errors.forbidden(&mode, "Bidirectional mount propagation is available only to privileged containers");
    }
    let recursive = mount.child("recursiveReadOnly").shown_as(list, "recursiveReadOnly");
    match recursive.str() {
        "Enabled" | "IfPossible" => {
            if !mount.child("readOnly").is_true() {
                errors.forbidden(&recursive, "may only be specified when readOnly is true");
            }
            if mode.exists() && mode.str() != "None" {
                let detail = "may only be specified when mountPropagation is None or not specified";
                errors.forbidden(&recursive, detail);
            }
        }
        _ => errors.one_of_if_set(&recursive, &["Disabled", "Enabled", "IfPossible"]),
    }
}

/// What a field says in the items of a list of the container.
fn texts<'a>(container: &Field<'a>, list: &str, field: &str) -> SortedSet<&'a str> {
    container.child(list).items().iter().map(|item| item.child(field).str()).collect()
}

fn volume_devices(errors: &mut Errors, container: &Field<'_>, volumes: &Volumes<'_>) {
    let [mounts, mount_paths] = ["name", "mountPath"].map(|field| texts(container, "volumeMounts", field));
    let (mut names, mut device_paths) = (SortedSet::new(), SortedSet::new());
    for device in container.child("volumeDevices").items() {
        let (name, path) = (device.child("name"), device.child("devicePath"));
        errors.require(&name);
        if !name.str().is_empty() && !names.insert(name.str()) {
            errors.invalid(&name, codes::MOUNT_PATH, &name.quoted(), "must be unique");
        }
        match volumes.get(name.str()) {
            Some(VolumeKind::Claim) => {}
            Some(_) => {
                let detail =
                    "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                errors.invalid(&name, codes::MOUNT_PATH, &name.quoted(), detail);
            }
            None => errors.not_found(&name, codes::VOLUME_NOT_FOUND, &name.quoted(), ""),
        }
        errors.require(&path);
        if device_paths.contains(path.str()) {
            errors.invalid(&path, codes::MOUNT_PATH, &path.quoted(), "must be unique");
        }
        if paths::has_backsteps(path.str()) {
            errors.invalid(&path, codes::MOUNT_PATH, &path.quoted(), "can not contain backsteps ('..')");
        } else {
            device_paths.insert(path.str());
        }
        if mounts.contains(name.str()) {
            errors.invalid(
                &name,
                codes::MOUNT_PATH,
                &name.quoted(),
                "must not already exist in volumeMounts",
            );
        }
        if mount_paths.contains(path.str()) {
            let detail = "must not already exist as a path in volumeMounts";
            errors.invalid(&path, codes::MOUNT_PATH, &path.quoted(), detail);
        }
    }
}

/// Kubernetes reports all but duplicates at the list.
fn resize_policy(errors: &mut Errors, list: &Field<'_>, restart_policy: &str) {
    let mut seen = SortedSet::new();
    for policy in list.items() {
        let [resource, restart] =
            ["resourceName", "restartPolicy"].map(|name| policy.child(name).with_path(list.path()));
        if !seen.insert(resource.str()) {
            errors.duplicate(&policy, &quote(resource.str()), "");
        }
        errors.required_one_of(&resource, &["cpu", "memory"]);
        errors.required_one_of(&restart, &["NotRequired", "RestartContainer"]);
        if restart_policy == "Never" && restart.str() != "NotRequired" {
            let detail = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
            errors.invalid(&restart, codes::CONFLICT, &restart.quoted(), detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check_container, check_spec};

    #[test]
    fn restart_rules() {
        check_container(
            "restartPolicyRules: [{action: Stop, exitCodes: {operator: Is}}, {action: Restart}]",
            &[
                "spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used",
                "spec.containers[0].restartPolicyRules[0].action: Unsupported value: \"Stop\": supported values: \"Restart\", \"RestartAllContainers\"",
                "spec.containers[0].restartPolicyRules[0].exitCodes.operator: Unsupported value: \"Is\": supported values: \"In\", \"NotIn\"",
                "spec.containers[0].restartPolicyRules[1].exitCodes: Required value: must be specified",
            ],
        );
    }

    #[test]
    fn init_containers() {
        check_spec(
            "restartPolicy: Never, initContainers: [{name: a, image: x, restartPolicyRules: [{}], resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]}]",
            &[
                "spec.initContainers[0].resizePolicy: Invalid value: \"RestartContainer\": must be 'NotRequired' when pod `restartPolicy` is 'Never'",
                "spec.initContainers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used",
                "spec.initContainers[0].resizePolicy[0].restartPolicy: Invalid value: \"RestartContainer\": must not be set to 'RestartContainer' for non-sidecar initContainers",
            ],
        );
    }
}
