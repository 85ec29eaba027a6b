//! The closed list of diagnostic codes that validation uses. A code names a kind of mistake, not a field: the path says where.

manifest::codes! {
    REQUIRED = "required-field", "A field that must be set is missing or empty.";
    UNSUPPORTED = "unsupported-value", "A value outside a closed list.";
    DUPLICATE = "duplicate-value", "A value that must be unique appears twice.";
    FORBIDDEN = "forbidden-field", "A field that may not be set here, or not together with another.";
    TOO_LONG = "too-long", "A text or an amount of data over its limit.";
    TOO_MANY = "too-many", "A list over its limit.";
    NAME_MISSING = "name-missing", "The object has no name.";
    NAME_FORMAT = "name-format", "A name that breaks the DNS rules of names.";
    LABEL_KEY = "label-key", "A label or annotation key that is no qualified name.";
    LABEL_VALUE = "label-value", "A label value with wrong characters or too long.";
    SELECTOR_EMPTY = "selector-empty", "A workload selector that matches everything.";
    SELECTOR_MISMATCH = "selector-mismatch", "The selector does not match the labels of the pod template.";
    SELECTOR_OPERATOR = "selector-operator", "An operator that does not fit its values, or does not exist.";
    PORT_RANGE = "port-range", "A port number outside 1-65535.";
    PORT_NAME = "port-name", "A port name that breaks the rules of service names.";
    HOSTPORT_MISMATCH = "hostport-mismatch", "Under hostNetwork the hostPort differs from the containerPort.";
    HOSTPORT_CONFLICT = "hostport-conflict", "Two containers of one pod ask for the same host port.";
    HOST_NAMESPACE = "host-namespace", "A setting that contradicts hostNetwork, hostPID or hostIPC.";
    NUMBER_RANGE = "number-range", "A number outside its range.";
    FORMAT = "format", "A text in a wrong format.";
    CONFLICT = "field-conflict", "Fields that contradict each other.";
    IP_FORMAT = "ip-format", "No valid IP address or CIDR.";
    IP_SPECIAL = "ip-special", "A valid address that may not be used here.";
    IP_FAMILY = "ip-family", "An IP family that does not fit the cluster or the other fields.";
    IMAGE_FORMAT = "image-format", "An image name with spaces around it.";
    ENV_NAME = "env-name", "An environment variable name with characters that are not allowed.";
    RESOURCE_NAME = "resource-name", "A resource that does not exist or is not allowed here.";
    QUANTITY = "quantity", "An amount that is negative, fractional or out of bounds.";
    REQUEST_OVER_LIMIT = "request-over-limit", "A request above its limit.";
    VOLUME_NOT_FOUND = "volume-not-found", "A mount of a volume that the pod does not have.";
    MOUNT_PATH = "mount-path", "A mount path that is used twice or not allowed.";
    PROBE = "probe", "A probe or lifecycle handler without, or with more than one, handler.";
    TOLERATION = "toleration", "A toleration whose parts contradict each other.";
    TAINT = "taint", "A taint that is not valid.";
    SPREAD = "topology-spread", "A topology spread constraint that is not valid.";
    SECURITY_CONTEXT = "security-context", "A security context whose parts contradict each other.";
    STRATEGY = "update-strategy", "An update strategy that could not make progress or does not exist.";
    SCHEDULE = "cron-schedule", "A CronJob schedule that cannot be read.";
    TIME_ZONE = "time-zone", "A time zone that does not exist.";
    JOB = "job-spec", "Job settings that do not fit each other.";
    SERVICE_TYPE = "service-type", "A field that does not fit the type of the Service.";
    INGRESS_PATH = "ingress-path", "An Ingress path that is not valid for its type.";
    INGRESS_HOST = "ingress-host", "An Ingress host that is no DNS name.";
    INGRESS_BACKEND = "ingress-backend", "An Ingress backend that names no service port or resource.";
    DATA_KEY = "data-key", "A key of a ConfigMap or Secret with wrong characters, or used twice.";
    PRIORITY = "priority-class", "A PriorityClass value or name that is reserved.";
    IMMUTABLE = "immutable-field", "A field that cannot be changed after creation.";
    WARN_NAME = "name-not-dns-label", "Warning: a name that makes an odd hostname.";
    WARN_DUPLICATE_PORT = "duplicate-port", "Warning: two ports of the pod are the same or overlap.";
    WARN_HOST_IP = "host-ip-without-host-port", "Warning: hostIP has no meaning without hostPort.";
    WARN_DUPLICATE_ENV = "duplicate-env", "Warning: an environment variable is defined twice.";
    WARN_NULL_SELECTOR = "null-label-selector", "Warning: a missing labelSelector matches no pod.";
    WARN_DEPRECATED = "deprecated", "Warning: a field, label or annotation that is deprecated.";
    WARN_IGNORED = "ignored-field", "Warning: a field without effect here.";
    WARN_FRACTION = "fractional-bytes", "Warning: a fraction of a byte.";
    WARN_ADDRESS = "non-standard-address", "Warning: an address in an unusual form.";
    WARN_DUPLICATE = "duplicate-entry", "Warning: an entry appears twice in a list.";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        for (index, code) in ALL.iter().enumerate() {
            assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{code}");
            assert!(!ALL[..index].contains(code), "{code} appears twice");
        }
    }
}
