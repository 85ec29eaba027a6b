//! What controllers write into `.status`: counts and conditions, as plain data.

use std::rc::Rc;

use api::types::{Kind, Meta, OwnerRef, Uid};

use crate::context::Owner;

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// For example `Available`.
    pub kind: &'static str,
    /// `True`, `False` or `Unknown`.
    pub status: &'static str,
    /// For example `MinimumReplicasAvailable`.
    pub reason: &'static str,
    /// Text.
    pub message: Rc<str>,
}

/// Conditions in the order in which Kubernetes lists them: one that changes moves to the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions(Vec<Condition>);

impl Conditions {
    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Condition> {
        self.0.iter()
    }

    /// The condition of a type.
    pub fn get(&self, kind: &str) -> Option<&Condition> {
        self.0.iter().find(|condition| condition.kind == kind)
    }

    /// Sets a condition; nothing happens when status and reason are the same already.
    pub(crate) fn set(&mut self, condition: Condition) {
        let same = |old: &Condition| old.status == condition.status && old.reason == condition.reason;
        if !self.get(condition.kind).is_some_and(same) {
            self.replace(condition);
        }
    }

    /// Sets a condition and moves it to the end in any case.
    pub(crate) fn replace(&mut self, condition: Condition) {
        self.remove(condition.kind);
        self.0.push(condition);
    }

    /// Removes the condition of a type.
    pub(crate) fn remove(&mut self, kind: &str) {
        self.0.retain(|condition| condition.kind != kind);
    }
}

impl<'a> IntoIterator for &'a Conditions {
    type Item = &'a Condition;
    type IntoIter = std::slice::Iter<'a, Condition>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A field of a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A count.
    Count(i32),
    /// The name of a revision.
    Name(Rc<str>),
    /// An empty object.
    Empty,
}

/// The status of one workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkloadStatus {
    /// Identity.
    pub uid: Uid,
    /// Kind.
    pub kind: Kind,
    /// Namespace.
    pub namespace: Rc<str>,
    /// Name.
    pub name: Rc<str>,
    /// Its controller.
    pub owner: Option<Rc<OwnerRef>>,
    /// Pods wanted; `None` where the kind has no such number (CronJob).
    pub wanted: Option<i32>,
    /// Pods that exist and are not terminal.
    pub created: i32,
    /// The fields as the API shows them: zero counts are left out where Kubernetes leaves them out. `observedGeneration` is
    /// not among them: it counts writes.
    pub fields: Vec<(&'static str, Field)>,
    /// Conditions.
    pub conditions: Conditions,
}

impl WorkloadStatus {
    pub(crate) fn new(
        owner: Owner<'_>,
        wanted: Option<i32>,
        created: i32,
        fields: Fields,
        conditions: Conditions,
    ) -> Self {
        let Meta { name, namespace, uid, owner: parent, .. } = owner.meta;
        Self {
            uid: *uid,
            kind: owner.kind.clone(),
            namespace: Rc::clone(namespace),
            name: Rc::clone(name),
            owner: parent.clone(),
            wanted,
            created,
            fields: fields.0,
            conditions,
        }
    }
}

/// Collects the fields of a status.
#[derive(Debug, Default)]
pub(crate) struct Fields(pub(crate) Vec<(&'static str, Field)>);

impl Fields {
    /// A count that is shown even when it is zero.
    pub(crate) fn always(mut self, name: &'static str, count: i32) -> Self {
        self.0.push((name, Field::Count(count)));
        self
    }

    /// A count that is left out when it is zero.
    pub(crate) fn some(self, name: &'static str, count: i32) -> Self {
        if count == 0 { self } else { self.always(name, count) }
    }

    /// A name that is left out when it is empty.
    pub(crate) fn name(mut self, name: &'static str, value: &Rc<str>) -> Self {
        if !value.is_empty() {
            self.0.push((name, Field::Name(Rc::clone(value))));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(kind: &'static str, status: bool) -> Condition {
        let (status, reason) = if status { ("True", "Good") } else { ("False", "Bad") };
        Condition { kind, status, reason, message: "".into() }
    }

    #[test]
    fn a_changed_condition_moves_to_the_end() {
        let mut conditions = Conditions::default();
        conditions.set(condition("A", true));
        conditions.set(condition("B", true));
        conditions.set(condition("A", true));
        let order =
            |conditions: &Conditions| conditions.iter().map(|condition| condition.kind).collect::<Vec<_>>();
        assert_eq!(order(&conditions), ["A", "B"]);
        conditions.set(condition("A", false));
        assert_eq!(order(&conditions), ["B", "A"]);
    }
}
