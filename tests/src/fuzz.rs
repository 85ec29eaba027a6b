//! What must hold for any input, and mutations of manifests that try to break it.
//!
//! [`parse`] and [`analyze`] each take bytes and panic when something does not hold. `fuzz/` hands them to libFuzzer, which
//! follows the coverage, and `tests/fuzz.rs` gives them a fixed series of [`Mutator`]'s texts with every `cargo test`.

mod mutate;
mod places;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use manifest::{LineIndex, Span, Tree};
use rules::{Action, ClusterSpec, Input, LoadBalancer, Report, Severity};

pub use mutate::Mutator;

/// What an input came to, for those who count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Values that could be read, or objects that were created.
    pub objects: usize,
    /// Problems that were found.
    pub problems: usize,
}

/// So many parts of a text are asked about as if the caret stood between them.
const HELP: usize = 9;

/// Reads bytes as a dropped file is read.
///
/// # Panics
/// When a place is not one of the text, or a value does not survive JSON.
pub fn parse(bytes: &[u8]) -> Outcome {
    let text = match manifest::decode(bytes) {
        Ok(text) => text,
        Err(error) => {
            assert!(
                error.span.start <= error.span.end && error.span.end as usize <= bytes.len(),
                "{error:?}"
            );
            return Outcome { objects: 0, problems: 1 };
        }
    };
    let (mut outcome, lines) = (Outcome::default(), LineIndex::new(&text));
    for (index, document) in manifest::parse(&text).documents.into_iter().enumerate() {
        assert_eq!(document.index, index, "documents are numbered in order");
        places::check(&text, document.span);
        assert_eq!(document.first_line, lines.line(document.span.start), "document {index}");
        document.duplicates.iter().for_each(|&span| places::check_within(&text, span, document.span));
        match document.content {
            Ok(tree) => {
                outcome.objects += 1;
                check_tree(&text, &tree, document.span);
                check_json(&tree);
            }
            Err(error) => {
                outcome.problems += 1;
                assert!(!error.message.is_empty() && !error.code.is_empty(), "{error:?}");
                places::check(&text, error.span);
            }
        }
    }
    outcome
}

/// Everything read stands within its document.
fn check_tree(text: &str, tree: &Tree, document: Span) {
    let within = |span: Option<Span>| {
        places::check_within(text, span.expect("what is read stands somewhere"), document);
    };
    within(tree.span);
    tree.as_list().unwrap_or_default().iter().for_each(|item| check_tree(text, item, document));
    for entry in tree.as_map().into_iter().flatten() {
        within(entry.key_span);
        check_tree(text, &entry.value, document);
    }
}

/// A mapping is the same after it went to the API server as JSON.
fn check_json(tree: &Tree) {
    if tree.as_map().is_some() {
        let again = manifest::parse(&tree.to_json());
        let [document] = &again.documents[..] else { panic!("one value gives {:?}", again.documents) };
        assert_eq!(document.content.as_ref(), Ok(tree), "as JSON");
    }
}

/// Applies a text to a small cluster. A first byte of zero says that three more choose the cluster ([`input`]).
///
/// # Panics
/// When an invariant of the report does not hold, or a second run answers something else.
pub fn analyze(bytes: &[u8]) -> Outcome {
    let input = input(bytes);
    let report = rules::analyze(&input);
    assert!(report == rules::analyze(&input), "a second run answers something else");
    places::check_report(&input.text, &report);
    for part in 0..=HELP {
        // Most are between characters; the others get no help.
        let offset = input.text.len() * part / HELP;
        if let Some(help) = rules::help(&input.text, offset) {
            places::check(&input.text, help.span);
        }
    }
    check_counts(&report);
    words::check(&report);
    // Thousands of pods would be described one by one: slow, and nothing new.
    if asks(bytes) && report.pods_total <= 300 {
        inquire(&input, &report);
    }
    Outcome { objects: report.kubectl.stdout.len(), problems: report.diagnostics.len() }
}

/// The settings at the front, if there are any, and the text.
pub fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    bytes.split_at(if bytes.first() == Some(&0) { bytes.len().min(4) } else { 0 })
}

/// Bytes as an input: up to 20 nodes, switches of which the lowest bit is strict mode, a seed, and the text. Bytes that are no
/// text become U+FFFD, as in an editor.
pub fn input(bytes: &[u8]) -> Input {
    let (settings, text) = split(bytes);
    let text = String::from_utf8_lossy(text).into_owned();
    let (nodes, switches, seed) = match *settings {
        [_, nodes, switches, seed] => (nodes, switches, seed),
        _ => (4, 0, 0),
    };
    let on = |bit: u8| switches >> bit & 1 == 1;
    let cluster = ClusterSpec {
        nodes: u32::from(nodes % 21),
        control_plane: u32::from(on(1)),
        zones: if on(2) { vec!["a".into(), "b".into()] } else { Vec::new() },
        load_balancer: if on(3) { LoadBalancer::Pool } else { LoadBalancer::NodeAddresses },
        host_ports: !on(4),
        ..ClusterSpec::default()
    };
    let mut actions = if on(5) { vec![Action::Apply(text.clone()), Action::AddNodes(1)] } else { Vec::new() };
    actions.extend(on(6).then(|| incidents(seed)).into_iter().flatten());
    Input { text, cluster, seed: seed.into(), strict: on(0), explain: Vec::new(), actions }
}

