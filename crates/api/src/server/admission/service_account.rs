//! ServiceAccount: pods without one run as `default`, which every namespace has; any other one must exist (WL-ADM-SA-1).

use manifest::Tree;

use crate::server::Server;
use crate::server::error::ApiError;
use crate::server::request::{Request, map_mut};

pub(super) fn admit(server: &Server, request: &Request, pod: &mut Tree) -> Result<(), ApiError> {
    let given = pod.str_at(&["spec", "serviceAccountName"]);
    let given = if given.is_empty() { pod.str_at(&["spec", "serviceAccount"]) } else { given };
    let name = if given.is_empty() { "default" } else { given }.to_owned();
    let namespace = &*request.namespace;
    let account = server.objects_in("serviceaccounts", namespace).find(|object| *object.meta.name == *name);
    if account.is_none() && name != "default" {
        let why = format!(
            "error looking up service account {namespace}/{name}: serviceaccount \"{name}\" not found"
        );
        return Err(ApiError::forbidden(&request.resource, &request.name, &why));
    }
    let spec = map_mut(pod, "spec");
    for key in ["serviceAccountName", "serviceAccount"] {
        if spec.get(key).and_then(Tree::as_str) != Some(&name) {
            spec.insert(key, Tree::added(&*name));
        }
    }
    let has_secrets =
        spec.get("imagePullSecrets").and_then(Tree::as_list).is_some_and(|list| !list.is_empty());
    if let (false, Some(secrets)) =
        (has_secrets, account.and_then(|account| account.tree.get("imagePullSecrets")))
    {
        spec.insert("imagePullSecrets", secrets.clone());
    }
    Ok(())
}
