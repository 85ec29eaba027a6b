//! `core.PodSpec` as the API server prints it: the shapes of its Go structs, as data (ERR-FMT-2).
//!
//! DIFFERENCE: volume sources of the old cloud and network file systems print with their JSON names.

use super::go_json::Kind::{Bool, List, Nullable, Number, Pointer, Struct, Tagged, Text};
use super::go_json::{
    HOST_PATH, NFS, NODE_SELECTOR_TERM, POD_RESOURCE_CLAIM, PROFILE, SECURITY_CONTEXT, SELECTOR_KEYS, Shape,
};

const NAME: Shape = &[("Name", "name", Text)];
const NAME_OPTIONAL: Shape = &[("Name", "name", Text), ("Optional", "optional", Nullable)];
const NAME_KEY: Shape = &[("Name", "name", Text), ("Key", "key", Text), ("Optional", "optional", Nullable)];
const NAME_VALUE: Shape = &[("Name", "name", Text), ("Value", "value", Text)];
const NAME_VALUE_POINTER: Shape = &[("Name", "name", Text), ("Value", "value", Nullable)];
const FIELD_REF: Shape = &[("APIVersion", "apiVersion", Text), ("FieldPath", "fieldPath", Text)];

const RESOURCE_REF: Shape =
    &[("ContainerName", "containerName", Text), ("Resource", "resource", Text), ("Divisor", "divisor", Text)];

const KEY_TO_PATH: Shape = &[("Key", "key", Text), ("Path", "path", Text), ("Mode", "mode", Nullable)];

const DOWNWARD_FILE: Shape = &[
    ("Path", "path", Text),
    ("FieldRef", "fieldRef", Pointer(FIELD_REF)),
    ("ResourceFieldRef", "resourceFieldRef", Pointer(RESOURCE_REF)),
    ("Mode", "mode", Nullable),
];

const PROJECTED_FILES: Shape =
    &[("Name", "name", Text), ("Items", "items", List(KEY_TO_PATH)), ("Optional", "optional", Nullable)];

const PROJECTION: Shape = &[
    ("Secret", "secret", Pointer(PROJECTED_FILES)),
    ("DownwardAPI", "downwardAPI", Pointer(&[("Items", "items", List(DOWNWARD_FILE))])),
    ("ConfigMap", "configMap", Pointer(PROJECTED_FILES)),
    (
        "ServiceAccountToken",
        "serviceAccountToken",
        Pointer(&[
            ("Audience", "audience", Text),
            ("ExpirationSeconds", "expirationSeconds", Number),
            ("Path", "path", Text),
        ]),
    ),
    ("ClusterTrustBundle", "clusterTrustBundle", Nullable),
    ("PodCertificate", "podCertificate", Nullable),
];

const VOLUME: Shape = &[
    ("Name", "name", Text),
    ("HostPath", "hostPath", Pointer(HOST_PATH)),
    ("EmptyDir", "emptyDir", Pointer(&[("Medium", "medium", Text), ("SizeLimit", "sizeLimit", Nullable)])),
    ("GCEPersistentDisk", "gcePersistentDisk", Nullable),
    ("AWSElasticBlockStore", "awsElasticBlockStore", Nullable),
    ("GitRepo", "gitRepo", Nullable),
    (
        "Secret",
        "secret",
        Pointer(&[
            ("SecretName", "secretName", Text),
            ("Items", "items", List(KEY_TO_PATH)),
            ("DefaultMode", "defaultMode", Nullable),
            ("Optional", "optional", Nullable),
        ]),
    ),
    ("NFS", "nfs", Pointer(NFS)),
    ("ISCSI", "iscsi", Nullable),
    ("Glusterfs", "glusterfs", Nullable),
    (
        "PersistentVolumeClaim",
        "persistentVolumeClaim",
        Pointer(&[("ClaimName", "claimName", Text), ("ReadOnly", "readOnly", Bool)]),
    ),
    ("RBD", "rbd", Nullable),
    ("Quobyte", "quobyte", Nullable),
    ("FlexVolume", "flexVolume", Nullable),
    ("Cinder", "cinder", Nullable),
    ("CephFS", "cephfs", Nullable),
    ("Flocker", "flocker", Nullable),
    (
        "DownwardAPI",
        "downwardAPI",
        Pointer(&[("Items", "items", List(DOWNWARD_FILE)), ("DefaultMode", "defaultMode", Nullable)]),
    ),
    ("FC", "fc", Nullable),
    ("AzureFile", "azureFile", Nullable),
    (
        "ConfigMap",
        "configMap",
        Pointer(&[
            ("Name", "name", Text),
            ("Items", "items", List(KEY_TO_PATH)),
            ("DefaultMode", "defaultMode", Nullable),
            ("Optional", "optional", Nullable),
        ]),
    ),
    ("VsphereVolume", "vsphereVolume", Nullable),
    ("AzureDisk", "azureDisk", Nullable),
    ("PhotonPersistentDisk", "photonPersistentDisk", Nullable),
    (
        "Projected",
        "projected",
        Pointer(&[("Sources", "sources", List(PROJECTION)), ("DefaultMode", "defaultMode", Nullable)]),
    ),
    ("PortworxVolume", "portworxVolume", Nullable),
    ("ScaleIO", "scaleIO", Nullable),
    ("StorageOS", "storageos", Nullable),
    (
        "CSI",
        "csi",
        Pointer(&[
            ("Driver", "driver", Text),
            ("ReadOnly", "readOnly", Nullable),
            ("FSType", "fsType", Nullable),
            ("VolumeAttributes", "volumeAttributes", Nullable),
            ("NodePublishSecretRef", "nodePublishSecretRef", Pointer(NAME)),
        ]),
    ),
    ("Ephemeral", "ephemeral", Nullable),
    ("Image", "image", Pointer(&[("Reference", "reference", Text), ("PullPolicy", "pullPolicy", Text)])),
];

