//! What a pod requests, as integers (SCH-FIT-1, SCH-FIT-2, SCH-S-FIT-2).

use std::rc::Rc;

use api::types::{Container, PodSpec, ResourceList};
use manifest::sorted::SortedMap;

/// Index of cpu (in millicores) in every vector of amounts.
pub(crate) const CPU: usize = 0;
/// Index of memory (in bytes).
pub(crate) const MEMORY: usize = 1;

/// Millicores that a container without a cpu request counts as in scores.
const DEFAULT_CPU: i64 = 100;
/// Bytes that a container without a memory request counts as in scores.
const DEFAULT_MEMORY: i64 = 200 * 1024 * 1024;

/// The names of resources, numbered: cpu, memory, ephemeral-storage, then others as they turn up. `pods` is not one.
#[derive(Debug)]
pub(crate) struct ResourceNames {
    names: Vec<Rc<str>>,
    ids: SortedMap<Rc<str>, usize>,
}

impl Default for ResourceNames {
    fn default() -> Self {
        let mut this = Self { names: Vec::new(), ids: SortedMap::new() };
        for name in ["cpu", "memory", "ephemeral-storage"] {
            this.id(name);
        }
        this
    }
}

impl ResourceNames {
    pub(crate) fn id(&mut self, name: &str) -> usize {
        if let Some(&id) = self.ids.get(name) {
            return id;
        }
        let name: Rc<str> = name.into();
        self.names.push(Rc::clone(&name));
        self.ids.insert(name, self.names.len() - 1);
        self.names.len() - 1
    }

    pub(crate) fn name(&self, id: usize) -> &Rc<str> {
        &self.names[id]
    }

    /// A list as amounts by index, without `pods`.
    pub(crate) fn amounts(&mut self, list: &ResourceList) -> Amounts {
        let mut amounts = Amounts::default();
        for (name, quantity) in list.iter().filter(|(name, _)| *name != "pods") {
            let id = self.id(name);
            amounts.set(id, if id == CPU { quantity.milli_value() } else { quantity.value() });
        }
        amounts
    }
}

/// Amounts by index of the resource; those beyond the end are 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Amounts(Vec<i64>);

impl Amounts {
    pub(crate) fn get(&self, id: usize) -> i64 {
        self.0.get(id).copied().unwrap_or(0)
    }

    fn set(&mut self, id: usize, amount: i64) {
        if self.0.len() <= id {
            self.0.resize(id + 1, 0);
        }
        self.0[id] = amount;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.each(other, i64::saturating_add);
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        self.each(other, i64::saturating_sub);
    }

    fn at_least(&mut self, other: &Self) {
        self.each(other, i64::max);
    }

    fn each(&mut self, other: &Self, combine: impl Fn(i64, i64) -> i64) {
        for (id, &amount) in other.0.iter().enumerate() {
            self.set(id, combine(self.get(id), amount));
        }
    }

    /// The resources with an amount above 0, in index order.
    pub(crate) fn positive(&self) -> impl Iterator<Item = (usize, i64)> {
        self.0.iter().copied().enumerate().filter(|(_, amount)| *amount > 0)
    }
}

/// What a pod requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct PodRequests {
    /// What filters and the sums on nodes use (SCH-FIT-1).
    pub(crate) actual: Amounts,
    /// cpu and memory that the pod counts as once it is on a node, in scores of others (SCH-S-FIT-2, SCH-S-FIT-3).
    pub(crate) nonzero_placed: [i64; 2],
    /// cpu and memory that the pod counts as in its own scores: pod-level requests are not seen (SCH-S-FIT-3).
    pub(crate) nonzero_incoming: [i64; 2],
    /// cpu and memory in its own balanced allocation score, pod-level requests included.
    pub(crate) balanced: [i64; 2],
}

