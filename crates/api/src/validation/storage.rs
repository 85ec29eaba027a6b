//! PersistentVolumeClaims, PersistentVolumes and StorageClasses.

use super::affinity;
use super::codes;
use super::errors::Errors;
use super::field::{Field, quote};
use super::meta;
use super::names::{self, NameRule};
use super::resources;
use super::sources;

const ACCESS_MODES: &[&str] = &["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const VOLUME_MODES: &[&str] = &["Block", "Filesystem"];

fn access_modes(errors: &mut Errors, modes: &Field<'_>) {
    let (mut single, mut other) = (false, false);
    for mode in modes.items() {
        errors.one_of(&mode.with_path(modes.path()), ACCESS_MODES);
        single |= mode.str() == "ReadWriteOncePod";
        other |= mode.str() != "ReadWriteOncePod" && ACCESS_MODES.contains(&mode.str());
    }
    if single && other {
        errors.forbidden(modes, "may not use ReadWriteOncePod with other access modes");
    }
}

/// `spec` of a claim or claim template.
pub(crate) fn claim_spec(errors: &mut Errors, spec: &Field<'_>) {
    let modes = spec.child("accessModes");
    if modes.is_empty() {
        errors.required(&modes, "at least 1 access mode is required");
    }
    meta::label_selector(errors, &spec.child("selector"));
    access_modes(errors, &modes);
    let resources = spec.child("resources");
    let storage = resources.child("requests").key("storage");
    let shown = storage.with_path(resources.key("storage").path());
    match resources::amount(&storage) {
        None => errors.required(&shown, ""),
        Some(amount) if amount <= resources::ZERO => {
            errors.invalid(&shown, codes::QUANTITY, &quote(&amount.to_string()), "must be greater than zero");
        }
        Some(_) => {}
    }
    meta::name_if_set(errors, &spec.child("storageClassName"), NameRule::Subdomain);
    errors.one_of_if_set(&spec.child("volumeMode"), VOLUME_MODES);
    for name in ["dataSource", "dataSourceRef"] {
        data_source(errors, &spec.child(name));
    }
    data_sources_agree(errors, spec);
    meta::name_if_set(errors, &spec.child("volumeAttributesClassName"), NameRule::Subdomain);
}

/// The two ways to name where the data comes from. The value that Kubernetes shows is a path, of which JSON shows nothing.
fn data_sources_agree(errors: &mut Errors, spec: &Field<'_>) {
    let (source, reference) = (spec.child("dataSource"), spec.child("dataSourceRef"));
    if !source.exists() || !reference.exists() {
        return;
    }
    let detail = if !reference.child("namespace").str().is_empty() {
        "may not be specified when dataSourceRef.namespace is specified"
    } else if ["apiGroup", "kind", "name"]
        .iter()
        .any(|name| source.child(name).str() != reference.child(name).str())
    {
        "must match dataSourceRef"
    } else {
        return;
    };
    errors.invalid(&source.with_path(spec.path()), codes::CONFLICT, "{}", detail);
}

fn data_source(errors: &mut Errors, source: &Field<'_>) {
    if !source.exists() {
        return;
    }
    let [name, kind, group] = ["name", "kind", "apiGroup"].map(|name| source.child(name));
    errors.require(&name);
    errors.require(&kind);
    if group.str().is_empty() && kind.str() != "PersistentVolumeClaim" {
        let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
        errors.invalid(source, codes::CONFLICT, &kind.quoted(), detail);
    }
    meta::name_if_set(errors, &group, NameRule::Subdomain);
    meta::name_if_set(errors, &source.child("namespace"), NameRule::Label);
}

/// The sources of a PersistentVolume in the order of the checks, and the name under which a second one is refused.
const SOURCES: &[(&str, &str)] = &[
    ("hostPath", "hostPath"),
    ("gcePersistentDisk", "gcePersistentDisk"),
    ("awsElasticBlockStore", "awsElasticBlockStore"),
    ("glusterfs", "glusterfs"),
    ("flocker", "flocker"),
    ("nfs", "nfs"),
    ("rbd", "rbd"),
    ("quobyte", "quobyte"),
    ("cephfs", "cephFS"),
    ("iscsi", "iscsi"),
    ("cinder", "cinder"),
    ("fc", "fc"),
    ("flexVolume", "flexVolume"),
    ("azureFile", "azureFile"),
    ("vsphereVolume", "vsphereVolume"),
    ("photonPersistentDisk", "photonPersistentDisk"),
    ("portworxVolume", "portworxVolume"),
    ("azureDisk", "azureDisk"),
    ("scaleIO", "scaleIO"),
    ("local", "local"),
    ("storageos", "storageos"),
    ("csi", "csi"),
];

/// `spec` of a PersistentVolume.
pub(crate) fn volume_spec(errors: &mut Errors, spec: &Field<'_>) {
    let (modes, capacity) = (spec.child("accessModes"), spec.child("capacity"));
    errors.require(&modes);
    access_modes(errors, &modes);
    errors.require(&capacity);
    let entries = capacity.entries();
    if entries.len() != 1 || entries[0].0 != "storage" {
        errors.unsupported(&capacity, &capacity.json(), &["storage"]);
    }
    for (_, entry) in entries {
        let Some(amount) = resources::amount(&entry) else { continue };
        if amount < resources::ZERO {
            let detail = "must be a valid resource quantity";
            errors.invalid(&entry, codes::QUANTITY, &amount.value().to_string(), detail);
        }
        if amount <= resources::ZERO {
            errors.invalid(&entry, codes::QUANTITY, &quote(&amount.to_string()), "must be greater than zero");
        }
    }
    let policy = spec.child("persistentVolumeReclaimPolicy");
    if !policy.str().is_empty() {
        errors.one_of(&policy, &["Delete", "Recycle", "Retain"]);
    }
    let affinity = spec.child("nodeAffinity");
    let required = affinity.child("required");
    if required.exists() {
        affinity::node_selector(errors, &required);
    } else if affinity.exists() {
        errors.required(&required, "must specify required node constraints");
    }
    volume_source(errors, spec, &affinity);
    let path = spec.at("hostPath.path").str();
    if !path.is_empty() && path.bytes().all(|byte| byte == b'/') && policy.str() == "Recycle" {
        errors.forbidden(&policy, "may not be 'recycle' for a hostPath mount of '/'");
    }
    meta::name_if_set(errors, &spec.child("storageClassName"), NameRule::Subdomain);
    errors.one_of_if_set(&spec.child("volumeMode"), VOLUME_MODES);
    let attributes = spec.child("volumeAttributesClassName");
    if attributes.exists() {
        if attributes.str().is_empty() {
            errors.required(&attributes, "an empty string is disallowed");
        }
        meta::name_if_set(errors, &attributes, NameRule::Subdomain);
        let csi = spec.child("csi");
        if !csi.exists() {
            errors.required(&csi, "has to be specified when using volumeAttributesClassName");
        }
    }
}

fn volume_source(errors: &mut Errors, spec: &Field<'_>, affinity: &Field<'_>) {
    let mut found = false;
    for &(name, refused_as) in SOURCES {
        let source = spec.child(name);
        if !source.exists() {
            continue;
        }
        if found {
            errors.forbidden(&source.shown_as(spec, refused_as), "may not specify more than 1 volume type");
            continue;
        }
        found = true;
        if name == "csi" {
            csi(errors, &source);
        } else {
            sources::check(errors, spec, name, &source);
        }
        if name == "local" && !affinity.exists() {
            errors.required(affinity, "Local volume requires node affinity");
        }
    }
    if !found {
        errors.required(spec, "must specify a volume type");
    }
}

fn csi(errors: &mut Errors, source: &Field<'_>) {
    sources::csi_driver(errors, &source.child("driver"));
    errors.require(&source.child("volumeHandle"));
    for name in [
        "controllerPublishSecretRef",
        "controllerExpandSecretRef",
        "nodePublishSecretRef",
        "nodeExpandSecretRef",
    ] {
        let secret = source.child(name);
        if secret.exists() {
            meta::required_name(errors, &secret.child("name"), NameRule::Subdomain);
            meta::required_name(errors, &secret.child("namespace"), NameRule::Label);
        }
    }
}

/// A StorageClass.
pub(crate) fn storage_class(errors: &mut Errors, class: &Field<'_>) {
    let provisioner = class.child("provisioner");
    if !errors.require(&provisioner) {
        let lower = provisioner.str().to_lowercase();
        errors.invalid_each(&provisioner, codes::LABEL_KEY, &lower, names::qualified_name(&lower));
    }
    let parameters = class.child("parameters");
    if parameters.len() > 512 {
        errors.too_long(&parameters, 512);
    } else {
        let entries = parameters.entries();
        for (_, entry) in entries.iter().filter(|(key, _)| key.is_empty()) {
            errors.invalid(&entry.with_path("parameters"), codes::FORMAT, "\"\"", "field can not be empty.");
        }
        let limit = 256 * 1024;
        if entries.iter().map(|(key, value)| key.len() + value.str().len()).sum::<usize>() > limit {
            errors.too_long(&parameters, limit);
        }
    }
    let policy = class.child("reclaimPolicy");
    if !policy.str().is_empty() {
        errors.one_of(&policy, &["Delete", "Retain"]);
    }
    let mode = class.child("volumeBindingMode");
    if mode.exists() {
        errors.one_of(&mode, &["Immediate", "WaitForFirstConsumer"]);
    } else {
        errors.required(&mode, "");
    }
    affinity::topology_selector_terms(errors, &class.child("allowedTopologies"));
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check as validate, check_update};

    #[test]
    fn data_sources() {
        let check = |rest: &str, expected: &[&str]| {
            let yaml = format!(
                "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: c}}, spec: {{accessModes: [ReadWriteOnce], \
                 resources: {{requests: {{storage: 1}}}}, {rest}}}}}"
            );
            validate(&yaml, expected);
        };
        let source = "dataSource: {kind: PersistentVolumeClaim, name: a}";
        let reference =
            |rest: &str| format!("{source}, dataSourceRef: {{kind: PersistentVolumeClaim, {rest}}}");
        check(source, &[]);
        check(&reference("name: a"), &[]);
        check(&reference("name: b"), &["spec: Invalid value: {}: must match dataSourceRef"]);
        let elsewhere =
            "spec: Invalid value: {}: may not be specified when dataSourceRef.namespace is specified";
        check(&reference("name: a, namespace: other"), &[elsewhere]);
    }

    #[test]
    fn sources_of_a_volume_stay() {
        let volume = |source: &str| {
            format!(
                "{{apiVersion: v1, kind: PersistentVolume, metadata: {{name: v}}, spec: {{accessModes: [ReadWriteOnce], \
                 capacity: {{storage: 1}}, {source}}}}}"
            )
        };
        let diff = "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ -2,7 +2,7 @@\n  \"GCEPersistentDisk\": null,\n  \"AWSElasticBlockStore\": null,\n  \"HostPath\": {\n-  \"Path\": \"/a\",\n+  \"Path\": \"/b\",\n   \"Type\": null\n  },\n  \"Glusterfs\": null,…";
        let (before, after) = (volume("hostPath: {path: /a}"), volume("hostPath: {path: /b}"));
        check_update("PersistentVolume", &before, &after, &[diff]);
        let csi = |more: &str| volume(&format!("csi: {{driver: a.b, volumeHandle: h{more}}}"));
        let secret = csi(", controllerExpandSecretRef: {name: s, namespace: ns}");
        check_update("PersistentVolume", &csi(""), &secret, &[]);
    }
}
