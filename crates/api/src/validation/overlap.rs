//! Warnings about files of a volume that lie on or below each other.

use std::fmt;

use manifest::sorted::SortedMap;

use super::codes;
use super::field::{Field, quote};
use super::warnings::Warnings;

/// One file of a volume, and what it comes from when the volume has several sources.
struct File<'a> {
    field: Field<'a>,
    path: &'a str,
    source: String,
}

impl<'a> File<'a> {
    fn new(field: Field<'a>, source: &str) -> File<'a> {
        let path = field.str().trim_end_matches('/');
        File { field, path, source: source.to_owned() }
    }

    /// Whether one is the other or a directory above it.
    fn meets(&self, other: &File<'_>) -> bool {
        let below = |path: &str, above: &str| {
            path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !self.path.is_empty()
            && !other.path.is_empty()
            && (below(self.path, other.path) || below(other.path, self.path))
    }
}

impl fmt::Display for File<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote(self.path))?;
        if self.source.is_empty() { Ok(()) } else { write!(f, " ({})", self.source) }
    }
}

/// Warns about the files of `volume`, as each of its sources says where they go.
pub(super) fn files(out: &mut Warnings, volume: &Field<'_>) {
    for (kind, name) in [("configMap", "name"), ("secret", "secretName"), ("downwardAPI", "")] {
        let source = volume.child(kind);
        overlaps(out, volume, &described(kind, &source, name), &items(&source, ""));
    }
    let mut all = Vec::new();
    for source in volume.at("projected.sources").items() {
        if let Some(files) = projected(&source) {
            all.extend(files);
        } else {
            let name = quote(volume.child("name").str());
            let text = format!("volume {name} (Projected) has no sources provided");
            out.push(&source, codes::WARN_IGNORED, text);
        }
    }
    overlaps(out, volume, "Projected", &all);
}

/// The files of one source of a projected volume. None: it is empty.
fn projected<'a>(source: &Field<'a>) -> Option<Vec<File<'a>>> {
    let mut found = None;
    for kind in ["configMap", "secret", "downwardAPI"] {
        let part = source.child(kind);
        if part.exists() {
            let files = items(&part, &described(kind, &part, "name"));
            if part.child("items").exists() {
                return Some(files);
            }
            found = Some(files);
        }
    }
    let token = source.child("serviceAccountToken");
    if token.exists() {
        return Some(vec![File::new(token.child("path"), "ServiceAccountToken")]);
    }
    found
}

fn items<'a>(source: &Field<'a>, shown: &str) -> Vec<File<'a>> {
    source.child("items").items().iter().map(|item| File::new(item.child("path"), shown)).collect()
}

/// What a source is called in the text.
fn described(kind: &str, source: &Field<'_>, name: &str) -> String {
    let name = source.child(name).str();
    match kind {
        "configMap" => format!("ConfigMap {}", quote(name)),
        "secret" => format!("Secret {}", quote(name)),
        _ => "DownwardAPI".to_owned(),
    }
}

fn overlaps(out: &mut Warnings, volume: &Field<'_>, shown: &str, files: &[File<'_>]) {
    let name = quote(volume.child("name").str());
    let mut earlier: Vec<&File<'_>> = Vec::new();
    // Files that read alike give the same texts: each looks only at what came after the last of its kind.
    let mut looked: SortedMap<(&str, &str), usize> = SortedMap::new();
    for file in files {
        let before = looked.insert((file.path, &file.source), earlier.len());
        for other in &earlier[before.unwrap_or(0)..] {
            if out.is_full() {
                return;
            }
            if file.meets(other) {
                let text = format!("volume {name} ({shown}): overlapping paths: {file} with {other}");
                out.push(&file.field, codes::WARN_DUPLICATE, text);
            }
        }
        if before.is_none() {
            earlier.push(file);
        }
    }
}
