//! Volume sources that pods and PersistentVolumes share: network file systems and cloud disks, most of them history.

use super::codes;
use super::errors::{Errors, range_text};
use super::field::Field;
use super::meta;
use super::names::{self, NameRule};
use super::paths;

/// Fields that a source requires, in the order of the checks.
const REQUIRED: &[(&str, &[&str])] = &[
    ("gitRepo", &["repository"]),
    ("gcePersistentDisk", &["pdName"]),
    ("awsElasticBlockStore", &["volumeID"]),
    ("nfs", &["server", "path"]),
    ("glusterfs", &["endpoints", "path"]),
    ("rbd", &["monitors", "image"]),
    ("cinder", &["volumeID"]),
    ("cephfs", &["monitors"]),
    ("flexVolume", &["driver"]),
    ("azureFile", &["secretName", "shareName"]),
    ("vsphereVolume", &["volumePath"]),
    ("photonPersistentDisk", &["pdID"]),
    ("portworxVolume", &["volumeID"]),
    ("azureDisk", &["diskName", "diskURI"]),
    ("scaleIO", &["gateway", "system", "volumeName"]),
];

/// Checks the source `name` of `volume`, which is set.
pub(crate) fn check(errors: &mut Errors, volume: &Field<'_>, name: &str, source: &Field<'_>) {
    // The path of this one is a slip in Kubernetes.
    let shown =
        if name == "gcePersistentDisk" { source.shown_as(volume, "persistentDisk") } else { source.clone() };
    if let Some((_, fields)) = REQUIRED.iter().find(|(known, _)| *known == name) {
        for field in *fields {
            errors.require(&shown.child(field));
        }
    }
    match name {
        "hostPath" => host_path(errors, source),
        "gitRepo" => paths::local_descending(errors, &source.child("directory")),
        "gcePersistentDisk" | "awsElasticBlockStore" => partition(errors, &shown.child("partition")),
        "nfs" => {
            let path = source.child("path");
            if !path.str().starts_with('/') {
                errors.invalid(&path, codes::FORMAT, &path.quoted(), "must be an absolute path");
            }
        }
        "iscsi" => iscsi(errors, volume, source),
        "fc" => fibre_channel(errors, source),
        "flocker" => flocker(errors, source),
        "quobyte" => quobyte(errors, source),
        "cinder" => secret_ref(errors, source),
        "azureDisk" => azure_disk(errors, source),
        "storageos" => {
            meta::required_name(errors, &source.child("volumeName"), NameRule::Label);
            meta::name_if_set(errors, &source.child("volumeNamespace"), NameRule::Label);
            secret_ref(errors, source);
        }
        "flexVolume" => flex_options(errors, &source.child("options")),
        "local" => {
            let path = source.child("path");
            if !errors.require(&path) {
                paths::no_backsteps(errors, &path);
            }
        }
        "csi" => csi(errors, source),
        _ => {}
    }
}

fn host_path(errors: &mut Errors, source: &Field<'_>) {
    let path = source.child("path");
    if errors.require(&path) {
        return;
    }
    paths::no_backsteps(errors, &path);
    let types = &[
        "",
        "BlockDevice",
        "CharDevice",
        "Directory",
        "DirectoryOrCreate",
        "File",
        "FileOrCreate",
        "Socket",
    ];
    errors.one_of_if_set(&source.child("type"), types);
}

fn partition(errors: &mut Errors, field: &Field<'_>) {
    if !(0..=255).contains(&field.number()) {
        errors.invalid(field, codes::NUMBER_RANGE, &field.number().to_string(), &range_text(1, 255));
    }
}

fn lun(errors: &mut Errors, field: &Field<'_>) {
    errors.within(field, 0, 255);
}

fn iscsi(errors: &mut Errors, volume: &Field<'_>, source: &Field<'_>) {
    let iqn = source.child("iqn");
    errors.require(&source.child("targetPortal"));
    if !errors.require(&iqn) {
        iscsi_name(errors, &iqn);
    }
    lun(errors, &source.child("lun"));
    let chap = source.child("chapAuthDiscovery").is_true() || source.child("chapAuthSession").is_true();
    let secret = source.child("secretRef");
    if chap && !secret.exists() {
        errors.required(&secret, "");
    }
    let initiator = source.child("initiatorName");
    if initiator.exists() {
        iscsi_name(errors, &initiator.shown_as(source, "initiatorname"));
        let name = volume.child("name");
        if name.str().len() + 1 + source.child("targetPortal").str().len() > 64 {
            let detail = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";
            errors.invalid(&name, codes::TOO_LONG, &name.quoted(), detail);
        }
    }
}

