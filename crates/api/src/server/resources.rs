//! Which kinds the server serves, and under which resource name: the RESTMapper of kubectl and the paths of the API.

use std::borrow::Cow;
use std::rc::Rc;

use crate::types::Kind;

/// A served resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    /// API group; empty for the core group.
    pub group: Cow<'static, str>,
    /// Version.
    pub version: Cow<'static, str>,
    /// Kind.
    pub kind: Cow<'static, str>,
    /// Resource name, for example `pods`.
    pub plural: Cow<'static, str>,
    /// Whether objects live in namespaces.
    pub namespaced: bool,
}

impl Resource {
    /// `group/version`, or `version` in the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_string()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// Whether it is one of the server's own, and not of a CustomResourceDefinition.
    pub fn is_built_in(&self) -> bool {
        matches!(self.kind, Cow::Borrowed(_))
    }

    /// `deployments.apps`, `pods`: how errors name it.
    pub fn group_resource(&self) -> String {
        qualified(&self.plural, &self.group)
    }

    /// `Deployment.apps`, `Pod`: how Invalid errors name it (ERR-FMT-7).
    pub fn group_kind(&self) -> String {
        qualified(&self.kind, &self.group)
    }

    /// `deployment.apps/web`: how kubectl's success lines name an object (PIPE-5).
    pub fn kubectl_name(&self, name: &str) -> String {
        format!("{}/{name}", qualified(&self.kind.to_lowercase(), &self.group))
    }

    /// The kind, as the store has it. A kind of the same name in another group is not simulated.
    pub fn store_kind(&self) -> Kind {
        match (&*self.group, &*self.kind) {
            ("", "Namespace") => Kind::Namespace,
            ("", "Node") => Kind::Node,
            ("", "Pod") => Kind::Pod,
            ("", "Service") => Kind::Service,
            ("", "ReplicationController") => Kind::ReplicationController,
            ("", "PersistentVolume") => Kind::PersistentVolume,
            ("", "PersistentVolumeClaim") => Kind::PersistentVolumeClaim,
            ("apps", "Deployment") => Kind::Deployment,
            ("apps", "ReplicaSet") => Kind::ReplicaSet,
            ("apps", "StatefulSet") => Kind::StatefulSet,
            ("apps", "DaemonSet") => Kind::DaemonSet,
            ("batch", "Job") => Kind::Job,
            ("batch", "CronJob") => Kind::CronJob,
            ("networking.k8s.io", "Ingress") => Kind::Ingress,
            ("networking.k8s.io", "IngressClass") => Kind::IngressClass,
            ("scheduling.k8s.io", "PriorityClass") => Kind::PriorityClass,
            ("policy", "PodDisruptionBudget") => Kind::PodDisruptionBudget,
            ("storage.k8s.io", "StorageClass") => Kind::StorageClass,
            _ => Kind::Other(Rc::from(&*self.kind)),
        }
    }
}

fn qualified(name: &str, group: &str) -> String {
    if group.is_empty() { name.to_owned() } else { format!("{name}.{group}") }
}

/// A row of [`BUILT_IN`]: group and version, then kind and plural of its namespaced and of its cluster-scoped resources.
type GroupRow = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [(&'static str, &'static str)],
);

