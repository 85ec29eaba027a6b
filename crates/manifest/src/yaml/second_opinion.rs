//! A second opinion: on the recorded manifests the nodes found here are those that the crate `granit-parser` finds.
//!
//! It reads YAML 1.2, so it cannot take the place of this reader: it refuses tabs inside brackets and `"a"#b`, takes `[a?b]` for
//! one scalar, and stops at other places with other words than libyaml. On sound manifests the two must agree.

#![expect(clippy::disallowed_methods, reason = "recordings are files")]

use std::fs;
use std::path::Path;

use granit_parser::{Event, Parser};

use super::compose::{NodeId, NodeKind, Nodes, compose};

/// The shape of a document, without types: `{a:[b]}`.
fn ours(nodes: &Nodes, id: NodeId, out: &mut Vec<String>) {
    let (children, brackets) = match &nodes[id].kind {
        NodeKind::Alias { .. } => return out.push("*".to_owned()),
        NodeKind::Scalar { value, .. } => return out.push(value.clone()),
        NodeKind::Sequence(children) => (children, ["[", "]"]),
        NodeKind::Mapping(children) => (children, ["{", "}"]),
    };
    out.push(brackets[0].to_owned());
    for &child in children {
        ours(nodes, child, out);
    }
    out.push(brackets[1].to_owned());
}

fn theirs(text: &str) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event.ok()?.0 {
            // An absent value is given as `~`.
            Event::Scalar(value, ..) => {
                out.push(if value == "~" { String::new() } else { value.into_owned() });
            }
            Event::SequenceStart(..) => out.push("[".to_owned()),
            Event::SequenceEnd => out.push("]".to_owned()),
            Event::MappingStart(..) => out.push("{".to_owned()),
            Event::MappingEnd => out.push("}".to_owned()),
            Event::Alias(..) => out.push("*".to_owned()),
            Event::DocumentEnd => break,
            _ => {}
        }
    }
    Some(out)
}

#[test]
fn sound_manifests_have_the_nodes_that_another_parser_finds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/recordings");
    let mut compared = 0;
    for scenario in fs::read_dir(folder).expect("the recordings are part of the repository").flatten() {
        let Ok(text) = fs::read_to_string(scenario.path().join("manifest.yaml")) else { continue };
        for document in text.split("\n---\n") {
            let Ok(nodes) = compose(&format!("{document}\n")) else { continue };
            let mut found = Vec::new();
            if !nodes.is_empty() {
                ours(&nodes, 0, &mut found);
            }
            for scalar in &mut found {
                if scalar == "~" {
                    scalar.clear();
                }
            }
            assert_eq!(Some(found), theirs(document), "{document}");
            compared += 1;
        }
    }
    assert!(compared > 300, "only {compared} documents compared");
}
