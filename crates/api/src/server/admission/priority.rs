//! Priority: the number and the preemption policy of a pod's PriorityClass (WL-ADM-PRIO rules).

use std::rc::Rc;

use manifest::Tree;

use crate::server::Server;
use crate::server::error::ApiError;
use crate::server::request::{Request, map_mut};
use crate::types::{Kind, PriorityClass};

pub(super) fn admit(server: &Server, request: &Request, pod: &mut Tree) -> Result<(), ApiError> {
    let forbidden = |why: &str| Err(ApiError::forbidden(&request.resource, &request.name, why));
    let name = pod.str_at(&["spec", "priorityClassName"]).to_owned();
    let class = if name.is_empty() {
        server.store().priority_classes().filter(|class| class.global_default).min_by_key(|class| class.value)
    } else {
        let Some(class) = find(server, &name) else {
            return forbidden(&format!("no PriorityClass with name {name} was found"));
        };
        Some(class)
    };
    let value = class.map_or(0, |class| i64::from(class.value));
    if let Some(given) = pod.at(&["spec", "priority"]).and_then(Tree::as_i64).filter(|&given| given != value)
    {
        return forbidden(&format!(
            "the integer value of priority ({given}) must not be provided in pod spec; priority admission controller \
             computed {value} from the given PriorityClass name"
        ));
    }
    let policy = class
        .map_or_else(|| "PreemptLowerPriority".to_owned(), |class| format!("{:?}", class.preemption_policy));
    let given = pod.at(&["spec", "preemptionPolicy"]).and_then(Tree::as_str);
    if let Some(given) = given.filter(|&given| given != policy) {
        return forbidden(&format!(
            "the string value of PreemptionPolicy ({given}) must not be provided in pod spec; priority admission \
             controller computed {policy} from the given PriorityClass name"
        ));
    }
    let class_name = class.map(|class| Rc::clone(&class.meta.name)).filter(|_| name.is_empty());
    let spec = map_mut(pod, "spec");
    if let Some(class_name) = class_name {
        spec.insert("priorityClassName", Tree::added(&*class_name));
    }
    spec.or_insert_with("priority", || Tree::added(value));
    spec.or_insert_with("preemptionPolicy", || Tree::added(policy));
    Ok(())
}

/// An update that leaves priority and policy out keeps them.
pub(super) fn keep(pod: &mut Tree, old: &Tree) {
    for field in ["priority", "preemptionPolicy"] {
        if let (None, Some(value)) = (pod.at(&["spec", field]), old.at(&["spec", field])) {
            let value = value.clone();
            map_mut(pod, "spec").insert(field, value);
        }
    }
}

/// A second class with `globalDefault: true` is refused (VAL-PC-1).
pub(super) fn only_one_default(server: &Server, request: &Request, class: &Tree) -> Result<(), ApiError> {
    if class.get("globalDefault").and_then(Tree::as_bool) != Some(true) {
        return Ok(());
    }
    let mut defaults = server.store().priority_classes().filter(|class| class.global_default);
    let Some(other) = defaults.find(|other| other.meta.name != request.name) else { return Ok(()) };
    let why =
        format!("PriorityClass {} is already marked as default. Only one default can exist", other.meta.name);
    Err(ApiError::forbidden(&request.resource, &request.name, &why))
}

fn find<'a>(server: &'a Server, name: &str) -> Option<&'a Rc<PriorityClass>> {
    let uid = server.find_kind(&Kind::PriorityClass, "", name)?;
    match &server.object(uid)?.typed {
        crate::server::Typed::PriorityClass(class) => Some(class),
        _ => None,
    }
}