/// What befalls a cluster, in an order that the seed turns.
fn incidents(seed: u8) -> Vec<Action> {
    let node = |number: u8| format!("node-{number}");
    let mut actions = vec![
        Action::Drain(node(1)),
        Action::LoseNode(node(2)),
        Action::AddNodes(1),
        Action::ReturnNode(node(2)),
        Action::Uncordon(node(1)),
        Action::RemoveNode(node(3)),
    ];
    let turn = usize::from(seed) % actions.len();
    actions.rotate_left(turn);
    actions
}

/// What the page asks beside the report.
fn inquire(input: &Input, report: &Report) {
    for line in [
        "get all -A -o wide",
        "get all,no,ev,cm,pvc -A -o yaml",
        "describe po,no,svc,ing,deploy,sts,ds,job -A",
    ] {
        let answer = rules::kubectl(input, line);
        assert!(matches!(answer, rules::KubectlAnswer::Printed(_)), "{line} changes nothing");
    }
    for workload in 0..report.workloads.len().min(2) {
        let ways = rules::ways(input, workload as u32);
        let applied = ways.iter().filter_map(|way| way.fix.as_ref());
        for edit in applied.flat_map(|fix| &fix.edits) {
            places::check(input.last_text(), edit.span);
        }
    }
    for (index, route) in report.routes.iter().enumerate().take(20) {
        rules::probe(report, &route.url);
        assert!(!rules::way(report, index).is_empty(), "{route:?}");
    }
    let export = rules::export(input);
    assert!(export.kwok_script.starts_with("#!") && export.kind_script.starts_with("#!"));
}

/// Whether the page's other questions are asked, too: the highest of the switches.
fn asks(bytes: &[u8]) -> bool {
    matches!(split(bytes).0, [_, _, switches, _] if switches >> 7 == 1)
}

/// Indexes point into the lists of the report, and its numbers agree.
fn check_counts(report: &Report) {
    let (pods, nodes, workloads) = (report.pods.len(), report.nodes.len(), report.workloads.len());
    for pod in &report.pods {
        assert!((pod.workload as usize) < workloads, "{pod:?}");
        assert!(pod.node.is_none_or(|node| (node as usize) < nodes), "{pod:?}");
    }
    for node in &report.nodes {
        assert!(node.pods.iter().all(|&pod| (pod as usize) < pods), "{node:?}");
        let points = |port: &rules::HostPortUse| {
            (port.pod as usize) < pods.max(rules::MAX_LISTED_PODS) && (port.workload as usize) < workloads
        };
        assert!(node.host_ports.iter().all(points), "{node:?}");
    }
    let verdict = &report.verdict;
    assert_eq!(verdict.pods, report.pods_total);
    let told = u64::from(verdict.running) + u64::from(verdict.pending) + u64::from(verdict.crashing);
    assert!(told <= u64::from(verdict.pods), "{verdict:?}");
    let errors = report.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
    assert_eq!(verdict.errors as usize, errors);
    assert!(report.kubectl.exit == 0 || !report.kubectl.stderr.is_empty(), "an exit status has a reason");
}

/// The manifests to begin with, sorted by path: the suite, the examples of the page and those of the recordings.
///
/// # Panics
/// When they are not there.
pub fn seeds() -> Vec<(PathBuf, String)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut seeds = Vec::new();
    for folder in ["tests/suite", "web/examples", "tests/conformance/recordings"] {
        let before = seeds.len();
        collect(&top.join(folder), &mut seeds);
        assert!(seeds.len() > before, "{folder} holds manifests");
    }
    seeds.sort();
    seeds
}

#[expect(clippy::disallowed_methods, reason = "seeds are files")]
fn collect(folder: &Path, seeds: &mut Vec<(PathBuf, String)>) {
    let entries = fs::read_dir(folder).expect("a checkout has its manifests");
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, seeds);
        } else if path.extension().is_some_and(|extension| extension == "yaml") && is_manifest(&path) {
            seeds.extend(fs::read_to_string(&path).ok().map(|text| (path, text)));
        }
    }
}

/// A recording's folder tells of its cluster as well.
fn is_manifest(path: &Path) -> bool {
    let mut parents = path.components().rev().skip(2);
    parents.next().is_none_or(|folder| folder.as_os_str() != "recordings") || path.ends_with("manifest.yaml")
}
