//! Values as the API server prints them: JSON of the internal Go types, whose fields carry Go names, stand in declaration
//! order and are never left out (ERR-FMT-2).

use manifest::Tree;

use super::field::Field;

/// What a Go field prints when it is not set, and what it holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A pointer, list or map of plain values: `null`.
    Nullable,
    /// A string: `""`.
    Text,
    /// An integer or `IntOrString`: `0`.
    Number,
    /// A boolean: `false`.
    Bool,
    /// A struct by value.
    Struct(Shape),
    /// A pointer to a struct: `null`.
    Pointer(Shape),
    /// A list of structs: `null`.
    List(Shape),
    /// A struct with JSON tags and `omitempty`, behind a pointer: its set fields only, in this order.
    Tagged(&'static [&'static str]),
}

/// The fields of a Go struct: Go name, JSON name, kind.
pub(crate) type Shape = &'static [(&'static str, &'static str, Kind)];

/// The field's value in the given shape; an absent one is the empty struct.
pub(crate) fn render(field: &Field<'_>, shape: Shape) -> String {
    structure(field.tree(), shape)
}

fn structure(tree: Option<&Tree>, shape: Shape) -> String {
    let fields: Vec<String> = shape
        .iter()
        .map(|(go, json, kind)| format!("\"{go}\":{}", value(tree.and_then(|tree| tree.get(json)), *kind)))
        .collect();
    format!("{{{}}}", fields.join(","))
}

fn value(tree: Option<&Tree>, kind: Kind) -> String {
    match (kind, tree) {
        (Kind::Struct(shape), tree) | (Kind::Pointer(shape), tree @ Some(_)) => structure(tree, shape),
        (Kind::List(shape), Some(tree)) => {
            let items = tree.as_list().unwrap_or(&[]).iter().map(|item| structure(Some(item), shape));
            format!("[{}]", items.collect::<Vec<_>>().join(","))
        }
        (Kind::Tagged(keys), Some(tree)) => tagged(tree, keys),
        (_, Some(tree)) => tree.to_json(),
        (Kind::Text, None) => "\"\"".to_owned(),
        (Kind::Number, None) => "0".to_owned(),
        (Kind::Bool, None) => "false".to_owned(),
        (_, None) => "null".to_owned(),
    }
}

/// The named fields that are set, in this order, under the names of the API.
pub(crate) fn tagged(tree: &Tree, keys: &[&str]) -> String {
    let empty = |tree: &Tree| {
        tree.as_map().is_some_and(manifest::Map::is_empty) || tree.as_list().is_some_and(<[Tree]>::is_empty)
    };
    let fields: Vec<String> = keys
        .iter()
        .filter_map(|key| {
            tree.get(key).filter(|tree| !empty(tree)).map(|tree| format!("\"{key}\":{}", tree.to_json()))
        })
        .collect();
    format!("{{{}}}", fields.join(","))
}

/// `NodeAddress`.
pub(crate) const NODE_ADDRESS: Shape = &[("Type", "type", Kind::Text), ("Address", "address", Kind::Text)];

/// `PersistentVolumeClaimSpec`.
pub(crate) const CLAIM_SPEC: Shape = &[
    ("AccessModes", "accessModes", Kind::Nullable),
    ("Selector", "selector", Kind::Tagged(SELECTOR_KEYS)),
    (
        "Resources",
        "resources",
        Kind::Struct(&[("Limits", "limits", Kind::Nullable), ("Requests", "requests", Kind::Nullable)]),
    ),
    ("VolumeName", "volumeName", Kind::Text),
    ("StorageClassName", "storageClassName", Kind::Nullable),
    ("VolumeMode", "volumeMode", Kind::Nullable),
    (
        "DataSource",
        "dataSource",
        Kind::Pointer(&[
            ("APIGroup", "apiGroup", Kind::Nullable),
            ("Kind", "kind", Kind::Text),
            ("Name", "name", Kind::Text),
        ]),
    ),
    (
        "DataSourceRef",
        "dataSourceRef",
        Kind::Pointer(&[
            ("APIGroup", "apiGroup", Kind::Nullable),
            ("Kind", "kind", Kind::Text),
            ("Name", "name", Kind::Text),
            ("Namespace", "namespace", Kind::Nullable),
        ]),
    ),
    ("VolumeAttributesClassName", "volumeAttributesClassName", Kind::Nullable),
];

