//! Environment variables of containers, and references to fields and resources of the pod (VAL-CTR-4).

use manifest::sorted::SortedMap;

use super::codes;
use super::errors::Errors;
use super::field::{Field, quote};
use super::meta;
use super::names::{self, NameRule};
use super::pod_os;
use super::resources;

/// `env`.
pub(crate) fn env(errors: &mut Errors, list: &Field<'_>) {
    for variable in list.items() {
        let name = variable.child("name");
        if !errors.require(&name) {
            errors.invalid_text(&name, codes::ENV_NAME, names::env_name(name.str()));
        }
        let source = variable.child("valueFrom");
        if source.exists() {
            value_from(errors, &source, !variable.child("value").str().is_empty());
        }
    }
}

const SOURCES: &[&str] = &["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

fn value_from(errors: &mut Errors, source: &Field<'_>, has_value: bool) {
    let mut count = 0;
    for &kind in SOURCES {
        let field = source.child(kind);
        if !field.exists() {
            continue;
        }
        count += 1;
        match kind {
            "fieldRef" => field_ref(errors, &field, ENV_FIELDS),
            "resourceFieldRef" => resource_field_ref(errors, &field, Place::Env),
            "fileKeyRef" => file_key_ref(errors, &field),
            _ => key_ref(errors, &field),
        }
    }
    let detail = if count == 0 {
        "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
    } else if has_value {
        "may not be specified when `value` is not empty"
    } else if count > 1 {
        "may not have more than one field specified at a time"
    } else {
        return;
    };
    errors.invalid(source, codes::CONFLICT, "\"\"", detail);
}

fn key_ref(errors: &mut Errors, reference: &Field<'_>) {
    meta::name(errors, &reference.child("name"), NameRule::Subdomain);
    let key = reference.child("key");
    if !errors.require(&key) {
        errors.invalid_text(&key, codes::DATA_KEY, names::config_key(key.str()));
    }
}

fn file_key_ref(errors: &mut Errors, reference: &Field<'_>) {
    let [volume, path, key] = ["volumeName", "path", "key"].map(|name| reference.child(name));
    if !errors.require(&key) {
        errors.invalid_text(&key, codes::ENV_NAME, names::env_name(key.str()));
    }
    meta::required_name(errors, &volume, NameRule::Label);
    if !errors.require(&path) {
        super::paths::no_backsteps(errors, &path);
    }
}

/// The volumes that variables are read from are of type `emptyDir`.
pub(crate) fn file_key_volumes(errors: &mut Errors, spec: &Field<'_>) {
    let volumes = spec.child("volumes").items();
    // Where a name appears twice the last volume counts.
    let volumes: SortedMap<&str, &Field<'_>> =
        volumes.iter().map(|volume| (volume.child("name").str(), volume)).collect();
    for container in pod_os::all_containers(spec) {
        for variable in container.child("env").items() {
            let reference = variable.at("valueFrom.fileKeyRef");
            let name = reference.child("volumeName");
            match volumes.get(name.str()) {
                _ if !reference.exists() => {}
                None => errors.not_found(&name, codes::VOLUME_NOT_FOUND, &name.quoted(), ""),
                Some(volume) if !volume.child("emptyDir").exists() => {
                    let detail = "referenced volume must be of type emptyDir";
                    errors.invalid(&name, codes::CONFLICT, &name.quoted(), detail);
                }
                Some(_) => {}
            }
        }
    }
}

/// `envFrom`.
pub(crate) fn env_from(errors: &mut Errors, list: &Field<'_>) {
    for source in list.items() {
        let prefix = source.child("prefix");
        errors.invalid_text(&prefix, codes::ENV_NAME, names::env_name(prefix.str()));
        let references = [source.child("configMapRef"), source.child("secretRef")];
        for reference in references.iter().filter(|reference| reference.exists()) {
            let name = reference.child("name");
            if !errors.require(&name) {
                errors.invalid_text(&name, codes::NAME_FORMAT, NameRule::Subdomain.check_prefix(name.str()));
            }
        }
        let detail = match references.iter().filter(|reference| reference.exists()).count() {
            0 => "must specify one of: `configMapRef` or `secretRef`",
            1 => continue,
            _ => "may not have more than one field specified at a time",
        };
        errors.invalid(&source.with_path(list.path()), codes::CONFLICT, "\"\"", detail);
    }
}

/// Fields that environment variables can refer to.
const ENV_FIELDS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Fields that downward API files can refer to.
pub(crate) const VOLUME_FIELDS: &[&str] =
    &["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

/// Every field label of a pod that the conversion knows.
const KNOWN_FIELDS: &[&str] = &[
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.serviceAccountName",
    "spec.schedulerName",
    "status.phase",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// A reference to a field of the pod, which must be one of `allowed`.
pub(crate) fn field_ref(errors: &mut Errors, reference: &Field<'_>, allowed: &[&str]) {
    let (version, path) = (reference.child("apiVersion"), reference.child("fieldPath"));
    if errors.require(&version) || errors.require(&path) {
        return;
    }
    // The name of old clients.
    let label = if path.str() == "spec.host" { "spec.nodeName" } else { path.str() };
    let subscripted =
        label.strip_suffix("']").and_then(|text| text.split_once("['")).filter(|(map, _)| !map.is_empty());
    let why = match subscripted {
        _ if version.str() != "v1" => format!("unsupported pod version: {}", version.str()),
        Some(("metadata.annotations" | "metadata.labels", _)) => String::new(),
        Some(_) => format!("field label does not support subscript: {label}"),
        None if KNOWN_FIELDS.contains(&label) => String::new(),
        None => format!("field label not supported: {label}"),
    };
    if !why.is_empty() {
        errors.invalid(&path, codes::FORMAT, &path.quoted(), &format!("error converting fieldPath: {why}"));
    } else if let Some((map, key)) = subscripted {
        let key = if map == "metadata.annotations" { key.to_lowercase() } else { key.to_owned() };
        let shown = path.with_path(reference.path());
        errors.invalid_each(&shown, codes::LABEL_KEY, &key, names::qualified_name(&key));
    } else if !allowed.contains(&label) {
        errors.unsupported(&path, &quote(label), allowed);
    }
}

/// Where a resource is referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In an environment variable: the container's own.
    Env,
    /// In a volume: of a container that is named.
    Volume,
}

const RESOURCES: &[&str] = &[
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

/// Divisors of amounts of bytes.
const UNITS: &[&str] = &["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

/// A reference to a request or limit.
pub(crate) fn resource_field_ref(errors: &mut Errors, reference: &Field<'_>, place: Place) {
    let (container, resource) = (reference.child("containerName"), reference.child("resource"));
    let huge =
        ["requests.hugepages-", "limits.hugepages-"].iter().any(|prefix| resource.str().starts_with(prefix));
    let missing = place == Place::Volume && errors.require(&container);
    if !missing && !errors.require(&resource) && !huge && !RESOURCES.contains(&resource.str()) {
        errors.unsupported(&resource, &resource.quoted(), RESOURCES);
    }
    let divisor = reference.child("divisor");
    let Some(amount) = resources::amount(&divisor).filter(|amount| *amount != resources::ZERO) else {
        return;
    };
    let (allowed, what): (&[&str], _) = match resource.str().split_once('.') {
        _ if huge => (UNITS, "hugepages"),
        _ if !RESOURCES.contains(&resource.str()) => return,
        Some((_, "cpu")) => (&["1m", "1"], "cpu"),
        Some((_, "memory")) => (UNITS, "memory"),
        _ => (UNITS, "local ephemeral storage"),
    };
    if !allowed.contains(&amount.to_string().as_str()) {
        let list = if allowed.len() == 2 { "1m and 1".to_owned() } else { allowed.join(", ") };
        let detail = format!("only divisor's values {list} are supported with the {what} resource");
        errors.invalid(&divisor, codes::QUANTITY, &quote(resource.str()), &detail);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_container;

    #[test]
    fn fields() {
        for (path, expected) in [
            ("spec.host", &[][..]),
            (
                "spec.nodeName['a']",
                &["error converting fieldPath: field label does not support subscript: spec.nodeName['a']"],
            ),
            ("['a']", &["error converting fieldPath: field label not supported: ['a']"]),
        ] {
            let lines: Vec<String> = expected
                .iter()
                .map(|detail| {
                    format!("spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"{path}\": {detail}")
                })
                .collect();
            check_container(
                &format!("env: [{{name: A, valueFrom: {{fieldRef: {{fieldPath: \"{path}\"}}}}}}]"),
                &lines.iter().map(String::as_str).collect::<Vec<_>>(),
            );
        }
    }

    #[test]
    fn files() {
        check_container(
            "env: [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: /a/.., key: 'a='}}}]",
            &[
                "spec.containers[0].env[0].valueFrom.fileKeyRef.key: Invalid value: \"a=\": a valid environment…",
                "spec.containers[0].env[0].valueFrom.fileKeyRef.path: Invalid value: \"/a/..\": must not contain '..'",
                "spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: \"v\"",
            ],
        );
    }
}
