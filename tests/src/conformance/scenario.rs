//! Compares one scenario: our own run, then the replay, then each category stage by stage.

use std::collections::BTreeMap;

use reach::Route;

use super::compare_outcome::Agreement;
use super::identity::Identities;
use super::names::Names;
use super::own::{self, OwnRun};
use super::record::{Attempt, Record};
use super::recorded_ways::Recorded;
use super::recording::{Input, Scenario};
use super::replay::Replay;
use super::score::{Card, Category, Outcome};
use super::world::{Following, Pool, World};
use super::{
    compare_apply, compare_endpoints, compare_messages, compare_objects, compare_outcome, compare_routes,
    restore,
};
use crate::guard::caught;

/// The outcome of a scenario. Where our own run fails, what depends on it counts as unmatched.
pub(super) fn compare(scenario: &Scenario) -> Card {
    let own = caught(|| own::run(scenario));
    let mut card = Card::new();
    let replays = replay(scenario, own.as_ref().ok(), &mut card);
    let recorded: Vec<&Record> = scenario.stages.iter().map(|stage| &stage.record).collect();
    let identities = Identities::of(&recorded);
    let routes = caught(|| routes(scenario, &identities, &mut card)).unwrap_or_else(|reason| {
        card.entry(Category::Routes).or_default().count("all stages", Some(reason));
        Vec::new()
    });
    let sides = Sides {
        scenario,
        names: Names::of(recorded.iter().copied()),
        given: given(scenario),
        identities,
        routes,
    };
    let mut add = |category, outcome| card.entry(category).or_default().add(outcome);
    match &own {
        Ok(own) => sides.compare_own(own, &replays, &mut add),
        Err(reason) => sides.refuse(reason, &replays, &mut add),
    }
    card
}

/// A card on which nothing matches, for a scenario that gave no answer at all.
pub(super) fn refused(scenario: &Scenario, reason: &str) -> Card {
    let recorded: Vec<&Record> = scenario.stages.iter().map(|stage| &stage.record).collect();
    let sides = Sides {
        scenario,
        names: Names::default(),
        given: String::new(),
        identities: Identities::of(&recorded),
        routes: Vec::new(),
    };
    let mut card = Card::new();
    let mut attempts = Outcome::default();
    for attempt in recorded.iter().flat_map(|record| &record.attempts) {
        attempts.count(format!("attempt {} of {}", attempt.number, attempt.pod), Some(reason.to_owned()));
    }
    card.insert(Category::Attempts, attempts);
    sides.refuse(reason, &[], &mut |category, outcome| card.entry(category).or_default().add(outcome));
    card
}

/// Follows the recorded attempts; gives the replay after each stage, for the messages.
fn replay(scenario: &Scenario, own: Option<&OwnRun>, card: &mut Card) -> Vec<Replay> {
    let records: Vec<&Record> = scenario.stages.iter().map(|stage| &stage.record).collect();
    let identities = Identities::of(&records);
    let (none, mut stand_in) = (Pool::default(), Pool::default());
    for record in &records {
        stand_in.add_recorded(record, &identities);
    }
    let mut nodes = scenario.nodes.clone();
    let mut replay = Replay::default();
    let mut replays = Vec::new();
    let mut before: Option<World> = None;
    for (index, stage) in scenario.stages.iter().enumerate() {
        if let Input::AddNodes(added) = &stage.input {
            nodes.extend(added.iter().cloned());
        }
        let world = own.and_then(|own| own.worlds.get(index).cloned());
        let world = world.unwrap_or_else(|| World::recorded(&nodes, &stage.record));
        let ended_on =
            stage.record.pods.iter().filter_map(|pod| Some((pod.key(), pod.node.clone()?))).collect();
        let pools = [own.map_or(&none, |own| &own.pods), &stand_in];
        let mut engine = Following::new(world.clone(), before.as_ref(), pools, &identities, &ended_on);
        before = Some(world);
        let outcome = replay.stage(&format!("stage {index}"), &stage.record, &mut engine);
        card.entry(Category::Attempts).or_default().add(outcome);
        replays.push(replay.clone());
    }
    replays
}

/// Compares the ways in of each recorded state, and gives them for the comparison with our own run.
fn routes(scenario: &Scenario, identities: &Identities, card: &mut Card) -> Vec<Vec<Route>> {
    let (mut pool, mut nodes, mut all) = (Pool::default(), scenario.nodes.clone(), Vec::new());
    for (index, stage) in scenario.stages.iter().enumerate() {
        if let Input::AddNodes(added) = &stage.input {
            nodes.extend(added.iter().cloned());
        }
        pool.add_recorded(&stage.record, identities);
        let routes = own::routes(&restore::store(stage, &nodes, &pool, identities));
        let recorded = Recorded { record: &stage.whole, nodes: &nodes };
        let outcome = compare_routes::compare(&format!("stage {index}"), &recorded, &routes);
        card.entry(Category::Routes).or_default().add(outcome);
        all.push(routes);
    }
    all
}

/// All text that the user gave.
fn given(scenario: &Scenario) -> String {
    let mut given = String::new();
    for stage in &scenario.stages {
        if let Input::Kubectl(_, files) = &stage.input {
            given.extend(files.values().map(|bytes| String::from_utf8_lossy(bytes)));
        }
    }
    given
}