const EXEC: Shape = &[("Command", "command", Nullable)];

const HTTP_GET: Shape = &[
    ("Path", "path", Text),
    ("Port", "port", Number),
    ("Host", "host", Text),
    ("Scheme", "scheme", Text),
    ("HTTPHeaders", "httpHeaders", List(NAME_VALUE)),
];

const TCP_SOCKET: Shape = &[("Port", "port", Number), ("Host", "host", Text)];

const PROBE: Shape = &[
    ("Exec", "exec", Pointer(EXEC)),
    ("HTTPGet", "httpGet", Pointer(HTTP_GET)),
    ("TCPSocket", "tcpSocket", Pointer(TCP_SOCKET)),
    ("GRPC", "grpc", Pointer(&[("Port", "port", Number), ("Service", "service", Nullable)])),
    ("InitialDelaySeconds", "initialDelaySeconds", Number),
    ("TimeoutSeconds", "timeoutSeconds", Number),
    ("PeriodSeconds", "periodSeconds", Number),
    ("SuccessThreshold", "successThreshold", Number),
    ("FailureThreshold", "failureThreshold", Number),
    ("TerminationGracePeriodSeconds", "terminationGracePeriodSeconds", Nullable),
];

const HANDLER: Shape = &[
    ("Exec", "exec", Pointer(EXEC)),
    ("HTTPGet", "httpGet", Pointer(HTTP_GET)),
    ("TCPSocket", "tcpSocket", Pointer(TCP_SOCKET)),
    ("Sleep", "sleep", Pointer(&[("Seconds", "seconds", Number)])),
];

const RESOURCES: Shape = &[
    ("Limits", "limits", Nullable),
    ("Requests", "requests", Nullable),
    ("Claims", "claims", List(&[("Name", "name", Text), ("Request", "request", Text)])),
];

const VALUE_FROM: Shape = &[
    ("FieldRef", "fieldRef", Pointer(FIELD_REF)),
    ("ResourceFieldRef", "resourceFieldRef", Pointer(RESOURCE_REF)),
    ("ConfigMapKeyRef", "configMapKeyRef", Pointer(NAME_KEY)),
    ("SecretKeyRef", "secretKeyRef", Pointer(NAME_KEY)),
    (
        "FileKeyRef",
        "fileKeyRef",
        Pointer(&[
            ("VolumeName", "volumeName", Text),
            ("Path", "path", Text),
            ("Key", "key", Text),
            ("Optional", "optional", Nullable),
        ]),
    ),
];

const CONTAINER_PORT: Shape = &[
    ("Name", "name", Text),
    ("HostPort", "hostPort", Number),
    ("ContainerPort", "containerPort", Number),
    ("Protocol", "protocol", Text),
    ("HostIP", "hostIP", Text),
];

const VOLUME_MOUNT: Shape = &[
    ("Name", "name", Text),
    ("ReadOnly", "readOnly", Bool),
    ("RecursiveReadOnly", "recursiveReadOnly", Nullable),
    ("MountPath", "mountPath", Text),
    ("SubPath", "subPath", Text),
    ("MountPropagation", "mountPropagation", Nullable),
    ("SubPathExpr", "subPathExpr", Text),
];