/// `HostPathVolumeSource`.
pub(crate) const HOST_PATH: Shape = &[("Path", "path", Kind::Text), ("Type", "type", Kind::Nullable)];

/// `NFSVolumeSource`.
pub(crate) const NFS: Shape =
    &[("Server", "server", Kind::Text), ("Path", "path", Kind::Text), ("ReadOnly", "readOnly", Kind::Bool)];

const SECRET_REFERENCE: Shape = &[("Name", "name", Kind::Text), ("Namespace", "namespace", Kind::Text)];

/// `PersistentVolumeSource`.
pub(crate) const VOLUME_SOURCE: Shape = &[
    ("GCEPersistentDisk", "gcePersistentDisk", Kind::Nullable),
    ("AWSElasticBlockStore", "awsElasticBlockStore", Kind::Nullable),
    ("HostPath", "hostPath", Kind::Pointer(HOST_PATH)),
    ("Glusterfs", "glusterfs", Kind::Nullable),
    ("NFS", "nfs", Kind::Pointer(NFS)),
    ("RBD", "rbd", Kind::Nullable),
    ("Quobyte", "quobyte", Kind::Nullable),
    ("ISCSI", "iscsi", Kind::Nullable),
    ("FlexVolume", "flexVolume", Kind::Nullable),
    ("Cinder", "cinder", Kind::Nullable),
    ("CephFS", "cephfs", Kind::Nullable),
    ("FC", "fc", Kind::Nullable),
    ("Flocker", "flocker", Kind::Nullable),
    ("AzureFile", "azureFile", Kind::Nullable),
    ("VsphereVolume", "vsphereVolume", Kind::Nullable),
    ("AzureDisk", "azureDisk", Kind::Nullable),
    ("PhotonPersistentDisk", "photonPersistentDisk", Kind::Nullable),
    ("PortworxVolume", "portworxVolume", Kind::Nullable),
    ("ScaleIO", "scaleIO", Kind::Nullable),
    ("Local", "local", Kind::Pointer(&[("Path", "path", Kind::Text), ("FSType", "fsType", Kind::Nullable)])),
    ("StorageOS", "storageos", Kind::Nullable),
    (
        "CSI",
        "csi",
        Kind::Pointer(&[
            ("Driver", "driver", Kind::Text),
            ("VolumeHandle", "volumeHandle", Kind::Text),
            ("ReadOnly", "readOnly", Kind::Bool),
            ("FSType", "fsType", Kind::Text),
            ("VolumeAttributes", "volumeAttributes", Kind::Nullable),
            ("ControllerPublishSecretRef", "controllerPublishSecretRef", Kind::Pointer(SECRET_REFERENCE)),
            ("NodeStageSecretRef", "nodeStageSecretRef", Kind::Pointer(SECRET_REFERENCE)),
            ("NodePublishSecretRef", "nodePublishSecretRef", Kind::Pointer(SECRET_REFERENCE)),
            ("ControllerExpandSecretRef", EXPAND_SECRET, Kind::Pointer(SECRET_REFERENCE)),
            ("NodeExpandSecretRef", "nodeExpandSecretRef", Kind::Pointer(SECRET_REFERENCE)),
        ]),
    ),
];

/// The part of a CSI volume that may be added to it.
pub(crate) const EXPAND_SECRET: &str = "controllerExpandSecretRef";

/// A list of structs with JSON tags and `omitempty`.
pub(crate) fn tagged_list(field: &Field<'_>, keys: &[&str]) -> String {
    let items: Vec<String> =
        field.items().iter().filter_map(Field::tree).map(|tree| tagged(tree, keys)).collect();
    format!("[{}]", items.join(","))
}

/// The fields of a label selector in the order of its struct.
pub(crate) const SELECTOR_KEYS: &[&str] = &["matchLabels", "matchExpressions"];

