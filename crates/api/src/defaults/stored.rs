//! The object as the API server writes it down and returns it: what Go's encoding leaves out is left out.

use manifest::{Entry, Tree, Value, base64};

use super::service::no_addresses;
use super::set::is_zero;
use crate::types::Kind;

/// Metadata that the server sets itself, whatever the manifest says.
const SERVER_METADATA: [&str; 7] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
];

/// Fields that are no pointers in Go: their zero value is not written. A field of the same name that is a pointer elsewhere
/// is not in the list, nor is one whose zero value decides anything.
const OMITTED_WHEN_ZERO: [&str; 44] = [
    "annotations",
    "apiGroup",
    "appProtocol",
    "clusterIP",
    "containerPort",
    "externalName",
    "externalTrafficPolicy",
    "generateName",
    "globalDefault",
    "healthCheckNodePort",
    "host",
    "hostIP",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostPort",
    "hostname",
    "initialDelaySeconds",
    "labels",
    "limits",
    "loadBalancerIP",
    "matchLabels",
    "minReadySeconds",
    "namespace",
    "nodeName",
    "nodePort",
    "nodeSelector",
    "overhead",
    "paused",
    "priorityClassName",
    "publishNotReadyAddresses",
    "readOnly",
    "requests",
    "secretName",
    "serviceAccount",
    "serviceAccountName",
    "serviceName",
    "stdin",
    "stdinOnce",
    "subPath",
    "subPathExpr",
    "subdomain",
    "tty",
    "unschedulable",
];

/// Maps whose keys are the user's own: what is inside is no field.
const USER_MAPS: [&str; 8] = [
    "annotations",
    "binaryData",
    "data",
    "labels",
    "matchLabels",
    "nodeSelector",
    "parameters",
    "stringData",
];

/// Drops nulls, empty lists and zero values as Go's encoding does, and what a new object cannot bring along: metadata of the
/// server and a status.
pub fn stored(kind: &Kind, tree: &mut Tree) {
    if let Some(metadata) = tree.get_mut("metadata").and_then(Tree::as_map_mut) {
        for key in SERVER_METADATA {
            metadata.remove(key);
        }
    }
    // Other kinds may be custom resources, which are returned as they were sent.
    if matches!(kind, Kind::Other(_)) {
        if (tree.str_at(&["apiVersion"]), tree.str_at(&["kind"])) == ("v1", "Secret") {
            encode_strings(tree);
        }
        return;
    }
    clean(tree);
    let Some(map) = tree.as_map_mut() else { return };
    match kind {
        Kind::Service => {
            // A selector is a map of labels here, a pointer elsewhere.
            if let Some(spec) = map.get_mut("spec").and_then(Tree::as_map_mut)
                && spec.get("selector").is_some_and(is_zero)
            {
                spec.remove("selector");
            }
            map.insert("status", no_addresses());
        }
        Kind::Ingress => map.insert("status", no_addresses()),
        Kind::Node | Kind::PersistentVolume | Kind::PersistentVolumeClaim => {}
        _ => {
            map.remove("status");
        }
    }
}

/// `stringData` is for writing only: it becomes part of `data`.
fn encode_strings(secret: &mut Tree) {
    let Some(fields) = secret.as_map_mut() else { return };
    let Some(strings) = fields.remove("stringData") else { return };
    let entries: Vec<_> = strings.as_map().into_iter().flatten().collect();
    if entries.is_empty() {
        return;
    }
    let data = fields.or_insert_with("data", Tree::map);
    if data.is_null() {
        *data = Tree::map();
    }
    for Entry { key, value, .. } in entries {
        let encoded = base64::encode(value.as_str().unwrap_or("").as_bytes());
        if let Some(data) = data.as_map_mut() {
            data.insert(&**key, Tree::added(encoded));
        }
    }
}

fn clean(tree: &mut Tree) {
    match &mut tree.value {
        Value::List(items) => items.iter_mut().for_each(clean),
        Value::Map(map) => {
            let dropped: Vec<String> = map
                .iter()
                .filter(|entry| is_dropped(&entry.key, &entry.value))
                .map(|entry| entry.key.clone())
                .collect();
            for key in dropped {
                map.remove(&key);
            }
            for entry in map.iter_mut() {
                if !is_user_map(&entry.key) {
                    clean(&mut entry.value);
                }
            }
        }
        _ => {}
    }
}

/// Whether what is below `key` are the user's own keys.
pub(crate) fn is_user_map(key: &str) -> bool {
    USER_MAPS.contains(&key)
}

/// Whether a field is not written down: what it holds is what an absent one holds.
pub(crate) fn is_dropped(key: &str, value: &Tree) -> bool {
    match &value.value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        // The value of an environment variable; a toleration's and a taint's are dropped alike.
        Value::String(text) if text.is_empty() && matches!(key, "value" | "operator" | "effect" | "key") => {
            true
        }
        _ => OMITTED_WHEN_ZERO.contains(&key) && is_zero(value),
    }
}

#[cfg(test)]
mod tests {
    use manifest::Map;

    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(OMITTED_WHEN_ZERO.is_sorted() && SERVER_METADATA.is_sorted() && USER_MAPS.is_sorted());
    }

    #[test]
    fn nulls_go_and_empty_objects_stay() {
        let empty = || Tree::added(Map::default());
        let spec: Map = [
            ("hostNetwork".to_owned(), Tree::added(false)),
            ("securityContext".to_owned(), empty()),
            ("nodeSelector".to_owned(), empty()),
            ("volumes".to_owned(), Tree::added(Vec::new())),
            ("affinity".to_owned(), Tree::default()),
        ]
        .into_iter()
        .collect();
        let mut tree = Tree::added(Map::from_iter([("spec".to_owned(), Tree::added(spec))]));
        stored(&Kind::Pod, &mut tree);
        assert_eq!(tree.to_json(), r#"{"spec":{"securityContext":{}}}"#);
    }
}
