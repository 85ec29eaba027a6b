//! Applies a manifest to four empty nodes and compares what the checks say.

use api::kubectl;
use api::server::Server;
use manifest::{Diagnostic, Tree};

use crate::LoadBalancerProvider;

fn findings(text: &str) -> Vec<Diagnostic> {
    let mut server = Server::new();
    for index in 1..=4 {
        let node = format!(
            "kind: Node\napiVersion: v1\nmetadata: {{name: node-{index}}}\nstatus: {{capacity: {{cpu: 4, memory: 16Gi, pods: 110}}}}\n"
        );
        let parsed = manifest::parse(&node);
        let tree: Tree = parsed.documents[0].content.clone().expect("the node is well-formed");
        server.create(tree).expect("the node is valid");
    }
    let applied = kubectl::apply(&mut server, text, &kubectl::Options::default());
    assert!(applied.exit == 0, "{:?}", applied.stderr);
    crate::run(server.store(), LoadBalancerProvider::Absent)
}

fn token<'a>(text: &'a str, diagnostic: &Diagnostic) -> &'a str {
    diagnostic.span.map_or("", |span| span.of(text))
}

/// All findings, each as `code at token`; advice about hostNetwork in general is left to its own tests.
pub(crate) fn check(text: &str, expected: &[&str]) {
    let found: Vec<_> =
        findings(text).iter().map(|found| format!("{} at {}", found.code, token(text, found))).collect();
    assert_eq!(found, expected);
}

/// The tokens of the findings of one code.
pub(crate) fn check_code(text: &str, code: &str, expected: &[&str]) {
    let findings = findings(text);
    let found: Vec<_> =
        findings.iter().filter(|found| found.code == code).map(|found| token(text, found)).collect();
    assert_eq!(found, expected);
}
