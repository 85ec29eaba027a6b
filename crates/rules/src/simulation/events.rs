//! The event log of a simulation.

use std::rc::Rc;

use api::types::{Kind, Meta};

/// Something that happened, as `kubectl get events` tells it.
#[derive(Clone, Debug)]
pub struct Event {
    /// Simulated time in milliseconds.
    pub time: u64,
    /// Index of the command after which it happened.
    pub step: u32,
    /// Warning rather than Normal.
    pub warning: bool,
    /// For example `FailedScheduling`.
    pub reason: &'static str,
    /// Kind of the object that it is about.
    pub kind: Kind,
    /// Its namespace.
    pub namespace: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
    /// Text.
    pub message: Rc<str>,
    /// Who says it, for example `default-scheduler`.
    pub from: &'static str,
}

/// Above this number Normal events are no longer written down, and above twice the number no Warnings either.
const MAX_EVENTS: usize = 4_000;

/// The most bytes of an event's text (SCH-MSG-1).
const MAX_MESSAGE: usize = 1024;

#[derive(Debug, Default)]
pub(super) struct EventLog {
    list: Vec<Event>,
}

impl EventLog {
    pub(super) fn all(&self) -> &[Event] {
        &self.list
    }

    /// An event of the scheduler about a pod.
    pub(super) fn scheduler(
        &mut self,
        (time, step): (u64, u32),
        pod: &Meta,
        reason: &'static str,
        message: impl FnOnce() -> Rc<str>,
    ) {
        let warning = reason == "FailedScheduling";
        if !self.has_room(warning) {
            return;
        }
        self.list.push(Event {
            time,
            step,
            warning,
            reason,
            kind: Kind::Pod,
            namespace: Rc::clone(&pod.namespace),
            name: Rc::clone(&pod.name),
            message: cut(message()),
            from: "default-scheduler",
        });
    }

    /// The events of the controllers.
    pub(super) fn take_in(&mut self, events: Vec<controllers::Event>, time: u64, step: u32) {
        for event in events {
            if self.has_room(event.warning) {
                let controllers::Event { warning, reason, kind, namespace, name, message, from } = event;
                self.list.push(Event {
                    time,
                    step,
                    warning,
                    reason,
                    kind,
                    namespace,
                    name,
                    message: cut(message),
                    from,
                });
            }
        }
    }

    fn has_room(&self, warning: bool) -> bool {
        self.list.len() < if warning { 2 * MAX_EVENTS } else { MAX_EVENTS }
    }
}

/// Cuts a text as the event recorder does.
fn cut(message: Rc<str>) -> Rc<str> {
    if message.len() <= MAX_MESSAGE {
        return message;
    }
    let mut end = MAX_MESSAGE - " ...".len();
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    format!("{} ...", &message[..end]).into()
}
