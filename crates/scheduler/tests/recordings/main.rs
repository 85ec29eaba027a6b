//! Replays the scheduling attempts that a real kube-scheduler made.
//!
//! Before each attempt the state is what the recorded choices made it. When within a command pods appeared or vanished is
//! not recorded, so an attempt counts as reproduced when it is for some choice of those pods.
#![expect(clippy::print_stdout, reason = "the test says what it compared, or that it compared nothing")]

mod compare;
mod load;
mod replay;

use std::path::PathBuf;

/// Where the recordings are: in the repository, or beside it.
fn recordings() -> Option<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    ["../../tests/conformance/recordings", "../../../shared/conformance"]
        .into_iter()
        .map(|path| here.join(path))
        .find(|path| path.is_dir())
}

#[test]
fn every_recorded_attempt_is_reproduced() {
    let Some(folder) = recordings() else {
        println!("no recordings here: nothing compared");
        return;
    };
    let (mut attempts, mut misses) = (0, Vec::new());
    for scenario in load::scenarios(&folder) {
        let (count, scenario_misses) = replay::replay(&scenario);
        attempts += count;
        misses.extend(scenario_misses.into_iter().map(|miss| format!("{}: {miss}", scenario.name)));
    }
    println!("{} of {attempts} attempts reproduced", attempts - misses.len());
    assert!(attempts > 0, "{} holds no recordings", folder.display());
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}