impl PodRequests {
    pub(crate) fn of(spec: &PodSpec, names: &mut ResourceNames) -> Self {
        let pod_level = names.amounts(&spec.resources.requests);
        let overhead = names.amounts(&spec.overhead);
        let level_ids: Vec<usize> = spec
            .resources
            .requests
            .keys()
            .filter(|name| is_pod_level(name))
            .map(|name| names.id(name))
            .collect();

        let mut actual = effective(spec, |container| names.amounts(&container.resources.requests));
        for id in level_ids {
            actual.set(id, pod_level.get(id));
        }
        actual.add(&overhead);

        let mut nonzero = |cpu: i64, memory: i64| {
            let mut amounts = effective(spec, |container| {
                let mut amounts = names.amounts(&container.resources.requests);
                for (id, name, default) in [(CPU, "cpu", cpu), (MEMORY, "memory", memory)] {
                    if !container.resources.requests.contains_key(name) {
                        amounts.set(id, default);
                    }
                }
                amounts
            });
            amounts.add(&overhead);
            [amounts.get(CPU), amounts.get(MEMORY)]
        };
        let nonzero_incoming = nonzero(DEFAULT_CPU, DEFAULT_MEMORY);
        let mut nonzero_placed = nonzero_incoming;
        for (id, name) in [(CPU, "cpu"), (MEMORY, "memory")] {
            if spec.resources.requests.contains_key(name) {
                nonzero_placed[id] = actual.get(id);
            }
        }
        let balanced = [actual.get(CPU), actual.get(MEMORY)];
        Self { actual, nonzero_placed, nonzero_incoming, balanced }
    }
}

/// The resources that pod-level requests may name.
fn is_pod_level(name: &str) -> bool {
    name == "cpu" || name == "memory" || name.starts_with("hugepages-")
}

/// The larger of what runs together at last and what any init container needs on its way (SCH-FIT-1, steps 1 to 3).
fn effective(spec: &PodSpec, mut requests: impl FnMut(&Container) -> Amounts) -> Amounts {
    let mut total = Amounts::default();
    for container in &spec.containers {
        total.add(&requests(container));
    }
    let (mut sidecars, mut init) = (Amounts::default(), Amounts::default());
    for container in &spec.init_containers {
        let mut request = requests(container);
        if container.sidecar {
            total.add(&request);
            sidecars.add(&request);
            init.at_least(&sidecars);
        } else {
            request.add(&sidecars);
            init.at_least(&request);
        }
    }
    total.at_least(&init);
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{container, quantity};

    fn check(what: &str, spec: &PodSpec, actual: [i64; 2], incoming: [i64; 2]) {
        let requests = PodRequests::of(spec, &mut ResourceNames::default());
        assert_eq!([requests.actual.get(CPU), requests.actual.get(MEMORY)], actual, "{what}");
        assert_eq!(requests.nonzero_incoming, incoming, "{what}: non-zero");
    }

    #[test]
    fn effective_requests() {
        const DEFAULT: i64 = DEFAULT_MEMORY;
        let init = |millis: i64, sidecar: bool| Container { sidecar, ..container(millis) };
        let spec = |containers: Vec<Container>, init_containers: Vec<Container>| PodSpec {
            containers,
            init_containers,
            ..PodSpec::default()
        };
        check("nothing", &spec(vec![Container::default()], vec![]), [0, 0], [100, DEFAULT]);
        check("sum", &spec(vec![container(200), container(300)], vec![]), [500, 0], [500, 2 * DEFAULT]);
        check("init wins", &spec(vec![container(200)], vec![init(700, false)]), [700, 0], [700, DEFAULT]);
        check(
            "a sidecar counts for the init container after it",
            &spec(vec![container(100)], vec![init(500, true), init(300, false)]),
            [800, 0],
            [800, 2 * DEFAULT],
        );
        check(
            "a sidecar does not count for the init container before it",
            &spec(vec![container(100)], vec![init(300, false), init(500, true)]),
            [600, 0],
            [600, 2 * DEFAULT],
        );
        let mut with_overhead = spec(vec![container(100)], vec![]);
        with_overhead.overhead.insert("cpu".into(), quantity(250));
        check("overhead", &with_overhead, [350, 0], [350, DEFAULT]);
        let mut pod_level = spec(vec![container(100)], vec![]);
        pod_level.resources.requests.insert("cpu".into(), quantity(900));
        check("pod level replaces, but not in the own score", &pod_level, [900, 0], [100, DEFAULT]);
    }
}