/// A label selector, in the order of its Go struct.
pub(crate) fn label_selector(field: &Field<'_>) -> String {
    field.tree().map_or_else(|| "null".to_owned(), |tree| tagged(tree, SELECTOR_KEYS))
}

use Kind::{Bool, List, Nullable, Number, Pointer, Tagged, Text};

/// `core.ServicePort`.
pub(crate) const SERVICE_PORT: Shape = &[
    ("Name", "name", Text),
    ("Protocol", "protocol", Text),
    ("AppProtocol", "appProtocol", Nullable),
    ("Port", "port", Number),
    ("TargetPort", "targetPort", Number),
    ("NodePort", "nodePort", Number),
];

/// `core.Taint`.
pub(crate) const TAINT: Shape = &[
    ("Key", "key", Text),
    ("Value", "value", Text),
    ("Effect", "effect", Text),
    ("TimeAdded", "timeAdded", Nullable),
];

const ROLLING_UPDATE: Shape =
    &[("MaxUnavailable", "maxUnavailable", Number), ("MaxSurge", "maxSurge", Number)];

/// `apps.DeploymentStrategy` and `apps.DaemonSetUpdateStrategy`.
pub(crate) const ROLLING_STRATEGY: Shape =
    &[("Type", "type", Text), ("RollingUpdate", "rollingUpdate", Pointer(ROLLING_UPDATE))];

/// `apps.RollingUpdateStatefulSetStrategy`.
pub(crate) const STATEFUL_ROLLING_UPDATE: Shape =
    &[("Partition", "partition", Number), ("MaxUnavailable", "maxUnavailable", Nullable)];

/// `apps.StatefulSetUpdateStrategy`.
pub(crate) const STATEFUL_STRATEGY: Shape =
    &[("Type", "type", Text), ("RollingUpdate", "rollingUpdate", Pointer(STATEFUL_ROLLING_UPDATE))];

/// `core.SeccompProfile` and `core.AppArmorProfile`.
pub(crate) const PROFILE: Shape =
    &[("Type", "type", Text), ("LocalhostProfile", "localhostProfile", Nullable)];

/// `core.SecurityContext`.
pub(crate) const SECURITY_CONTEXT: Shape = &[
    ("Capabilities", "capabilities", Pointer(&[("Add", "add", Nullable), ("Drop", "drop", Nullable)])),
    ("Privileged", "privileged", Nullable),
    (
        "SELinuxOptions",
        "seLinuxOptions",
        Pointer(&[
            ("User", "user", Text),
            ("Role", "role", Text),
            ("Type", "type", Text),
            ("Level", "level", Text),
        ]),
    ),
    (
        "WindowsOptions",
        "windowsOptions",
        Pointer(&[
            ("GMSACredentialSpecName", "gmsaCredentialSpecName", Nullable),
            ("GMSACredentialSpec", "gmsaCredentialSpec", Nullable),
            ("RunAsUserName", "runAsUserName", Nullable),
            ("HostProcess", "hostProcess", Nullable),
        ]),
    ),
    ("RunAsUser", "runAsUser", Nullable),
    ("RunAsGroup", "runAsGroup", Nullable),
    ("RunAsNonRoot", "runAsNonRoot", Nullable),
    ("ReadOnlyRootFilesystem", "readOnlyRootFilesystem", Nullable),
    ("AllowPrivilegeEscalation", "allowPrivilegeEscalation", Nullable),
    ("ProcMount", "procMount", Nullable),
    ("SeccompProfile", "seccompProfile", Pointer(PROFILE)),
    ("AppArmorProfile", "appArmorProfile", Pointer(PROFILE)),
];

/// `core.PodResourceClaim`.
pub(crate) const POD_RESOURCE_CLAIM: Shape = &[
    ("Name", "name", Text),
    ("ResourceClaimName", "resourceClaimName", Nullable),
    ("ResourceClaimTemplateName", "resourceClaimTemplateName", Nullable),
];

/// `policy.PodDisruptionBudgetSpec`.
pub(crate) const DISRUPTION_BUDGET: Shape = &[
    ("MinAvailable", "minAvailable", Nullable),
    ("Selector", "selector", Tagged(SELECTOR_KEYS)),
    ("MaxUnavailable", "maxUnavailable", Nullable),
    ("UnhealthyPodEvictionPolicy", "unhealthyPodEvictionPolicy", Nullable),
];

