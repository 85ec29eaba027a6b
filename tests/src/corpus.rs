//! Runs over manifests that public projects publish, and over broken ones that people posted. They are third-party texts and
//! not part of this repository: where the folder is absent, the runner says that it skipped them.
//!
//! `expected.tsv` tells, for each file, what `kubectl apply` against a real control plane with four empty nodes did. Entered
//! by [`command`], which is `cargo xtask corpus`.
#![expect(clippy::disallowed_methods, reason = "manifests are files")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rules::{Input, Report};
use serde_json::json;

use crate::guard::within;

/// Nodes of the cluster that was recorded.
const NODES: u32 = 4;

/// A file may take this long; unoptimised builds get more.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 1 });

/// Where the corpus is unless told otherwise, from the top of the repository.
const DEFAULT_DIR: &str = "../shared/corpus";

/// What is counted, one unit a file each: kubectl's output, pods created, and pods bound and pending.
const CATEGORIES: [&str; 3] = ["apply", "pods", "placed"];

/// The engine: the one function that is the product.
pub type Analyze = fn(&Input) -> Report;

/// A line of `expected.tsv`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Expected {
    file: String,
    exit: i32,
    pods: u32,
    bound: u32,
    pending: u32,
    stdout: Vec<String>,
    stderr: Vec<String>,
}

/// The outcome of one file: for each category what differs, if anything.
type Outcome = [Option<String>; 3];

/// `[--dir PATH] [--format table|json] [--misses N]`: runs and gives the text to print.
pub fn command(args: &[String], analyze: Analyze) -> Result<String, String> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut dir, mut json, mut misses) = (top.join(DEFAULT_DIR), false, 5);
    let mut args = args.iter();
    while let Some(option) = args.next() {
        let value = args.next().ok_or_else(|| format!("{option} needs a value"))?;
        match (option.as_str(), value.as_str()) {
            ("--dir", path) => dir = path.into(),
            ("--format", "table") => json = false,
            ("--format", "json") => json = true,
            ("--misses", number) => {
                misses = number.parse().map_err(|_| format!("--misses {number} is not a number"))?;
            }
            _ => return Err(format!("unknown option {option} {value}")),
        }
    }
    let Some(outcomes) = run(&dir, analyze)? else {
        return Ok(if json { line(&[]) } else { format!("skipped: {} is not there\n", dir.display()) });
    };
    Ok(if json { line(&outcomes) } else { table(&outcomes, misses) })
}

/// The outcome of each file by name; `None` when the corpus is not there.
fn run(dir: &Path, analyze: Analyze) -> Result<Option<Vec<(String, Outcome)>>, String> {
    let index = dir.join("expected.tsv");
    if !index.is_file() {
        return Ok(None);
    }
    let text = fs::read_to_string(&index).map_err(|error| format!("{}: {error}", index.display()))?;
    let outcome = |expected: Expected| {
        let path: PathBuf = dir.join(&expected.file);
        let name = expected.file.clone();
        let outcome = match fs::read(&path) {
            Ok(bytes) => judge(expected, bytes, analyze),
            Err(error) => [(); 3].map(|()| Some(format!("{}: {error}", path.display()))),
        };
        (name, outcome)
    };
    Ok(Some(text.lines().skip(1).filter_map(read_line).map(outcome).collect()))
}

/// Reads a line; `None` when it is empty. Columns that are missing read as nothing.
fn read_line(line: &str) -> Option<Expected> {
    let columns: Vec<&str> = line.split('\t').collect();
    let column = |index: usize| columns.get(index).copied().unwrap_or_default();
    let number = |index: usize| column(index).parse().unwrap_or_default();
    let lines = |index: usize| match column(index) {
        "" => Vec::new(),
        text => text.split("\\n").map(str::to_owned).collect(),
    };
    (!line.is_empty()).then(|| Expected {
        file: column(0).to_owned(),
        exit: column(1).parse().unwrap_or_default(),
        pods: number(2),
        bound: number(3),
        pending: number(4),
        stdout: lines(5),
        stderr: lines(6),
    })
}

/// Analyses one file in strict mode and compares.
fn judge(expected: Expected, bytes: Vec<u8>, analyze: Analyze) -> Outcome {
    let work = move || {
        let mut input = Input { text: decode(&bytes), strict: true, ..Input::default() };
        input.cluster.nodes = NODES;
        compare(&expected, &analyze(&input))
    };
    within(LIMIT, work).unwrap_or_else(|reason| [(); 3].map(|()| Some(reason.clone())))
}