/// What every comparison of a scenario needs of the recorded side.
struct Sides<'a> {
    scenario: &'a Scenario,
    names: Names,
    given: String,
    identities: Identities,
    /// The ways in of each recorded state.
    routes: Vec<Vec<Route>>,
}

impl Sides<'_> {
    fn compare_own(&self, own: &OwnRun, replays: &[Replay], add: &mut impl FnMut(Category, Outcome)) {
        let our_names = Names::of(&own.records);
        let our_identities = Identities::of(&own.records.iter().collect::<Vec<_>>());
        let unstable = |what: &str| self.scenario.unstable.iter().any(|unstable| unstable == what);
        let agreement = match (unstable("bound_and_pending_counts"), unstable("nodes_used")) {
            (true, _) => Agreement::AnyVictim,
            (false, true) => Agreement::OtherNodes,
            (false, false) => Agreement::Full,
        };
        let mut before: Vec<&Attempt> = Vec::new();
        let missing = Record::default();
        for (index, stage) in self.scenario.stages.iter().enumerate() {
            let name = format!("stage {index}");
            let recorded = &stage.record;
            let ours = own.records.get(index).unwrap_or(&missing);
            let mut apply = Outcome::default();
            let difference =
                compare_apply::difference(&recorded.command, &self.names, &ours.command, &our_names);
            apply.count(name.as_str(), difference);
            add(Category::Apply, apply);
            let objects = (&*recorded.objects, &self.names);
            add(
                Category::Objects,
                compare_objects::compare(&name, objects, (&ours.objects, &our_names), &self.given, agreement),
            );
            let endpoints = (&*recorded.endpoints, &self.names);
            add(
                Category::Endpoints,
                compare_endpoints::compare(&name, endpoints, (&ours.endpoints, &our_names)),
            );
            let outcome = compare_outcome::compare(
                &name,
                (recorded, &self.names),
                (ours, &our_names),
                &before,
                agreement,
            );
            add(Category::Outcome, outcome);
            if agreement != Agreement::AnyVictim {
                let routes = |all: &[Vec<Route>]| all.get(index).cloned().unwrap_or_default();
                let (theirs, mine) = (routes(&self.routes), routes(&own.routes));
                let theirs = (&*theirs, &self.names);
                add(Category::Routes, compare_routes::compare_own(&name, theirs, (&mine, &our_names)));
            }
            let messages = self.messages(recorded, replays.get(index), Some((ours, &our_identities)));
            add(Category::Messages, compare_messages::compare(&name, recorded, &messages));
            before.extend(&recorded.attempts);
        }
    }

    /// Everything that our own run would have answered, as unmatched; messages still come from the replay.
    fn refuse(&self, reason: &str, replays: &[Replay], add: &mut impl FnMut(Category, Outcome)) {
        for (index, stage) in self.scenario.stages.iter().enumerate() {
            let name = format!("stage {index}");
            let recorded = &stage.record;
            let (none, nothing) = (Names::default(), Record::default());
            let units = |outcome: Outcome| {
                let mut refused = Outcome::default();
                for miss in outcome.misses {
                    refused.count(miss.unit, Some(reason.to_owned()));
                }
                refused
            };
            let mut apply = Outcome::default();
            apply.count(name.as_str(), Some(reason.to_owned()));
            add(Category::Apply, apply);
            add(
                Category::Objects,
                units(compare_objects::compare(
                    &name,
                    (&recorded.objects, &self.names),
                    (&[], &none),
                    "",
                    Agreement::Full,
                )),
            );
            add(
                Category::Endpoints,
                units(compare_endpoints::compare(&name, (&recorded.endpoints, &self.names), (&[], &none))),
            );
            let ours = (&nothing, &none);
            let outcome =
                compare_outcome::compare(&name, (recorded, &self.names), ours, &[], Agreement::OtherNodes);
            add(Category::Outcome, units(outcome));
            let routes = self.routes.get(index).cloned().unwrap_or_default();
            let theirs = (&*routes, &self.names);
            add(Category::Routes, units(compare_routes::compare_own(&name, theirs, (&[], &none))));
            let messages = self.messages(recorded, replays.get(index), None);
            add(Category::Messages, compare_messages::compare(&name, recorded, &messages));
        }
    }

    /// Our message for each Pending pod: that of the replay, or for a pod that was never tried that of our own run.
    fn messages(
        &self,
        recorded: &Record,
        replay: Option<&Replay>,
        ours: Option<(&Record, &Identities)>,
    ) -> BTreeMap<String, Option<String>> {
        let mut messages = BTreeMap::new();
        for pod in recorded.pods.iter().filter(|pod| pod.is_pending()) {
            let key = pod.key();
            let replayed = replay.and_then(|replay| replay.message(&key)).cloned();
            let message = replayed.map(Some).or_else(|| {
                let (record, identities) = ours?;
                let identity = self.identities.get(&key);
                let same = |candidate: &&super::record::Pod| {
                    candidate.is_pending()
                        && (candidate.key() == key || identities.get(&candidate.key()) == identity)
                };
                record.pods.iter().find(same).map(|pod| pod.message.clone())
            });
            if let Some(message) = message {
                messages.insert(key, message);
            }
        }
        messages
    }
}
