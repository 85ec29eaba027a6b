//! Finds the cases.
#![expect(clippy::disallowed_methods, reason = "cases are files")]

use std::fs;
use std::path::{Path, PathBuf};

use super::Case;

/// Every case below `suite/`, sorted, with its path there.
///
/// # Panics
/// When the suite is not there, or a case cannot be read.
pub fn cases() -> Vec<(String, Result<Case, String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite");
    let read = |path: &PathBuf| {
        let bytes = fs::read(path).expect("cases are readable");
        (path.strip_prefix(&root).unwrap_or(path).display().to_string(), Case::read_bytes(&bytes))
    };
    files(&root).iter().map(read).collect()
}

/// The YAML files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the suite is there").flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    found.sort();
    found
}
