//! DefaultTolerationSeconds: a pod stays 300 seconds on a node that is not ready or not reachable (WL-ADM-TOL-1).

use manifest::Tree;

use crate::server::request::{as_map, map_mut};

pub(super) fn admit(pod: &mut Tree) {
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let tolerates = |toleration: &Tree| {
            let (own_key, effect) = (toleration.str_at(&["key"]), toleration.str_at(&["effect"]));
            (own_key == key || own_key.is_empty()) && (effect == "NoExecute" || effect.is_empty())
        };
        if pod.list_at(&["spec", "tolerations"]).iter().any(tolerates) {
            continue;
        }
        let mut added = Tree::map();
        let fields = as_map(&mut added);
        fields.insert("key", Tree::added(key));
        fields.insert("operator", Tree::added("Exists"));
        fields.insert("effect", Tree::added("NoExecute"));
        fields.insert("tolerationSeconds", Tree::added(300));
        let list = map_mut(pod, "spec").or_insert_with("tolerations", || Tree::added(Vec::new()));
        if let Some(list) = list.as_list_mut() {
            list.push(added);
        }
    }
}
