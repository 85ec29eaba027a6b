//! Runs all scenarios, a few at a time, each in a thread of its own: none can take the others along or hold them up.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use super::recording;
use super::scenario;
use super::score::{Card, Category, Outcome, Score};
use crate::guard::{caught, within};

/// A scenario that takes longer counts as unmatched.
const LIMIT: Duration = Duration::from_secs(60);

/// Compares with all recordings below `dir`, or those of one area.
pub fn run(dir: &Path, area: Option<&str>) -> Result<Score, String> {
    let mut folders = recording::list(dir)?;
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    folders.retain(|path| area.is_none_or(|area| recording::area(&name(path)) == area));
    if folders.is_empty() {
        return Err(format!("{}: no recordings", dir.display()));
    }
    let cards = Mutex::new(BTreeMap::new());
    let queue = Mutex::new(folders.into_iter());
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(folder) = lock(&queue).next() {
                    let card = guarded(&folder);
                    lock(&cards).insert(name(&folder), card);
                }
            });
        }
    });
    let cards = std::mem::take(&mut *lock(&cards));
    Ok(Score { cards })
}

/// The lock, also after a panic elsewhere: what is behind it is only moved in and out.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The card of one folder, whatever happens.
fn guarded(folder: &Path) -> Card {
    let scenario = match caught(|| recording::read(folder)).and_then(|result| result) {
        Ok(scenario) => scenario,
        Err(error) => return unreadable(&error),
    };
    let input = scenario.clone();
    within(LIMIT, move || scenario::compare(&input)).unwrap_or_else(|reason| {
        caught(|| scenario::refused(&scenario, &reason)).unwrap_or_else(|panic| unreadable(&panic))
    })
}

fn unreadable(error: &str) -> Card {
    let mut outcome = Outcome::default();
    outcome.count("result.json", Some(error.to_owned()));
    Card::from([(Category::Apply, outcome)])
}
