//! Volumes of pods: their names and sources (VAL-VOL).

use manifest::sorted::{SortedMap, SortedSet};

use super::codes;
use super::env::{self, Place};
use super::errors::Errors;
use super::field::Field;
use super::meta;
use super::names::NameRule;
use super::paths;
use super::sources;
use super::storage;

/// What a mount needs to know of a volume that is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VolumeKind {
    /// A claim, which can be used as a block device.
    Claim,
    /// Everything else.
    Other,
}

/// The valid volumes of a pod by name; an invalid one counts as unknown (VAL-CTR-5).
pub(crate) type Volumes<'a> = SortedMap<&'a str, VolumeKind>;

/// `spec.volumes`; `pod_name` is empty in templates.
pub(crate) fn volumes<'a>(errors: &mut Errors, list: &Field<'a>, pod_name: &str) -> Volumes<'a> {
    let mut valid = Volumes::new();
    let volumes = list.items();
    let ephemeral = volumes.iter().filter(|volume| volume.child("ephemeral").exists());
    let created: SortedSet<String> =
        ephemeral.map(|volume| format!("{pod_name}-{}", volume.child("name").str())).collect();
    for volume in volumes {
        let before = errors.len();
        source(errors, &volume, pod_name);
        let name = volume.child("name");
        meta::required_name(errors, &name, NameRule::Label);
        if valid.contains_key(name.str()) {
            errors.duplicate(&name, &name.quoted(), "");
        }
        if errors.len() == before {
            let kind = if volume.child("persistentVolumeClaim").exists() || volume.child("ephemeral").exists()
            {
                VolumeKind::Claim
            } else {
                VolumeKind::Other
            };
            valid.insert(name.str(), kind);
        }
        let claim = volume.at("persistentVolumeClaim.claimName");
        if !pod_name.is_empty() && created.contains(claim.str()) {
            let detail = "must not reference a PVC that gets created for an ephemeral volume";
            errors.invalid(&claim, codes::CONFLICT, &claim.quoted(), detail);
        }
    }
    valid
}

/// The volume sources in the order of the checks: JSON name, and the name under which a second source is refused.
const SOURCES: &[(&str, &str)] = &[
    ("emptyDir", "emptyDir"),
    ("hostPath", "hostPath"),
    ("gitRepo", "gitRepo"),
    ("gcePersistentDisk", "gcePersistentDisk"),
    ("awsElasticBlockStore", "awsElasticBlockStore"),
    ("secret", "secret"),
    ("nfs", "nfs"),
    ("iscsi", "iscsi"),
    ("glusterfs", "glusterfs"),
    ("flocker", "flocker"),
    ("persistentVolumeClaim", "persistentVolumeClaim"),
    ("rbd", "rbd"),
    ("cinder", "cinder"),
    ("cephfs", "cephFS"),
    ("quobyte", "quobyte"),
    ("downwardAPI", "downwarAPI"),
    ("fc", "fc"),
    ("flexVolume", "flexVolume"),
    ("configMap", "configMap"),
    ("azureFile", "azureFile"),
    ("vsphereVolume", "vsphereVolume"),
    ("photonPersistentDisk", "photonPersistentDisk"),
    ("portworxVolume", "portworxVolume"),
    ("azureDisk", "azureDisk"),
    ("storageos", "storageos"),
    ("projected", "projected"),
    ("scaleIO", "scaleIO"),
    ("csi", "csi"),
    ("ephemeral", "ephemeral"),
    ("image", "image"),
];

fn source(errors: &mut Errors, volume: &Field<'_>, pod_name: &str) {
    let mut found = false;
    for &(name, refused_as) in SOURCES {
        let field = volume.child(name);
        if !field.exists() {
            continue;
        }
        if found {
            errors.forbidden(&field.shown_as(volume, refused_as), "may not specify more than 1 volume type");
            continue;
        }
        found = true;
        match name {
            "emptyDir" => {
                let limit = field.child("sizeLimit");
                if super::resources::amount(&limit).is_some_and(|amount| amount < super::resources::ZERO) {
                    errors.forbidden(&limit, "SizeLimit field must be a valid resource quantity");
                }
            }
            "secret" => {
                errors.require(&field.child("secretName"));
                files(errors, &field);
            }
            "configMap" => {
                errors.require(&field.child("name"));
                files(errors, &field);
            }
            "persistentVolumeClaim" => {
                errors.require(&field.child("claimName"));
            }
            "downwardAPI" => {
                paths::file_mode(errors, &field.child("defaultMode"));
                for file in field.child("items").items() {
                    downward_file(errors, &file, &field);
                }
            }
            "projected" => projected(errors, &field),
            "ephemeral" => ephemeral(errors, volume, &field, pod_name),
            "image" => {
                if !pod_name.is_empty() {
                    errors.require(&field.child("reference"));
                }
                errors.required_one_of(&field.child("pullPolicy"), super::container::PULL_POLICIES);
            }
            _ => sources::check(errors, volume, name, &field),
        }
    }
    if !found {
        errors.required(volume, "must specify a volume type");
    }
}

