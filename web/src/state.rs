//! What the page knows, and how it changes. No DOM: everything here runs and is tested natively.
//!
//! [`State::reduce`] is the only way to change anything. Hooks watch the state and do what it asks for: analyse, save, tell the editor.

mod action;
mod answer;
mod findings;

use std::rc::Rc;

use rules::{Help, Lang, Report, Span, TextEdit};
use yew::Reducible;

pub(crate) use action::{Action, Notice, Origin, Pane, Panel, Tab, Theme, Trouble, View};
pub(crate) use answer::Answer;
pub(crate) use findings::{Findings, Found};

use crate::edits;
use crate::inquiry::Finding;
use crate::settings::{MAX_NODES, MAX_TEXT, Settings};
use crate::shared::Shared;
use crate::story::Story;

/// As many steps can be undone.
const MAX_PAST: usize = 50;

/// The page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    /// The manifest as it stands in the editor.
    pub(crate) text: Rc<str>,
    /// Cluster and the rest.
    pub(crate) settings: Shared<Settings>,
    /// Grows with every change of what decides the report.
    pub(crate) revision: u64,
    /// Grows when the analysis shall not wait for the typist.
    pub(crate) hurry: u32,
    /// The newest answer: problems and kubectl's output come from it.
    pub(crate) answer: Option<Shared<Answer>>,
    /// The newest answer that shows a placement: what cluster, routes and reasons come from.
    pub(crate) shown: Option<Shared<Answer>>,
    /// Why the newest revision has no answer and gets none.
    pub(crate) trouble: Option<Trouble>,
    /// The tab of the result.
    pub(crate) tab: Tab,
    /// On narrow screens, the half that is seen.
    pub(crate) pane: Pane,
    /// What is open above the page.
    pub(crate) panel: Panel,
    /// namespace/name of the pod whose decision is explained.
    pub(crate) pod: Option<Rc<str>>,
    /// Index of the workload that is pointed at.
    pub(crate) glow: Option<u32>,
    /// What the reader has unfolded.
    pub(crate) view: View,
    /// Language of the page.
    pub(crate) lang: Lang,
    /// Chosen colours.
    pub(crate) theme: Theme,
    /// What just happened.
    pub(crate) notice: Option<Notice>,
    /// What the editor is asked to do; each order has a number of its own.
    pub(crate) order: (u32, Order),
    /// Where help is wanted, in bytes, with the number of the question.
    pub(crate) question: Option<(u32, u32)>,
    /// The newest help, by the number of its question.
    pub(crate) help: Option<Shared<(u32, Option<Help>)>>,
    /// What was asked beside the report, and what was found.
    pub(crate) findings: Findings,
    /// Shown inside another page.
    pub(crate) embedded: bool,
    /// The address names what is open.
    pub(crate) linked: bool,
    past: Vec<(Rc<str>, Shared<Settings>)>,
}

/// An order to the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Nothing yet.
    Rest,
    /// Take over the text of the state.
    TakeText,
    /// Select a span of the text that the answer belongs to.
    Select(Span),
    /// Go to the next problem.
    NextProblem,
    /// Go to the previous problem.
    PreviousProblem,
}

impl State {
    /// A page with this content, before any analysis.
    pub(crate) fn new(text: &str, settings: Settings) -> Self {
        Self {
            text: text.replace("\r\n", "\n").into(),
            settings: Shared::new(settings),
            revision: 1,
            hurry: 1,
            answer: None,
            shown: None,
            trouble: None,
            tab: Tab::Cluster,
            pane: Pane::Result,
            panel: Panel::None,
            pod: None,
            glow: None,
            view: View::default(),
            lang: Lang::En,
            theme: Theme::System,
            notice: None,
            order: (0, Order::Rest),
            question: None,
            help: None,
            findings: Findings::default(),
            embedded: false,
            linked: false,
            past: Vec::new(),
        }
        .checked()
    }

    /// The page after something happened.
    #[must_use]
    pub(crate) fn after(self, action: Action) -> Self {
        self.apply(action)
    }

    /// The newest revision is not answered yet.
    pub(crate) fn busy(&self) -> bool {
        self.trouble.is_none() && self.answer.as_ref().is_none_or(|answer| answer.revision != self.revision)
    }