/// `batch.SuccessPolicy`.
pub(crate) const SUCCESS_POLICY: Shape = &[(
    "Rules",
    "rules",
    List(&[
        ("SucceededIndexes", "succeededIndexes", Nullable),
        ("SucceededCount", "succeededCount", Nullable),
    ]),
)];

/// `batch.PodFailurePolicy`.
pub(crate) const FAILURE_POLICY: Shape = &[(
    "Rules",
    "rules",
    List(&[
        ("Action", "action", Text),
        (
            "OnExitCodes",
            "onExitCodes",
            Pointer(&[
                ("ContainerName", "containerName", Nullable),
                ("Operator", "operator", Text),
                ("Values", "values", Nullable),
            ]),
        ),
        ("OnPodConditions", "onPodConditions", List(&[("Type", "type", Text), ("Status", "status", Text)])),
    ]),
)];

/// `rbac.RoleRef`.
pub(crate) const ROLE_REF: Shape =
    &[("APIGroup", "apiGroup", Text), ("Kind", "kind", Text), ("Name", "name", Text)];

/// `apiextensions.CustomResourceDefinitionVersion`, whose schemas and the like stand elsewhere where all versions share them.
pub(crate) const DEFINITION_VERSION: Shape = &[
    ("Name", "name", Text),
    ("Served", "served", Bool),
    ("Storage", "storage", Bool),
    ("Deprecated", "deprecated", Bool),
    ("DeprecationWarning", "deprecationWarning", Nullable),
    ("Schema", "", Nullable),
    ("Subresources", "", Nullable),
    ("AdditionalPrinterColumns", "", Nullable),
    ("SelectableFields", "", Nullable),
];

/// `core.ScopeSelector`.
pub(crate) const SCOPE_SELECTOR: Shape = &[(
    "MatchExpressions",
    "matchExpressions",
    List(&[("ScopeName", "scopeName", Text), ("Operator", "operator", Text), ("Values", "values", Nullable)]),
)];

const NODE_REQUIREMENT: Shape =
    &[("Key", "key", Text), ("Operator", "operator", Text), ("Values", "values", Nullable)];

/// `core.NodeSelectorTerm`.
pub(crate) const NODE_SELECTOR_TERM: Shape = &[
    ("MatchExpressions", "matchExpressions", List(NODE_REQUIREMENT)),
    ("MatchFields", "matchFields", List(NODE_REQUIREMENT)),
];

/// `core.VolumeNodeAffinity`.
pub(crate) const VOLUME_NODE_AFFINITY: Shape = &[(
    "Required",
    "required",
    Pointer(&[("NodeSelectorTerms", "nodeSelectorTerms", List(NODE_SELECTOR_TERM))]),
)];

/// A list of structs.
pub(crate) fn list(field: &Field<'_>, shape: Shape) -> String {
    value(field.tree(), List(shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use manifest::Map;

    fn map(entries: &[(&str, Tree)]) -> Tree {
        Tree::added(entries.iter().map(|(key, tree)| ((*key).to_owned(), tree.clone())).collect::<Map>())
    }

    #[test]
    fn unset_fields_print_their_zero_value() {
        let port = map(&[("protocol", Tree::added("TCP")), ("port", Tree::added(80))]);
        assert_eq!(
            render(&Field::root(&port), SERVICE_PORT),
            r#"{"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}"#
        );
        let strategy = map(&[("type", Tree::added("X"))]);
        assert_eq!(render(&Field::root(&strategy), ROLLING_STRATEGY), r#"{"Type":"X","RollingUpdate":null}"#);
    }

    #[test]
    fn selectors_keep_the_order_of_their_struct() {
        let selector = map(&[
            ("matchExpressions", Tree::added(vec![map(&[("key", Tree::added("a"))])])),
            ("matchLabels", map(&[("app", Tree::added("x"))])),
        ]);
        assert_eq!(
            label_selector(&Field::root(&selector)),
            r#"{"matchLabels":{"app":"x"},"matchExpressions":[{"key":"a"}]}"#
        );
    }
}
