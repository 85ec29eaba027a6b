//! RuntimeClass: its overhead and its rules for nodes become the pod's (WL-ADM-RC-1).

use manifest::Tree;

use crate::server::Server;
use crate::server::error::ApiError;
use crate::server::request::{Request, as_map, map_mut};

pub(super) fn admit(server: &Server, request: &Request, pod: &mut Tree) -> Result<(), ApiError> {
    let name = pod.str_at(&["spec", "runtimeClassName"]).to_owned();
    if name.is_empty() {
        return Ok(());
    }
    let forbidden = |why: String| Err(ApiError::forbidden(&request.resource, &request.name, &why));
    let mut classes = server.objects_in("runtimeclasses.node.k8s.io", "");
    let Some(class) = classes.find(|class| *class.meta.name == *name) else {
        return forbidden(format!("pod rejected: RuntimeClass \"{name}\" not found"));
    };
    if let Some(overhead) = class.tree.at(&["overhead", "podFixed"]) {
        if pod.at(&["spec", "overhead"]).is_some_and(|given| given != overhead) {
            return forbidden(
                "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead".to_owned(),
            );
        }
        map_mut(pod, "spec").insert("overhead", overhead.clone());
    }
    if let Some(selector) = class.tree.at(&["scheduling", "nodeSelector"]).and_then(Tree::as_map) {
        let own = as_map(map_mut(pod, "spec").or_insert_with("nodeSelector", Tree::map));
        for entry in selector {
            let value = entry.value.as_str().unwrap_or("");
            if let Some(other) = own.get(&entry.key).and_then(Tree::as_str).filter(|&other| other != value) {
                return forbidden(format!(
                    "conflict: runtimeClass.scheduling.nodeSelector[{}] = {value}; pod.spec.nodeSelector[{}] = {other}",
                    entry.key, entry.key
                ));
            }
            own.or_insert_with(&entry.key, || Tree::added(value));
        }
    }
    if let Some(tolerations) = class.tree.at(&["scheduling", "tolerations"]).and_then(Tree::as_list) {
        let own = map_mut(pod, "spec").or_insert_with("tolerations", || Tree::added(Vec::new()));
        if let Some(own) = own.as_list_mut() {
            let added: Vec<Tree> =
                tolerations.iter().filter(|toleration| !own.contains(toleration)).cloned().collect();
            own.extend(added);
        }
    }
    Ok(())
}

/// Overhead comes from a class only. What a class defines has been filled in before.
pub(super) fn validate(server: &Server, request: &Request, pod: &Tree) -> Result<(), ApiError> {
    let name = pod.str_at(&["spec", "runtimeClassName"]);
    let defined = server
        .objects_in("runtimeclasses.node.k8s.io", "")
        .any(|class| *class.meta.name == *name && class.tree.get("overhead").is_some());
    if pod.at(&["spec", "overhead"]).is_none() || defined {
        return Ok(());
    }
    let why = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
    Err(ApiError::forbidden(&request.resource, &request.name, why))
}
