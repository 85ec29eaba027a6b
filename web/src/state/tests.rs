use rules::{Action as Act, Diagnostic, Fix, Offer, OfferKind, PodReport, Severity, WorkloadReport};

use super::*;
use crate::examples::Example;

fn page() -> Rc<State> {
    Rc::new(State::new("a: 1\n", Settings::with_nodes(4)))
}

fn run(mut state: Rc<State>, actions: Vec<Action>) -> Rc<State> {
    for action in actions {
        state = state.reduce(action);
    }
    state
}

fn good() -> Box<Report> {
    Box::new(Report { workloads: vec![WorkloadReport::default()], ..Report::default() })
}

fn broken() -> Box<Report> {
    let error = Diagnostic::new("yaml-syntax", Severity::Error, "no", None);
    Box::new(Report { diagnostics: vec![error], ..Report::default() })
}

fn replace(from: usize, to: usize, text: &str) -> Fix {
    Fix { title: String::new(), edits: vec![TextEdit { span: Span::new(from, to), text: text.to_owned() }] }
}

#[test]
fn stale_answers_are_dropped() {
    let state = run(page(), vec![Action::Typed("b".into()), Action::Answered(1, good())]);
    assert!(state.answer.is_none() && state.busy());
    let state = run(state, vec![Action::Answered(2, good())]);
    assert!(state.answer.is_some() && !state.busy());
    let state = run(state, vec![Action::Failed(1, Trouble::Crashed)]);
    assert_eq!(state.trouble, None);
}

#[test]
fn the_last_good_result_stays_while_the_text_is_broken() {
    let state = run(
        page(),
        vec![Action::Answered(1, good()), Action::Typed("b: [".into()), Action::Answered(2, broken())],
    );
    assert_eq!(state.answer.as_ref().map(|answer| answer.revision), Some(2));
    assert_eq!(state.shown.as_ref().map(|answer| answer.revision), Some(1));
    assert!(state.stale() && !state.busy());
    // Of another manifest it would say nothing.
    let state = run(
        state,
        vec![Action::Load("c: [".into(), Settings::default(), Origin::File), Action::Answered(3, broken())],
    );
    assert_eq!(state.shown.as_ref().map(|answer| answer.revision), Some(3));
}

#[test]
fn an_offer_changes_text_or_nodes_and_can_be_undone() {
    let offer = |kind, fix| Offer { kind, fix, running: 5, pending: 0 };
    let mut report = good();
    report.verdict.offers = vec![
        offer(OfferKind::SetNodes(5), None),
        offer(OfferKind::LowerReplicas("x".into(), 2), Some(replace(3, 4, "2"))),
    ];
    let state = run(page(), vec![Action::Answered(1, report)]);

    let more = run(Rc::clone(&state), vec![Action::TakeOffer(0)]);
    assert_eq!((more.settings.cluster.nodes, &*more.text), (5, "a: 1\n"));
    let back = run(more, vec![Action::Undo]);
    assert_eq!((back.settings.cluster.nodes, back.can_undo()), (4, false));

    let edited = run(Rc::clone(&state), vec![Action::TakeOffer(1)]);
    assert_eq!((&*edited.text, &edited.order.1), ("a: 2\n", &Order::TakeText));
    assert_eq!(&*run(edited, vec![Action::Undo]).text, "a: 1\n");

    // Once the text has changed, its places are wrong.
    let late = run(state, vec![Action::Typed("other".into()), Action::TakeOffer(1)]);
    assert_eq!(&*late.text, "other");
}

#[test]
fn a_fix_changes_the_text() {
    let mut report = broken();
    report.diagnostics[0].fix = Some(replace(0, 1, "b"));
    let state = run(page(), vec![Action::Answered(1, report), Action::TakeFix(0), Action::TakeFix(9)]);
    assert_eq!(&*state.text, "b: 1\n");
    assert!(state.can_undo());
}

#[test]
fn another_manifest_can_be_taken_back() {
    let example = Example::FIRST;
    let load = Action::Load("x\r\ny".into(), example.settings(), Origin::Example(example));
    let state = run(page(), vec![load]);
    assert_eq!(&*state.text, "x\ny");
    assert_eq!(state.notice, Some(Notice::Opened(Origin::Example(example))));
    assert_eq!(&*run(state, vec![Action::Undo]).text, "a: 1\n");
}

#[test]
fn what_is_too_large_is_kept_but_not_analysed() {
    let state = run(page(), vec![Action::Typed("x".repeat(MAX_TEXT + 1))]);
    assert_eq!(state.trouble, Some(Trouble::TooLarge(MAX_TEXT + 1)));
    assert!(!state.busy());
    assert_eq!(run(state, vec![Action::Typed("x".into())]).trouble, None);
}

#[test]
fn only_a_pod_that_is_not_explained_yet_costs_an_analysis() {
    let pod = |name: &str, attempt| PodReport {
        namespace: "default".into(),
        name: name.into(),
        attempt,
        ..PodReport::default()
    };
    let mut report = good();
    report.pods = vec![pod("a", Some(rules::Attempt::default())), pod("b", None)];
    let state = run(page(), vec![Action::Answered(1, report), Action::Explain("default/a".into())]);
    assert_eq!((state.revision, state.tab), (1, Tab::Why));
    assert_eq!(run(state, vec![Action::Explain("default/b".into())]).revision, 2);
}

#[test]
fn node_counts_stay_in_bounds() {
    let mut settings = Settings::with_nodes(4);
    settings.cluster.control_plane = 3;
    let state = run(page(), vec![Action::Configure(settings), Action::SetNodes(2)]);
    assert_eq!((state.settings.cluster.nodes, state.settings.cluster.control_plane), (2, 2));
    assert_eq!(run(state, vec![Action::SetNodes(9_999)]).settings.cluster.nodes, MAX_NODES);
}

#[test]
fn what_happens_is_undone_and_stepped_through() {
    let drain = Act::Drain("node-1".into());
    let state = run(page(), vec![Action::Happen(drain.clone()), Action::Happen(Act::AddNodes(1))]);
    assert_eq!(state.settings.story.seen(&state.text).len(), 2);
    let back = run(Rc::clone(&state), vec![Action::StepTo(1)]);
    assert_eq!(back.settings.story.seen(&back.text), [drain]);
    assert_eq!(back.revision, state.revision + 1);
    assert_eq!(run(Rc::clone(&state), vec![Action::StepTo(9)]).settings.story.at, 2);
    assert_eq!(run(Rc::clone(&state), vec![Action::Undo]).settings.story.actions.len(), 1);
    let over = run(state, vec![Action::StartOver]);
    assert_eq!((over.settings.story.clone(), over.can_undo()), (Story::default(), true));
}

#[test]
fn an_answer_is_about_the_text_that_was_applied_last() {
    let state = run(page(), vec![Action::Hold, Action::Typed("b: 2\n".into()), Action::Answered(3, good())]);
    assert_eq!(state.current().map(|answer| &*answer.text), Some("b: 2\n"), "the draft");
    let state =
        run(state, vec![Action::Happen(Act::AddNodes(1)), Action::StepTo(0), Action::Answered(5, good())]);
    assert_eq!(state.answer.as_ref().map(|answer| &*answer.text), Some("a: 1\n"));
    assert!(state.current().is_none(), "the editor holds another text");
    let state = run(state, vec![Action::Typed("c: 3\n".into())]);
    assert_eq!(state.settings.story.seen(&state.text).len(), 3, "who types sees the end");
}
