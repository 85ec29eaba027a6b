//! Compares the engine with recordings of a real control plane and keeps the score.
//!
//! Entered by [`command`], which is `cargo xtask conformance`, and by [`run`]. A folder of recordings is read into
//! [`recording::Scenario`]s; our own run and the replay bring the engine's answers to the same [`record::Record`]s; the
//! `compare_*` modules are pure functions over both. What each category means is told in the recordings' README.

mod claims;
mod compare_apply;
mod compare_attempts;
mod compare_endpoints;
mod compare_messages;
mod compare_objects;
mod compare_outcome;
mod compare_routes;
mod diff;
mod identity;
mod names;
mod observe;
mod own;
mod record;
mod recorded_ways;
mod recording;
mod replay;
mod restore;
mod runner;
mod scenario;
mod score;
mod world;

use std::path::{Path, PathBuf};

pub use runner::run;
pub use score::{Category, Score, Tally};

/// Misses that are shown unless told otherwise.
const DEFAULT_MISSES: usize = 5;

/// How the score is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Format {
    #[default]
    Table,
    Json,
}

/// The committed recordings.
pub fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/recordings")
}

/// The committed score.
pub fn score_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/score.snap")
}

/// `[--dir PATH] [--area NAME] [--format table|json] [--misses N]`: runs and gives the text to print.
pub fn command(args: &[String]) -> Result<String, String> {
    let (mut dir, mut area, mut format, mut misses) = (recordings(), None, Format::Table, DEFAULT_MISSES);
    let mut args = args.iter();
    while let Some(option) = args.next() {
        let value = args.next().ok_or_else(|| format!("{option} needs a value"))?;
        match (option.as_str(), value.as_str()) {
            ("--dir", path) => dir = path.into(),
            ("--area", name) => area = Some(name.to_owned()),
            ("--format", "table") => format = Format::Table,
            ("--format", "json") => format = Format::Json,
            ("--misses", number) => {
                misses = number.parse().map_err(|_| format!("--misses {number} is not a number"))?;
            }
            _ => return Err(format!("unknown option {option} {value}")),
        }
    }
    let score = run(&dir, area.as_deref())?;
    Ok(match format {
        Format::Json => score.json() + "\n",
        Format::Table => score.table() + "\n" + &score.misses(misses),
    })
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn options_are_checked() {
        let refused = |args: &[&str]| {
            command(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>()).unwrap_err()
        };
        assert_eq!(refused(&["--dir"]), "--dir needs a value");
        assert_eq!(refused(&["--format", "xml"]), "unknown option --format xml");
        assert_eq!(refused(&["--misses", "x"]), "--misses x is not a number");
        assert!(refused(&["--dir", "/nowhere"]).starts_with("/nowhere: "));
    }
}
