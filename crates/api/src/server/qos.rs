//! The QoS class, which the API server works out when a pod is created.

use manifest::Tree;
use manifest::sorted::SortedMap;

use super::admission::quantity;
use super::request::map_mut;
use crate::quantity::Quantity;

type Sums = SortedMap<&'static str, Quantity>;

/// Writes `status.qosClass`. The rest of the status is the typed pod's.
pub(super) fn write(pod: &mut Tree) {
    let class = class(pod);
    map_mut(pod, "status").insert("qosClass", Tree::added(class));
}

/// `Guaranteed` when every container limits cpu and memory and requests as much; `BestEffort` when none says anything.
pub(super) fn class(pod: &Tree) -> &'static str {
    let (mut requests, mut limits) = (Sums::new(), Sums::new());
    let mut all_limited = true;
    let of_pod = pod.at(&["spec", "resources"]).filter(|resources| {
        ["requests", "limits"]
            .iter()
            .any(|list| resources.get(list).and_then(Tree::as_map).is_some_and(|map| !map.is_empty()))
    });
    let lists = ["containers", "initContainers"].into_iter().flat_map(|list| pod.list_at(&["spec", list]));
    let holders: Vec<Option<&Tree>> = match of_pod {
        Some(resources) => vec![Some(resources)],
        None => lists.map(|container| container.get("resources")).collect(),
    };
    for resources in holders {
        add(resources, "requests", &mut requests);
        all_limited &= add(resources, "limits", &mut limits) == 2;
    }
    if requests.is_empty() && limits.is_empty() {
        "BestEffort"
    } else if all_limited && requests == limits {
        "Guaranteed"
    } else {
        "Burstable"
    }
}

/// Adds the cpu and memory of a list; how many of the two are there.
fn add(resources: Option<&Tree>, list: &str, sums: &mut Sums) -> usize {
    let mut found = 0;
    for name in ["cpu", "memory"] {
        let amount = resources.and_then(|resources| resources.at(&[list, name])).and_then(quantity);
        if let Some(amount) = amount.filter(|amount| !amount.is_zero()) {
            *sums.entry(name).or_default() += amount;
            found += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(containers: &str, expected: &str) {
        let parsed = manifest::parse(&format!("spec: {{containers: {containers}}}"));
        let tree = parsed.documents[0].content.clone().expect("the text is well-formed");
        assert_eq!(class(&tree), expected, "{containers}");
    }

    #[test]
    fn classes() {
        check("[{}]", "BestEffort");
        check("[{resources: {requests: {example.com/gpu: 1}}}]", "BestEffort");
        check("[{resources: {requests: {cpu: 1}}}]", "Burstable");
        check(
            "[{resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1000m, memory: 1024Mi}}}]",
            "Guaranteed",
        );
        check(
            "[{resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}}, {}]",
            "Burstable",
        );
        check("[{resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 2, memory: 1Gi}}}]", "Burstable");
    }
}
