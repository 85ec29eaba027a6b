//! The page's side of the worker boundary.
//!
//! One question is under way at a time, and only the newest one waits: whatever was typed in between needs no answer. A worker that
//! crashes or takes too long is replaced, and the page is told.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::Uint8Array;
use rules::{Help, Input, Report};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{MessageEvent, Worker};
use yew::Callback;

use crate::inquiry::{Finding, Inquiry};
use crate::protocol::{self, Answer, Question as Message};
use crate::state::Trouble;

/// After so many milliseconds a newer question may take the worker away from an older one.
const PATIENCE: u32 = 1_500;
/// After so many milliseconds an analysis is given up.
const LIMIT: u32 = 15_000;

/// What the worker has to say.
#[derive(Debug)]
pub(crate) enum Reply {
    /// The report on a revision.
    Report(u64, Box<Report>),
    /// Help for the caret, by the number of the question.
    Help(u32, Option<Help>),
    /// What was found, by the number of the inquiry.
    Found(u32, Finding),
    /// There will be none.
    Trouble(u64, Trouble),
}

/// Asks the worker. It lives as long as the page.
#[derive(Clone, Debug)]
pub(crate) struct Analyst(Rc<RefCell<Desk>>);

#[derive(Debug)]
struct Desk {
    worker: Option<Running>,
    /// The newest question that the worker has not got yet.
    waiting: Option<Question>,
    /// Inquiries that the worker has not got yet, because it is on its way.
    inquiries: Vec<Vec<u8>>,
    under_way: Option<UnderWay>,
    /// Workers that stopped before they were ready, in a row.
    failures: u32,
    reply: Callback<Reply>,
}

#[derive(Debug)]
struct Running {
    worker: Worker,
    ready: bool,
    _listeners: [EventListener; 2],
}

#[derive(Debug)]
struct Question {
    revision: u64,
    bytes: Vec<u8>,
}

#[derive(Debug)]
struct UnderWay {
    revision: u64,
    slow: bool,
    _timers: [Timeout; 2],
}

#[wasm_bindgen]
extern "C" {
    /// Set by web/js/boot.js, which knows the release.
    #[wasm_bindgen(thread_local_v2, js_namespace = podreach, js_name = workerUrl)]
    static WORKER_URL: String;
}