/// Mode and items of a ConfigMap or Secret.
fn files(errors: &mut Errors, source: &Field<'_>) {
    paths::file_mode(errors, &source.child("defaultMode"));
    for item in source.child("items").items() {
        key_to_path(errors, &item);
    }
}

fn key_to_path(errors: &mut Errors, item: &Field<'_>) {
    let path = item.child("path");
    errors.require(&item.child("key"));
    errors.require(&path);
    paths::local_non_reserved(errors, &path);
    paths::file_mode(errors, &item.child("mode"));
}

/// A file of the downward API. Kubernetes reports it at the volume source, not at the item.
fn downward_file(errors: &mut Errors, file: &Field<'_>, shown: &Field<'_>) {
    let file = file.with_path(shown.path());
    let (path, field, resource) =
        (file.child("path"), file.child("fieldRef"), file.child("resourceFieldRef"));
    errors.require(&path);
    paths::local_non_reserved(errors, &path);
    if field.exists() {
        env::field_ref(errors, &field, env::VOLUME_FIELDS);
        if resource.exists() {
            let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
            errors.invalid(&file, codes::CONFLICT, "\"resource\"", detail);
        }
    } else if resource.exists() {
        env::resource_field_ref(errors, &resource, Place::Volume);
    } else {
        errors.required(&file, "one of fieldRef and resourceFieldRef is required");
    }
    paths::file_mode(errors, &file.child("mode"));
}

/// Bundles and certificates are not among the sources: their feature gates are off, and defaulting has dropped them.
fn projected(errors: &mut Errors, projected: &Field<'_>) {
    paths::file_mode(errors, &projected.child("defaultMode"));
    let mut used: Vec<&str> = Vec::new();
    for source in projected.child("sources").items() {
        let mut kinds = 0;
        for kind in ["secret", "configMap"] {
            let field = source.child(kind);
            if !field.exists() {
                continue;
            }
            kinds += 1;
            errors.require(&field.child("name"));
            for item in field.child("items").items() {
                key_to_path(errors, &item);
                claim_path(errors, projected, &mut used, &item.child("path"), &field.child("name").quoted());
            }
        }
        let downward = source.child("downwardAPI");
        if downward.exists() {
            kinds += 1;
            for file in downward.child("items").items() {
                downward_file(errors, &file, &downward);
                let path = file.child("path");
                claim_path(errors, projected, &mut used, &path, &path.quoted());
            }
        }
        let token = source.child("serviceAccountToken");
        if token.exists() {
            kinds += 1;
            service_account_token(errors, projected, &token);
        }
        if kinds > 1 {
            errors.forbidden(&source, "may not specify more than 1 volume type per source");
        }
    }
}

/// No two projected files may have the same path.
fn claim_path<'a>(
    errors: &mut Errors,
    projected: &Field<'a>,
    used: &mut Vec<&'a str>,
    path: &Field<'a>,
    value: &str,
) {
    if path.str().is_empty() {
        return;
    }
    if used.contains(&path.str()) {
        errors.invalid(
            &path.with_path(projected.path()),
            codes::CONFLICT,
            value,
            "conflicting duplicate paths",
        );
    } else {
        used.push(path.str());
    }
}

fn service_account_token(errors: &mut Errors, projected: &Field<'_>, token: &Field<'_>) {
    let seconds = token.child("expirationSeconds");
    let value = seconds.number().to_string();
    if seconds.number() < 600 {
        let detail = "may not specify a duration less than 10 minutes";
        errors.invalid(&seconds, codes::NUMBER_RANGE, &value, detail);
    }
    if seconds.number() > 1 << 32 {
        let detail = "may not specify a duration larger than 2^32 seconds";
        errors.invalid(&seconds, codes::NUMBER_RANGE, &value, detail);
    }
    let path = token.child("path").shown_as(projected, "path");
    if !errors.require(&path) {
        paths::local_non_reserved(errors, &path);
    }
}

fn ephemeral(errors: &mut Errors, volume: &Field<'_>, ephemeral: &Field<'_>, pod_name: &str) {
    let template = ephemeral.child("volumeClaimTemplate");
    if template.exists() {
        let metadata = template.child("metadata");
        meta::annotations(errors, &metadata.child("annotations"));
        meta::labels(errors, &metadata.child("labels"));
        for (key, entry) in metadata.entries() {
            if !matches!(key, "annotations" | "labels" | "creationTimestamp") {
                errors.forbidden(&entry.shown_as(&metadata, key), "cannot be set");
            }
        }
        storage::claim_spec(errors, &template.child("spec"));
    } else {
        errors.required(&template, "");
    }
    let name = volume.child("name");
    if !pod_name.is_empty() && !name.str().is_empty() {
        let claim = format!("{pod_name}-{}", name.str());
        for message in NameRule::Subdomain.check(&claim) {
            let detail = format!("PVC name {}: {message}", super::field::quote(&claim));
            errors.invalid(&name, codes::NAME_FORMAT, &name.quoted(), &detail);
        }
    }
}
