//! Syntax verdicts of the recordings of a real control plane.

#![expect(clippy::disallowed_methods, reason = "recordings are files")]

use std::fs;
use std::path::Path;

use manifest::{Tree, parse};

/// What kubectl says when it cannot read a file.
const FRAME: &str = "error: error parsing manifest.yaml: ";

fn stderr_of(record: &Tree) -> Vec<&str> {
    record.list_at(&["apply", "stderr"]).iter().filter_map(Tree::as_str).collect()
}

#[test]
fn syntax_errors_of_the_recordings_are_those_of_kubectl() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/recordings");
    let mut compared = 0;
    for entry in fs::read_dir(&folder).expect("the recordings are part of the repository") {
        let scenario = entry.expect("a folder entry").path();
        let (Ok(text), Ok(record)) = (
            fs::read_to_string(scenario.join("manifest.yaml")),
            fs::read_to_string(scenario.join("result.json")),
        ) else {
            continue;
        };
        let record = parse(&record).documents.remove(0).content.expect("a recording is JSON");
        let stderr = stderr_of(&record);
        let expected = stderr.iter().find_map(|line| line.strip_prefix(FRAME));
        let found = parse(&text).documents.into_iter().find_map(|document| document.content.err());
        assert_eq!(found.as_ref().map(|error| error.message.as_str()), expected, "{}", scenario.display());
        compared += 1;
    }
    assert!(compared > 100, "only {compared} recordings found");
}
