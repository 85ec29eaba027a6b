//! Events that controllers write.

use std::rc::Rc;

use api::types::{Kind, Meta};

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Warning rather than Normal.
    pub warning: bool,
    /// For example `FailedCreate`.
    pub reason: &'static str,
    /// Kind of the object that it is about.
    pub kind: Kind,
    /// Its namespace.
    pub namespace: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
    /// Text.
    pub message: Rc<str>,
    /// The controller that speaks, for example `replicaset-controller`.
    pub from: &'static str,
}

/// Normal events above this number are dropped: ten thousand replicas need no ten thousand lines.
const MAX_NORMAL: usize = 1_000;

/// Events that nobody has taken yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Events {
    list: Vec<Event>,
}

impl Events {
    /// A Normal event.
    pub(crate) fn normal(
        &mut self,
        about: (&Kind, &Meta),
        from: &'static str,
        reason: &'static str,
        message: impl FnOnce() -> String,
    ) {
        if self.list.len() < MAX_NORMAL {
            self.push(false, about, from, reason, message());
        }
    }

    /// A Warning event; the same text is not written twice in a row for an object.
    pub(crate) fn warning(
        &mut self,
        about: (&Kind, &Meta),
        from: &'static str,
        reason: &'static str,
        message: String,
    ) {
        self.push(true, about, from, reason, message);
    }

    fn push(
        &mut self,
        warning: bool,
        (kind, meta): (&Kind, &Meta),
        from: &'static str,
        reason: &'static str,
        message: String,
    ) {
        self.list.push(Event {
            warning,
            reason,
            kind: kind.clone(),
            namespace: Rc::clone(&meta.namespace),
            name: Rc::clone(&meta.name),
            message: message.into(),
            from,
        });
    }

    /// Hands the events over.
    pub(crate) fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.list)
    }
}