const CONTAINER: Shape = &[
    ("Name", "name", Text),
    ("Image", "image", Text),
    ("Command", "command", Nullable),
    ("Args", "args", Nullable),
    ("WorkingDir", "workingDir", Text),
    ("Ports", "ports", List(CONTAINER_PORT)),
    (
        "EnvFrom",
        "envFrom",
        List(&[
            ("Prefix", "prefix", Text),
            ("ConfigMapRef", "configMapRef", Pointer(NAME_OPTIONAL)),
            ("SecretRef", "secretRef", Pointer(NAME_OPTIONAL)),
        ]),
    ),
    (
        "Env",
        "env",
        List(&[
            ("Name", "name", Text),
            ("Value", "value", Text),
            ("ValueFrom", "valueFrom", Pointer(VALUE_FROM)),
        ]),
    ),
    ("Resources", "resources", Struct(RESOURCES)),
    (
        "ResizePolicy",
        "resizePolicy",
        List(&[("ResourceName", "resourceName", Text), ("RestartPolicy", "restartPolicy", Text)]),
    ),
    ("RestartPolicy", "restartPolicy", Nullable),
    ("RestartPolicyRules", "restartPolicyRules", Nullable),
    ("VolumeMounts", "volumeMounts", List(VOLUME_MOUNT)),
    ("VolumeDevices", "volumeDevices", List(&[("Name", "name", Text), ("DevicePath", "devicePath", Text)])),
    ("LivenessProbe", "livenessProbe", Pointer(PROBE)),
    ("ReadinessProbe", "readinessProbe", Pointer(PROBE)),
    ("StartupProbe", "startupProbe", Pointer(PROBE)),
    (
        "Lifecycle",
        "lifecycle",
        Pointer(&[
            ("PostStart", "postStart", Pointer(HANDLER)),
            ("PreStop", "preStop", Pointer(HANDLER)),
            ("StopSignal", "stopSignal", Nullable),
        ]),
    ),
    ("TerminationMessagePath", "terminationMessagePath", Text),
    ("TerminationMessagePolicy", "terminationMessagePolicy", Text),
    ("ImagePullPolicy", "imagePullPolicy", Text),
    ("SecurityContext", "securityContext", Pointer(SECURITY_CONTEXT)),
    ("Stdin", "stdin", Bool),
    ("StdinOnce", "stdinOnce", Bool),
    ("TTY", "tty", Bool),
];

const POD_SECURITY_CONTEXT: Shape = &[
    ("HostNetwork", "hostNetwork", Bool),
    ("HostPID", "hostPID", Bool),
    ("HostIPC", "hostIPC", Bool),
    ("ShareProcessNamespace", "shareProcessNamespace", Nullable),
    ("HostUsers", "hostUsers", Nullable),
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
    ("WindowsOptions", "windowsOptions", Nullable),
    ("RunAsUser", "runAsUser", Nullable),
    ("RunAsGroup", "runAsGroup", Nullable),
    ("RunAsNonRoot", "runAsNonRoot", Nullable),
    ("SupplementalGroups", "supplementalGroups", Nullable),
    ("SupplementalGroupsPolicy", "supplementalGroupsPolicy", Nullable),
    ("FSGroup", "fsGroup", Nullable),
    ("FSGroupChangePolicy", "fsGroupChangePolicy", Nullable),
    ("Sysctls", "sysctls", List(NAME_VALUE)),
    ("SeccompProfile", "seccompProfile", Pointer(PROFILE)),
    ("AppArmorProfile", "appArmorProfile", Pointer(PROFILE)),
    ("SELinuxChangePolicy", "seLinuxChangePolicy", Nullable),
];

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

const POD_TERM: Shape = &[
    ("LabelSelector", "labelSelector", Tagged(SELECTOR_KEYS)),
    ("Namespaces", "namespaces", Nullable),
    ("TopologyKey", "topologyKey", Text),
    ("NamespaceSelector", "namespaceSelector", Tagged(SELECTOR_KEYS)),
    ("MatchLabelKeys", "matchLabelKeys", Nullable),
    ("MismatchLabelKeys", "mismatchLabelKeys", Nullable),
];

const POD_AFFINITY: Shape = &[
    ("RequiredDuringSchedulingIgnoredDuringExecution", REQUIRED, List(POD_TERM)),
    (
        "PreferredDuringSchedulingIgnoredDuringExecution",
        PREFERRED,
        List(&[("Weight", "weight", Number), ("PodAffinityTerm", "podAffinityTerm", Struct(POD_TERM))]),
    ),
];

