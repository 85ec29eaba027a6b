//! The classes of pods in the cache, and which counters count their pods.

use std::rc::Rc;

use api::types::Pod;
use manifest::sorted::SortedMap;

use super::Cache;
use super::counter::{Counted, Counter, CounterId};
use crate::class::{Class, ClassId};
use crate::cycle::plan::{FilterPlan, ScorePlan};
use crate::resources::ResourceNames;

/// Unused classes that are kept before the next sweep.
const SPARE: usize = 1024;

/// A class in the cache.
#[derive(Debug)]
pub(crate) struct ClassState {
    pub(crate) class: Rc<Class>,
    /// Placed and nominated pods of the class.
    pub(crate) users: u32,
    /// Counters that count its pods: first those for all pods, then those that leave out pods being deleted.
    counters: Vec<CounterId>,
    /// Number of the former.
    always: usize,
    pub(crate) filter_plan: Option<Rc<FilterPlan>>,
    pub(crate) score_plan: Option<Rc<ScorePlan>>,
}

impl ClassState {
    pub(super) fn counters_of(&self, deleting: bool) -> &[CounterId] {
        if deleting { &self.counters[..self.always] } else { &self.counters }
    }

    fn enrol(&mut self, counter: CounterId, alive_only: bool) {
        if alive_only {
            self.counters.push(counter);
        } else {
            self.counters.insert(self.always, counter);
            self.always += 1;
        }
    }
}

/// All classes. Numbers are not used twice, so that a stale number never names another class.
#[derive(Debug, Default)]
pub(super) struct Classes {
    states: Vec<Option<Box<ClassState>>>,
    by_key: SortedMap<(usize, usize), Vec<ClassId>>,
    unused: usize,
}

impl Classes {
    pub(super) fn get(&self, id: ClassId) -> &ClassState {
        self.states[id as usize].as_ref().expect("a class in use is kept")
    }

    pub(super) fn get_mut(&mut self, id: ClassId) -> &mut ClassState {
        self.states[id as usize].as_mut().expect("a class in use is kept")
    }

    pub(super) fn find(&self, pod: &Pod) -> Option<ClassId> {
        self.by_key.get(&Class::key(pod))?.iter().copied().find(|&id| self.get(id).class.is_of(pod))
    }

    pub(super) fn compile(&mut self, pod: &Pod, names: &mut ResourceNames) -> ClassId {
        self.unused += 1;
        if self.unused > SPARE && self.unused > self.states.len() / 2 {
            self.sweep();
        }
        let id = self.states.len() as ClassId;
        self.states.push(Some(Box::new(ClassState {
            class: Rc::new(Class::of(pod, names)),
            users: 0,
            counters: Vec::new(),
            always: 0,
            filter_plan: None,
            score_plan: None,
        })));
        self.by_key.entry(Class::key(pod)).or_default().push(id);
        id
    }

    pub(super) fn release(&mut self, id: ClassId) {
        let state = self.get_mut(id);
        state.users = state.users.saturating_sub(1);
    }

    /// Forgets classes without pods, so that a long history of short-lived pods does not pile up.
    fn sweep(&mut self) {
        self.unused = 0;
        for state in &mut self.states {
            state.take_if(|state| state.users == 0);
        }
        let states = &self.states;
        self.by_key.retain(|_, ids| {
            ids.retain(|&id| states[id as usize].is_some());
            !ids.is_empty()
        });
    }

    fn iter_mut(&mut self) -> impl Iterator<Item = (ClassId, &mut ClassState)> {
        let states = self.states.iter_mut().enumerate();
        states.filter_map(|(id, state)| state.as_deref_mut().map(|state| (id as ClassId, state)))
    }
}

impl Cache {
    pub(crate) fn state(&self, id: ClassId) -> &ClassState {
        self.classes.get(id)
    }

    pub(crate) fn state_mut(&mut self, id: ClassId) -> &mut ClassState {
        self.classes.get_mut(id)
    }

    pub(crate) fn counters(&self) -> impl Iterator<Item = (CounterId, &Counter)> {
        self.counters.iter().enumerate()
    }

    pub(crate) fn get_counter(&self, id: CounterId) -> &Counter {
        &self.counters[id]
    }

    /// The counter of these pods; made, and brought up to date with the pods already placed, when it is new.
    pub(crate) fn counter(&mut self, counted: Counted) -> CounterId {
        if let Some(&id) = self.by_counted.get(&counted) {
            return id;
        }
        let id = self.counters.len();
        self.by_counted.insert(counted.clone(), id);
        self.counters.push(Counter::new(counted));
        self.enrol_classes(id);
        id
    }

    /// Enters every class whose pods the counter counts, and counts those already placed.
    fn enrol_classes(&mut self, id: CounterId) {
        let counted = self.counters[id].counted.clone();
        let alive_only = matches!(counted, Counted::Alive(_));
        let mut matching = Vec::new();
        for (class_id, state) in self.classes.iter_mut() {
            if counted.matches(&state.class.namespace, &state.class.labels, &self.listers) {
                state.enrol(id, alive_only);
                if state.users > 0 {
                    matching.push(class_id);
                }
            }
        }
        if matching.is_empty() {
            return;
        }
        for (slot, info) in self.nodes.iter().enumerate() {
            for entry in info.pods.iter().filter(|entry| !(alive_only && entry.deleting)) {
                if matching.binary_search(&entry.class).is_ok() {
                    self.counters[id].add(slot as u32);
                }
            }
        }
    }

    /// Enters a new class, which has no pods yet, with the counters that count its pods.
    pub(super) fn enrol(&mut self, id: ClassId) {
        let class = Rc::clone(&self.classes.get(id).class);
        for (role, term) in class.terms.held() {
            let known = self.counters.len();
            let counter = self.counter(Counted::Holding(role, term.clone()));
            if counter == known {
                // Plans made before do not know of the term.
                self.version = self.version.wrapping_add(1);
            }
            self.classes.get_mut(id).enrol(counter, false);
        }
        let state = self.classes.get_mut(id);
        for (counter_id, counter) in self.counters.iter().enumerate() {
            // A counter made just now for a term of this class counts holders, so it never matches here.
            if counter.counted.matches(&class.namespace, &class.labels, &self.listers) {
                state.enrol(counter_id, matches!(counter.counted, Counted::Alive(_)));
            }
        }
    }

    /// Starts all counters anew, because the labels of namespaces changed.
    pub(super) fn recount(&mut self) {
        self.counters.clear();
        self.by_counted.clear();
        self.forget_views();
        let ids: Vec<ClassId> = self
            .classes
            .iter_mut()
            .map(|(id, state)| {
                state.counters.clear();
                state.always = 0;
                id
            })
            .collect();
        for &id in &ids {
            self.enrol(id);
        }
        for slot in 0..self.nodes.len() {
            for entry in &self.nodes[slot].pods {
                for &counter in self.classes.get(entry.class).counters_of(entry.deleting) {
                    self.counters[counter].add(slot as u32);
                }
            }
        }
    }
}
