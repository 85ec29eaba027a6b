//! Syntax verdicts on real manifests, as kubectl gave them. The files are third-party and not part of the repository: without
//! them the test says so.
#![expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "reads files and says what was compared"
)]

use std::fs;
use std::path::Path;

/// What kubectl says when it cannot read a file.
const FRAME: &str = "error: error parsing manifest.yaml: ";

/// The error that ends the reading of a file, if one does.
fn syntax_error(bytes: &[u8]) -> Option<String> {
    let text = match manifest::decode(bytes) {
        Ok(text) => text,
        Err(error) => return Some(error.message),
    };
    manifest::parse(&text)
        .documents
        .into_iter()
        .find_map(|document| document.content.err())
        .map(|error| error.message)
}

#[test]
fn syntax_errors_of_published_manifests_are_those_of_kubectl() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let Ok(table) = fs::read_to_string(folder.join("expected.tsv")) else {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    };
    let mut compared = 0;
    for row in table.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let (file, stderr) = (columns[0], columns[6]);
        let Ok(bytes) = fs::read(folder.join(file)) else {
            panic!("{file} is in the table and not in the folder")
        };
        let expected = stderr.split("\\n").find_map(|line| line.strip_prefix(FRAME)).map(str::to_owned);
        assert_eq!(syntax_error(&bytes), expected, "{file}");
        compared += 1;
    }
    eprintln!("{compared} files compared");
}