const NODE_AFFINITY: Shape = &[
    (
        "RequiredDuringSchedulingIgnoredDuringExecution",
        REQUIRED,
        Pointer(&[("NodeSelectorTerms", "nodeSelectorTerms", List(NODE_SELECTOR_TERM))]),
    ),
    (
        "PreferredDuringSchedulingIgnoredDuringExecution",
        PREFERRED,
        List(&[("Weight", "weight", Number), ("Preference", "preference", Struct(NODE_SELECTOR_TERM))]),
    ),
];

const SPREAD: Shape = &[
    ("MaxSkew", "maxSkew", Number),
    ("TopologyKey", "topologyKey", Text),
    ("WhenUnsatisfiable", "whenUnsatisfiable", Text),
    ("LabelSelector", "labelSelector", Tagged(SELECTOR_KEYS)),
    ("MinDomains", "minDomains", Nullable),
    ("NodeAffinityPolicy", "nodeAffinityPolicy", Nullable),
    ("NodeTaintsPolicy", "nodeTaintsPolicy", Nullable),
    ("MatchLabelKeys", "matchLabelKeys", Nullable),
];

const TOLERATION: Shape = &[
    ("Key", "key", Text),
    ("Operator", "operator", Text),
    ("Value", "value", Text),
    ("Effect", "effect", Text),
    ("TolerationSeconds", "tolerationSeconds", Nullable),
];

/// `core.PodSpec`; what v1 has beside `securityContext` and the internal type inside it has been moved there.
pub(crate) const POD_SPEC: Shape = &[
    ("Volumes", "volumes", List(VOLUME)),
    ("InitContainers", "initContainers", List(CONTAINER)),
    ("Containers", "containers", List(CONTAINER)),
    ("EphemeralContainers", "ephemeralContainers", List(CONTAINER)),
    ("RestartPolicy", "restartPolicy", Text),
    ("TerminationGracePeriodSeconds", "terminationGracePeriodSeconds", Nullable),
    ("ActiveDeadlineSeconds", "activeDeadlineSeconds", Nullable),
    ("DNSPolicy", "dnsPolicy", Text),
    ("NodeSelector", "nodeSelector", Nullable),
    ("ServiceAccountName", "serviceAccountName", Text),
    ("AutomountServiceAccountToken", "automountServiceAccountToken", Nullable),
    ("NodeName", "nodeName", Text),
    ("SecurityContext", "securityContext", Pointer(POD_SECURITY_CONTEXT)),
    ("ImagePullSecrets", "imagePullSecrets", List(NAME)),
    ("Hostname", "hostname", Text),
    ("Subdomain", "subdomain", Text),
    ("SetHostnameAsFQDN", "setHostnameAsFQDN", Nullable),
    (
        "Affinity",
        "affinity",
        Pointer(&[
            ("NodeAffinity", "nodeAffinity", Pointer(NODE_AFFINITY)),
            ("PodAffinity", "podAffinity", Pointer(POD_AFFINITY)),
            ("PodAntiAffinity", "podAntiAffinity", Pointer(POD_AFFINITY)),
        ]),
    ),
    ("SchedulerName", "schedulerName", Text),
    ("Tolerations", "tolerations", List(TOLERATION)),
    ("HostAliases", "hostAliases", List(&[("IP", "ip", Text), ("Hostnames", "hostnames", Nullable)])),
    ("PriorityClassName", "priorityClassName", Text),
    ("Priority", "priority", Nullable),
    ("PreemptionPolicy", "preemptionPolicy", Nullable),
    (
        "DNSConfig",
        "dnsConfig",
        Pointer(&[
            ("Nameservers", "nameservers", Nullable),
            ("Searches", "searches", Nullable),
            ("Options", "options", List(NAME_VALUE_POINTER)),
        ]),
    ),
    ("ReadinessGates", "readinessGates", List(&[("ConditionType", "conditionType", Text)])),
    ("RuntimeClassName", "runtimeClassName", Nullable),
    ("Overhead", "overhead", Nullable),
    ("EnableServiceLinks", "enableServiceLinks", Nullable),
    ("TopologySpreadConstraints", "topologySpreadConstraints", List(SPREAD)),
    ("OS", "os", Pointer(NAME)),
    ("SchedulingGates", "schedulingGates", List(NAME)),
    ("ResourceClaims", "resourceClaims", List(POD_RESOURCE_CLAIM)),
    ("Resources", "resources", Pointer(RESOURCES)),
    ("HostnameOverride", "hostnameOverride", Nullable),
    ("SchedulingGroup", "schedulingGroup", Nullable),
];
