//! The manifests of the recordings, applied to an empty cluster with the recorded nodes: kubectl's output must be the recorded
//! one, line by line. Steps that need the control loop between them are left to the conformance runner.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use api::kubectl::{self, Applied, Options, Verb};
use api::server::Server;
use manifest::Tree;

#[test]
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "reads recordings from disk, reports the score"
)]
fn applying_gives_the_recorded_output() {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(folder()).into_iter().flatten().flatten().map(|one| one.path()).collect();
    folders.sort();
    let (mut total, mut different) = (0, String::new());
    for folder in folders {
        let read = |name: &str| fs::read_to_string(folder.join(name));
        let (Ok(text), Ok(result)) = (read("manifest.yaml"), read("result.json")) else { continue };
        total += 1;
        let wanted = json(&result);
        let applied = run(&text, &wanted);
        let wanted = wanted.get("apply").map(lines).unwrap_or_default();
        let got = shown(&applied);
        if !equal(&wanted, &got) {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            let _ = writeln!(different, "== {name}\n-- recorded\n{wanted}\n-- here\n{got}");
        }
    }
    println!("{total} recordings");
    assert!(different.is_empty(), "these outputs differ:\n{different}");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/recordings")
}

fn json(text: &str) -> Tree {
    let mut documents = manifest::parse(text).documents;
    documents.remove(0).content.expect("recordings are JSON")
}

fn run(text: &str, recorded: &Tree) -> Applied {
    let mut server = Server::new();
    for node in recorded.list_at(&["nodes"]) {
        let name = node.str_at(&["name"]);
        let document = format!("{{apiVersion: v1, kind: Node, metadata: {{name: {name}}}}}");
        server.create(json(&document)).expect("recorded nodes are valid");
    }
    let is_create =
        recorded.list_at(&["options", "command"]).first().and_then(Tree::as_str) == Some("create");
    let verb = if is_create { Verb::Create } else { Verb::Apply };
    kubectl::apply(&mut server, text, &Options { strict: true, verb, ..Options::default() })
}

fn lines(apply: &Tree) -> String {
    let all = |key| apply.list_at(&[key]).iter().map(|line| line.as_str().unwrap_or("").to_owned()).collect();
    let exit = apply.get("exit").and_then(Tree::as_i64).unwrap_or(0) as i32;
    shown(&Applied { stdout: all("stdout"), stderr: all("stderr"), exit, ..Applied::default() })
}

fn shown(applied: &Applied) -> String {
    format!("{}\n{}\nexit {}", applied.stdout.join("\n"), applied.stderr.join("\n"), applied.exit)
}

/// Names that the server made up may differ in their last five characters.
fn equal(wanted: &str, got: &str) -> bool {
    let same = |(a, b): (&str, &str)| {
        let generated = |line: &str| {
            line.strip_suffix(" created").map(|name| name.get(..name.len() - 5).map(str::to_owned))
        };
        a == b || a.contains("web-") && generated(a) == generated(b)
    };
    wanted.lines().count() == got.lines().count() && wanted.lines().zip(got.lines()).all(same)
}
