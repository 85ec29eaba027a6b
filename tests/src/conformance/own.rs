//! Our own run of a scenario: the same commands on our engine, without following the recorded choices.

use super::identity::Identities;
use super::observe::observe;
use super::record::Record;
use super::recording::Scenario;
use super::world::{Pool, World};

/// What our engine shows after each stage.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnRun {
    /// Records in the form of the recorded ones.
    pub records: Vec<Record>,
    /// The cluster as the scheduler sees it, by stage.
    pub worlds: Vec<World>,
    /// Every pod that existed at the end of a stage.
    pub pods: Pool,
}

/// Runs the scenario.
pub(super) fn run(scenario: &Scenario) -> Result<OwnRun, String> {
    let _ = (scenario, observe, Identities::of);
    Err("the engine has no simulation of commands yet".into())
}
