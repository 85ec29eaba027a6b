//! What was asked beside the report, and what was found.

use std::rc::Rc;

use rules::{Action as Act, Hop, KubectlOutput, Probe, Way};

use crate::inquiry::{Finding, Inquiry};
use crate::shared::Shared;

/// As many commands of the terminal are kept.
const MAX_COMMANDS: usize = 30;

/// Inquiries and findings.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Findings {
    /// Number of the newest inquiry.
    pub(crate) asked: u32,
    /// Inquiries without an answer: their numbers, and the revisions that they are about.
    pub(crate) open: Rc<Vec<(u32, u64, Inquiry)>>,
    /// The newest comparison of the ways in: of the workload of this index.
    pub(crate) ways: Option<Shared<Found<u32, Vec<Way>>>>,
    /// The newest probe: of this URL.
    pub(crate) probe: Option<Shared<Found<String, Probe>>>,
    /// The newest picture of a way: of the route of this index.
    pub(crate) way: Option<Shared<Found<u32, Vec<Hop>>>>,
    /// The newest listings, by their commands.
    pub(crate) listings: Vec<Shared<Found<String, KubectlOutput>>>,
    /// Commands and what they printed, oldest first.
    pub(crate) terminal: Shared<Vec<(String, KubectlOutput)>>,
}

/// Something that was found.
#[derive(Debug)]
pub(crate) struct Found<K, T> {
    /// Of what.
    pub(crate) of: K,
    /// The revision that it is about.
    pub(crate) revision: u64,
    /// What it is.
    pub(crate) what: T,
}

impl Findings {
    /// Asks about a revision.
    pub(super) fn ask(&mut self, revision: u64, inquiry: Inquiry) {
        self.asked += 1;
        Rc::make_mut(&mut self.open).push((self.asked, revision, inquiry));
    }

    /// Another manifest: what was found says nothing about it, and what is asked need not be answered.
    pub(super) fn forget(&mut self) {
        *self = Self { asked: self.asked, terminal: self.terminal.clone(), ..Self::default() };
    }

    /// Takes in what was found; what a command makes happen.
    pub(super) fn take(&mut self, number: u32, finding: Option<Finding>) -> Vec<Act> {
        let Some(at) = self.open.iter().position(|(open, ..)| *open == number) else { return Vec::new() };
        let (_, revision, inquiry) = Rc::make_mut(&mut self.open).remove(at);
        match (inquiry, finding) {
            (Inquiry::Ways(of), Some(Finding::Ways(what))) => {
                self.ways = Some(Shared::new(Found { of, revision, what }));
            }
            (Inquiry::Probe(of), Some(Finding::Probe(what))) => {
                self.probe = Some(Shared::new(Found { of, revision, what }));
            }
            (Inquiry::Way(of), Some(Finding::Way(what))) => {
                self.way = Some(Shared::new(Found { of, revision, what }));
            }
            (Inquiry::Listing(of), Some(Finding::Kubectl(what, _))) => {
                self.listings.retain(|old| old.of != of);
                self.listings.push(Shared::new(Found { of, revision, what }));
            }
            (Inquiry::Kubectl(line), Some(Finding::Kubectl(output, acts))) => {
                let mut terminal = Vec::clone(&self.terminal);
                terminal.push((line, output));
                let surplus = terminal.len().saturating_sub(MAX_COMMANDS);
                terminal.drain(..surplus);
                self.terminal = Shared::new(terminal);
                return acts;
            }
            _ => {}
        }
        Vec::new()
    }
}