/// What kube-apiserver 1.36 serves by default, as far as manifests can create it.
const BUILT_IN: &[GroupRow] = &[
    (
        "",
        "v1",
        &[
            ("ConfigMap", "configmaps"),
            ("Endpoints", "endpoints"),
            ("Event", "events"),
            ("LimitRange", "limitranges"),
            ("PersistentVolumeClaim", "persistentvolumeclaims"),
            ("Pod", "pods"),
            ("PodTemplate", "podtemplates"),
            ("ReplicationController", "replicationcontrollers"),
            ("ResourceQuota", "resourcequotas"),
            ("Secret", "secrets"),
            ("Service", "services"),
            ("ServiceAccount", "serviceaccounts"),
        ],
        &[("Namespace", "namespaces"), ("Node", "nodes"), ("PersistentVolume", "persistentvolumes")],
    ),
    (
        "apps",
        "v1",
        &[
            ("ControllerRevision", "controllerrevisions"),
            ("DaemonSet", "daemonsets"),
            ("Deployment", "deployments"),
            ("ReplicaSet", "replicasets"),
            ("StatefulSet", "statefulsets"),
        ],
        &[],
    ),
    ("batch", "v1", &[("CronJob", "cronjobs"), ("Job", "jobs")], &[]),
    ("autoscaling", "v2", &[("HorizontalPodAutoscaler", "horizontalpodautoscalers")], &[]),
    ("autoscaling", "v1", &[("HorizontalPodAutoscaler", "horizontalpodautoscalers")], &[]),
    (
        "networking.k8s.io",
        "v1",
        &[("Ingress", "ingresses"), ("NetworkPolicy", "networkpolicies")],
        &[("IngressClass", "ingressclasses"), ("IPAddress", "ipaddresses"), ("ServiceCIDR", "servicecidrs")],
    ),
    ("policy", "v1", &[("PodDisruptionBudget", "poddisruptionbudgets")], &[]),
    (
        "rbac.authorization.k8s.io",
        "v1",
        &[("Role", "roles"), ("RoleBinding", "rolebindings")],
        &[("ClusterRole", "clusterroles"), ("ClusterRoleBinding", "clusterrolebindings")],
    ),
    ("scheduling.k8s.io", "v1", &[], &[("PriorityClass", "priorityclasses")]),
    (
        "storage.k8s.io",
        "v1",
        &[("CSIStorageCapacity", "csistoragecapacities")],
        &[
            ("CSIDriver", "csidrivers"),
            ("CSINode", "csinodes"),
            ("StorageClass", "storageclasses"),
            ("VolumeAttachment", "volumeattachments"),
            ("VolumeAttributesClass", "volumeattributesclasses"),
        ],
    ),
    ("node.k8s.io", "v1", &[], &[("RuntimeClass", "runtimeclasses")]),
    ("coordination.k8s.io", "v1", &[("Lease", "leases")], &[]),
    ("discovery.k8s.io", "v1", &[("EndpointSlice", "endpointslices")], &[]),
    ("events.k8s.io", "v1", &[("Event", "events")], &[]),
    (
        "resource.k8s.io",
        "v1",
        &[("ResourceClaim", "resourceclaims"), ("ResourceClaimTemplate", "resourceclaimtemplates")],
        &[("DeviceClass", "deviceclasses"), ("ResourceSlice", "resourceslices")],
    ),
    (
        "admissionregistration.k8s.io",
        "v1",
        &[],
        &[
            ("MutatingAdmissionPolicy", "mutatingadmissionpolicies"),
            ("MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings"),
            ("MutatingWebhookConfiguration", "mutatingwebhookconfigurations"),
            ("ValidatingAdmissionPolicy", "validatingadmissionpolicies"),
            ("ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings"),
            ("ValidatingWebhookConfiguration", "validatingwebhookconfigurations"),
        ],
    ),
    ("apiextensions.k8s.io", "v1", &[], &[("CustomResourceDefinition", "customresourcedefinitions")]),
    ("apiregistration.k8s.io", "v1", &[], &[("APIService", "apiservices")]),
    ("certificates.k8s.io", "v1", &[], &[("CertificateSigningRequest", "certificatesigningrequests")]),
    (
        "flowcontrol.apiserver.k8s.io",
        "v1",
        &[],
        &[("FlowSchema", "flowschemas"), ("PriorityLevelConfiguration", "prioritylevelconfigurations")],
    ),
];

/// All built-in resources, core group first.
pub(crate) fn built_in() -> impl Iterator<Item = Resource> {
    BUILT_IN.iter().flat_map(|&(group, version, namespaced, cluster)| {
        let row = move |namespaced| {
            move |&(kind, plural): &(&'static str, &'static str)| Resource {
                group: group.into(),
                version: version.into(),
                kind: kind.into(),
                plural: plural.into(),
                namespaced,
            }
        };
        namespaced.iter().map(row(true)).chain(cluster.iter().map(row(false)))
    })
}

/// The group of the Gateway API.
pub const GATEWAY_GROUP: &str = "gateway.networking.k8s.io";

