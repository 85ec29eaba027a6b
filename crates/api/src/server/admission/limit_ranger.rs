//! LimitRanger: defaults and bounds that a LimitRange sets for the containers, pods and claims of its namespace
//! (WL-ADM-LR-1, WL-ADM-LR-2).

use manifest::Tree;
use manifest::sorted::SortedMap;

use crate::quantity::Quantity;
use crate::server::Server;
use crate::server::error::ApiError;
use crate::server::request::{Request, as_map, metadata_mut};
use crate::types::Kind;

const ANNOTATION: &str = "kubernetes.io/limit-ranger";

/// Both lists of containers with the word that the annotation uses for them.
const CONTAINER_LISTS: [(&str, &str); 2] =
    [("containers", "container"), ("initContainers", "init container")];

/// Gives containers the missing requests and limits.
pub(super) fn fill_in(server: &Server, request: &Request, pod: &mut Tree) {
    let mut notes: Vec<String> = Vec::new();
    for range in server.objects_in("limitranges", &request.namespace) {
        let items = range.tree.list_at(&["spec", "limits"]).iter();
        for item in items.filter(|item| item.str_at(&["type"]) == "Container") {
            for (list, word) in CONTAINER_LISTS {
                let Some(containers) = pod.at_mut(&["spec", list]).and_then(Tree::as_list_mut) else {
                    continue;
                };
                for container in containers {
                    for (source, target) in [("defaultRequest", "requests"), ("default", "limits")] {
                        let set = fill_in_list(container, item.get(source), target);
                        if !set.is_empty() {
                            let what = target.strip_suffix('s').unwrap_or(target);
                            let name = container.str_at(&["name"]);
                            notes.push(format!("{} {what} for {word} {name}", set.join(", ")));
                        }
                    }
                }
            }
        }
    }
    if !notes.is_empty() {
        let annotations = as_map(metadata_mut(pod).or_insert_with("annotations", Tree::map));
        annotations.insert(ANNOTATION, Tree::added(format!("LimitRanger plugin set: {}", notes.join("; "))));
    }
}

/// The names of the resources that were missing and are set now, sorted.
fn fill_in_list(container: &mut Tree, defaults: Option<&Tree>, target: &str) -> Vec<String> {
    let Some(defaults) = defaults.and_then(Tree::as_map) else { return Vec::new() };
    let resources = as_map(as_map(container).or_insert_with("resources", Tree::map));
    let list = as_map(resources.or_insert_with(target, Tree::map));
    let mut set = Vec::new();
    for entry in defaults.sorted() {
        if list.get(&entry.key).is_none_or(Tree::is_null) {
            list.insert(&*entry.key, Tree::added(entry.value.value.clone()));
            set.push(entry.key.clone());
        }
    }
    if list.is_empty() {
        resources.remove(target);
    }
    set
}

/// Refuses what is outside the bounds.
pub(super) fn validate(server: &Server, request: &Request, tree: &Tree) -> Result<(), ApiError> {
    let kind = request.resource.store_kind();
    if !matches!(kind, Kind::Pod | Kind::PersistentVolumeClaim) {
        return Ok(());
    }
    for range in server.objects_in("limitranges", &request.namespace) {
        let mut errors = Vec::new();
        for item in range.tree.list_at(&["spec", "limits"]) {
            match (&kind, item.str_at(&["type"])) {
                (Kind::Pod, "Container") => {
                    for (list, _) in CONTAINER_LISTS {
                        for container in tree.list_at(&["spec", list]) {
                            check(item, &Amounts::of(container), &mut errors);
                        }
                    }
                }
                (Kind::Pod, "Pod") => check(item, &Amounts::of_pod(tree), &mut errors),
                (Kind::PersistentVolumeClaim, "PersistentVolumeClaim") => {
                    let requests = amounts(tree.at(&["spec", "resources", "requests"]));
                    check_claim(item, &requests, &mut errors);
                }
                _ => {}
            }
        }
        if !errors.is_empty() {
            let why =
                if let [only] = &errors[..] { only.clone() } else { format!("[{}]", errors.join(", ")) };
            return Err(ApiError::forbidden(&request.resource, &request.name, &why));
        }
    }
    Ok(())
}

pub(super) type List = SortedMap<String, Quantity>;

/// What a container or a whole pod asks for.
pub(super) struct Amounts {
    pub(super) requests: List,
    pub(super) limits: List,
}

impl Amounts {
    fn of(container: &Tree) -> Self {
        let list = |name| amounts(container.at(&["resources", name]));
        Self { requests: list("requests"), limits: list("limits") }
    }