fn compare(expected: &Expected, report: &Report) -> Outcome {
    let kubectl = &report.kubectl;
    let differs = |name: &str, expected: String, ours: String| {
        (expected != ours).then(|| format!("{name}\n  recorded: {expected}\n  ours:     {ours}"))
    };
    let lines = |name: &str, expected: &[String], ours: &[String]| {
        let at = (0..expected.len().max(ours.len())).find(|&at| expected.get(at) != ours.get(at))?;
        let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_else(|| "(no more lines)".into());
        differs(&format!("{name} line {}", at + 1), line(expected), line(ours))
    };
    let apply = lines("stderr", &expected.stderr, &kubectl.stderr)
        .or_else(|| lines("stdout", &expected.stdout, &kubectl.stdout))
        .or_else(|| differs("exit", expected.exit.to_string(), kubectl.exit.to_string()));
    let pods = differs("pods", expected.pods.to_string(), report.pods_total.to_string());
    let bound = report.pods_total.saturating_sub(report.verdict.pending);
    let ours = format!("{bound} bound, {} pending", report.verdict.pending);
    let placed = differs("pods", format!("{} bound, {} pending", expected.bound, expected.pending), ours);
    [apply, pods, placed]
}

/// The text of a file as an editor would show it: UTF-16 with a byte order mark is read as such.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let units = |read: fn([u8; 2]) -> u16| -> String {
        let pairs = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        char::decode_utf16(pairs).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Matched and total of a category.
fn tally(outcomes: &[(String, Outcome)], category: usize) -> (usize, usize) {
    (outcomes.iter().filter(|(_, outcome)| outcome[category].is_none()).count(), outcomes.len())
}

fn line(outcomes: &[(String, Outcome)]) -> String {
    let total: serde_json::Map<String, serde_json::Value> = CATEGORIES
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let (matched, total) = tally(outcomes, index);
            ((*name).to_owned(), json!({"matched": matched, "total": total}))
        })
        .collect();
    json!({ "total": total }).to_string() + "\n"
}

fn table(outcomes: &[(String, Outcome)], misses: usize) -> String {
    let mut out = String::new();
    for (index, name) in CATEGORIES.iter().enumerate() {
        let (matched, total) = tally(outcomes, index);
        writeln!(out, "{name:<10}{:>10}", format!("{matched}/{total}"))
            .expect("writing to a string cannot fail");
    }
    let all = outcomes.iter().flat_map(|(file, outcome)| {
        CATEGORIES.iter().zip(outcome).filter_map(move |(name, miss)| Some((file, name, miss.as_ref()?)))
    });
    for (file, name, miss) in all.take(misses) {
        writeln!(out, "\n{name} {file}: {miss}").expect("writing to a string cannot fail");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let read = read_line("a.yaml\t1\t3\t2\t1\tx created\\ny created\t\tsource\ttags").unwrap_or_default();
        assert_eq!((read.exit, read.pods, read.bound, read.pending), (1, 3, 2, 1));
        assert_eq!((read.stdout.len(), read.stderr.len()), (2, 0));
        assert_eq!(read_line(""), None);
        assert_eq!(read_line("a.yaml").map(|read| read.pods), Some(0));
    }

    #[test]
    fn each_category_can_fail() {
        let expected =
            Expected { pods: 1, pending: 1, stdout: vec!["x created".into()], ..Expected::default() };
        let mut report = Report { pods_total: 1, ..Report::default() };
        report.kubectl.stdout = vec!["x created".into()];
        report.verdict.pending = 1;
        assert_eq!(compare(&expected, &report), [None, None, None]);
        report.verdict.pending = 0;
        assert!(matches!(compare(&expected, &report), [None, None, Some(_)]));
        report.pods_total = 2;
        report.kubectl.stderr = vec!["error".into()];
        assert!(matches!(compare(&expected, &report), [Some(_), Some(_), Some(_)]));
    }

    #[test]
    fn encodings_are_read() {
        assert_eq!(decode(&[0xff, 0xfe, b'a', 0]), "a");
        assert_eq!(decode(&[0xfe, 0xff, 0, b'a', 0]), "a");
        assert_eq!(decode("é".as_bytes()), "é");
        assert_eq!(decode(&[0xff]), "\u{fffd}");
    }

    #[test]
    fn an_absent_corpus_is_skipped() {
        let args = ["--dir", "/nowhere"].map(str::to_owned);
        assert_eq!(command(&args, |_| Report::default()), Ok("skipped: /nowhere is not there\n".into()));
        let json = [&args[..], &["--format", "json"].map(str::to_owned)].concat();
        let zero = r#"{"matched":0,"total":0}"#;
        let expected = format!("{{\"total\":{{\"apply\":{zero},\"placed\":{zero},\"pods\":{zero}}}}}\n");
        assert_eq!(command(&json, |_| Report::default()), Ok(expected));
    }
}
