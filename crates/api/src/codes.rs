//! The closed list of diagnostic codes of the request path: kubectl, decoding, admission and allocation. Those of field
//! validation are in [`validation::codes`](crate::validation::codes), those of broken text in [`manifest::codes`].

manifest::codes! {
    DUPLICATE_KEY = "duplicate-key", "Warning: a key is given twice, and the last one counts.";
    UNKNOWN_KIND = "unknown-kind", "A kind that the cluster does not serve.";
    NO_OBJECTS = "no-objects", "A text without any object.";
    NOT_AN_OBJECT = "not-an-object", "A document without apiVersion or kind.";
    METADATA_TYPE = "metadata-type", "A value of the wrong type below metadata, where kubectl itself looks.";
    KUBECTL = "kubectl", "A refusal of kubectl itself.";
    UNKNOWN_FIELD = "unknown-field", "A field that the kind does not have.";
    WRONG_TYPE = "wrong-type", "A value of another type than its field.";
    BASE64 = "base64", "Data that is no base64.";
    TIME = "time", "A text that is no time.";
    NAMESPACE_NOT_FOUND = "namespace-not-found", "A namespace that does not exist.";
    CONFLICT = "conflict", "An object that is not the one that was meant.";
    FORBIDDEN = "forbidden", "A refusal of admission.";
    BAD_REQUEST = "bad-request", "A request that the server does not understand.";
    REFUSED = "refused", "A request that the server cannot fulfil, for a reason that is rare.";
    NODEPORT_RANGE = "nodeport-range", "A node port outside the range of the cluster.";
    NODEPORT_TAKEN = "nodeport-taken", "A node port that another Service has.";
    CLUSTER_IP = "cluster-ip", "A cluster IP that is taken or outside the range of the cluster.";
    POD_SECURITY = "pod-security", "Warning: a pod below the Pod Security Standard of its namespace.";
}
