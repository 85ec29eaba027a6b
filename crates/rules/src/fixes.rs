//! Fixes of what the API server refuses, where only one change comes to mind. Each is tried before it is offered: the problem has
//! to go away, and no other may come.

use api::{codes, kubectl, validation};
use manifest::{Diagnostic, Document, Fix, Severity, Span, TextEdit, Tree, parse};

use crate::edits;
use crate::input::Input;
use crate::simulation::{Options, Simulation};

/// At most so many are tried: each is an apply of the whole text.
const MAX_TRIED: usize = 10;

/// Gives diagnostics of the text the fixes that hold.
pub(crate) fn add(input: &Input, diagnostics: &mut [Diagnostic]) {
    let wanting = |diagnostic: &&mut Diagnostic| diagnostic.fix.is_none() && is_fixable(&diagnostic.code);
    let wanting: Vec<&mut Diagnostic> = diagnostics.iter_mut().filter(wanting).take(MAX_TRIED).collect();
    if wanting.is_empty() {
        return;
    }
    let documents = parse(input.last_text()).documents;
    let before = problems(input);
    for diagnostic in wanting {
        diagnostic.fix = candidate(input.last_text(), &documents, diagnostic).filter(|fix| {
            let text = edits::apply(input.last_text(), &fix.edits);
            let after = problems(&Input { text, ..input.clone() });
            after.len() < before.len() && after.iter().all(|problem| before.contains(problem))
        });
    }
}

fn is_fixable(code: &str) -> bool {
    matches!(code, codes::NAMESPACE_NOT_FOUND | codes::NODEPORT_RANGE | validation::codes::HOSTPORT_MISMATCH)
}

/// What is wrong with a text: code and message of every error and warning.
fn problems(input: &Input) -> Vec<(String, String)> {
    let options = kubectl::Options { strict: input.strict, ..kubectl::Options::default() };
    let applied =
        kubectl::apply(Simulation::new(Options::default()).server_mut(), input.last_text(), &options);
    let found = applied.diagnostics.into_iter().filter(|found| found.severity != Severity::Info);
    found.map(|found| (found.code, found.message)).collect()
}

/// The change that comes to mind.
fn candidate(text: &str, documents: &[Document], diagnostic: &Diagnostic) -> Option<Fix> {
    let span = diagnostic.span?;
    let fix =
        |title: String, span: Span, text: String| Some(Fix { title, edits: vec![TextEdit { span, text }] });
    match &*diagnostic.code {
        codes::NAMESPACE_NOT_FOUND => {
            let name = diagnostic.message.split('"').nth(1)?;
            let holds =
                |document: &&Document| document.span.start <= span.start && span.end <= document.span.end;
            let document = documents.iter().find(holds)?.span;
            if document.of(text).trim_start().starts_with('{') {
                return None;
            }
            let added = format!("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n---\n");
            fix(format!("Add the Namespace {name}"), Span::at(document.start as usize), added)
        }
        codes::NODEPORT_RANGE => {
            // 8080 becomes 30080: within the range, and still to be recognised.
            let port = 30_000 + span.of(text).parse::<u32>().ok()? % 1_000;
            fix(format!("Use {port}"), span, port.to_string())
        }
        validation::codes::HOSTPORT_MISMATCH => {
            let trees = documents.iter().filter_map(|document| document.content.as_ref().ok());
            let port = trees.into_iter().find_map(|tree| container_port(tree, span))?;
            fix(format!("Use {port}, the containerPort"), span, port)
        }
        _ => None,
    }
}

/// The `containerPort` beside the `hostPort` whose value stands at `span`.
fn container_port(tree: &Tree, span: Span) -> Option<String> {
    if let Some(host) = tree.get("hostPort").filter(|host| host.span == Some(span)) {
        return host.span.and(tree.get("containerPort")).map(Tree::to_json);
    }
    let children = tree.as_map().into_iter().flatten().map(|entry| &entry.value);
    children.chain(tree.as_list().into_iter().flatten()).find_map(|child| container_port(child, span))
}
