//! The volumes of a Pod or of a pod template.
//!
//! DIFFERENCE: sources that are in no table here, those of rare network file systems, print as `<unknown>`.

use manifest::Tree;

use super::Page;
use crate::kubectl::tree::{at_or, int, is, pairs};

/// A source of volumes: its field, its `Type` line, and lines of label, field and what stands for an absent value.
type VolumeKind = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

/// The sources that manifests use.
const VOLUMES: [VolumeKind; 11] = [
    (
        "hostPath",
        "HostPath (bare host directory volume)",
        &[("Path", "path", ""), ("HostPathType", "type", "")],
    ),
    (
        "emptyDir",
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        &[("Medium", "medium", ""), ("SizeLimit", "sizeLimit", "<unset>")],
    ),
    (
        "secret",
        "Secret (a volume populated by a Secret)",
        &[("SecretName", "secretName", ""), ("Optional", "optional", "false")],
    ),
    (
        "configMap",
        "ConfigMap (a volume populated by a ConfigMap)",
        &[("Name", "name", ""), ("Optional", "optional", "false")],
    ),
    (
        "persistentVolumeClaim",
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        &[("ClaimName", "claimName", ""), ("ReadOnly", "readOnly", "false")],
    ),
    (
        "nfs",
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        &[("Server", "server", ""), ("Path", "path", ""), ("ReadOnly", "readOnly", "false")],
    ),
    ("projected", "Projected (a volume that contains injected data from multiple sources)", &[]),
    ("downwardAPI", "DownwardAPI (a volume populated by information about the pod)", &[]),
    (
        "csi",
        "CSI (a Container Storage Interface (CSI) volume source)",
        &[("Driver", "driver", ""), ("FSType", "fsType", ""), ("ReadOnly", "readOnly", "false")],
    ),
    (
        "image",
        "Image (a container image or OCI artifact)",
        &[("Reference", "reference", ""), ("PullPolicy", "pullPolicy", "")],
    ),
    (
        "ephemeral",
        "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
        &[],
    ),
];

/// The volumes, each with its source.
pub(super) fn volumes(volumes: &[Tree], space: &str, page: &mut Page) {
    if volumes.is_empty() {
        return page.field(0, &format!("{space}Volumes"), "<none>");
    }
    page.line(0, &format!("{space}Volumes:"));
    let indent = if space.is_empty() { "" } else { " " };
    for volume in volumes {
        page.line(1, &format!("{indent}{}:", volume.str_at(&["name"])));
        let known = VOLUMES.iter().find_map(|kind| Some((kind, volume.get(kind.0)?)));
        let Some(((field, title, lines), source)) = known else {
            page.line(1, "<unknown>");
            continue;
        };
        page.field(2, "Type", title);
        lines.iter().for_each(|(label, field, none)| page.field(2, label, &at_or(source, &[field], none)));
        match *field {
            "projected" => source.list_at(&["sources"]).iter().for_each(|source| projected(source, page)),
            "downwardAPI" => downward(source, page),
            "csi" => {
                let attributes = pairs(source.get("volumeAttributes"));
                let lines: Vec<String> =
                    attributes.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
                page.lines("    VolumeAttributes", &lines);
            }
            "ephemeral" => claim_template(source, page),
            _ => {}
        }
    }
}

fn projected(source: &Tree, page: &mut Page) {
    let optional = |from: &Tree| if is(from, &["optional"]) { "true" } else { "false" };
    if let Some(secret) = source.get("secret") {
        page.field(2, "SecretName", secret.str_at(&["name"]));
        page.field(2, "Optional", optional(secret));
    } else if source.get("downwardAPI").is_some() {
        page.field(2, "DownwardAPI", "true");
    } else if let Some(config) = source.get("configMap") {
        page.field(2, "ConfigMapName", config.str_at(&["name"]));
        page.field(2, "Optional", optional(config));
    } else if let Some(token) = source.get("serviceAccountToken") {
        page.field(2, "TokenExpirationSeconds", &int(token, &["expirationSeconds"]).to_string());
    }
}

fn downward(source: &Tree, page: &mut Page) {
    page.line(2, "Items:");
    for item in source.list_at(&["items"]) {
        let field = item.str_at(&["fieldRef", "fieldPath"]);
        let field = if field.is_empty() { item.str_at(&["resourceFieldRef", "resource"]) } else { field };
        page.line(3, &format!("{field} -> {}", item.str_at(&["path"])));
    }
}

/// The claim that an ephemeral volume will have.
fn claim_template(source: &Tree, page: &mut Page) {
    let template = source.get("volumeClaimTemplate").unwrap_or(source);
    page.field(2, "StorageClass", template.str_at(&["spec", "storageClassName"]));
    page.field(2, "Volume", "");
    page.labels("    Labels", template.at(&["metadata", "labels"]));
    page.annotations("    Annotations", template.at(&["metadata", "annotations"]));
    page.field(2, "Capacity", "");
    page.field(2, "Access Modes", "");
    page.some(2, "VolumeMode", template.str_at(&["spec", "volumeMode"]));
}