/// Kinds of the Gateway API that decide who is reached: kind, plural, and whether objects live in namespaces.
const GATEWAY_API: [(&str, &str, bool); 8] = [
    ("GatewayClass", "gatewayclasses", false),
    ("Gateway", "gateways", true),
    ("HTTPRoute", "httproutes", true),
    ("GRPCRoute", "grpcroutes", true),
    ("TLSRoute", "tlsroutes", true),
    ("TCPRoute", "tcproutes", true),
    ("UDPRoute", "udproutes", true),
    ("ReferenceGrant", "referencegrants", true),
];

/// The resource that a kind of the Gateway API has where its CustomResourceDefinitions are installed (EXP-GW-1).
pub(crate) fn gateway_api(api_version: &str, kind: &str) -> Option<Resource> {
    let (group, version) = split_api_version(api_version);
    let &(_, plural, namespaced) = GATEWAY_API.iter().find(|(name, _, _)| *name == kind)?;
    (group == GATEWAY_GROUP && version.starts_with("v1")).then(|| Resource {
        group: GATEWAY_GROUP.into(),
        version: version.to_owned().into(),
        // Owned: it is none of the server's own.
        kind: kind.to_owned().into(),
        plural: plural.into(),
        namespaced,
    })
}

/// Short names that people type on kubectl's command line.
const SHORT_NAMES: &[(&str, &str)] = &[
    ("cm", "configmaps"),
    ("cj", "cronjobs"),
    ("deploy", "deployments"),
    ("ds", "daemonsets"),
    ("ep", "endpoints"),
    ("hpa", "horizontalpodautoscalers"),
    ("ing", "ingresses"),
    ("limits", "limitranges"),
    ("netpol", "networkpolicies"),
    ("no", "nodes"),
    ("ns", "namespaces"),
    ("pc", "priorityclasses"),
    ("pdb", "poddisruptionbudgets"),
    ("po", "pods"),
    ("pv", "persistentvolumes"),
    ("pvc", "persistentvolumeclaims"),
    ("quota", "resourcequotas"),
    ("rc", "replicationcontrollers"),
    ("rs", "replicasets"),
    ("sa", "serviceaccounts"),
    ("sc", "storageclasses"),
    ("sts", "statefulsets"),
    ("svc", "services"),
];

/// Splits `group/version` or `version`.
pub fn split_api_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

/// Whether `word` names the resource on the command line: plural, singular, short name or kind, in any case, with or
/// without the group.
pub fn is_named(resource: &Resource, word: &str) -> bool {
    let lower = word.to_lowercase();
    let (name, group) = lower.split_once('.').unwrap_or((&lower, ""));
    if !group.is_empty() && group != resource.group && !group.ends_with(&format!(".{}", resource.group)) {
        return false;
    }
    name == resource.plural
        || name == resource.kind.to_lowercase()
        || SHORT_NAMES.iter().any(|&(short, plural)| short == name && plural == resource.plural)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: Option<&str>) {
        let found =
            built_in().find(|resource| is_named(resource, word)).map(|resource| resource.kubectl_name("x"));
        assert_eq!(found.as_deref(), expected, "{word}");
    }

    #[test]
    fn command_line_names() {
        check("deploy", Some("deployment.apps/x"));
        check("Deployments", Some("deployment.apps/x"));
        check("deployment.apps", Some("deployment.apps/x"));
        check("deployments.v1.apps", Some("deployment.apps/x"));
        check("po", Some("pod/x"));
        check("ing", Some("ingress.networking.k8s.io/x"));
        check("deploymnet", None);
    }

    #[test]
    fn the_gateway_api_is_known_and_not_built_in() {
        let found = |api_version, kind| gateway_api(api_version, kind);
        let gateway = found("gateway.networking.k8s.io/v1", "Gateway").expect("a resource");
        assert!(!gateway.is_built_in() && gateway.namespaced);
        assert_eq!(gateway.group_resource(), "gateways.gateway.networking.k8s.io");
        assert!(found("gateway.networking.k8s.io/v1alpha2", "TCPRoute").is_some());
        assert_eq!(found("networking.istio.io/v1", "Gateway"), None);
        assert_eq!(found("gateway.networking.k8s.io/v1", "XRoute"), None);
    }
}