/// The name of an iSCSI target or initiator: `iqn.2001-04.com.example:disk`, `eui.` with 16 or `naa.` with 32 characters.
fn iscsi_name(errors: &mut Errors, field: &Field<'_>) {
    let text = field.str();
    let alphanumeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let qualified = |text: &str| {
        let Some((authority, name)) = text.split_once(':') else { return false };
        let bytes = authority.as_bytes();
        let date = bytes.iter().take(9).enumerate().all(|(index, byte)| match index {
            0 | 8 => *byte == b'.',
            5 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        let forbidden = |character: char| ",;*&$|".contains(character) || character.is_ascii_whitespace();
        bytes.len() > 9
            && date
            && bytes[9..].iter().all(allowed)
            && !name.is_empty()
            && !name.contains(forbidden)
    };
    let well_formed = match text.get(..3) {
        Some("iqn") => qualified(&text[3..]),
        Some("eui") => text.len() == 20 && alphanumeric(&text[4.min(text.len())..]),
        Some("naa") => text.len() == 36 && alphanumeric(&text[4.min(text.len())..]),
        _ => {
            let detail = "must be valid format starting with iqn, eui, or naa";
            errors.invalid(field, codes::FORMAT, &field.quoted(), detail);
            return;
        }
    };
    if !well_formed {
        errors.invalid(field, codes::FORMAT, &field.quoted(), "must be valid format");
    }
}

fn fibre_channel(errors: &mut Errors, source: &Field<'_>) {
    let [targets, ids, unit] = ["targetWWNs", "wwids", "lun"].map(|name| source.child(name));
    if targets.is_empty() && ids.is_empty() {
        errors.required(&targets, "must specify either targetWWNs or wwids, but not both");
    }
    if !targets.is_empty() && !ids.is_empty() {
        let detail = "targetWWNs and wwids can not be specified simultaneously";
        errors.invalid(&targets, codes::CONFLICT, &targets.json(), detail);
    }
    if !targets.is_empty() {
        if unit.exists() {
            lun(errors, &unit);
        } else {
            errors.required(&unit, "lun is required if targetWWNs is specified");
        }
    }
}

fn flocker(errors: &mut Errors, source: &Field<'_>) {
    let (name, uuid) = (source.child("datasetName"), source.child("datasetUUID"));
    if name.str().is_empty() && uuid.str().is_empty() {
        errors.required(source, "one of datasetName and datasetUUID is required");
    }
    if !name.str().is_empty() && !uuid.str().is_empty() {
        let detail = "datasetName and datasetUUID can not be specified simultaneously";
        errors.invalid(source, codes::CONFLICT, "\"resource\"", detail);
    }
    if name.str().contains('/') {
        errors.invalid(&name, codes::FORMAT, &name.quoted(), "must not contain '/'");
    }
}

fn quobyte(errors: &mut Errors, source: &Field<'_>) {
    let registry = source.child("registry");
    let detail = "must be a host:port pair or multiple pairs separated by commas";
    if registry.str().is_empty() {
        errors.required(&registry, detail);
    } else if source.child("tenant").str().len() > 64 {
        let detail = "must be a UUID and may not exceed a length of 64 characters";
        errors.required(&source.child("tenant"), detail);
    } else {
        for _ in registry.str().split(',').filter(|pair| !pair.contains(':')) {
            errors.invalid(&registry, codes::FORMAT, &registry.quoted(), detail);
        }
    }
    errors.require(&source.child("volume"));
}

fn secret_ref(errors: &mut Errors, source: &Field<'_>) {
    let secret = source.child("secretRef");
    if secret.exists() {
        errors.require(&secret.child("name"));
    }
}

fn azure_disk(errors: &mut Errors, source: &Field<'_>) {
    let (kind, uri) = (source.child("kind"), source.child("diskURI"));
    errors.one_of_if_set(&source.child("cachingMode"), &["None", "ReadOnly", "ReadWrite"]);
    errors.one_of_if_set(&kind, &["Dedicated", "Managed", "Shared"]);
    let (prefix, form) = if kind.str() == "Managed" {
        let form =
            "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
        ("/subscriptions/", form)
    } else {
        ("https://", "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd")
    };
    if kind.exists() && !uri.str().starts_with(prefix) {
        errors.unsupported(&uri, &uri.quoted(), &[form]);
    }
}

fn flex_options(errors: &mut Errors, options: &Field<'_>) {
    for (key, option) in options.entries() {
        let namespace = format!(".{}", key.split('/').next().unwrap_or("").to_lowercase());
        if namespace.ends_with(".kubernetes.io") || namespace.ends_with(".k8s.io") {
            let detail = "kubernetes.io and k8s.io namespaces are reserved";
            errors.invalid(&option, codes::FORMAT, &super::field::quote(key), detail);
        }
    }
}

/// The name of a CSI driver.
pub(crate) fn csi_driver(errors: &mut Errors, driver: &Field<'_>) {
    errors.require(driver);
    if driver.str().len() > 63 {
        errors.too_long(driver, 63);
    }
    errors.invalid_text(driver, codes::NAME_FORMAT, names::dns_subdomain(&driver.str().to_lowercase()));
}

fn csi(errors: &mut Errors, source: &Field<'_>) {
    csi_driver(errors, &source.child("driver"));
    let secret = source.child("nodePublishSecretRef");
    let name = secret.child("name");
    if secret.exists() && !errors.require(&name) {
        let shown = name.shown_as(source, "name");
        meta::name(errors, &shown, NameRule::Subdomain);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_spec;

    #[test]
    fn iscsi_names() {
        let long = "i".repeat(32);
        let well_formed =
            ["iqn.2001-04.com.example:storage.disk", "eui.0123456789abcdef", &format!("naa.{long}")];
        for name in well_formed {
            let volume = format!("{{name: v, iscsi: {{targetPortal: '1.2.3.4', iqn: {name}, lun: 0}}}}");
            check_spec(&format!("volumes: [{volume}]"), &[]);
        }
        for (name, detail) in [
            ("disk", "must be valid format starting with iqn, eui, or naa"),
            ("iqn.2001-04.com.example", "must be valid format"),
            ("'iqn.20-04.com:a'", "must be valid format"),
            ("eui.1", "must be valid format"),
            ("naa", "must be valid format"),
        ] {
            let volume = format!("{{name: v, iscsi: {{targetPortal: '1.2.3.4', iqn: {name}, lun: 0}}}}");
            let expected = format!(
                "spec.volumes[0].iscsi.iqn: Invalid value: \"{}\": {detail}",
                name.trim_matches('\'')
            );
            check_spec(&format!("volumes: [{volume}]"), &[&expected]);
        }
    }
}
