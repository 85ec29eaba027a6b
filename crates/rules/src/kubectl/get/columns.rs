//! The columns of `kubectl get`, kind by kind (WL-PRINT-6, WL-PRINT-8, EXP-NODEPORT-2, EXP-ING-42).

use api::server::{GATEWAY_GROUP, Resource};
use manifest::Tree;

use super::cells;
use crate::kubectl::objects::Cluster;
use crate::kubectl::tree::{at_or, int, len};

/// An object in a table.
pub(in crate::kubectl) struct Row<'a> {
    pub(in crate::kubectl) cluster: &'a Cluster<'a>,
    pub(in crate::kubectl) tree: &'a Tree,
    pub(in crate::kubectl) wide: bool,
}

/// Where a column's text comes from.
pub(super) enum Cell {
    Name,
    Age,
    /// The text at a path, or the other one when there is none.
    Text(&'static [&'static str], &'static str),
    /// The number at a path; 0 when there is none.
    Count(&'static [&'static str]),
    /// How many entries there are at a path.
    Len(&'static [&'static str]),
    /// Worked out.
    From(fn(&Row<'_>) -> String),
}

/// A column.
pub(super) struct Column {
    pub(super) head: &'static str,
    /// Shown by `-o wide` only.
    pub(super) wide: bool,
    pub(super) cell: Cell,
}

impl Column {
    /// The text of an object.
    pub(super) fn text(&self, row: &Row<'_>) -> String {
        match self.cell {
            Cell::Name => row.tree.str_at(&["metadata", "name"]).to_owned(),
            Cell::Age => row.cluster.since(row.tree, &["metadata", "creationTimestamp"]),
            Cell::Text(path, default) => at_or(row.tree, path, default),
            Cell::Count(path) => int(row.tree, path).to_string(),
            Cell::Len(path) => len(row.tree.at(path)).to_string(),
            Cell::From(cell) => cell(row),
        }
    }
}

const fn column(head: &'static str, cell: Cell) -> Column {
    Column { head, wide: false, cell }
}

const fn wide(head: &'static str, cell: Cell) -> Column {
    Column { head, wide: true, cell }
}

use Cell::{Age, Count, From, Len, Name, Text};

const NAME: Column = column("NAME", Name);
const AGE: Column = column("AGE", Age);
const CONTAINERS: Column = wide("CONTAINERS", From(cells::container_names));
const IMAGES: Column = wide("IMAGES", From(cells::container_images));
const SELECTOR: Column = wide("SELECTOR", From(cells::selector));

const PODS: &[Column] = &[
    NAME,
    column("READY", From(cells::pod_ready)),
    column("STATUS", From(cells::pod_status)),
    column("RESTARTS", From(cells::pod_restarts)),
    AGE,
    wide("IP", Text(&["status", "podIP"], "<none>")),
    wide("NODE", Text(&["spec", "nodeName"], "<none>")),
    wide("NOMINATED NODE", Text(&["status", "nominatedNodeName"], "<none>")),
    wide("READINESS GATES", From(cells::readiness_gates)),
];
const DEPLOYMENTS: &[Column] = &[
    NAME,
    column("READY", From(cells::ready_replicas)),
    column("UP-TO-DATE", Count(&["status", "updatedReplicas"])),
    column("AVAILABLE", Count(&["status", "availableReplicas"])),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];
const REPLICA_SETS: &[Column] = &[
    NAME,
    column("DESIRED", Count(&["spec", "replicas"])),
    column("CURRENT", Count(&["status", "replicas"])),
    column("READY", Count(&["status", "readyReplicas"])),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];
const STATEFUL_SETS: &[Column] =
    &[NAME, column("READY", From(cells::ready_replicas)), AGE, CONTAINERS, IMAGES];
const DAEMON_SETS: &[Column] = &[
    NAME,
    column("DESIRED", Count(&["status", "desiredNumberScheduled"])),
    column("CURRENT", Count(&["status", "currentNumberScheduled"])),
    column("READY", Count(&["status", "numberReady"])),
    column("UP-TO-DATE", Count(&["status", "updatedNumberScheduled"])),
    column("AVAILABLE", Count(&["status", "numberAvailable"])),
    column("NODE SELECTOR", From(cells::node_selector)),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];
const JOBS: &[Column] = &[
    NAME,
    column("STATUS", From(cells::job_status)),
    column("COMPLETIONS", From(cells::job_completions)),
    column("DURATION", From(cells::job_duration)),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];
const CRON_JOBS: &[Column] = &[
    NAME,
    column("SCHEDULE", Text(&["spec", "schedule"], "")),
    column("TIMEZONE", Text(&["spec", "timeZone"], "<none>")),
    column("SUSPEND", From(cells::suspend)),
    column("ACTIVE", Len(&["status", "active"])),
    column("LAST SCHEDULE", Text(&["status", "lastScheduleTime"], "<none>")),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
];
const SERVICES: &[Column] = &[
    NAME,
    column("TYPE", Text(&["spec", "type"], "")),
    column("CLUSTER-IP", From(cells::cluster_ip)),
    column("EXTERNAL-IP", From(cells::external_ip)),
    column("PORT(S)", From(cells::service_ports)),
    AGE,
    wide("SELECTOR", From(cells::service_selector)),
];
const INGRESSES: &[Column] = &[
    NAME,
    column("CLASS", Text(&["spec", "ingressClassName"], "<none>")),
    column("HOSTS", From(cells::ingress_hosts)),
    column("ADDRESS", From(cells::balancer_addresses)),
    column("PORTS", From(cells::ingress_ports)),
    AGE,
];
const INGRESS_CLASSES: &[Column] = &[
    NAME,
    column("CONTROLLER", Text(&["spec", "controller"], "")),
    column("PARAMETERS", From(cells::class_parameters)),
    AGE,
];
const ENDPOINTS: &[Column] = &[NAME, column("ENDPOINTS", From(cells::endpoints)), AGE];
const ENDPOINT_SLICES: &[Column] = &[
    NAME,
    column("ADDRESSTYPE", Text(&["addressType"], "")),
    column("PORTS", From(cells::slice_ports)),
    column("ENDPOINTS", From(cells::slice_endpoints)),
    AGE,
];
const NODES: &[Column] = &[
    NAME,
    column("STATUS", From(cells::node_status)),
    column("ROLES", From(cells::node_roles)),
    AGE,
    column("VERSION", Text(&["status", "nodeInfo", "kubeletVersion"], "")),
    wide("INTERNAL-IP", From(|row| cells::node_address(row, "InternalIP"))),
    wide("EXTERNAL-IP", From(|row| cells::node_address(row, "ExternalIP"))),
    wide("OS-IMAGE", Text(&["status", "nodeInfo", "osImage"], "<unknown>")),
    wide("KERNEL-VERSION", Text(&["status", "nodeInfo", "kernelVersion"], "<unknown>")),
    wide("CONTAINER-RUNTIME", Text(&["status", "nodeInfo", "containerRuntimeVersion"], "<unknown>")),
];
const EVENTS: &[Column] = &[
    column("LAST SEEN", From(|row| row.cluster.since(row.tree, &["lastTimestamp"]))),
    column("TYPE", Text(&["type"], "")),
    column("REASON", Text(&["reason"], "")),
    column("OBJECT", From(cells::event_object)),
    wide("SUBOBJECT", Text(&["involvedObject", "fieldPath"], "")),
    wide("SOURCE", Text(&["source", "component"], "")),
    column("MESSAGE", From(|row| row.tree.str_at(&["message"]).trim().to_owned())),
    wide("FIRST SEEN", From(|row| row.cluster.since(row.tree, &["firstTimestamp"]))),
    wide("COUNT", Count(&["count"])),
    wide("NAME", Name),
];
const NAMESPACES: &[Column] = &[NAME, column("STATUS", Text(&["status", "phase"], "")), AGE];
const CONFIG_MAPS: &[Column] = &[NAME, column("DATA", From(cells::config_data)), AGE];
const SECRETS: &[Column] = &[NAME, column("TYPE", Text(&["type"], "")), column("DATA", Len(&["data"])), AGE];
const SERVICE_ACCOUNTS: &[Column] = &[NAME, column("SECRETS", Len(&["secrets"])), AGE];
const VOLUMES: &[Column] = &[
    NAME,
    column("CAPACITY", Text(&["spec", "capacity", "storage"], "0")),
    column("ACCESS MODES", From(|row| cells::access_modes(row.tree.list_at(&["spec", "accessModes"])))),
    column("RECLAIM POLICY", Text(&["spec", "persistentVolumeReclaimPolicy"], "")),
    column("STATUS", Text(&["status", "phase"], "")),
    column("CLAIM", From(cells::volume_claim)),
    column("STORAGECLASS", From(cells::storage_class)),
    column("VOLUMEATTRIBUTESCLASS", Text(&["spec", "volumeAttributesClassName"], "<unset>")),
    column("REASON", Text(&["status", "reason"], "")),
    AGE,
    wide("VOLUMEMODE", Text(&["spec", "volumeMode"], "<unset>")),
];
const CLAIMS: &[Column] = &[
    NAME,
    column("STATUS", Text(&["status", "phase"], "")),
    column("VOLUME", Text(&["spec", "volumeName"], "")),
    column("CAPACITY", Text(&["status", "capacity", "storage"], "")),
    column("ACCESS MODES", From(|row| cells::access_modes(row.tree.list_at(&["status", "accessModes"])))),
    column("STORAGECLASS", From(cells::storage_class)),
    column("VOLUMEATTRIBUTESCLASS", Text(&["spec", "volumeAttributesClassName"], "<unset>")),
    AGE,
    wide("VOLUMEMODE", Text(&["spec", "volumeMode"], "<unset>")),
];
const STORAGE_CLASSES: &[Column] = &[
    column("NAME", From(cells::storage_class_name)),
    column("PROVISIONER", Text(&["provisioner"], "")),
    column("RECLAIMPOLICY", Text(&["reclaimPolicy"], "Delete")),
    column("VOLUMEBINDINGMODE", Text(&["volumeBindingMode"], "Immediate")),
    column("ALLOWVOLUMEEXPANSION", Text(&["allowVolumeExpansion"], "false")),
    AGE,
];
const BUDGETS: &[Column] = &[
    NAME,
    column("MIN AVAILABLE", Text(&["spec", "minAvailable"], "N/A")),
    column("MAX UNAVAILABLE", Text(&["spec", "maxUnavailable"], "N/A")),
    column("ALLOWED DISRUPTIONS", Count(&["status", "disruptionsAllowed"])),
    AGE,
];
const AUTOSCALERS: &[Column] = &[
    NAME,
    column("REFERENCE", From(cells::autoscaler_target)),
    column("TARGETS", From(cells::autoscaler_metrics)),
    column("MINPODS", Text(&["spec", "minReplicas"], "<unset>")),
    column("MAXPODS", Count(&["spec", "maxReplicas"])),
    column("REPLICAS", Count(&["status", "currentReplicas"])),
    AGE,
];
const NETWORK_POLICIES: &[Column] = &[NAME, column("POD-SELECTOR", From(cells::pod_selector)), AGE];
const PRIORITY_CLASSES: &[Column] = &[
    NAME,
    column("VALUE", Count(&["value"])),
    column("GLOBAL-DEFAULT", Text(&["globalDefault"], "false")),
    AGE,
    column("PREEMPTIONPOLICY", Text(&["preemptionPolicy"], "")),
];
const RUNTIME_CLASSES: &[Column] = &[NAME, column("HANDLER", Text(&["handler"], "")), AGE];
const QUOTAS: &[Column] = &[
    NAME,
    column("REQUEST", From(|row| cells::quota(row, false))),
    column("LIMIT", From(|row| cells::quota(row, true))),
    AGE,
];
const LIMIT_RANGES: &[Column] = &[NAME, column("CREATED AT", Text(&["metadata", "creationTimestamp"], ""))];
const BINDINGS: &[Column] = &[
    NAME,
    column("ROLE", From(cells::role)),
    AGE,
    wide("USERS", From(|row| cells::subjects(row, "User"))),
    wide("GROUPS", From(|row| cells::subjects(row, "Group"))),
    wide("SERVICEACCOUNTS", From(|row| cells::subjects(row, "ServiceAccount"))),
];
const POD_TEMPLATES: &[Column] = &[
    NAME,
    column("CONTAINERS", From(cells::container_names)),
    column("IMAGES", From(cells::container_images)),
    column("POD LABELS", From(cells::template_labels)),
];
const WEBHOOKS: &[Column] = &[NAME, column("WEBHOOKS", Len(&["webhooks"])), AGE];
const LEASES: &[Column] = &[NAME, column("HOLDER", Text(&["spec", "holderIdentity"], "")), AGE];
const CLAIM_OF_DEVICES: &[Column] = &[NAME, column("STATE", Text(&["status", "state"], "pending")), AGE];
/// What the definitions of the Gateway API print of an object that no controller has touched.
const GATEWAY_CLASSES: &[Column] = &[
    NAME,
    column("CONTROLLER", Text(&["spec", "controllerName"], "")),
    column("ACCEPTED", From(|row| cells::condition(row, "Accepted"))),
    AGE,
];
const GATEWAYS: &[Column] = &[
    NAME,
    column("CLASS", Text(&["spec", "gatewayClassName"], "")),
    column("ADDRESS", From(cells::gateway_address)),
    column("PROGRAMMED", From(|row| cells::condition(row, "Programmed"))),
    AGE,
];
const ROUTES: &[Column] = &[NAME, column("HOSTNAMES", Text(&["spec", "hostnames"], "")), AGE];
const OTHERS: &[Column] = &[NAME, AGE];

/// The columns of a resource. Those of the server's own that have no printer show when they were created.
pub(super) fn columns(resource: &Resource) -> &'static [Column] {
    match (&*resource.group, &*resource.plural) {
        ("", "pods") => PODS,
        ("", "replicationcontrollers") | ("apps", "replicasets") => REPLICA_SETS,
        ("apps", "deployments") => DEPLOYMENTS,
        ("apps", "statefulsets") => STATEFUL_SETS,
        ("apps", "daemonsets") => DAEMON_SETS,
        ("batch", "jobs") => JOBS,
        ("batch", "cronjobs") => CRON_JOBS,
        ("", "services") => SERVICES,
        ("networking.k8s.io", "ingresses") => INGRESSES,
        ("networking.k8s.io", "ingressclasses") => INGRESS_CLASSES,
        ("networking.k8s.io", "networkpolicies") => NETWORK_POLICIES,
        ("", "endpoints") => ENDPOINTS,
        ("discovery.k8s.io", "endpointslices") => ENDPOINT_SLICES,
        ("", "nodes") => NODES,
        ("" | "events.k8s.io", "events") => EVENTS,
        ("", "namespaces") => NAMESPACES,
        ("", "configmaps") => CONFIG_MAPS,
        ("", "secrets") => SECRETS,
        ("", "serviceaccounts") => SERVICE_ACCOUNTS,
        ("", "persistentvolumes") => VOLUMES,
        ("", "persistentvolumeclaims") => CLAIMS,
        ("", "podtemplates") => POD_TEMPLATES,
        ("", "resourcequotas") => QUOTAS,
        ("storage.k8s.io", "storageclasses") => STORAGE_CLASSES,
        ("policy", "poddisruptionbudgets") => BUDGETS,
        ("autoscaling", "horizontalpodautoscalers") => AUTOSCALERS,
        ("scheduling.k8s.io", "priorityclasses") => PRIORITY_CLASSES,
        ("node.k8s.io", "runtimeclasses") => RUNTIME_CLASSES,
        ("rbac.authorization.k8s.io", "rolebindings" | "clusterrolebindings") => BINDINGS,
        ("admissionregistration.k8s.io", plural) if plural.ends_with("webhookconfigurations") => WEBHOOKS,
        ("coordination.k8s.io", "leases") => LEASES,
        ("resource.k8s.io", "resourceclaims") => CLAIM_OF_DEVICES,
        (GATEWAY_GROUP, "gatewayclasses") => GATEWAY_CLASSES,
        (GATEWAY_GROUP, "gateways") => GATEWAYS,
        (GATEWAY_GROUP, "httproutes" | "grpcroutes" | "tlsroutes") => ROUTES,
        ("", "limitranges")
        | ("rbac.authorization.k8s.io", "roles" | "clusterroles")
        | ("apiextensions.k8s.io", "customresourcedefinitions") => LIMIT_RANGES,
        _ => OTHERS,
    }
}