impl Running {
    fn post(&self, bytes: &[u8]) {
        // Bytes can always be cloned.
        let _ = self.worker.post_message(&Uint8Array::from(bytes));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Analyst {
    /// Answers to `reply`. The worker, and the engine with it, is loaded when it is wanted.
    pub(crate) fn new(reply: Callback<Reply>) -> Self {
        let desk =
            Desk { worker: None, waiting: None, inquiries: Vec::new(), under_way: None, failures: 0, reply };
        Self(Rc::new(RefCell::new(desk)))
    }

    /// Loads the engine, so that it is there when a question comes.
    pub(crate) fn wake(&self) {
        if self.0.borrow().worker.is_none() {
            self.restart();
        }
    }

    /// Wants a report on this revision, and on no older one any more.
    pub(crate) fn ask(&self, revision: u64, input: Input) {
        let slow = {
            let mut desk = self.0.borrow_mut();
            let bytes = protocol::question(&Message::Analyze(revision, Box::new(input)));
            desk.waiting = Some(Question { revision, bytes });
            desk.under_way.as_ref().is_some_and(|under_way| under_way.slow) || desk.worker.is_none()
        };
        if slow {
            self.restart();
        }
        self.next();
    }

    /// Wants help for the caret. While the engine is still on its way there is none: another key press asks again.
    pub(crate) fn help(&self, number: u32, text: &Rc<str>, offset: u32) {
        let desk = self.0.borrow();
        if let Some(running) = desk.worker.as_ref().filter(|running| running.ready) {
            running.post(&protocol::question(&Message::Help(number, Rc::clone(text), offset)));
        }
    }

    /// Wants to know something else. The worker is loaded for it.
    pub(crate) fn inquire(&self, number: u32, input: Input, inquiry: Inquiry) {
        let bytes = protocol::question(&Message::Inquire(number, Box::new(input), inquiry));
        self.0.borrow_mut().inquiries.push(bytes);
        self.wake();
        self.next();
    }

    /// Puts a new worker in the place of the old one.
    fn restart(&self) {
        let worker = Worker::new(&WORKER_URL.with(String::clone)).ok().map(|worker| {
            let (messages, errors) = (self.clone(), self.clone());
            let listeners = [
                EventListener::new(&worker, "message", move |event| messages.received(event.unchecked_ref())),
                EventListener::new(&worker, "error", move |_| errors.crashed()),
            ];
            Running { worker, ready: false, _listeners: listeners }
        });
        let mut desk = self.0.borrow_mut();
        desk.under_way = None;
        desk.worker = worker;
    }

    fn received(&self, event: &MessageEvent) {
        if event.data().is_null() {
            let mut desk = self.0.borrow_mut();
            desk.failures = 0;
            if let Some(running) = &mut desk.worker {
                running.ready = true;
            }
            drop(desk);
        } else {
            let answer = protocol::read(&Uint8Array::new(&event.data()).to_vec());
            let reply = self.0.borrow().reply.clone();
            let answer = match answer {
                Some(Answer::Help(number, help)) => return reply.emit(Reply::Help(number, help)),
                Some(Answer::Found(number, finding)) => return reply.emit(Reply::Found(number, finding)),
                answer => answer,
            };
            let Some(under_way) = self.0.borrow_mut().under_way.take() else { return };
            reply.emit(match answer {
                Some(Answer::Report(revision, report)) => Reply::Report(revision, report),
                _ => Reply::Trouble(under_way.revision, Trouble::Crashed),
            });
        }
        self.next();
    }

    fn crashed(&self) {
        let never_ready = {
            let mut desk = self.0.borrow_mut();
            let never_ready = desk.worker.as_ref().is_some_and(|running| !running.ready);
            desk.failures += u32::from(never_ready);
            never_ready
        };
        if never_ready && self.0.borrow().failures > 1 {
            let mut desk = self.0.borrow_mut();
            desk.worker = None;
            desk.failures = 0;
            let (waiting, reply) = (desk.waiting.take(), desk.reply.clone());
            drop(desk);
            if let Some(question) = waiting {
                reply.emit(Reply::Trouble(question.revision, Trouble::NoWorker));
            }
        } else {
            self.replace(Trouble::Crashed);
        }
    }

    /// Gives the question under way up, and goes on with the next one in a new worker.
    fn replace(&self, trouble: Trouble) {
        let (under_way, reply) = {
            let mut desk = self.0.borrow_mut();
            (desk.under_way.take(), desk.reply.clone())
        };
        self.restart();
        if let Some(under_way) = under_way {
            reply.emit(Reply::Trouble(under_way.revision, trouble));
        }
        self.next();
    }

    /// Gives the waiting question to the worker, when it is free.
    fn next(&self) {
        let mut desk = self.0.borrow_mut();
        if desk.worker.as_ref().is_some_and(|running| running.ready) {
            let inquiries = std::mem::take(&mut desk.inquiries);
            for inquiry in inquiries {
                if let Some(running) = &desk.worker {
                    running.post(&inquiry);
                }
            }
        }
        let free = desk.under_way.is_none() && desk.worker.as_ref().is_some_and(|running| running.ready);
        if !free {
            return;
        }
        let Some(question) = desk.waiting.take() else { return };
        let (slow, overdue) = (self.clone(), self.clone());
        let timers = [
            Timeout::new(PATIENCE, move || slow.grew_slow()),
            Timeout::new(LIMIT, move || overdue.replace(Trouble::Overdue)),
        ];
        desk.under_way = Some(UnderWay { revision: question.revision, slow: false, _timers: timers });
        if let Some(running) = &desk.worker {
            running.post(&question.bytes);
        }
    }

    fn grew_slow(&self) {
        let waiting = {
            let mut desk = self.0.borrow_mut();
            if let Some(under_way) = &mut desk.under_way {
                under_way.slow = true;
            }
            desk.waiting.is_some()
        };
        if waiting {
            self.restart();
        }
    }
}