    /// What is shown belongs to an older revision.
    pub(crate) fn stale(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.revision != self.revision)
    }

    /// Something can be undone.
    pub(crate) fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// The answer, when it belongs to the very text that stands in the editor.
    pub(crate) fn current(&self) -> Option<&Shared<Answer>> {
        self.answer.as_ref().filter(|answer| answer.text == self.text)
    }

    /// A new revision, and no analysis of what is too large for one.
    fn changed(mut self, hurry: bool) -> Self {
        self.revision += 1;
        self.hurry += u32::from(hurry);
        self.trouble = None;
        self.linked = false;
        self.checked()
    }

    fn checked(mut self) -> Self {
        if self.text.len() > MAX_TEXT {
            self.trouble = Some(Trouble::TooLarge(self.text.len()));
        }
        self
    }

    fn remember(&mut self) {
        if self.past.len() == MAX_PAST {
            self.past.remove(0);
        }
        self.past.push((Rc::clone(&self.text), self.settings.clone()));
    }

    fn order(&mut self, order: Order) {
        self.order = (self.order.0 + 1, order);
    }

    fn set_text(&mut self, text: &str) {
        self.text = text.replace("\r\n", "\n").into();
        self.order(Order::TakeText);
    }

    fn load(mut self, text: &str, settings: Settings, origin: Origin) -> Self {
        self.remember();
        self.set_text(text);
        self.settings = Shared::new(settings);
        // Another manifest: what was shown says nothing about it.
        self.answer = None;
        self.shown = None;
        self.pod = None;
        self.glow = None;
        self.view = View::default();
        self.findings.forget();
        self.notice = Some(Notice::Opened(origin));
        self = self.changed(true);
        self.linked = origin == Origin::Link;
        self
    }

    /// Takes one of the offers of the verdict, when the text is still the one that it was made for.
    fn take_offer(mut self, index: usize) -> Self {
        let Some(offer) = self.current().and_then(|answer| answer.report.verdict.offers.get(index)).cloned()
        else {
            return self;
        };
        self.remember();
        self.view.offer = None;
        if let rules::OfferKind::SetNodes(nodes) = offer.kind {
            let mut settings = Settings::clone(&self.settings);
            settings.cluster.nodes = nodes.min(MAX_NODES);
            self.settings = Shared::new(settings);
        }
        self.edit(offer.fix.as_ref().map_or(&[][..], |fix| &fix.edits))
    }

    /// Rewrites the manifest to one of the ways, when they were found for the text as it is.
    fn take_way(mut self, index: usize) -> Self {
        let ways = self.findings.ways.as_ref().filter(|ways| ways.revision == self.revision);
        let fix = ways.and_then(|ways| ways.what.get(index)?.fix.clone());
        let Some(fix) = fix else { return self };
        self.remember();
        self.view.rewriting = None;
        self.edit(&fix.edits)
    }

    /// Takes in what was found; a command may make something happen.
    fn found(mut self, number: u32, finding: Option<Finding>) -> Self {
        let acts = self.findings.take(number, finding);
        acts.into_iter().fold(self, |state, act| state.tell(|story, text| story.go_on(text, Some(act))))
    }

    /// Takes the fix of one of the problems.
    fn take_fix(mut self, index: usize) -> Self {
        let fix = self.current().and_then(|answer| answer.report.diagnostics.get(index)?.fix.clone());
        let Some(fix) = fix else { return self };
        self.remember();
        self.edit(&fix.edits)
    }

    /// An update comes after all that happened.
    fn see_the_end(&mut self) {
        let story = &self.settings.story;
        if story.base.is_some() && !story.is_at_end() {
            let mut settings = Settings::clone(&self.settings);
            settings.story.at = settings.story.actions.len() as u32;
            self.settings = Shared::new(settings);
        }
    }

    fn edit(mut self, edits: &[TextEdit]) -> Self {
        match edits::apply(&self.text, edits) {
            Some(text) => {
                self.set_text(&text);
                self.see_the_end();
                self.notice = Some(Notice::Changed);
                self.changed(true)
            }
            None => self,
        }
    }

    fn undo(mut self) -> Self {
        let Some((text, settings)) = self.past.pop() else { return self };
        self.text = text;
        self.settings = settings;
        self.order(Order::TakeText);
        self.notice = None;
        self.changed(true)
    }

    /// Changes what happened, which can be undone.
    fn tell(mut self, change: impl FnOnce(&mut Story, &str)) -> Self {
        self.remember();
        let mut settings = Settings::clone(&self.settings);
        change(&mut settings.story, &self.text);
        self.settings = Shared::new(settings);
        self.glow = None;
        self.changed(true)
    }

    fn configure(mut self, settings: Settings) -> Self {
        if settings == *self.settings {
            return self;
        }
        self.settings = Shared::new(settings);
        self.changed(true)
    }

    fn answered(mut self, revision: u64, report: Report) -> Self {
        if revision != self.revision {
            return self;
        }
        self.trouble = None;
        let spoken: Rc<str> = match self.settings.story.spoken(&self.text) {
            spoken if *spoken == *self.text => Rc::clone(&self.text),
            spoken => spoken.into(),
        };
        let answer = Shared::new(Answer::new(revision, spoken, report));
        if self.shown.is_none() || !answer.is_broken() {
            self.shown = Some(answer.clone());
        }
        self.answer = Some(answer);
        // The pod that is explained went away: another takes its place.
        let pod = self.pod_to_explain();
        if self.tab == Tab::Why && pod.as_deref() != self.pod.as_deref() {
            return pod.map_or(self.clone(), |pod| self.explain(&pod));
        }
        self
    }

    fn explain(mut self, pod: &str) -> Self {
        self.tab = Tab::Why;
        self.pane = Pane::Result;
        // The pod that was pointed at goes out of sight without being left.
        self.glow = None;
        let explained = self.shown.as_ref().is_some_and(|shown| shown.explains(pod));
        self.pod = Some(pod.into());
        if explained { self } else { self.changed(true) }
    }

    /// The chosen pod as long as it exists, else the first Pending one, else the first.
    fn pod_to_explain(&self) -> Option<String> {
        let shown = self.shown.as_ref()?;
        if let Some(pod) = self.pod.as_ref().filter(|pod| shown.pod(pod).is_some()) {
            return Some(pod.to_string());
        }
        let pods = &shown.report.pods;
        let pod = pods.iter().find(|pod| pod.node.is_none()).or_else(|| pods.first())?;
        Some(format!("{}/{}", pod.namespace, pod.name))
    }

    fn apply(mut self, action: Action) -> Self {
        match action {
            Action::Typed(text) => {
                self.text = text.into();
                self.glow = None;
                self.notice = None;
                self.see_the_end();
                return self.changed(false);
            }
            Action::Load(text, settings, origin) => return self.load(&text, settings, origin),
            Action::Configure(settings) => return self.configure(settings),
            Action::SetNodes(nodes) => {
                let mut settings = Settings::clone(&self.settings);
                settings.cluster.nodes = nodes.min(MAX_NODES);
                settings.cluster.control_plane = settings.cluster.control_plane.min(settings.cluster.nodes);
                return self.configure(settings);
            }
            Action::Happen(action) => return self.tell(|story, text| story.go_on(text, Some(action))),
            Action::Hold => {
                return self.tell(|story, text| {
                    story.base.get_or_insert_with(|| text.to_owned());
                });
            }
            Action::StartOver => return self.tell(|story, _| *story = Story::default()),
            Action::StepTo(at) => {
                let mut settings = Settings::clone(&self.settings);
                settings.story.at = at.min(settings.story.actions.len() as u32);
                return self.configure(settings);
            }
            Action::AnalyseNow => return self.changed(true),
            Action::Answered(revision, report) => return self.answered(revision, *report),
            Action::Failed(revision, trouble) if revision == self.revision => self.trouble = Some(trouble),
            Action::Failed(..) => {}
            Action::AskHelp(number, offset) => self.question = Some((number, offset)),
            Action::Helped(number, help) => self.help = Some(Shared::new((number, help))),
            Action::Inquire(inquiry) => self.findings.ask(self.revision, inquiry),
            Action::Found(number, finding) => return self.found(number, finding),
            Action::TakeWay(index) => return self.take_way(index),
            Action::TakeOffer(index) => return self.take_offer(index),
            Action::TakeFix(index) => return self.take_fix(index),
            Action::Undo => return self.undo(),
            Action::Explain(pod) => return self.explain(&pod),
            Action::Select(span) => {
                self.pane = Pane::Editor;
                self.order(Order::Select(span));
            }
            Action::NextProblem => {
                self.pane = Pane::Editor;
                self.order(Order::NextProblem);
            }
            Action::PreviousProblem => {
                self.pane = Pane::Editor;
                self.order(Order::PreviousProblem);
            }
            Action::Show(Tab::Why) => {
                if let Some(pod) = self.pod_to_explain() {
                    return self.explain(&pod);
                }
                self.tab = Tab::Why;
            }
            Action::Show(tab) => self.tab = tab,
            Action::ShowPane(pane) => self.pane = pane,
            Action::Open(panel) => self.panel = panel,
            Action::Glow(workload) => self.glow = workload,
            Action::SetLang(lang) => self.lang = lang,
            Action::SetTheme(theme) => self.theme = theme,
            Action::Notify(notice) => self.notice = Some(notice),
            Action::Look(view) => self.view = view,
            Action::Dismiss => self.notice = None,
        }
        self
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).apply(action))
    }
}

#[cfg(test)]
mod tests;