    /// The sums of the containers and sidecars, or the largest init container where that is more; what the pod itself says of a
    /// resource goes first.
    pub(super) fn of_pod(pod: &Tree) -> Self {
        let mut total = Self { requests: List::new(), limits: List::new() };
        for container in pod.list_at(&["spec", "containers"]) {
            total.add(&Self::of(container));
        }
        let mut largest = Self { requests: List::new(), limits: List::new() };
        let mut sidecars = Self { requests: List::new(), limits: List::new() };
        for container in pod.list_at(&["spec", "initContainers"]) {
            let mut here = Self::of(container);
            if container.str_at(&["restartPolicy"]) == "Always" {
                total.add(&here);
                sidecars.add(&here);
                here = Self { requests: sidecars.requests.clone(), limits: sidecars.limits.clone() };
            } else {
                here.add(&sidecars);
            }
            largest.raise_to(&here);
        }
        total.raise_to(&largest);
        if let Some(spec) = pod.get("spec") {
            let own = Self::of(spec);
            total.requests.extend(own.requests);
            total.limits.extend(own.limits);
        }
        total
    }

    /// The same with the overhead of the pod's RuntimeClass, which raises only those limits that are there.
    pub(super) fn of_pod_with_overhead(pod: &Tree) -> Self {
        let mut total = Self::of_pod(pod);
        let requests = amounts(pod.at(&["spec", "overhead"]));
        let mut limits = requests.clone();
        limits.retain(|name, _| total.limits.contains_key(name));
        total.add(&Self { requests, limits });
        total
    }

    fn add(&mut self, other: &Self) {
        for (sum, list) in [(&mut self.requests, &other.requests), (&mut self.limits, &other.limits)] {
            for (name, &amount) in list {
                let old = sum.get(name).copied();
                sum.insert(name.clone(), old.map_or(amount, |old| old + amount));
            }
        }
    }

    fn raise_to(&mut self, other: &Self) {
        for (own, list) in [(&mut self.requests, &other.requests), (&mut self.limits, &other.limits)] {
            for (name, &amount) in list {
                if own.get(name).is_none_or(|&old| old < amount) {
                    own.insert(name.clone(), amount);
                }
            }
        }
    }
}

/// The quantities of a resource list.
pub(super) fn amounts(list: Option<&Tree>) -> List {
    let entries = list.and_then(Tree::as_map).into_iter().flatten();
    entries.filter_map(|entry| Some((entry.key.clone(), quantity(&entry.value)?))).collect()
}

/// A quantity, written as text or number.
pub(in crate::server) fn quantity(tree: &Tree) -> Option<Quantity> {
    match &tree.value {
        manifest::Value::String(text) => Quantity::parse(text).ok(),
        manifest::Value::Number(number) => Quantity::parse(&number.to_string()).ok(),
        _ => None,
    }
}

fn check(item: &Tree, have: &Amounts, errors: &mut Vec<String>) {
    let kind = item.str_at(&["type"]);
    for (name, bound) in amounts(item.get("min")) {
        let head = format!("minimum {name} usage per {kind} is {bound}");
        match (have.requests.get(&name), have.limits.get(&name)) {
            (None, _) => errors.push(format!("{head}.  No request is specified")),
            (Some(request), _) if *request < bound => {
                errors.push(format!("{head}, but request is {request}"));
            }
            (_, Some(limit)) if *limit < bound => errors.push(format!("{head}, but limit is {limit}")),
            _ => {}
        }
    }
    for (name, bound) in amounts(item.get("max")) {
        let head = format!("maximum {name} usage per {kind} is {bound}");
        match (have.limits.get(&name), have.requests.get(&name)) {
            (None, _) => errors.push(format!("{head}.  No limit is specified")),
            (Some(limit), _) if *limit > bound => errors.push(format!("{head}, but limit is {limit}")),
            (_, Some(request)) if *request > bound => {
                errors.push(format!("{head}, but request is {request}"));
            }
            _ => {}
        }
    }
    for (name, bound) in amounts(item.get("maxLimitRequestRatio")) {
        let head = format!("{name} max limit to request ratio per {kind} is {bound}");
        let milli = |list: &List| list.get(&name).map_or(0, |amount| i128::from(amount.milli_value()));
        let (request, limit) = (milli(&have.requests), milli(&have.limits));
        if request == 0 {
            errors.push(format!("{head}, but no request is specified or request is 0"));
        } else if limit == 0 {
            errors.push(format!("{head}, but no limit is specified or limit is 0"));
        } else if limit * 1000 > i128::from(bound.milli_value()) * request {
            // `%f` of the ratio, in exact millionths.
            let millionths = (limit * 2_000_000 + request) / (2 * request);
            let (whole, rest) = (millionths / 1_000_000, millionths % 1_000_000);
            errors.push(format!("{head}, but provided ratio is {whole}.{rest:06}"));
        }
    }
}

fn check_claim(item: &Tree, requests: &List, errors: &mut Vec<String>) {
    let name = "storage";
    let request = requests.get(name);
    let bound = |field| amounts(item.get(field)).get(name).copied();
    if let Some(bound) = bound("min") {
        let head = format!("minimum {name} usage per PersistentVolumeClaim is {bound}");
        match request {
            None => errors.push(format!("{head}.  No request is specified")),
            Some(request) if *request < bound => errors.push(format!("{head}, but request is {request}")),
            Some(_) => {}
        }
    }
    if let (Some(bound), Some(request)) = (bound("max"), request)
        && *request > bound
    {
        let head = format!("maximum {name} usage per PersistentVolumeClaim is {bound}");
        errors.push(format!("{head}, but request is {request}"));
    }
}
